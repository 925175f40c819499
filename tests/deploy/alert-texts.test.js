// What alerts say, to somebody who is tired: each has a command to run, and each command is one that there is.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { parseArguments as deadLettersArguments } from '../../ops/dead-letters/arguments.js';
import { parseArguments as deployArguments } from '../../deploy/arguments.js';
import { alerts } from '../../deploy/watching/alerts/index.js';
import { readAlertPages } from '../../deploy/watching/alerts/pages.js';
import { dashboard } from '../../deploy/watching/dashboard.js';
import { silenceS } from '../../deploy/watching/alerts/scheduled.js';
import { metrics } from '../../deploy/watching/metrics.js';
import { ROOT } from './deploying.js';
import { logFilter } from './log-filter.js';
import { wholeSystem } from './whole-system.js';

const system = wholeSystem();
const wanted = alerts(system);
const LETTER = `kyc.${'0'.repeat(32)}`;

/** Indented lines of the text, as words. */
function commandsOf({ wanted: { documentation } }) {
  const lines = documentation.content.split('\n').filter((line) => line.startsWith('    '));
  return lines.map((line) => [...line.trim().matchAll(/'([^']*)'|(\S+?='[^']*')|(\S+)/g)].map(([word, quoted]) => quoted ?? word.replaceAll("'", '')));
}

const READERS = {
  './deploy.sh': (words) => deployArguments(words),
  npm: ([run, script, dashes, ...words]) => {
    assert.deepEqual([run, dashes], ['run', '--']);
    if (script === 'dead-letters') return deadLettersArguments(words.map((word) => (word === 'LETTER' ? LETTER : word)));
    return assert.equal(script, 'trial-balance');
  },
  curl: (words) => assert.match(words.at(-1), new RegExp(`^"https://firestore\\.googleapis\\.com/v1/projects/${system.project}/`)),
  gcloud: ([group, what, ...words]) => {
    const known = { 'logging read': /^--(project|freshness|limit|format)=/, 'scheduler jobs': /^--(project|location)=/, 'pubsub subscriptions': /^--(project|time)=/ }[`${group} ${what}`];
    assert.ok(known, `gcloud ${group} ${what}`);
    if (group === 'logging') logFilter(words.shift());
    for (const word of words.filter((each) => each.startsWith('-'))) assert.match(word, known);
  },
};

for (const alert of wanted) {
  test(`${alert.id} says what to run, and names nothing that isn't there`, () => {
    const commands = commandsOf(alert);
    assert.ok(commands.length > 0, 'there is no command');
    for (const [program, ...words] of commands) {
      assert.ok(READERS[program], program);
      READERS[program](words);
      assert.ok(words.some((word) => word.includes(system.project)), `of no project: ${words.join(' ')}`);
    }
    const { content } = alert.wanted.documentation;
    for (const [file] of content.matchAll(/docs\/[\w/-]+\.md/g)) assert.ok(existsSync(join(ROOT, file)), file);
    assert.ok(content.length > 300, 'it hardly says anything');
    assert.doesNotMatch(content, /undefined|\[object/);
  });
}

const PAGES = join(ROOT, 'docs/operations/alerts');

test('each alert has its page and each page its alert, which opens when the page says, and both say the same', () => {
  assert.deepEqual(readdirSync(PAGES).sort(), [...new Set(wanted.map(({ page }) => `${page}.md`))].sort());
  for (const [page, { conditions }] of Object.entries(system.alertPages)) {
    const its = wanted.filter((alert) => alert.page === page);
    assert.deepEqual(conditions, its.flatMap((alert) => alert.wanted.conditions.map(({ displayName }) => displayName)), page);
  }
  // As Google shows it, and as it stands in the page, but for the words of this project and of an incident.
  const { content } = wanted.find(({ id }) => id === 'unposted').wanted.documentation;
  assert.match(content, /^A \$\{metric\.label\.type\} is not in the books: \$\{metric\.label\.consumer\} filed it as \$\{metric\.label\.outcome\}\./);
  assert.match(content, /\n {4}npm run dead-letters -- list --type \$\{metric\.label\.type\} --letters --project a-project\n/);
  assert.doesNotMatch(content, /```|PROJECT/);
});

test('a page that says to discard, to set back, or whose letters they are, has the command', () => {
  const [discards, seeks, whose] = [[/discard (?:the|it)/i, /npm run dead-letters -- discard LETTER --why /], [/set .* subscription back/, /gcloud pubsub subscriptions seek SUBSCRIPTION --time=/], [/whose (?:they are|it is, why)/i, / list .*--letters/]]
    .map(([words, command]) => Object.entries(system.alertPages).filter(([, { text }]) => words.test(text)).map(([page, { text }]) => [page, command.test(text)]));
  assert.ok(discards.length >= 4 && seeks.length === 1 && whose.length === 2, JSON.stringify([discards, seeks, whose]));
  assert.deepEqual([...discards, ...seeks, ...whose].filter(([, hasIt]) => !hasIt), []);
});

test('a page that isn\'t one is named, and an alert without one', () => {
  const root = mkdtempSync(join(tmpdir(), 'boma-pages-'));
  mkdirSync(join(root, 'docs/operations/alerts'), { recursive: true });
  writeFileSync(join(root, 'docs/operations/alerts/refused.md'), '# Boma: refused\n\nIt opens now and then.\n');
  assert.throws(() => readAlertPages(root), /docs\/operations\/alerts\/refused\.md isn't a page of an alert/);
  rmSync(root, { recursive: true });
  assert.throws(() => alerts({ ...system, alertPages: {} }), /the alert exhausted has no page: docs\/operations\/alerts\/exhausted\.md/);
});

test('the page of a fact that isn\'t posted says of each reason with which one is refused what comes of it', () => {
  const isFact = ({ type }) => /^(?:Payment(?!Initiated)|FeeCharged|WithdrawalSettled|WithdrawalFailed|RefundSettled|RefundFailed|Dispute)/.test(type);
  const folder = join(ROOT, 'tests/cases/payments');
  const cases = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))).filter(({ when: { event }, then }) => event && isFact(event) && then.outcome === 'REFUSED');
  const reasons = [...new Set(cases.map(({ then: { reason } }) => /^\w+/.exec(reason)[0]))];
  assert.ok(reasons.length >= 5, reasons.join());
  assert.deepEqual(reasons.filter((reason) => !system.alertPages.unposted.text.includes(reason)), []);
});

test('a fact about money opens an incident of its own for each type, consumer and outcome, and one is enough', () => {
  const [{ filter, thresholdValue, aggregations: [{ groupByFields }] }] = conditionsOf(wanted.find(({ id }) => id === 'unposted'));
  assert.match(filter, /boma_unposted_facts/);
  assert.deepEqual([thresholdValue, groupByFields], [0, ['metric.label.consumer', 'metric.label.outcome', 'metric.label.type']]);
});

test('instances at their most are those of each function, whatever its most is; of one that runs on a schedule one is no news', () => {
  const [few, some, most, ...more] = conditionsOf(wanted.find(({ id }) => id === 'instances'));
  assert.deepEqual([more, few.thresholdValue, some.thresholdValue, most.thresholdValue, most.duration], [[], 3, 9, 19, '300s']);
  assert.deepEqual([few, some, most].map(({ filter }) => ['pulse', 'operator', 'payments'].filter((name) => namesIn(filter).includes(name))), [['pulse'], ['operator'], ['payments']]);
  assert.deepEqual(most.aggregations.map(({ perSeriesAligner, crossSeriesReducer }) => [perSeriesAligner, crossSeriesReducer]), [['ALIGN_MAX', 'REDUCE_SUM']]);
  assert.match(most.filter, /"run\.googleapis\.com\/container\/instance_count"/);
  assert.ok(namesIn(most.filter).includes('payments') && !namesIn(most.filter).includes('clock'));
  const smaller = { ...system, functions: system.functions.map((one) => ({ ...one, ...(one.name === 'notes' && { 'max-instances': 3 }) })) };
  const both = conditionsOf(alerts(smaller).find(({ id }) => id === 'instances'));
  assert.deepEqual(both.map(({ thresholdValue, filter }) => [thresholdValue, namesIn(filter).includes('notes')]), [[2, true], [3, false], [9, false], [19, false]]);
});

const conditionsOf = ({ wanted: { conditions } }) => conditions.map(({ conditionThreshold }) => conditionThreshold);

test('a variable in a text is one that the condition groups by', () => {
  for (const alert of wanted) {
    for (const [, variable] of alert.wanted.documentation.content.matchAll(/\$\{([^}]+)\}/g)) {
      for (const { aggregations } of conditionsOf(alert)) assert.ok(aggregations[0].groupByFields.includes(variable), `${alert.id}: ${variable}`);
    }
  }
});

test('every metric of ours that an alert or the dashboard names is there, with the labels that it names', () => {
  const known = new Map(metrics(system).map(({ name, metricDescriptor }) => [name, metricDescriptor.labels.map(({ key }) => key)]));
  const charts = dashboard(system).mosaicLayout.tiles.map(({ widget }) => widget.xyChart.dataSets[0].timeSeriesQuery.timeSeriesFilter);
  const looked = [
    ...wanted.flatMap(conditionsOf).flatMap(({ filter, denominatorFilter, aggregations }) => [filter, denominatorFilter].filter(Boolean).map((each) => [each, aggregations[0]])),
    ...charts.map(({ filter, aggregation }) => [filter, aggregation]),
  ];
  let ours = 0;
  for (const [filter, { groupByFields }] of looked) {
    const [, name] = /logging\.googleapis\.com\/user\/(\w+)/.exec(filter) ?? [];
    if (name === undefined) continue;
    ours += 1;
    assert.ok(known.has(name), name);
    const labels = [...filter.matchAll(/metric\.labels\.(\w+)/g), ...groupByFields.join(' ').matchAll(/metric\.label\.(\w+)/g)].map(([, label]) => label);
    for (const label of labels) assert.ok(known.get(name).includes(label), `${name} has no label ${label}`);
  }
  assert.ok(ours > 10);
});

test('an alert with a share compares the same of both', () => {
  const shares = wanted.flatMap(conditionsOf).filter(({ denominatorFilter }) => denominatorFilter);
  assert.equal(shares.length, 2);
  for (const { denominatorAggregations, aggregations } of shares) assert.deepEqual(denominatorAggregations, aggregations);
});

test('what must hold of one resource is grouped by a label of the resource, alike in all conditions', () => {
  const both = wanted.filter((alert) => alert.wanted.combiner === 'AND_WITH_MATCHING_RESOURCE');
  assert.deepEqual(both.map(({ id }) => id), ['refused']);
  const [first, ...more] = conditionsOf(both[0]).map(({ aggregations }) => aggregations[0].groupByFields);
  assert.ok(first.every((field) => field.startsWith('resource.label.')), first.join());
  for (const fields of more) assert.deepEqual(fields, first);
});

const namesIn = (filter) => [...filter.matchAll(/"([^"]+)"/g)].map(([, name]) => name);

test('a failing function is seen by its answers, by its own lines, and by Cloud Run\'s where it can write none', () => {
  const watched = ['faults', 'killed'].flatMap((id) => conditionsOf(wanted.find((alert) => alert.id === id)));
  assert.deepEqual(watched.map(({ filter }) => /metric\.type = "[^"]+\/(\w+)"/.exec(filter)[1]), ['request_count', 'boma_deliveries', 'boma_out_of_memory', 'boma_lost_requests']);
  const [answers, own] = watched;
  assert.match(answers.filter, /response_code_class = "5xx" AND metric\.labels\.response_code != "503"$/);
  assert.ok(namesIn(own.filter).includes('FAULT'));
  for (const { aggregations } of watched) assert.deepEqual(aggregations[0].groupByFields, ['resource.label.service_name']);
});

test('of a request to an HTTP function nobody is told that it comes again by itself', () => {
  for (const id of ['faults', 'killed']) {
    const { content } = wanted.find((alert) => alert.id === id).wanted.documentation;
    assert.match(content, /is delivered again by itself[^.]*; a request to an HTTP function\s+its sender repeats\./);
  }
});

test('Google\'s limits of an alert are kept', () => {
  for (const alert of wanted) {
    for (const { aggregations, duration, evaluationMissingData } of conditionsOf(alert)) {
      assert.ok(Number.parseInt(aggregations[0].alignmentPeriod, 10) <= 90_000, 'looks further back than 25 hours');
      if (evaluationMissingData) assert.ok(Number.parseInt(duration, 10) >= 60, 'what is missing counts after a minute at the earliest');
    }
  }
});

test('a job that never ran is known by its failed calls, which need no earlier run', () => {
  const silent = wanted.filter(({ id }) => id.startsWith('silent-'));
  assert.ok(silent.length > 0);
  for (const alert of silent) {
    const failed = conditionsOf(alert).filter(({ evaluationMissingData }) => evaluationMissingData === undefined);
    assert.equal(failed.length, 1, alert.id);
    assert.match(failed[0].filter, /"cloud_scheduler_job".*boma_failed_calls/);
    assert.ok(namesIn(failed[0].filter).includes(alert.id.replace('silent-', 'boma-')), failed[0].filter);
  }
});

test('a schedule whose silence nobody has judged is refused, and those of this tree are judged', () => {
  assert.throws(() => silenceS('7 4 1 * *'), /7 4 1 \* \*/);
  assert.equal(silenceS('*/10 * * * *'), 30 * 60);
  assert.equal(silenceS('17 * * * *'), 3 * 3_600);
  assert.equal(silenceS('0 3 * * *'), 25 * 3_600);
  const silent = wanted.filter(({ id }) => id.startsWith('silent-')).map(({ id }) => id);
  assert.deepEqual(silent, system.functions.filter(({ trigger }) => trigger === 'schedule').map(({ name }) => `silent-${name}`));
});

test('a scheduled run counts as given up when as many of its calls failed as Cloud Scheduler makes, in the time that they may take', () => {
  const failedOf = (name) => wanted.find(({ id }) => id === `silent-${name}`).wanted.conditions[1].displayName;
  assert.equal(failedOf('clock'), 'clock: more than 4 calls failed within 30 minutes');
  assert.equal(failedOf('trial-balance'), 'trial-balance: more than 5 calls failed within 75 minutes');
});
