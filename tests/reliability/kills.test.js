// The processes end at any moment, and are started again.
import test, { after, before } from 'node:test';
import { killing } from './kills.js';
import { seed } from './seed.js';
import { startUnderFire } from './under-fire.js';

const TOWN = { customers: 60, events: 1200, withinMs: 180_000 };
let fire;
let kill;

before(async () => {
  fire = await startUnderFire();
  kill = killing(fire);
});
after(() => fire?.stop());

const shown = (hit) => `in flight, of what the router held: ${hit.map(({ inFlight, held }) => `${inFlight} of ${held}`).join(', ')}`;

for (const [signal, kills] of [['SIGKILL', 6], ['SIGTERM', 3]]) {
  test(`the functions' process gets ${signal} at any moment under load: nothing is lost and nothing is done twice (BOMA_SEED=${seed})`, async (t) => {
    t.diagnostic(shown(await kill.functions(signal, { ...TOWN, kills, seed: `${seed} ${signal}` })));
  });
}

test(`the router is killed in the middle of a replay: everything is settled and nothing is done twice (BOMA_SEED=${seed})`, async (t) => {
  t.diagnostic(shown(await kill.router({ ...TOWN, kills: 2, seed: `${seed} router` })));
});
