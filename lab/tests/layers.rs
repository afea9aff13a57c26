//! Dependencies between modules, read from tokens, so that no spelling of a path (`super::super`,
//! nested `use`, a path within an expression) bypasses the rules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    // Cargo runs tests in the folder of their package; a compiled-in path may be that of another
    // clone.
    std::env::current_dir().expect("a folder").parent().expect("a parent").to_owned()
}

/// Path of a module from the crate's root, which is empty.
type Module = Vec<String>;

/// Modules of a crate, each with the modules that its file uses.
struct Crate {
    name: &'static str,
    arrows: BTreeMap<Module, BTreeSet<Module>>,
}

impl Crate {
    fn read(name: &'static str) -> Self {
        let src = root().join(name).join("src");
        let mut files: BTreeMap<Module, TokenStream> = BTreeMap::new();
        let mut work = vec![src.clone()];
        while let Some(dir) = work.pop() {
            for entry in std::fs::read_dir(&dir).expect("readable").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    work.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let text = std::fs::read_to_string(&path).expect("text");
                    let tokens: TokenStream = text.parse().expect("Rust");
                    files.insert(module(path.strip_prefix(&src).expect("in src")), tokens);
                }
            }
        }
        let known: BTreeSet<Module> = files.keys().cloned().collect();
        let mut arrows = BTreeMap::new();
        for (from, tokens) in files {
            let mut seen = BTreeSet::new();
            scan(&outside_of_tests(tokens), &from, &mut seen);
            let targets = seen.into_iter().map(|path| existing(path, &known));
            arrows.insert(from.clone(), targets.filter(|to| *to != from).collect());
        }
        Self { name, arrows }
    }

    /// Returns the dependencies between groups of modules, as assigned by `part`, without those
    /// within a group.
    fn graph(
        &self,
        part: impl Fn(&Module) -> Option<String>,
    ) -> BTreeMap<String, BTreeSet<String>> {
        let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, targets) in &self.arrows {
            let Some(from) = part(from) else { continue };
            let targets = targets.iter().filter_map(&part).filter(|to| *to != from);
            graph.entry(from.clone()).or_default().extend(targets);
        }
        graph
    }
}

/// Returns the module of a file.
fn module(path: &Path) -> Module {
    let mut parts: Module =
        path.with_extension("").iter().map(|p| p.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// Returns the module that contains the target of a path: its longest prefix that is a module.
fn existing(mut path: Module, known: &BTreeSet<Module>) -> Module {
    while !path.is_empty() && !known.contains(&path) {
        path.pop();
    }
    path
}

/// Returns the tokens without items under `#[cfg(test)]`.
fn outside_of_tests(tokens: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut out, mut skip) = (Vec::new(), false);
    for (i, token) in tokens.iter().enumerate() {
        let attribute = matches!(token, TokenTree::Group(g)
            if g.to_string().replace(' ', "").starts_with("[cfg(test"));
        let hash = i > 0 && matches!(&tokens[i - 1], TokenTree::Punct(p) if p.as_char() == '#');
        skip |= attribute && hash;
        if !skip {
            out.push(token.clone());
        }
        let ends = match token {
            TokenTree::Punct(p) => p.as_char() == ';',
            TokenTree::Group(g) => g.delimiter() == Delimiter::Brace,
            _ => false,
        };
        skip &= !ends;
    }
    out
}

/// Finds paths that start with `crate`, `super`, or `self`.
fn scan(tokens: &[TokenTree], here: &Module, seen: &mut BTreeSet<Module>) {
    let mut i = 0;
    while i < tokens.len() {
        match &tokens[i] {
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                scan(&inner, here, seen);
                i += 1;
            }
            TokenTree::Ident(word) => {
                // `$crate` may be another crate.
                let dollar =
                    i > 0 && matches!(&tokens[i - 1], TokenTree::Punct(p) if p.as_char() == '$');
                let start = match word.to_string().as_str() {
                    "crate" if !dollar => Some(Vec::new()),
                    "super" => Some(here[..here.len().saturating_sub(1)].to_vec()),
                    _ => None,
                };
                i += 1;
                if let Some(start) = start {
                    i += follow(&tokens[i..], start, seen);
                }
            }
            _ => i += 1,
        }
    }
}

/// Resolves a path from `at`; returns the number of tokens.
fn follow(tokens: &[TokenTree], mut at: Module, seen: &mut BTreeSet<Module>) -> usize {
    let colon = |i: usize| matches!(tokens.get(i), Some(TokenTree::Punct(p)) if p.as_char() == ':');
    let mut i = 0;
    while colon(i) && colon(i + 1) {
        match tokens.get(i + 2) {
            Some(TokenTree::Ident(word)) if word == "super" => {
                at.pop();
            }
            Some(TokenTree::Ident(word)) => at.push(word.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in
                    inner.split(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ','))
                {
                    if let Some(TokenTree::Ident(word)) = branch.first() {
                        let mut at = at.clone();
                        if word != "self" {
                            at.push(word.to_string());
                        }
                        follow(&branch[1..], at, seen);
                    }
                }
                return i + 3;
            }
            _ => break,
        }
        i += 3;
    }
    seen.insert(at);
    i
}

/// Returns the cycles of a graph: sets of nodes that depend on each other.
fn cycles(graph: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<BTreeSet<String>> {
    let reach = |from: &String| {
        let (mut seen, mut work) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(part) = work.pop() {
            for to in graph.get(&part).into_iter().flatten() {
                if seen.insert(to.clone()) {
                    work.push(to.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        graph.keys().map(|part| (part, reach(part))).collect();
    (reached.iter().filter(|(part, seen)| seen.contains(**part)))
        .map(|(part, seen)| {
            seen.iter()
                .filter(|other| reached.get(other).is_some_and(|s| s.contains(*part)))
                .cloned()
                .collect()
        })
        .collect()
}

/// Returns the group of a module. Traits, readers, writers, values, and unknown fields of
/// `discovery-json` are one group, since they define one another: a value is decoded by a reader
/// that preserves unknown values.
fn room(krate: &str, module: &str) -> String {
    let core = ["api", "extra", "patch", "reader", "traits", "values", "writer"];
    if krate == "runtime/json" && core.contains(&module) {
        return "core".to_owned();
    }
    module.to_owned()
}

/// Allowed dependencies of the generator's stages: themselves and earlier stages.
const STAGES: [(&str, &[&str]); 11] = [
    ("shown", &[]),
    ("error", &["shown"]),
    ("tree", &["error"]),
    ("ir", &[]),
    ("discovery", &["error"]),
    ("overlay", &["error", "discovery", "shown"]),
    ("selection", &["error", "discovery"]),
    ("lower", &["error", "ir", "discovery", "overlay", "selection", "shown"]),
    ("rust", &["ir", "shown"]),
    ("render", &["error", "tree", "rust"]),
    ("emit", &["error", "ir", "rust", "render", "tree"]),
];

#[test]
fn stages_depend_only_on_earlier_stages() {
    let krate = Crate::read("generator");
    let mut wrong = Vec::new();
    for (from, targets) in &krate.arrows {
        let Some((stage, known)) =
            STAGES.iter().find(|(stage, _)| from.first().is_some_and(|part| part == stage))
        else {
            continue;
        };
        for to in targets.iter().filter_map(|to| to.first().map(|part| (part, to))) {
            if to.0 != stage && !known.contains(&to.0.as_str()) {
                wrong.push(format!("{} -> {}", from.join("::"), to.1.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "dependencies on later stages: {wrong:#?}");
}

#[test]
fn emitters_are_independent() {
    let emitters = ["client", "docs", "guide", "programs"];
    let krate = Crate::read("generator");
    let emitter = |module: &Module| match module.as_slice() {
        [emit, part, ..] if emit == "emit" => {
            emitters.contains(&part.as_str()).then(|| part.clone())
        }
        _ => None,
    };
    for (from, targets) in &krate.graph(emitter) {
        assert!(targets.is_empty(), "emit::{from} knows {targets:?}");
    }
}

/// Descriptions are interpreted only in `lower`, which turns them into facts; emitters pass them to
/// functions that format text.
#[test]
fn emitters_do_not_interpret_descriptions() {
    let mut wrong = Vec::new();
    let mut work = vec![root().join("generator/src/emit")];
    while let Some(path) = work.pop() {
        if path.is_dir() {
            work.extend(std::fs::read_dir(&path).expect("readable").flatten().map(|e| e.path()));
        } else {
            let text = std::fs::read_to_string(&path).expect("text");
            let tokens: TokenStream = text.parse().expect("Rust");
            if reads_descriptions(&tokens.into_iter().collect::<Vec<_>>(), "") {
                wrong.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "these interpret descriptions: {wrong:#?}");
}

/// Functions that format descriptions.
const TEXT_FUNCTIONS: [&str; 6] = ["cell", "doc", "first_sentence", "lines", "plain", "sentences"];

/// Returns `true` if `doc.0` is used other than as an argument of a formatting function. The tokens
/// are arguments of `function`, if in parentheses.
fn reads_descriptions(tokens: &[TokenTree], function: &str) -> bool {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.to_string() == word);
    (0..tokens.len()).any(|at| match &tokens[at] {
        TokenTree::Group(group) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let function = match at.checked_sub(1).map(|before| &tokens[before]) {
                Some(TokenTree::Ident(name)) => name.to_string(),
                _ => String::new(),
            };
            reads_descriptions(&inner, &function)
        }
        TokenTree::Ident(word) if word == "doc" && is(at + 1, ".") && is(at + 2, "0") => {
            let ends = at + 3 == tokens.len() || is(at + 3, ",");
            !(ends && TEXT_FUNCTIONS.contains(&function))
        }
        _ => false,
    })
}

#[test]
fn uses_of_descriptions_are_found() {
    for (text, found) in [
        ("docs.lines(&m.doc.0)", false),
        ("cx.doc(&m.doc.0, \"x\", &[])", false),
        ("if m.doc.0.contains(\"x\") {}", true),
        ("plain(m.doc.0.trim())", true),
        ("let text = &m.doc.0;", true),
        ("f(|m| look(&m.doc.0))", true),
    ] {
        let tokens: TokenStream = text.parse().expect("Rust");
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        assert_eq!(reads_descriptions(&tokens, ""), found, "{text}");
    }
}

#[test]
fn folders_form_no_cycle() {
    let mut found = Vec::new();
    let crates = [
        "generator",
        "runtime/json",
        "runtime/client",
        "runtime/cli",
        "runtime/mock",
        "runtime/testing",
    ];
    for name in crates {
        let krate = Crate::read(name);
        let graph = krate.graph(|module| module.first().map(|part| room(name, part)));
        for circle in cycles(&graph) {
            let mut arrows = Vec::new();
            for (from, targets) in &krate.arrows {
                for to in targets {
                    let (a, b) = (from.first(), to.first());
                    if a != b
                        && a.is_some_and(|a| circle.contains(a))
                        && b.is_some_and(|b| circle.contains(b))
                    {
                        arrows.push(format!("    {} -> {}", from.join("::"), to.join("::")));
                    }
                }
            }
            found.push(format!("{}: {circle:?}\n{}", krate.name, arrows.join("\n")));
        }
    }
    assert!(found.is_empty(), "circles:\n{}", found.join("\n"));
}
