//! Writes to a customer what there is to be told.

use boma_core::{
    domain::{
        customer::documents::user,
        notifications::{
            documents::mail,
            facts::{FACTS, Notification},
        },
    },
    kernel::{email, text},
    prelude::*,
    store::value::Value,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NotifyHandler;

pub const FUNCTION: Function = Function::of_handler::<NotifyHandler>();

impl Handler for NotifyHandler {
    type Fact = Notification;
    const CONSUMER: &'static str = "notify";
    const HEARS: &'static [(EventType, Reader<Notification>)] = FACTS;

    fn read_set(event: &Event<Notification>) -> Vec<DocumentPath> {
        vec![DocumentPath::user(event.envelope.user()), path(event)]
    }

    fn decide(event: &Event<Notification>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let path_of_user = DocumentPath::user(event.envelope.user());
        let Some(customer) = snapshot.get(&path_of_user) else {
            return Ok(Decision::Await(path_of_user));
        };
        // The address may be a moment old: it is only read, and whoever moved just now has the old one as well.
        let to = user::email(customer)?;
        // Of an earlier release, which took any text: a list of addresses, or lines for the mail's head.
        if email::check(to).is_err() {
            return Ok(Decision::Refuse("NotOneAddress".to_owned()));
        }
        let Notification { template, params } = event.fact.clone();
        let data = params.into_iter().map(|(name, text)| (name, Value::String(text::kept(text)))).collect();
        let mail = mail::write(path(event), to, template.name(), data, now);
        Ok(Decision::write(mail))
    }
}

/// One mail for each event.
fn path(event: &Event<Notification>) -> DocumentPath {
    DocumentPath::mail(NotifyHandler::CONSUMER, event.envelope.id)
}
