//! Who an operator is, as far as a name tells it.

use super::text::is_visible;

/// Whether two names are one person's: one person in two spellings is one person, or two would be had from one.
pub fn is_same(a: &str, b: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|c| is_visible(*c)).flat_map(char::to_lowercase).collect::<String>();
    letters(a) == letters(b)
}
