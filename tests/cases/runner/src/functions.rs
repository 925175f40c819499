//! The functions by name.

use boma_core::{EventType, Handler, delivery::Deciding};
use boma_google::{Conversation, HostConfig, open, open_after_trap, open_sweep, open_sweep_after_trap};

macro_rules! functions {
    (handlers: $($name:literal => $handler:ty),+; others: $($other:literal => $function:ty),+;
     sweeps: $($sweep:literal => $chore:ty),+ $(,)?) => {
        pub const NAMES: &[&str] = &[$($name,)+ $($other,)+ $($sweep),+];
        /// Those that are called on a schedule, and so by no message.
        pub const SCHEDULED: &[&str] = &[$($sweep),+];

        /// `panic_text`: of the instance that this very message has just broken.
        pub fn open_by_name(
            name: &str,
            body: Vec<u8>,
            config: HostConfig,
            panic_text: Option<String>,
        ) -> Option<Box<dyn Conversation>> {
            match (name, panic_text) {
                $(($name, None) => Some(open::<Deciding<$handler>>(body, config)),)+
                $(($name, Some(text)) => Some(open_after_trap::<Deciding<$handler>>(body, config, text)),)+
                $(($other, None) => Some(open::<$function>(body, config)),)+
                $(($other, Some(text)) => Some(open_after_trap::<$function>(body, config, text)),)+
                $(($sweep, None) => Some(open_sweep::<$chore>(body, config)),)+
                $(($sweep, Some(text)) => Some(open_sweep_after_trap::<$chore>(body, config, text)),)+
                _ => None,
            }
        }

        /// The types that a function hears.
        pub fn hears(name: &str) -> Vec<EventType> {
            match name {
                $($name => <$handler>::HEARS.iter().map(|(heard, _)| *heard).collect(),)+
                _ => Vec::new(),
            }
        }
    };
}

functions! {
    handlers:
    "access" => access::AccessHandler,
    "engagement" => engagement::EngagementHandler,
    "kyc" => kyc::KycHandler,
    "kyc-request" => kyc_request::KycRequestHandler,
    "leads" => leads::LeadsHandler,
    "notify" => notify::NotifyHandler,
    "payments" => payments::PaymentsHandler,
    "price-alerts" => price_alerts::PriceAlertsHandler,
    "profile" => profile::ProfileHandler,
    "welcome" => welcome::WelcomeHandler;
    others:
    "dead-letters" => dead_letters::Exhausted;
    sweeps:
    "clock" => boma_core::clock::Rounds<clock::Clock>,
    "trial-balance" => boma_core::trial_balance::TrialBalance<trial_balance::Ledger>,
}
