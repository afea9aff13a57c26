//! A selection as a mask of fields, for the server to send only what is needed.

use discovery_runtime::reflect::TypeInfo;
use discovery_runtime::spec::ItemsIn;

use super::Select;
use crate::schema::{self, Kind};

/// Maximum length of a mask, which is part of the URL.
const MAX_LENGTH: usize = 2000;

impl Select {
    /// Returns a mask of a response's fields that does not change what is selected; `None` if there
    /// is none.
    ///
    /// The mask follows lists, since servers keep their elements. It takes in objects, maps, and
    /// values of any type as a whole: servers differ in whether they leave out an object in which
    /// nothing is selected. Servers reject unknown names, so there is no mask with one.
    pub(crate) fn mask(&self, response: TypeInfo) -> Option<String> {
        self.fields(response).filter(|mask| mask.len() <= MAX_LENGTH)
    }

    /// Returns the mask of a selection that refers to the items of a list.
    pub(crate) fn mask_of_items(&self, items: ItemsIn, response: TypeInfo) -> Option<String> {
        match items {
            ItemsIn::List(name) => {
                let inside = self.for_items(items);
                Self { members: vec![(name.to_owned(), inside)] }.mask(response)
            }
            ItemsIn::Map(_) => None,
        }
    }

    fn fields(&self, ty: TypeInfo) -> Option<String> {
        let Kind::Object(known, None) = schema::kind(ty) else { return None };
        let mut names = Vec::new();
        let mut parts = Vec::new();
        for (typed, below) in &self.members {
            let field = schema::field(known, typed)?;
            if !is_word(field.name) || names.contains(&field.name) {
                return None;
            }
            names.push(field.name);
            let inside = match element(field.ty) {
                _ if below.is_leaf() => None,
                Some(element) => Some(below.fields(element)?),
                None if below.check(field.ty).is_some() => return None,
                None => None,
            };
            parts.push(match inside {
                Some(inside) => format!("{}({inside})", field.name),
                None => field.name.to_owned(),
            });
        }
        Some(parts.join(","))
    }
}

/// Returns the type of a list's elements, if they are objects without undeclared members.
fn element(ty: TypeInfo) -> Option<TypeInfo> {
    let Kind::List(of) = schema::kind(ty) else { return None };
    matches!(schema::kind(of), Kind::Object(_, None)).then_some(of)
}

/// Returns `true` if a name means itself in a mask.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use discovery_runtime::reflect::{EnumInfo, FieldInfo, SchemaInfo, Shape};
    use serde_json::{Map, Value, json};

    use super::*;

    const TEXT: TypeInfo = TypeInfo::String;
    static ENUM: EnumInfo = EnumInfo { rust_name: "E", values: &[] };
    static PLACE: SchemaInfo = SchemaInfo::object(
        "Place",
        "Place",
        "",
        &[field("city", TEXT), field("postalCode", TypeInfo::Int32)],
    );
    static OPEN: SchemaInfo = PLACE_LIKE.additional(TEXT);
    const PLACE_LIKE: SchemaInfo = SchemaInfo::object("Open", "Open", "", &[field("city", TEXT)]);
    static MAP: SchemaInfo = SchemaInfo::object("Map", "Map", "", &[]).additional(TEXT);
    static JOB: SchemaInfo = SchemaInfo::object(
        "Job",
        "Job",
        "",
        &[
            field("name", TEXT),
            field("displayName", TEXT),
            field("kind", TypeInfo::Enum(&ENUM)),
            field("place", TypeInfo::Object(&PLACE)),
            field("places", TypeInfo::List(&TypeInfo::Object(&PLACE))),
            field("open", TypeInfo::List(&TypeInfo::Object(&OPEN))),
            field("labels", TypeInfo::Object(&MAP)),
            field("tags", TypeInfo::List(&TEXT)),
            field("grid", TypeInfo::List(&TypeInfo::List(&TypeInfo::Object(&PLACE)))),
            field("detail", TypeInfo::Any),
            field("@type", TEXT),
        ],
    );
    static LIST: SchemaInfo = SchemaInfo {
        name: "List",
        rust_name: "List",
        description: "",
        shape: Shape::Object {
            fields: &[
                field("jobs", TypeInfo::List(&TypeInfo::Object(&JOB))),
                field("best", TypeInfo::Object(&JOB)),
                field("byKey", TypeInfo::Map(&TypeInfo::Object(&JOB))),
                field("nextPageToken", TEXT),
            ],
            additional: None,
        },
        deprecated: false,
    };
    const RESPONSE: TypeInfo = TypeInfo::Object(&LIST);

    const fn field(name: &'static str, ty: TypeInfo) -> FieldInfo {
        FieldInfo::new(name, name, ty, "")
    }

    fn mask(text: &str) -> Option<String> {
        Select::parse(text).unwrap().mask(RESPONSE)
    }

    #[test]
    fn masks_follow_lists_and_keep_the_rest_whole() {
        for (text, want) in [
            ("nextPageToken", Some("nextPageToken")),
            ("next-page-token,jobs.display_name", Some("nextPageToken,jobs(displayName)")),
            ("jobs[].name,jobs[].kind", Some("jobs(name,kind)")),
            ("jobs,jobs.name", Some("jobs(name)")),
            ("jobs[*].places[].city", Some("jobs(places(city))")),
            ("jobs.place.city", Some("jobs(place)")),
            ("best.name", Some("best")),
            ("byKey.any.name", Some("byKey")),
            ("jobs.labels[a/b],jobs.detail.x.y", Some("jobs(labels,detail)")),
            ("jobs.open.whatever,jobs.grid.city,jobs.tags", Some("jobs(open,grid,tags)")),
            // Unknown at any depth.
            ("nothing", None),
            ("jobs.nothing,nextPageToken", None),
            ("jobs.place.nothing", None),
            ("byKey.any.nothing", None),
            // Elements have no names.
            ("jobs[0].name", None),
            // Names that a mask cannot express, and two spellings of one.
            ("jobs.@type", None),
            ("jobs.displayName,jobs.display-name", None),
        ] {
            assert_eq!(mask(text).as_deref(), want, "{text}");
        }
        let items = |text: &str| {
            Select::parse(text).unwrap().mask_of_items(ItemsIn::List("jobs"), RESPONSE)
        };
        assert_eq!(items("name,place.city").as_deref(), Some("jobs(name,place)"));
        assert_eq!(items("jobs.name").as_deref(), Some("jobs(name)"));
        assert_eq!(items("nextPageToken"), None);
        let long: Vec<String> = (0..500).map(|n| format!("best[k{n}]")).collect();
        assert_eq!(mask(&long.join(",")), None);
    }

    /// Numbers that look random, and are the same in each run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(self.0 >> 33).unwrap() % end
        }

        fn document(&mut self, ty: TypeInfo) -> Value {
            match schema::kind(ty) {
                Kind::Object(known, more) => {
                    let mut members = Map::new();
                    for field in known {
                        if self.below(2) == 0 {
                            members.insert(field.name.to_owned(), self.document(field.ty));
                        }
                    }
                    if more.is_some() {
                        members.insert("extra".to_owned(), json!("e"));
                    }
                    Value::Object(members)
                }
                Kind::List(of) => (0..self.below(3)).map(|_| self.document(of)).collect(),
                Kind::Map(of) => json!({"k": self.document(of)}),
                Kind::Any => json!({"x": {"y": 1}, "z": 2}),
                Kind::Scalar(_) => json!("s"),
            }
        }

        fn path(&mut self, ty: TypeInfo) -> String {
            let next = match schema::kind(ty) {
                Kind::Object(known, _) => {
                    let field = &known[self.below(known.len())];
                    Some((field.name, field.ty))
                }
                Kind::List(of) => return self.path(of),
                Kind::Map(of) => Some(("k", of)),
                Kind::Any => Some(("x", TEXT)),
                Kind::Scalar(_) => None,
            };
            match next {
                Some((name, below)) if self.below(4) > 0 => {
                    let rest = self.path(below);
                    if rest.is_empty() { name.to_owned() } else { format!("{name}.{rest}") }
                }
                Some((name, _)) => name.to_owned(),
                None => String::new(),
            }
        }
    }

    /// Keeps what a mask selects, as a server does; `empty` is whether it prints an object of which
    /// nothing is selected.
    fn served(value: &Value, mask: &Select, empty: bool) -> Value {
        if mask.is_leaf() {
            return value.clone();
        }
        match value {
            Value::Array(items) => items.iter().map(|item| served(item, mask, empty)).collect(),
            Value::Object(members) => {
                let mut kept = Map::new();
                for (name, value) in members {
                    let Some((_, below)) = mask.members.iter().find(|(n, _)| n == name) else {
                        continue;
                    };
                    let value = served(value, below, empty);
                    if empty || below.is_leaf() || value != json!({}) {
                        kept.insert(name.clone(), value);
                    }
                }
                Value::Object(kept)
            }
            other => other.clone(),
        }
    }

    /// Reads a mask: a tree of names, as a selection is.
    fn tree(text: &str) -> Select {
        let (mut paths, mut at, mut name) = (Vec::new(), Vec::new(), String::new());
        for c in text.chars().chain([',']) {
            match c {
                '(' => at.push(std::mem::take(&mut name)),
                ',' | ')' => {
                    if !name.is_empty() {
                        let path: Vec<String> = at.iter().cloned().chain([name.clone()]).collect();
                        paths.push(path.join("."));
                        name.clear();
                    }
                    if c == ')' {
                        at.pop();
                    }
                }
                c => name.push(c),
            }
        }
        Select::parse(&paths.join(",")).unwrap()
    }

    #[test]
    fn servers_of_either_kind_send_what_is_selected() {
        let mut numbers = Numbers(7);
        let (mut masks, mut shorter) = (0, 0);
        for _ in 0..20_000 {
            let paths: Vec<String> =
                (0..1 + numbers.below(3)).map(|_| numbers.path(RESPONSE)).collect();
            let select = Select::parse(&paths.join(",")).unwrap();
            let Some(mask) = select.mask(RESPONSE) else { continue };
            let doc = numbers.document(RESPONSE);
            masks += 1;
            for empty in [true, false] {
                let sent = served(&doc, &tree(&mask), empty);
                shorter += usize::from(sent != doc);
                let (all, part) = (select.apply(&doc), select.apply(&sent));
                assert_eq!(all.to_string(), part.to_string(), "{paths:?} as {mask} of {doc}");
            }
        }
        assert!(masks > 5_000 && shorter > 5_000, "{masks} masks, {shorter} shorter answers");
    }
}
