//! Checks every scenario, or one of them, and says how much that was.
//!
//!     npm run model-check -- [--events 3] [--faults 4] [--scenario NAME] [--threads N]

use std::{
    fmt::Display,
    io::{IsTerminal as _, Write as _, stderr, stdout},
    process::ExitCode,
    str::FromStr,
};

use model_check::{
    check::{Progress, every_state_aloud},
    product::AsBuilt,
    scenarios,
};

struct Wanted {
    events: usize,
    faults: u8,
    threads: usize,
    scenario: Option<String>,
}

fn main() -> ExitCode {
    let wanted = match read(std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(complaint) => {
            say(&complaint);
            return ExitCode::from(2);
        }
    };
    let mut is_whole = true;
    let (mut states, mut distinct, mut seconds) = (0, 0, 0);
    for scenario in scenarios::all(wanted.events) {
        if wanted.scenario.as_ref().is_some_and(|name| name != scenario.name) {
            continue;
        }
        let name = scenario.name;
        let walk = every_state_aloud(AsBuilt.into(), scenario, wanted.faults, wanted.threads, &mut live_line(name));
        say(&format_args!("{name}: {}", walk.progress));
        for story in &walk.broken {
            is_whole = false;
            say(&format_args!("not so: {story}"));
        }
        states += walk.progress.states;
        distinct += walk.progress.distinct;
        seconds += walk.progress.elapsed.as_secs();
    }
    let (events, faults) = (wanted.events, wanted.faults);
    say(&format_args!("{events} events, {faults} faults: {states} states, {distinct} distinct, {seconds} s"));
    if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(mut arguments: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut wanted = Wanted { events: 3, faults: 4, threads, scenario: None };
    while let Some(flag) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{flag}: a value is missing"))?;
        match flag.as_str() {
            "--events" => wanted.events = number(&flag, &value, 1..=3)?,
            "--faults" => wanted.faults = number(&flag, &value, 0..=9)?,
            "--threads" => wanted.threads = number(&flag, &value, 1..=64)?,
            "--scenario" => wanted.scenario = Some(known(value)?),
            other => return Err(format!("{other}: there are --events, --faults, --scenario and --threads")),
        }
    }
    Ok(wanted)
}

fn number<T: FromStr + PartialOrd + Display>(
    flag: &str,
    text: &str,
    range: std::ops::RangeInclusive<T>,
) -> Result<T, String> {
    let within = text.parse().ok().filter(|number| range.contains(number));
    within.ok_or_else(|| format!("{flag}: a number from {} to {}", range.start(), range.end()))
}

fn known(name: String) -> Result<String, String> {
    let names: Vec<_> = scenarios::all(1).iter().map(|scenario| scenario.name).collect();
    if names.contains(&name.as_str()) { Ok(name) } else { Err(format!("--scenario: one of {}", names.join(", "))) }
}

/// One line that is written over again; none where nobody watches.
fn live_line(name: &'static str) -> impl FnMut(Progress) + Send {
    let mut before = 0;
    move |progress| {
        if stderr().is_terminal() {
            let per_second = progress.states - before;
            before = progress.states;
            // A terminal that is gone is no reason to stop.
            let _ = write!(stderr(), "\r\x1b[K{name}: {progress}, {per_second} a second\r");
        }
    }
}

fn say(what: &impl Display) {
    let _ = writeln!(stdout(), "{what}");
}
