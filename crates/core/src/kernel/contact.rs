//! How a customer is reached, beside the mail: telephone numbers and languages. And days, such as that of a birth.

use std::iter::Peekable;

use crate::kernel::timestamp::Timestamp;

pub const PHONE: &str = r"^\+[1-9][0-9]{1,14}$";

/// E.164: a plus, the country's code, the number; at most 15 digits and nothing between them.
pub fn check_phone(text: &str) -> Result<(), &'static str> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_number = (2..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && !digits.starts_with('0') { Ok(()) } else { Err("not an E.164 number") }
}

/// A day of the calendar: `1815-12-10`.
pub fn check_date(text: &str) -> Result<(), &'static str> {
    const RULE: &str = "not a date such as 1815-12-10";
    if text.len() != 10 {
        return Err(RULE);
    }
    Timestamp::parse(&format!("{text}T00:00:00Z")).map(|_| ()).map_err(|_| RULE)
}

/// Subtags of BCP 47, in their order.
pub const LANGUAGE: &str = concat!(
    "^(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?",
    "(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*",
    "(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?|[xX](?:-[A-Za-z0-9]{1,8})+)$"
);

/// BCP 47, by its form: which subtags are registered changes. Without the irregular tags from before 2006, such as `i-klingon`.
pub fn check_language(text: &str) -> Result<(), &'static str> {
    let mut subtags = text.split('-').peekable();
    let is_private = is_singleton(subtags.peek(), |first| matches!(first, b'x' | b'X'));
    if !is_private {
        read_language(&mut subtags).ok_or(NO_LANGUAGE)?;
        while next_if(&mut subtags, is_variant) {}
        while is_singleton(subtags.peek(), |first| !matches!(first, b'x' | b'X')) {
            subtags.next();
            read_some(&mut subtags, 2).ok_or(NO_LANGUAGE)?;
        }
    }
    if is_singleton(subtags.peek(), |first| matches!(first, b'x' | b'X')) {
        subtags.next();
        read_some(&mut subtags, 1).ok_or(NO_LANGUAGE)?;
    }
    if subtags.next().is_none() { Ok(()) } else { Err(NO_LANGUAGE) }
}

const NO_LANGUAGE: &str = "not a language tag of BCP 47";

/// The language with its extensions, the script, the region.
fn read_language<'a>(subtags: &mut Peekable<impl Iterator<Item = &'a str>>) -> Option<()> {
    let first = subtags.next().filter(|first| is_alphabetic(first, 2, 8))?;
    if first.len() <= 3 {
        for _ in 0..3 {
            next_if(subtags, |subtag| is_alphabetic(subtag, 3, 3));
        }
    }
    next_if(subtags, |subtag| is_alphabetic(subtag, 4, 4));
    next_if(subtags, |subtag| {
        is_alphabetic(subtag, 2, 2) || (subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_digit()))
    });
    Some(())
}

/// One subtag of at least so many characters, and all more of them.
fn read_some<'a>(subtags: &mut Peekable<impl Iterator<Item = &'a str>>, least: usize) -> Option<()> {
    let fits = |subtag: &str| is_alphanumeric(subtag, least, 8);
    next_if(subtags, fits).then(|| while next_if(subtags, fits) {})
}

fn next_if<'a>(subtags: &mut Peekable<impl Iterator<Item = &'a str>>, wanted: impl Fn(&str) -> bool) -> bool {
    subtags.next_if(|subtag| wanted(subtag)).is_some()
}

fn is_variant(subtag: &str) -> bool {
    let begins_with_digit = subtag.as_bytes().first().is_some_and(u8::is_ascii_digit);
    is_alphanumeric(subtag, 5, 8) || (begins_with_digit && is_alphanumeric(subtag, 4, 4))
}

fn is_singleton(subtag: Option<&&str>, wanted: impl Fn(u8) -> bool) -> bool {
    subtag.is_some_and(|subtag| is_alphanumeric(subtag, 1, 1) && wanted(subtag.as_bytes()[0]))
}

fn is_alphabetic(subtag: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_alphanumeric(subtag: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
