// One run of `npm start -- --once --faults SPEC --seed S` on a workload, checked on the documents that it
// exported.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routingOf } from '../../manifest/consumers.js';
import { readFunctions } from '../../manifest/functions.js';
import { npmStartOnce } from '../stack/npm-start.js';
import { stateFolder } from '../stack/state-folder.js';
import { bank } from './checkers/bank.js';
import { readEvidence } from './checkers/evidence.js';
import { order } from './checkers/order.js';
import { set } from './checkers/set.js';
import { totalQueue } from './checkers/total-queue.js';
import { assertNoSecrets } from './no-secrets.js';
import { SECRETS, workloadOf } from './workload.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHECKERS = { 'total queue': totalQueue, bank, set, order };
const COMPLAINTS_SHOWN = 12;

/** The workload's events, in the order of sending. */
export function eventsOf(workload) {
  const { registrations, later } = workloadOf(workload);
  return [...registrations, ...later];
}

/**
 * Resolves with { report, struck: { name: count } }. `events` are such that nothing of them is to be refused. What isn't
 * right is thrown with the seed, and then everything of the run is kept in a folder that the message names.
 */
export async function runUnderFaults({ seed, spec, events }) {
  const dir = stateFolder('faults-');
  const file = join(dir, 'events.ndjson');
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  try {
    const run = await npmStartOnce(dir, [file], ['--faults', spec, '--seed', seed]);
    const logs = ['functions', 'router'].map((name) => join(run.stateDir, 'logs', `${name}.log`));
    assert.equal(run.status, 0, run.said);
    const evidence = readEvidence({ files: [file], exportDir: run.exportDir, logs: [logs[0]] });
    check(evidence);
    const report = JSON.parse(readFileSync(run.reportFile, 'utf8'));
    const { lost, deadLetters, refused, conflicts, malformed } = report;
    assert.deepEqual({ lost, deadLetters, refused, conflicts, malformed }, { lost: 0, deadLetters: 0, refused: 0, conflicts: 0, malformed: 0 });
    assert.equal(report.applied + report.ignored, evidence.records.length);
    assertNoSecrets({ logs, secrets: SECRETS });
    const result = { report, struck: struckIn(run.said) };
    rmSync(dir, { recursive: true });
    return result;
  } catch (error) {
    throw new Error(`--faults ${spec} --seed ${seed}; all of it is kept in ${dir}: ${error.message}`, { cause: error });
  }
}

/** Throws what the checkers complain of. */
function check(evidence) {
  const { functions, topicOf } = readFunctions(join(ROOT, 'dist'));
  const { consumersOf } = routingOf(functions);
  assert.ok(evidence.effects.length > 0, 'the functions said nothing');
  const complaints = Object.entries(CHECKERS).flatMap(([name, check]) => check(evidence, { consumersOf, topicOf }).map((each) => `${name}: ${each}`));
  assert.equal(complaints.length, 0, `${complaints.length} complaints, the first of them:\n  ${complaints.slice(0, COMPLAINTS_SHOWN).join('\n  ')}`);
}

/** { name: count } of the summary's last part. */
function struckIn(said) {
  const [, part] = said.split(/^Faults that struck .*$/m);
  const lines = [...(part ?? '').matchAll(/^ {2}([a-z.-]+) +([0-9,]+) {3}wanted: /gm)];
  return Object.fromEntries(lines.map(([, name, count]) => [name, Number(count.replaceAll(',', ''))]));
}
