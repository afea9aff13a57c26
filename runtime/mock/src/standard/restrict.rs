//! Parameters that restrict a list, beside filter and search text: each is obeyed or refused, since a
//! client takes an ignored one for an answer.

use discovery_runtime::reflect::{Location, ParamInfo, TypeInfo};
use discovery_runtime::spec::TokenIn;
use serde_json::Value;

use super::{Identity, Work};
use crate::behavior::Select;
use crate::call::PAGE_SIZES;
use crate::error::ApiError;
use crate::filter::lookup;
use crate::schema::{field, list_item, object, resolve};

/// Parameters that are read elsewhere.
const READ: [&str; 7] =
    ["filter", "q", "query", "orderBy", "returnPartialSuccess", "validateOnly", "requestId"];
/// Parameters of how an item is shown, or in which language.
const SHOWN: [&str; 9] = [
    "projection",
    "view",
    "part",
    "fields",
    "readMask",
    "hl",
    "languageCode",
    "timeZone",
    "userProject",
];
/// How flags begin that ask for more than a list has by itself. There is no more: what is deleted,
/// hidden, or elsewhere is not kept.
const WIDENING: [&str; 9] =
    ["include", "show", "return", "supports", "all", "use", "expand", "single", "versions"];

impl Work<'_, '_, '_> {
    /// The conditions of the parameters of a list.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` for a parameter that this server cannot evaluate.
    pub(super) fn restrictions(&self) -> Result<Vec<Select>, ApiError> {
        let params = self.call.method.params.iter();
        let given =
            params.filter(|param| param.location == Location::Query && self.restricts(param));
        given.map(|param| self.restriction(param).ok_or_else(|| refuse(self, param))).collect()
    }

    /// Whether a parameter is given and may restrict the list.
    fn restricts(&self, param: &ParamInfo) -> bool {
        let values = self.call.param_values(param.name);
        let text = self.call.param_text(param.name);
        let name = param.name;
        let token = self.call.method.spec.paging.map(|paging| paging.token);
        let of_page = PAGE_SIZES.contains(&name)
            || matches!(token, Some(TokenIn::Query(token)) if token == name);
        let is_view = name.ends_with("View") || name.ends_with("Projection");
        let asks_nothing = values.is_empty()
            || text.is_empty()
            || (param.default == Some(text.as_str()) && !param.repeated)
            || (matches!(resolve(param.ty), TypeInfo::Bool)
                && (text == "false" || WIDENING.iter().any(|word| name.starts_with(word))));
        let elsewhere = READ.contains(&name) || SHOWN.contains(&name) || is_view || of_page;
        !(asks_nothing || param.required || elsewhere || self.divides_by(name))
    }

    /// Whether a parameter is the delimiter of a list that can tell prefixes.
    fn divides_by(&self, name: &str) -> bool {
        name == "delimiter" && self.prefixes().is_some()
    }

    /// The field of the response that holds the prefixes of ids, for a list with a delimiter.
    pub(super) fn prefixes(&self) -> Option<&'static str> {
        let field = field(object(self.call.method.response?)?, "prefixes")?;
        let is_texts = matches!(resolve(field.ty), TypeInfo::List(TypeInfo::String));
        (is_texts && list_item(field.ty).is_none()).then_some(field.name)
    }

    /// The condition of a parameter: a range of ids, or a field of its name that has all its values.
    fn restriction(&self, param: &'static ParamInfo) -> Option<Select> {
        let text = self.call.param_text(param.name);
        let id = |keep: Box<dyn Fn(&str) -> bool>| -> Option<Select> {
            let Identity::Last(member) = self.resource.identity else { return None };
            Some(Box::new(move |value| {
                value.get(member).and_then(Value::as_str).is_some_and(&keep)
            }))
        };
        match param.name {
            "prefix" => id(Box::new(move |id| id.starts_with(&text))),
            "startOffset" => id(Box::new(move |id| id >= text.as_str())),
            "endOffset" => id(Box::new(move |id| id < text.as_str())),
            name => {
                let member = field(self.resource.schema, name)?;
                let innermost = match resolve(member.ty) {
                    TypeInfo::List(item) => resolve(*item),
                    other => other,
                };
                if matches!(innermost, TypeInfo::Object(_) | TypeInfo::List(_) | TypeInfo::Map(_)) {
                    return None;
                }
                let wanted = self.call.param_values(name).to_vec();
                Some(Box::new(move |value| {
                    let found = lookup(value, name);
                    wanted.iter().all(|wanted| found.contains(wanted))
                }))
            }
        }
    }
}

fn refuse(work: &Work<'_, '_, '_>, param: &ParamInfo) -> ApiError {
    let text = work.call.param_text(param.name);
    let text = format!(
        "This server cannot evaluate {}='{text}' on a list of {}: leave it out.",
        param.name, work.resource.schema.name
    );
    ApiError::invalid(crate::names::snake(param.name), text)
}
