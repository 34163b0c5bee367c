//! The members that have no slot: where they stand, so that a plain text among them is found without a tree.

/// A part of the JSON, by its bytes.
#[derive(Clone, Copy)]
pub(super) struct Place {
    begin: usize,
    end: usize,
}

impl Place {
    /// Where `part` lies in `json`, if it is borrowed from there and no copy.
    pub(super) fn of(part: &str, json: &str) -> Option<Self> {
        let begin = part.as_ptr().addr().checked_sub(json.as_ptr().addr())?;
        let place = Self { begin, end: begin.checked_add(part.len())? };
        // The same bytes at the same place.
        (place.within(json)? == part).then_some(place)
    }

    fn within(self, json: &str) -> Option<&str> {
        json.get(self.begin..self.end)
    }
}

/// The members without a slot, in their order.
#[derive(Default)]
pub(in crate::token::claims) struct Others {
    /// Each name, and the value if that is a string without escapes.
    members: Vec<(Place, Option<Place>)>,
    /// A name has escapes, so that it cannot be told by bytes which there are.
    escaped: bool,
}

/// What is known of a claim without reading the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glance<'a> {
    /// There is none.
    Absent,
    /// A string.
    Text(&'a str),
    /// There may be one; [`Principal::claim`](crate::token::Principal::claim) tells.
    Unclear,
}

impl Others {
    pub(super) fn note(&mut self, name: Option<Place>, text: Option<Place>) {
        match name {
            Some(name) => self.members.push((name, text)),
            None => self.escaped = true,
        }
    }

    /// `json` must be the text that was read.
    pub(in crate::token::claims) fn glance<'a>(&self, name: &str, json: &'a str) -> Glance<'a> {
        match self.members.iter().find(|(place, _)| place.within(json) == Some(name)) {
            Some((_, text)) => text.and_then(|text| text.within(json)).map_or(Glance::Unclear, Glance::Text),
            None if self.escaped => Glance::Unclear,
            None => Glance::Absent,
        }
    }
}
