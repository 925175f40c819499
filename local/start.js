// npm start. Imports only built-in modules and files that import no others: packages may have to be installed first.
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DEFAULT_PROJECT, USAGE, checkTakenByNpm, parseArguments } from './arguments.js';
import { checkFiles, checkTargets } from './checked-paths.js';
import { EXIT_BY_SIGNAL, EXIT_WRONG_ARGUMENTS } from './exit-status.js';
import { BrokenFile, examineFiles } from './replay/events-file.js';
import { MissingTools, ROOT, WAREHOUSE_ENVIRONMENT, setUp } from './set-up.js';
import { STATE_DIR, runningStack } from './stack-file.js';
import { WrongArguments } from './wrong-arguments.js';

const SAMPLES = ['bank-1993', 'newcomer'].map((name) => join(ROOT, 'samples', name, 'events.ndjson'));

const startedMs = Date.now() - process.uptime() * 1000;
const interruption = new AbortController();
let stop = async () => {};
let staysUp = false;
let apart; // The folder of a run beside another one.

for (const [name, status] of Object.entries(EXIT_BY_SIGNAL)) {
  // A terminal's Ctrl-C reaches us once from it and once from npm: the second changes nothing.
  process.on(name, () => interruption.abort({ name, status }));
}
interruption.signal.addEventListener('abort', async () => {
  const { name, status } = interruption.signal.reason;
  process.stdout.write(`\n${name}: ending the stack ...\n`);
  await stop();
  removeApart();
  process.exit(staysUp ? 0 : status);
});

try {
  checkTakenByNpm(process.env);
  process.exit(await main(parseArguments(process.argv.slice(2))));
} catch (error) {
  if (!interruption.signal.aborted) {
    await stop();
    console.error(sentenceOf(error));
    if (apart) console.error(`The logs are kept in ${apart}.`);
    process.exit(error instanceof WrongArguments ? EXIT_WRONG_ARGUMENTS : 1);
  }
}

async function main(wanted) {
  if (wanted.help) {
    console.log(USAGE);
    return 0;
  }
  const files = wanted.sample ? SAMPLES : wanted.events.map(inCallersFolder);
  checkFiles(files, wanted.events);
  const faults = wanted.faults === undefined ? undefined : await faultsOf(wanted);
  const report = wanted.report && inCallersFolder(wanted.report);
  const exportDir = wanted.exportDir && inCallersFolder(wanted.exportDir);
  checkTargets({ report, exportDir, files });

  console.log('Setting up');
  const { signal } = interruption;
  const setUpResult = await setUp({ signal, warehouse: wanted.warehouse, withConsole: !wanted.once });
  const { startStack } = await import('./stack.js');
  const { readFunctions } = await import('../manifest/functions.js');
  const { runReplay } = await import('./run/run.js');
  const { faultsText } = await import('./run/summary.js');
  const dist = join(ROOT, 'dist');
  const total = await examineFiles(files, readFunctions(dist).topicOf);
  const common = { files, total, report, exportDir, barrier: wanted.barrier, stateDir: STATE_DIR, setUp: setUpResult, startedMs, signal };

  const running = await runningStack(STATE_DIR);
  if (running && !wanted.once) throw new WrongArguments(`A stack runs already (process ${running.pids.supervisor}): end that one first, or give --once to use it.`);
  if (running && !running.endsAfterReplay && !faults) {
    if (wanted.project && wanted.project !== running.project) throw new WrongArguments(`--project ${wanted.project} differs from the running stack's ${running.project}: leave it out, or end that stack first.`);
    if (wanted.warehouse && !running.warehouse) throw new WrongArguments('The running stack has no warehouse: leave --warehouse out, or end that stack first.');
    console.log(`Using the stack that runs already (process ${running.pids.supervisor})${running.faults ? `, in which things go wrong: ${running.faults}` : ''}`);
    return runReplay({ ...common, stack: running, ...readFunctions(dist) });
  }

  // The stack of another run with --once ends with that run, so this one starts its own. A run with --faults does, too: its
  // faults are not for the users of a stack that was started without.
  if (running) apart = join(STATE_DIR, `once-${process.pid}`);
  const stateDir = apart ?? STATE_DIR;
  const own = await startStack({
    project: wanted.project ?? DEFAULT_PROJECT, dist, stateDir, endsAfterReplay: wanted.once, withConsole: !wanted.once, faults, warehouse: wanted.warehouse ? { environment: WAREHOUSE_ENVIRONMENT } : undefined,
    onCrash(sentence) {
      console.error(`\n${sentence} The stack has been ended.`);
      process.exit(1);
    },
  });
  stop = async () => {
    await own.stop();
    if (staysUp && own.faults) console.log(faultsText(own.faults, own.faults.struck()));
  };
  signal.throwIfAborted();
  console.log(`Running: Firestore ${own.stack.firestore}, Pub/Sub ${own.stack.pubsub}, ${own.stack.warehouse ? `BigQuery ${own.stack.warehouse.rest}, ` : ''}${Object.keys(own.stack.functions).length} functions; logs in ${join(relative(ROOT, stateDir), 'logs')}`);
  if (own.stack.console) console.log(`Console: ${own.stack.console}`);
  if (faults) console.log(`Going wrong: --faults ${faults.spec.text} --seed ${faults.seed}`);

  let status = 0;
  if (files.length > 0) status = await runReplay({ ...common, stateDir, stack: own.stack, ...own });
  if (wanted.once) {
    await stop();
    if (status === 0) removeApart();
    return status;
  }
  console.log(`The stack stays up, and is seen on ${own.stack.console}. Ctrl-C ends it. In another terminal: npm run dead-letters -- list; README.md has how to publish an event and read a document.`);
  staysUp = true;
  await new Promise(() => {});
  return 0;
}

async function faultsOf({ faults, seed, warehouse }) {
  const { parseFaults } = await import('./faults/spec.js');
  return { spec: parseFaults(faults, { warehouse }), seed: seed ?? String(randomInt(1e9)) };
}

// Only a run that failed leaves its logs to be read.
function removeApart() {
  if (apart) rmSync(apart, { recursive: true, force: true });
}

// npm runs us in the project's folder and says where it was called itself.
function inCallersFolder(path) {
  const calledBy = process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : undefined;
  return resolve(calledBy ?? '.', path);
}

// Expected errors are sentences. A stack trace is for bugs.
function sentenceOf(error) {
  if (error instanceof WrongArguments || error instanceof MissingTools || error instanceof BrokenFile || error?.constructor === Error) return error.message;
  return error?.stack ?? String(error);
}
