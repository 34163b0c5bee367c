//! A text with placeholders.

use http::header::COOKIE;
use url::form_urlencoded;

use super::ClaimFacts;

/// A text of a claim.
#[derive(Clone, Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Fact(Fact),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    Header(String),
    Parameter(String),
    Cookie(String),
    Uri,
    RelativePath,
    Method,
    RemoteAddress,
    IsSecure,
}

impl Template {
    /// Parses; the error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((placeholder, behind)) = after.split_once('}') else {
                return Err(format!("a placeholder in `{text}` has no `}}`"));
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Fact(Fact::parse(placeholder)?));
            rest = behind;
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The values. A placeholder with none or several values is the whole answer, whatever stands beside it: the policy
    /// enforcer has it so.
    pub(super) fn values(&self, facts: &ClaimFacts<'_>) -> Vec<String> {
        let mut whole = String::new();
        let mut has_placeholder = false;
        for part in &self.parts {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Fact(fact) => {
                    has_placeholder = true;
                    let values = fact.values(facts);
                    match values.as_slice() {
                        [one] => whole.push_str(one),
                        _ => return values,
                    }
                }
            }
        }
        // It trims what it has put values into.
        vec![if has_placeholder { whole.trim().to_owned() } else { whole }]
    }
}

impl Fact {
    fn parse(placeholder: &str) -> Result<Self, String> {
        let unknown = || format!("placeholder `{{{placeholder}}}` is not supported");
        let fact = placeholder.strip_prefix("request.").ok_or_else(unknown)?;
        if fact.starts_with("body") {
            return Err(format!(
                "placeholder `{{{placeholder}}}` is not supported: no decision reads the body"
            ));
        }
        if let Some((kind, argument)) = fact.split_once('[') {
            let name = argument.strip_suffix(']').map(|name| name.trim_matches(['\'', '"']));
            let name = name.filter(|name| !name.is_empty()).ok_or_else(unknown)?.to_owned();
            return match kind {
                "header" => Ok(Self::Header(name)),
                "parameter" => Ok(Self::Parameter(name)),
                "cookie" => Ok(Self::Cookie(name)),
                _ => Err(unknown()),
            };
        }
        match fact {
            "uri" => Ok(Self::Uri),
            "relativePath" => Ok(Self::RelativePath),
            "method" => Ok(Self::Method),
            "remoteAddr" => Ok(Self::RemoteAddress),
            "secure" | "isSecure" => Ok(Self::IsSecure),
            _ => Err(unknown()),
        }
    }

    fn values(&self, facts: &ClaimFacts<'_>) -> Vec<String> {
        match self {
            Self::Header(name) => facts.headers.get_all(name.as_str()).iter().map(text).collect(),
            Self::Parameter(name) => {
                let pairs = form_urlencoded::parse(facts.query.unwrap_or_default().as_bytes());
                pairs.filter(|(own, _)| own == name).map(|(_, value)| value.into_owned()).take(1).collect()
            }
            Self::Cookie(name) => {
                let fields: Vec<String> = facts.headers.get_all(COOKIE).iter().map(text).collect();
                let pairs =
                    fields.iter().flat_map(|field| field.split(';')).filter_map(|pair| pair.split_once('='));
                let values =
                    pairs.filter(|(own, _)| own.trim() == name).map(|(_, value)| value.trim().to_owned());
                values.take(1).collect()
            }
            Self::Uri => vec![facts.uri.to_owned()],
            Self::RelativePath => vec![facts.path.to_owned()],
            Self::Method => vec![facts.method.as_str().to_owned()],
            Self::RemoteAddress => facts.remote_address.iter().map(ToString::to_string).collect(),
            Self::IsSecure => vec![facts.is_secure.to_string()],
        }
    }
}

/// As Java reads it: a byte is a character of ISO 8859-1.
fn text(value: &http::HeaderValue) -> String {
    value.as_bytes().iter().copied().map(char::from).collect()
}
