//! An address that mail goes to: one mailbox of RFC 5321, also with letters beyond ASCII as RFC 6531 allows them.
//!
//! Narrower than the parser: no comma, at which programs cut lists of addresses; no character that can't be seen, with which lines of a
//! mail's head end, or which makes two addresses look like one; and a host has the characters of hosts, or is an address.

use core::net::{Ipv4Addr, Ipv6Addr};

use email_address::{EmailAddress, Options};

use crate::kernel::text;

const RULE: &str = "not one email address";
pub const MAX_BYTES: usize = 254;
pub const MAX_LOCAL_BYTES: usize = 64;
pub const MAX_LABEL_CHARS: usize = 63;

/// The error is the rule that the text breaks.
pub fn check(text: &str) -> Result<(), &'static str> {
    let options = Options::default().with_domain_literal().without_display_text();
    let address = EmailAddress::parse_with_options(text, options).map_err(|_| RULE)?;
    let is_plain = |c: char| c != ',' && (c == ' ' || text::is_visible(c));
    let fits = text.len() <= MAX_BYTES && text.chars().all(is_plain);
    if fits && is_host(address.domain()) { Ok(()) } else { Err(RULE) }
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
