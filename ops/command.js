// What the operators' commands have around them: signals that stop them, a reader that leaves early, errors that are sentences, a status.
import { EXIT_BY_SIGNAL, EXIT_WRONG_ARGUMENTS } from '../local/exit-status.js';
import { WrongArguments } from '../local/wrong-arguments.js';

/** Aborted by Ctrl-C and its like, with the status to end with as the reason. What is under way may finish. */
export function stoppedBySignals() {
  const stopping = new AbortController();
  for (const [name, status] of Object.entries(EXIT_BY_SIGNAL)) process.on(name, () => stopping.abort({ status }));
  return stopping.signal;
}

/**
 * Ends the process with the status of `main`. `sentenceOf` an error is all that is said of it; `statusOf` it may know another status than
 * that of wrong arguments or `failed`.
 */
export async function endWith(main, { failed, sentenceOf, statusOf = () => undefined }) {
  // The reader of a pipe may close it early: list | head.
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : failed));
  try {
    process.exit(await main());
  } catch (error) {
    const status = statusOf(error);
    if (status !== undefined) process.exit(status);
    console.error(sentenceOf(error));
    process.exit(error instanceof WrongArguments ? EXIT_WRONG_ARGUMENTS : failed);
  }
}
