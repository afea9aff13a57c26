//! Statements of the README that can be checked.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new("..");
    std::fs::read_to_string(root.join(path)).expect(path)
}

/// The program is an example, which is compiled.
#[test]
fn the_program_is_the_example() {
    let (readme, example) = (read("README.md"), read("generated/jobs-v3/examples/first.rs"));
    let block = readme.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(example.ends_with(block), "README.md and examples/first.rs differ");
    assert!(block.lines().count() <= 22, "the program is too long");
}

/// Links within the repository point to files.
#[test]
fn links_lead_to_files() {
    let root = Path::new("..");
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(page);
        for rest in text.split("](").skip(1) {
            let link = rest.split(')').next().unwrap().split('#').next().unwrap();
            if !link.is_empty() && !link.contains("://") {
                assert!(root.join(link).exists(), "{page}: {link}");
            }
        }
    }
}
