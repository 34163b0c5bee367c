//! Character classes: unions, intersections, nested ones.

use super::NotPortable;
use super::code_points::CodePoints;
use super::escape::{self, Escaped};
use super::parse::Parser;
use super::token::Token;

const UNCLOSED: NotPortable = NotPortable::because("a `[` has no `]`");

/// A class, after its `[`, with its `]`. A `^` negates all of it, intersections too (Java 9 and later).
pub(super) fn class(parser: &mut Parser<'_>) -> Result<CodePoints, NotPortable> {
    let negated = parser.take('^');
    let set = members(parser)?;
    if !parser.take(']') {
        return Err(UNCLOSED);
    }
    Ok(if negated { set.complement() } else { set })
}

/// Up to the `]`, which is a member if it is the first.
fn members(parser: &mut Parser<'_>) -> Result<CodePoints, NotPortable> {
    let mut set: Option<CodePoints> = None;
    while !(set.is_some() && parser.is_at(0, ']')) {
        if parser.is_at(0, '&') && parser.is_at(1, '&') {
            let Some(left) = set.take() else {
                return Err(NotPortable::because("an intersection has nothing before it"));
            };
            parser.next();
            parser.next();
            set = Some(left.intersection(&right_side(parser)?));
            continue;
        }
        let member = if parser.take('[') { parser.nested(class)? } else { member(parser)? };
        set = Some(set.unwrap_or_default().union(member));
    }
    set.ok_or(UNCLOSED)
}

/// What stands after `&&`: nested classes, then all other members, which take further intersections with them.
fn right_side(parser: &mut Parser<'_>) -> Result<CodePoints, NotPortable> {
    if [']', '&', '^'].iter().any(|unclear| parser.is_at(0, *unclear)) {
        return Err(NotPortable::because("what follows an intersection is read in several ways"));
    }
    let mut set = CodePoints::default();
    while parser.take('[') {
        set = set.union(parser.nested(class)?);
    }
    if parser.is_at(0, ']') || (parser.is_at(0, '&') && parser.is_at(1, '&')) {
        return Ok(set);
    }
    if parser.is_at(0, '&') {
        return Err(NotPortable::because("what follows an intersection is read in several ways"));
    }
    Ok(set.union(parser.nested(members)?))
}

/// One character, a range, or a set of characters.
fn member(parser: &mut Parser<'_>) -> Result<CodePoints, NotPortable> {
    let first = match one(parser)? {
        Escaped::Set(set) => return Ok(set),
        Escaped::Character(character) => character,
        _ => return Err(NotPortable::because("an anchor is in a class")),
    };
    let set = if parser.is_at(0, '-') && !parser.is_at(1, ']') {
        parser.next();
        if parser.is_at(0, '[') || parser.is_at(0, '&') {
            return Err(NotPortable::because("a range has an end that is read in several ways"));
        }
        match one(parser)? {
            Escaped::Character(last) if first <= last => CodePoints::range(first, last),
            _ => return Err(NotPortable::because("a range has no end, or one before its beginning")),
        }
    } else {
        CodePoints::single(first)
    };
    Ok(if parser.flags.any_case { set.with_other_case() } else { set })
}

fn one(parser: &mut Parser<'_>) -> Result<Escaped, NotPortable> {
    match parser.next() {
        None => Err(UNCLOSED),
        Some(Token { character: '\0', .. }) => Err(NotPortable::because("it has a NUL")),
        Some(Token { character: '\\', quoted: false }) => escape::escape(parser),
        Some(Token { character, .. }) => Ok(Escaped::Character(character)),
    }
}
