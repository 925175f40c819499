//! The machine of leads, and the fields beside the status that an event changes.

use boma_core::{
    domain::{
        IllegalTransition,
        leads::{
            facts::LeadNews,
            machine::{Conversion, Lead, Status, step},
        },
    },
    kernel::{
        ids::{Id, UserId},
        timestamp::Timestamp,
    },
};

use crate::table::{Named, edge, walk, with_nothing};

const THEN: Timestamp = Timestamp::MIN;
const NOW: Timestamp = Timestamp::MAX;

fn customer() -> UserId {
    UserId::parse("00000000-0000-4000-8000-000000000001").expect("an id")
}

fn news() -> [(&'static str, LeadNews); 6] {
    [
        ("LeadCreated", LeadNews::Created { region: "Prague".to_owned(), channel: "BRANCH".to_owned() }),
        ("LeadContacted", LeadNews::Contacted),
        ("LeadQualified", LeadNews::Qualified { score: 40 }),
        ("LeadLost", LeadNews::Lost { reason: "NO_ANSWER".to_owned() }),
        ("LeadReopened", LeadNews::Reopened),
        ("UserRegistered", LeadNews::Registered { user: customer() }),
    ]
}

fn lead(status: Status, created_at: Timestamp, score: i64) -> Lead {
    Lead {
        status,
        region: "Prague".to_owned(),
        channel: "BRANCH".to_owned(),
        score,
        created_at,
        conversion: None,
        lost_because: (status == Status::Lost).then(|| "NO_MONEY".to_owned()),
    }
}

/// The changed fields, in words.
fn changes(before: Option<&Lead>, after: &Lead) -> String {
    let Some(before) = before else {
        let is_created = *after == lead(Status::New, NOW, 0);
        return if is_created { "created with score 0".to_owned() } else { "created otherwise".to_owned() };
    };
    let mut said = Vec::new();
    if after.score != before.score {
        said.push(format!("score + {}", after.score - before.score));
    }
    match (&before.lost_because, &after.lost_because) {
        (None, None) => {}
        (_, Some(reason)) if reason == "NO_ANSWER" => said.push("a reason".to_owned()),
        (Some(_), None) => said.push("no reason any more".to_owned()),
        (None | Some(_), Some(_)) => said.push("another reason".to_owned()),
    }
    if after.conversion == Some(Conversion { user: customer(), at: NOW }) {
        said.push("the customer and when".to_owned());
    }
    let is_same = |lead: &Lead| (lead.region.clone(), lead.channel.clone(), lead.created_at);
    if is_same(before) != is_same(after) {
        said.push("what must not change".to_owned());
    }
    said.join(" + ")
}

#[test]
fn leads_take_the_edges_of_their_table_and_no_others() {
    let news = news();
    let inputs: Vec<_> = (0..news.len())
        .map(|index| Named { input: index, row: news[index].0.to_owned(), event: news[index].0 })
        .collect();
    let states = with_nothing(Status::ALL, Status::name);
    let walked = walk::<_, _, IllegalTransition>(include_str!("leads.csv"), &states, &inputs, |from, index| {
        let before = from.map(|status| lead(status, THEN, 5));
        let after = step(before.as_ref(), &news[index].1, NOW)?;
        Ok(edge(after.status.name(), &changes(before.as_ref(), &after)))
    });
    assert_eq!(walked, (12, 24), "6 states x 6 events");
}
