//! How changes come to the warehouse.

mod append;
pub mod letter;
pub mod page;
mod refused;
pub mod replay;

pub use self::append::Append;
