//! Pagination of lists ([AIP-158](https://google.aip.dev/158)).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::ApiError;
use crate::names::fnv64;

/// Page size limits of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRules {
    /// Page size if the request has none, or 0.
    pub default: usize,
    /// Maximum page size; larger requested sizes are reduced to it.
    pub max: usize,
    /// Whether a negative size selects the default. Otherwise it is rejected.
    pub negative_is_default: bool,
}

impl Default for PageRules {
    fn default() -> Self {
        Self { default: 50, max: 1000, negative_is_default: false }
    }
}

impl PageRules {
    /// Returns the page size for the requested size.
    pub(crate) fn size(&self, requested: Option<i64>) -> Result<usize, ApiError> {
        match requested {
            None | Some(0) => Ok(self.default),
            Some(size) if size < 0 && self.negative_is_default => Ok(self.default),
            Some(size) => match usize::try_from(size) {
                Ok(size) => Ok(size.min(self.max)),
                Err(_) => Err(ApiError::invalid(
                    "page_size",
                    format!("Page size must not be negative, but is {size}."),
                )),
            },
        }
    }
}

/// Page size and page token of a request.
#[derive(Clone, Debug)]
pub struct Paging {
    pub(crate) size: usize,
    pub(crate) token: Option<String>,
    /// Hash of what must be equal for all pages: method, parent, filter, and order.
    pub(crate) scope: u64,
}

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// Items of the page.
    pub items: Vec<T>,
    /// Token of the next page; `None` on the last page.
    pub next: Option<String>,
    /// Number of items on all pages.
    pub total: usize,
}

/// The position where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    scope: u64,
    /// Number of the last item.
    after: u64,
    /// Index of the next item.
    index: u64,
}

impl Paging {
    /// Sets the index of the first item; a page token takes precedence.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` for a token that was issued for another request.
    pub fn cut<T>(
        &self,
        mut items: Vec<T>,
        offset: usize,
        number: impl Fn(&T) -> u64,
    ) -> Result<Page<T>, ApiError> {
        let total = items.len();
        let start = match self.token.as_deref().filter(|token| !token.is_empty()) {
            None => offset.min(total),
            Some(text) => Token::read(text, self.scope)?.start(&items, &number),
        };
        let end = start.saturating_add(self.size).min(total);
        items.truncate(end);
        let page = items.split_off(start.min(end));
        let last = page.last().map(&number).filter(|_| end < total);
        let next = last.map(|after| {
            Token { scope: self.scope, after, index: u64::try_from(end).unwrap_or(u64::MAX) }
                .write()
        });
        Ok(Page { items: page, next, total })
    }
}

impl Token {
    /// Returns the index of the first item of the next page. Items created or deleted between pages
    /// neither repeat nor skip others: in order of creation, the page starts at the next greater
    /// number; in any other order, after the last item if it still exists.
    fn start<T>(&self, items: &[T], number: &impl Fn(&T) -> u64) -> usize {
        let len = items.len();
        if items.is_sorted_by_key(number) {
            return items.iter().position(|item| number(item) > self.after).unwrap_or(len);
        }
        match items.iter().position(|item| number(item) == self.after) {
            Some(last) => last + 1,
            None => usize::try_from(self.index).map_or(len, |index| index.min(len)),
        }
    }

    fn write(self) -> String {
        let mut bytes = Vec::with_capacity(32);
        for part in [self.scope, self.after, self.index, self.check()] {
            bytes.extend(part.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(text: &str, scope: u64) -> Result<Self, ApiError> {
        let token = Self::decode(text).ok_or_else(|| {
            ApiError::invalid("page_token", "The page token was not issued by this server.")
        })?;
        if token.scope == scope {
            return Ok(token);
        }
        let text = "The page token belongs to another request: all parameters but the page size \
                    must be the same.";
        Err(ApiError::invalid("page_token", text))
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let parts: Vec<u64> = bytes
            .chunks(8)
            .map(|chunk| chunk.try_into().map(u64::from_be_bytes))
            .collect::<Result<_, _>>()
            .ok()?;
        let [scope, after, index, check] = parts[..] else { return None };
        let token = Self { scope, after, index };
        (token.check() == check).then_some(token)
    }

    fn check(self) -> u64 {
        fnv64([format!("{:x}.{:x}.{:x}", self.scope, self.after, self.index).as_str()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paging(size: usize, token: Option<String>) -> Paging {
        Paging { size, token, scope: 7 }
    }

    proptest! {
        /// Following the tokens returns every item once, in any order and with any page size.
        #[test]
        fn pages_add_up(mut items in prop::collection::btree_set(any::<u64>(), 0..40)
            .prop_map(|set| set.into_iter().collect::<Vec<u64>>()).prop_shuffle(),
            sizes in prop::collection::vec(1usize..7, 1..6), sorted in any::<bool>(),
        ) {
            if sorted {
                items.sort_unstable();
            }
            let (mut seen, mut token) = (Vec::new(), None);
            for size in sizes.iter().cycle() {
                let page = paging(*size, token).cut(items.clone(), 0, |n| *n).unwrap();
                prop_assert_eq!(page.total, items.len());
                prop_assert!(page.items.len() <= *size);
                seen.extend(page.items);
                token = page.next;
                if token.is_none() {
                    break;
                }
            }
            prop_assert_eq!(seen, items);
        }

        #[test]
        fn random_text_is_not_a_token(text in ".*") {
            prop_assert!(paging(1, Some(text.clone())).cut(vec![1, 2], 0, |n| *n).is_err() || text.is_empty());
        }
    }

    #[test]
    fn a_change_between_pages_neither_repeats_nor_skips() {
        let first = paging(2, None).cut(vec![1, 2, 3, 4, 5], 0, |n| *n).unwrap();
        assert_eq!(first.items, [1, 2]);
        let second = paging(2, first.next.clone()).cut(vec![1, 3, 4, 5, 6], 0, |n| *n).unwrap();
        assert_eq!(second.items, [3, 4]);
        let other_scope = Paging { scope: 8, ..paging(2, first.next) };
        assert!(other_scope.cut(vec![1, 2, 3], 0, |n| *n).is_err());
    }

    #[test]
    fn page_sizes_are_limited() {
        let rules = PageRules { default: 10, max: 100, negative_is_default: false };
        assert_eq!(rules.size(None).unwrap(), 10);
        assert_eq!(rules.size(Some(0)).unwrap(), 10);
        assert_eq!(rules.size(Some(7)).unwrap(), 7);
        assert_eq!(rules.size(Some(5000)).unwrap(), 100);
        assert!(rules.size(Some(-1)).is_err());
        let lenient = PageRules { negative_is_default: true, ..rules };
        assert_eq!(lenient.size(Some(-1)).unwrap(), 10);
    }
}
