//! Minutes.

use boma_core::kernel::{minute::Minute, timestamp::Timestamp};

#[test]
fn a_minute_is_all_of_its_moments() {
    let at = |text: &str| Minute::of(Timestamp::parse(text).expect("a time"));
    assert_eq!(at("2026-11-28T13:55:00Z"), at("2026-11-28T13:55:59.999999Z"));
    assert_ne!(at("2026-11-28T13:55:59.999999Z"), at("2026-11-28T13:56:00Z"));
    assert_eq!(at("2026-11-28T14:55:01+01:00").to_string(), "2026-11-28T13:55");
    assert_eq!(at("1969-12-31T23:59:59.5Z").to_string(), "1969-12-31T23:59");
    assert_eq!(Minute::of(Timestamp::MIN).start(), Timestamp::MIN);
}
