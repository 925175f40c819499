//! What a customer is told.

use std::collections::BTreeMap;

use super::{Balance, Transaction};
use crate::{
    domain::notifications::facts::Template,
    kernel::{
        ids::TransactionId,
        money::{Currency, decimal},
    },
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub template: Template,
    pub params: BTreeMap<&'static str, String>,
}

impl Notice {
    /// About a transaction, as it is now.
    pub(super) fn about(template: Template, id: TransactionId, transaction: &Transaction) -> Notice {
        let params = [
            ("transactionId", id.to_string()),
            ("amount", decimal(transaction.moved(), transaction.currency())),
            ("currency", transaction.currency().code().to_owned()),
        ];
        let notice = Notice { template, params: params.into() };
        transaction.reason.iter().fold(notice, |notice, reason| notice.with("reason", reason.clone()))
    }

    pub(super) fn with(mut self, name: &'static str, value: String) -> Notice {
        self.params.insert(name, value);
        self
    }

    /// Once, when what is available passes below zero.
    pub(super) fn overdrawn(before: Balance, after: Balance, currency: Currency) -> Option<Notice> {
        let params = [("currency", currency.code().to_owned()), ("available", decimal(after.available, currency))];
        (before.available >= 0 && after.available < 0)
            .then(|| Notice { template: Template::AccountOverdrawn, params: params.into() })
    }
}
