//! Who an operator is: the ID token of a request, verified before anything is read for it.
//!
//! Deployed, a token is Identity Platform's: its signature is checked by Google's published keys, and its claims against the project. Off
//! the cloud it is one of the emulators', which nobody signs. Which of the two is the host's setting, and without one it is the first.

mod error;
mod keys;
mod present_rights;
mod token;
mod verifying;

pub use self::error::TokenError;
pub(crate) use self::{
    token::Token,
    verifying::{Verifying, refused},
};
