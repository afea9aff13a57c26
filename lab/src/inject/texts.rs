//! The texts.

/// A word that occurs in no template and no document, and needs no escapes anywhere.
pub(super) const CANARY: &str = "zqcanary";

/// Texts that end a string, a comment, a code block, a table cell, or a line in some format, or that
/// some reader takes for an instruction.
pub(super) const ALL: [&str; 36] = [
    "{{#include zqcanary}}",
    "{{ #playground zqcanary}}",
    "\\{{#include zqcanary}}",
    "<script>zqcanary()</script>",
    "<img src=x onerror=zqcanary>",
    "<!-- zqcanary",
    "```\nzqcanary\n```\n<script>zqcanary</script>",
    "~~~\n<script>zqcanary</script>",
    "`<script>zqcanary</script>",
    "``` <script>zqcanary</script> {{#include zqcanary}}",
    "[zqcanary](javascript:zqcanary)",
    "](javascript:zqcanary)",
    "[zqcanary]: javascript:zqcanary",
    "<javascript:zqcanary>",
    "![zqcanary](data:text/html,zqcanary)",
    "*/ zqcanary!(); /*",
    "\"; zqcanary!(); \"",
    "\"#; zqcanary!(); r#\"",
    "'; zqcanary!(); '",
    "\n#![zqcanary]\nzqcanary!();",
    "\r\nzqcanary = 1\r\n[zqcanary]\r\n",
    "\"\n[dependencies]\nzqcanary = \"1\"\n",
    "\"\"\"\nzqcanary = 1",
    "} zqcanary!(); {",
    "{{zqcanary}} {{{zqcanary}}} {zqcanary}",
    "$(touch zqcanary) `touch zqcanary`",
    "'; touch zqcanary; '",
    "../../zqcanary",
    "/zqcanary/../..",
    "C:\\zqcanary",
    "zqcanary\u{1b}[31m\u{7}\u{0}\u{9b}31m",
    "\u{202e}zqcanary\u{2066}\u{feff}",
    "zqcanary\u{2028}zqcanary\u{85}zqcanary",
    "zqcanary | zqcanary \\| zqcanary\n| zqcanary |",
    "con",
    "LPT1.zqcanary",
];
