//! Lists that the server gives in pages.

use std::collections::VecDeque;

use futures_util::stream::{Stream, TryStreamExt, try_unfold};
use serde_json::Value;

use super::location::Location;
use crate::connection::{CallError, Query};

/// The length of a page.
pub const PAGE_SIZE: usize = 100;

/// A list that is fetched page by page, as it is read.
#[derive(Clone, Debug)]
pub struct Pages {
    location: Location,
    query: Query,
    only: Option<(&'static str, String)>,
}

/// Where the reader is.
struct Place {
    pages: Pages,
    ready: VecDeque<Value>,
    next: Option<usize>,
}

impl Pages {
    pub(super) fn new(location: Location, query: Query) -> Self {
        Self { location, query, only: None }
    }

    /// Just the items that have this text as a member, where the server gives others too.
    pub(super) fn only(mut self, member: &'static str, text: &str) -> Self {
        self.only = Some((member, text.to_owned()));
        self
    }

    /// The items, one after another. The next page is fetched when it is needed; a page that is shorter than
    /// [`PAGE_SIZE`] is the last. With `first` or `max` in the query it is just that page.
    pub fn stream(self) -> impl Stream<Item = Result<Value, CallError>> + Send {
        let place = Place { pages: self, ready: VecDeque::new(), next: Some(0) };
        try_unfold(place, |mut place| async move {
            loop {
                if let Some(item) = place.ready.pop_front() {
                    return Ok(Some((item, place)));
                }
                let Some(page) = place.next else { return Ok(None) };
                let items = place.pages.page(page).await?;
                place.next = (!place.pages.is_one() && items.len() >= PAGE_SIZE).then_some(page + 1);
                place.ready = items.into_iter().filter(|item| place.pages.has(item)).collect();
            }
        })
    }

    /// All items.
    pub async fn all(self) -> Result<Vec<Value>, CallError> {
        self.stream().try_collect().await
    }

    async fn page(&self, page: usize) -> Result<Vec<Value>, CallError> {
        let query = if self.is_one() {
            self.query.clone()
        } else {
            self.query.clone().with("first", page * PAGE_SIZE).with("max", PAGE_SIZE)
        };
        match self.location.get_with(query).await? {
            Value::Array(items) => Ok(items),
            _ => Ok(Vec::new()),
        }
    }

    fn has(&self, item: &Value) -> bool {
        self.only
            .as_ref()
            .is_none_or(|(member, text)| item.get(*member).and_then(Value::as_str) == Some(text.as_str()))
    }

    fn is_one(&self) -> bool {
        self.query.has("first") || self.query.has("max")
    }
}
