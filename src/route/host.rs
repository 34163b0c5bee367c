//! Which hosts a route serves.

/// A host of a route: exact, or `*.example.com`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostPattern {
    _doors_only: (),
}

impl HostPattern {
    /// Parses `shop.example.com` or `*.example.com`; any case, no port.
    pub fn parse(text: &str) -> Result<Self, String> {
        let _ = text;
        todo!()
    }
}
