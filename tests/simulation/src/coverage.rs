//! Coverage: how often each fault was met at each step, and each `Sometimes` case. A case that never happens is not tested.

use std::fmt::Write as _;

macro_rules! seen {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            fn index(self) -> usize {
                $name::ALL.iter().position(|known| *known == self).expect("one of all")
            }
        }
    };
}

seen! {
    /// The step at which a delivery waits.
    Step { Read = "read", Query = "query", Commit = "commit", Publish = "publish", Wait = "wait" }
}

seen! {
    /// The fault that it meets there.
    Fault {
        NotExecuted = "not executed",
        AnswerLost = "answer lost",
        Late = "late",
        Slow = "slow",
        BrokenOff = "broken off",
        Denied = "denied",
        Outage = "outage",
        CrashBefore = "crash before",
        CrashAfter = "crash after",
        Frozen = "frozen",
        /// It goes on although its ack deadline has passed.
        Zombie = "zombie",
    }
}

seen! {
    Sometimes {
        Applied = "applied",
        Duplicate = "duplicate",
        PublishedAgain = "a follow-up published again",
        Conflict = "conflict",
        Malformed = "malformed",
        Refused = "refused",
        Stale = "stale fact ignored",
        Passed = "passed",
        Awaited = "awaited, filed",
        AwaitedRecovered = "awaited, replayed, applied",
        LostCommitFound = "lost commit answer, found as a duplicate",
        LateCommit = "commit carried out after its caller gave up",
        ZombieCommit = "commit of a delivery that Pub/Sub gave up",
        LostRace = "commit lost a race",
        OutOfTime = "a delivery's 45 s over",
        GivenUp = "out of attempts",
        Exhausted = "exhausted, filed",
        ExhaustedRecovered = "exhausted, replayed, applied",
        ExhaustedCommitted = "exhausted, found committed",
        Trapped = "an instance broken by a message",
        Restarted = "begun again in a new instance",
        Crashed = "crashed, filed",
        CrashedRecovered = "crashed, replayed, applied",
        RefusedRecovered = "refused, replayed, applied",
        RefusedAgain = "refused, replayed, refused",
        HeldUp = "held up by another key's poison message, and settled",
        Rewound = "acknowledged messages delivered again",
        SoughtBack = "subscription sought back",
        RecordExpired = "record expired",
        Overdrawn = "account overdrawn",
        Restricted = "trading stopped",
        StaleAccess = "access fact overtaken",
        Converted = "lead converted",
        LeadToldAgain = "what a lead is, told again",
        BegunAlready = "identity check begun before it was asked for",
        Withdrawn = "withdrawal settled",
        WithdrawnWithoutKyc = "withdrawal without KYC",
        WithdrawnWithoutAccess = "withdrawal while trading is disabled",
        WithdrawnWithoutFunds = "withdrawal without funds",
        LimitExceeded = "withdrawal above a limit",
        WithdrawalExpired = "withdrawal expired",
        ExpiredTooLate = "expiry of a finished withdrawal ignored",
        Refunded = "refund settled",
        RefundExceedsPayment = "refund above its payment",
        RefundWithoutFunds = "refund without funds",
        DisputeClosed = "dispute closed",
        Reversed = "payment reversed",
        GivenBackOutside = "given back to the outside, after a reversal",
        ForeignTransaction = "somebody else's transaction",
        WrongKind = "event of another kind of transaction",
        AmountMismatch = "another amount than announced",
        CurrencyMismatch = "another currency than the transaction's",
        NotYetExpired = "expiry before its time",
        NotRestricted = "payout ordered for a customer who may ask",
        ToldAgain = "fact about money told again",
        AskedWhenClosed = "request of a closed customer",
        SettledAboveAuthorized = "settlement above the authorized amount",
        SettledLate = "settlement of a withdrawal that had ended",
        PayoutReturned = "payout that came back",
        PayoutOrdered = "payout by order",
        Underpaid = "deposit settled in another amount",
        FeeCharged = "fee charged",
        BalanceAdjusted = "balance adjusted",
        AlertMet = "price alert met",
        TooManyAlerts = "one alert too many",
        StalePrice = "old price ignored",
        AlertsContinued = "more alerts met than one delivery tells",
        ApprovalEnded = "approval ended by the clock",
        CustomerGivenUp = "customer given up by the clock",
        ReservationEnded = "withdrawal ended by the clock",
        AwaitedReleased = "awaited, released as soon as its document was there, applied",
        ReleasedByItself = "awaited, released by the delivery that filed it",
        ReleaseAgain = "release called again",
        AwaitedByClock = "awaited, replayed by the clock, applied",
        ClockPublishedAgain = "said again by the clock, byte for byte",
        JobRunsOverlap = "sweep beside another of its function",
        JobStopped = "sweep stopped on its way",
        JobResumed = "sweep taken up at its checkpoint",
        JobFailed = "sweep that could not do everything",
        JobCrashedAtRead = "sweep crashed at a read",
        JobCrashedAtQuery = "sweep crashed at a query",
        JobCrashedAtPublish = "sweep crashed while publishing",
        JobCrashedAtCommit = "sweep crashed while keeping its place",
        JobCrashedAtWait = "sweep crashed at a wait",
        Balanced = "trial balance of somebody's money",
    }
}

#[derive(Clone, Debug)]
pub struct Coverage {
    pairs: Vec<[u64; Fault::ALL.len()]>,
    sometimes: Vec<u64>,
}

impl Default for Coverage {
    fn default() -> Coverage {
        Coverage { pairs: vec![[0; Fault::ALL.len()]; Step::ALL.len()], sometimes: vec![0; Sometimes::ALL.len()] }
    }
}

impl Coverage {
    pub fn pair(&mut self, step: Step, fault: Fault) {
        self.pairs[step.index()][fault.index()] += 1;
    }

    pub fn see(&mut self, what: Sometimes) {
        self.sometimes[what.index()] += 1;
    }

    pub fn add(&mut self, other: &Coverage) {
        for (mine, theirs) in self.pairs.iter_mut().flatten().zip(other.pairs.iter().flatten()) {
            *mine += theirs;
        }
        for (mine, theirs) in self.sometimes.iter_mut().zip(&other.sometimes) {
            *mine += theirs;
        }
    }

    /// The pairs that are possible. A wait is no call, so only faults of the instance and of the push occur there.
    fn all_pairs(&self) -> impl Iterator<Item = (Step, Fault, u64)> {
        let pairs = Step::ALL.iter().flat_map(|step| Fault::ALL.iter().map(move |fault| (*step, *fault)));
        let exists = |step, fault| match step {
            Step::Wait => matches!(fault, Fault::CrashBefore | Fault::Frozen | Fault::Zombie),
            // Only the answers to reads and queries are streams.
            Step::Commit | Step::Publish => fault != Fault::BrokenOff,
            // A job has no ack deadline; and a delivery queries only where a document came while it filed a letter.
            Step::Query => fault != Fault::Zombie,
            Step::Read => true,
        };
        pairs
            .filter(move |(step, fault)| exists(*step, *fault))
            .map(|(step, fault)| (step, fault, self.pairs[step.index()][fault.index()]))
    }

    /// The number of faults at all steps.
    pub fn faults(&self) -> u64 {
        self.pairs.iter().flatten().sum()
    }

    /// How often this fault was met at this step.
    pub fn times(&self, step: Step, fault: Fault) -> u64 {
        self.pairs[step.index()][fault.index()]
    }

    /// The rarest pair.
    pub fn rarest_pair(&self) -> (Step, Fault, u64) {
        self.all_pairs().min_by_key(|(_, _, count)| *count).expect("there are pairs")
    }

    /// How many of the pairs, and of the `Sometimes` cases, were seen at least so often.
    pub fn reached(&self, at_least: u64) -> (usize, usize) {
        let pairs = self.all_pairs().filter(|(_, _, count)| *count >= at_least).count();
        (pairs, self.sometimes.iter().filter(|count| **count >= at_least).count())
    }

    /// The number of pairs, and of `Sometimes` cases.
    pub fn total(&self) -> (usize, usize) {
        (self.all_pairs().count(), self.sometimes.len())
    }

    /// The pairs and cases that were seen less often, one line each.
    pub fn missing(&self, at_least: u64) -> Vec<String> {
        let pairs = self.all_pairs().filter(|(_, _, count)| *count < at_least);
        let pairs = pairs.map(|(step, fault, count)| format!("{} x {}: {count}", step.name(), fault.name()));
        let sometimes = Sometimes::ALL.iter().map(|it| (it, self.sometimes[it.index()]));
        let sometimes = sometimes.filter(|(_, count)| *count < at_least);
        pairs.chain(sometimes.map(|(it, count)| format!("{}: {count}", it.name()))).collect()
    }

    /// The counts as a table.
    pub fn table(&self) -> String {
        let mut text = format!("{:<14}", "");
        for step in Step::ALL {
            write!(text, "{:>12}", step.name()).expect("a String takes everything");
        }
        for fault in Fault::ALL {
            write!(text, "\n{:<14}", fault.name()).expect("a String takes everything");
            for step in Step::ALL {
                let count = self.all_pairs().find(|it| (it.0, it.1) == (*step, *fault)).map(|it| it.2);
                let cell = count.map_or("-".to_owned(), |count| count.to_string());
                write!(text, "{cell:>12}").expect("a String takes everything");
            }
        }
        for it in Sometimes::ALL {
            write!(text, "\n{:<46}{:>12}", it.name(), self.sometimes[it.index()]).expect("a String takes everything");
        }
        text
    }
}
