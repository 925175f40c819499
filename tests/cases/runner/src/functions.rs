//! The functions by name. A function that is missing here has no cases, and a test says so.

use boma_google::{Conversation, HostConfig, open};

pub const NAMES: &[&str] = &["access", "kyc", "leads", "payments", "profile"];

pub fn open_by_name(name: &str, body: Vec<u8>, config: HostConfig) -> Option<Box<dyn Conversation>> {
    Some(match name {
        "access" => open::<access::AccessHandler>(body, config),
        "kyc" => open::<kyc::KycHandler>(body, config),
        "leads" => open::<leads::LeadsHandler>(body, config),
        "payments" => open::<payments::PaymentsHandler>(body, config),
        "profile" => open::<profile::ProfileHandler>(body, config),
        _ => return None,
    })
}
