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
}

/// Where the reader is.
struct Place {
    pages: Pages,
    ready: VecDeque<Value>,
    next: Option<usize>,
}

impl Pages {
    pub(super) fn new(location: Location, query: Query) -> Self {
        Self { location, query }
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
                place.ready = place.pages.page(page).await?.into();
                place.next = (!place.pages.is_one() && place.ready.len() >= PAGE_SIZE).then_some(page + 1);
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

    fn is_one(&self) -> bool {
        self.query.has("first") || self.query.has("max")
    }
}
