//! Sends `--select` as the parameter `fields` where the result stays the same.

use discovery_runtime::page::Mask;
use discovery_runtime::spec::{BodyKind, ItemsIn};

use crate::app::App;
use crate::guard;
use crate::output::Select;
use crate::plan::Plan;
use crate::settings::{Format, Settings};

use super::run::is_download;

/// Adds the mask of a selection to a plan, unless the user gave one or turned it off.
pub(super) fn add(
    app: &App,
    plan: &mut Plan,
    select: Option<&Select>,
    format: Format,
    settings: &Settings,
) {
    let Some(select) = select.filter(|_| settings.send_fields && is_plain(plan, settings)) else {
        return;
    };
    let own = |name: &str| plan.method.params.iter().any(|param| param.name == name);
    let mut params = app.api.params.iter().filter(|param| Mask::is_parameter(param.name));
    let Some(param) = params.find(|param| !own(param.name)) else { return };
    let spec = plan.method.spec;
    let mask = plan.method.response.and_then(|ty| match spec.items {
        Some(items) if format.is_by_item() => select.mask_of_items(items, ty),
        _ => select.mask(ty),
    });
    let Some(mask) = mask else { return };
    let follows = settings.paging.follow && spec.paging.is_some();
    let keeps = |items: ItemsIn| Mask::new(&mask, false).keeps(items.name());
    // Limits count items.
    if follows && !spec.items.is_some_and(keeps) {
        return;
    }
    plan.values.query.push((param.name, vec![mask]));
    plan.mask_is_selection = true;
}

/// Returns `true` if a call reads one JSON document, and has no mask yet. Whether a call that writes
/// was made must not depend on a mask.
fn is_plain(plan: &Plan, settings: &Settings) -> bool {
    let spec = plan.method.spec;
    let is_json = |alt: &str| alt == "json";
    guard::only_reads(spec)
        && spec.response == BodyKind::Json
        && !spec.streams
        && !spec.service.data_wrapper
        && !is_download(plan)
        && plan.media.is_none()
        && settings.wait.is_none()
        && plan.values.query_one("alt").is_none_or(is_json)
        && plan.values.query_one("$alt").is_none_or(is_json)
        && ["callback", "$callback", "fields", "$fields"]
            .iter()
            .all(|name| plan.values.query_one(name).is_none())
}
