//! Addresses, names, languages: what is one, and what only looks like it.

use boma_core::kernel::{contact, email, text};

fn verdicts<'a>(check: fn(&str) -> Result<(), &'static str>, texts: &[&'a str], wanted: bool) -> Vec<&'a str> {
    texts.iter().copied().filter(|text| check(text).is_ok() != wanted).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn hosts_by_their_addresses() {
    let addresses = [
        "1:2:3:4:5:6:7:8",
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "1:2:3:4:5:6:192.0.2.1",
        "::ffff:192.0.2.1",
        "ABCD::ef01",
        "1:2:3:4:5:6:7::",
    ];
    let literals: Vec<_> = addresses.iter().map(|address| format!("ada@[IPv6:{address}]")).collect();
    let literals: Vec<_> = literals.iter().map(String::as_str).chain(["ada@[192.0.2.1]", "ada@[0.0.0.0]"]).collect();
    assert_eq!(verdicts(email::check, &literals, true), NONE);
    let no_addresses = [
        "",
        ":",
        ":::",
        "1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "g::",
        "::1::",
        "1:::2",
        "192.0.2.1::",
        "::256.0.0.1",
        "192.0.2.1",
        "1:2:3:4:5:6:7:192.0.2.1",
        ":1:2:3:4:5:6:7:8",
    ];
    let literals: Vec<_> = no_addresses.iter().map(|address| format!("ada@[IPv6:{address}]")).collect();
    let others = [
        "ada@[]",
        "ada@[192.0.2]",
        "ada@[192.0.2.256]",
        "ada@[192.0.2.01]",
        "ada@[::1]",
        "ada@[192.0.2.1",
        "ada@192.0.2.1]",
    ];
    let literals: Vec<_> = literals.iter().map(String::as_str).chain(others).collect();
    assert_eq!(verdicts(email::check, &literals, false), NONE);
}

#[test]
fn names_before_the_at() {
    let good = ["a@b", "!#$%&'*+/=?^_`{|}~-@b.cz", "\" \"@b", "\"\\\"\\\\\"@b", "\"a@b\"@c", "ž.ř@b", "\"ž\"@b"];
    assert_eq!(verdicts(email::check, &good, true), NONE);
    let bad = [
        "",
        "\"\"@b",
        "a",
        "a@",
        "@b",
        "a@@b",
        "a b@c",
        "a@b c",
        "a@b@c",
        "(a)@b",
        "a;b@c",
        "a:b@c",
        "a\\@b",
        "<a@b>",
        "a@b>",
        "\"a@b",
        "\"a\"\"b\"@c",
        "\"a\" @b",
        "a\"b\"@c",
        "\"a\\\"@b",
        "\"a\\ž\"@b",
        "\"a\u{9f}\"@b",
        "a\u{a0}@b",
        "a\u{2028}@b",
        "a@b\u{202e}",
        "a@b_c",
        "a@b!c",
        "a@b..c",
        "a@.b",
        "a@b.",
        "a@-b",
        "a@b-",
    ];
    assert_eq!(verdicts(email::check, &bad, false), NONE);
}

#[test]
fn languages_by_their_form() {
    let good = [
        "cs",
        "CS",
        "ces",
        "cs-CZ",
        "zh-Hant-TW",
        "zh-yue",
        "zh-cmn-Hans-CN",
        "es-419",
        "sl-rozaj-biske-1994",
        "de-1996",
        "en-a-bbb-x-a-ccc",
        "x-whatever",
        "en-u-ca-gregory",
        "qaa-Qaaa-QM-x-southern",
        "aa-bbb-ccc-ddd",
        "en-0-abc",
        "abcdefgh",
    ];
    assert_eq!(verdicts(contact::check_language, &good, true), NONE);
    let bad = [
        "",
        "c",
        "cs_CZ",
        "cs-",
        "-cs",
        "cs--CZ",
        "cs-CZ-Latn",
        "cs-C",
        "abcdefghi",
        "12",
        "en-x",
        "en-a",
        "en-a-b",
        "x-",
        "x-abcdefghi",
        "a-DE",
        "aa-bbb-ccc-ddd-eee",
        "abcd-eee",
        "cs CZ",
        "čs",
        "i-klingon",
        "de-419-DE",
        "en-x-a_b",
    ];
    assert_eq!(verdicts(contact::check_language, &bad, false), NONE);
}

#[test]
fn the_ranges_of_characters_are_sorted_and_apart() {
    for ranges in [text::INVISIBLE, text::DISALLOWED] {
        assert!(ranges.iter().all(|(first, last)| first <= last));
        assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
}
