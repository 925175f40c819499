//! An address that mail goes to: one mailbox of RFC 5321, also with letters beyond ASCII as RFC 6531 allows them.
//!
//! Narrower than the parser: no comma, at which programs cut lists of addresses; no character that can't be seen, with which lines of a
//! mail's head end, or which makes two addresses look like one; and a host has the characters of hosts, or is an address.

use core::net::{Ipv4Addr, Ipv6Addr};

use email_address::{EmailAddress, Options};

use crate::kernel::text;

const RULE: &str = "not one email address";
/// Of an address, of what stands before its `@`, and of a label of its host. Characters, as the contracts count them: beyond ASCII these
/// are more than the bytes that mail is sent to.
pub const MAX_CHARS: usize = 254;
pub const MAX_LOCAL_CHARS: usize = 64;
pub const MAX_LABEL_CHARS: usize = 63;

/// The error is the rule that the text breaks.
pub fn check(text: &str) -> Result<(), &'static str> {
    let options = Options::default().with_domain_literal().without_display_text();
    let one_byte_each: String = text.chars().map(|c| if c.is_ascii() { c } else { 'x' }).collect();
    let address = EmailAddress::parse_with_options(&one_byte_each, options).map_err(|_| RULE)?;
    let is_plain = |c: char| c != ',' && (c == ' ' || text::is_visible(c));
    let fits = one_byte_each.len() <= MAX_CHARS && text.chars().all(is_plain) && !escapes_beyond_ascii(text);
    if fits && is_host(address.domain()) { Ok(()) } else { Err(RULE) }
}

/// A backslash takes the meaning from characters of ASCII alone.
fn escapes_beyond_ascii(text: &str) -> bool {
    let mut is_escaped = false;
    text.chars().any(|c| {
        let is_it = is_escaped && !c.is_ascii();
        is_escaped = c == '\\' && !is_escaped;
        is_it
    })
}

fn is_host(domain: &str) -> bool {
    match domain.strip_prefix('[').and_then(|literal| literal.strip_suffix(']')) {
        Some(literal) => match literal.strip_prefix("IPv6:") {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => literal.parse::<Ipv4Addr>().is_ok(),
        },
        // The parser takes whatever may stand before the `@`.
        None => domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.') || !c.is_ascii()),
    }
}
