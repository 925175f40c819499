//! Fields that belong together, and objects inside an event's data.

use serde_json::Map;

use super::Fields;
use crate::{
    event::shape::{FieldSpecs, FieldType, Recorder},
    kernel::malformed::{Malformed, path_to},
};

impl Fields<'_> {
    /// All of these fields are there, or none.
    pub fn require_together(&self, names: &'static [&'static str]) -> Result<(), Malformed> {
        if let Some(recorder) = self.recorder {
            recorder.require_together(names);
        }
        match names.iter().find(|name| !self.is_there(name)) {
            Some(missing) if names.iter().any(|name| self.is_there(name)) => Err(self.refuse(missing, "missing")),
            Some(_) | None => Ok(()),
        }
    }

    /// An object inside this one, as `read` reads it. What `read` asks of it is asked of one that isn't there, too, for whoever
    /// wants to know.
    pub fn optional_object<T>(
        &self,
        name: &str,
        read: impl Fn(&Fields<'_>) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        self.record(name, || FieldType::Fields(asked_by(&read)));
        let path = path_to(self.path, name);
        self.optional_map(name)?.map(|map| read(&Fields::new(&path, map))).transpose()
    }

    /// A list of so many objects at most, each as `read` reads it.
    pub fn each_up_to<T>(
        &self,
        name: &str,
        most: usize,
        read: impl Fn(&Fields<'_>) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        self.record(name, || FieldType::List(most, asked_by(&read)));
        let items = self.each(name, |fields| read(&fields))?;
        if items.len() > most { Err(self.refuse(name, format_args!("more than {most}"))) } else { Ok(items) }
    }
}

/// What `read` asks for, one field after the other, of an object that answers nothing.
fn asked_by<T>(read: impl Fn(&Fields<'_>) -> Result<T, Malformed>) -> FieldSpecs {
    let recorder = Recorder::default();
    let _ = read(&Fields::new("", &Map::new()).recording(Some(&recorder)));
    recorder.specs().clone()
}
