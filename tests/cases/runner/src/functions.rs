//! The functions that have cases: those that are deployed, those that operators run themselves, and those that only tests know.

use boma_core::protocol::function::Function;

/// Those under tests/wasm/, but for `probe`, which is a module of its own.
pub const OF_TESTS: &[Function] = &[fragile::FUNCTION, greeter::FUNCTION, mirror::FUNCTION, tally::FUNCTION];

/// Those under ops/.
pub const OF_OPERATORS: &[Function] = &[replay::FUNCTION];

pub fn all() -> impl Iterator<Item = &'static Function> {
    boma_functions::ALL.iter().chain(OF_OPERATORS).chain(OF_TESTS)
}

/// # Panics
/// If there is no function of that name.
pub fn named(name: &str) -> &'static Function {
    all().find(|function| function.name == name).unwrap_or_else(|| panic!("no function is called {name}"))
}
