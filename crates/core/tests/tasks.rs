//! Tasks, and the two protocols that are tasks and nothing else: the change of a document, and a request.

#[path = "tasks/change.rs"]
mod change;
#[path = "tasks/request.rs"]
mod request;
#[path = "tasks/run.rs"]
mod run;
#[path = "tasks/scripted.rs"]
mod scripted;
