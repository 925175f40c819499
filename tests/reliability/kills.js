// A workload through the real functions, while a process is killed again and again, at moments that the seed draws, and
// restarted at the same port.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '../../local/faults/seeded-random.js';
import { verifyRun } from './verify-run.js';
import { SECRETS, workloadOf } from './workload.js';

// How many deliveries are acknowledged between two kills: a process that is killed before it has done anything tries little.
const BETWEEN_KILLS = { least: 5, most: 150 };
const MOST_DOWN_MS = 300;

/**
 * Runs workloads through one stack, one after the other; each is verified together with those before it.
 * `run` resolves with { inFlight, held }, as they were at each of the kills.
 */
export function killing(proxied) {
  const events = [];
  const heard = [];

  async function run({ seed, customers, events: count, kills, withinMs }, kill) {
    const { registrations, later } = workloadOf({ seed, customers, events: count });
    events.push(...registrations, ...later);
    await settled(seed, proxied.replayed([registrations], { withinMs }));
    const hit = await killsWhile(proxied, settled(seed, proxied.replayed([later], { barrier: true, withinMs })), { random: seededRandom(`kills ${seed}`), kills }, kill);
    assert.equal(hit.length, kills, `seed ${seed}: everything was settled after ${hit.length} kills, so the others aren't tried`);
    heard.push(...await proxied.heard());
    verifyRun({ seed, events, functions: proxied.functions, documents: await proxied.documents(), heard, logs: proxied.functionsLogs() });
    proxied.assertNoSecrets(SECRETS);
    return hit;
  }

  return {
    functions: (signal, workload) => run(workload, (random) => proxied.restartFunctions(signal, { downForMs: random.below(MOST_DOWN_MS) })),
    router: (workload) => run(workload, () => proxied.restartRouter()),
  };
}

const settled = (seed, replaying) => replaying.catch((error) => assert.fail(`seed ${seed}: ${error.message}`));

async function killsWhile(proxied, replaying, { random, kills }, kill) {
  const hit = [];
  let isOver = false;
  const over = replaying.finally(() => { isOver = true; });
  over.catch(() => {}); // Awaited below: until then a rejection isn't unhandled.
  const acked = () => proxied.notices.filter((notice) => notice.acked).length;
  while (hit.length < kills && !isOver) {
    const killAt = acked() + random.between(BETWEEN_KILLS.least, BETWEEN_KILLS.most);
    while (acked() < killAt && !isOver) await wait(5);
    const underWay = isOver ? undefined : await proxied.underWay();
    if (!underWay?.inFlight) continue;
    hit.push(underWay);
    await kill(random);
  }
  await over;
  return hit;
}
