//! Says what time has ended, as a fact of its own: an approval, the patience with a customer who never finished, the
//! authorization of a withdrawal. And replays the letters whose document has come.

use boma_core::{
    EventType, Timestamp,
    clock::{Due, Ended, Oddity, Rounds, Timekeeper},
    decision::NewEvent,
    document::DocumentPath,
    envelope::Subject,
    handler::Snapshot,
    ids::{Id, TransactionId, UserId},
    machines::{
        kyc,
        payments::{State, withdrawal},
    },
    stored::transaction,
};

#[derive(Clone, Copy, Debug)]
pub struct Clock;

boma_abi::export!(sweep: Rounds<Clock>);

impl Timekeeper for Clock {
    const FUNCTION: &'static str = "clock";
    const DUE: &'static [Due] = &[
        Due { collection: "kyc_cases", field: "dueAt", reads: user_and_case, ended: kyc_ended },
        Due { collection: "transactions", field: "expiresAt", reads: withdrawal_alone, ended: withdrawal_ended },
    ];
}

fn user_and_case(path: &DocumentPath) -> Result<Vec<DocumentPath>, Oddity> {
    let id: UserId = id_of(path)?;
    Ok(vec![DocumentPath::user(id), DocumentPath::kyc_case(id)])
}

/// Both documents were read at one moment, so the version is that of the very state that is due. Whatever changes it afterwards
/// makes the event stale.
fn kyc_ended(path: &DocumentPath, snapshot: &Snapshot, now: Timestamp) -> Result<Option<Ended>, Oddity> {
    let id: UserId = id_of(path)?;
    let due_at = snapshot.get(path).map(|case| case.optional_timestamp("dueAt")).transpose()?.flatten();
    let Some(at) = due_at.filter(|due_at| *due_at <= now) else { return Ok(None) };
    let user = snapshot.get(&DocumentPath::user(id)).ok_or_else(|| Oddity(format!("users/{id} isn't there")))?;
    let status = user.word("kycStatus", kyc::Status::from_name)?;
    let event_type = match status {
        kyc::Status::Approved => EventType::KycExpired,
        kyc::Status::Pending | kyc::Status::ResubmissionRequired => EventType::KycLapsed,
        kyc::Status::Submitted
        | kyc::Status::InReview
        | kyc::Status::OnHold
        | kyc::Status::Rejected
        | kyc::Status::Expired
        | kyc::Status::Abandoned
        | kyc::Status::Suspended
        | kyc::Status::Closed => return Err(Oddity(format!("dueAt, but time ends no {status}"))),
    };
    let version = user.int("kycVersion")?;
    let event = NewEvent::new(event_type, Subject::User(id)).with("kycVersion", version);
    Ok(Some(Ended { event, name: format!("{event_type}/{id}/{version}"), at }))
}

fn withdrawal_alone(path: &DocumentPath) -> Result<Vec<DocumentPath>, Oddity> {
    id_of::<TransactionId>(path).map(|id| vec![DocumentPath::transaction(id)])
}

fn withdrawal_ended(path: &DocumentPath, snapshot: &Snapshot, now: Timestamp) -> Result<Option<Ended>, Oddity> {
    let Some(transaction) = snapshot.get(path).map(transaction::read).transpose()? else { return Ok(None) };
    let Some(at) = transaction.expires_at.filter(|due_at| *due_at <= now) else { return Ok(None) };
    if transaction.state != State::Withdrawal(withdrawal::State::Authorized) {
        let (kind, status) = (transaction.state.kind(), transaction.state.status());
        return Err(Oddity(format!("expiresAt, but time ends no {kind} that is {status}")));
    }
    let id = path.id();
    let event = NewEvent::new(EventType::WithdrawalExpired, Subject::User(transaction.user)).with("transactionId", id);
    Ok(Some(Ended { event, name: format!("WithdrawalExpired/{id}"), at }))
}

fn id_of<T: Id>(path: &DocumentPath) -> Result<T, Oddity> {
    T::parse(path.id()).map_err(|rule| Oddity(format!("its id is {rule}")))
}
