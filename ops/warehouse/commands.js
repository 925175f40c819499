// What each command does. Each resolves with the exit status.
import { presentSql } from '../../analytics/latest.js';
import { DATASET } from '../../analytics/resources.js';
import { historyOf, readTables } from '../../analytics/tables.js';
import { rowOf } from '../../local/warehouse/rows.js';
import { count } from '../dead-letters/tables.js';
import { carryOn, newBackfill, progressOf } from './backfill.js';
import { earlier } from './documents.js';
import { estimated } from './estimate.js';
import { estimateJson, estimateLines, filledLines, pace, reconcileJson, reconcileLines, reconcileSums, refusedLines, tooExpensive } from './lines.js';
import { originOf, whyStale } from './origin.js';
import { spelledRow } from './present-row.js';
import { dollars, readsOfCount } from './prices.js';
import { rangesOf } from './ranges.js';
import { differencesOf, newTally, reconcile as compared } from './reconcile.js';

export const EXIT_DONE = 0;
export const EXIT_NOT_ALL = 1;

/** `say`: lines to stdout; `complain`: to stderr. With --json stdout has JSON alone. */
export async function estimate(run) {
  const figures = await told(run);
  const { backfill: cost } = figures.total.dollars;
  return isTooExpensive(run, 'backfill', cost, figures) ? EXIT_NOT_ALL : EXIT_DONE;
}

async function told({ wanted, target, say, hint, ...rest }) {
  const figures = await estimated({ ...rest, project: target.project });
  const lines = estimateLines(figures, target.what);
  if (!wanted.json) say(...lines);
  else if (wanted.command === 'estimate') say(...estimateJson(figures));
  else hint(...lines);
  return figures;
}

function isTooExpensive({ wanted: { maxCost }, complain }, command, cost, { own }) {
  if (maxCost === undefined || cost <= maxCost) return false;
  complain(tooExpensive({ command, cost, maxCost, own }));
  return true;
}

export async function backfill(run) {
  const { wanted, target, say, hint, file } = run;
  const figures = await told(run);
  const { state, before, left } = await beginning(run, figures);
  const { documents } = figures.total;
  const cost = documents === 0 ? 0 : figures.total.dollars.backfill * Math.min(1, left / documents);
  if (isTooExpensive(run, before.read > 0 ? 'rest of the backfill' : 'backfill', cost, figures)) return EXIT_NOT_ALL;
  if (wanted.dryRun) {
    const unfinished = state.ranges.filter(({ isDone }) => !isDone).length;
    say(wanted.json ? JSON.stringify({ documents, ranges: unfinished, appended: 0 }) : `It would append ${count(left)} rows to ${target.what}, in ${count(unfinished)} ranges of ids, as of ${state.readAt}. Nothing was appended: this was a dry run.`);
    return EXIT_DONE;
  }
  let isRenewed;
  try {
    isRenewed = await carriedOn(state, run, { before, left });
  } catch (error) {
    file.keep(state);
    hint(`Where each range is stands in ${file.path}: the same command goes on there.`);
    throw error;
  }
  return filled(state, run, { before, left: isRenewed ? undefined : left });
}

/**
 * { state: what there is to do, before: what earlier runs did of it, left: the documents that are in it still }. Ranges that are left are read as they are now, for
 * then they are what was counted; each document is in one version all the same.
 */
async function beginning({ consumers, file, hint, client, target, countOf }, { readAt, collections, total }) {
  const tables = readTables();
  const origin = await originOf({ tables, client, databaseUid: target.databaseUid });
  const { state: found, broken } = file.read();
  const rowsOf = (collection) => client.rowsIn({ dataset: DATASET, table: historyOf(tables.find((table) => table.collection === collection)) });
  const stale = found === undefined ? broken : await whyStale(found, origin, rowsOf);
  if (stale !== undefined) hint(`${file.path} is ${stale}: it begins anew.`);
  if (found === undefined || stale !== undefined) {
    const ranges = collections.flatMap(({ collection, documents }) => rangesOf(collection, { documents, consumers }).map((range) => ({ collection, ...range })));
    const state = newBackfill(ranges, { readAt, origin });
    return { state, before: progressOf(state), left: total.documents };
  }
  const state = { ...found, readAt };
  const before = progressOf(state);
  hint(`Goes on where ${file.path} says that an earlier run was stopped, behind ${count(before.read)} documents, with the others as of ${readAt}; without that file it would begin anew.`);
  const counts = await Promise.all(state.ranges.filter(({ isDone }) => !isDone).map((range) => countOf(range, readAt)));
  return { state, before, left: counts.reduce((sum, documents) => sum + documents, 0) };
}

/** Resolves with whether the time that it reads had to be renewed. */
async function carriedOn(state, { page, documentsNow, progress, file, stopped, hint }, { before, left }) {
  const beganMs = performance.now();
  let isRenewed = false;
  file.keep(state);
  try {
    await carryOn(state, {
      page, stopped, freshReadAt: documentsNow,
      onPage() {
        const done = progressOf(state).read - before.read;
        progress.note(pace({ done, total: Math.max(done, left), seconds: (performance.now() - beganMs) / 1000 }));
        file.note(state);
      },
      onRenewed({ from, to }) {
        isRenewed = true;
        hint(`Firestore doesn't have its documents as of ${from} any more: what is left is read as of ${to}.`);
      },
    });
  } finally {
    progress.end();
  }
  return isRenewed;
}

/** `left`: how many documents there were to read; undefined where nobody knows, as they were read at several moments. */
function filled(state, { wanted, target, say, hint, file }, { before, left }) {
  const { isWhole, ...all } = progressOf(state);
  const done = { documents: all.read - before.read, appended: all.appended - before.appended, before: { documents: before.read, appended: before.appended }, counted: left, isWhole, refused: state.refused };
  const lacking = isWhole && left !== undefined ? Math.max(0, left - done.documents) : 0;
  if (wanted.json) say(JSON.stringify(done));
  else say(...filledLines(done, { what: target.what, path: file.path, lacking }));
  const refused = refusedLines(state.refused);
  if (wanted.json) hint(...refused);
  else say(...refused);
  if (isWhole) file.remove();
  else file.keep(state);
  return isWhole && refused.length === 0 && lacking === 0 ? EXIT_DONE : EXIT_NOT_ALL;
}

export async function reconcile(run) {
  const { wanted, target, say, progress, stopped } = run;
  const figures = await told(run);
  if (isTooExpensive(run, 'reconcile', figures.total.dollars.reconcile, figures)) return EXIT_NOT_ALL;
  const all = [];
  for (const { collection } of figures.collections) {
    if (stopped.aborted) break;
    all.push(await reconciledCollection(run, collection));
  }
  progress.end();
  const sums = reconcileSums(all);
  const differences = all.reduce((sum, { tally }) => sum + differencesOf(tally), 0);
  if (wanted.json) say(...reconcileJson(all));
  else say(`Documents and present rows of ${target.what}, each collection as of one moment:`, ...all.flatMap(reconcileLines), `${count(differences)} differences, ${count(sums.appended)} rows appended${wanted.dryRun ? ': this was a dry run' : ''}; ${count(sums.reads)} reads (${dollars(sums.dollars.reads)}), query ${dollars(sums.dollars.query)}, appending ${dollars(sums.dollars.append)}: together ${dollars(sums.dollars.together)}, and the estimate before.`);
  const refused = refusedLines(all.flatMap(({ collection, tally }) => tally.refused.map((each) => ({ collection, ...each }))));
  if (!wanted.json) say(...refused);
  return differences === sums.appended && !stopped.aborted ? EXIT_DONE : EXIT_NOT_ALL;
}

async function reconciledCollection({ wanted, target, client, page, count: counted, progress, stopped }, collection) {
  const table = readTables().find((each) => each.collection === collection);
  const { readAt: now, documents: there } = await counted(collection);
  const readAt = earlier(now, wanted.graceS);
  const result = { collection, readAt, tally: newTally(), queryBytes: 0 };
  result.tally.reads += readsOfCount(there);

  async function* present() {
    for await (const { fields, rows, processedBytes } of client.pages(presentSql(table, { project: target.project, dataset: DATASET, until: readAt }))) {
      result.queryBytes = Math.max(result.queryBytes, processedBytes);
      for (const row of rows) yield spelledRow(table, rowOf(fields, row));
    }
  }

  await compared({
    collection, readAt, present: present(), page, tally: result.tally, isDryRun: wanted.dryRun, stopped,
    onPage: (tally) => progress.note(`${collection}: ${count(tally.documents)} of ${count(there)} documents, ${count(differencesOf(tally))} differences`),
  });
  return result;
}

export async function replay({ wanted, target, replayJob, openLetters, say }) {
  if (wanted.dryRun) {
    say(`${count(await openLetters())} open letters of the warehouse in ${target.what}. Nothing was appended: this was a dry run.`);
    return EXIT_DONE;
  }
  const sums = { found: 0, appended: 0, problems: 0 };
  for (;;) {
    const { outcome, answer, lines, failure } = await replayJob.run({});
    for (const line of lines) say(`  ${JSON.parse(line).message}`);
    sums.found += answer.found ?? 0;
    sums.appended += answer.appended ?? 0;
    sums.problems += lines.length + answer.faults.length;
    if (answer.faults.length > 0) say(`It could not go on: ${failure?.message ?? answer.faults[0]}`);
    if (outcome === 'FINISHED' || answer.faults.length > 0 || !answer.appended) break;
  }
  say(`${count(sums.found)} open letters of the warehouse in ${target.what}: ${count(sums.appended)} rows appended, their letters closed.`);
  return sums.problems === 0 && sums.found === sums.appended ? EXIT_DONE : EXIT_NOT_ALL;
}
