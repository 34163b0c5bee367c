//! References in the texts of wanted state: `${env:NAME}` and `${file:PATH}`.

use std::path::Path;

use secrecy::ExposeSecret;
use serde_json::Value;

use super::hidden::Hidden;
use crate::config::SecretRef;

/// Puts what is referred to in the place of each reference, and keeps it as something that must not be shown. A relative
/// path starts at `folder`. `$${env:NAME}` stands for `${env:NAME}` itself, and any other `${...}` for itself.
///
/// Every reference that cannot be read is in the error, with the place of the text.
pub(super) fn resolve(content: &mut Value, folder: &Path) -> Result<Hidden, Vec<String>> {
    let mut hidden = Hidden::default();
    let mut faults = Vec::new();
    walk(content, "", &mut |place, text| match resolved(text, folder, &mut hidden) {
        Ok(new) => *text = new,
        Err(fault) => faults.push(format!("`{place}`: {fault}")),
    });
    if faults.is_empty() { Ok(hidden) } else { Err(faults) }
}

fn walk(value: &mut Value, place: &str, found: &mut impl FnMut(&str, &mut String)) {
    let below = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Value::String(text) => found(place, text),
        Value::Array(items) => {
            items.iter_mut().enumerate().for_each(|(number, item)| {
                walk(item, &below(&number.to_string()), found);
            });
        }
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, value)| walk(value, &below(name), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn resolved(text: &str, folder: &Path, hidden: &mut Hidden) -> Result<String, String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let is_reference = after.starts_with("env:") || after.starts_with("file:");
        let Some((reference, behind)) = after.split_once('}').filter(|_| is_reference) else {
            out.push_str(before);
            out.push_str("${");
            rest = after;
            continue;
        };
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(&format!("{before}${{{reference}}}"));
        } else {
            let secret = reference
                .parse::<SecretRef>()
                .map_err(|_| format!("`${{{reference}}}` names nothing"))?
                .read(folder)?;
            out.push_str(before);
            out.push_str(secret.expose_secret());
            hidden.add(secret);
        }
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests;
