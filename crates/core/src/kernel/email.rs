//! An address that mail goes to: one mailbox of RFC 5321, also with letters beyond ASCII as RFC 6531 allows them.
//!
//! Narrower in two ways: no comma, at which programs cut lists of addresses, and no control character, with which lines of a mail's
//! head end. Both may stand in a quoted local part.

use crate::kernel::text;

const RULE: &str = "not one email address";
pub const MAX_BYTES: usize = 254;
pub const MAX_LOCAL_BYTES: usize = 64;
pub const MAX_LABEL_CHARS: usize = 63;

/// The error is the rule that the text breaks.
pub fn check(text: &str) -> Result<(), &'static str> {
    let local_bytes = if text.starts_with('"') { quoted(text) } else { text.find('@') };
    let (local, rest) = local_bytes.and_then(|bytes| text.split_at_checked(bytes)).ok_or(RULE)?;
    let domain = rest.strip_prefix('@').ok_or(RULE)?;
    let is_local = local.starts_with('"') || local.split('.').all(is_atom);
    let fits = text.len() <= MAX_BYTES && local.len() <= MAX_LOCAL_BYTES;
    if is_local && fits && is_domain(domain) { Ok(()) } else { Err(RULE) }
}

/// How many bytes the quoted string takes that begins here. None where it has no end, or what may not stand in it.
fn quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (place, c) in text.char_indices().skip(1) {
        match c {
            ',' => return None,
            '"' if !is_escaped => return Some(place + 1),
            ' '..='~' => is_escaped = c == '\\' && !is_escaped,
            _ if is_beyond_ascii(c) && !is_escaped => {}
            _ => return None,
        }
    }
    None
}

fn is_atom(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_beyond_ascii(c);
    !text.is_empty() && text.chars().all(allowed)
}

fn is_domain(text: &str) -> bool {
    match text.strip_prefix('[').and_then(|literal| literal.strip_suffix(']')) {
        Some(literal) => match literal.strip_prefix("IPv6:") {
            Some(address) => is_ipv6(address),
            None => is_ipv4(literal),
        },
        None => text.split('.').all(is_label),
    }
}

fn is_ipv4(text: &str) -> bool {
    let is_byte = |part: &str| part.parse::<u8>().is_ok_and(|byte| byte.to_string() == part);
    text.split('.').count() == 4 && text.split('.').all(is_byte)
}

/// Eight groups, of which `::` stands for those that are zero.
fn is_ipv6(text: &str) -> bool {
    match text.split_once("::") {
        None => groups(text) == Some(8),
        Some((front, back)) => {
            let groups = groups(front).zip(groups(back)).map(|(front, back)| front + back);
            groups.is_some_and(|groups| groups < 8) && !front.contains('.')
        }
    }
}

/// How many groups these are; the last two may be an address of IPv4. None where one is no group.
fn groups(text: &str) -> Option<usize> {
    let is_group = |group: &str| (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.is_empty() {
        return Some(0);
    }
    let (front, last) = text.rsplit_once(':').map_or((None, text), |(front, last)| (Some(front), last));
    let of_last = if is_ipv4(last) { 2 } else { usize::from(is_group(last)) };
    let are_groups = front.is_none_or(|front| front.split(':').all(is_group));
    (are_groups && of_last > 0).then(|| front.map_or(0, |front| front.split(':').count()) + of_last)
}

fn is_label(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || is_beyond_ascii(c);
    let length = text.chars().count();
    (1..=MAX_LABEL_CHARS).contains(&length)
        && text.chars().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Nothing that can't be seen: it would make two addresses look like one.
fn is_beyond_ascii(c: char) -> bool {
    !c.is_ascii() && text::is_visible(c)
}
