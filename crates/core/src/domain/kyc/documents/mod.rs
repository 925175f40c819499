//! How these documents are read and written.

mod earlier;
pub mod kyc_case;
