//! A market's price is the latest. An alert that it triggers is removed, and its customer notified once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Violation, as_of, document, documents, records};
use crate::{
    content::Claim,
    history::{Commit, RecordWrite},
    stored::{map, text},
    world::World,
};

const PRICES: &str = "price alerts";
const MOST_AT_ONCE: usize = 50;
const MOST_ALERTS: usize = 500;
const MOST_OF_ONE_CUSTOMER: usize = 10;

#[derive(Clone, Debug, PartialEq)]
struct Alert {
    user: String,
    is_above: bool,
    threshold: i64,
}

#[derive(Clone, Debug, Default)]
struct Market {
    /// The time and the price, in tenths.
    last: Option<(String, i64)>,
    /// By the alert's id.
    open: BTreeMap<String, Alert>,
}

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut markets: BTreeMap<&str, Vec<(i64, Market)>> = BTreeMap::new();
    for (commit, record, claim) in records(world, "price-alerts") {
        let history = markets.entry(&claim.subject).or_default();
        if let Err(why) = judged(world, history, commit, record, claim) {
            let what = format!("{} {}: {} {why}", claim.kind, claim.id, record.outcome);
            return Some(Violation::new(PRICES, what).about(&claim.subject));
        }
    }
    for (symbol, history) in &markets {
        let Some((_, market)) = history.last() else { continue };
        let price = document(world, "markets", symbol).map(|it| tenths(text(it, "price")));
        let alerts = document(world, "price_alerts", symbol).and_then(|it| map(it, "alerts"));
        let open: BTreeSet<&String> = alerts.into_iter().flat_map(|alerts| alerts.keys()).collect();
        if price != market.last.as_ref().map(|(_, price)| *price) || open != market.open.keys().collect() {
            let what = format!("{symbol} is at {price:?} with {} alerts, should be {market:?}", open.len());
            return Some(Violation::new(PRICES, what).about(symbol));
        }
    }
    let known = markets.values().filter_map(|history| history.last()).filter(|(_, it)| it.last.is_some()).count();
    let stored = documents(world, "markets").len();
    (stored != known).then(|| Violation::new(PRICES, format!("{stored} markets, should be {known}")))
}

fn judged(
    world: &World,
    history: &mut Vec<(i64, Market)>,
    commit: &Commit,
    record: &RecordWrite,
    claim: &Claim,
) -> Result<(), String> {
    if claim.kind == "PriceAlertsDue" {
        let carried = ids(claim.data["alerts"].as_array());
        return announced(world, record, &carried);
    }
    let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
    let mut market = as_of(history, seen).cloned().unwrap_or_default();
    let alert = claim.text("alertId").unwrap_or_default();
    let is_open = market.open.contains_key(alert);
    let mut met = BTreeSet::new();
    match (claim.kind.as_str(), record.outcome.as_str()) {
        ("PriceMoved", "APPLIED") if !is_stale(&market, claim) => {
            met = moved(&mut market, &claim.time, tenths(claim.text("price").unwrap_or_default()));
        }
        ("PriceMoved", "IGNORED") if is_stale(&market, claim) => return Ok(()),
        ("PriceAlertSet", outcome) => {
            let new = set(claim);
            match (outcome, market.open.get(alert)) {
                ("APPLIED", None) if has_room(&market, &new.user) => _ = market.open.insert(alert.to_owned(), new),
                ("IGNORED", Some(known)) if *known == new => return Ok(()),
                ("REFUSED", Some(known)) if *known != new && record.reason == "AlreadySet" => return Ok(()),
                ("REFUSED", None) if !has_room(&market, &new.user) && record.reason == "TooManyAlerts" => return Ok(()),
                _ => return Err(format!("({}) with {market:?}", record.reason)),
            }
        }
        ("PriceAlertCanceled", "APPLIED") if is_open => _ = market.open.remove(alert),
        ("PriceAlertCanceled", "IGNORED") if !is_open => return Ok(()),
        _ => return Err(format!("({}) with {market:?}", record.reason)),
    }
    history.push((commit.number, market));
    announced(world, record, &met)
}

fn set(claim: &Claim) -> Alert {
    let said = |name: &str| claim.text(name).unwrap_or_default();
    Alert {
        user: said("userId").to_owned(),
        is_above: said("direction") == "ABOVE",
        threshold: tenths(said("threshold")),
    }
}

fn has_room(market: &Market, user: &str) -> bool {
    let of_the_customer = market.open.values().filter(|alert| alert.user == user).count();
    market.open.len() < MOST_ALERTS && of_the_customer < MOST_OF_ONE_CUSTOMER
}

fn is_stale(market: &Market, claim: &Claim) -> bool {
    market.last.as_ref().is_some_and(|(at, _)| claim.time < *at)
}

/// Removes the triggered alerts, and answers with their ids.
fn moved(market: &mut Market, time: &str, price: i64) -> BTreeSet<String> {
    let is_met = |alert: &Alert, price: i64| {
        if alert.is_above { price >= alert.threshold } else { price <= alert.threshold }
    };
    let before = market.last.replace((time.to_owned(), price)).map(|(_, before)| before);
    let open = std::mem::take(&mut market.open);
    let (met, open): (BTreeMap<_, _>, BTreeMap<_, _>) = open
        .into_iter()
        .partition(|(_, alert)| is_met(alert, price) && !before.is_some_and(|before| is_met(alert, before)));
    market.open = open;
    met.into_keys().collect()
}

/// Each triggered alert is in one notification or in the continuation, and no other is.
fn announced(world: &World, record: &RecordWrite, due: &BTreeSet<String>) -> Result<(), String> {
    let should = due.len().min(MOST_AT_ONCE) + usize::from(due.len() > MOST_AT_ONCE);
    if record.outgoing_ids.len() != should {
        return Err(format!("{} messages for {} alerts", record.outgoing_ids.len(), due.len()));
    }
    // A follow-up that was never published is another auditor's finding.
    let claims: Option<Vec<_>> = record.outgoing_ids.iter().map(|id| world.history.claim_of_id(id)).collect();
    let Some(claims) = claims else { return Ok(()) };
    let (mut notified, mut count) = (BTreeSet::new(), 0);
    for claim in claims {
        let named = match claim.data.get("params") {
            Some(params) => params["alertId"].as_str().map(str::to_owned).into_iter().collect(),
            None => ids(claim.data["alerts"].as_array()),
        };
        count += named.len();
        notified.extend(named);
    }
    if notified == *due && count == due.len() {
        Ok(())
    } else {
        Err(format!("tells {notified:?}, should tell {due:?}"))
    }
}

fn ids(alerts: Option<&Vec<serde_json::Value>>) -> BTreeSet<String> {
    alerts.into_iter().flatten().filter_map(|alert| alert["alertId"].as_str()).map(str::to_owned).collect()
}

/// Prices here all have one decimal.
fn tenths(price: &str) -> i64 {
    price.replace('.', "").parse().unwrap_or(i64::MIN)
}
