//! A random number generator whose seed reproduces a run: SplitMix64, which has 64 bits of state and is good enough to draw
//! faults.

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A probability in 1/10,000.
pub type PerTenThousand = u32;

#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// One seed has many streams, so that a customer's history stays the same when another customer is left out.
    pub fn of(seed: u64, stream: &str, number: u64) -> Chance {
        let mut chance = Chance { state: seed };
        for byte in stream.bytes().map(u64::from).chain([number]) {
            chance.state = chance.state.wrapping_mul(31).wrapping_add(byte);
            chance.state = chance.draw();
        }
        chance
    }

    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `count` - 1.
    pub fn below(&mut self, count: u64) -> u64 {
        self.draw() % count.max(1)
    }

    /// `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    pub fn hits(&mut self, rate: PerTenThousand) -> bool {
        // Nothing is drawn for what can't happen: that keeps runs fast.
        rate > 0 && self.below(10_000) < u64::from(rate)
    }

    /// True once in `count` draws on average.
    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).expect("a length");
        usize::try_from(self.below(length)).expect("below a length")
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// A UUIDv4, as sources use them.
    pub fn uuid(&mut self) -> String {
        let bits = (u128::from(self.draw()) << 64) | u128::from(self.draw());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }
}
