// npm run clock: calls the running stack's clock once, as Cloud Scheduler would. The local stack has no scheduler: the
// samples are of the past, and everything in them would have ended.
import { EXIT_WRONG_ARGUMENTS } from '../local/exit-status.js';
import { STATE_DIR, runningStack } from '../local/stack-file.js';

const EXIT_FAILED = 1;

const USAGE = `npm run clock

  Says what time has ended, and replays letters whose document has come, on the running stack. It answers what it did:

    published      events and letters that were published
    events         of them the events, by type
    replays        of them the letters
    found          documents that the queries found
    pages          in so many pages
    stale          found, but changed by the time that they were read again
    waiting        letters whose document isn't there yet
    overdue        letters that are open for more than an hour
    held           letters behind an earlier one of their customer that isn't settled yet
    skipped        what can't be handled, and why; the first ones
    skippedInAll   how many there are
    faults         calls that failed
    stoppedAt      where the next run goes on, if this one ran out of time

  Exit status: 0 all done, 1 it failed, 2 wrong arguments.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  if (args.length === 1 && args[0] === '--help') {
    console.log(USAGE);
    return 0;
  }
  if (args.length > 0) return complain(`npm run clock takes no arguments, but was given ${args[0]}.`, EXIT_WRONG_ARGUMENTS);
  const stack = await runningStack(STATE_DIR, () => {});
  if (!stack) return complain('No stack is running here: npm start begins one.', EXIT_WRONG_ARGUMENTS);
  if (!stack.functions.clock) return complain('The running stack has no clock: end it and start it again.', EXIT_WRONG_ARGUMENTS);
  const response = await fetch(stack.functions.clock, { method: 'POST' });
  console.log(JSON.stringify(JSON.parse(await response.text()), null, 2));
  return response.ok ? 0 : EXIT_FAILED;
}

function complain(sentence, status) {
  console.error(sentence);
  return status;
}
