//! Cargo features, read from generated manifests.

use super::Surface;

/// Reads the table `[features]`: one key per line, with lists that may span lines.
pub(super) fn read(text: &str, surface: &mut Surface) {
    let mut inside = false;
    let mut open: Option<(String, String)> = None;
    for line in text.lines().map(str::trim).filter(|l| !l.starts_with('#')) {
        if let Some((_, list)) = &mut open {
            list.push_str(line);
        } else if line.starts_with('[') {
            inside = line == "[features]";
        } else if let Some((name, list)) = line.split_once('=').filter(|_| inside) {
            open = Some((name.trim().trim_matches('"').to_owned(), list.trim().to_owned()));
        }
        if let Some((name, list)) = open.take_if(|(_, list)| list.ends_with(']')) {
            // The items of a feature may grow; those of `default` are compared individually.
            let form = if name == "default" { sorted(&list) } else { String::new() };
            surface.insert(format!("feature {name}"), form, false);
        }
    }
}

fn sorted(list: &str) -> String {
    let mut features: Vec<&str> =
        list.trim_matches(['[', ']']).split(',').map(str::trim).filter(|f| !f.is_empty()).collect();
    features.sort_unstable();
    features.join(", ")
}
