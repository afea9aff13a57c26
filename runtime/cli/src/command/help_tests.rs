//! Help built for a line alone is that of the whole program.

use clap::error::ErrorKind;
use discovery_describe::names::kebab;

use super::{Builder, tools};
use crate::app::App;
use crate::tree;

const APPS: [App; 2] = [
    app(&google_jobs_v3::reflect::API, "jobs3"),
    app(&google_kitchen_sink_v1::reflect::API, "sink"),
];

const fn app(api: &'static discovery_runtime::reflect::ApiInfo, name: &'static str) -> App {
    App { api, name, version: "1", crate_name: "x", docs: &[], mock: None }
}

/// Commands of every resource, and of every method in both spellings.
fn commands(app: &App) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for method in app.api.methods {
        let names: Vec<String> =
            method.resource.iter().chain([&method.name]).map(|name| kebab(name)).collect();
        // A method hides a resource of its name, whose methods have the short form only.
        let is_hidden = |n: usize| (1..n).any(|k| tree::find(app.api, &names[..k]).is_some());
        all.extend((1..=names.len()).filter(|&n| !is_hidden(n)).map(|n| names[..n].to_vec()));
        if let [first, rest @ ..] = &names[..]
            && !rest.is_empty()
        {
            all.push(vec![first.clone(), rest.join("-")]);
        }
    }
    all.extend(tools::TOOLS.iter().map(|tool| vec![tool.name(app.api)]));
    all.sort();
    all.dedup();
    all
}

fn help(app: &App, builder: &Builder<'_>, words: &[String]) -> String {
    let line = std::iter::once(app.name).chain(words.iter().map(String::as_str));
    let error = builder.build().try_get_matches_from(line).expect_err("a request for help");
    assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{words:?}: {error}");
    error.render().ansi().to_string()
}

#[test]
fn help_built_alone_is_that_of_the_whole_program() {
    for app in APPS {
        for command in commands(&app) {
            for (before, after) in [("", "--help"), ("", "-h"), ("--format=yaml", "--help")] {
                let before = Some(before.to_owned()).filter(|flag| !flag.is_empty());
                let words: Vec<String> =
                    before.into_iter().chain(command.clone()).chain([after.to_owned()]).collect();
                let all = Builder::for_words(app, &words);
                let own = Builder::for_words(app, &words).for_help(&words).expect("a help");
                assert_eq!(help(&app, &own, &words), help(&app, &all, &words), "{words:?}");
            }
        }
    }
}
