//! Whether a note or an assignment is new. Neither has states: what was noted stays, and who is assigned is replaced.

use std::fmt;

/// What there is to write of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Write,
    /// It says what is so already.
    Stale,
}

/// The note is there with another text. Whoever has read it mustn't find another in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextMismatch;

impl fmt::Display for TextMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextMismatch")
    }
}

/// `known` is the text of the note of this id.
pub fn noted(known: Option<&str>, text: &str) -> Result<Step, TextMismatch> {
    match known {
        None => Ok(Step::Write),
        Some(known) if known == text => Ok(Step::Stale),
        Some(_) => Err(TextMismatch),
    }
}

/// Who is assigned, and who will be; None is nobody.
pub fn assigned(known: Option<&str>, assignee: Option<&str>) -> Step {
    if known == assignee { Step::Stale } else { Step::Write }
}
