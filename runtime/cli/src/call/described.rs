//! Adapts table types for printed programs without secrets.

use discovery_describe::{EnumValue, Kind, Member, Type};
use discovery_runtime::reflect::TypeInfo;

use super::hidden;

/// Type whose secret texts are read from the environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described(pub(super) TypeInfo);

impl Type<'static> for Described {
    fn kind(self) -> Kind<Self> {
        self.0.kind().map(Self)
    }

    fn rust_name(self) -> Option<String> {
        self.0.rust_name()
    }

    fn members(self) -> Vec<Member<'static, Self>> {
        let members = self.0.members().into_iter();
        members.map(|member| member.map(Self)).collect()
    }

    fn values(self) -> Vec<EnumValue<'static>> {
        self.0.values()
    }

    fn text(self, text: &str, literal: fn(&str) -> String) -> String {
        hidden::expression(text, literal)
    }
}
