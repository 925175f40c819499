//! Posts money that comes and goes to a customer's balances, and keeps each transaction.

use boma_core::{
    EventType, Handler, Timestamp, Value,
    decision::{Decision, Effects, Move, NewEvent, Write},
    document::{Document, DocumentPath, Unreadable},
    facts::payments::{FACTS, Payment, PaymentFact},
    handler::{Event, Reader, Snapshot},
    machines::payments::{Balance, Direction, Kind, Posting, Settlement, Standing, Status, settle},
    money::decimal,
    value::map,
};
use serde_json::json;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PaymentsHandler;

boma_abi::export!(PaymentsHandler);

impl Handler for PaymentsHandler {
    type Fact = PaymentFact;
    const CONSUMER: &'static str = "payments";
    const HEARS: &'static [(EventType, Reader<PaymentFact>)] = FACTS;

    fn read_set(event: &Event<PaymentFact>) -> Vec<DocumentPath> {
        let user = DocumentPath::user(event.envelope.user());
        match event.fact {
            PaymentFact::Received(payment) | PaymentFact::Sent(payment) => {
                vec![user, DocumentPath::transaction(payment.transaction)]
            }
            PaymentFact::NotBuiltYet => vec![user],
        }
    }

    fn decide(event: &Event<PaymentFact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let path = DocumentPath::user(event.envelope.user());
        let Some(user) = snapshot.get(&path) else {
            return Ok(Decision::Await(path));
        };
        let (direction, payment) = match event.fact {
            PaymentFact::Received(payment) => (Direction::Received, payment),
            PaymentFact::Sent(payment) => (Direction::Sent, payment),
            PaymentFact::NotBuiltYet => {
                return Ok(Decision::Refuse(format!("NotBuiltYet: {}", event.envelope.event_type)));
            }
        };
        let standing = snapshot.get(&DocumentPath::transaction(payment.transaction)).map(standing).transpose()?;
        let balance = balance(user, payment.money.currency().code())?;
        Ok(match settle(standing.as_ref(), event.envelope.user(), direction, &payment, balance) {
            Ok(settlement) => {
                let moved = Move { from: standing.map(|it| it.status.name()), to: settlement.status.name() };
                Decision::Accept(Effects { moved: Some(moved), ..effects(event, &payment, &settlement, now) })
            }
            Err(refusal) => Decision::Refuse(refusal.to_string()),
        })
    }
}

fn standing(transaction: &Document) -> Result<Standing, Unreadable> {
    Ok(Standing {
        user: transaction.string("userId")?.to_owned(),
        kind: transaction.word("kind", Kind::from_name)?,
        status: transaction.word("status", Status::from_name)?,
        currency: transaction.string("currency")?.to_owned(),
        amount: transaction.int("amount")?,
    })
}

fn balance(user: &Document, currency: &str) -> Result<Balance, Unreadable> {
    let held = |account: &str| Ok(user.optional_int(&format!("balances.{currency}.{account}"))?.unwrap_or(0));
    Ok(Balance { available: held("available")?, pending: held("pending")?, reserved: held("reserved")? })
}

fn effects(event: &Event<PaymentFact>, payment: &Payment, settlement: &Settlement, now: Timestamp) -> Effects {
    let (user, currency, balance) = (event.envelope.user(), payment.money.currency(), settlement.balance);
    let transaction = Write::to(DocumentPath::transaction(payment.transaction))
        .set("userId", user.to_string())
        .set("kind", settlement.kind.name())
        .set("amount", payment.money.minor())
        .set("currency", currency.code())
        .set("status", settlement.status.name())
        .set("timestamp", event.envelope.time)
        .set("method", payment.method.name())
        .set("postings", settlement.postings.iter().map(posting).collect::<Vec<_>>());
    let held = map([
        ("available", balance.available.into()),
        ("pending", balance.pending.into()),
        ("reserved", balance.reserved.into()),
    ]);
    let balances = Write::to(DocumentPath::user(user)).set(&format!("balances.{}", currency.code()), held);
    let overdrawn = settlement.overdrawn.then(|| {
        let params = json!({ "currency": currency.code(), "available": decimal(balance.available, currency) });
        NewEvent::new(EventType::NotificationRequested, event.envelope.subject.clone())
            .with("template", "ACCOUNT_OVERDRAWN")
            .with("params", params)
    });
    let writes = vec![balances.set("updatedAt", now), transaction];
    Effects { writes, events: overdrawn.into_iter().collect(), ..Effects::default() }
}

fn posting(posting: &Posting) -> Value {
    Value::Map(map([("account", posting.account.to_string().into()), ("amount", posting.amount.into())]))
}
