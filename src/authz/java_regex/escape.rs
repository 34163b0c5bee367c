//! What stands after a backslash.

use super::NotPortable;
use super::code_points::CodePoints;
use super::parse::Parser;

const DIGIT: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[('\t', '\r'), (' ', ' ')];
const HORIZONTAL: &[(char, char)] = &[
    ('\t', '\t'),
    (' ', ' '),
    ('\u{A0}', '\u{A0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{180E}', '\u{180E}'),
    ('\u{2000}', '\u{200A}'),
    ('\u{202F}', '\u{202F}'),
    ('\u{205F}', '\u{205F}'),
    ('\u{3000}', '\u{3000}'),
];
const VERTICAL: &[(char, char)] = &[('\n', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')];

const UNKNOWN: NotPortable = NotPortable::because("an escape is not portable, or none of java's");

/// What an escape stands for.
#[derive(Debug)]
pub(super) enum Escaped {
    Character(char),
    Set(CodePoints),
    Begin,
    End,
    EndOrLastBreak,
}

/// Reads what follows a backslash. Word boundaries, back-references, Unicode's properties and the like depend on Java's
/// version, or on what was matched before.
pub(super) fn escape(parser: &mut Parser<'_>) -> Result<Escaped, NotPortable> {
    let set = |ranges: &[(char, char)]| Ok(Escaped::Set(CodePoints::of(ranges)));
    let all_but = |ranges: &[(char, char)]| Ok(Escaped::Set(CodePoints::of(ranges).complement()));
    match parser.plain()? {
        'd' => set(DIGIT),
        'D' => all_but(DIGIT),
        'w' => set(WORD),
        'W' => all_but(WORD),
        's' => set(SPACE),
        'S' => all_but(SPACE),
        'h' => set(HORIZONTAL),
        'H' => all_but(HORIZONTAL),
        // At the beginning of a range it is one character.
        'v' if !parser.is_at(0, '-') => set(VERTICAL),
        'V' => all_but(VERTICAL),
        'p' => property(parser).map(Escaped::Set),
        'P' => property(parser).map(|set| Escaped::Set(set.complement())),
        'A' => Ok(Escaped::Begin),
        'z' => Ok(Escaped::End),
        'Z' => Ok(Escaped::EndOrLastBreak),
        't' => Ok(Escaped::Character('\t')),
        'n' => Ok(Escaped::Character('\n')),
        'r' => Ok(Escaped::Character('\r')),
        'f' => Ok(Escaped::Character('\u{C}')),
        'a' => Ok(Escaped::Character('\u{7}')),
        'e' => Ok(Escaped::Character('\u{1B}')),
        '0' => octal(parser),
        'x' => hexadecimal(parser),
        'u' => unicode(parser),
        letter if letter.is_ascii_alphanumeric() => Err(UNKNOWN),
        other => character(u32::from(other)),
    }
}

fn character(point: u32) -> Result<Escaped, NotPortable> {
    match char::from_u32(point) {
        None => Err(NotPortable::because("half a surrogate pair, or no character")),
        Some('\0') => Err(NotPortable::because("it has a NUL")),
        Some(character) => Ok(Escaped::Character(character)),
    }
}

/// One to three digits, after `\0`; the value is below 256.
fn octal(parser: &mut Parser<'_>) -> Result<Escaped, NotPortable> {
    let mut value = 0;
    for place in 0..3 {
        let digit =
            parser.look(0).filter(|token| !token.quoted).and_then(|token| token.character.to_digit(8));
        match digit {
            Some(digit) if value * 8 + digit < 256 => value = value * 8 + digit,
            _ if place == 0 => return Err(UNKNOWN),
            _ => break,
        }
        parser.next();
    }
    character(value)
}

/// Two digits, or some in braces, after `\x`.
fn hexadecimal(parser: &mut Parser<'_>) -> Result<Escaped, NotPortable> {
    if !parser.take('{') {
        return character(digits(parser, 2)?);
    }
    let mut value = 0_u32;
    let mut count = 0;
    loop {
        match parser.plain()? {
            '}' if count > 0 => return character(value),
            digit if count < 8 => value = value.checked_mul(16).ok_or(UNKNOWN)? | hex(digit)?,
            _ => return Err(UNKNOWN),
        }
        count += 1;
    }
}

/// Four digits, after `\u`; two such escapes can be one character.
fn unicode(parser: &mut Parser<'_>) -> Result<Escaped, NotPortable> {
    let high = digits(parser, 4)?;
    if !(0xD800..0xDC00).contains(&high) {
        return character(high);
    }
    if !(parser.take('\\') && parser.take('u')) {
        return character(high);
    }
    let low = digits(parser, 4)?;
    if !(0xDC00..0xE000).contains(&low) {
        return character(high);
    }
    character(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
}

fn digits(parser: &mut Parser<'_>, count: u32) -> Result<u32, NotPortable> {
    (0..count).try_fold(0, |value, _| Ok(value * 16 + hex(parser.plain()?)?))
}

fn hex(digit: char) -> Result<u32, NotPortable> {
    digit.to_digit(16).ok_or(UNKNOWN)
}

/// `{Name}`, after `\p`: those of POSIX, which are ASCII.
fn property(parser: &mut Parser<'_>) -> Result<CodePoints, NotPortable> {
    const UNICODE: NotPortable =
        NotPortable::because("a property of characters depends on the version of unicode");
    if !parser.take('{') {
        return Err(UNICODE);
    }
    let mut name = String::new();
    loop {
        match parser.plain()? {
            '}' => break,
            letter => name.push(letter),
        }
    }
    let ranges: &[(char, char)] = match name.as_str() {
        "Lower" | "Upper" if parser.flags.any_case => {
            return Err(NotPortable::because("case of letters in any case depends on java's version"));
        }
        "Lower" => &[('a', 'z')],
        "Upper" => &[('A', 'Z')],
        "ASCII" => &[('\0', '\u{7F}')],
        "Alpha" => &[('A', 'Z'), ('a', 'z')],
        "Digit" => DIGIT,
        "Alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "Punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "Graph" => &[('!', '~')],
        "Print" => &[(' ', '~')],
        "Blank" => &[('\t', '\t'), (' ', ' ')],
        "Cntrl" => &[('\0', '\u{1F}'), ('\u{7F}', '\u{7F}')],
        "XDigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        "Space" => SPACE,
        _ => return Err(UNICODE),
    };
    Ok(CodePoints::of(ranges))
}
