//! markets/{symbol}

use crate::{
    domain::market::machine::Quote,
    kernel::{ids::Symbol, price::Price},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        write::Write,
    },
};

pub fn read(document: &Document) -> Result<Quote, Unreadable> {
    Ok(Quote { price: document.word("price", |text| Price::parse(text).ok())?, at: document.timestamp("time")? })
}

pub fn write(symbol: &Symbol, quote: &Quote) -> Write {
    Write::to(DocumentPath::market(symbol)).set("price", quote.price.to_string()).set("time", quote.at)
}
