//! An amount on the wire.

use boma_core::kernel::money::{Currency, Money};

/// Parses `CZK 700.00`: an amount prints as it was written, and lies in the range.
pub(crate) fn money(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((code, amount)) = text.split_once(' ') else { return };
    let Ok(currency) = Currency::parse(code) else { return };
    assert_eq!(currency.code(), code);
    match Money::parse(amount, currency) {
        Ok(money) => {
            assert_eq!(money.to_string(), amount);
            assert!((1..=Money::MAX_MINOR).contains(&money.minor()));
        }
        // Only long digit strings: a word, or a digit or two, may stand in the rule by chance.
        Err(rule) if amount.len() > 3 && amount.bytes().all(|byte| byte.is_ascii_digit()) => {
            assert!(!rule.contains(amount), "the rule quotes: {rule}");
        }
        Err(_) => {}
    }
}
