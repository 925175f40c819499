//! What customers are called and how they are reached.

use super::Fields;
use crate::{
    event::shape::FieldType,
    kernel::{contact, country, email, malformed::Malformed, text},
};

impl<'a> Fields<'a> {
    pub fn email(&self, name: &str) -> Result<&'a str, Malformed> {
        self.present(name, self.optional_email(name))
    }

    pub fn optional_email(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        self.checked(name, FieldType::Email, email::check)
    }

    pub fn full_name(&self, name: &str) -> Result<&'a str, Malformed> {
        self.present(name, self.optional_full_name(name))
    }

    pub fn optional_full_name(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        self.checked(name, FieldType::FullName, text::check_name)
    }

    pub fn country(&self, name: &str) -> Result<&'a str, Malformed> {
        self.present(name, self.optional_country(name))
    }

    pub fn optional_country(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        self.checked(name, FieldType::Country, country::check)
    }

    pub fn optional_phone(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        self.checked(name, FieldType::Phone, contact::check_phone)
    }

    pub fn optional_date(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        self.checked(name, FieldType::Date, contact::check_date)
    }

    pub fn optional_language(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        self.checked(name, FieldType::Language, contact::check_language)
    }
}
