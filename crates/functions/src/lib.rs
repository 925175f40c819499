//! Every function, by name: for the tests and tools that are about all of them.

use boma_core::protocol::function::Function;

// `ALL`, made by build.rs of the dependencies in Cargo.toml.
include!(concat!(env!("OUT_DIR"), "/all.rs"));

pub fn by_name(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.name == name)
}
