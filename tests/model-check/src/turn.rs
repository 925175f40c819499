//! What an action comes to.

use boma_core::{
    Topic,
    delivery::{Report, patience},
    outcome::{Fault, Outcome, Verdict},
    outgoing::Message,
};

use crate::{
    action::{Action, Mishap},
    intern::Id,
    queue::Who,
    settled::is_open,
    state::{LANES, Saw, State, Wrong},
    talk::{InHand, Request, Told},
    world::{Asks, World},
};

impl World {
    pub fn after(&self, state: &State, action: Action) -> State {
        let mut next = *state;
        match action {
            Action::Answer { lane, who } => {
                let told = self.make_call(&mut next, lane, who);
                self.hear(&mut next, lane, who, told, false);
            }
            Action::Mishap { lane, who, mishap } => {
                next.faults_left -= 1;
                self.suffer(&mut next, lane, who, mishap);
            }
            Action::Redeliver { lane, from } => {
                next.faults_left -= 1;
                self.redeliver(&mut next, lane, from);
            }
            Action::Arrive(request) => self.arrive(&mut next, request),
            Action::Replay { letter } => self.replay(&mut next, letter),
            Action::Given => self.give(&mut next),
        }
        self.forget_what_cannot_matter(&mut next);
        self.deliver(&mut next);
        next
    }

    /// Whoever has a message to deliver, delivers it: nothing could come between that wouldn't as well come after, for a
    /// delivery that has read nothing yet knows nothing.
    pub fn deliver(&self, state: &mut State) {
        for lane in 0..LANES {
            while state.wrong.is_none() && state.lanes[lane].live.is_none() && self.has_more(state, lane) {
                self.deliver_head(state, lane);
            }
        }
    }

    fn has_more(&self, state: &State, lane: usize) -> bool {
        usize::from(state.lanes[lane].acked) < self.queues.get(state.lanes[lane].queue).len()
    }

    fn deliver_head(&self, state: &mut State, lane: usize) {
        let mut queue = self.queues.get(state.lanes[lane].queue).as_ref().clone();
        let entry = &mut queue[usize::from(state.lanes[lane].acked)];
        let name = self.lane_names()[lane];
        let most = self.scenario.gives_up_after.filter(|_| name.topic() != Topic::DeadLetters);
        entry.is_given_up |= most.is_some_and(|most| entry.attempts >= most);
        entry.attempts = (entry.attempts + 1).min(self.scenario.most_attempts);
        let entry = *entry;
        state.lanes[lane].queue = self.queues.id(queue);
        if entry.is_given_up {
            state.lanes[lane].acked += 1;
            let letter = given_up(&self.messages.get(entry.message), name.consumer(), name.topic());
            self.append(state, LANES - 1, self.messages.id(letter));
            return;
        }
        let talk = self.begun(name, entry);
        self.take_up(state, lane, Who::Live, talk, true);
    }

    /// The call that the delivery asks for, and what there is to say about it.
    fn make_call(&self, state: &mut State, lane: usize, who: Who) -> Told {
        let talk = state.lanes[lane].hand(who).expect("someone who asks");
        match self.asks(talk) {
            Asks::ToRead => Told::Read(state.store),
            Asks::ToCommit(request) => match self.committed(state.store, request) {
                Some(store) => {
                    state.store = store;
                    Told::Committed
                }
                None => {
                    if who == Who::Zombie {
                        self.remember(state, Saw::A_ZOMBIE_LOSE);
                    }
                    Told::Raced
                }
            },
            Asks::ToPublish(request) => {
                let before = state.accepted;
                self.accept(state, request);
                if self.scenario.remembers && state.accepted != before {
                    let talk = self.remembering(talk, |memory| memory.published_what_was_owed = true);
                    *state.lanes[lane].hand(who) = Some(talk);
                }
                Told::Published
            }
            Asks::Nothing => unreachable!("a delivery that has ended is in nobody's hand"),
        }
    }

    fn suffer(&self, state: &mut State, lane: usize, who: Who, mishap: Mishap) {
        let talk = state.lanes[lane].hand(who).expect("someone to suffer it");
        let (request, is_commit) = match self.asks(talk) {
            Asks::ToCommit(request) => (Some(request), true),
            Asks::ToPublish(request) => (Some(request), false),
            Asks::ToRead | Asks::Nothing => (None, false),
        };
        let is_lost = matches!(mishap, Mishap::AnswerLost | Mishap::Late);
        if is_commit && is_lost && self.scenario.remembers {
            let talk = self.remembering(talk, |memory| memory.lost_a_commits_answer = true);
            *state.lanes[lane].hand(who) = Some(talk);
        }
        if !is_commit && request.is_some() && mishap == Mishap::Crash {
            self.remember(state, Saw::A_CRASH_BEFORE_PUBLISH);
        }
        match mishap {
            Mishap::Crash => *state.lanes[lane].hand(who) = None,
            Mishap::CrashAfterSending => {
                *state.lanes[lane].hand(who) = None;
                self.send(state, request);
            }
            Mishap::NotDone => self.hear(state, lane, who, Told::Unknown, true),
            Mishap::Late => {
                self.send(state, request);
                self.hear(state, lane, who, Told::Unknown, true);
            }
            Mishap::AnswerLost => {
                self.make_call(state, lane, who);
                self.hear(state, lane, who, Told::Unknown, true);
            }
            Mishap::OutOfTime => {
                self.make_call(state, lane, who);
                self.hear(state, lane, who, Told::UnknownTooLate, true);
            }
            Mishap::Denied => self.hear(state, lane, who, Told::Denied, true),
        }
    }

    fn send(&self, state: &mut State, request: Option<Id<Request>>) {
        let mut under_way = self.under_way.get(state.under_way).as_ref().clone();
        under_way.extend(request);
        under_way.sort();
        state.under_way = self.under_way.id(under_way);
    }

    fn arrive(&self, state: &mut State, request: Id<Request>) {
        let mut under_way = self.under_way.get(state.under_way).as_ref().clone();
        let place = under_way.iter().position(|it| *it == request).expect("it is under way");
        under_way.remove(place);
        state.under_way = self.under_way.id(under_way);
        match self.requests.get(request).as_ref() {
            Request::Commit(_) => {
                state.store = self.committed(state.store, request).expect("what can't matter was forgotten");
                self.remember(state, Saw::A_LATE_COMMIT_TAKE_EFFECT);
            }
            Request::Publish(_) => self.accept(state, request),
        }
    }

    fn forget_what_cannot_matter(&self, state: &mut State) {
        let under_way = self.under_way.get(state.under_way);
        let kept: Vec<_> = under_way.iter().copied().filter(|request| self.matters(state, *request)).collect();
        if kept.len() < under_way.len() {
            self.remember(state, Saw::A_LATE_COMMIT_LOSE);
            state.under_way = self.under_way.id(kept);
        }
    }

    fn redeliver(&self, state: &mut State, lane: usize, from: u8) {
        if from < state.lanes[lane].acked {
            self.remember(state, Saw::AN_ACKED_MESSAGE_AGAIN);
        }
        let lane = &mut state.lanes[lane];
        if lane.live.is_some() {
            lane.zombie = lane.live.take();
        }
        lane.acked = from;
    }

    fn replay(&self, state: &mut State, letter: usize) {
        state.replays_left -= 1;
        let store = self.stores.get(state.store);
        let (path, letter) = store.collection("dead_letters").nth(letter).expect("a letter");
        let consumer = letter.string("consumer").expect("whose it is");
        let lane = self.lane_names().iter().position(|lane| lane.consumer() == consumer).expect("a lane of its own");
        let body = letter.bytes("body").expect("what it said").to_vec();
        let attributes =
            [("replayOf", path.to_string()), ("replayFor", consumer.to_owned()), ("replayNumber", "1".to_owned())];
        let replayed = Message {
            topic: self.lane_names()[lane].topic(),
            key: self.scenario.events[0].key.clone(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value)).into(),
            data: String::from_utf8(body).expect("scenarios publish text"),
        };
        self.append(state, lane, self.messages.id(replayed));
    }

    fn give(&self, state: &mut State) {
        let mut store = self.stores.get(state.store).as_ref().clone();
        for (path, document) in &self.scenario.given_later {
            store.put(path.clone(), document.clone());
        }
        state.store = self.stores.id(store);
    }

    fn hear(&self, state: &mut State, lane: usize, who: Who, told: Told, is_mishap: bool) {
        let talk = state.lanes[lane].hand(who).take().expect("someone to hear it");
        self.take_up(state, lane, who, self.told(talk, told), is_mishap);
    }

    /// It stays in hand unless it has ended.
    fn take_up(&self, state: &mut State, lane: usize, who: Who, talk: Id<InHand>, is_excused: bool) {
        if self.asks(talk) != Asks::Nothing {
            *state.lanes[lane].hand(who) = Some(talk);
            return;
        }
        let ended = self.talks.get(talk);
        let report = ended.report().expect("it has ended");
        match report.verdict() {
            Verdict::Ack => {
                if !self.may_be_acked(state, ended.lane, ended.message) {
                    state.wrong.get_or_insert(Wrong::AckedUnsettled);
                }
                if report.ending == Ok(Outcome::Crashed) && u32::from(ended.attempt) < patience::CRASHES_TO_FILE {
                    state.wrong.get_or_insert(Wrong::FiledTooEarly);
                }
                if who == Who::Live {
                    state.lanes[lane].acked += 1;
                }
                self.remember_duplicate(
                    state,
                    report,
                    ended.memory.lost_a_commits_answer,
                    ended.memory.published_what_was_owed,
                );
            }
            Verdict::Retry => {
                if matches!(report.ending, Err(Fault::Trap(_))) {
                    if u32::from(ended.attempt) >= patience::CRASHES_TO_FILE {
                        state.wrong.get_or_insert(Wrong::TrappedTooOften);
                    }
                } else if !is_excused && report.ending != Ok(Outcome::Deferred) && !self.may_have_tired(state, report) {
                    state.wrong.get_or_insert(Wrong::RetriedForNothing);
                }
            }
        }
    }

    /// Whether others and faults were enough to make it try for as often as it may.
    fn may_have_tired(&self, state: &State, report: &Report) -> bool {
        let faults = u32::from(self.faults - state.faults_left);
        let writes = self.stores.get(state.store).writes();
        report.repeats == patience::MAX_REPEATS && report.repeats <= faults + writes
    }

    fn remember_duplicate(&self, state: &mut State, report: &Report, lost_commit: bool, published: bool) {
        if report.ending != Ok(Outcome::Duplicate) {
            return;
        }
        self.remember(state, Saw::A_DUPLICATE);
        if lost_commit {
            self.remember(state, Saw::A_LOST_COMMIT_AS_DUPLICATE);
        }
        if published && state.saw.has(Saw::A_CRASH_BEFORE_PUBLISH) {
            self.remember(state, Saw::THAT_CRASH_HEALED);
        }
    }

    fn remember(&self, state: &mut State, what: Saw) {
        if self.scenario.remembers {
            state.saw.also(what);
        }
    }

    /// The letters that an operator could publish again.
    pub fn replayable(&self, state: &State) -> Vec<usize> {
        let store = self.stores.get(state.store);
        let letters = store.collection("dead_letters").enumerate();
        letters.filter(|(_, (_, letter))| is_open(letter)).map(|(index, _)| index).collect()
    }
}

/// As Pub/Sub hands on what ran out of attempts.
fn given_up(message: &Message, consumer: &str, topic: Topic) -> Message {
    let mut given_up = Message { topic: Topic::DeadLetters, ..message.clone() };
    let subscription = format!("{consumer}.{topic}");
    given_up.attributes.insert("CloudPubSubDeadLetterSourceSubscription".to_owned(), subscription);
    given_up
}
