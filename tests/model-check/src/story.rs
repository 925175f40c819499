//! A path in lines that can be read.

use crate::{
    action::{Action, Mishap},
    intern::Id,
    queue::Who,
    state::{State, Wrong},
    talk::{InHand, Request},
    world::World,
};
use boma_core::{
    event::{catalog::Topic, envelope::Envelope},
    protocol::step::{Call, Step},
};
use stateright::Path;

pub fn of(world: &World, path: Path<State, Action>) -> Vec<String> {
    let steps = path.into_vec();
    let events: Vec<_> = world.scenario.events.iter().map(|message| event(&message.data)).collect();
    let begins = steps.first().and_then(|(state, _)| state.wrong);
    let mut lines = vec![format!("published: {}{}", events.join(", "), wrong(begins))];
    for pair in steps.windows(2) {
        let [(before, Some(action)), (after, _)] = pair else { continue };
        let is_acked = before.lanes.iter().zip(&after.lanes).any(|(before, after)| after.acked > before.acked);
        let ack = if is_acked { "; acked" } else { "" };
        lines.push(format!("{}{ack}{}", line(world, before, *action), wrong(after.wrong)));
    }
    lines
}

fn wrong(wrong: Option<Wrong>) -> String {
    wrong.map_or_else(String::new, |wrong| format!(" -> {wrong:?}"))
}

fn line(world: &World, state: &State, action: Action) -> String {
    match action {
        Action::Answer { lane, who } => format!("{}: done", asked(world, state, lane, who)),
        Action::Mishap { lane, who, mishap } => format!("{}: {}", asked(world, state, lane, who), words(mishap)),
        Action::Redeliver { lane, from } => {
            let queue = world.queues.get(state.lanes[lane].queue);
            let message = world.messages.get(queue[usize::from(from)].message);
            let consumer = world.lane_names()[lane].consumer();
            format!("Pub/Sub delivers {} and all after it to {consumer} again", event(&message.data))
        }
        Action::Arrive(request) => match world.requests.get(request).as_ref() {
            Request::Commit(writes) => {
                let paths: Vec<_> = writes.iter().map(|write| short(&write.path.to_string())).collect();
                format!("a late commit of {} gets there", paths.join(", "))
            }
            Request::Publish(batch) => format!("a late publish of {} gets there", event(&batch.messages[0].data)),
        },
        Action::Replay { letter } => {
            let store = world.stores.get(state.store);
            let path = store.collection("dead_letters").nth(letter).map(|(path, _)| short(&path.to_string()));
            format!("an operator publishes {} again", path.unwrap_or_default())
        }
        Action::Given => "the customer is registered".to_owned(),
    }
}

fn asked(world: &World, state: &State, lane: usize, who: Who) -> String {
    let mut lane = state.lanes[lane];
    let talk = lane.hand(who).expect("someone who asks");
    let who = match who {
        Who::Live => "",
        Who::Zombie => " (zombie)",
    };
    format!("{}{who}", talk_line(world, talk))
}

fn talk_line(world: &World, talk: Id<InHand>) -> String {
    let talk = world.talks.get(talk);
    let message = world.messages.get(talk.message);
    let asks = match &talk.step {
        Step::Call(Call::Read { .. }) => "read".to_owned(),
        Step::Call(Call::Query { .. }) => "query".to_owned(),
        Step::Call(Call::Commit { writes, .. }) => {
            let paths: Vec<_> = writes.iter().map(|write| short(&write.path.to_string())).collect();
            format!("commit of {}", paths.join(", "))
        }
        Step::Call(Call::Publish { batch, .. }) => format!("publish of {}", event(&batch.messages[0].data)),
        Step::Wait { .. } => "wait".to_owned(),
        Step::Done(_) => "end".to_owned(),
    };
    format!("{} with {}, delivery {}: {asks}", talk.lane.consumer(), event(&message.data), talk.attempt)
}

fn words(mishap: Mishap) -> &'static str {
    match mishap {
        Mishap::Crash => "the instance crashes before",
        Mishap::CrashAfterSending => "the instance crashes, the call is still under way",
        Mishap::NotDone => "UNAVAILABLE, and not done",
        Mishap::AnswerLost => "UNAVAILABLE, and done",
        Mishap::Late => "DEADLINE_EXCEEDED, and still under way",
        Mishap::OutOfTime => "done when the 45 s are over",
        Mishap::Denied => "PERMISSION_DENIED",
    }
}

fn event(data: &str) -> String {
    match Envelope::parse(data.as_bytes(), Topic::ALL) {
        Ok(envelope) => format!("{} {}", envelope.event_type, &envelope.id.to_string()[32..]),
        Err(_) => "what can't be read".to_owned(),
    }
}

/// Without the ids, which are long.
fn short(path: &str) -> String {
    let (collection, id) = path.split_once('/').unwrap_or((path, ""));
    let end = &id[id.len().saturating_sub(4)..];
    format!("{collection}/..{end}")
}
