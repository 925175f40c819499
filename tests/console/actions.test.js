// The page offers what the machines take in a state, and nothing else: its table against the machines' own.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { compiled } from './compiled.js';

const { CUSTOMER_ACTIONS, LEAD_ACTIONS, customerActions } = await compiled('actions.ts');
const root = new URL('../../', import.meta.url);
const text = (path) => readFileSync(new URL(path, root), 'utf8');

/** [{from, event, to}] */
const machine = (name) => text(`crates/core/tests/lifecycles/${name}.csv`).trim().split('\n').slice(1).map((line) => {
  const [from, event, to, also] = line.split(',');
  return { from, event, to, also };
});
const kyc = machine('kyc');
/** What neither repeats nor refuses. */
const taken = (rows, event) => [...new Set(rows.filter((row) => row.event === event && row.also !== 'stale').map(({ from }) => from))].sort();
const fullEvent = ({ type, data }) => (data?.decision ? `${type} ${data.decision}` : type);

for (const action of CUSTOMER_ACTIONS.filter((one) => kyc.some(({ event }) => event === fullEvent(one)))) {
  test(`${action.name} is offered in the states in which the machine takes ${fullEvent(action)}`, () => {
    assert.deepEqual(action.checks.toSorted(), taken(kyc, fullEvent(action)));
  });
}

test('every command of the topic operations about a customer is an action', () => {
  const schemas = readdirSync(new URL('contracts/schemas/', root)).map((name) => JSON.parse(text(`contracts/schemas/${name}`)));
  const operations = schemas.filter(({ description }) => description.includes('Topic: operations')).map(({ title }) => title);
  assert.ok(operations.length > 10);
  const offered = new Set([...CUSTOMER_ACTIONS, ...LEAD_ACTIONS].map(({ type }) => type));
  assert.deepEqual(operations.filter((type) => !offered.has(type)), []);
  assert.deepEqual([...offered].filter((type) => !operations.includes(type)), []);
});

for (const { name, type, data = {}, fields, newId } of CUSTOMER_ACTIONS) {
  test(`${name} asks for every field that ${type} must have`, () => {
    const { properties, required } = JSON.parse(text(`contracts/schemas/${type}.json`)).properties.data;
    const given = [...Object.keys(data), ...fields.filter(({ isOptional }) => !isOptional || type === 'CustomerAssigned').map((field) => field.name), ...(newId ? [newId] : []), 'operator', 'approvedBy'];
    assert.deepEqual(required.filter((field) => !given.includes(field)), []);
    assert.deepEqual(fields.map((field) => field.name).filter((field) => !(field in properties)), []);
    for (const { name: field, choices } of fields) if (choices) assert.deepEqual(choices.filter((choice) => !properties[field].enum.includes(choice)), [], field);
  });
}

test('two people stand behind what needs two people', () => {
  const both = CUSTOMER_ACTIONS.filter(({ twoPeople }) => twoPeople).map(({ type }) => type).sort();
  assert.deepEqual(both, ['AccountClosed', 'BalanceAdjusted', 'KycAppealed', 'KycReinstated', 'KycSuspensionConfirmed', 'PayoutOrdered']);
});

test('a lead is reopened where the machine takes it', () => {
  const reopened = machine('leads').filter(({ event, to, from }) => event === 'LeadReopened' && to !== from).map(({ from }) => from);
  assert.deepEqual([...LEAD_ACTIONS[0].statuses], reopened);
});

const names = (state, place) => customerActions({ me: 'me@boma.test', suspensions: 0, ...state }, place).map(({ name }) => name);

test('a payout by order is for a customer who is closed or suspended', () => {
  assert.deepEqual(names({ check: 'APPROVED' }, 'money'), ['Adjust balance']);
  assert.deepEqual(names({ check: 'APPROVED', suspensions: 1 }, 'money'), ['Adjust balance', 'Order payout']);
  assert.deepEqual(names({ check: 'CLOSED' }, 'money'), ['Adjust balance', 'Order payout']);
});

test('a review is taken where nobody has it, and handed back by whoever does', () => {
  assert.deepEqual(names({ check: 'IN_REVIEW' }, 'review'), ['Take', 'Approve', 'Reject', 'Hold']);
  assert.deepEqual(names({ check: 'IN_REVIEW', claimedBy: 'me@boma.test' }, 'review'), ['Approve', 'Reject', 'Hold', 'Hand back']);
  assert.deepEqual(names({ check: 'ON_HOLD', claimedBy: 'she@boma.test' }, 'review'), ['Approve', 'Reject', 'Release']);
});

test('a suspension is lifted or confirmed where there is one', () => {
  assert.deepEqual(names({ check: 'REJECTED' }, 'kyc'), ['Suspend', 'Appeal', 'Close account']);
  assert.deepEqual(names({ check: 'REJECTED', suspensions: 2 }, 'kyc'), ['Suspend', 'Reinstate', 'Confirm suspension', 'Appeal', 'Close account']);
  assert.deepEqual(names({ check: 'CLOSED', suspensions: 0 }, 'kyc'), []);
});
