//! Runs a property over 10,000 generated cases. A failure prints the seed; `PROPERTY_SEED=<hex>` runs the same cases again.

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

pub const CASES: u32 = 10_000;

/// # Panics
/// If the property doesn't hold for a case; the smallest one that was found is in the message, after the seed.
pub fn check<S: Strategy>(strategy: S, holds: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    check_some(CASES, strategy, holds);
}

/// Fewer cases, where each takes long.
///
/// # Panics
/// As [`check`].
pub fn check_some<S: Strategy>(cases: u32, strategy: S, holds: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seed = std::env::var("PROPERTY_SEED").map_or_else(|_| any_seed(), |hex| from_hex(&hex));
    // No file of old failures: a regression gets a test of its own, with a name.
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    if let Err(failure) = runner.run(&strategy, holds) {
        panic!("PROPERTY_SEED={}\n{failure}", to_hex(&seed));
    }
}

fn any_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    TestRunner::default().new_rng().fill_bytes(&mut seed);
    seed
}

fn to_hex(seed: &[u8; 32]) -> String {
    seed.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(hex: &str) -> [u8; 32] {
    let byte = |i: usize| hex.get(2 * i..2 * i + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    std::array::from_fn(|i| byte(i).expect("PROPERTY_SEED: 64 hex digits"))
}
