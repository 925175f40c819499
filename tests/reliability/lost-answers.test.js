// What comes of 2,000 events when the functions can't rely on any answer.
import test from 'node:test';
import { runLostAnswers } from './lost-answers.js';
import { seed } from './seed.js';

test(`2,000 events while answers are lost, late, wrong and cut off: every balance is right and every follow-up went out under one id (BOMA_SEED=${seed})`, async (t) => {
  const { struck, calls, redelivered } = await runLostAnswers({ seed, customers: 100, events: 2000, withinMs: 180_000 });
  for (const [method, count] of Object.entries(calls)) {
    const faults = Object.values(struck[method]).reduce((sum, each) => sum + each, 0);
    t.diagnostic(`${method}: ${count} calls, ${faults} went wrong`);
  }
  t.diagnostic(`${redelivered} deliveries failed and came again`);
});
