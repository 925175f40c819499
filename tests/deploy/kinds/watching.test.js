// Metrics, alerts and dashboard: what is there, held against what should be.
import assert from 'node:assert/strict';
import test from 'node:test';

import { permissionsFor } from '../../../deploy/checks/index.js';
import { alerts } from '../../../deploy/kinds/alerts.js';
import { dashboard } from '../../../deploy/kinds/dashboard.js';
import { metrics } from '../../../deploy/kinds/metrics.js';
import { alerts as wantedAlerts } from '../../../deploy/watching/alerts/index.js';
import { dashboard as wantedDashboard } from '../../../deploy/watching/dashboard.js';
import { metrics as wantedMetrics } from '../../../deploy/watching/metrics.js';
import { wholeSystem } from '../whole-system.js';

const system = wholeSystem();
const copy = (value) => JSON.parse(JSON.stringify(value));
const marks = (differences) => differences.map(({ mark, what }) => `${mark} ${what}`);

/** All as it should be, with what Google adds. */
const there = {
  metrics: () => wantedMetrics(system).map((metric) => ({ ...copy(metric), updateTime: '2026-03-01T10:00:00Z' })),
  alerts: () => ({
    policies: wantedAlerts(system).map(({ wanted }, index) => ({ ...copy(wanted), name: `projects/a-project/alertPolicies/${index}`, creationRecord: {} })),
    channels: [],
  }),
  dashboards: () => [{ ...copy(wantedDashboard(system)), name: 'projects/123456789012/dashboards/x', etag: '3' }],
};

test('where nothing is, everything is missing, each with one step that has its file', () => {
  const differing = [...metrics.compare([], system), ...alerts.compare({ policies: [], channels: [] }, system), ...dashboard.compare([], system)];
  assert.ok(differing.length > 15);
  for (const { mark, what, steps } of differing) {
    assert.equal(mark, '+', what);
    assert.equal(steps.length, 1, what);
    assert.match(steps[0].file.name, /^[a-z_-]+\.json$/);
    assert.equal(typeof steps[0].file.content, 'object');
  }
  const files = differing.map(({ steps }) => steps[0].file.name);
  assert.equal(new Set(files).size, files.length, 'two steps write one file');
});

test('a metric that is otherwise is said so, and updated', () => {
  const changed = there.metrics();
  changed[0].filter += '\nseverity>=ERROR';
  changed[2].bucketOptions.exponentialBuckets.growthFactor = 2;
  const differences = metrics.compare(changed, system);
  assert.deepEqual(differences.map(({ what, text }) => `${what}: ${text}`), [
    'metric boma_deliveries: filter is otherwise',
    'metric boma_delivery_ms: bucketOptions.exponentialBuckets.growthFactor is 2, not 1.2',
  ]);
  assert.deepEqual(differences[0].steps[0].gcloud, ['logging', 'metrics', 'update', 'boma_deliveries']);
});

test('an alert that somebody switched off, made deaf or gave another threshold is put right', () => {
  const changed = there.alerts();
  delete changed.policies[0].enabled;
  changed.policies[1].notificationChannels = [];
  changed.policies[2].conditions[0].conditionThreshold.thresholdValue = 10;
  assert.deepEqual(alerts.compare(changed, system).map(({ what, text, steps }) => `${what}: ${text}; ${steps[0].gcloud.join(' ')}`), [
    'alert exhausted: enabled is not there, not true; alpha monitoring policies update projects/a-project/alertPolicies/0',
    'alert crashed: notificationChannels has 0 entries, not 1; alpha monitoring policies update projects/a-project/alertPolicies/1',
    'alert malformed: conditions[0].conditionThreshold.thresholdValue is 10, not 0; alpha monitoring policies update projects/a-project/alertPolicies/2',
  ]);
});

test('an alert of an earlier tree is known by its label alone', () => {
  const changed = there.alerts();
  changed.policies[0].userLabels['boma-source'] = 'another';
  changed.policies[0].conditions[0].conditionThreshold.evaluationMissingData = 'EVALUATION_MISSING_DATA_ACTIVE';
  assert.deepEqual(alerts.compare(changed, system).map(({ text }) => text), ['is an earlier tree\'s']);
});

test('an alert that is there twice stays once, and what nothing asks for goes', () => {
  const changed = there.alerts();
  changed.policies.push({ ...copy(changed.policies[3]), name: 'projects/a-project/alertPolicies/twice' });
  changed.policies.push({ displayName: 'old', name: 'projects/a-project/alertPolicies/old', userLabels: { 'managed-by': 'boma', 'boma-alert': 'old' } });
  const differences = alerts.compare(changed, system);
  assert.deepEqual(marks(differences), ['- alert conflict', '- alert old']);
  assert.deepEqual(differences.map(({ steps }) => steps[0].gcloud.at(-1)), ['projects/a-project/alertPolicies/twice', 'projects/a-project/alertPolicies/old']);
  assert.deepEqual(marks(metrics.compare([...there.metrics(), { name: 'boma_of_before' }], system)), ['- metric boma_of_before']);
});

test('alerts that wake nobody are left to a person, with the place where to write whom', () => {
  const deaf = wholeSystem({ notificationChannels: [] });
  const policies = wantedAlerts(deaf).map(({ wanted }) => copy(wanted));
  const [{ mark, text, steps }] = alerts.compare({ policies, channels: [] }, deaf);
  assert.equal(mark, '!');
  assert.match(text, /deploy\/environments\/production\.json/);
  assert.deepEqual(steps, []);
});

test('a dashboard that somebody rearranged is put back, under the etag that was read', () => {
  const changed = there.dashboards();
  changed[0].mosaicLayout.tiles[0].width = 12;
  const [{ mark, steps }] = dashboard.compare(changed, system);
  assert.equal(mark, '~');
  assert.deepEqual(steps[0].gcloud, ['monitoring', 'dashboards', 'update', 'x']);
  assert.equal(steps[0].file.content.etag, '3');
});

test('whoever may not write them is told so before anything is changed', async () => {
  const found = [{ kind: metrics, there: [] }, { kind: alerts, there: { policies: [], channels: [] } }, { kind: dashboard, there: [] }];
  const cloud = { put: async () => ({ permissions: ['logging.logMetrics.create', 'logging.logMetrics.update', 'logging.logMetrics.delete'] }) };
  const [sentence, ...more] = await permissionsFor(found.map(({ kind }) => kind), { cloud, system });
  assert.deepEqual(more, []);
  assert.match(sentence, /monitoring\.alertPolicies\.create.*monitoring\.dashboards\.create.*roles\/monitoring\.editor/);
});

test('others\' metrics, alerts and dashboards are others\' business', () => {
  const others = { metrics: [{ name: 'theirs' }], policies: [{ displayName: 'theirs', name: 'p/1' }], dashboards: [{ displayName: 'Boma', name: 'd/1' }] };
  assert.deepEqual(metrics.compare([...there.metrics(), ...others.metrics], system), []);
  assert.deepEqual(alerts.compare({ policies: [...there.alerts().policies, ...others.policies], channels: [] }, system), []);
  assert.deepEqual(dashboard.compare([...there.dashboards(), ...others.dashboards], system), []);
  assert.deepEqual(metrics.removal(others.metrics, system), []);
  assert.deepEqual(alerts.removal({ policies: others.policies }, system), []);
  assert.deepEqual(dashboard.removal(others.dashboards, system), []);
});

test('the second time there is nothing to do', () => {
  assert.deepEqual(metrics.compare(there.metrics(), system), []);
  assert.deepEqual(alerts.compare(there.alerts(), system), []);
  assert.deepEqual(dashboard.compare(there.dashboards(), system), []);
});

test('one function alone changes nothing of what watches all', () => {
  const one = wholeSystem({ only: 'kyc' });
  for (const [kind, nothing] of [[metrics, []], [alerts, { policies: [], channels: [] }], [dashboard, []]]) {
    assert.deepEqual(kind.compare(nothing, one), []);
  }
  assert.deepEqual(metrics.removal(there.metrics(), one), []);
  assert.deepEqual(alerts.removal(there.alerts(), one), []);
  assert.deepEqual(dashboard.removal(there.dashboards(), one), []);
});

test('destroying takes away each of them', () => {
  const steps = [...metrics.removal(there.metrics(), system), ...alerts.removal(there.alerts(), system), ...dashboard.removal(there.dashboards(), system)];
  assert.equal(steps.length, there.metrics().length + there.alerts().policies.length + 1);
});
