//! A lead: somebody who may become a customer.

use crate::{
    domain::{IllegalTransition, leads::facts::LeadNews},
    kernel::{ids::UserId, names::names, timestamp::Timestamp},
};

names! {
    Status {
        New = "NEW",
        Contacted = "CONTACTED",
        Qualified = "QUALIFIED",
        Lost = "LOST",
        Converted = "CONVERTED",
    }
}

names! {
    /// An event, as far as the table looks at it.
    Input {
        Created = "LeadCreated",
        Contacted = "LeadContacted",
        Qualified = "LeadQualified",
        Lost = "LeadLost",
        Reopened = "LeadReopened",
        Registered = "UserRegistered",
    }
}

/// The table of LIFECYCLES, Leads. None stands for a lead that isn't there.
pub fn transition(from: Option<Status>, input: Input) -> Result<Status, IllegalTransition> {
    use Status::{Contacted, Converted, Lost, New, Qualified};
    let refused = || Err(IllegalTransition { from: from.map_or("-", Status::name), event: input.name() });
    match input {
        Input::Created => match from {
            None => Ok(New),
            Some(New | Contacted | Qualified | Lost | Converted) => refused(),
        },
        Input::Contacted => match from {
            Some(New) => Ok(Contacted),
            None | Some(Contacted | Qualified | Lost | Converted) => refused(),
        },
        Input::Qualified => match from {
            Some(New | Contacted) => Ok(Qualified),
            None | Some(Qualified | Lost | Converted) => refused(),
        },
        Input::Lost => match from {
            Some(New | Contacted | Qualified) => Ok(Lost),
            None | Some(Lost | Converted) => refused(),
        },
        Input::Reopened => match from {
            Some(Lost) => Ok(Contacted),
            None | Some(New | Contacted | Qualified | Converted) => refused(),
        },
        Input::Registered => match from {
            Some(New | Contacted | Qualified | Lost) => Ok(Converted),
            None | Some(Converted) => refused(),
        },
    }
}

/// What a conversation is worth: a lead that was contacted is likelier to convert.
const SCORE_OF_A_CONTACT: i64 = 10;

/// A lead as it stands, and what led there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lead {
    pub status: Status,
    pub region: String,
    /// How it came to us; later contacts may go other ways.
    pub channel: String,
    pub score: i64,
    pub created_at: Timestamp,
    pub conversion: Option<Conversion>,
    /// Why it is lost; a lead that was won back has no such reason any more.
    pub lost_because: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conversion {
    pub user: UserId,
    pub at: Timestamp,
}

/// The lead after the event; None stands for a lead that isn't there.
pub fn step(from: Option<&Lead>, news: &LeadNews, at: Timestamp) -> Result<Lead, IllegalTransition> {
    let status = transition(from.map(|lead| lead.status), input(news))?;
    let mut lead = from.cloned().unwrap_or_else(|| begun(at));
    (lead.status, lead.lost_because) = (status, None);
    match news {
        LeadNews::Created { region, channel } => (lead.region, lead.channel) = (region.clone(), channel.clone()),
        LeadNews::Contacted => lead.score = lead.score.saturating_add(SCORE_OF_A_CONTACT),
        LeadNews::Qualified { score } => lead.score = lead.score.saturating_add(*score),
        LeadNews::Lost { reason } => lead.lost_because = Some(reason.clone()),
        LeadNews::Reopened => {}
        LeadNews::Registered { user } => lead.conversion = Some(Conversion { user: *user, at }),
    }
    Ok(lead)
}

/// A lead of which no more is known yet than when.
fn begun(at: Timestamp) -> Lead {
    Lead {
        status: Status::New,
        region: String::new(),
        channel: String::new(),
        score: 0,
        created_at: at,
        conversion: None,
        lost_because: None,
    }
}

fn input(news: &LeadNews) -> Input {
    match news {
        LeadNews::Created { .. } => Input::Created,
        LeadNews::Contacted => Input::Contacted,
        LeadNews::Qualified { .. } => Input::Qualified,
        LeadNews::Lost { .. } => Input::Lost,
        LeadNews::Reopened => Input::Reopened,
        LeadNews::Registered { .. } => Input::Registered,
    }
}
