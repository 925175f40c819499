//! The command line.

use simulation::plan::{FaultKind, Reduction};

pub(crate) const USAGE: &str = "\
npm run simulate -- [--minutes N | --deliveries N] [--seed S] [--threads T]
npm run simulate -- --seed S [--customers A,B] [--events N] [--without MISCHIEF,MISCHIEF]

  --minutes N      for so long; without it, and without --deliveries, until Ctrl-C
  --deliveries N   until so many deliveries were simulated
  --seed S         alone: this one run; with one of the above: where to begin
  --threads T      all processors if not given
  --customers A,B  only these customers of the run
  --events N       at most so many events of each
  --without A,B    without these kinds of mischief";

#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) minutes: Option<u64>,
    pub(crate) deliveries: Option<u64>,
    pub(crate) seed: Option<u64>,
    pub(crate) threads: Option<usize>,
    pub(crate) reduction: Reduction,
    /// A closed stdin stops the run.
    pub(crate) stops_with_stdin: bool,
}

impl Arguments {
    /// The error is a message for the user.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let mut arguments = Arguments::default();
        while let Some(word) = words.next() {
            if word == "--stops-with-stdin" {
                arguments.stops_with_stdin = true;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word}: a value is missing"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{word} {value}: not a number"));
            match word.as_str() {
                "--minutes" => arguments.minutes = Some(number()?),
                "--deliveries" => arguments.deliveries = Some(number()?),
                "--seed" => arguments.seed = Some(number()?),
                "--threads" => arguments.threads = Some(usize::try_from(number()?.max(1)).unwrap_or(1)),
                "--events" => arguments.reduction.events = Some(usize::try_from(number()?).unwrap_or(usize::MAX)),
                "--customers" => {
                    let numbers = value.split(',').map(str::parse).collect::<Result<_, _>>();
                    arguments.reduction.customers = Some(numbers.map_err(|_| format!("{word} {value}: not numbers"))?);
                }
                "--without" => {
                    for name in value.split(',') {
                        let known = FaultKind::from_name(name).ok_or_else(|| format!("{word}: there is no {name}"))?;
                        arguments.reduction.without.insert(known);
                    }
                }
                _ => return Err(format!("{word}: there is no such option")),
            }
        }
        Ok(arguments)
    }

    pub(crate) fn is_one_run(&self) -> bool {
        self.seed.is_some() && self.minutes.is_none() && self.deliveries.is_none()
    }
}
