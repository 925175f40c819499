//! Fields that belong together, and objects inside an event's data.

use serde_json::Map;

use super::Fields;
use crate::{
    event::shape::{FieldType, Recorder},
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
        let recorder = self.recorder.map(|_| Recorder::default());
        if let Some(recorder) = &recorder {
            let _ = read(&Fields::new("", &Map::new()).recording(Some(recorder)));
            self.record(name, || FieldType::Fields(recorder.specs().clone()));
        }
        let path = path_to(self.path, name);
        self.optional_map(name)?.map(|map| read(&Fields::new(&path, map))).transpose()
    }
}
