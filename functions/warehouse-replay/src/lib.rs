//! Appends the rows that couldn't be appended when their documents changed, from the letters that `warehouse` filed of them. It runs every
//! hour, so an outage of BigQuery heals by itself; what is refused again stays an open letter, for a person.

use boma_core::{jobs::warehouse::replay::Replay, protocol::function::Function};

pub const FUNCTION: Function = Function::of_job::<Replay>().appending();
