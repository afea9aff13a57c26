//! Version of generated crates in the workspace's manifest.

/// Sets `version` for the packages of one API, whose client is in `folder`. Omits build metadata,
/// which is ignored in requirements and causes a warning.
pub(super) fn with_version(manifest: &str, folder: &str, version: &str) -> String {
    let version = version.split('+').next().unwrap_or(version);
    let paths = ["", "-cli", "-mock"].map(|end| format!("\"{folder}{end}\""));
    let mut out = String::with_capacity(manifest.len());
    for line in manifest.split_inclusive('\n') {
        let ours = paths.iter().any(|path| line.contains(path));
        match line.split_once("version = \"").filter(|_| ours) {
            Some((head, rest)) => {
                let tail = rest.split_once('"').map_or("", |(_, tail)| tail);
                out.push_str(&format!("{head}version = \"{version}\"{tail}"));
            }
            None => out.push_str(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with_version;

    #[test]
    fn only_the_packages_of_the_api_change() {
        let old = "[workspace.dependencies]\n\
            google-jobs-v3 = { path = \"generated/jobs-v3\", version = \"0.1.0\", default-features = false }\n\
            google-jobs-v3p1 = { path = \"generated/jobs-v3p1\", version = \"0.1.0\" }\n\
            serde = { version = \"1.0\" }\n";
        let new = with_version(old, "generated/jobs-v3", "0.2.0+20251014");
        assert_eq!(new, old.replacen("0.1.0", "0.2.0", 1));
        assert_eq!(with_version(&new, "generated/jobs-v3", "0.2.0"), new);
    }
}
