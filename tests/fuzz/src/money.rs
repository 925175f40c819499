//! An amount on the wire.

use boma_core::kernel::money::{Currency, Money};

/// `CZK 700.00`: what is read is written back as it was, and nothing outside the range is read.
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
        // Only figures: words may be those of the rule by chance, and so may a figure or two.
        Err(rule) if amount.len() > 3 && amount.bytes().all(|byte| byte.is_ascii_digit()) => {
            assert!(!rule.contains(amount), "the rule quotes: {rule}");
        }
        Err(_) => {}
    }
}
