// One run under lost answers: a workload through the real functions, while the proxies before both emulators drop,
// delay, reset, cut and answer wrongly, by a plan.
import assert from 'node:assert/strict';
import { FAULTS, LATE, faultPlan } from '../../local/faults/plan.js';
import { startProxiedStack } from './proxied-stack.js';
import { verifyRun } from './verify-run.js';
import { SECRETS, workloadOf } from './workload.js';

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
 * Resolves with { struck, calls, redelivered }; throws with the seed in its message if anything isn't as it must be. `watch(proxied)`
 * answers with { stop() }.
 */
export async function runLostAnswers({ seed, customers, events, withinMs, watch = () => ({ stop() {} }) }) {
  const plan = faultPlan({ seed, decks: DECKS });
  const proxied = await startProxiedStack({ plan });
  const watched = watch(proxied);
  try {
    const { registrations, later } = workloadOf({ seed, customers, events });
    await proxied.replayed([registrations, later], { barrier: true, withinMs }).catch((error) => assert.fail(`seed ${seed}: ${error.message}`));
    verifyRun({
      seed, events: [...registrations, ...later], functions: proxied.functions,
      documents: await proxied.documents(), heard: await proxied.heard(), logs: proxied.functionsLogs(),
    });
    const struck = plan.struck();
    for (const [method, cells] of Object.entries(EXPECTED_CELLS)) {
      for (const cell of cells) assert.ok(struck[method]?.[cell] > 0, `seed ${seed}: ${method} never met "${cell}", so that isn't tried: ${JSON.stringify(struck)}`);
    }
    proxied.assertNoSecrets(SECRETS);
    return { struck, calls: plan.calls(), redelivered: proxied.notices.filter(({ acked }) => !acked).length };
  } finally {
    watched.stop();
    await proxied.stop();
  }
}
