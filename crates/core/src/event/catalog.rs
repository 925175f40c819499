//! Every type of event that the system knows, its topic, and what its subject is; and of each topic, who publishes to it.

use crate::kernel::names::names;

names! {
    /// Where facts are published. A topic carries the facts of one authority, for Pub/Sub's rights end at the topic.
    Topic {
        UserOnboarding = "user-onboarding",
        Kyc = "kyc",
        Payments = "payments",
        Leads = "leads",
        Interactions = "interactions",
        MarketData = "market-data",
        PriceAlerts = "price-alerts",
        Operations = "operations",
        Deadlines = "deadlines",
        UserLifecycle = "user-lifecycle",
        KycRequests = "kyc-requests",
        Notifications = "notifications",
        Replays = "replays",
        DeadLetters = "dead-letters",
    }
}

/// Who may let a program or a person publish to a topic directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The sources of facts, outside. `ingress` publishes for them; who publishes directly has all of the topic's facts.
    Sources,
    /// Operators, by `operator` or by their own commands.
    Operators,
    /// Functions of ours alone.
    Internal,
}

impl Topic {
    /// Who publishes to it: functions, and `pubsub` for Pub/Sub itself. `dead-letters` publishes what the commits of others still owe. A
    /// consumer that files a message publishes its replay itself where the document has come meanwhile.
    pub fn publishers(self) -> &'static [&'static str] {
        match self {
            Topic::UserOnboarding
            | Topic::Kyc
            | Topic::Payments
            | Topic::Leads
            | Topic::Interactions
            | Topic::MarketData => &["ingress"],
            Topic::PriceAlerts => &["dead-letters", "price-alerts"],
            Topic::Operations => &["operator"],
            Topic::Deadlines => &["clock"],
            Topic::UserLifecycle => &["dead-letters", "kyc", "leads"],
            Topic::KycRequests => &["dead-letters", "kyc-request"],
            Topic::Notifications => &["dead-letters", "kyc", "payments", "price-alerts"],
            Topic::Replays => &[
                "access",
                "clock",
                "kyc",
                "leads",
                "notes",
                "notify",
                "operator",
                "payments",
                "profile",
                "release",
                "release-leads",
            ],
            Topic::DeadLetters => &["pubsub"],
        }
    }

    pub fn authority(self) -> Authority {
        match self {
            Topic::UserOnboarding
            | Topic::Kyc
            | Topic::Payments
            | Topic::Leads
            | Topic::Interactions
            | Topic::MarketData => Authority::Sources,
            Topic::Operations | Topic::Replays => Authority::Operators,
            Topic::PriceAlerts
            | Topic::Deadlines
            | Topic::UserLifecycle
            | Topic::KycRequests
            | Topic::Notifications
            | Topic::DeadLetters => Authority::Internal,
        }
    }
}

/// The kind of subject of an event, and so of its ordering key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    User,
    Lead,
    Symbol,
}

macro_rules! events {
    ($($topic:ident was $first:ident, $subject:ident: $($name:ident)+;)+) => {
        names! {
            /// A fact, in the past tense.
            EventType { $($($name = stringify!($name)),+),+ }
        }

        impl EventType {
            pub fn topic(self) -> Topic {
                match self { $($(EventType::$name => Topic::$topic),+),+ }
            }

            /// Its topic in the first edition; of a type that is newer, the present one.
            pub fn first_topic(self) -> Topic {
                match self { $($(EventType::$name => Topic::$first),+),+ }
            }

            pub fn subject_kind(self) -> SubjectKind {
                match self { $($(EventType::$name => SubjectKind::$subject),+),+ }
            }
        }
    };
}

events! {
    UserOnboarding was UserOnboarding, User: UserRegistered;
    UserOnboarding was UserLifecycle, User: ProfileChanged;
    Kyc was Kyc, User: KycSubmitted KycCompleted KycRestarted;
    Payments was Payments, User: PaymentInitiated PaymentReceived PaymentFailed PaymentCanceled PaymentSent PaymentReversed
        FeeCharged WithdrawalRequested WithdrawalSettled WithdrawalFailed WithdrawalCanceled
        RefundRequested RefundSettled RefundFailed DisputeOpened DisputeWon DisputeLost;
    Leads was Leads, Lead: LeadCreated LeadContacted LeadQualified LeadLost;
    Interactions was Interactions, User: UserInteracted;
    MarketData was MarketData, Symbol: PriceMoved PriceAlertSet PriceAlertCanceled;
    PriceAlerts was PriceAlerts, Symbol: PriceAlertsDue;
    Operations was Kyc, User: KycReviewed KycHeld KycReleased KycSuspended KycReinstated KycSuspensionConfirmed KycAppealed
        AccountClosed;
    Operations was Operations, User: ReviewClaimed ReviewReturned BalanceAdjusted PayoutOrdered NoteAdded CustomerAssigned;
    Operations was Leads, Lead: LeadReopened;
    Deadlines was Kyc, User: KycExpired KycLapsed;
    Deadlines was Payments, User: WithdrawalExpired;
    UserLifecycle was UserLifecycle, User: UserActive UserRestricted LeadConverted;
    KycRequests was KycRequests, User: KycRequested;
    Notifications was Notifications, User: NotificationRequested;
}

impl EventType {
    /// Whether it says of money that it has moved, or that it hasn't: what a bank, a card scheme, a provider or two operators say
    /// has happened. It is posted whatever the customer's status, so one that isn't posted is missing in the books. What asks for
    /// money, and what ends the asking, is no such fact.
    pub fn is_fact_about_money(self) -> bool {
        match self {
            EventType::PaymentInitiated
            | EventType::PaymentReceived
            | EventType::PaymentFailed
            | EventType::PaymentCanceled
            | EventType::PaymentSent
            | EventType::PaymentReversed
            | EventType::FeeCharged
            | EventType::WithdrawalSettled
            | EventType::WithdrawalFailed
            | EventType::RefundSettled
            | EventType::RefundFailed
            | EventType::DisputeOpened
            | EventType::DisputeWon
            | EventType::DisputeLost
            | EventType::BalanceAdjusted => true,
            EventType::WithdrawalRequested
            | EventType::WithdrawalCanceled
            | EventType::WithdrawalExpired
            | EventType::RefundRequested
            | EventType::PayoutOrdered
            | EventType::UserRegistered
            | EventType::ProfileChanged
            | EventType::KycSubmitted
            | EventType::KycCompleted
            | EventType::KycRestarted
            | EventType::LeadCreated
            | EventType::LeadContacted
            | EventType::LeadQualified
            | EventType::LeadLost
            | EventType::UserInteracted
            | EventType::PriceMoved
            | EventType::PriceAlertSet
            | EventType::PriceAlertCanceled
            | EventType::PriceAlertsDue
            | EventType::KycReviewed
            | EventType::KycHeld
            | EventType::KycReleased
            | EventType::KycSuspended
            | EventType::KycReinstated
            | EventType::KycSuspensionConfirmed
            | EventType::KycAppealed
            | EventType::AccountClosed
            | EventType::ReviewClaimed
            | EventType::ReviewReturned
            | EventType::NoteAdded
            | EventType::CustomerAssigned
            | EventType::LeadReopened
            | EventType::KycExpired
            | EventType::KycLapsed
            | EventType::UserActive
            | EventType::UserRestricted
            | EventType::LeadConverted
            | EventType::KycRequested
            | EventType::NotificationRequested => false,
        }
    }
}
