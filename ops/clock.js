// npm run clock: calls the running stack's clock once, as Cloud Scheduler would. The local stack has no scheduler: the
// samples are of the past, and everything in them would have ended.
import { EXIT_WRONG_ARGUMENTS } from '../local/exit-status.js';
import { STATE_DIR, runningStack } from '../local/stack-file.js';

const EXIT_FAILED = 1;

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
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
