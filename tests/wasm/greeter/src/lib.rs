//! `POST /probes` takes `{"id", "name"}` and keeps it, `GET /probes/{id}` greets that name. Who is called `boom` breaks it.

use boma_core::{
    event::fields::Fields,
    kernel::{json, malformed::Malformed, timestamp::Timestamp},
    protocol::{
        function::Function,
        outcome::Fault,
        request::{Endpoint, Problem, Request, RequestHead, Success},
        step::{Answer, Call, Step},
    },
    store::{path::DocumentPath, snapshot::Snapshot, write::Write},
};
use serde_json::json;

pub const FUNCTION: Function = Function::of_endpoint::<Greeter>();

#[derive(Debug)]
pub struct Greeter(Result<Order, Problem>);

#[derive(Clone, Debug)]
enum Order {
    Greet(DocumentPath),
    Keep { path: DocumentPath, name: String },
}

type Answered = Result<Success, Problem>;

impl Endpoint for Greeter {
    const FUNCTION: &'static str = "greeter";

    fn reject(head: &RequestHead) -> Option<Problem> {
        let allow = match head.pathname() {
            "/probes" => "POST",
            path if probe(path).is_some() => "GET",
            _ => return Some(Problem::not_found()),
        };
        if head.method != allow {
            return Some(Problem::method_not_allowed(allow));
        }
        let is_json = head.media_type().as_deref() == Some("application/json");
        (allow == "POST" && !is_json).then(|| Problem::unsupported_media_type("application/json"))
    }

    fn receive(request: Request) -> Self {
        Greeter(match probe(request.head.pathname()) {
            Some(path) => Ok(Order::Greet(path)),
            None => read(&request.body.bytes).map_err(Problem::from),
        })
    }

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<Answered> {
        let order = match self.0.clone() {
            Ok(order) => order,
            Err(problem) => return Step::Done(Err(problem)),
        };
        let path = match &order {
            Order::Greet(path) | Order::Keep { path, .. } => path.clone(),
        };
        match (order, answer) {
            (_, Answer::Begin) => Step::Call(Call::read(vec![path])),
            (Order::Greet(_), Answer::Found(snapshot)) => Step::Done(greeting(&snapshot, &path)),
            (Order::Keep { name, .. }, Answer::Found(snapshot)) => keep(&snapshot, path, &name, now),
            (Order::Keep { .. }, Answer::Committed) => Step::Done(Ok(kept(201, &path))),
            (_, Answer::Failed(fault)) => Step::Done(Err(fault.into())),
            (_, Answer::Rows(_) | Answer::Committed | Answer::Published | Answer::Appended { .. } | Answer::Waited) => {
                unreachable!("it reads and commits")
            }
        }
    }
}

/// The document that this path is about.
fn probe(path: &str) -> Option<DocumentPath> {
    DocumentPath::parse(path.strip_prefix('/')?).filter(|document| document.collection() == "probes")
}

fn read(body: &[u8]) -> Result<Order, Malformed> {
    let object = json::parse_object(body)?;
    let fields = Fields::new("", &object);
    let name = fields.string("name")?.to_owned();
    assert!(name != "boom", "nobody is called that");
    let path = DocumentPath::parse(&format!("probes/{}", fields.string("id")?));
    Ok(Order::Keep { path: path.ok_or_else(|| fields.refuse("id", "not in plain letters"))?, name })
}

fn greeting(snapshot: &Snapshot, path: &DocumentPath) -> Answered {
    let probe = snapshot.get(path).ok_or_else(Problem::not_found)?;
    let name = probe.string("name").map_err(|unreadable| Fault::Unreadable(unreadable.to_string()))?;
    Ok(Success { status: 200, body: json!({ "greeting": format!("Hello, {name}!") }) })
}

/// The same request again is as good as the first.
fn keep(snapshot: &Snapshot, path: DocumentPath, name: &str, now: Timestamp) -> Step<Answered> {
    match snapshot.get(&path).map(|probe| probe.string("name")) {
        None => {
            let write = Write::to(path).set("name", name).set("createdAt", now);
            Step::Call(Call::commit(vec![snapshot.guard(write).expect("it was read")]))
        }
        Some(known) if known == Ok(name) => Step::Done(Ok(kept(200, &path))),
        Some(_) => Step::Done(Err(Problem::new(409).with_detail("id: it has another name"))),
    }
}

fn kept(status: u16, path: &DocumentPath) -> Success {
    Success { status, body: json!({ "id": path.id() }) }
}
