//! Money: minor units of a currency, never a fraction, never a float.

use std::fmt;

use iso_currency::Currency as Iso;

/// An ISO 4217 currency that has a minor unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    iso: Iso,
    decimals: u8,
}

impl Currency {
    pub fn parse(code: &str) -> Result<Currency, &'static str> {
        let iso = Iso::from_code(code).filter(|iso| iso.code() == code).ok_or("not an ISO 4217 currency")?;
        let decimals = iso.exponent().and_then(|n| u8::try_from(n).ok()).ok_or("a currency without a minor unit")?;
        Ok(Currency { iso, decimals })
    }

    pub fn code(&self) -> &'static str {
        self.iso.code()
    }

    /// The ISO 4217 exponent: 2 for CZK, 0 for JPY, 3 for BHD.
    pub fn decimals(&self) -> u8 {
        self.decimals
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount above zero, as a sender writes it: `700.00` CZK, `700` JPY, `1.500` BHD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// 2^53 - 1: the largest integer that every reader of JSON keeps.
    pub const MAX_MINOR: i64 = 9_007_199_254_740_991;

    /// The error is the rule that the text breaks.
    pub fn parse(text: &str, currency: Currency) -> Result<Money, String> {
        Amount::spelled(text)?.of(currency)
    }

    /// None for what no sender could have written: zero and below, or above the largest.
    pub fn from_minor(minor: i64, currency: Currency) -> Option<Money> {
        (1..=Money::MAX_MINOR).contains(&minor).then_some(Money { minor, currency })
    }

    pub fn minor(&self) -> i64 {
        self.minor
    }

    pub fn currency(&self) -> Currency {
        self.currency
    }
}

/// An amount above zero whose currency the sender leaves out, because it is that of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    /// If the currency has as many decimals as the amount. More than any amount where there are too many digits.
    minor: i64,
    decimals: usize,
}

impl Amount {
    /// No currency's minor unit is smaller.
    const MAX_DECIMALS: usize = 4;

    /// What can be said without the currency. The error is the rule that the text breaks.
    pub fn parse(text: &str) -> Result<Amount, String> {
        let amount = Amount::spelled(text)?;
        if amount.decimals > Amount::MAX_DECIMALS {
            return Err(format!("more than {} decimals", Amount::MAX_DECIMALS));
        }
        amount.in_range().map(|_| amount)
    }

    /// The error is the rule of this currency that the amount breaks.
    pub fn of(self, currency: Currency) -> Result<Money, String> {
        let wanted = usize::from(currency.decimals);
        if self.decimals != wanted {
            let how = if self.decimals > wanted { "more" } else { "fewer" };
            return Err(format!("{how} than {wanted} decimals"));
        }
        Ok(Money { minor: self.in_range()?, currency })
    }

    fn in_range(self) -> Result<i64, String> {
        match self.minor {
            0 => Err("zero".to_owned()),
            1..=Money::MAX_MINOR => Ok(self.minor),
            _ => Err("above 9007199254740991 minor units".to_owned()),
        }
    }

    fn spelled(text: &str) -> Result<Amount, String> {
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !fraction.is_none_or(digits) {
            return Err("not a decimal number".to_owned());
        }
        if negative {
            return Err("below zero".to_owned());
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err("leading zero".to_owned());
        }
        let minor = format!("{whole}{}", fraction.unwrap_or("")).parse().unwrap_or(i64::MAX);
        Ok(Amount { minor, decimals: fraction.map_or(0, str::len) })
    }
}

/// As on the wire.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.minor, self.currency))
    }
}

/// Minor units as a decimal number, with a minus sign below zero: what a balance looks like to people.
pub fn decimal(minor: i64, currency: Currency) -> String {
    let decimals = usize::from(currency.decimals);
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if minor < 0 { "-" } else { "" };
    let point = if decimals > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}
