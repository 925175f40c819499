// A kill at the four moments of a delivery that count. A call is held before both emulators' doors, the process is killed
// while it waits, and another one takes its place.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { until } from '../stack/until.js';
import { startProxiedStack } from './proxied-stack.js';
import { verifyRun } from './verify-run.js';
import { SECRETS, workloadOf } from './workload.js';

const SETTLED_WITHIN_MS = 60_000;

const MOMENTS = [
  { moment: 'before its Commit has reached Firestore', at: 'firestore', method: 'Commit', when: 'before', signal: 'SIGKILL', isRecorded: false, heardAtKill: 0, heardInAll: 1 },
  { moment: 'with its Commit done and the answer not heard', at: 'firestore', method: 'Commit', when: 'after', signal: 'SIGKILL', isRecorded: true, heardAtKill: 0, heardInAll: 1 },
  { moment: 'between Commit and Publish', at: 'pubsub', method: 'Publish', when: 'before', signal: 'SIGKILL', isRecorded: true, heardAtKill: 0, heardInAll: 1 },
  { moment: 'with its Publish done and the answer not heard', at: 'pubsub', method: 'Publish', when: 'after', signal: 'SIGKILL', isRecorded: true, heardAtKill: 1, heardInAll: 2 },
  { moment: 'between Commit and Publish', at: 'pubsub', method: 'Publish', when: 'before', signal: 'SIGTERM', isRecorded: true, heardAtKill: 0, heardInAll: 1 },
];

const events = [];
const heard = [];
let proxied;

before(async () => { proxied = await startProxiedStack(); });
after(() => proxied?.stop());

async function heardOf(type) {
  const news = await proxied.heard();
  heard.push(...news);
  return news.filter(({ data }) => JSON.parse(data).type === type);
}

const atAccess = (id) => proxied.notices.filter(({ consumer, eventId, acked }) => consumer === 'access' && eventId === id && acked).map(({ outcome }) => outcome);

MOMENTS.forEach(({ moment, at, method, when, signal, isRecorded, heardAtKill, heardInAll }, index) => {
  test(`${signal} of kyc ${moment}: UserActive goes out after the restart under its one id, and access applies it once`, async () => {
    const { registrations, later: [approved] } = workloadOf({ seed: `moment ${index}`, customers: 1, events: 2, journeys: ['approved'] });
    events.push(...registrations, approved);
    await proxied.replayed([registrations], { withinMs: SETTLED_WITHIN_MS });

    const held = proxied.proxies[at].hold(method, when);
    const settled = proxied.replayed([[approved]], { withinMs: SETTLED_WITHIN_MS });
    settled.catch(() => {}); // It is awaited below; what goes wrong before that is told first.
    await held.reached;
    assert.equal((await proxied.documents()).has(`processed_events/kyc.${approved.id}`), isRecorded, 'the record, at the kill');
    const early = await heardOf('UserActive');
    assert.equal(early.length, heardAtKill, 'UserActive published, at the kill');
    // The same process has access, too: the kill is about kyc alone.
    if (heardAtKill > 0) await until('access has heard of it', () => atAccess(early[0].id).length > 0);
    await proxied.restartFunctions(signal);
    held.release();
    await settled;

    const all = [...early, ...await heardOf('UserActive')];
    assert.equal(all.length, heardInAll, 'UserActive published, in all');
    assert.equal(new Set(all.map(({ id, data }) => `${id} ${data}`)).size, 1, 'under one id and with one content');
    assert.deepEqual(atAccess(all[0].id), ['APPLIED', 'DUPLICATE'].slice(0, heardInAll));
    verifyRun({ seed: 'none', events, functions: proxied.functions, documents: await proxied.documents(), heard, logs: proxied.functionsLogs() });
    proxied.assertNoSecrets(SECRETS);
  });
});
