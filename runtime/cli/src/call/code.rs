//! `--code rust`: a program that makes the request with the generated crate.

use crate::app::App;
use crate::plan::Plan;

/// The program.
pub(super) fn program(app: &App, plan: &Plan) -> String {
    let _ = (app, plan);
    String::new()
}
