//! Which numbers mean the same to every reader: most read them as doubles, and canonical JSON writes them as such.

/// The numbers of a JSON text, in their order.
pub(super) fn literals(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit())?;
            rest = &rest[start..];
            if rest.starts_with('"') {
                rest = after_string(rest);
            } else {
                let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
                let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
                let literal;
                (literal, rest) = rest.split_at(end);
                return Some(literal);
            }
        }
    })
}

/// What comes after the string that begins here.
fn after_string(text: &str) -> &str {
    let mut is_escaped = false;
    let is_end = |(place, byte): &(usize, u8)| {
        let ends = *place > 0 && *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    };
    text.bytes().enumerate().find(is_end).map_or("", |(place, _)| &text[place + 1..])
}

/// Whether a double holds this number: an integer exactly, a fraction as its shortest spelling.
pub(super) fn is_exact(literal: &str) -> bool {
    let Some(said) = Decimal::of(literal) else { return false };
    if said.exponent >= 0 { said.is_exact_integer() } else { said.is_shortest(literal) }
}

/// Its digits without zeros at either end, and the power of ten of the last one. The sign is the double's, too.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    digits: String,
    exponent: i64,
}

/// Doubles hold integers whose odd factor is below this.
const ODD_BELOW: u128 = 1 << 53;
/// A decimal of so many digits comes back from a double as it was, unless it is next to zero.
const ALWAYS_KEPT: usize = 15;
const NEXT_TO_ZERO: i64 = -300;

impl Decimal {
    /// Ten to the power of n has the odd factor of five to the power of n.
    fn is_exact_integer(&self) -> bool {
        let power = u32::try_from(self.exponent).ok().and_then(|exponent| 5_u128.checked_pow(exponent));
        let digits = if self.digits.is_empty() { Some(0) } else { self.digits.parse::<u128>().ok() };
        let product = digits.zip(power).and_then(|(digits, power)| digits.checked_mul(power));
        product.is_some_and(|product| product == 0 || product >> product.trailing_zeros() < ODD_BELOW)
    }

    fn is_shortest(&self, literal: &str) -> bool {
        if self.digits.len() <= ALWAYS_KEPT && self.exponent > NEXT_TO_ZERO {
            return true;
        }
        let shortest = literal.parse::<f64>().ok().and_then(|double| Decimal::of(&format!("{double:e}")));
        shortest.as_ref() == Some(self)
    }

    /// None where the exponent is beyond all bounds.
    fn of(literal: &str) -> Option<Decimal> {
        let (mantissa, power) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole.trim_start_matches('-'), fraction].concat();
        let trimmed = digits.trim_start_matches('0').trim_end_matches('0');
        if trimmed.is_empty() {
            return Some(Decimal { digits: String::new(), exponent: 0 });
        }
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let power: i64 = power.parse().ok()?;
        let exponent =
            power.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(i64::try_from(zeros).ok()?)?;
        Some(Decimal { digits: trimmed.to_owned(), exponent })
    }
}
