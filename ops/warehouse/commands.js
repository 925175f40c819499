// What each command does. Each resolves with the exit status.
import { presentSql } from '../../analytics/latest.js';
import { DATASET } from '../../analytics/resources.js';
import { readTables } from '../../analytics/tables.js';
import { rowOf } from '../../local/warehouse/rows.js';
import { count } from '../dead-letters/tables.js';
import { carryOn, newBackfill, progressOf } from './backfill.js';
import { earlier } from './documents.js';
import { estimated } from './estimate.js';
import { estimateJson, estimateLines, foreignLine, pace, reconcileJson, reconcileLines, reconcileSums, refusedLines, tooExpensive } from './lines.js';
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
  const { wanted, target, say, hint, file, consumers } = run;
  const figures = await told(run);
  const found = file.read();
  const before = found === undefined ? 0 : progressOf(found).read;
  const { documents } = figures.total;
  const isLeft = documents === 0 ? 0 : Math.max(0, 1 - before / documents);
  if (isTooExpensive(run, found ? 'rest of the backfill' : 'backfill', figures.total.dollars.backfill * isLeft, figures)) return EXIT_NOT_ALL;
  const ranges = figures.collections.flatMap((each) => rangesOf(each.collection, { documents: each.documents, consumers }).map((range) => ({ collection: each.collection, ...range })));
  const state = found ?? newBackfill(ranges, figures.collections.at(-1).readAt);
  if (found) hint(`Goes on where ${file.path} says that an earlier run was stopped, behind ${count(before)} documents; without that file it would begin anew.`);
  if (wanted.dryRun) {
    const unfinished = state.ranges.filter(({ isDone }) => !isDone).length;
    say(wanted.json ? JSON.stringify({ documents, ranges: unfinished, appended: 0 }) : `It would append ${count(Math.max(0, documents - before))} rows to ${target.what}, in ${count(unfinished)} ranges of ids, as of ${state.readAt}. Nothing was appended: this was a dry run.`);
    return EXIT_DONE;
  }
  try {
    await carriedOn(state, run, { documents, before });
  } catch (error) {
    file.keep(state);
    hint(`Where each range is stands in ${file.path}: the same command goes on there.`);
    throw error;
  }
  return filled(state, run, documents);
}

async function carriedOn(state, { wholePage, documentsNow, progress, file, stopped, hint }, { documents, before }) {
  const beganMs = performance.now();
  file.keep(state);
  try {
    await carryOn(state, {
      page: wholePage, stopped, freshReadAt: documentsNow,
      onPage() {
        const done = progressOf(state).read - before;
        progress.note(pace({ done, total: Math.max(done, documents - before), seconds: (performance.now() - beganMs) / 1000 }));
        file.note(state);
      },
      onRenewed: ({ from, to }) => hint(`Firestore doesn't have its documents as of ${from} any more: what is left is read as of ${to}.`),
    });
  } finally {
    progress.end();
  }
}

function filled(state, { wanted, target, say, hint, file }, documents) {
  const { read, appended, foreign, isWhole } = progressOf(state);
  const rest = isWhole ? '' : ` Stopped: where each range is stands in ${file.path}, and the same command goes on there.`;
  if (foreign > 0) hint(foreignLine(foreign));
  if (wanted.json) say(JSON.stringify({ documents: read, appended, foreign, refused: state.refused, isWhole }));
  else say(`${count(appended)} rows of ${count(read)} documents appended to ${target.what}.${rest || ` It had ${count(documents)} when they were counted.`}`);
  const refused = refusedLines(state.refused);
  if (wanted.json) hint(...refused);
  else say(...refused);
  if (isWhole) file.remove();
  else file.keep(state);
  return isWhole && refused.length === 0 ? EXIT_DONE : EXIT_NOT_ALL;
}

export async function reconcile(run) {
  const { wanted, target, say, hint, progress, stopped } = run;
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
  const foreign = all.reduce((sum, { tally }) => sum + tally.foreign, 0);
  if (foreign > 0) hint(foreignLine(foreign));
  const refused = refusedLines(all.flatMap(({ collection, tally }) => tally.refused.map((each) => ({ collection, ...each }))));
  if (!wanted.json) say(...refused);
  return differences === sums.appended && !stopped.aborted ? EXIT_DONE : EXIT_NOT_ALL;
}

async function reconciledCollection({ wanted, target, client, page, wholePage, count: counted, progress, stopped }, collection) {
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
    collection, readAt, present: present(), page, wholePage, tally: result.tally, isDryRun: wanted.dryRun, stopped,
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
