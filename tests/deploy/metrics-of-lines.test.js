// A metric on a field that no line has would count nothing, and say so to nobody. So each metric's filter is held against the
// lines that the real functions write, of everything that a delivery or a run can come to.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';

import { alerts } from '../../deploy/watching/alerts/index.js';
import {
  DELIVERIES, DELIVERY_MS, FAILED_CALLS, LOST_REQUESTS, NO_INSTANCE, OUT_OF_MEMORY, OVERDUE_LETTERS, RETRIES, RUNS, TURNED_AWAY, UNPOSTED, WRONG_BALANCES, metrics,
} from '../../deploy/watching/metrics.js';
import { linesOfFunctions, PERSONAL } from './lines-of-functions.js';
import { linesOfGoogle } from './lines-of-google.js';
import { extracted, logFilter } from './log-filter.js';
import { wholeSystem } from './whole-system.js';

const whole = wholeSystem();
const system = { ...whole, functions: [...whole.functions, { name: 'fragile', trigger: 'pubsub' }, { name: 'probe', trigger: 'pubsub' }] };
const byName = Object.fromEntries(metrics(system).map((metric) => [metric.name, metric]));
const google = linesOfGoogle(system.project);

let lines;
before(async () => { lines = await linesOfFunctions(); });

const isRun = (name) => name.startsWith('FINISHED');

/** { name of a line: the metric's labels there } of the lines that it takes. */
function taken(metricName) {
  const { filter, labelExtractors } = byName[metricName];
  const takes = logFilter(filter);
  const labels = (entry) => Object.entries(labelExtractors).map(([key, extractor]) => `${key}=${extracted(extractor, entry)}`).join(' ');
  return Object.fromEntries(Object.entries(lines).filter(([, { entry }]) => takes(entry)).map(([name, { entry }]) => [name, labels(entry)]));
}

test('each delivery is counted once, for the function that it was delivered to and by what it came to', () => {
  assert.deepEqual(taken(DELIVERIES), {
    'MALFORMED': 'consumer=profile outcome=MALFORMED',
    'APPLIED': 'consumer=profile outcome=APPLIED',
    'DUPLICATE': 'consumer=profile outcome=DUPLICATE',
    'CONFLICT': 'consumer=profile outcome=CONFLICT',
    'PASSED': 'consumer=profile outcome=PASSED',
    'REFUSED': 'consumer=kyc outcome=REFUSED',
    'AWAITED': 'consumer=payments outcome=AWAITED',
    'AWAITED again': 'consumer=payments outcome=AWAITED',
    // By whom it is filed; the letter and the reason say who gave it up.
    'EXHAUSTED': 'consumer=dead-letters outcome=EXHAUSTED',
    'FAULT of a trap': 'consumer=fragile outcome=FAULT',
    'CRASHED': 'consumer=fragile outcome=CRASHED',
    'APPLIED payment': 'consumer=payments outcome=APPLIED',
    'CONFLICT of a fact': 'consumer=payments outcome=CONFLICT',
    'REFUSED fact': 'consumer=payments outcome=REFUSED',
    'REFUSED request': 'consumer=payments outcome=REFUSED',
    'ABORTED': 'consumer=payments outcome=ABORTED',
    'FORBIDDEN': 'consumer=probe outcome=FORBIDDEN',
    'APPLIED second': 'consumer=profile outcome=APPLIED',
    'FAULT': 'consumer=kyc outcome=FAULT',
  });
});

test('what came again, or will, is counted as that, and nothing else', () => {
  assert.deepEqual(Object.keys(taken(RETRIES)).sort(), ['ABORTED', 'AWAITED again', 'CRASHED', 'DUPLICATE', 'FAULT', 'FAULT of a trap']);
});

const isDelivery = (name) => !['ABORTED', 'FORBIDDEN'].includes(name);

test('of each delivery there is a length in milliseconds, and of nothing that was none', () => {
  const measured = Object.keys(taken(DELIVERY_MS));
  assert.deepEqual(measured, Object.keys(taken(DELIVERIES)).filter(isDelivery));
  for (const name of measured) assert.ok(extracted(byName[DELIVERY_MS].valueExtractor, lines[name].entry) >= 0, name);
  assert.ok(extracted(byName[DELIVERY_MS].valueExtractor, lines.AWAITED.entry) > 900, 'it waited for the registration');
});

test('a fact about money that isn\'t posted is known, with its type; a refused request is none, nor is what has no type of these', () => {
  assert.deepEqual(taken(UNPOSTED), {
    'EXHAUSTED': 'consumer=dead-letters outcome=EXHAUSTED type=PaymentReceived',
    'CONFLICT of a fact': 'consumer=payments outcome=CONFLICT type=PaymentReceived',
    'REFUSED fact': 'consumer=payments outcome=REFUSED type=PaymentReceived',
  });
  // No function of money crashes on request: the line of one that does, about another type.
  const { entry } = lines.CRASHED;
  assert.equal(entry.jsonPayload.type, 'UserInteracted');
  const takes = logFilter(byName[UNPOSTED].filter);
  const about = (type) => takes({ ...entry, jsonPayload: { ...entry.jsonPayload, type } });
  assert.deepEqual(whole.factsAboutMoney.filter((type) => !about(type)), []);
  assert.ok(whole.factsAboutMoney.length > 10);
  for (const type of ['WithdrawalRequested', 'WithdrawalCanceled', 'RefundRequested', 'PayoutOrdered', 'KycCompleted', undefined]) assert.equal(about(type), false, type);
});

test('who gave a message up is in its line', () => {
  assert.match(lines.EXHAUSTED.entry.jsonPayload.reason, /^payments: /);
});

test('runs are counted, and the one that found something wrong is known', () => {
  assert.deepEqual(taken(RUNS), {
    'FINISHED clock': 'consumer=clock outcome=FINISHED',
    'FINISHED clock, with an overdue letter': 'consumer=clock outcome=FINISHED',
    'FINISHED trial-balance': 'consumer=trial-balance outcome=FINISHED',
    'FINISHED trial-balance, with a difference': 'consumer=trial-balance outcome=FINISHED',
  });
  assert.deepEqual(taken(WRONG_BALANCES), { 'FINISHED trial-balance, with a difference': 'consumer=trial-balance' });
});

test('the run that found a letter older than an hour is known', () => {
  assert.deepEqual(taken(OVERDUE_LETTERS), { 'FINISHED clock, with an overdue letter': 'consumer=clock' });
});

test('lines beside the one of a delivery or run are counted nowhere', () => {
  const beside = Object.values(lines).flatMap(({ others }) => others);
  assert.ok(beside.length > 0, 'the difference has a line of its own');
  for (const { filter } of Object.values(byName)) {
    for (const entry of beside) assert.equal(logFilter(filter)(entry), false, JSON.stringify(entry));
  }
});

/** Which of the metrics count it. */
const countedBy = (entry) => Object.values(byName).filter(({ filter }) => logFilter(filter)(entry)).map(({ name }) => name);

test('what Cloud Run and Cloud Scheduler write in place of a function is counted, each once', () => {
  assert.deepEqual(Object.fromEntries(Object.entries(google).map(([name, entry]) => [name, countedBy(entry)])), {
    'out of memory': [OUT_OF_MEMORY],
    'ended by a signal': [],
    'lost request': [LOST_REQUESTS],
    'lost request, for want of memory': [LOST_REQUESTS],
    // What an HTTP function answers by itself is no loss, though it is a 503 as well.
    'unavailable request': [],
    'answered request': [],
    'request without an instance': [NO_INSTANCE],
    'request whose instance could not start': [NO_INSTANCE],
    // So an HTTP function answers who sends too much, by itself.
    'too many requests, as an HTTP function says it': [],
    'caller without a token': [TURNED_AWAY],
    'caller without the right': [TURNED_AWAY],
    'caller whom the function turned away': [TURNED_AWAY],
    'failed call': [FAILED_CALLS],
    'call that began': [],
    'call that succeeded': [],
  });
});

test('another service that writes lines of the same form is none of ours, nor is another job', () => {
  const counted = [lines.APPLIED.entry, ...Object.values(google)].filter((entry) => countedBy(entry).length > 0);
  assert.equal(counted.length, 10);
  for (const entry of counted) {
    const theirs = { ...entry, resource: { ...entry.resource, labels: { ...entry.resource.labels, service_name: 'theirs', job_id: 'theirs' } } };
    assert.deepEqual(countedBy(theirs), []);
  }
});

test('who is turned away by a function that anybody may call is its everyday\'s matter', () => {
  const open = metrics({ ...system, functions: system.functions.map((one) => ({ ...one, ...(one.name === 'payments' && { unauthenticated: 'why' }) })) });
  const takes = logFilter(open.find(({ name }) => name === TURNED_AWAY).filter);
  for (const name of ['caller without a token', 'caller whom the function turned away']) assert.equal(takes(google[name]), false, name);
});

test('a delivery\'s consumer is its service, so alerts may group by either', () => {
  for (const [name, { service, entry }] of Object.entries(lines)) assert.equal(entry.jsonPayload.consumer, service, name);
});

test('an outcome that an alert waits for is one that there is', () => {
  const outcomes = new Set(Object.values(lines).map(({ entry }) => entry.jsonPayload.outcome));
  const filters = alerts(system).flatMap(({ wanted }) => wanted.conditions).flatMap(({ conditionThreshold: { filter, denominatorFilter = '' } }) => [filter, denominatorFilter]);
  const named = filters.flatMap((filter) => [...filter.matchAll(/labels\.outcome = (one_of\([^)]*\)|"\w+")/g)]).flatMap(([, value]) => value.match(/[A-Z]+/g));
  assert.ok(named.length >= 7);
  // Nothing in this run is stale.
  for (const outcome of named.filter((each) => each !== 'IGNORED')) assert.ok(outcomes.has(outcome), outcome);
});

test('a field that an alert tells somebody to look at is one that lines have', () => {
  const entries = [...Object.values(lines).flatMap(({ entry, others }) => [entry, ...others]), ...Object.values(google)];
  const texts = alerts(whole).map(({ wanted }) => wanted.documentation.content).join('\n');
  const fields = new Set([...texts.matchAll(/jsonPayload\.(\w+)/g)].map(([, field]) => field));
  // What a service said when a call failed; tests/shim/invoke.test.js has that.
  fields.delete('detail');
  // Nothing here appends to a warehouse; the cases of that function have the line.
  fields.delete('unknownFields');
  assert.ok(fields.size >= 6);
  for (const field of fields) assert.ok(entries.some(({ jsonPayload = {} }) => jsonPayload[field] !== undefined), field);
});

test('the trace of an event is in its line', () => {
  assert.equal(lines.APPLIED.entry.jsonPayload['logging.googleapis.com/trace'], 'projects/demo-lines/traces/4bf92f3577b34da6a3ce929d0e0e4736');
});

test('no line has anything personal, so no metric has', () => {
  const all = JSON.stringify(lines);
  for (const text of PERSONAL) assert.ok(!all.includes(text), text);
});

test('every run is told from every delivery', () => {
  for (const [name, { entry }] of Object.entries(lines)) {
    const isOfRuns = logFilter(byName[RUNS].filter)(entry);
    assert.equal(isOfRuns, isRun(name), name);
    assert.equal(logFilter(byName[DELIVERIES].filter)(entry), !isRun(name), name);
  }
});
