//! What something costs on a market: a decimal number that is kept as it was written, and compared exactly.

use std::fmt;

/// `0.5`, `1234.50`: digits without a leading zero, and up to 10 decimals. `1.5` and `1.50` are two texts and one price.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Price {
    text: String,
    /// In units of 10^-10.
    scaled: i128,
}

const MOST_DECIMALS: usize = 10;
/// With the decimals these are 28 digits; an i128 holds 38.
const MOST_WHOLE_DIGITS: usize = 18;

impl Price {
    /// The error is the rule that the text breaks.
    pub fn parse(text: &str) -> Result<Price, &'static str> {
        let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !fraction.is_none_or(digits) {
            return Err("not a decimal number from zero up");
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err("leading zero");
        }
        if whole.len() > MOST_WHOLE_DIGITS {
            return Err("more than 18 digits before the point");
        }
        let fraction = fraction.unwrap_or("");
        if fraction.len() > MOST_DECIMALS {
            return Err("more than 10 decimals");
        }
        let scaled = format!("{whole}{fraction:0<MOST_DECIMALS$}").parse().map_err(|_| "not a decimal number")?;
        Ok(Price { text: text.to_owned(), scaled })
    }

    pub fn is_below(&self, other: &Price) -> bool {
        self.scaled < other.scaled
    }
}

/// As it was written.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
