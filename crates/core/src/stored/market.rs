//! markets/{symbol}

use crate::{
    decision::Write,
    document::{Document, DocumentPath, Unreadable},
    ids::Symbol,
    machines::price_alerts::Quote,
    price::Price,
};

pub fn read(document: &Document) -> Result<Quote, Unreadable> {
    Ok(Quote { price: document.word("price", |text| Price::parse(text).ok())?, at: document.timestamp("time")? })
}

pub fn write(symbol: &Symbol, quote: &Quote) -> Write {
    Write::to(DocumentPath::market(symbol)).set("price", quote.price.to_string()).set("time", quote.at)
}
