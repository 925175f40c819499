// Fifty kills where kills.test.js has six; kills while answers are lost, too; and a router that is killed ten times.
import test from 'node:test';
import { faultPlan } from '../../local/faults/plan.js';
import { killing } from './kills.js';
import { DECKS } from './lost-answers.js';
import { startProgress } from './progress.js';
import { startProxiedStack } from './proxied-stack.js';
import { seed } from './seed.js';

const WITHIN_MS = 3_600_000;

const RUNS = [
  { title: "the functions' process is killed 50 times", events: 10_000, kills: 50, kill: (kinds, workload) => kinds.functions('SIGKILL', workload) },
  { title: "the functions' process is asked to end 25 times", events: 5000, kills: 25, kill: (kinds, workload) => kinds.functions('SIGTERM', workload) },
  { title: "the functions' process is killed 20 times while answers are lost", events: 5000, kills: 20, decks: DECKS, kill: (kinds, workload) => kinds.functions('SIGKILL', workload) },
  { title: 'the router is killed 10 times', events: 5000, kills: 10, kill: (kinds, workload) => kinds.router(workload) },
];

for (const { title, events, kills, decks = {}, kill } of RUNS) {
  test(`${title}: nothing is lost and nothing is done twice (BOMA_SEED=${seed})`, async () => {
    console.log(`${title}, seed ${seed} ...`);
    const proxied = await startProxiedStack({ plan: faultPlan({ seed, decks }) });
    const progress = startProgress(title, proxied);
    try {
      const hit = await kill(killing(proxied), { seed, customers: 200, events, kills, withinMs: WITHIN_MS });
      console.log(`${title}: all is right; in flight at the kills: ${hit.map(({ inFlight }) => inFlight).join(', ')}`);
    } finally {
      progress.stop();
      await proxied.stop();
    }
  });
}
