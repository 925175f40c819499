// A replay through the emulators, with stand-in functions: follow-ups, repeated lines, unreadable lines, a loss.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { runReplay } from '../../../local/run/run.js';
import { startStack } from '../../../local/stack.js';
import { standInFunctions } from '../../stack/stand-ins.js';

const topicOf = { UserRegistered: 'user-onboarding', KycCompleted: 'kyc', UserActive: 'user-lifecycle', Dropped: 'payments', LeadCreated: 'leads' };
const files = standInFunctions({
  profile: { topics: { 'user-onboarding': ['UserRegistered'] } },
  kyc: { topics: { kyc: ['KycCompleted'] }, publishes: { 'user-lifecycle': ['UserActive'] }, followUps: { KycCompleted: [{ type: 'UserActive', topic: 'user-lifecycle' }] } },
  access: { topics: { 'user-lifecycle': ['UserActive'] } },
  // Acknowledges without a record: the fault that `lost` is there to find.
  dropping: { topics: { payments: ['Dropped'] }, program: "require('@google-cloud/functions-framework').http('dropping', (request, response) => { response.status(204).end(); });" },
}, topicOf);
let own;

before(async () => { own = await startStack(files); });
after(async () => {
  await own?.stop();
  files.remove();
});

const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const customer = (number) => [
  { id: id(number * 10), type: 'UserRegistered', subject: id(number) },
  { id: id(number * 10 + 1), type: 'KycCompleted', subject: id(number) },
];

async function replayed(name, lines, { exported = true } = {}) {
  const events = join(files.dir, `${name}.ndjson`);
  writeFileSync(events, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  const report = join(files.dir, `${name}.json`);
  const exportDir = exported ? join(files.dir, name) : undefined;
  let said = '';
  const status = await runReplay({
    ...own, files: [events], total: lines.length, report, exportDir, barrier: true, stateDir: files.stateDir,
    setUp: { installed: false, seconds: 0 }, startedMs: Date.now(), say: (text) => { said += text; },
  });
  return { status, said, exportDir, report: JSON.parse(readFileSync(report, 'utf8')) };
}

test('a pair that was acknowledged without a record is lost, and the status says so', async () => {
  const { status, report, said } = await replayed('lost', [{ id: id(9001), type: 'Dropped', subject: id(9) }]);
  assert.equal(status, 1);
  assert.equal(report.lost, 1);
  assert.match(said, new RegExp(`dropping: Dropped ${id(9001)}`));
});

test('follow-ups are waited for and counted, and unreadable lines are named by number, never by content', async () => {
  const { status, report, said, exportDir } = await replayed('once', [...customer(1), 'secret words', ...customer(2), '{"type":"Unheard"}', { id: id(77), type: 'LeadCreated', subject: id(7) }]);
  assert.equal(status, 0);
  const { seconds, latencyMs, ...counts } = report;
  assert.deepEqual(counts, {
    events: 7, published: 7, applied: 6, ignored: 0, refused: 0, duplicates: 0, conflicts: 0, malformed: 2, awaited: 0, deadLetters: 0, lost: 0,
  });
  assert.ok(seconds > 0 && latencyMs.p50 > 0 && latencyMs.p99 >= latencyMs.p95 && latencyMs.p95 >= latencyMs.p50);
  assert.match(said, /line 3: not JSON/);
  assert.match(said, /line 6: of a type that no topic carries/);
  assert.ok(!said.includes('secret'));
  const ids = readFileSync(join(exportDir, 'processed_events.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line).id);
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(ids.length, 6);
  assert.ok(!existsSync(join(exportDir, 'dead_letters.ndjson')));
});

test('a file in which every line stands three times changes nothing but duplicates', async () => {
  const lines = [...customer(3), ...customer(4)];
  const { status, report } = await replayed('thrice', lines.flatMap((line) => [line, line, line]));
  assert.equal(status, 0);
  assert.equal(report.applied, 6);
  // Two more of each line, and each of the two repeats the follow-up of the approval.
  assert.equal(report.duplicates, 2 * (lines.length + 2));
});

test('two runs at once on one stack, without an export, count each their own and leave nothing', async () => {
  const before = readdirSync(files.stateDir);
  const runs = await Promise.all([5, 6].map((number) => replayed(`beside-${number}`, customer(number), { exported: false })));
  for (const { status, report } of runs) assert.deepEqual({ status, applied: report.applied, lost: report.lost }, { status: 0, applied: 3, lost: 0 });
  assert.deepEqual(readdirSync(files.stateDir), before);
});
