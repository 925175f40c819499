//! Ids, each a type of its own: a lead's id can't be handed in where a customer's is wanted.

use std::fmt;

use uuid::Uuid;

/// A UUID, lowercase with hyphens, nothing else: one spelling, so that an id can be a key.
fn parse_spelled(text: &str) -> Result<Uuid, &'static str> {
    const RULE: &str = "not a UUID in lower case with hyphens";
    let id = Uuid::try_parse(text).map_err(|_| RULE)?;
    let mut buffer = Uuid::encode_buffer();
    if id.as_hyphenated().encode_lower(&mut buffer) == text { Ok(id) } else { Err(RULE) }
}

/// The same, but for the nil and the max UUID, which programs send that have no id: many things would have it at once.
fn parse_uuid(text: &str) -> Result<Uuid, &'static str> {
    let id = parse_spelled(text)?;
    if id.is_nil() {
        return Err("a UUID of zeros alone, which names nothing");
    }
    if id.is_max() { Err("a UUID of nothing but f, which names nothing") } else { Ok(id) }
}

/// The spelling of an id, for contracts. Without look-ahead, which many readers of patterns don't know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    pub called: &'static str,
    pub pattern: &'static str,
    /// Texts that match the pattern, and are none all the same.
    pub except: Option<&'static str>,
    pub longest: usize,
}

const UUID_SPELLING: Spelling = Spelling {
    called: "a UUID in lower case",
    pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    except: Some("^(?:[0-]+|[f-]+)$"),
    longest: 36,
};

/// What every id can do.
pub trait Id: Sized {
    const SPELLING: Spelling;

    /// The error is the rule that the text breaks.
    fn parse(text: &str) -> Result<Self, &'static str>;

    /// Of a stored document. Earlier releases took the nil and the max UUID, too.
    fn parse_stored(text: &str) -> Result<Self, &'static str> {
        Self::parse(text)
    }
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl Id for $name {
            const SPELLING: Spelling = UUID_SPELLING;

            fn parse(text: &str) -> Result<Self, &'static str> {
                parse_uuid(text).map($name)
            }

            fn parse_stored(text: &str) -> Result<Self, &'static str> {
                parse_spelled(text).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    )+};
}

uuid_ids! {
    /// Of one event: what makes a second arrival a duplicate.
    EventId,
    /// Of a customer.
    UserId,
    LeadId,
    /// Of a payment, a withdrawal, a refund or a dispute: each is a transaction of its own.
    TransactionId,
    /// Of a customer's wish to be told when a price gets somewhere.
    AlertId,
    /// Of one reason not to let a customer trade.
    SuspensionId,
    /// Of what an operator has written down about a customer.
    NoteId,
}

impl SuspensionId {
    /// Of a suspension that nobody has named: its event's.
    pub fn of_event(event: EventId) -> SuspensionId {
        SuspensionId(event.0)
    }

    /// Of the one suspension that a customer could have when suspensions had no ids: UUIDv5 in the customer's namespace.
    pub fn of_earlier_release(user: UserId) -> SuspensionId {
        SuspensionId(Uuid::new_v5(&user.0, b"suspension"))
    }
}

impl EventId {
    /// The id of the follow-up number `index` that `consumer` publishes for this event: UUIDv5 in this id's namespace, so
    /// that a consumer knows it when it comes again.
    pub fn follow_up(self, consumer: &str, index: usize) -> EventId {
        EventId(Uuid::new_v5(&self.0, format!("{consumer}/{index}").as_bytes()))
    }

    /// The id of a fact that no other event causes, only time: the same name always gives the same id, so that
    /// publishing it twice is publishing it once.
    pub fn of_due(name: &str) -> EventId {
        EventId(Uuid::new_v5(&DUE, name.as_bytes()))
    }
}

/// UUIDv5 of `//boma/clock` in the namespace of URLs.
const DUE: Uuid = uuid::uuid!("6927b5bf-8f66-5a03-9acd-08e794858ccd");

/// A traded symbol: `[A-Z0-9._-]{1,32}` with a letter or digit in it. It names documents, and names that begin and end with two
/// underscores are the database's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(String);

impl Id for Symbol {
    const SPELLING: Spelling = Spelling {
        called: "a symbol: capital letters, digits and `._-`",
        pattern: "^[._-]*[A-Z0-9][A-Z0-9._-]*$",
        except: Some("^__.*__$"),
        longest: 32,
    };

    fn parse(text: &str) -> Result<Self, &'static str> {
        let letter_or_digit = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let allowed = |b: u8| letter_or_digit(b) || matches!(b, b'.' | b'_' | b'-');
        let well_formed =
            (1..=32).contains(&text.len()) && text.bytes().all(allowed) && text.bytes().any(letter_or_digit);
        if text.starts_with("__") && text.ends_with("__") {
            Err("not a symbol: between two underscores each, names are the database's own")
        } else if well_formed {
            Ok(Symbol(text.to_owned()))
        } else {
            Err("not a symbol: [A-Z0-9._-]{1,32} with a letter or digit")
        }
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
