// Ten times as many events as in lost-answers.test.js, and many seeds.
import test from 'node:test';
import { runLostAnswers } from './lost-answers.js';
import { startProgress } from './progress.js';
import { seed } from './seed.js';

const SEEDS = 20;

const printed = async (title, run) => {
  console.log(`${title} ...`);
  const { redelivered } = await runLostAnswers({ ...run, watch: (proxied) => startProgress(title, proxied) });
  console.log(`${title}: all is right; ${redelivered} deliveries failed and came again`);
};

test(`20,000 events while answers are lost, late, wrong and cut off (BOMA_SEED=${seed})`, () => printed(
  `20,000 events, seed ${seed}`, { seed, customers: 1000, events: 20_000, withinMs: 3_600_000 },
));

// Each can be repeated by itself: BOMA_SEED=... node --test tests/reliability/lost-answers.test.js
for (let number = 1; number <= SEEDS; number += 1) {
  const own = `${seed}.${number}`;
  test(`2,000 events while answers are lost, late, wrong and cut off (BOMA_SEED=${own})`, () => printed(
    `${number} of ${SEEDS}, seed ${own}`, { seed: own, customers: 100, events: 2000, withinMs: 600_000 },
  ));
}
