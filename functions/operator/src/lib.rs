//! Takes what operators ask for, each in their own name, and tells them what came of it.

use boma_core::{jobs::operator::Desk, protocol::function::Function};

pub const FUNCTION: Function = Function::of_endpoint::<Desk>();
