//! Flags that every command accepts in any position.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction};

/// Heading of a flag in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Output,
    Paging,
    Look,
    Access,
}

impl Group {
    fn heading(self) -> &'static str {
        match self {
            Self::Output => "Output",
            Self::Paging => "Paging",
            Self::Look => "Preview",
            Self::Access => "Access",
        }
    }
}

/// Values that a flag accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// No value.
    Nothing,
    /// No value; its occurrences are counted.
    Count,
    /// One value; the last one counts.
    One(&'static str),
    /// An optional value after `=`; empty if absent.
    Maybe(&'static str),
    /// One value each time.
    Many(&'static str),
    /// One of several words.
    Word(&'static [&'static str]),
}

/// A flag of every command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag {
    pub(crate) long: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) takes: Takes,
    pub(crate) group: Group,
    pub(crate) help: &'static str,
}

const fn flag(long: &'static str, takes: Takes, group: Group, help: &'static str) -> Flag {
    Flag { long, short: None, takes, group, help }
}

const fn short(letter: char, flag: Flag) -> Flag {
    Flag { short: Some(letter), ..flag }
}

/// Formats of the result.
pub(crate) const FORMATS: &[&str] = &["json", "compact", "jsonl", "yaml", "table", "csv", "value"];

/// Format that only `schema` has.
pub(crate) const JSON_SCHEMA: &str = "json-schema";

/// Every flag of every command.
#[rustfmt::skip]
pub(crate) const FLAGS: &[Flag] = &[
    short('o', flag("out", Takes::One("FILE"), Group::Output,
        "Write the complete result to FILE, only on success; '-' is standard output")),
    flag("as-stored", Takes::Nothing, Group::Output,
        "Download the bytes as they are stored: content stored with gzip is not decompressed"),
    flag("format", Takes::Word(FORMATS), Group::Output,
        "Output format; jsonl, table, csv and value print the items of a list, and jsonl the messages of a stream as they arrive"),
    flag("select", Takes::One("PATHS"), Group::Output,
        "Only these members of the result, as 'jobs[].title,nextPageToken'"),
    flag("no-fields", Takes::Nothing, Group::Output,
        "Ask for the whole result: do not send --select as the parameter 'fields'"),
    flag("jmespath", Takes::One("EXPR"), Group::Output,
        "A JMESPath expression over the whole result, as 'jobs[?title].name'; --query is the same where it is no parameter"),
    flag("wait", Takes::Maybe("SECONDS"), Group::Output,
        "Wait until the operation that the method starts ends, at most SECONDS, and print its result"),
    flag("color", Takes::Word(&["auto", "always", "never"]), Group::Output,
        "When to use color"),
    flag("error-format", Takes::Word(&["text", "json"]), Group::Output,
        "Error format; json is one line on standard error"),
    flag("all", Takes::Nothing, Group::Paging,
        "Follow the page tokens of a list and merge the pages"),
    flag("limit", Takes::One("N"), Group::Paging,
        "At most N items, over as many pages as needed"),
    flag("max-pages", Takes::One("N"), Group::Paging, "At most N pages"),
    flag("page-delay", Takes::One("MS"), Group::Paging, "Milliseconds between two pages"),
    flag("dry-run", Takes::Nothing, Group::Look,
        "Print the request as JSON; nothing is sent, no credentials are needed"),
    flag("curl", Takes::Nothing, Group::Look, "Print a curl command that makes the request"),
    flag("code", Takes::Word(&["rust"]), Group::Look, "Print a program that makes the request"),
    flag("strict", Takes::Nothing, Group::Look,
        "Refuse what causes a warning, and answers with values that do not fit their types"),
    short('v', flag("verbose", Takes::Count, Group::Look,
        "Log HTTP to standard error with secrets hidden; -vv adds headers and bodies")),
    flag("debug", Takes::Nothing, Group::Look, "The same as -vv"),
    flag("profile", Takes::One("NAME"), Group::Access, "Profile of the configuration file"),
    flag("scope", Takes::Many("SCOPE"), Group::Access,
        "OAuth scope for the token: a URL or its last word; may be repeated"),
    flag("config-dir", Takes::One("DIR"), Group::Access,
        "Folder of the stored login and client secret"),
    flag("access-token-file", Takes::One("FILE"), Group::Access, "File with an access token"),
    flag("credentials", Takes::One("FILE"), Group::Access,
        "Credentials file: service account, authorized user or external account"),
    flag("gcloud-account", Takes::One("EMAIL"), Group::Access,
        "Use this account of gcloud, or with 'active' its active one"),
    flag("impersonate-service-account", Takes::One("EMAIL"), Group::Access,
        "Act as this service account"),
    flag("subject", Takes::One("EMAIL"), Group::Access,
        "User on whose behalf the service account acts (domain-wide delegation)"),
    flag("quota-project", Takes::One("PROJECT"), Group::Access,
        "Project for quota and billing"),
    flag("mock", Takes::Maybe("FILE"), Group::Access,
        "Call this program's local server, which needs no account and keeps its data"),
    flag("endpoint", Takes::One("URL"), Group::Access, "Root URL to call instead of the API's"),
    flag("ca-file", Takes::One("PEM"), Group::Access,
        "Trust the root certificates of this file as well"),
    flag("timeout", Takes::One("SECONDS"), Group::Access, "Time limit of one call"),
    flag("no-request-id", Takes::Nothing, Group::Access,
        "Send no ID by which the server recognizes a repeated request"),
    flag("read-only", Takes::Nothing, Group::Access,
        "Call only methods that read: GET, HEAD, and those whose read-only scope suffices"),
    short('y', flag("yes", Takes::Nothing, Group::Access,
        "Delete without asking; a terminal is asked otherwise")),
    flag("no-input", Takes::Nothing, Group::Access, "Never ask, never open a browser"),
];

/// Other name of `--jmespath`, for methods without a parameter of this name.
pub(crate) const QUERY: &str = "query";

/// The clap argument of a flag.
pub(crate) fn argument(flag: &Flag, visible: bool) -> Arg {
    let arg = Arg::new(flag.long)
        .long(flag.long)
        .help(flag.help)
        .help_heading(flag.group.heading())
        .hide(!visible);
    let arg = match flag.short {
        Some(letter) => arg.short(letter),
        None => arg,
    };
    match flag.takes {
        Takes::Nothing => arg.action(ArgAction::SetTrue),
        Takes::Count => arg.action(ArgAction::Count),
        Takes::Maybe(name) => arg
            .action(ArgAction::Append)
            .value_name(name)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value(""),
        // `set` keeps the last of several; `--scope=a` and `--scope a` both work.
        Takes::One(name) => {
            arg.action(ArgAction::Append).value_name(name).allow_negative_numbers(true)
        }
        Takes::Many(name) => arg.action(ArgAction::Append).value_name(name),
        Takes::Word(words) => arg
            .action(ArgAction::Append)
            .value_name("WHICH")
            .value_parser(ValueParser::new(PossibleValuesParser::new(words))),
    }
}

/// Returns `true` if a common flag already has this name, so that a parameter needs another.
pub(crate) fn is_taken(long: &str) -> bool {
    const OWN: &[&str] = &[
        "help",
        "help-all",
        "version",
        "json",
        "unset",
        "edit",
        "skeleton",
        "allow-unknown",
        "upload",
        "download",
        "file",
        "mime",
    ];
    OWN.contains(&long) || FLAGS.iter().any(|flag| flag.long == long)
}
