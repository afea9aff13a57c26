//! The statements of a call.

/// Use of a call's response in a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Ignores it, because it is empty.
    Nothing,
    /// Prints it.
    Print,
    /// Prints each item.
    PrintItems,
    /// Prints each message of a stream.
    PrintMessages,
}

/// Returns the method chain of a call, one part per resource and one for the method with its
/// arguments: `.projects()`, `.list("x")`.
pub fn chain<A: AsRef<str>>(
    resources: impl IntoIterator<Item = A>,
    method: &str,
    arguments: &[String],
) -> Vec<String> {
    let resources = resources.into_iter().map(|name| format!(".{}()", name.as_ref()));
    resources.chain([format!(".{method}({})", arguments.join(", "))]).collect()
}

/// Returns the statements that make a call on `client` and print the result. `chain` contains
/// everything after `client`, up to the method that sends the request: `.send()`, `.items()`.
#[must_use]
pub fn statement(chain: &[String], answer: Answer) -> Vec<String> {
    let first = match answer {
        Answer::Nothing => "    client".to_owned(),
        Answer::Print => "    let response = client".to_owned(),
        Answer::PrintItems => "    let mut items = client".to_owned(),
        Answer::PrintMessages => "    let mut messages = client".to_owned(),
    };
    let mut lines = vec![first];
    lines.extend(chain.iter().map(|part| format!("        {part}")));
    match answer {
        Answer::Nothing => lines.push("        .await?;".to_owned()),
        Answer::Print => {
            lines.push("        .await?;".to_owned());
            lines.push("    println!(\"{response:#?}\");".to_owned());
        }
        Answer::PrintItems => print_each(&mut lines, "item", "items"),
        Answer::PrintMessages => print_each(&mut lines, "message", "messages"),
    }
    lines
}

fn print_each(lines: &mut Vec<String>, one: &str, all: &str) {
    if let Some(last) = lines.last_mut() {
        last.push(';');
    }
    lines.push(format!("    while let Some({one}) = {all}.next().await {{"));
    lines.push(format!("        println!(\"{{:#?}}\", {one}?);"));
    lines.push("    }".to_owned());
}

/// `use krate::{…};` with `types` and those modules of the crate that `text` uses.
#[must_use]
pub fn import(krate: &str, types: &[&str], text: &str) -> String {
    let modules = ["json", "models", "runtime"];
    let used = modules.into_iter().filter(|module| text.contains(&format!("{module}::")));
    let names: Vec<&str> = types.iter().copied().chain(used).collect();
    match names.as_slice() {
        [one] => format!("use {krate}::{one};"),
        many => format!("use {krate}::{{{}}};", many.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements() {
        let sent = |end: &str, answer| {
            let mut parts = chain(["projects", "jobs"], "list", &["\"p\"".to_owned()]);
            parts.push(end.to_owned());
            statement(&parts, answer).join("\n")
        };
        let call = "client\n        .projects()\n        .jobs()\n        .list(\"p\")\n        ";
        assert_eq!(
            sent(".send()", Answer::Nothing),
            format!("    {call}.send()\n        .await?;")
        );
        assert_eq!(
            sent(".send()", Answer::Print),
            format!(
                "    let response = {call}.send()\n        .await?;\n    \
                 println!(\"{{response:#?}}\");"
            )
        );
        assert_eq!(
            sent(".items()", Answer::PrintItems),
            format!(
                "    let mut items = {call}.items();\n    \
                 while let Some(item) = items.next().await {{\n        \
                 println!(\"{{:#?}}\", item?);\n    }}"
            )
        );
    }

    #[test]
    fn imports() {
        for (first, text, want) in [
            (&["Client"][..], "", "use a::Client;"),
            (&["Client"][..], "json::X models::Y", "use a::{Client, json, models};"),
            (&[], "models::Y", "use a::models;"),
        ] {
            assert_eq!(import("a", first, text), want);
        }
    }
}
