// Asks on the terminal; where there is none, --yes must have been given.
import { createInterface } from 'node:readline/promises';
import { WrongArguments } from '../../local/wrong-arguments.js';

/** Whether the operator means it. */
export async function confirmed({ question, yes, signal, input = process.stdin, output = process.stdout }) {
  if (yes) return true;
  if (!input.isTTY || !output.isTTY) throw new WrongArguments('Nothing was done: there is no terminal to ask on, so --yes must say that you mean it.');
  // Not as a terminal of readline's own, so that Ctrl-C is a signal as everywhere else.
  const lines = createInterface({ input, output, terminal: false });
  try {
    return (await lines.question(`${question} Type yes: `, { signal })).trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}
