//! The functions by name.

use boma_core::{EventType, Handler, delivery::Deciding};
use boma_google::{Conversation, HostConfig, open};

macro_rules! functions {
    ($($name:literal => $handler:ty),+ $(,)?) => {
        pub const NAMES: &[&str] = &[$($name),+];

        pub fn open_by_name(name: &str, body: Vec<u8>, config: HostConfig) -> Option<Box<dyn Conversation>> {
            match name {
                $($name => Some(open::<Deciding<$handler>>(body, config)),)+
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
    "access" => access::AccessHandler,
    "kyc" => kyc::KycHandler,
    "leads" => leads::LeadsHandler,
    "payments" => payments::PaymentsHandler,
    "profile" => profile::ProfileHandler,
}
