//! Checks every scenario, or one of them, and prints the number of states.
//!
//!     npm run model-check -- [--events 3] [--faults 4] [--scenario NAME] [--threads N]

use std::{
    fmt::Display,
    io::{IsTerminal as _, Write as _, stderr, stdout},
    process::ExitCode,
    str::FromStr,
};

use model_check::{
    check::{Progress, every_state_with_progress},
    product::AsBuilt,
    scenarios,
};

struct Arguments {
    events: usize,
    faults: u8,
    threads: usize,
    scenario: Option<String>,
}

fn main() -> ExitCode {
    let arguments = match read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(complaint) => {
            print_line(&complaint);
            return ExitCode::from(2);
        }
    };
    let mut is_whole = true;
    let (mut states, mut distinct, mut seconds) = (0, 0, 0);
    for scenario in scenarios::all(arguments.events) {
        if arguments.scenario.as_ref().is_some_and(|name| name != scenario.name) {
            continue;
        }
        let name = scenario.name;
        let walk = every_state_with_progress(
            AsBuilt.into(),
            scenario,
            arguments.faults,
            arguments.threads,
            &mut live_line(name),
        );
        print_line(&format_args!("{name}: {}", walk.progress));
        for trace in &walk.broken {
            is_whole = false;
            print_line(&format_args!("not so: {trace}"));
        }
        states += walk.progress.states;
        distinct += walk.progress.distinct;
        seconds += walk.progress.elapsed.as_secs();
    }
    let (events, faults) = (arguments.events, arguments.faults);
    print_line(&format_args!("{events} events, {faults} faults: {states} states, {distinct} distinct, {seconds} s"));
    if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut arguments = Arguments { events: 3, faults: 4, threads, scenario: None };
    while let Some(flag) = words.next() {
        let value = words.next().ok_or_else(|| format!("{flag}: a value is missing"))?;
        match flag.as_str() {
            "--events" => arguments.events = number(&flag, &value, 1..=3)?,
            "--faults" => arguments.faults = number(&flag, &value, 0..=9)?,
            "--threads" => arguments.threads = number(&flag, &value, 1..=64)?,
            "--scenario" => arguments.scenario = Some(known(value)?),
            other => return Err(format!("{other}: there are --events, --faults, --scenario and --threads")),
        }
    }
    Ok(arguments)
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

/// A progress line that overwrites itself; none where stderr is no terminal.
fn live_line(name: &'static str) -> impl FnMut(Progress) + Send {
    let mut before = 0;
    move |progress| {
        if stderr().is_terminal() {
            let per_second = progress.states - before;
            before = progress.states;
            // A closed terminal must not end the check.
            let _ = write!(stderr(), "\r\x1b[K{name}: {progress}, {per_second} a second\r");
        }
    }
}

fn print_line(what: &impl Display) {
    let _ = writeln!(stdout(), "{what}");
}
