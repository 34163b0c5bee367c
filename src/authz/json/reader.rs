//! Reads JSON text.

use super::number::as_java;
use super::{Json, NotRead};

/// Deeper is not looked at: Jackson goes to 1000, and no claim does.
const MAX_DEPTH: usize = 100;

/// A text and a place in it.
pub(super) struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    /// Whether numbers become what Java makes of them.
    java_numbers: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, java_numbers: bool) -> Self {
        Self { rest: text, depth: 0, java_numbers }
    }

    /// Whether nothing but white space follows.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest.is_empty()
    }

    /// Whether white space follows, or nothing.
    pub(super) fn is_at_blank(&self) -> bool {
        self.rest.is_empty() || self.rest.starts_with(is_blank)
    }

    pub(super) fn value(&mut self) -> Result<Json, NotRead> {
        self.skip_blanks();
        match self.rest.as_bytes().first() {
            Some(b'{') => self.deeper(Self::object),
            Some(b'[') => self.deeper(Self::array),
            Some(b'"') => Ok(Json::Text(self.text()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => Err(NotRead::NotJson),
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Json, NotRead>) -> Result<Json, NotRead> {
        if self.depth >= MAX_DEPTH {
            return Err(NotRead::Unsure);
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Json, NotRead> {
        self.take('{')?;
        let mut members: Vec<(Box<str>, Json)> = Vec::new();
        if self.takes('}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_blanks();
            let name = self.text()?;
            self.take(':')?;
            let value = self.value()?;
            match members.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => members.push((name, value)),
            }
            if self.takes('}') {
                return Ok(Json::Object(members));
            }
            self.take(',')?;
        }
    }

    fn array(&mut self) -> Result<Json, NotRead> {
        self.take('[')?;
        let mut elements = Vec::new();
        if self.takes(']') {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            if self.takes(']') {
                return Ok(Json::Array(elements));
            }
            self.take(',')?;
        }
    }

    fn word(&mut self) -> Result<Json, NotRead> {
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))]
        {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return if self.is_at_border() { Ok(value) } else { Err(NotRead::NotJson) };
            }
        }
        Err(NotRead::NotJson)
    }

    fn number(&mut self) -> Result<Json, NotRead> {
        let all = self.rest;
        self.rest = all.strip_prefix('-').unwrap_or(all);
        let whole = self.digits();
        if whole == 0 || (whole > 1 && all.trim_start_matches('-').starts_with('0')) {
            return Err(NotRead::NotJson);
        }
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            if self.digits() == 0 {
                return Err(NotRead::NotJson);
            }
        }
        if let Some(rest) = self.rest.strip_prefix(['e', 'E']) {
            self.rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
            if self.digits() == 0 {
                return Err(NotRead::NotJson);
            }
        }
        if !self.is_at_border() {
            return Err(NotRead::NotJson);
        }
        let spelling = all.get(..all.len() - self.rest.len()).unwrap_or_default();
        let spelling: Box<str> = if self.java_numbers { as_java(spelling)?.into() } else { spelling.into() };
        Ok(Json::Number(spelling))
    }

    fn digits(&mut self) -> usize {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = self.rest.len() - rest.len();
        self.rest = rest;
        digits
    }

    /// A number or a word ends before white space, a comma, a bracket, or the end.
    fn is_at_border(&self) -> bool {
        self.is_at_blank() || self.rest.starts_with([',', ']', '}'])
    }

    fn text(&mut self) -> Result<Box<str>, NotRead> {
        let rest = self.rest.strip_prefix('"').ok_or(NotRead::NotJson)?;
        // Most texts have no escape.
        let end = rest.find(['"', '\\']).ok_or(NotRead::NotJson)?;
        let (plain, after) = rest.split_at_checked(end).ok_or(NotRead::NotJson)?;
        if plain.bytes().any(|byte| byte < b' ') {
            return Err(NotRead::NotJson);
        }
        if let Some(after) = after.strip_prefix('"') {
            self.rest = after;
            return Ok(plain.into());
        }
        let mut text = plain.to_owned();
        self.rest = after;
        loop {
            let mut chars = self.rest.chars();
            let c = chars.next().ok_or(NotRead::NotJson)?;
            self.rest = chars.as_str();
            match c {
                '"' => return Ok(text.into()),
                '\\' => text.push(self.escape()?),
                c if c < ' ' => return Err(NotRead::NotJson),
                c => text.push(c),
            }
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Result<char, NotRead> {
        let mut chars = self.rest.chars();
        let c = chars.next().ok_or(NotRead::NotJson)?;
        self.rest = chars.as_str();
        Ok(match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.unit()?;
                if !(0xD800..0xE000).contains(&unit) {
                    return char::from_u32(u32::from(unit)).ok_or(NotRead::Unsure);
                }
                self.rest = self.rest.strip_prefix("\\u").ok_or(NotRead::Unsure)?;
                let pair = [unit, self.unit()?];
                match char::decode_utf16(pair).next() {
                    Some(Ok(c)) => c,
                    _ => return Err(NotRead::Unsure),
                }
            }
            _ => return Err(NotRead::NotJson),
        })
    }

    fn unit(&mut self) -> Result<u16, NotRead> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(NotRead::NotJson)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotRead::NotJson);
        }
        self.rest = rest;
        u16::from_str_radix(digits, 16).map_err(|_| NotRead::NotJson)
    }

    fn take(&mut self, c: char) -> Result<(), NotRead> {
        if self.takes(c) { Ok(()) } else { Err(NotRead::NotJson) }
    }

    fn takes(&mut self, c: char) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(is_blank);
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
