//! Strict JSON: what serde_json accepts, less what two readers could understand differently or what could hurt us.
//!
//! Two passes. The first turns bytes into a tree that keeps every pair of an object, so that nothing is lost before it is
//! looked at; the second looks, with the path at hand for the reason.

mod number;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json, error::Category};

use crate::kernel::malformed::{Malformed, path_to};

pub const MAX_BYTES: usize = 256 * 1024;
pub const MAX_DEPTH: usize = 16;
/// Characters, as JSON Schema counts them, so that the contracts say the same.
pub const MAX_STRING_CHARS: usize = 1024;

/// A string that may be longer than others.
#[derive(Clone, Copy, Debug)]
pub struct LongString {
    pub path: &'static str,
    pub max_chars: usize,
}

/// Where in an event a text stands that is read by itself.
#[derive(Clone, Copy, Debug)]
struct Root {
    /// What the text itself is called in a reason.
    name: &'static str,
    /// What stands before the names of its fields.
    path: &'static str,
    depth: usize,
}

/// A whole event.
const BODY: Root = Root { name: "body", path: "", depth: 0 };

/// An event's data, one level further down.
const DATA: Root = Root { name: "data", path: "data", depth: 1 };

/// Reads one JSON object of at most 256 KiB, 16 levels and strings of 1,024 characters, in which no key stands twice.
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Json>, Malformed> {
    parse_object_within(bytes, MAX_BYTES, &[])
}

/// The same with another bound on its length, and for the strings at some paths.
pub fn parse_object_within(
    bytes: &[u8],
    max_bytes: usize,
    long: &[LongString],
) -> Result<Map<String, Json>, Malformed> {
    object(bytes, Bounds { max_bytes, max_chars: MAX_STRING_CHARS, long })
}

/// The same with another bound on its length, and for all strings.
pub fn parse_object_up_to(bytes: &[u8], max_bytes: usize, max_chars: usize) -> Result<Map<String, Json>, Malformed> {
    object(bytes, Bounds { max_bytes, max_chars, long: &[] })
}

/// What is taken.
#[derive(Clone, Copy, Debug)]
struct Bounds<'a> {
    max_bytes: usize,
    max_chars: usize,
    /// Strings that have other bounds.
    long: &'a [LongString],
}

fn object(bytes: &[u8], bounds: Bounds<'_>) -> Result<Map<String, Json>, Malformed> {
    if bytes.is_empty() {
        return Err(Malformed::new(BODY.name, "empty"));
    }
    match parse_value(bytes, BODY, bounds)? {
        Json::Object(map) => Ok(map),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Err(Malformed::new(BODY.name, "not an object"))
        }
    }
}

/// Reads the data of an event that comes without its envelope, under the rules that it has in one.
pub fn parse_data(bytes: &[u8], long: &[LongString]) -> Result<Json, Malformed> {
    parse_value(bytes, DATA, Bounds { max_bytes: MAX_BYTES, max_chars: MAX_STRING_CHARS, long })
}

fn parse_value(bytes: &[u8], root: Root, bounds: Bounds<'_>) -> Result<Json, Malformed> {
    let max_bytes = bounds.max_bytes;
    let refuse = |rule: &dyn fmt::Display| Err(Malformed::new(root.name, rule));
    if bytes.len() > max_bytes {
        return refuse(&format_args!("larger than {max_bytes} bytes"));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return refuse(&"not UTF-8");
    };
    let tree = parse_tree(text, root)?;
    (Checker { literals: number::literals(text), bounds }).checked(tree, root.path)
}

fn parse_tree(text: &str, root: Root) -> Result<Tree, Malformed> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed = TreeSeed { depth: root.depth }.deserialize(&mut deserializer);
    parsed.and_then(|tree| deserializer.end().map(|()| tree)).map_err(|error| match error.classify() {
        // The only errors of this category are the seed's own.
        Category::Data => Malformed::new(root.name, TOO_DEEP),
        // serde_json's syntax errors name a position and a rule, never the text.
        Category::Syntax | Category::Eof | Category::Io => Malformed::new(root.name, format_args!("not JSON: {error}")),
    })
}

/// The second pass. It meets the numbers in the order of the text.
struct Checker<'a, L> {
    literals: L,
    bounds: Bounds<'a>,
}

impl<'a, L: Iterator<Item = &'a str>> Checker<'_, L> {
    fn checked(&mut self, tree: Tree, path: &str) -> Result<Json, Malformed> {
        Ok(match tree {
            Tree::Null => Json::Null,
            Tree::Bool(value) => Json::Bool(value),
            Tree::Number(value) => {
                if !self.literals.next().is_some_and(number::is_exact) {
                    return Err(Malformed::new(path, "a number that a double can't hold exactly"));
                }
                Json::Number(value)
            }
            Tree::String(value) => Json::String(self.short(value, path)?),
            Tree::Array(items) => {
                let inside = |(index, item)| self.checked(item, &path_to(path, &format!("{index}")));
                Json::Array(items.into_iter().enumerate().map(inside).collect::<Result<_, _>>()?)
            }
            Tree::Object(pairs) => {
                let mut map = Map::new();
                for (key, item) in pairs {
                    let at = path_to(path, &key);
                    let value = self.checked(item, &at)?;
                    if map.insert(self.short(key, &at)?, value).is_some() {
                        return Err(Malformed::new(&at, "duplicate key"));
                    }
                }
                Json::Object(map)
            }
        })
    }

    fn short(&self, text: String, path: &str) -> Result<String, Malformed> {
        let long = self.bounds.long.iter().find(|long| long.path == path);
        let max_chars = long.map_or(self.bounds.max_chars, |long| long.max_chars);
        if text.chars().count() > max_chars {
            return Err(Malformed::new(
                if path.is_empty() { "body" } else { path },
                format_args!("longer than {max_chars} characters"),
            ));
        }
        Ok(text)
    }
}

enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

const TOO_DEEP: &str = "deeper than 16 levels";

/// Knows how deep it is, so that a hostile body is refused at level 17 instead of filling the stack.
#[derive(Clone, Copy)]
struct TreeSeed {
    depth: usize,
}

impl TreeSeed {
    fn below<E: serde::de::Error>(self) -> Result<TreeSeed, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(TOO_DEEP));
        }
        Ok(TreeSeed { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for TreeSeed {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Tree, E> {
        Number::from_f64(value).map(Tree::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let below = self.below::<A::Error>()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            array.push(item);
        }
        Ok(Tree::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Tree, A::Error> {
        let below = self.below::<A::Error>()?;
        let mut object = Vec::new();
        while let Some(key) = pairs.next_key::<String>()? {
            object.push((key, pairs.next_value_seed(below)?));
        }
        Ok(Tree::Object(object))
    }
}
