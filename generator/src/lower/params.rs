//! Pass: global parameters and those of each method.

use super::Lowering;
use super::behavior::described;
use crate::discovery::{Method, Schema};
use crate::error::Kind;
use crate::ir::{EnumOwner, Location, MethodId, Param, Type, ValueFacts, WireName};

impl<'a> Lowering<'a> {
    pub(super) fn lower_globals(&mut self) {
        let document = self.document;
        for (name, node) in &document.parameters {
            let mut param = self.param(name, node, EnumOwner::Global);
            param.required = false;
            self.api.globals.push(param);
        }
        self.api.globals.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Returns the parameters of a method: required ones in `parameterOrder`, other required ones,
    /// then optional ones in document order.
    pub(super) fn params(&mut self, id: MethodId, method: &'a Method<'a>) -> Vec<Param> {
        let owner = EnumOwner::Method(id);
        let mut params: Vec<Param> =
            method.parameters.iter().map(|(n, p)| self.param(n, p, owner)).collect();
        for name in &method.parameter_order {
            if !params.iter().any(|p| p.name.as_str() == *name) {
                let message = format!("`parameterOrder` names the unknown parameter `{name}`");
                self.warn(Kind::Malformed, &method.at, message, "the name is ignored");
            }
        }
        let place = |p: &Param| {
            let known = method.parameter_order.iter().position(|n| *n == p.name.as_str());
            (!p.required, if p.required { known.unwrap_or(usize::MAX) } else { 0 })
        };
        params.sort_by_key(place);
        params
    }

    fn param(&mut self, name: &str, node: &'a Schema<'a>, owner: EnumOwner) -> Param {
        self.check_parameter(name, &node.at);
        let location = match node.location {
            Some("path") => Location::Path,
            Some("query") | None => Location::Query,
            Some(other) => {
                let message = format!("location `{other}` is unknown");
                self.error(Kind::Malformed, &node.at, message, "it is `path` or `query`");
                Location::Query
            }
        };
        let (doc, behavior) = described(node.description);
        let pattern = node.pattern.and_then(|text| {
            self.shown(text, &format!("the pattern of parameter `{name}`"), &node.at)
        });
        Param {
            name: WireName(name.to_owned()),
            at: node.at.clone(),
            location,
            ty: self.param_type(name, node, owner),
            required: node.required || location == Location::Path,
            repeated: node.repeated,
            default: self.default(name, node),
            pattern: pattern.map(str::to_owned),
            minimum: node.minimum.clone(),
            maximum: node.maximum.clone(),
            listed: None,
            doc,
            behavior,
            facts: ValueFacts::default(),
            deprecated: node.deprecated,
        }
    }

    fn param_type(&mut self, name: &str, node: &'a Schema<'a>, owner: EnumOwner) -> Type {
        if node.reference.is_some() || matches!(node.ty, Some("object" | "array")) {
            let message = format!("parameter `{name}` has a structure");
            self.warn(Kind::Degraded, &node.at, message, "its value is JSON text");
            return Type::Any;
        }
        let hint = match owner {
            EnumOwner::Method(id) => {
                let method = self.document_method_name(id);
                super::types::Place {
                    owner: crate::ir::SchemaId(0),
                    parent: capitalised(&method),
                    name: name.to_owned(),
                }
                .joined()
            }
            _ => name.to_owned(),
        };
        self.scalar(node, owner, &hint)
    }

    fn document_method_name(&self, id: MethodId) -> String {
        self.api.methods.get(id.index()).map(|m| m.name.0.clone()).unwrap_or_default()
    }
}

/// Capitalizes the first letter.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
