//! Typed reading of an event's fields. Every error names the path of the field.

mod customer;
mod nested;

use serde_json::{Map, Number, Value as Json};

use crate::{
    event::shape::{FieldType, Recorder},
    kernel::{
        ids::Id,
        malformed::{Malformed, path_to},
        money::{Amount, Currency, Money},
        operator,
        price::Price,
        timestamp::Timestamp,
    },
};

/// Up to here each integer is one that every reader of JSON knows.
pub const MOST_COUNT: i64 = (1 << 53) - 1;

/// Of a map that is stored. The database takes names of 1,500 bytes.
pub const MOST_KEY_CHARS: usize = 256;

/// An object inside an event, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    path: &'a str,
    map: &'a Map<String, Json>,
    /// Records the specs of the fields, for the contract of the event.
    recorder: Option<&'a Recorder>,
}

impl<'a> Fields<'a> {
    /// `path` is empty for the envelope itself.
    pub fn new(path: &'a str, map: &'a Map<String, Json>) -> Self {
        Fields { path, map, recorder: None }
    }

    pub(crate) fn recording(self, recorder: Option<&'a Recorder>) -> Self {
        Fields { recorder, ..self }
    }

    /// Says of which kind a field must be, beyond what its reader says.
    pub(crate) fn record(&self, name: &str, kind: impl FnOnce() -> FieldType) {
        if let Some(recorder) = self.recorder {
            recorder.record(name, kind());
        }
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
        self.record(name, || FieldType::Text);
        let text = self.read(name, Json::as_str, "not a string")?;
        if text == Some("") { Err(self.refuse(name, "empty")) } else { Ok(text) }
    }

    /// A string of at most so many characters.
    pub fn optional_string_up_to(&self, name: &str, most: usize) -> Result<Option<&'a str>, Malformed> {
        self.record(name, || FieldType::TextUpTo(most));
        let text = self.optional_string(name)?;
        if text.is_some_and(|text| text.chars().count() > most) {
            return Err(self.refuse(name, format_args!("more than {most} characters")));
        }
        Ok(text)
    }

    pub fn id<T: Id>(&self, name: &str) -> Result<T, Malformed> {
        self.present(name, self.optional_id(name))
    }

    pub fn optional_id<T: Id>(&self, name: &str) -> Result<Option<T>, Malformed> {
        self.record(name, || FieldType::Id(T::SPELLING));
        self.parsed(name, T::parse)
    }

    pub fn timestamp(&self, name: &str) -> Result<Timestamp, Malformed> {
        self.present(name, self.optional_timestamp(name))
    }

    pub fn optional_timestamp(&self, name: &str) -> Result<Option<Timestamp>, Malformed> {
        self.record(name, || FieldType::Moment);
        self.parsed(name, Timestamp::parse)
    }

    /// One of the words that `all` lists, as `word` spells them.
    pub fn one_of<T: Copy>(&self, name: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Result<T, Malformed> {
        self.present(name, self.optional_one_of(name, all, word))
    }

    pub fn optional_one_of<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, Malformed> {
        let words = || all.iter().map(|known| word(*known)).collect::<Vec<_>>();
        self.record(name, || FieldType::Words(words()));
        let Some(text) = self.optional_string(name)? else { return Ok(None) };
        match all.iter().copied().find(|known| word(*known) == text) {
            None => Err(self.refuse(name, format_args!("not one of {}", words().join(", ")))),
            known => Ok(known),
        }
    }

    /// A string of at most so many characters, which may be longer than strings elsewhere.
    pub fn string_up_to(&self, name: &str, most: usize) -> Result<&'a str, Malformed> {
        self.present(name, self.optional_string_up_to(name, most))
    }

    /// An integer from 0 up.
    pub fn count(&self, name: &str) -> Result<i64, Malformed> {
        self.present(name, self.optional_count(name))
    }

    pub fn optional_count(&self, name: &str) -> Result<Option<i64>, Malformed> {
        self.optional_integer(name, 0, MOST_COUNT, "not an integer from 0 to 2^53 - 1")
    }

    /// An integer from 0 to 100.
    pub fn optional_percentage(&self, name: &str) -> Result<Option<i64>, Malformed> {
        self.optional_integer(name, 0, 100, "not an integer from 0 to 100")
    }

    pub fn optional_integer(&self, name: &str, least: i64, most: i64, rule: &str) -> Result<Option<i64>, Malformed> {
        self.record(name, || FieldType::Integer(least, most));
        let in_range = |number: &Number| number.as_i64().filter(|integer| (least..=most).contains(integer));
        let number = self.read(name, Json::as_number, "not a number")?;
        number.map(|number| in_range(number).ok_or_else(|| self.refuse(name, rule))).transpose()
    }

    /// A list of at most so many strings; none where the field is missing.
    pub fn optional_strings(&self, name: &str, most: usize) -> Result<Option<Vec<String>>, Malformed> {
        self.record(name, || FieldType::Texts(most));
        let Some(items) = self.read(name, Json::as_array, "not a list")? else { return Ok(None) };
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
        let texts: Vec<_> = texts.collect::<Option<_>>().ok_or_else(|| self.refuse(name, "not a list of strings"))?;
        if texts.len() > most {
            return Err(self.refuse(name, format_args!("more than {most}")));
        }
        Ok(Some(texts))
    }

    /// The fields `amount` and `currency` together.
    pub fn money(&self) -> Result<Money, Malformed> {
        self.record("currency", || FieldType::Currency);
        self.record("amount", || FieldType::Amount);
        let currency = Currency::parse(self.string("currency")?).map_err(|rule| self.refuse("currency", rule))?;
        Money::parse(self.string("amount")?, currency).map_err(|rule| self.refuse("amount", rule))
    }

    /// An amount whose currency is that of the transaction it belongs to.
    pub fn amount(&self) -> Result<Amount, Malformed> {
        self.present("amount", self.optional_amount())
    }

    pub fn optional_amount(&self) -> Result<Option<Amount>, Malformed> {
        self.record("amount", || FieldType::Amount);
        let amount = self.optional_string("amount")?.map(Amount::parse).transpose();
        amount.map_err(|rule| self.refuse("amount", rule))
    }

    /// At least one of these fields is there.
    pub fn require_one_of(&self, names: &[&'static str]) -> Result<(), Malformed> {
        if let Some(recorder) = self.recorder {
            recorder.require_one_of(names);
        }
        if names.iter().any(|name| self.is_there(name)) {
            return Ok(());
        }
        Err(Malformed::new(self.path, format_args!("none of {}", names.join(", "))))
    }

    /// The version of the data's shape. There is one, which is also the default.
    pub fn data_version(&self) -> Result<(), Malformed> {
        self.optional_integer("dataversion", 1, 1, "not 1, the one version that there is").map(|_| ())
    }

    pub fn price(&self, name: &str) -> Result<Price, Malformed> {
        self.record(name, || FieldType::Price);
        self.present(name, self.parsed(name, Price::parse))
    }

    /// An id that says the subject once more.
    pub fn subject_again<T: Id + PartialEq>(
        &self,
        name: &str,
        is_subject: impl Fn(&T) -> bool,
    ) -> Result<T, Malformed> {
        let id = self.id(name)?;
        self.record(name, || FieldType::Subject(T::SPELLING));
        if is_subject(&id) { Ok(id) } else { Err(self.refuse(name, "not the subject")) }
    }

    /// A person who isn't the one whom the field `other` names.
    pub fn person_other_than(&self, other: &'static str, name: &str) -> Result<&'a str, Malformed> {
        self.present(name, self.optional_person_other_than(other, name))
    }

    /// The same, where there is one.
    pub fn optional_person_other_than(&self, other: &'static str, name: &str) -> Result<Option<&'a str>, Malformed> {
        let person = self.optional_string(name)?;
        self.record(name, || FieldType::OtherPerson(other));
        let Some(person) = person else { return Ok(None) };
        if self.optional_string(other)?.is_some_and(|first| operator::is_same(first, person)) {
            return Err(self.refuse(name, format_args!("the {other}, and not another person")));
        }
        Ok(Some(person))
    }

    /// A map of at most so many strings, which may be empty. A name that the database can't store would fail again and again.
    pub fn text_map(&self, name: &str, most: usize) -> Result<Vec<(&'a str, &'a str)>, Malformed> {
        self.present(name, self.optional_text_map(name, most))
    }

    pub fn optional_text_map(&self, name: &str, most: usize) -> Result<Option<Vec<(&'a str, &'a str)>>, Malformed> {
        self.record(name, || FieldType::TextMap(most));
        let Some(map) = self.optional_map(name)? else { return Ok(None) };
        let texts = map.iter().map(|(key, value)| Some((key.as_str(), value.as_str()?)));
        let texts: Vec<_> = texts.collect::<Option<_>>().ok_or_else(|| self.refuse(name, "not a map of strings"))?;
        if texts.len() > most {
            return Err(self.refuse(name, format_args!("more than {most}")));
        }
        if texts.iter().any(|(key, _)| key.chars().count() > MOST_KEY_CHARS) {
            return Err(self.refuse(name, format_args!("a name of more than {MOST_KEY_CHARS} characters")));
        }
        if texts.iter().any(|(key, _)| key.is_empty() || (key.starts_with("__") && key.ends_with("__"))) {
            return Err(self.refuse(name, "a name that is empty, or the database's own"));
        }
        Ok(Some(texts))
    }

    /// An object as it is; none where the field is missing.
    pub(crate) fn optional_map(&self, name: &str) -> Result<Option<&'a Map<String, Json>>, Malformed> {
        self.read(name, Json::as_object, "not an object")
    }

    /// Each of a list of objects, as `read` reads it.
    pub fn each<T>(&self, name: &str, read: impl Fn(Fields<'_>) -> Result<T, Malformed>) -> Result<Vec<T>, Malformed> {
        let items = self.present(name, self.read(name, Json::as_array, "not a list"))?;
        let item = |(index, item): (usize, &Json)| {
            let path = format!("{}.{index}", path_to(self.path, name));
            let map = item.as_object().ok_or_else(|| Malformed::new(&path, "not an object"))?;
            read(Fields::new(&path, map))
        };
        items.iter().enumerate().map(item).collect()
    }

    /// Null is absence: what a producer writes that names all of its fields.
    fn is_there(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|value| !value.is_null())
    }

    /// What `kind` takes from the field's JSON; none where the field is missing, or null.
    fn read<T>(
        &self,
        name: &str,
        kind: fn(&'a Json) -> Option<T>,
        otherwise: &'static str,
    ) -> Result<Option<T>, Malformed> {
        let value = self.map.get(name).filter(|value| !value.is_null());
        value.map(|value| kind(value).ok_or_else(|| self.refuse(name, otherwise))).transpose()
    }

    fn parsed<T>(&self, name: &str, parse: fn(&str) -> Result<T, &'static str>) -> Result<Option<T>, Malformed> {
        self.optional_string(name)?.map(parse).transpose().map_err(|rule| self.refuse(name, rule))
    }

    /// A text that keeps a rule.
    fn checked(
        &self,
        name: &str,
        kind: FieldType,
        rule: fn(&str) -> Result<(), &'static str>,
    ) -> Result<Option<&'a str>, Malformed> {
        self.record(name, || kind);
        let text = self.optional_string(name)?;
        text.map_or(Ok(()), rule).map_err(|rule| self.refuse(name, rule))?;
        Ok(text)
    }

    fn present<T>(&self, name: &str, found: Result<Option<T>, Malformed>) -> Result<T, Malformed> {
        if let Some(recorder) = self.recorder {
            recorder.require(name);
        }
        found?.ok_or_else(|| self.refuse(name, "missing"))
    }
}
