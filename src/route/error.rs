//! Why a path is refused.

/// A path that can be read in two ways; refused with 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Does not start with `/`.
    #[error("the path does not start with `/`")]
    NotAbsolute,
    /// A `%` without two hex digits after it.
    #[error("the path has a `%` that is no percent-encoding")]
    BadEncoding,
    /// `%2F`, `%5C`.
    #[error("the path has an encoded separator")]
    EncodedSeparator,
    /// `\`.
    #[error("the path has a backslash")]
    Backslash,
    /// `;`, `%3B`.
    #[error("the path has a matrix parameter")]
    Semicolon,
    /// `.` or `..` as a segment, however encoded.
    #[error("the path has a dot segment")]
    DotSegment,
    /// `//`.
    #[error("the path has an empty segment")]
    EmptySegment,
    /// `%00`, other controls, `%` encoded twice, bytes that are not UTF-8 or overlong, characters outside RFC 3986.
    #[error("the path has a character that is not allowed there")]
    ForbiddenCharacter,
    /// Not in canonical form, where somebody else has read it already.
    #[error("the path is not in canonical form")]
    NotCanonical,
    /// More than 8,192 bytes.
    #[error("the path is too long")]
    TooLong,
}

impl PathError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAbsolute => "path_not_absolute",
            Self::BadEncoding => "path_bad_encoding",
            Self::EncodedSeparator => "path_encoded_separator",
            Self::Backslash => "path_backslash",
            Self::Semicolon => "path_semicolon",
            Self::DotSegment => "path_dot_segment",
            Self::EmptySegment => "path_empty_segment",
            Self::ForbiddenCharacter => "path_forbidden_character",
            Self::NotCanonical => "path_not_canonical",
            Self::TooLong => "path_too_long",
        }
    }
}
