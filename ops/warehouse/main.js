// npm run warehouse: fills BigQuery's tables from Firestore, and compares them with it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/set-up.js';
import { STATE_DIR } from '../../local/stack-file.js';
import { QueryFailed, bigQuery } from '../../local/warehouse/rest.js';
import { WrongArguments } from '../../local/wrong-arguments.js';
import { readFunctions } from '../../manifest/functions.js';
import { endWith, stoppedBySignals } from '../command.js';
import { deadLetters } from '../dead-letters/letters.js';
import { openJob } from '../job.js';
import { startProgress } from '../progress.js';
import { UnknownToGoogle, openTarget } from '../target.js';
import { USAGE, parseArguments } from './arguments.js';
import { EXIT_DONE, EXIT_NOT_ALL, backfill, estimate, reconcile, replay } from './commands.js';
import { countedDocuments } from './documents.js';
import { PageFailed, TooOld, openPages } from './page.js';
import { OutOfOrder } from './reconcile.js';
import { stateFile } from './state-file.js';

const COMMANDS = { estimate, backfill, reconcile, replay };
const DIST = join(ROOT, 'dist');
const ANY_COLLECTION = 'users';

const stopped = stoppedBySignals();
await endWith(main, { failed: EXIT_NOT_ALL, sentenceOf });

async function main() {
  const wanted = parseArguments(process.argv.slice(2));
  if (wanted.help) {
    console.log(USAGE);
    return EXIT_DONE;
  }
  if (!existsSync(join(DIST, 'topics.json'))) throw new WrongArguments('The functions aren\'t built yet: npm start builds them.');
  const target = await openTarget({ ...wanted, stateDir: STATE_DIR });
  if (target.warehouse === undefined) throw new WrongArguments('The running stack has no warehouse: end it, and begin one by npm start -- --warehouse.');
  const status = await COMMANDS[wanted.command]({ ...(wanted.command === 'replay' ? replaying(target) : reading(target, wanted)), wanted, target, ...output() });
  return stopped.aborted ? stopped.reason.status : status;
}

function reading(target, wanted) {
  const { count, countOf } = countedDocuments(target);
  const { page } = openPages(target);
  return {
    page, count, countOf, client: bigQuery({ rest: target.warehouse, project: target.project, headers: headersOf(target) }),
    documentsNow: async () => (await count(ANY_COLLECTION)).readAt,
    consumers: readFunctions(DIST).functions.map(({ name }) => name),
    file: stateFile(STATE_DIR, { project: target.project, database: wanted.database }),
    progress: startProgress(), stopped,
  };
}

function replaying(target) {
  const store = deadLetters({ client: target.firestore, database: target.database, options: target.options, stopped });
  return {
    replayJob: openJob(join(DIST, 'warehouse-replay'), target),
    async openLetters() {
      let letters = 0;
      for await (const letter of store.matching({ consumer: 'warehouse', status: 'OPEN' })) letters += letter ? 1 : 0;
      return letters;
    },
  };
}

function output() {
  const write = (out) => (...lines) => { if (lines.length > 0) out.write(`${lines.join('\n')}\n`); };
  return { say: write(process.stdout), hint: write(process.stderr), complain: write(process.stderr) };
}

/** The emulator asks for nothing. */
function headersOf({ isReal, accessToken, quotaProject }) {
  if (!isReal) return undefined;
  return async () => ({ authorization: `Bearer ${await accessToken()}`, ...(quotaProject && { 'x-goog-user-project': quotaProject }) });
}

// Expected errors are sentences, and so are those of Google's services. A stack trace is for bugs.
function sentenceOf(error) {
  if ([WrongArguments, UnknownToGoogle, PageFailed, QueryFailed, OutOfOrder].some((kind) => error instanceof kind)) return error.message;
  if (error instanceof TooOld) return `It took so long that Firestore doesn't have those versions of its documents any more: run it again. (${error.message})`;
  if (typeof error?.code === 'number') return `A request to Firestore failed: ${error.message}`;
  return error?.stack ?? String(error);
}
