//! Java's syntax outside of character classes.

use std::collections::BTreeSet;

use super::NotPortable;
use super::class;
use super::code_points::CodePoints;
use super::emit::Node;
use super::escape::{self, Escaped};
use super::token::Token;

/// Groups and classes inside each other.
const DEEPEST: usize = 32;

/// More repetitions are not portable: the pattern would become large.
const MOST_REPETITIONS: u32 = 1_000;

/// The characters that `.` does not match.
const LINE_BREAKS: [(char, char); 4] =
    [('\n', '\n'), ('\r', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')];

/// Parses a whole pattern.
pub(super) fn parse(tokens: &[Token]) -> Result<Node, NotPortable> {
    let mut parser = Parser { tokens, at: 0, flags: Flags::default(), depth: 0, names: BTreeSet::new() };
    let node = parser.choice()?;
    if parser.at < tokens.len() {
        return Err(NotPortable::because("a `)` has no `(`"));
    }
    Ok(node)
}

/// A place in a pattern, and what was switched on before it.
pub(super) struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    pub(super) flags: Flags,
    depth: usize,
    names: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    /// `i`: ASCII letters in any case.
    pub(super) any_case: bool,
    /// `s`: `.` matches line breaks too.
    dot_all: bool,
}

impl Parser<'_> {
    /// The token `ahead` of the next.
    pub(super) fn look(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    /// Whether the token `ahead` of the next is this character, unquoted.
    pub(super) fn is_at(&self, ahead: usize, character: char) -> bool {
        self.look(ahead) == Some(Token { character, quoted: false })
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.look(0)?;
        self.at += 1;
        Some(token)
    }

    /// The next token, which must not be quoted: inside an escape or a quantifier.
    pub(super) fn plain(&mut self) -> Result<char, NotPortable> {
        match self.next() {
            Some(Token { character, quoted: false }) => Ok(character),
            _ => Err(NotPortable::because("an escape or a group is not complete")),
        }
    }

    /// Takes the next token if it is this character, unquoted.
    pub(super) fn take(&mut self, character: char) -> bool {
        let found = self.is_at(0, character);
        self.at += usize::from(found);
        found
    }

    /// Goes into something that can hold itself.
    pub(super) fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, NotPortable>,
    ) -> Result<T, NotPortable> {
        if self.depth == DEEPEST {
            return Err(NotPortable::because("it is deeply nested"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn choice(&mut self) -> Result<Node, NotPortable> {
        let mut choices = vec![self.sequence()?];
        while self.take('|') {
            choices.push(self.sequence()?);
        }
        Ok(Node::Choice(choices))
    }

    fn sequence(&mut self) -> Result<Node, NotPortable> {
        let mut nodes = Vec::new();
        while self.look(0).is_some() && !self.is_at(0, '|') && !self.is_at(0, ')') {
            if let Some(atom) = self.atom()? {
                nodes.push(self.quantified(atom)?);
            } else if self.is_at_quantifier() {
                return Err(NotPortable::because("a quantifier has nothing before it"));
            }
        }
        Ok(Node::Sequence(nodes))
    }

    /// `None`: flags, which match nothing.
    fn atom(&mut self) -> Result<Option<Node>, NotPortable> {
        let Some(Token { character, quoted }) = self.next() else { return Ok(None) };
        if quoted {
            return Ok(Some(self.literal(character)?));
        }
        let node = match character {
            '(' => return self.nested(Self::group),
            '[' => Node::One(self.nested(class::class)?),
            '.' if self.flags.dot_all => Node::One(CodePoints::default().complement()),
            '.' => Node::One(CodePoints::of(&LINE_BREAKS).complement()),
            '^' => Node::Begin,
            '$' => Node::EndOrLastBreak,
            '*' | '+' | '?' => return Err(NotPortable::because("a quantifier has nothing before it")),
            '{' => return Err(NotPortable::because("a `{` is no quantifier")),
            '\\' => match escape::escape(self)? {
                Escaped::Character(character) => self.literal(character)?,
                Escaped::Set(set) => Node::One(set),
                Escaped::Begin => Node::Begin,
                Escaped::End => Node::End,
                Escaped::EndOrLastBreak => Node::EndOrLastBreak,
            },
            _ => self.literal(character)?,
        };
        Ok(Some(node))
    }

    fn literal(&self, character: char) -> Result<Node, NotPortable> {
        if character == '\0' {
            return Err(NotPortable::because("it has a NUL"));
        }
        let set = CodePoints::single(character);
        Ok(Node::One(if self.flags.any_case { set.with_other_case() } else { set }))
    }

    /// After the `(`.
    fn group(&mut self) -> Result<Option<Node>, NotPortable> {
        let before = self.flags;
        if self.take('?') {
            match self.plain()? {
                ':' => {}
                '<' => self.name()?,
                '=' | '!' => return Err(NotPortable::because("it looks ahead")),
                '>' => return Err(NotPortable::because("it has an atomic group")),
                flag => {
                    // Flags alone hold up to the end of the group that they are in.
                    if self.flags(flag)? {
                        return Ok(None);
                    }
                }
            }
        }
        let node = self.choice()?;
        if !self.take(')') {
            return Err(NotPortable::because("a `(` has no `)`"));
        }
        self.flags = before;
        Ok(Some(node))
    }

    /// `name>`, after `(?<`.
    fn name(&mut self) -> Result<(), NotPortable> {
        if self.is_at(0, '=') || self.is_at(0, '!') {
            return Err(NotPortable::because("it looks behind"));
        }
        let mut name = String::new();
        loop {
            match self.plain()? {
                '>' => break,
                letter if letter.is_ascii_alphabetic() => name.push(letter),
                digit if digit.is_ascii_digit() && !name.is_empty() => name.push(digit),
                _ => return Err(NotPortable::because("a group's name is none")),
            }
        }
        if name.is_empty() || !self.names.insert(name) {
            return Err(NotPortable::because("a group's name is empty or not the only one"));
        }
        Ok(())
    }

    /// Flags from the first on, after `(?`: up to `)` (true) or `:` (false).
    fn flags(&mut self, first: char) -> Result<bool, NotPortable> {
        let mut flag = first;
        let mut on = true;
        loop {
            match flag {
                'i' => self.flags.any_case = on,
                's' => self.flags.dot_all = on,
                '-' if on => on = false,
                ')' => return Ok(true),
                ':' => return Ok(false),
                _ => return Err(NotPortable::because("it has a flag other than `i` and `s`")),
            }
            flag = self.plain()?;
        }
    }

    fn is_at_quantifier(&self) -> bool {
        ['*', '+', '?', '{'].iter().any(|quantifier| self.is_at(0, *quantifier))
    }

    fn quantified(&mut self, node: Node) -> Result<Node, NotPortable> {
        if !self.is_at_quantifier() {
            return Ok(node);
        }
        if matches!(node, Node::Begin | Node::End | Node::EndOrLastBreak) {
            return Err(NotPortable::because("an anchor has a quantifier"));
        }
        let (least, most) = match self.plain()? {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            _ => self.counts()?,
        };
        if self.take('+') {
            return Err(NotPortable::because("it has a possessive quantifier"));
        }
        self.take('?');
        if self.is_at_quantifier() {
            return Err(NotPortable::because("a quantifier has a quantifier"));
        }
        Ok(Node::Repeat(Box::new(node), least, most))
    }

    /// `n}`, `n,}` or `n,m}`, after the `{`.
    fn counts(&mut self) -> Result<(u32, Option<u32>), NotPortable> {
        const BAD: NotPortable = NotPortable::because("a `{` is no quantifier, or a very large one");
        let least = self.number().ok_or(BAD)?;
        let most = if !self.take(',') {
            Some(least)
        } else if self.is_at(0, '}') {
            None
        } else {
            Some(self.number().ok_or(BAD)?)
        };
        if !self.take('}') || most.is_some_and(|most| most < least) {
            return Err(BAD);
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(Token { character, quoted: false }) = self.look(0)
            && let Some(digit) = character.to_digit(10)
        {
            self.at += 1;
            let next = number.unwrap_or(0) * 10 + digit;
            number = Some(next).filter(|next| *next <= MOST_REPETITIONS);
            number?;
        }
        number
    }
}
