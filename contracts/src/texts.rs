//! Addresses and names as patterns.

use boma_core::kernel::{
    email::{MAX_CHARS, MAX_LABEL_CHARS, MAX_LOCAL_CHARS},
    text::{DISALLOWED, INVISIBLE, MOST_NAME_CHARS},
};
use serde_json::{Value as Json, json};

/// The second pattern bounds the part before the `@`. What an IPv6 address is, is looser than the reader.
pub(crate) fn email() -> Json {
    let beyond = beyond_ascii();
    let atom = format!("[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{beyond}-]+");
    let quoted = format!(r#""(?:[ !#-+\--\[\]-~{beyond}]|\\[ -+\--~])+""#);
    let end = format!("[A-Za-z0-9{beyond}]");
    let label = format!("{end}(?:[A-Za-z0-9{beyond}-]{{0,{}}}{end})?", MAX_LABEL_CHARS - 2);
    let byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    let literal = format!(r"\[(?:{byte}(?:\.{byte}){{3}}|IPv6:[0-9A-Fa-f:.]+)\]");
    let address = format!(r"^(?:{atom}(?:\.{atom})*|{quoted})@(?:{label}(?:\.{label})*|{literal})$");
    let local = format!(r#"^(?:[^"@]{{1,{MAX_LOCAL_CHARS}}}|".{{0,{}}}")@"#, MAX_LOCAL_CHARS - 2);
    json!({ "type": "string", "maxLength": MAX_CHARS, "allOf": [{ "pattern": address }, { "pattern": local }] })
}

pub(crate) fn full_name() -> Json {
    let visible = format!("[^{}]", class(INVISIBLE));
    let disallowed = format!("[{}]", class(DISALLOWED));
    json!({ "type": "string", "maxLength": MOST_NAME_CHARS, "pattern": visible, "not": { "pattern": disallowed } })
}

/// The visible characters that aren't ASCII: what lies between the ranges of the invisible ones.
fn beyond_ascii() -> String {
    let gaps = INVISIBLE.windows(2).filter_map(|pair| match pair {
        [(_, last), (first, _)] if *last >= '\u{80}' => Some((u32::from(*last) + 1, u32::from(*first) - 1)),
        _ => None,
    });
    let last = INVISIBLE.last().map(|(_, last)| (u32::from(*last) + 1, u32::from(char::MAX)));
    let gaps: Vec<_> = gaps.chain(last).map(|(first, last)| range(first, last)).collect();
    gaps.concat()
}

fn class(ranges: &[(char, char)]) -> String {
    ranges.iter().map(|(first, last)| range(u32::from(*first), u32::from(*last))).collect::<Vec<_>>().concat()
}

/// As every dialect reads it: those of ASCII by their number, as some are no text, all others as they are.
fn range(first: u32, last: u32) -> String {
    let one = |c: u32| match char::from_u32(c) {
        Some(c) if !c.is_ascii() => c.to_string(),
        _ => format!(r"\x{c:02X}"),
    };
    if first == last { one(first) } else { format!("{}-{}", one(first), one(last)) }
}
