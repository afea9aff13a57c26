//! Query strings.

use std::borrow::Cow;
use std::fmt::Display;

use crate::percent::encode;

type Name = Cow<'static, str>;

/// Query parameters, in insertion order.
#[derive(Clone, Default)]
pub(crate) struct Query {
    pairs: Vec<(Name, String)>,
}

impl Query {
    /// Sets a parameter, replacing earlier values.
    pub(crate) fn set(&mut self, name: impl Into<Name>, value: &dyn Display) {
        let name = name.into();
        self.remove(&name);
        self.pairs.push((name, value.to_string()));
    }

    /// Adds a value to a parameter: `k=a&k=b`.
    pub(crate) fn add(&mut self, name: impl Into<Name>, value: &dyn Display) {
        self.pairs.push((name.into(), value.to_string()));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.pairs.retain(|(other, _)| other != name);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.pairs.iter().filter(|(other, _)| other == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Adds the parameters of `other` whose names are not present.
    pub(crate) fn merge(&mut self, other: &Self) {
        let free = |pair: &&(Name, String)| self.pairs.iter().all(|(name, _)| *name != pair.0);
        let added: Vec<(Name, String)> = other.pairs.iter().filter(free).cloned().collect();
        self.pairs.extend(added);
    }

    /// Appends the query to `url`.
    pub(crate) fn append_to(&self, url: &mut String) {
        let mut writer = UrlQuery::new(url);
        self.pairs.iter().for_each(|(name, value)| writer.append(name, value));
    }

    /// Returns the parameters whose names are not in `taken`.
    pub(crate) fn free<'q>(&'q self, taken: &'q Self) -> impl Iterator<Item = (&'q str, &'q str)> {
        let free = self.pairs.iter().filter(|(name, _)| taken.get(name).is_none());
        free.map(|(name, value)| (&**name, value.as_str()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (&**name, value.as_str()))
    }
}

/// Appends parameters to a URL.
pub(crate) struct UrlQuery<'u> {
    url: &'u mut String,
    separator: char,
}

impl<'u> UrlQuery<'u> {
    pub(crate) fn new(url: &'u mut String) -> Self {
        let separator = if url.contains('?') { '&' } else { '?' };
        Self { url, separator }
    }

    pub(crate) fn append(&mut self, name: &str, value: &str) {
        self.url.push(self.separator);
        self.separator = '&';
        encode(name, false, self.url);
        self.url.push('=');
        encode(value, true, self.url);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(query: &Query) -> String {
        let mut url = String::from("u");
        query.append_to(&mut url);
        url
    }

    #[test]
    fn sets_adds_and_encodes() {
        let mut query = Query::default();
        assert_eq!(text(&query), "u");
        query.set("filter", &"a = \"b c\" & d+e%");
        query.set("endDate.day", &3);
        query.set("$.xgafv", &2);
        query.add("part", &"a,b");
        query.add("part", &"é");
        let all = "u?filter=a%20%3D%20%22b%20c%22%20%26%20d%2Be%25&endDate.day=3&%24.xgafv=2\
                   &part=a%2Cb&part=%C3%A9";
        assert_eq!(text(&query), all);
        query.set("part", &"z");
        query.remove("filter");
        assert_eq!(text(&query), "u?endDate.day=3&%24.xgafv=2&part=z");
        assert_eq!(query.get("part"), Some("z"));
        assert_eq!(query.get("filter"), None);
    }

    #[test]
    fn an_empty_value_is_sent() {
        let mut query = Query::default();
        query.set("pageToken", &"");
        assert_eq!(text(&query), "u?pageToken=");
    }

    #[test]
    fn goes_on_after_a_query() {
        let mut query = Query::default();
        query.set("a", &1);
        let mut url = String::from("u?b=2");
        query.append_to(&mut url);
        assert_eq!(url, "u?b=2&a=1");
    }
}
