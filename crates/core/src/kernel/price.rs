//! What something costs on a market: a decimal number that is kept as it was written, and compared exactly.

use std::{cmp::Ordering, fmt};

/// `0.5`, `-37.63`: digits without a leading zero, and up to 18 decimals. `1.5` and `1.50` are two texts and one price.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Price {
    text: String,
    value: Value,
}

/// Both parts have the price's sign, so that two prices are compared part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Value {
    whole: i128,
    /// In units of 10^-18.
    fraction: i64,
}

/// Wei, the smallest unit that is traded, is 10^-18 ether. An i64 holds 18 digits.
const MOST_DECIMALS: usize = 18;
/// As many as an i128 holds, and far more than anything costs in any currency.
const MOST_WHOLE_DIGITS: usize = 38;

impl Price {
    /// The error is the rule that the text breaks.
    pub fn parse(text: &str) -> Result<Price, &'static str> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !are_digits(whole) || !fraction.is_none_or(are_digits) {
            return Err("not a decimal number");
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err("leading zero");
        }
        if whole.len() > MOST_WHOLE_DIGITS {
            return Err("more than 38 digits before the point");
        }
        let fraction = fraction.unwrap_or("");
        if fraction.len() > MOST_DECIMALS {
            return Err("more than 18 decimals");
        }
        let whole: i128 = whole.parse().map_err(|_| "not a decimal number")?;
        let fraction: i64 = format!("{fraction:0<MOST_DECIMALS$}").parse().map_err(|_| "not a decimal number")?;
        let value = Value { whole: whole * i128::from(sign), fraction: fraction * sign };
        Ok(Price { text: text.to_owned(), value })
    }

    pub fn is_below(&self, other: &Price) -> bool {
        self.compare(other) == Ordering::Less
    }

    /// By what it is worth, however it is written.
    pub fn compare(&self, other: &Price) -> Ordering {
        self.value.cmp(&other.value)
    }
}

/// As it was written.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
