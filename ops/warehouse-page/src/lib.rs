//! Reads a page of a collection, and appends or tells its rows of the warehouse. The command `npm run warehouse` runs the module in its own
//! process, with the operator's credentials: there is no service to call.

use boma_core::{jobs::warehouse::page::Page, protocol::function::Function};

pub const FUNCTION: Function = Function::of_job::<Page>().appending();
