//! Generated code works as a module: paths, conditional compilation, and documentation are adapted.

use super::*;

const SHAPE: &str = "../../generator/tests/shapes/updates/discovery.json";

#[test]
fn files_of_a_crate_are_converted_to_a_module() {
    let on = |feature: &str| feature == "client";
    let rewrite = |path: &str, text: &str| Rewrite { path, is_on: &on }.text(text).unwrap();
    for (path, text, want) in [
        ("lib.rs", "use crate::a::B;\n", "use self::a::B;\n"),
        ("models/mod.rs", "use crate::a::B;\n", "use super::a::B;\n"),
        ("models/x.rs", "fn f() { crate::a() }\n", "fn f() { super::super::a() }\n"),
        ("x.rs", "mod y {\n    use crate::a;\n}\n", "mod y {\n    use super::super::a;\n}\n"),
        ("x.rs", "pub(crate) fn f() {}\n", "pub(crate) fn f() {}\n"),
        ("x.rs", "const A: &str = \"crate::a\";\n", "const A: &str = \"crate::a\";\n"),
        ("x.rs", "/// [`crate::a`]\nfn f() {}\n", "/// [`super::a`]\nfn f() {}\n"),
        ("x.rs", "#[cfg(feature = \"client\")]\nmod a;\n", "#[cfg(all())]\nmod a;\n"),
        ("x.rs", "#[cfg(not(feature = \"x\"))]\nmod a;\n", "#[cfg(not(any()))]\nmod a;\n"),
        (
            "x.rs",
            "#[cfg(all(doctest, feature = \"x\"))]\nmod a;\n",
            "#[cfg(all(any(), any()))]\nmod a;\n",
        ),
        ("lib.rs", "//! A.\n#![deny(missing_docs)]\n\nmod a;\n", "//! A.\n\n\nmod a;\n"),
        (
            "lib.rs",
            "#![cfg_attr(feature = \"client\", doc = include_str!(\"g.md\"))]\nmod a;\n",
            "\nmod a;\n",
        ),
        (
            "x.rs",
            "/// ```\n/// x();\n/// ```\n/// ```json\n/// ```\nfn f() {}\n",
            "/// ```ignore\n/// x();\n/// ```\n/// ```json\n/// ```\nfn f() {}\n",
        ),
    ] {
        assert_eq!(rewrite(path, text), want, "{path}: {text}");
    }
}

#[test]
fn documents_are_generated_as_modules() {
    let out = tempfile::tempdir().unwrap();
    client(SHAPE).write(out.path()).unwrap();
    let entry = fs::read_to_string(out.path().join("tiny_v1.rs")).unwrap();
    assert!(entry.contains("pub mod tiny_v1;") && entry.contains("tiny_v1/lib.rs"), "{entry}");
    let library = fs::read_to_string(out.path().join("tiny_v1/lib.rs")).unwrap();
    assert!(!library.contains("#![") && !library.contains("feature"), "{library}");
    // A second run deletes the output of the first.
    fs::write(out.path().join("tiny_v1/old.rs"), "").unwrap();
    client(SHAPE).write(out.path()).unwrap();
    assert!(!out.path().join("tiny_v1/old.rs").exists());
}

#[test]
fn errors_are_reported() {
    let out = tempfile::tempdir().unwrap();
    let bad = out.path().join("bad.json");
    fs::write(&bad, "{").unwrap();
    for (client, told) in [
        (client("none.json"), "none.json: "),
        (client(&bad), "bad.json"),
        (client(SHAPE).methods(["no.such.*"]), "no.such.*"),
        (client(SHAPE).overlay("none.overlay.json"), "none.overlay.json: "),
    ] {
        let error = client.write(&out.path().join("out")).unwrap_err();
        assert!(format!("{error:?}").contains(told), "{told}: {error}");
    }
    assert!(!out.path().join("out").exists(), "nothing is written");
}
