//! What a realm's user profile dropped.

use serde_json::{Map, Value};

use super::Users;

/// Attributes that the server takes, and gives back as members of the user.
const IS_MEMBER: [&str; 4] = ["username", "email", "firstName", "lastName"];

impl Users {
    /// Warns of attributes that were sent and are not there. They are named, their values are not.
    pub(super) async fn report_dropped(&self, id: &str, sent: &Value) {
        let Some(sent) = attributes(sent).filter(|sent| !sent.is_empty()) else { return };
        // Who may write may not be allowed to read; the write is done all the same.
        let Ok(user) = self.get(id).await else { return };
        let dropped = dropped(sent, attributes(&user));
        if !dropped.is_empty() {
            tracing::warn!(
                user.id = id,
                user.attributes = dropped.join(", "),
                "the user profile of the realm dropped attributes that it does not know"
            );
        }
    }
}

fn attributes(user: &Value) -> Option<&Map<String, Value>> {
    user.get("attributes").and_then(Value::as_object)
}

fn dropped<'a>(sent: &'a Map<String, Value>, kept: Option<&Map<String, Value>>) -> Vec<&'a str> {
    let gone = sent.iter().filter(|(name, value)| {
        has_content(value)
            && !IS_MEMBER.contains(&name.as_str())
            && kept.is_none_or(|kept| !kept.contains_key(*name))
    });
    gone.map(|(name, _)| name.as_str()).collect()
}

/// Whether it is more than the wish to take an attribute away.
fn has_content(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => !values.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
