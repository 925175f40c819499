//! The pool of this instance, for a function that acts on changes together. An instance of the Wasm has one thread and one function, and
//! its memory is its own: what broke it takes the pool along.

use std::{cell::OnceCell, rc::Rc};

use boma_core::protocol::function::Pool;

thread_local! {
    static POOL: OnceCell<Rc<dyn Pool>> = const { OnceCell::new() };
}

pub(crate) fn present_pool(make: fn() -> Rc<dyn Pool>) -> Rc<dyn Pool> {
    POOL.with(|pool| Rc::clone(pool.get_or_init(make)))
}
