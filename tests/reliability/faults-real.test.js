// Everything goes wrong at once, on the real parts: `npm start -- --once --faults all`. What must hold all the same is judged
// on the documents that it exports.
import assert from 'node:assert/strict';
import test from 'node:test';
import { drawn } from '../../local/faults/faulty-router.js';
import { parseFaults } from '../../local/faults/spec.js';
import { seed } from './seed.js';
import { eventsOf, runUnderFaults } from './under-faults.js';
import { workloadOf } from './workload.js';

// Sooner than `all` has it, because the run is short, and with an end, because each costs some seconds.
const KILLS = 'kill-functions=2s:8,kill-router=5s:1';

test(`600 events, and all of the faults: nothing is lost, nothing counts twice, each balance is right, and the order is kept (BOMA_SEED=${seed})`, async (t) => {
  const spec = `all,${KILLS}`;
  const { report, struck } = await runUnderFaults({ seed, spec, events: eventsOf({ seed, customers: 60, events: 600 }) });

  const names = parseFaults(spec).text.split(',').map((part) => part.split('=')[0]);
  assert.deepEqual(Object.keys(struck), names);
  const missed = names.filter((name) => struck[name] === 0);
  assert.deepEqual(missed, [], `seed ${seed}: these never struck, so they aren't tried`);
  assert.ok(report.duplicates >= struck.duplicate + struck.twin, `${report.duplicates} duplicates of ${struck.duplicate} and ${struck.twin} at least`);
  t.diagnostic(Object.entries(struck).map(([name, count]) => `${name} ${count}`).join(', '));
});

// Neither is heard by anybody who publishes what is heard in turn, so each message comes to its consumers once and is tried
// until neither `status` nor `lost` strikes.
const HEARD_BY = { UserRegistered: ['kyc-request', 'leads', 'profile', 'welcome'], PaymentReceived: ['payments'] };

test(`the seed alone decides what strikes: it can be foretold (BOMA_SEED=${seed})`, async () => {
  const spec = 'duplicate=0.1,twin=0.05,delay=0.1:5-50ms,status=0.15,lost=0.1';
  const { registrations, later } = workloadOf({ seed, customers: 40, events: 300, journeys: ['none'] });
  const events = [...registrations, ...later.filter(({ type }) => type === 'PaymentReceived')];
  const { struck } = await runUnderFaults({ seed, spec, events });
  const { router: rates, delayMs } = parseFaults(spec);
  const foretold = Object.fromEntries(Object.keys(struck).map((name) => [name, 0]));
  const messages = events.flatMap(({ id, type }) => HEARD_BY[type].map((consumer) => [consumer, { eventId: id }]));
  // The document that a registration creates is told to those who release what waits for it.
  const changes = registrations.map(({ subject }) => ['release', { change: `users/${subject}/1` }]);
  for (const [consumer, delivered] of [...messages, ...changes]) {
    for (let attempt = 1, isDone = false; !isDone; attempt += 1) {
      const strikes = [...drawn({ seed, rates, delayMs }, consumer, { ...delivered, attempt }).strikes];
      isDone = !strikes.includes('status') && !strikes.includes('lost');
      // What the function never sees isn't doubled, and what wasn't acknowledged comes again anyhow.
      for (const name of strikes) {
        if (name === 'duplicate' ? isDone : name === 'delay' || name === 'status' || !strikes.includes('status')) foretold[name] += 1;
      }
    }
  }
  assert.deepEqual(struck, foretold);
});
