//! `npm run contracts`: writes every generated file anew. A test says so when one is stale.

use std::{fs, path::Path};

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (path, text) in contracts::files() {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("below the root"))?;
        fs::write(path, text)?;
    }
    Ok(())
}
