//! Every type of event that the system knows, its topic, and what its subject is.

use crate::kernel::names::names;

names! {
    /// Where facts are published.
    Topic {
        UserOnboarding = "user-onboarding",
        Kyc = "kyc",
        KycRequests = "kyc-requests",
        Payments = "payments",
        UserLifecycle = "user-lifecycle",
        Leads = "leads",
        Interactions = "interactions",
        MarketData = "market-data",
        PriceAlerts = "price-alerts",
        Notifications = "notifications",
        Operations = "operations",
        DeadLetters = "dead-letters",
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
    ($($topic:ident, $subject:ident: $($name:ident)+;)+) => {
        names! {
            /// A fact, in the past tense.
            EventType { $($($name = stringify!($name)),+),+ }
        }

        impl EventType {
            pub fn topic(self) -> Topic {
                match self { $($(EventType::$name => Topic::$topic),+),+ }
            }

            pub fn subject_kind(self) -> SubjectKind {
                match self { $($(EventType::$name => SubjectKind::$subject),+),+ }
            }
        }
    };
}

events! {
    UserOnboarding, User: UserRegistered;
    UserLifecycle, User: ProfileChanged UserActive UserRestricted LeadConverted;
    Kyc, User: KycSubmitted KycCompleted KycReviewed KycHeld KycReleased KycLapsed KycRestarted KycAppealed KycExpired
        KycSuspended KycReinstated KycSuspensionConfirmed AccountClosed ReviewClaimed ReviewReturned;
    KycRequests, User: KycRequested;
    Payments, User: PaymentInitiated PaymentReceived PaymentFailed PaymentCanceled PaymentSent PaymentReversed
        WithdrawalRequested WithdrawalSettled WithdrawalFailed WithdrawalCanceled WithdrawalExpired
        RefundRequested RefundSettled RefundFailed DisputeOpened DisputeWon DisputeLost
        FeeCharged BalanceAdjusted PayoutOrdered;
    Leads, Lead: LeadCreated LeadContacted LeadQualified LeadLost LeadReopened;
    Interactions, User: UserInteracted;
    MarketData, Symbol: PriceMoved PriceAlertSet PriceAlertCanceled;
    PriceAlerts, Symbol: PriceAlertsDue;
    Notifications, User: NotificationRequested;
    Operations, User: NoteAdded CustomerAssigned;
}

/// A subscription of ours: one for each consumer and topic, named `{consumer}.{topic}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription<'a> {
    pub consumer: &'a str,
    pub topic: Topic,
}

impl Subscription<'_> {
    /// None for another's subscription: its name says nothing.
    pub fn from_name(name: &str) -> Option<Subscription<'_>> {
        let (consumer, topic) = name.split_once('.')?;
        // It becomes part of a document's path.
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_consumer = !consumer.is_empty() && consumer.bytes().all(is_name);
        is_consumer.then_some(Subscription { consumer, topic: Topic::from_name(topic)? })
    }
}
