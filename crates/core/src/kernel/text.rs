//! Characters of texts that people read: which are seen, and which make others look like what they aren't.

/// White space, controls, and what Unicode calls ignorable: joiners, marks of direction, fillers, tags. And the blank of Braille.
/// Sorted, from the first to the last.
pub const INVISIBLE: &[(char, char)] = &[
    ('\u{0}', '\u{20}'),
    ('\u{7F}', '\u{A0}'),
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{2000}', '\u{200F}'),
    ('\u{2028}', '\u{202F}'),
    ('\u{205F}', '\u{206F}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFFB}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
];

/// Controls, which no line has in it, and the characters that turn the direction of whatever follows, up to where that ends.
pub const DISALLOWED: &[(char, char)] =
    &[('\u{0}', '\u{1F}'), ('\u{7F}', '\u{9F}'), ('\u{202A}', '\u{202E}'), ('\u{2066}', '\u{2069}')];

pub const MOST_NAME_CHARS: usize = 200;

pub fn is_visible(c: char) -> bool {
    !is_in(INVISIBLE, c)
}

/// What somebody is called, or a firm. The error is the rule that the text breaks.
pub fn check_name(text: &str) -> Result<(), &'static str> {
    if text.chars().count() > MOST_NAME_CHARS {
        return Err("more than 200 characters");
    }
    if text.chars().any(|c| is_in(DISALLOWED, c)) {
        return Err("a control character, or one that overrides the direction");
    }
    if text.chars().any(is_visible) { Ok(()) } else { Err("no visible character") }
}

/// So many bytes of a text are kept in documents that must stay small: an event may have four times as many in as many characters.
const MOST_KEPT_BYTES: usize = 1024;

/// The text, or as many of its characters as are kept.
pub fn kept(mut text: String) -> String {
    let end = (0..=MOST_KEPT_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
    text
}

fn is_in(ranges: &[(char, char)], c: char) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&c))
}
