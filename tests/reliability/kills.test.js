// The processes end at any moment, and are started again.
import test, { after, before } from 'node:test';
import { killing } from './kills.js';
import { startProxiedStack } from './proxied-stack.js';
import { seed } from './seed.js';

const WORKLOAD = { customers: 60, events: 1200, withinMs: 180_000 };
let proxied;
let kill;

before(async () => {
  proxied = await startProxiedStack();
  kill = killing(proxied);
});
after(() => proxied?.stop());

const shown = (hit) => `in flight, of what the router held: ${hit.map(({ inFlight, held }) => `${inFlight} of ${held}`).join(', ')}`;

for (const [signal, kills] of [['SIGKILL', 6], ['SIGTERM', 3]]) {
  test(`the functions' process gets ${signal} at any moment under load: nothing is lost and nothing is done twice (BOMA_SEED=${seed})`, async (t) => {
    t.diagnostic(shown(await kill.functions(signal, { ...WORKLOAD, kills, seed: `${seed} ${signal}` })));
  });
}

test(`the router is killed in the middle of a replay: everything is settled and nothing is done twice (BOMA_SEED=${seed})`, async (t) => {
  t.diagnostic(shown(await kill.router({ ...WORKLOAD, kills: 2, seed: `${seed} router` })));
});
