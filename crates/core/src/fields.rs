//! Typed reading of an event's fields. Every error names the path of the field.

use serde_json::{Map, Value as Json};

use crate::{
    ids::Id,
    malformed::{Malformed, path_to},
    money::{Currency, Money},
    timestamp::Timestamp,
};

/// An object inside an event, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    path: &'a str,
    map: &'a Map<String, Json>,
}

impl<'a> Fields<'a> {
    /// `path` is empty for the envelope itself.
    pub fn new(path: &'a str, map: &'a Map<String, Json>) -> Self {
        Fields { path, map }
    }

    /// The error for a rule that the field `name` breaks.
    pub fn refuse(&self, name: &str, rule: impl std::fmt::Display) -> Malformed {
        Malformed::new(&path_to(self.path, name), rule)
    }

    /// A string that isn't empty.
    pub fn string(&self, name: &str) -> Result<&'a str, Malformed> {
        self.present(name, self.optional_string(name))
    }

    pub fn optional_string(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        match self.map.get(name) {
            None => Ok(None),
            Some(Json::String(text)) if text.is_empty() => Err(self.refuse(name, "empty")),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
                Err(self.refuse(name, "not a string"))
            }
        }
    }

    pub fn id<T: Id>(&self, name: &str) -> Result<T, Malformed> {
        self.present(name, self.optional_id(name))
    }

    pub fn optional_id<T: Id>(&self, name: &str) -> Result<Option<T>, Malformed> {
        self.parsed(name, T::parse)
    }

    pub fn timestamp(&self, name: &str) -> Result<Timestamp, Malformed> {
        self.present(name, self.optional_timestamp(name))
    }

    pub fn optional_timestamp(&self, name: &str) -> Result<Option<Timestamp>, Malformed> {
        self.parsed(name, Timestamp::parse)
    }

    /// One of the words that `all` lists, as `word` spells them.
    pub fn one_of<T: Copy>(&self, name: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Result<T, Malformed> {
        let text = self.string(name)?;
        all.iter().copied().find(|known| word(*known) == text).ok_or_else(|| {
            let words: Vec<_> = all.iter().map(|known| word(*known)).collect();
            self.refuse(name, format_args!("not one of {}", words.join(", ")))
        })
    }

    /// An integer from 0 up.
    pub fn count(&self, name: &str) -> Result<i64, Malformed> {
        match self.map.get(name) {
            None => Err(self.refuse(name, "missing")),
            Some(Json::Number(number)) => number
                .as_i64()
                .filter(|n| *n >= 0)
                .ok_or_else(|| self.refuse(name, "not an integer from 0 to 2^63 - 1")),
            Some(Json::Null | Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_)) => {
                Err(self.refuse(name, "not a number"))
            }
        }
    }

    /// A list of strings; none where the field is missing.
    pub fn optional_strings(&self, name: &str) -> Result<Option<Vec<String>>, Malformed> {
        let items = match self.map.get(name) {
            None => return Ok(None),
            Some(Json::Array(items)) => items,
            Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_)) => {
                return Err(self.refuse(name, "not a list"));
            }
        };
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect::<Option<_>>().map(Some).ok_or_else(|| self.refuse(name, "not a list of strings"))
    }

    /// The fields `amount` and `currency` together.
    pub fn money(&self) -> Result<Money, Malformed> {
        let currency = Currency::parse(self.string("currency")?).map_err(|rule| self.refuse("currency", rule))?;
        Money::parse(self.string("amount")?, currency).map_err(|rule| self.refuse("amount", rule))
    }

    fn parsed<T>(&self, name: &str, parse: fn(&str) -> Result<T, &'static str>) -> Result<Option<T>, Malformed> {
        self.optional_string(name)?.map(parse).transpose().map_err(|rule| self.refuse(name, rule))
    }

    fn present<T>(&self, name: &str, found: Result<Option<T>, Malformed>) -> Result<T, Malformed> {
        found?.ok_or_else(|| self.refuse(name, "missing"))
    }
}
