//! A validator of JSON Schema that isn't ours.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::Value as Json;

pub(crate) struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    pub(crate) fn of(schema: &Json) -> Validator {
        const NAME: &str = "urn:schema";
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.add_resource(NAME, schema.clone()).expect("JSON");
        let index = compiler.compile(NAME, &mut schemas).expect("a schema");
        Validator { schemas, index }
    }

    /// None for what it accepts.
    pub(crate) fn complaint(&self, value: &Json) -> Option<String> {
        self.schemas.validate(value, self.index).err().map(|error| error.to_string())
    }
}
