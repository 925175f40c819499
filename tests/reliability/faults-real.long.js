// Workload after workload while everything goes wrong, each with a seed of its own, until the functions' process and the router have
// been killed 300 times with deliveries in flight. One line a run; whoever has seen enough may end it at any time.
import test from 'node:test';
import { seed } from './seed.js';
import { eventsOf, runUnderFaults } from './under-faults.js';

const KILLS = 300;
const SPEC = 'all,kill-functions=2s,kill-router=10s';
const WORKLOAD = { customers: 100, events: 1000 };

test(`${KILLS} kills and all other faults: nothing is lost, nothing counts twice, each balance is right, and the order is kept (BOMA_SEED=${seed})`, async () => {
  console.log(`--faults ${SPEC}, ${WORKLOAD.events} events a run`);
  const kills = { functions: 0, router: 0 };
  const startedMs = performance.now();
  for (let number = 1; kills.functions + kills.router < KILLS; number += 1) {
    const own = `${seed}.${number}`;
    const beganMs = performance.now();
    const { struck, report } = await runUnderFaults({ seed: own, spec: SPEC, events: eventsOf({ seed: own, ...WORKLOAD }) });
    for (const part of Object.keys(kills)) kills[part] += struck[`kill-${part}`];
    const others = Object.entries(struck).filter(([name]) => !name.startsWith('kill-')).map(([name, count]) => `${name} ${count}`).join(', ');
    console.log(`seed ${own}: all is right; killed ${struck['kill-functions']} + ${struck['kill-router']} times, ${kills.functions} + ${kills.router} by now; `
      + `${seconds(beganMs)} s, ${seconds(startedMs)} s by now; duplicates ${report.duplicates}; ${others}`);
  }
});

const seconds = (sinceMs) => Math.round((performance.now() - sinceMs) / 1000);
