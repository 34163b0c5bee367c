//! A pattern's characters, with those between `\Q` and `\E` marked.

/// One character of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) character: char,
    /// Stands for itself, whatever it is.
    pub(super) quoted: bool,
}

/// The tokens. A backslash belongs to the character after it, so that `\\Q` quotes nothing; `\Q` without `\E` quotes the
/// rest.
pub(super) fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut quoted = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let next = if character == '\\' { characters.peek().copied() } else { None };
        match (quoted, next) {
            (true, Some('E')) => {
                characters.next();
                quoted = false;
            }
            (false, Some('Q')) => {
                characters.next();
                quoted = true;
            }
            (false, Some(next)) => {
                characters.next();
                tokens.extend([character, next].map(|character| Token { character, quoted }));
            }
            _ => tokens.push(Token { character, quoted }),
        }
    }
    tokens
}
