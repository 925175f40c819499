//! Interning: each value is stored once and stands in a state as a number, so that states are small and quick to compare and
//! hash.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    sync::{Arc, PoisonError, RwLock},
};

#[expect(clippy::disallowed_types, reason = "it is only looked up in, never walked: its order doesn't matter")]
type Lookup<K, V> = std::collections::HashMap<K, V, ahash::RandomState>;

/// The number of a value in its table.
pub struct Id<T> {
    number: u32,
    of: PhantomData<fn() -> T>,
}

/// Values that are the same to `Eq` have one number. Nothing is ever forgotten.
#[derive(Debug)]
pub struct Interned<T> {
    table: RwLock<Table<T>>,
}

#[derive(Debug)]
struct Table<T> {
    numbers: Lookup<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T: Eq + Hash> Interned<T> {
    pub fn id(&self, value: T) -> Id<T> {
        if let Some(number) = self.table.read().unwrap_or_else(PoisonError::into_inner).numbers.get(&value) {
            return Id::new(*number);
        }
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have added it meanwhile.
        if let Some(number) = table.numbers.get(&value) {
            return Id::new(*number);
        }
        let number = u32::try_from(table.values.len()).expect("fewer than 2^32 values");
        let value = Arc::new(value);
        table.values.push(Arc::clone(&value));
        table.numbers.insert(value, number);
        Id::new(number)
    }
}

impl<T> Interned<T> {
    pub fn get(&self, id: Id<T>) -> Arc<T> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&table.values[usize::try_from(id.number).expect("an index")])
    }

    pub fn len(&self) -> usize {
        self.table.read().unwrap_or_else(PoisonError::into_inner).values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The results of a pure function, so that it runs once for each argument.
#[derive(Debug)]
pub struct Memo<K, V> {
    known: RwLock<Lookup<K, V>>,
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    pub fn of(&self, key: K, compute: impl FnOnce() -> V) -> V {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        // Computed without the lock: the computation may use this memo.
        let computed = compute();
        self.known.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(computed).clone()
    }
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Interned { table: RwLock::new(Table { numbers: Lookup::default(), values: Vec::new() }) }
    }
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo { known: RwLock::new(Lookup::default()) }
    }
}

// Not derived: a derive would require the trait of `T` as well, which is only a marker.
impl<T> Id<T> {
    fn new(number: u32) -> Self {
        Id { number, of: PhantomData }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.number)
    }
}
