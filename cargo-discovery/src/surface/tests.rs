use super::{Changes, Surface};
use std::collections::BTreeMap;

fn surface(files: &[(&str, &str)]) -> Surface {
    let files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Surface::read(&files).expect("a crate")
}

fn lib(text: &str) -> Surface {
    surface(&[("src/lib.rs", text)])
}

#[test]
fn breaking_changes_are_detected() {
    let old = "pub struct A { pub x: u8, y: u8 } impl A { pub fn f(&self, a: u8) -> u8 { 1 } }";
    for (new, breaking) in [
        (old, false),
        ("pub struct A { pub x: u8, y: u16 } impl A { pub fn f(&self, b: u8) -> u8 { 2 } }", false),
        ("pub struct A { pub x: u16, y: u8 } impl A { pub fn f(&self, a: u8) -> u8 { 1 } }", true),
        ("pub struct A { pub x: u8, y: u8 } impl A { pub fn f(&self, a: u16) -> u8 { 1 } }", true),
        ("pub struct A { pub x: u8, y: u8 } impl A { pub fn f(&self, a: u8) { } }", true),
        ("pub struct A { pub x: u8, y: u8 } impl A { fn f(&self, a: u8) -> u8 { 1 } }", true),
        ("struct A { pub x: u8, y: u8 } impl A { pub fn f(&self, a: u8) -> u8 { 1 } }", true),
        (
            "#[cfg(feature = \"a\")] pub struct A { pub x: u8, y: u8 } impl A { pub fn f(&self, a: u8) -> u8 { 1 } }",
            true,
        ),
    ] {
        assert_eq!(lib(old).compare(&lib(new)).is_breaking(), breaking, "{new}");
    }
}

#[test]
fn tables_define_the_items_of_their_macro() {
    let tables = lib(r#"
        json::model! { Job = "Job"; "title" => title as TITLE; "a" => a as A of super::A; _ => rest; }
        json::open_enum! { Size; "BIG" => Big; }
    "#);
    let written = lib(r#"
        json::model! { Job = "Job"; }
        impl Job {
            pub const TITLE: json::Field<Self> = json::Field::new("title");
            pub const A: json::Field<Self, super::A,> = json::Field::new("a");
        }
        json::open_enum! { Size; }
    "#);
    assert_eq!(tables.compare(&written), Changes::default());
    assert_eq!(tables.len(), 9, "{tables:?}");
}

#[test]
fn every_kind_of_item_is_reported() {
    let old = lib("pub enum E { A, B(u8) } pub type T = u8; pub const C: u8 = 1; pub fn f() {}
        pub static S: u8 = 1; pub mod m { pub use other::X as Y; } impl Clone for E {}
        #[derive(Debug)] pub struct D; rt::calls!(); impl Tr for D { type Item = u8; }");
    let removed = old.compare(&lib("")).removed;
    assert_eq!(
        removed,
        [
            "crate::C: const u8",
            "crate::D: struct",
            "crate::D: Debug: derived",
            "crate::D: Tr",
            "crate::D: Tr::Item: type = u8",
            "crate::E: enum",
            "crate::E: Clone",
            "crate::E::A: variant",
            "crate::E::B: variant",
            "crate::E::B.0: u8",
            "crate::S: static u8",
            "crate::T: type = u8",
            "crate::f: fn()",
            "crate::m: mod",
            "crate::m::Y: use other::X",
            "crate::rt::calls!()",
        ]
    );
}

#[test]
fn modules_have_files_and_conditions() {
    let files = |cfg: &str| {
        surface(&[
            ("src/lib.rs", &format!("{cfg} pub mod a;")),
            ("src/a/mod.rs", "mod b; pub use b::B;"),
            ("src/a/b.rs", "pub struct B;"),
            ("Cargo.toml", "[package]\nname = \"x\"\n[features]\ndefault = [\"p\"]\np = []\n"),
        ])
    };
    assert_eq!(files("").len(), 5);
    let changes = files("").compare(&files("#[cfg(feature = \"p\")]"));
    assert_eq!(changes.changed.len(), 3, "{changes:?}");
    let missing = Surface::read(&BTreeMap::from([("src/lib.rs".into(), "mod gone;".into())]));
    assert!(missing.unwrap_err().contains("src/gone"));
}

#[test]
fn features_are_added_and_removed() {
    let with = |features: &str| surface(&[("src/lib.rs", ""), ("Cargo.toml", features)]);
    let old = with(
        "[features]\ndefault = [\"a\"]\na = []\nfull = [\n    \"a\",\n]\n[dependencies]\nb = \"1\"\n",
    );
    let new = with("[features]\ndefault = []\n# more\nfull = []\n");
    assert_eq!(
        old.compare(&new),
        Changes {
            removed: vec!["feature a".to_owned()],
            changed: vec!["feature default: \"a\" → ".to_owned()],
            ..Changes::default()
        }
    );
}

#[test]
fn deprecations_are_compatible() {
    let changes = lib("pub fn f() {}").compare(&lib("#[deprecated] pub fn f() {}"));
    assert!(!changes.is_breaking() && !changes.is_empty());
    assert_eq!(changes.deprecated, ["crate::f"]);
}
