//! The machine of leads, and the fields beside the status that an event changes.

use boma_core::{
    domain::{
        IllegalTransition,
        leads::{
            facts::LeadNews,
            machine::{Conversion, Lead, Status, Step, step},
        },
    },
    kernel::{
        ids::{Id, UserId},
        timestamp::Timestamp,
    },
};

use crate::table::{Edge, NOTHING, Named, edge, walk, with_nothing};

const THEN: Timestamp = Timestamp::MIN;
const NOW: Timestamp = Timestamp::MAX;

fn customer() -> UserId {
    UserId::parse("00000000-0000-4000-8000-000000000001").expect("an id")
}

fn another() -> UserId {
    UserId::parse("00000000-0000-4000-8000-000000000002").expect("an id")
}

fn created(channel: &str) -> LeadNews {
    LeadNews::Created { region: "Prague".to_owned(), channel: channel.to_owned() }
}

/// The row, the event's type in a refusal, and the event.
fn news() -> [(&'static str, &'static str, LeadNews); 9] {
    [
        ("LeadCreated", "LeadCreated", created("WEB")),
        ("LeadCreated again", "LeadCreated", created("BRANCH")),
        ("LeadContacted", "LeadContacted", LeadNews::Contacted),
        ("LeadQualified", "LeadQualified", LeadNews::Qualified { score: Some(40) }),
        ("LeadQualified without a score", "LeadQualified", LeadNews::Qualified { score: None }),
        ("LeadLost", "LeadLost", LeadNews::Lost { reason: "NO_ANSWER".to_owned() }),
        ("LeadReopened", "LeadReopened", LeadNews::Reopened),
        ("UserRegistered", "UserRegistered", LeadNews::Registered { user: another() }),
        ("UserRegistered again", "UserRegistered", LeadNews::Registered { user: customer() }),
    ]
}

/// Contacted twice, and qualified with 5.
fn lead(status: Status) -> Lead {
    Lead {
        status,
        region: "Prague".to_owned(),
        channel: "BRANCH".to_owned(),
        contacts_score: 20,
        qualified_score: Some(5),
        created_at: THEN,
        conversion: (status == Status::Converted).then(|| Conversion { user: customer(), at: THEN }),
        lost_because: (status == Status::Lost).then(|| "NO_MONEY".to_owned()),
    }
}

fn is_begun(after: &Lead) -> bool {
    let plain = Lead { contacts_score: 0, qualified_score: None, created_at: NOW, ..lead(Status::New) };
    *after == Lead { channel: after.channel.clone(), ..plain } && after.score() == 0
}

/// The changed fields, in words.
fn changes(before: Option<&Lead>, after: &Lead) -> String {
    let Some(before) = before else {
        return if is_begun(after) { "created with score 0" } else { "created otherwise" }.to_owned();
    };
    let mut said = Vec::new();
    if after.score() != before.score() {
        said.push(format!("score + {}", after.score() - before.score()));
    }
    if after.qualified_score != before.qualified_score {
        said.push(after.qualified_score.map_or("no rating".to_owned(), |score| format!("qualified with {score}")));
    }
    match (&before.lost_because, &after.lost_because) {
        (None, None) => {}
        (_, Some(reason)) if reason == "NO_ANSWER" => said.push("a reason".to_owned()),
        (Some(_), None) => said.push("no reason any more".to_owned()),
        (None | Some(_), Some(_)) => said.push("another reason".to_owned()),
    }
    if after.conversion.is_some_and(|conversion| conversion.at == NOW) {
        said.push("the customer and when".to_owned());
    }
    let is_same = |lead: &Lead| (lead.region.clone(), lead.channel.clone(), lead.created_at);
    if is_same(before) != is_same(after) {
        said.push("what must not change".to_owned());
    }
    said.join(" + ")
}

/// Whatever isn't refused stands in the table: an edge, or why there is none although the pair is known.
fn told(from: Option<Status>, news: &LeadNews) -> Result<Edge, IllegalTransition> {
    let before = from.map(lead);
    let stays = from.map_or(NOTHING, Status::name);
    Ok(match step(before.as_ref(), news, NOW)? {
        Step::Taken(after) => edge(after.status.name(), &changes(before.as_ref(), &after)),
        Step::Stale => edge(stays, "stale"),
        Step::Awaits => edge(stays, "awaits"),
    })
}

#[test]
fn leads_take_the_edges_of_their_table_and_no_others() {
    let news = news();
    let named = |index: usize| Named { input: index, row: news[index].0.to_owned(), event: news[index].1 };
    let inputs: Vec<_> = (0..news.len()).map(named).collect();
    let states = with_nothing(Status::ALL, Status::name);
    let walked = walk::<_, _, IllegalTransition>(include_str!("leads.csv"), &states, &inputs, |from, index| {
        told(from, &news[index].2)
    });
    assert_eq!(walked, (38, 16), "6 states x 9 events");
}
