// npm run trial-balance against the emulators: right and wrong books, while payments go on, stopped and taken up again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { customer, received, registered, transactionDocument, transactionId, userDocument } from '../../stack/documents.js';
import { scheduledStack } from '../../stack/scheduled-stack.js';
import { until } from '../../stack/until.js';
import { startCommand } from '../command.js';

const COMMAND = fileURLToPath(new URL('../../../ops/trial-balance/main.js', import.meta.url));
let stack;
before(async () => { stack = await scheduledStack({ project: 'demo-books', watched: [] }); });
after(() => stack.stop());

const started = (args, { stateDir = stack.stateDir } = {}) => startCommand(COMMAND, args, { stateDir });
const command = (...args) => started(args).ended;

const saver = (number, available = 700) => [
  [`users/${customer(number)}`, userDocument({ balances: { CZK: { available } } })],
  [`transactions/${transactionId(number)}`, transactionDocument({ userId: customer(number), amount: 700, postings: [['external:CASH', -700], ['available', 700]] })],
];

const WRONG = [
  [['--after', 'ada'], /--after "ada" is not a customer's id/],
  [['--afer', customer(1)], /--afer is not a flag of trial-balance/],
  [['--after'], /--after needs a value: --after USER_ID/],
  [['now'], /"now" is not a flag/],
  [['--database', 'other'], /--database goes with --project/],
  [['--project', 'X'], /--project "X" is not a project id/],
  [['--help=yes'], /--help takes no value/],
];
for (const [args, why] of WRONG) {
  test(`${args.join(' ')} is refused in one sentence that names it`, async () => {
    const { status, complained } = await command(...args);
    assert.equal(status, 2, complained);
    assert.match(complained, why);
    assert.equal(complained.trim().split('\n').length, 1);
  });
}

test('without a stack it says how to begin one', async () => {
  const { status, complained } = await started([], { stateDir: join(stack.stateDir, 'nowhere') }).ended;
  assert.deepEqual([status, /No stack is running here/.test(complained)], [2, true]);
});

test('what is wrong is named, and the status is 1', async () => {
  await stack.put(Object.fromEntries([
    ...saver(1), ...saver(2, 701), ...saver(3).slice(1),
    [`transactions/${transactionId(4)}`, transactionDocument({ userId: customer(1), amount: 1, postings: [['external:CASH', -1], ['external:CARD', 2]] })],
  ]));
  const { status, said, complained } = await command();
  assert.equal(status, 1, said);
  assert.deepEqual(said.trim().split('\n'), [
    `difference: users/${customer(2)} CZK available is 701, its postings sum to 700`,
    `wrong transaction transactions/${transactionId(4)}: its postings in CZK sum to 1`,
    `users/${customer(3)} isn't there, and has transactions`,
    '2 customers and 4 transactions of the running stack (demo-books): 3 wrong, named above.',
  ]);
  assert.match(complained, /2 customers, 4 transactions, 3 wrong/);
  const called = await stack.call('trial-balance');
  assert.deepEqual([called.status, called.answer.wrong, called.answer.differences], [200, 3, [
    { userId: customer(2), currency: 'CZK', account: 'available', stored: 701, recomputed: 700 },
  ]]);
  const logged = readFileSync(join(stack.stateDir, 'logs', 'functions.log'), 'utf8').split('\n').filter((line) => line.includes('"difference: '));
  assert.deepEqual(logged.map((line) => JSON.parse(line)), [{
    severity: 'ERROR', consumer: 'trial-balance', userId: customer(2), currency: 'CZK', account: 'available', stored: 701, recomputed: 700,
    message: `difference: users/${customer(2)} CZK available is 701, its postings sum to 700`,
  }]);
  await stack.put(Object.fromEntries([...saver(2), [`transactions/${transactionId(3)}`, null], [`transactions/${transactionId(4)}`, null]]));
});

test('page after page it comes to the end, and --after begins behind a customer', async () => {
  await stack.put(Object.fromEntries(Array.from({ length: 228 }, (_, index) => saver(10 + index)).flat()));
  const whole = await command();
  assert.deepEqual([whole.status, whole.said.trim()], [0, '230 customers and 230 transactions of the running stack (demo-books): every balance is what its postings sum to.']);
  const rest = await command('--after', customer(200));
  assert.equal(rest.status, 0, rest.said);
  assert.match(rest.said, new RegExp(`^37 customers and 37 transactions of .*, behind ${customer(200)}: every balance`));
});

test('stopped by Ctrl-C it says where, and goes on there', async () => {
  const { child, ended } = started([]);
  child.stderr.once('data', () => child.kill('SIGINT'));
  const { status, said } = await ended;
  assert.equal(status, 130, said);
  const [, behind] = /Stopped: --after (\S+) goes on there\./.exec(said) ?? [];
  const seen = Number(/^([\d,]+) customers/.exec(said)[1]);
  const { said: rest } = await command('--after', behind);
  assert.equal(seen + Number(/^([\d,]+) customers/.exec(rest)[1]), 230, said + rest);
});

test('payments that go on meanwhile are no differences', async () => {
  const subject = customer(900);
  await stack.publish('user-onboarding', [registered(subject)]);
  await until('the customer', async () => (await stack.documents())[`users/${subject}`]);
  const paying = stack.publish('payments', Array.from({ length: 300 }, (_, index) => received(subject, 1000 + index)));
  const calls = [];
  let isPaid = false;
  const settled = paying.then(() => until('the payments', async () => (
    (await stack.documents())[`users/${subject}`].balances.CZK?.available === 300 * 70_000
  ))).then(() => { isPaid = true; });
  while (!isPaid) calls.push(await stack.call('trial-balance', JSON.stringify({ after: customer(899) })));
  await settled;
  // What it has read again is counted again: at rest it reads each payment once.
  assert.ok(calls.some(({ answer }) => ![0, 300].includes(answer.transactions)), 'it never looked in the middle');
  for (const { status, answer } of calls) assert.deepEqual([status, answer.wrong, answer.differences], [200, 0, []]);
  const { answer } = await stack.call('trial-balance', JSON.stringify({ after: customer(899) }));
  assert.deepEqual([answer.users, answer.transactions, answer.wrong, answer.unsettled], [1, 300, 0, []]);
});
