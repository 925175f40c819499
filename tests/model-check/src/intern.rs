//! Each value once, and a number in its place: states of numbers are small, and are compared and hashed in no time.

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

/// Values that are the same to `Eq` have one number. Nothing is ever forgotten. `L` is what the number says it is of, where
/// that is better said without all of `T`'s own parameters.
#[derive(Debug)]
pub struct Interned<T, L = T> {
    table: RwLock<Table<T>>,
    of: PhantomData<fn() -> L>,
}

#[derive(Debug)]
struct Table<T> {
    numbers: Lookup<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T: Eq + Hash, L> Interned<T, L> {
    pub fn id(&self, value: T) -> Id<L> {
        if let Some(number) = self.table.read().unwrap_or_else(PoisonError::into_inner).numbers.get(&value) {
            return Id::new(*number);
        }
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster.
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

impl<T, L> Interned<T, L> {
    pub fn get(&self, id: Id<L>) -> Arc<T> {
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

/// What a pure function came to, so that it is asked once for each argument.
#[derive(Debug)]
pub struct Memo<K, V> {
    known: RwLock<Lookup<K, V>>,
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    pub fn of(&self, key: K, compute: impl FnOnce() -> V) -> V {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        // Computed without the lock: it may ask this very memo.
        let computed = compute();
        self.known.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(computed).clone()
    }
}

impl<T, L> Default for Interned<T, L> {
    fn default() -> Self {
        Interned { table: RwLock::new(Table { numbers: Lookup::default(), values: Vec::new() }), of: PhantomData }
    }
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo { known: RwLock::new(Lookup::default()) }
    }
}

// By hand: a derive would ask the same of `T`, which is only a label here.
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
