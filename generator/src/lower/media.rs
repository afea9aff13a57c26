//! Pass: finds the request member with the media type of the uploaded content.
//!
//! Documents do not say which. Of the 313 public ones, three methods have such a member:
//! `contentType` of storage's `Object`, and `mimeType` of Drive's `File`. A member that only the
//! server sets, as in Support's attachments, does not count.

use super::Lowering;
use crate::ir::{Api, Body, Field, Method, Scalar, Shape, Type, WireName};

/// Names of such a member, by precedence.
const NAMES: [&str; 2] = ["contentType", "mimeType"];

impl Lowering<'_> {
    pub(super) fn detect_media_types(&mut self) {
        for index in 0..self.api.methods.len() {
            let member = media_type(&self.api, &self.api.methods[index]);
            if let Some(upload) = &mut self.api.methods[index].media.upload {
                upload.media_type = member;
            }
        }
    }
}

fn media_type(api: &Api, method: &Method) -> Option<WireName> {
    let Some(Body::Json(ty)) = &method.request else { return None };
    let Type::Object(id) = api.resolve(ty) else { return None };
    let Shape::Object(object) = &api[*id].shape else { return None };
    let is_text = |field: &&Field| !field.read_only && is_string(api, &field.ty);
    let named = |name| object.fields.iter().filter(is_text).find(|f| f.name.as_str() == name);
    NAMES.into_iter().find_map(named).map(|field| field.name.clone())
}

fn is_string(api: &Api, ty: &Type) -> bool {
    *api.resolve(ty) == Scalar::String
}
