// One run under lost answers: a town's events through the real functions, while the proxies before both emulators drop,
// delay, reset, cut and answer wrongly, by a plan.
import assert from 'node:assert/strict';
import { FAULTS, LATE, faultPlan } from '../../local/faults/plan.js';
import { judge } from './judge.js';
import { SECRETS, townOf } from './town.js';
import { startUnderFire } from './under-fire.js';

const statuses = (count) => ({ UNAVAILABLE: count, DEADLINE_EXCEEDED: count, ABORTED: count, FAILED_PRECONDITION: count, RESOURCE_EXHAUSTED: count });

// Of so many calls, so many before and as many after. Whoever isn't answered waits for 10 s (5 s for a Publish), so those are rare.
export const DECKS = {
  BatchGetDocuments: { calls: 300, drop: 1, cut: 1, delay: 4, reset: 4, ...statuses(4) },
  Commit: { calls: 300, drop: 1, [LATE]: 1, cut: 1, delay: 4, reset: 6, ...statuses(6) },
  Publish: { calls: 100, drop: 1, [LATE]: 1, cut: 1, delay: 2, reset: 3, ...statuses(3) },
};

const everyCell = FAULTS.flatMap((fault) => [`${fault} before`, `${fault} after`]);
const EXPECTED_CELLS = {
  BatchGetDocuments: everyCell,
  Commit: [...everyCell, `${LATE} before`],
  Publish: [...everyCell, `${LATE} before`],
};

/**
 * Resolves with { struck, calls, redelivered }; throws with the seed in its message if anything isn't as it must be. `watch(fire)`
 * answers with { stop() }.
 */
export async function runLostAnswers({ seed, customers, events, withinMs, watch = () => ({ stop() {} }) }) {
  const plan = faultPlan({ seed, decks: DECKS });
  const fire = await startUnderFire({ plan });
  const watched = watch(fire);
  try {
    const { registrations, later } = townOf({ seed, customers, events });
    await fire.replayed([registrations, later], { withinMs }).catch((error) => assert.fail(`seed ${seed}: ${error.message}`));
    judge({
      seed, events: [...registrations, ...later], functions: fire.functions,
      documents: await fire.documents(), heard: await fire.heard(), logs: fire.functionsLogs(),
    });
    const struck = plan.struck();
    for (const [method, cells] of Object.entries(EXPECTED_CELLS)) {
      for (const cell of cells) assert.ok(struck[method]?.[cell] > 0, `seed ${seed}: ${method} never met "${cell}", so that isn't tried: ${JSON.stringify(struck)}`);
    }
    fire.assertQuiet(SECRETS);
    return { struck, calls: plan.calls(), redelivered: fire.notices.filter(({ acked }) => !acked).length };
  } finally {
    watched.stop();
    await fire.stop();
  }
}
