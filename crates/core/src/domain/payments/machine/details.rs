//! What a source says of a transaction beside the money: kept as it is, and decided on by nobody.

use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Details {
    /// The source's own id.
    pub reference: Option<String>,
    pub counterparty: Option<Counterparty>,
    pub description: Option<String>,
    pub metadata: Option<BTreeMap<String, String>>,
}

/// The other end of the payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counterparty {
    pub name: Option<String>,
    pub account: Option<String>,
}

/// The two people that it takes to move a customer's money by hand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Approval {
    pub operator: String,
    pub approved_by: String,
}

impl Details {
    /// What an announcement left open or said otherwise, the receipt says.
    pub(super) fn add(&mut self, more: &Details) {
        let Details { reference, counterparty, description, metadata } = more.clone();
        self.reference = reference.or(self.reference.take());
        self.counterparty = counterparty.or(self.counterparty.take());
        self.description = description.or(self.description.take());
        self.metadata = metadata.or(self.metadata.take());
    }
}
