//! Lists all resources of a schema, in any zone or region.

use serde_json::{Map, Value, json};

use super::{Work, place, stamp};
use crate::error::ApiError;
use crate::schema::object;

impl Work<'_, '_, '_> {
    /// Lists the resources of the schema below the parent in the call, by scope. Scopes without
    /// resources are omitted.
    pub(super) fn list_by_scope(&mut self, map: &str, list: &str) -> Result<Value, ApiError> {
        let select = self.select()?;
        let above = self.above();
        let found = self.call.txn.of_kind(self.resource.schema.name).into_iter();
        let found =
            found.filter(|(_, record)| select(&record.value)).filter_map(|(name, record)| {
                Some((record.order, (scope(name, &above)?.to_owned(), record.value.clone())))
            });
        let mut found: Vec<(u64, (String, Value))> = found.collect();
        self.sort_by(&mut found, |(_, value)| value)?;
        let rules = self.behavior.rules(self.call);
        let page = self.call.paging(&rules.page)?.cut(found, 0, |(order, _)| *order)?;
        let mut scopes = Map::new();
        for (_, (scope, value)) in page.items {
            let value = self.presented(value);
            let scope = scopes.entry(scope).or_insert_with(|| json!({ list: [] }));
            if let Some(Value::Array(items)) = scope.get_mut(list) {
                items.push(value);
            }
        }
        let mut answer = json!({ map: scopes });
        if let (Some(token), Some(paging)) = (page.next, self.call.method.spec.paging) {
            answer[paging.next] = Value::String(token);
        }
        if let Some(schema) = self.call.method.response.and_then(object) {
            stamp::constants(schema, &mut answer);
        }
        Ok(answer)
    }

    /// Common prefix of the names of resources and the parent in the call: `projects/p/`.
    fn above(&self) -> String {
        let place = place::name(self.call);
        let form = self.resource.form.as_deref().unwrap_or_default().split('/');
        let same =
            form.zip(place.split('/')).take_while(|(form, part)| *form == "*" || form == part);
        same.map(|(_, part)| format!("{part}/")).collect()
    }
}

/// Returns the scope of a resource: the part between the common prefix and its collection.
fn scope<'n>(name: &'n str, above: &str) -> Option<&'n str> {
    let (collection, _) = name.strip_prefix(above)?.rsplit_once('/')?;
    collection.rsplit_once('/').map(|(scope, _)| scope)
}
