//! Adds up every customer's postings again, and names each balance that differs.
//!
//! It is called on a schedule, with nothing; or by hand with `{"after": "USER_ID", "pages": N}`, each of which may be left out:
//! it then begins behind that customer, and stops after so many pages. The answer says where it stopped.
//!
//! How documents are read stands here once more, on purpose: a balance that is read wrong shall not be compared with a posting
//! that is read wrong in the same way.

use boma_core::{
    jobs::trial_balance::{Account, BalanceReader, Balances, Posting, TrialBalance},
    protocol::function::Function,
    store::{
        document::{Document, Unreadable},
        value::Value,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct Ledger;

pub const FUNCTION: Function = Function::of_job::<TrialBalance<Ledger>>();

/// The accounts that a customer has in each currency.
const ACCOUNTS: [&str; 3] = ["available", "pending", "reserved"];

impl BalanceReader for Ledger {
    const FUNCTION: &'static str = "trial-balance";

    fn balances(user: &Document) -> Result<Balances, Unreadable> {
        let mut balances = Balances::new();
        for (currency, held) in user.map("balances")? {
            let held = Document::of("balances", held)?;
            for name in held.fields.keys() {
                if !ACCOUNTS.contains(&name.as_str()) {
                    return Err(unreadable("balances", "an account that there is not"));
                }
                let account = Account { currency: currency.clone(), name: name.clone() };
                balances.insert(account, held.int(name)?.into());
            }
        }
        Ok(balances)
    }

    fn postings(transaction: &Document) -> Result<Vec<Posting>, Unreadable> {
        let currency = transaction.string("currency")?.to_owned();
        let read = |posting: &Value| {
            let posting = Document::of("postings", posting)?;
            let name = posting.string("account")?;
            let is_own = ACCOUNTS.contains(&name);
            if !is_own && !name.starts_with("external:") {
                return Err(unreadable("postings", "an account that there is not"));
            }
            let account = is_own.then(|| Account { currency: currency.clone(), name: name.to_owned() });
            Ok(Posting { currency: currency.clone(), account, amount: posting.int("amount")?.into() })
        };
        transaction.array("postings")?.iter().map(read).collect()
    }
}

fn unreadable(field: &str, problem: &str) -> Unreadable {
    Unreadable { field: field.to_owned(), problem: problem.to_owned() }
}
