//! Replays dead letters, as an operator asks for it. The command `npm run dead-letters` runs the module in its own process, with the
//! operator's credentials: there is no service to call.

use boma_core::{jobs::replay::replay_job::Replay, protocol::function::Function};

pub const FUNCTION: Function = Function::of_job::<Replay>();
