//! Amounts of money as a pattern: above zero, as many decimals as the currency has, at most 2^53 - 1 minor units.

use boma_core::kernel::money::{Currency, Money};
use serde_json::{Value as Json, json};

/// Every currency that an amount may be in, with its decimals.
pub fn currencies() -> Vec<Currency> {
    let letters = || b'A'..=b'Z';
    let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| [a, b, c])));
    codes.filter_map(|code| Currency::parse(std::str::from_utf8(&code).ok()?).ok()).collect()
}

/// The codes of those with so many decimals.
pub fn codes_with(decimals: u8) -> Vec<&'static str> {
    currencies().iter().filter(|currency| currency.decimals() == decimals).map(Currency::code).collect()
}

/// The numbers of decimals that there are.
pub fn all_decimals() -> Vec<u8> {
    let mut all: Vec<_> = currencies().iter().map(Currency::decimals).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Zero has one spelling for each number of decimals.
pub fn schema(decimals: u8) -> Json {
    let point = if decimals == 0 { "" } else { "." };
    let zero = format!("0{point}{}", "0".repeat(usize::from(decimals)));
    json!({ "type": "string", "pattern": pattern(usize::from(decimals)), "not": { "const": zero } })
}

/// With the largest amount `1234` and two decimals: whole parts below 12 with any fraction, or 12 with one up to 34.
fn pattern(decimals: usize) -> String {
    let largest = Money::MAX_MINOR.to_string();
    let (whole, fraction) = largest.split_at(largest.len() - decimals);
    if decimals == 0 {
        return format!("^(?:{}|{largest})$", below(whole));
    }
    let up_to = [smaller(fraction), vec![fraction.to_owned()]].concat().join("|");
    format!(r"^(?:(?:{})\.[0-9]{{{decimals}}}|{whole}\.(?:{up_to}))$", below(whole))
}

/// Numbers below this one, without leading zeros.
fn below(number: &str) -> String {
    let shorter = format!("0|[1-9][0-9]{{0,{}}}", number.len() - 2);
    let without_leading_zero = |alternative: String| match alternative.strip_prefix("[0-") {
        Some(rest) => format!("[1-{rest}"),
        None => alternative,
    };
    let as_long = smaller(number).into_iter().map(without_leading_zero);
    [vec![shorter], as_long.collect()].concat().join("|")
}

/// As many digits, and smaller: the same up to some place, there a smaller digit, then any.
fn smaller(number: &str) -> Vec<String> {
    let smaller_at = |(place, digit): (usize, char)| {
        let less = u32::from(digit).checked_sub(u32::from('1')).map(|less| format!("[0-{less}]"));
        let rest = number.len() - place - 1;
        less.map(|less| format!("{}{less}[0-9]{{{rest}}}", &number[..place]))
    };
    number.chars().enumerate().filter_map(smaller_at).collect()
}
