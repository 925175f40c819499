//! Values that know nothing of events or documents: they can be wrong in no way that matters here.

pub mod contact;
pub mod country;
pub mod digest;
pub mod email;
pub mod ids;
pub mod json;
pub mod malformed;
pub mod minute;
pub mod money;
pub(crate) mod names;
pub mod operator;
pub mod price;
pub mod text;
pub mod timestamp;
