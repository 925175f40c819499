import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { entryPointOf, readFunctions } from '../../manifest/functions.js';

const dist = mkdtempSync(join(tmpdir(), 'boma-manifest-'));
after(() => rmSync(dist, { recursive: true }));

const KYC = { name: 'kyc', trigger: 'pubsub', topics: { kyc: ['KycCompleted'] }, publishes: { 'user-lifecycle': ['UserActive'] } };
const ACCESS = { name: 'access', trigger: 'pubsub', topics: { 'user-lifecycle': ['UserActive'] } };
for (const settings of [KYC, ACCESS]) {
  mkdirSync(join(dist, settings.name));
  writeFileSync(join(dist, settings.name, 'function.json'), JSON.stringify(settings));
}
mkdirSync(join(dist, 'half-built'));
writeFileSync(join(dist, 'topics.json'), JSON.stringify({ KycCompleted: 'kyc', LeadCreated: 'leads' }));

test('every built function is read, in the order of their names; a folder without settings is none', () => {
  assert.deepEqual(readFunctions(dist).functions, [ACCESS, KYC]);
});

test('the topics are those of the event types, those that functions name, and dead-letters', () => {
  const { topicOf, topics } = readFunctions(dist);
  assert.deepEqual(topicOf, { KycCompleted: 'kyc', LeadCreated: 'leads' });
  assert.deepEqual(topics.toSorted(), ['dead-letters', 'kyc', 'leads', 'user-lifecycle']);
});

test('an entry point has no hyphen', () => {
  assert.deepEqual(['kyc', 'price-alerts', 'a-b-c'].map(entryPointOf), ['kyc', 'price_alerts', 'a_b_c']);
});
