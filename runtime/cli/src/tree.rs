//! Command tree of an API: resources are branches, methods are leaves with two names each.

use discovery_describe::names::kebab;
use discovery_runtime::reflect::{ApiInfo, MethodInfo};

use crate::app::App;

/// Resource with its methods and sub-resources.
#[derive(Debug, Default)]
pub(crate) struct Branch {
    /// The name of its command; empty for the API itself.
    pub(crate) name: String,
    /// Its own methods.
    pub(crate) methods: Vec<&'static MethodInfo>,
    /// Its sub-resources.
    pub(crate) branches: Vec<Branch>,
}

impl Branch {
    /// The resources of an API with those of its methods that `wants` selects.
    pub(crate) fn of(api: &ApiInfo, wants: impl Fn(&MethodInfo) -> bool) -> Self {
        let mut root = Self::default();
        for &method in api.methods.iter().filter(|method| wants(method)) {
            let mut at = &mut root;
            for resource in method.resource {
                at = at.child(&kebab(resource));
            }
            at.methods.push(method);
        }
        root
    }

    fn child(&mut self, name: &str) -> &mut Self {
        let found = self.branches.iter().position(|branch| branch.name == name);
        let index = found.unwrap_or_else(|| {
            self.branches.push(Self { name: name.to_owned(), ..Self::default() });
            self.branches.len() - 1
        });
        &mut self.branches[index]
    }

    /// Returns every method below it, by relative name: `jobs-search`.
    pub(crate) fn flat(&self) -> Vec<(String, &'static MethodInfo)> {
        let mut out: Vec<_> =
            self.methods.iter().map(|method| (kebab(method.name), *method)).collect();
        for branch in &self.branches {
            let below = branch.flat();
            out.extend(
                below.into_iter().map(|(n, method)| (format!("{}-{n}", branch.name), method)),
            );
        }
        out
    }
}

/// Returns the words of a method's command, in the short form: `projects jobs-search`.
pub(crate) fn words(method: &MethodInfo) -> String {
    let names: Vec<String> =
        method.resource.iter().chain([&method.name]).map(|name| kebab(name)).collect();
    match names.split_first() {
        Some((first, rest)) if !rest.is_empty() => format!("{first} {}", rest.join("-")),
        _ => names.concat(),
    }
}

/// Finds the method for command words in either form.
pub(crate) fn find(api: &ApiInfo, typed: &[String]) -> Option<&'static MethodInfo> {
    let joined = typed.join("-");
    let same = |method: &&&'static MethodInfo| {
        let names: Vec<String> =
            method.resource.iter().chain([&method.name]).map(|name| kebab(name)).collect();
        names.as_slice() == typed || (typed.len() <= 2 && names.join("-") == joined)
    };
    api.methods.iter().find(same).copied()
}

/// Finds a method by id, command, or name parts with any separator.
pub(crate) fn search(api: &ApiInfo, typed: &str) -> Option<&'static MethodInfo> {
    if let Some(method) = api.methods.iter().find(|method| method.spec.id == typed) {
        return Some(method);
    }
    let plain = |text: &str| kebab(text).replace([' ', '/'], "-");
    let typed = plain(typed);
    let full = |method: &MethodInfo| plain(method.spec.id);
    let short = |method: &MethodInfo| plain(&words(method));
    let tail = |method: &MethodInfo| {
        let names = short(method);
        names.split_once('-').map_or_else(String::new, |(_, rest)| rest.to_owned())
    };
    let by = |name: &dyn Fn(&MethodInfo) -> String| {
        let mut found = api.methods.iter().copied().filter(|method| name(method) == typed);
        found.next().filter(|_| found.next().is_none())
    };
    by(&full).or_else(|| by(&short)).or_else(|| by(&tail))
}

/// Returns the words of a method's command, for messages.
pub(crate) fn command_line(app: &App, method: &MethodInfo) -> String {
    format!("{} {}", app.name, words(method))
}
