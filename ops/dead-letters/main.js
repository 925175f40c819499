// npm run dead-letters: what operators do with the messages that could not be handled.
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { EXIT_BY_SIGNAL } from '../../local/exit-status.js';
import { ROOT } from '../../local/set-up.js';
import { STATE_DIR } from '../../local/stack-file.js';
import { WrongArguments } from '../../local/wrong-arguments.js';
import { consumersIn } from '../../manifest/consumers.js';
import { readFunctions } from '../../manifest/functions.js';
import { endWith } from '../command.js';
import { UnknownToGoogle, openTarget } from '../target.js';
import { USAGE, parseArguments } from './arguments.js';
import { EXIT_DONE, EXIT_NOT_ALL, discard, list, replay, show } from './commands.js';
import { deadLetters } from './letters.js';
import { printable } from './readable.js';

const COMMANDS = { list, show, replay, discard };
const STOP_WITHIN_MS = 5000;

const stopping = new AbortController();
for (const [name, status] of Object.entries(EXIT_BY_SIGNAL)) {
  // A terminal's Ctrl-C reaches us once from it and once from npm: the second changes nothing.
  process.on(name, () => stop({ status }));
}
await endWith(main, { failed: EXIT_NOT_ALL, sentenceOf, statusOf });

function statusOf(error) {
  if (error !== stopping.signal.reason && error.name !== 'AbortError') return undefined;
  console.log('\nStopped; nothing was done.');
  return stopping.signal.reason.status;
}

async function main() {
  const wanted = parseArguments(process.argv.slice(2));
  if (wanted.help) {
    console.log(USAGE);
    return EXIT_DONE;
  }
  const functions = builtFunctions();
  const target = await openTarget({ ...wanted, stateDir: STATE_DIR });
  const status = await COMMANDS[wanted.command]({
    wanted, target, consumers: consumersIn(functions.functions),
    store: deadLetters({ client: target.firestore, database: target.database, options: target.options, stopped: stopping.signal }),
    say: (...lines) => { if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`); },
    // On a terminal only: a number that grows while many letters are read.
    note: (text) => { if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${text}`); },
    write: async (bytes) => { if (!process.stdout.write(bytes)) await once(process.stdout, 'drain'); },
    stopped: stopping.signal,
    stop: (why) => stop({ status: EXIT_NOT_ALL, why }),
  });
  return stopping.signal.aborted ? stopping.signal.reason.status : status;
}

// Work in progress may finish and report, unless that takes too long.
function stop(reason) {
  stopping.abort(reason);
  setTimeout(() => process.exit(stopping.signal.reason.status), STOP_WITHIN_MS).unref();
}

function builtFunctions() {
  const dist = join(ROOT, 'dist');
  if (!existsSync(join(dist, 'topics.json'))) throw new WrongArguments('The functions aren\'t built yet, and they say whom a letter may go to: npm start builds them.');
  return readFunctions(dist);
}

// Expected errors are sentences, and so are those of Google's services. A stack trace is for bugs.
function sentenceOf(error) {
  if (error instanceof WrongArguments || error instanceof UnknownToGoogle) return error.message;
  if (typeof error?.code === 'number') return `A request to Firestore or Pub/Sub failed: ${printable(error.message)}`;
  return error?.stack ?? String(error);
}
