// One replay from beginning to end: replays, exports, counts again, reports. Used on an own stack and on one that runs
// already.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { routingOf } from '../../manifest/consumers.js';
import { firestoreDocuments } from '../firestore.js';
import { isAlive } from '../processes.js';
import { Deliveries } from '../replay/deliveries.js';
import { replay } from '../replay/replay.js';
import { compareBalances, readBankBalances } from './balances.js';
import { cpuSeconds } from './cpu-time.js';
import { exportDocuments } from './export.js';
import { watchMemory } from './memory.js';
import { startProgress } from './progress.js';
import { documentsOf, recountFiles } from './recount-files.js';
import { reportOf, writeReport } from './report.js';
import { summaryText } from './summary.js';
import { warehouseOf } from './warehouse.js';

const LIMITS = { replayS: 300, replayWithWarehouseS: 1800, memoryMb: 400, firstSetUpS: 360, toFirstEventS: 15 };

/** `total`: how many lines the files have. Resolves with the exit status: 0 only if nothing was lost, on the way to a warehouse neither. */
export async function runReplay({ files, total, report: reportFile, exportDir, barrier, stack, functions, topicOf, stateDir, setUp, startedMs, signal, faults, say = console.log }) {
  const deliveries = new Deliveries();
  const memory = watchMemory(stack.pids.functions);
  const cpuBefore = cpuSeconds(stack.pids.warehouse);
  const progress = startProgress({ total, deliveries });
  let toFirstEventS = 0;
  let run;
  try {
    run = await replay({
      files, stack, functions, topicOf, barrier, deliveries, progress, signal,
      onFirstEvent: () => { toFirstEventS = (Date.now() - startedMs) / 1000; },
    });
  } catch (error) {
    if (isAlive(stack.pids.supervisor)) throw error;
    throw new Error('The stack that this replay used was ended in the middle of it; nothing was written.', { cause: error });
  } finally {
    progress.stop();
  }
  const memoryMb = memory.stop();
  const appended = { rows: deliveries.byOutcome.APPENDED ?? 0, cpuS: cpuSeconds(stack.pids.warehouse) - cpuBefore };
  const struck = faults?.struck(); // Later faults had no effect on the replay.

  // Without --export the documents are needed only to count again. Two runs may do that at once on one stack, so each has a
  // folder of its own.
  const dir = exportDir ?? mkdtempSync(join(stateDir, 'to-count-'));
  let recounted;
  let comparison;
  let analytics;
  try {
    const documents = firestoreDocuments({ project: stack.project, host: stack.firestore });
    const warehouse = stack.warehouse && warehouseOf(stack);
    await exportDocuments(documents, dir, { inputs: files, onDocument: warehouse?.note, more: warehouse && filesOf(warehouse), signal });
    await documents.close();
    recounted = await recountFiles({ files, exportDir: dir, topicOf, consumersOf: routingOf(functions).consumersOf });
    comparison = await compareBalances(documentsOf(dir, 'users'), readBankBalances(files), recounted.subjects);
  } finally {
    if (!exportDir) rmSync(dir, { recursive: true, force: true });
  }
  const report = reportOf({ run, recounted, deliveries });
  signal?.throwIfAborted();
  if (reportFile) writeReport(reportFile, report);
  say(summaryText({ report, run, recounted, deliveries, comparison, analytics, limits: limitsOf({ run, memoryMb, setUp, toFirstEventS, warehouse: stack.warehouse }), faults, struck, endsAfter: stack.endsAfterReplay, exportDir }));
  return report.lost === 0 && !(analytics?.differing > 0) ? 0 : 1;

  async function* filesOf(warehouse) {
    analytics = { appended, seconds: run.seconds, differing: await warehouse.caughtUp({ signal }), conversion: await warehouse.conversion() };
    if (exportDir) yield* warehouse.files();
  }
}

function limitsOf({ run, memoryMb, setUp, toFirstEventS, warehouse }) {
  return [
    { name: 'replay', value: run.seconds, limit: warehouse ? LIMITS.replayWithWarehouseS : LIMITS.replayS, unit: 's' },
    { name: "memory of the functions' process", value: memoryMb, limit: LIMITS.memoryMb, unit: 'MB' },
    ...(setUp.installed
      ? [{ name: 'first set-up', value: setUp.seconds, limit: LIMITS.firstSetUpS, unit: 's' }]
      : [{ name: 'from the start to the first event', value: toFirstEventS, limit: LIMITS.toFirstEventS, unit: 's' }]),
  ];
}
