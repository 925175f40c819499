//! Values that know nothing of events or documents: they can be wrong in no way that matters here.

pub mod digest;
pub mod ids;
pub mod json;
pub mod malformed;
pub mod money;
pub(crate) mod names;
pub mod price;
pub mod timestamp;
