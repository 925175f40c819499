// Commands of the documents, as they stand, on the running stack.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { approved, paid, registered, uuid } from '../stack/events.js';
import { message, startRealStack } from '../stack/real-stack.js';
import { until } from '../stack/until.js';
import { PROJECT, ROOT, blockAfter, pasted as pastedIn } from './pasting.js';

const WITHIN_MS = 120_000;

let stack;
let folder; // Has what the commands look for: .boma/stack.json and samples.
before(async () => {
  stack = await startRealStack({ project: PROJECT });
  folder = mkdtempSync(join(tmpdir(), 'boma-pasted-'));
  symlinkSync(stack.stateDir, join(folder, '.boma'));
  symlinkSync(join(ROOT, 'samples'), join(folder, 'samples'));
});
after(async () => {
  await stack?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

const pasted = (commands) => pastedIn(commands, folder);
const documentOf = (path) => until(path, async () => (await stack.documents()).get(path), { withinMs: WITHIN_MS, everyMs: 200 });

test('README: a customer registers on the local stack, and is read', async () => {
  const block = blockAfter('README.md', 'A customer registers on it');
  const read = block.slice(block.lastIndexOf('curl'));
  const publish = `${block.slice(0, -read.length)}echo "customer $CUSTOMER at $FIRESTORE"`;
  const [, customer, firestore] = /customer (\S+) at (\S+)/.exec(await pasted(publish));
  assert.equal((await documentOf(`users/${customer}`)).profileData.fullName, 'Ada Lovelace');
  const { fields } = JSON.parse(await pasted(`CUSTOMER=${customer}\nFIRESTORE=${firestore}\n${read}`));
  assert.equal(fields.kycStatus.stringValue, 'PENDING');
});

test('docs/events.md: an example is published on the local stack', async () => {
  const [example] = readFileSync(join(ROOT, 'contracts/examples.ndjson'), 'utf8').split('\n').map((line) => JSON.parse(line || 'null'));
  const values = { TOPIC: 'leads', TYPE: example.type, SUBJECT: example.subject, EXAMPLE: JSON.stringify(example) };
  const block = blockAfter('docs/events.md', 'On the local stack, while it runs');
  await pasted(block.replaceAll(/\b(TOPIC|TYPE|SUBJECT|EXAMPLE)\b/g, (word) => values[word]));
  assert.equal((await documentOf(`leads/${example.subject}`)).status, 'NEW');
});

async function settled(topic, event) {
  const pairs = await stack.publish(topic, [message(event)]);
  assert.deepEqual(await stack.unacknowledged(pairs, WITHIN_MS), [], `${event.type} is not acknowledged`);
}

test('docs/operations/limits.md: a limit is set, every withdrawal is stopped, and the limits are as before', async () => {
  const subject = uuid('a', 1);
  await settled('user-onboarding', registered({ number: 1, subject }));
  await settled('kyc', approved({ number: 2, subject }));
  await until('trading', async () => (await stack.documents()).get(`users/${subject}`).tradingEnabled, { withinMs: WITHIN_MS });
  await settled('payments', paid({ number: 3, subject, minor: 900_000 }));
  const withdrawn = async (number) => {
    const event = paid({ number, subject, minor: 100 });
    await settled('payments', { ...event, type: 'WithdrawalRequested' });
    const { status, reason } = (await stack.documents()).get(`transactions/${event.data.transactionId}`);
    return { status, reason };
  };

  await pasted(blockAfter('docs/operations/limits.md', 'One is set'));
  assert.match(await pasted(blockAfter('docs/operations/limits.md', 'Which there are')), /limits\/CZK"[^]*"5000000"/);
  assert.deepEqual(await withdrawn(4), { status: 'AUTHORIZED', reason: undefined });
  const stop = blockAfter('docs/operations/limits.md', '## Stop every withdrawal');
  assert.ok(readFileSync(join(ROOT, 'docs/operations/alerts/wrong-balances.md'), 'utf8').includes(stop), 'the alert has another command');
  await pasted(stop);
  await pasted(stop.replaceAll('limits/default', 'limits/CZK'));
  assert.deepEqual(await withdrawn(5), { status: 'FAILED', reason: 'LimitExceeded' });
  await pasted(blockAfter('docs/operations/limits.md', 'And taken away'));
  assert.deepEqual([...(await stack.documents()).keys()].filter((path) => path.startsWith('limits/')), ['limits/default']);
  const looked = await pasted(blockAfter('docs/operations/alerts/wrong-balances.md', 'say what should be').replaceAll('CUSTOMER', subject));
  assert.match(looked, /"LimitExceeded"/);
  assert.match(looked, /users\/[^"]+\/timeline\/payments\./);
});

test('docs/mail.md: every template is put there, as its file says it', async () => {
  await pasted(blockAfter('docs/mail.md', '## Put the templates there'));
  const names = readdirSync(join(ROOT, 'samples/templates'));
  const documents = await stack.documents();
  for (const name of names) {
    const path = `mail_templates/${name.replace('.json', '')}`;
    assert.deepEqual(documents.get(path), { id: path, ...JSON.parse(readFileSync(join(ROOT, 'samples/templates', name), 'utf8')) });
  }
});
