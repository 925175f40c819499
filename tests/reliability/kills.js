// A town's events through the real functions, while something is killed again and again, at moments that the seed draws, and
// started again where it was.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { chance } from '../../local/faults/chance.js';
import { judge } from './judge.js';
import { SECRETS, townOf } from './town.js';

// How many deliveries are acknowledged between two kills: a process that is killed before it has done anything tries little.
const BETWEEN_KILLS = { least: 5, most: 150 };
const MOST_DOWN_MS = 300;

/**
 * A stack under fire through which several towns may go, one after the other: each is judged with all that were before it.
 * `run` resolves with { inFlight, held }, as they were at each of the kills.
 */
export function killing(fire) {
  const events = [];
  const heard = [];

  async function run({ seed, customers, events: count, kills, withinMs }, kill) {
    const { registrations, later } = townOf({ seed, customers, events: count });
    events.push(...registrations, ...later);
    await settled(seed, fire.replayed([registrations], { withinMs }));
    const hit = await killsWhile(fire, settled(seed, fire.replayed([later], { withinMs })), { random: chance(`kills ${seed}`), kills }, kill);
    assert.equal(hit.length, kills, `seed ${seed}: everything was settled after ${hit.length} kills, so the others aren't tried`);
    heard.push(...await fire.heard());
    judge({ seed, events, functions: fire.functions, documents: await fire.documents(), heard, logs: fire.functionsLogs() });
    fire.assertQuiet(SECRETS);
    return hit;
  }

  return {
    functions: (signal, town) => run(town, (random) => fire.restartFunctions(signal, { downForMs: random.below(MOST_DOWN_MS) })),
    router: (town) => run(town, () => fire.restartRouter()),
  };
}

const settled = (seed, replaying) => replaying.catch((error) => assert.fail(`seed ${seed}: ${error.message}`));

async function killsWhile(fire, replaying, { random, kills }, kill) {
  const hit = [];
  let isOver = false;
  const over = replaying.finally(() => { isOver = true; });
  over.catch(() => {}); // It is awaited below; until then nobody else shall hear of it.
  const acked = () => fire.notices.filter((notice) => notice.acked).length;
  while (hit.length < kills && !isOver) {
    const killAt = acked() + random.between(BETWEEN_KILLS.least, BETWEEN_KILLS.most);
    while (acked() < killAt && !isOver) await wait(5);
    const underWay = isOver ? undefined : await fire.underWay();
    if (!underWay?.inFlight) continue;
    hit.push(underWay);
    await kill(random);
  }
  await over;
  return hit;
}
