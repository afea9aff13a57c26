//! Public items defined by the tables of the runtime's macros.

use super::Surface;
use super::items::tokens;
use proc_macro2::{TokenStream, TokenTree};
use syn::Macro;

/// Traits of every model, and their notation: a trait implemented by a macro equals a derived one.
const MODEL: &[(&str, &str)] =
    &[("json::Decode", ""), ("json::Encode", ""), ("Default", "derived")];
/// Traits of every model, and their notation: a trait implemented by a macro equals a derived one.
const ENUM: &[(&str, &str)] = &[("json::OpenEnum", ""), ("Eq", "derived")];

/// Inserts the items that a macro call defines: the macro for its type, the traits it implements,
/// and the constant of each row `… as NAME of Target;`.
pub(super) fn read(path: &str, call: &Macro, cfg: &str, out: &mut Surface) {
    let rows: Vec<Vec<TokenTree>> = rows(call.tokens.clone());
    let ty = rows.first().and_then(|row| row.first()).map(ToString::to_string).unwrap_or_default();
    let mut put = |name: String, form: &str| {
        let form = if cfg.is_empty() { form.to_owned() } else { format!("{form} [{cfg}]") };
        out.insert(name, form, false);
    };
    put(format!("{path}::{}!({ty})", tokens(&call.path)), "");
    let table = call.path.segments.last().map(|s| s.ident.to_string());
    let traits = match table.as_deref() {
        Some("model") => MODEL,
        Some("open_enum") => ENUM,
        _ => return,
    };
    for (name, form) in traits {
        put(format!("{path}::{ty}: {name}"), form);
    }
    for row in rows.iter().skip(1) {
        let Some(at) = row.iter().position(|t| t.to_string() == "as") else { continue };
        let Some(name) = row.get(at + 1) else { continue };
        let target: TokenStream = row.iter().skip(at + 3).cloned().collect();
        let comma = if target.is_empty() { "" } else { ", " };
        let form = format!("const json::Field<Self{comma}{}>", tokens(&target));
        put(format!("{path}::{ty}::{name}"), &form);
    }
}

/// Splits tokens at semicolons.
fn rows(stream: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut rows = vec![Vec::new()];
    for token in stream {
        match &token {
            TokenTree::Punct(p) if p.as_char() == ';' => rows.push(Vec::new()),
            _ => rows.last_mut().into_iter().for_each(|row| row.push(token.clone())),
        }
    }
    rows
}
