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
    /// An event, as far as the table looks at it. `Again` is one that says what the lead shows already: a creation from the same
    /// region and channel, a registration of the customer whom it became.
    Input {
        Created = "LeadCreated",
        CreatedAgain = "LeadCreated again",
        Contacted = "LeadContacted",
        Qualified = "LeadQualified",
        Lost = "LeadLost",
        Reopened = "LeadReopened",
        Registered = "UserRegistered",
        RegisteredAgain = "UserRegistered again",
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Created | Input::CreatedAgain => "LeadCreated",
            Input::Contacted | Input::Qualified | Input::Lost | Input::Reopened => self.name(),
            Input::Registered | Input::RegisteredAgain => "UserRegistered",
        }
    }
}

/// What becomes of an event that isn't refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step<T> {
    Taken(T),
    /// It says again what the lead is.
    Stale,
    /// Sources of a lead and of its creation are several: this may be the first that is heard of it.
    Awaits,
}

/// The table of LIFECYCLES, Leads. None stands for a lead that isn't there.
pub fn transition(from: Option<Status>, input: Input) -> Result<Step<Status>, IllegalTransition> {
    use Status::{Contacted, Converted, Lost, New, Qualified};
    let refused = || Err(IllegalTransition { from: from.map_or("-", Status::name), event: input.event() });
    match (input, from) {
        (Input::Created | Input::CreatedAgain, None) => Ok(Step::Taken(New)),
        (Input::Created, Some(New | Contacted | Qualified | Lost | Converted)) => refused(),
        (Input::CreatedAgain, Some(New | Contacted | Qualified | Lost | Converted)) => Ok(Step::Stale),

        (Input::Contacted, Some(New | Contacted)) => Ok(Step::Taken(Contacted)),
        (Input::Contacted, Some(Qualified)) => Ok(Step::Taken(Qualified)),
        (Input::Contacted, Some(Lost | Converted)) => refused(),

        (Input::Qualified, Some(New | Contacted | Qualified)) => Ok(Step::Taken(Qualified)),
        (Input::Qualified, Some(Lost | Converted)) => refused(),

        (Input::Lost, Some(New | Contacted | Qualified)) => Ok(Step::Taken(Lost)),
        (Input::Lost, Some(Lost)) => Ok(Step::Stale),
        (Input::Lost, Some(Converted)) => refused(),

        (Input::Reopened, Some(Lost)) => Ok(Step::Taken(Contacted)),
        (Input::Reopened, Some(Contacted)) => Ok(Step::Stale),
        (Input::Reopened, Some(New | Qualified | Converted)) => refused(),

        (Input::Registered | Input::RegisteredAgain, Some(New | Contacted | Qualified | Lost)) => {
            Ok(Step::Taken(Converted))
        }
        (Input::Registered, Some(Converted)) => refused(),
        (Input::RegisteredAgain, Some(Converted)) => Ok(Step::Stale),

        (
            Input::Contacted
            | Input::Qualified
            | Input::Lost
            | Input::Reopened
            | Input::Registered
            | Input::RegisteredAgain,
            None,
        ) => Ok(Step::Awaits),
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
    /// What all contacts were worth.
    pub contacts_score: i64,
    /// What the last qualification that named one said.
    pub qualified_score: Option<i64>,
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

impl Lead {
    /// Contacts and the last rating together.
    pub fn score(&self) -> i64 {
        self.contacts_score.saturating_add(self.qualified_score.unwrap_or(0))
    }

    /// A lead of which no more is known yet than when.
    fn begun(at: Timestamp) -> Lead {
        Lead {
            status: Status::New,
            region: String::new(),
            channel: String::new(),
            contacts_score: 0,
            qualified_score: None,
            created_at: at,
            conversion: None,
            lost_because: None,
        }
    }
}

/// The lead after the event; None stands for a lead that isn't there.
pub fn step(from: Option<&Lead>, news: &LeadNews, at: Timestamp) -> Result<Step<Lead>, IllegalTransition> {
    let status = match transition(from.map(|lead| lead.status), input(from, news))? {
        Step::Taken(status) => status,
        Step::Stale => return Ok(Step::Stale),
        Step::Awaits => return Ok(Step::Awaits),
    };
    let mut lead = from.cloned().unwrap_or_else(|| Lead::begun(at));
    (lead.status, lead.lost_because) = (status, None);
    match news {
        LeadNews::Created { region, channel } => (lead.region, lead.channel) = (region.clone(), channel.clone()),
        LeadNews::Contacted => lead.contacts_score = lead.contacts_score.saturating_add(SCORE_OF_A_CONTACT),
        LeadNews::Qualified { score } => lead.qualified_score = score.or(lead.qualified_score),
        LeadNews::Lost { reason } => lead.lost_because = Some(reason.clone()),
        LeadNews::Reopened => {}
        LeadNews::Registered { user } => lead.conversion = Some(Conversion { user: *user, at }),
    }
    Ok(Step::Taken(lead))
}

fn input(from: Option<&Lead>, news: &LeadNews) -> Input {
    match news {
        LeadNews::Created { region, channel } => {
            let again = from.is_some_and(|lead| lead.region == *region && lead.channel == *channel);
            if again { Input::CreatedAgain } else { Input::Created }
        }
        LeadNews::Contacted => Input::Contacted,
        LeadNews::Qualified { .. } => Input::Qualified,
        LeadNews::Lost { .. } => Input::Lost,
        LeadNews::Reopened => Input::Reopened,
        LeadNews::Registered { user } => {
            let again = from.and_then(|lead| lead.conversion).is_some_and(|conversion| conversion.user == *user);
            if again { Input::RegisteredAgain } else { Input::Registered }
        }
    }
}
