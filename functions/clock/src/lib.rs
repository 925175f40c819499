//! Says what time has ended, as a fact of its own: an approval, the patience with a customer who never finished, the
//! authorization of a withdrawal. And replays the letters whose document has come.

use boma_core::{
    domain::{
        customer::documents::user,
        kyc::{documents::kyc_case, machine::Check},
        payments::{
            documents::transaction,
            machine::{State, withdrawal},
        },
    },
    event::envelope::Subject,
    jobs::clock::{Anomaly, ClockJob, Due, Expirations, Expiry},
    kernel::ids::{Id, TransactionId, UserId},
    prelude::*,
};

#[derive(Clone, Copy, Debug)]
pub struct Clock;

pub const FUNCTION: Function = Function::of_job::<ClockJob<Clock>>();

impl Expirations for Clock {
    const FUNCTION: &'static str = "clock";
    const DUE: &'static [Due] = &[
        Due { collection: "kyc_cases", field: "dueAt", delay_minutes: 0, reads: user_and_case, expiry: kyc_expiry },
        Due {
            collection: "transactions",
            field: "expiresAt",
            delay_minutes: 1,
            reads: withdrawal_alone,
            expiry: withdrawal_expiry,
        },
    ];
}

fn user_and_case(path: &DocumentPath) -> Result<Vec<DocumentPath>, Anomaly> {
    let id: UserId = id_of(path)?;
    Ok(vec![DocumentPath::user(id), DocumentPath::kyc_case(id)])
}

/// Both documents were read at one moment, so the version is that of the very check that is due. Whatever changes it afterwards
/// makes the event stale. A suspension keeps no approval from expiring.
fn kyc_expiry(path: &DocumentPath, snapshot: &Snapshot, now: Timestamp) -> Result<Option<Expiry>, Anomaly> {
    let id: UserId = id_of(path)?;
    let Some(case) = snapshot.get(path) else { return Ok(None) };
    let Some(at) = case.optional_timestamp("dueAt")?.filter(|due_at| *due_at <= now) else { return Ok(None) };
    let customer = snapshot.get(&DocumentPath::user(id)).ok_or_else(|| Anomaly(format!("users/{id} isn't there")))?;
    let status = user::kyc_status(customer)?;
    let check = kyc_case::check(case)?.unwrap_or_else(|| status.check());
    let event_type = match check {
        Check::Approved => EventType::KycExpired,
        Check::Pending | Check::ResubmissionRequired => EventType::KycLapsed,
        Check::Submitted
        | Check::InReview
        | Check::OnHold
        | Check::Rejected
        | Check::Expired
        | Check::Abandoned
        | Check::Closed => return Err(Anomaly(format!("dueAt, but time ends no {check}"))),
    };
    let version = user::kyc_version(customer)?;
    let event = NewEvent::new(event_type, Subject::User(id)).with("kycVersion", version);
    Ok(Some(Expiry { event, name: format!("{event_type}/{id}/{version}"), at }))
}

fn withdrawal_alone(path: &DocumentPath) -> Result<Vec<DocumentPath>, Anomaly> {
    id_of::<TransactionId>(path).map(|id| vec![DocumentPath::transaction(id)])
}

fn withdrawal_expiry(path: &DocumentPath, snapshot: &Snapshot, now: Timestamp) -> Result<Option<Expiry>, Anomaly> {
    let Some(transaction) = snapshot.get(path).map(transaction::read).transpose()? else { return Ok(None) };
    let Some(at) = transaction.expires_at.filter(|due_at| *due_at <= now) else { return Ok(None) };
    if transaction.state != State::Withdrawal(withdrawal::State::Authorized) {
        let (kind, status) = (transaction.state.kind(), transaction.state.status());
        return Err(Anomaly(format!("expiresAt, but time ends no {kind} that is {status}")));
    }
    let id = path.id();
    let event = NewEvent::new(EventType::WithdrawalExpired, Subject::User(transaction.user)).with("transactionId", id);
    Ok(Some(Expiry { event, name: format!("WithdrawalExpired/{id}"), at }))
}

fn id_of<T: Id>(path: &DocumentPath) -> Result<T, Anomaly> {
    T::parse(path.id()).map_err(|rule| Anomaly(format!("its id is {rule}")))
}
