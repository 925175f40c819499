//! A look at the module that was made. What a build's settings are for can be lost without a word, so it is read off the result.

use std::fs;
use std::path::Path;

use crate::cargo::MAX_MEMORY_BYTES;
use crate::complaint::Complaint;

const PAGE_BYTES: u32 = 64 * 1024;

/// A third more than the largest today. An instance compiles its module when it starts, while a message waits.
const MAX_MODULE_BYTES: usize = 1_000_000;

const MEMORY: u8 = 5;
const EXPORTS: u8 = 7;

/// What the shim calls. Others begin with two underscores: they are wasm-bindgen's, for its own glue.
const CALLED: [&str; 8] = [
    "functionName",
    "invocation_answered",
    "invocation_begin",
    "invocation_body",
    "invocation_fetched",
    "invocation_new",
    "invocation_waited",
    "memory",
];

/// The start function of a module, which runs in each new instance.
const START: &str = "start";

/// Whether this module is as the shim and the container need it.
pub fn module(path: &Path) -> Result<(), Complaint> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}.", path.display()))?;
    checked(&bytes).map_err(|complaint| format!("{}: {complaint}.", path.display()))
}

fn checked(module: &[u8]) -> Result<(), Complaint> {
    if module.len() > MAX_MODULE_BYTES {
        return Err(format!("it has {} bytes, and may have {MAX_MODULE_BYTES}", module.len()));
    }
    let pages = memory_limit(module)?.ok_or("its memory has no limit")?;
    let wanted = MAX_MEMORY_BYTES / PAGE_BYTES;
    if pages != wanted {
        return Err(format!("its memory may grow to {pages} pages, and not to {wanted}"));
    }
    let exports = exports(module)?;
    if let Some(missing) = CALLED.iter().find(|name| !exports.iter().any(|export| export == *name)) {
        return Err(format!("it doesn't export `{missing}`"));
    }
    let is_known = |name: &String| name.starts_with("__") || name == START || CALLED.contains(&name.as_str());
    match exports.iter().find(|name| !is_known(name)) {
        Some(other) => Err(format!("it exports `{other}`, which the shim doesn't know")),
        None => Ok(()),
    }
}

/// The maximum of its one memory, in pages.
fn memory_limit(module: &[u8]) -> Result<Option<u32>, Complaint> {
    let mut section = section(module, MEMORY)?;
    let (_count, flags, _least) = (section.number()?, section.number()?, section.number()?);
    if flags & 1 == 0 { Ok(None) } else { section.number().map(Some) }
}

fn exports(module: &[u8]) -> Result<Vec<String>, Complaint> {
    let mut section = section(module, EXPORTS)?;
    let count = section.number()?;
    (0..count)
        .map(|_| {
            let length = section.number()? as usize;
            let name = String::from_utf8_lossy(section.take(length)?).into_owned();
            section.take(1)?;
            section.number()?;
            Ok(name)
        })
        .collect()
}

fn section(module: &[u8], wanted: u8) -> Result<Reader<'_>, Complaint> {
    let mut all = Reader(module);
    all.take(b"\0asm\x01\0\0\0".len())?;
    loop {
        let id = all.take(1)?[0];
        let length = all.number()? as usize;
        let content = all.take(length)?;
        if id == wanted {
            return Ok(Reader(content));
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Complaint> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or("it ends before what it should have")?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned LEB128.
    fn number(&mut self) -> Result<u32, Complaint> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("it has a number of more than 32 bits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{CALLED, MAX_MODULE_BYTES, checked};

    /// A module with this memory and these exports, and nothing else.
    fn module(memory: &[u8], names: &[&str]) -> Vec<u8> {
        let mut exports = vec![u8::try_from(names.len()).expect("few")];
        for name in names {
            exports.push(u8::try_from(name.len()).expect("short"));
            exports.extend(name.as_bytes());
            exports.extend([0, 0]);
        }
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (id, content) in [(5, memory), (7, exports.as_slice())] {
            // Two bytes for any length below 16384.
            let length = u8::try_from(content.len() & 0x7f).expect("7 bits");
            module.extend([id, length | 0x80, u8::try_from(content.len() >> 7).expect("short")]);
            module.extend(content);
        }
        module
    }

    /// 20 pages at least and 2048 at most.
    const LIMITED: &[u8] = &[1, 1, 20, 0x80, 0x10];

    fn complaint(module: &[u8]) -> String {
        checked(module).expect_err("it is refused")
    }

    #[test]
    fn a_module_with_its_limit_and_exports_is_taken() {
        let mut names = CALLED.to_vec();
        names.extend(["start", "__wbindgen_malloc"]);
        assert_eq!(checked(&module(LIMITED, &names)), Ok(()));
    }

    #[test]
    fn a_memory_without_the_limit_is_refused() {
        assert_eq!(complaint(&module(&[1, 0, 20], &CALLED)), "its memory has no limit");
        assert_eq!(
            complaint(&module(&[1, 1, 20, 0x80, 0x80, 0x04], &CALLED)),
            "its memory may grow to 65536 pages, and not to 2048"
        );
    }

    #[test]
    fn exports_that_are_missing_or_too_many_are_refused() {
        assert_eq!(complaint(&module(LIMITED, &CALLED[1..])), "it doesn't export `functionName`");
        let mut names = CALLED.to_vec();
        names.push("debug");
        assert_eq!(complaint(&module(LIMITED, &names)), "it exports `debug`, which the shim doesn't know");
    }

    #[test]
    fn a_large_module_and_half_a_module_are_refused() {
        assert_eq!(
            complaint(&vec![0; MAX_MODULE_BYTES + 1]),
            format!("it has {} bytes, and may have {MAX_MODULE_BYTES}", MAX_MODULE_BYTES + 1)
        );
        let whole = module(LIMITED, &CALLED);
        assert_eq!(complaint(&whole[..whole.len() - 1]), "it ends before what it should have");
    }
}
