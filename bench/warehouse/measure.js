// One run: the rows are compared at the emulator, then the contenders are measured by turns.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { startNode } from '../../local/processes.js';
import { startBigQuery } from '../../local/warehouse/emulator.js';
import { environmentIn, installEmulator, isInstalled } from '../../local/warehouse/install.js';
import { deployedNode } from '../../tests/stack/deployed-node.js';
import { changes } from './changes.js';
import { CONTENDERS, FRAMEWORK_ALONE, envOf } from './contenders.js';
import { deliverer } from './deliver.js';
import { compareRows } from './equal-rows.js';
import { median } from './figures.js';
import { startFunction } from './function-process.js';

const PROJECT = 'bench-warehouse';
const PAYMENTS = 200;
const WARM_UP_ROWS = 3_000;
const MODES = [{ mode: 'alone', atOnce: 1 }, { mode: '16 at once', atOnce: 16 }];
const RECORDER = fileURLToPath(new URL('recorder.js', import.meta.url));

/** { node, rounds, rows, equalRows, contenders: [{ name, modes: [{ mode, cpuMs, rowsPerSecond }], rssMb }], frameworkAlone } */
export async function measure({ rounds, rows, stateDir, logFolder }) {
  const node = deployedNode();
  const equalRows = await equal({ node, stateDir, logFolder });
  let recorder;
  const recording = await startNode('recorder', RECORDER, {}, { logFile: `${logFolder}/recorder.log`, onSpawn: (child) => { recorder = child; } });
  const events = changes(PROJECT, PAYMENTS);
  const running = [];
  try {
    for (const [index, contender] of [...CONTENDERS, FRAMEWORK_ALONE].entries()) {
      const own = await startFunction({ ...contender, node, env: envOf({ ...recording, project: PROJECT }), logFile: `${logFolder}/bench-${index}.log` });
      running.push({ ...contender, own, rss: [], taken: new Map(MODES.map(({ mode }) => [mode, []])) });
      await round(running.at(-1), { events, recording, rows: WARM_UP_ROWS, atOnce: 16 });
    }
    for (let count = 0; count < rounds; count += 1) {
      for (const { mode, atOnce } of MODES) {
        for (const each of running) each.taken.get(mode).push(await round(each, { events, recording, rows, atOnce }));
      }
      for (const { own, rss } of running) rss.push(own.usage().rssMb);
    }
  } finally {
    for (const { own } of running) await own.stop();
    await recorder.stop();
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const figures = running.map(figuresOf);
  return { node: version, rounds, rows, equalRows, contenders: figures.slice(0, CONTENDERS.length), frameworkAlone: figures.at(-1) };
}

async function equal({ node, stateDir, logFolder }) {
  const environment = environmentIn(stateDir);
  if (!isInstalled(environment)) await installEmulator(environment);
  let emulator;
  try {
    const addresses = await startBigQuery({ environment, logFile: `${logFolder}/bench-bigquery.log`, onSpawn: (child) => { emulator = child; } });
    return await compareRows({ addresses, node, logFolder });
  } finally {
    await emulator?.stop('SIGKILL');
  }
}

/** { cpuMs, rowsPerSecond } of so many rows; each must have come. */
async function round({ name, own, appendsNothing }, { events, recording, rows, atOnce }) {
  const delivering = deliverer(own.port, atOnce);
  const before = { rows: await recorded(recording), ...own.usage() };
  const beganMs = performance.now();
  await delivering.deliverAll(events, rows);
  const tookMs = performance.now() - beganMs;
  const cpuMs = own.usage().cpuMs - before.cpuMs;
  delivering.close();
  const came = await recorded(recording) - before.rows;
  if (came !== (appendsNothing ? 0 : rows)) throw new Error(`${name}: ${rows} changes made ${came} rows`);
  return { cpuMs: cpuMs / rows, rowsPerSecond: rows / tookMs * 1_000 };
}

const recorded = async ({ rest }) => (await (await fetch(rest)).json()).rows;

function figuresOf({ name, rss, taken }) {
  const modes = [...taken].map(([mode, rounds]) => ({
    mode, cpuMs: median(rounds.map((each) => each.cpuMs)), rowsPerSecond: median(rounds.map((each) => each.rowsPerSecond)),
  }));
  return { name, modes, rssMb: median(rss) };
}
