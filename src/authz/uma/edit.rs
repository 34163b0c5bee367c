//! What Keycloak does to the values of a form before it looks at them.

/// The text that stands for an escape character.
const ESCAPE_TEXT: &str = "%1B";

/// The value as Keycloak reads it; `None`: that is not certain.
///
/// In this order, one pass each: terminal escape sequences (ESC `[` digits and semicolons, a letter; also with the text
/// `%1B` for ESC), the text of percent-escapes of control characters, control characters, and what then still looks like
/// the rest of a colour (`[`, digits and semicolons, `m`).
pub(super) fn edited(value: &str) -> Option<String> {
    if !value.contains(|c: char| c.is_ascii_control() || c == '%' || c == '[') {
        return Some(value.to_owned());
    }
    let upper = finished(without_sequences(value, |at| {
        at.strip_prefix('\u{1b}').or_else(|| at.strip_prefix(ESCAPE_TEXT))
    }));
    // Whether the case of `%1B` matters is not known.
    let any_case = finished(without_sequences(value, |at| {
        at.strip_prefix('\u{1b}').or_else(|| {
            let (text, rest) = at.split_at_checked(ESCAPE_TEXT.len())?;
            text.eq_ignore_ascii_case(ESCAPE_TEXT).then_some(rest)
        })
    }));
    (upper == any_case).then_some(upper)
}

fn finished(text: String) -> String {
    let text = without(&text, control_escape);
    let text: String = text.chars().filter(|c| !c.is_ascii_control()).collect();
    without(&text, colour)
}

fn without_sequences(value: &str, escape: impl Fn(&str) -> Option<&str>) -> String {
    without(value, |at| {
        let rest =
            escape(at)?.strip_prefix('[')?.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        rest.strip_prefix(|c: char| c.is_ascii_alphabetic())
    })
}

/// `%00` to `%1F`, and `%7F`.
fn control_escape(at: &str) -> Option<&str> {
    let (digits, rest) = at.strip_prefix('%')?.split_at_checked(2)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    (code < 0x20 || code == 0x7f).then_some(rest)
}

/// `[`, digits and semicolons, `m`.
fn colour(at: &str) -> Option<&str> {
    at.strip_prefix('[')?.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m')
}

/// The text without what is matched: `matched` says what follows a match.
fn without(text: &str, matched: impl Fn(&str) -> Option<&str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        if let Some(after) = matched(rest) {
            rest = after;
            continue;
        }
        let mut chars = rest.chars();
        match chars.next() {
            Some(c) => out.push(c),
            None => return out,
        }
        rest = chars.as_str();
    }
}

#[cfg(test)]
mod tests;
