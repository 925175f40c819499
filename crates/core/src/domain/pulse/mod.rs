//! What changes of documents add up to in a minute: the rates, amounts and newest changes that operators see. Pure sums, which can be
//! added in any order and in any parts.

mod change;
mod document;
mod newest;
mod sums;

pub use self::{change::Changed, sums::Sums};
