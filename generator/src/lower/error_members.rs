//! Pass: finds responses whose member `error` may be data.

use super::Lowering;
use crate::ir::{Api, Body, MethodId, Shape, Type};

impl Lowering<'_> {
    pub(super) fn detect_error_members(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let declared = match &self.api[id].response {
                Some(Body::Json(ty)) => may_have_error(&self.api, ty),
                Some(Body::Raw(_)) | None => false,
            };
            self.api.methods[id.index()].error_member = declared;
        }
    }
}

fn may_have_error(api: &Api, ty: &Type) -> bool {
    match api.resolve(ty) {
        Type::Any | Type::Map(_) => true,
        Type::List(item) => may_have_error(api, item),
        Type::Object(id) => match &api[*id].shape {
            Shape::Object(object) => {
                object.additional.is_some()
                    || object.fields.iter().any(|field| field.name.as_str() == "error")
            }
            Shape::Alias(inner) => may_have_error(api, inner),
            Shape::Union(union) => {
                union.cases.iter().any(|case| may_have_error(api, &Type::Object(case.schema)))
            }
        },
        _ => false,
    }
}
