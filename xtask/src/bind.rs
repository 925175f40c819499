//! wasm-bindgen: the module that cargo made -> the module and the glue that Node loads.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::complaint::Complaint;

/// Writes `function.js` and `function_bg.wasm`: the same names for every function, because the shim is the same.
pub fn write(wasm: &Path, into: &Path) -> Result<(), Complaint> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("function").typescript(false);
    bindgen.nodejs(true).map_err(|error| format!("wasm-bindgen: {error:#}."))?;
    // After a trap nothing in an instance may be relied on; this exports the function that makes a new one.
    bindgen.reset_state_function(true);
    bindgen.generate(into).map_err(|error| format!("wasm-bindgen: {error:#}."))
}
