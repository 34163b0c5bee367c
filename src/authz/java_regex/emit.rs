//! The pattern, written for our own engine.

use std::fmt::Write;

use super::NotPortable;
use super::code_points::CodePoints;

/// A parsed pattern. Groups do not capture, as nobody asks what they matched.
#[derive(Debug)]
pub(super) enum Node {
    /// One character out of these.
    One(CodePoints),
    /// `^`, `\A`.
    Begin,
    /// `\z`.
    End,
    /// `$`, `\Z`: at the end, or before a line break that ends the text.
    EndOrLastBreak,
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of these.
    Choice(Vec<Node>),
    /// So many times; greedy or not is the same for a whole match.
    Repeat(Box<Node>, u32, Option<u32>),
}

impl Node {
    /// How deep groups are nested in a group that is repeated, itself included; 0: no group is repeated.
    pub(super) fn repeated_groups(&self) -> usize {
        match self {
            Self::Repeat(node, ..) => node.groups(),
            Self::Sequence(nodes) | Self::Choice(nodes) => {
                nodes.iter().map(Self::repeated_groups).max().unwrap_or(0)
            }
            _ => 0,
        }
    }

    fn groups(&self) -> usize {
        match self {
            Self::Choice(nodes) => 1 + nodes.iter().map(Self::groups).max().unwrap_or(0),
            Self::Sequence(nodes) => nodes.iter().map(Self::groups).max().unwrap_or(0),
            Self::Repeat(node, ..) => node.groups(),
            _ => 0,
        }
    }
}

/// For a match of the whole text.
pub(super) fn whole(node: &Node) -> Result<String, NotPortable> {
    let mut out = String::from(r"\A(?:");
    emit(node, true, &mut out)?;
    out.push_str(r")\z");
    Ok(out)
}

/// `last`: nothing can be matched after the node.
fn emit(node: &Node, last: bool, out: &mut String) -> Result<(), NotPortable> {
    match node {
        Node::One(set) => emit_set(set, out),
        Node::Begin => out.push_str(r"\A"),
        Node::End => out.push_str(r"\z"),
        // Before a line break the rest of the pattern would have to match that.
        Node::EndOrLastBreak if last => out.push_str(r"\z"),
        Node::EndOrLastBreak => return Err(NotPortable::because("`$` or `\\Z` is not at its end")),
        Node::Sequence(nodes) => {
            let mut rest = nodes.as_slice();
            while let Some((node, after)) = rest.split_first() {
                let is_end = |node: &Node| matches!(node, Node::End | Node::EndOrLastBreak);
                emit(node, last && after.iter().all(is_end), out)?;
                rest = after;
            }
        }
        Node::Choice(nodes) => {
            out.push_str("(?:");
            for (place, node) in nodes.iter().enumerate() {
                if place > 0 {
                    out.push('|');
                }
                emit(node, last, out)?;
            }
            out.push(')');
        }
        Node::Repeat(node, least, most) => {
            out.push_str("(?:");
            emit(node, last && *most == Some(1), out)?;
            // Writing into a text does not fail.
            let _ = match most {
                Some(most) => write!(out, "){{{least},{most}}}"),
                None => write!(out, "){{{least},}}"),
            };
        }
    }
    Ok(())
}

fn emit_set(set: &CodePoints, out: &mut String) {
    let ranges = if set.ranges().is_empty() {
        out.push_str("[^");
        set.complement()
    } else {
        out.push('[');
        set.clone()
    };
    for (first, last) in ranges.ranges() {
        let _ = write!(out, "\\x{{{first:X}}}-\\x{{{last:X}}}");
    }
    out.push(']');
}
