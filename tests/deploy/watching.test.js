// Metrics, alerts and the dashboard are made, changed and taken away by the real gcloud.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { alerts } from '../../deploy/kinds/alerts.js';
import { dashboard } from '../../deploy/kinds/dashboard.js';
import { metrics } from '../../deploy/kinds/metrics.js';
import { removalOf, stepsOf } from '../../deploy/plan.js';
import { wholeSystem } from './whole-system.js';
import { withGcloud } from './with-gcloud.js';

const PROJECT = 'watched-project';
const KINDS = [metrics, alerts, dashboard];
// Of each form one; a call of gcloud takes a second. What `apply` makes of all the others, the tests of the whole see.
const BY_GCLOUD = ['boma_deliveries', 'boma_delivery_ms', 'boma_lost_requests', 'alert refused', 'alert silent-clock', 'dashboard'];

const system = wholeSystem({ project: PROJECT });
let watched;
let cloud;
before(async () => {
  watched = await withGcloud(KINDS, system);
  cloud = watched.cloud;
  for (const api of ['logging', 'monitoring']) cloud.state.enabled.add(`${api}.googleapis.com`);
  cloud.state.notificationChannels = [{ name: `projects/${PROJECT}/notificationChannels/7`, type: 'email' }];
});
after(() => watched?.stop());

const saidOf = (all) => all.flatMap(({ differences }) => differences.map(({ what, text }) => `${what}: ${text}`));

/** The others come by the same requests, without a second of gcloud each. */
async function put(steps) {
  for (const { command, file: { content } } of steps) {
    const [api, path] = command.includes('metrics') ? ['LOGGING', 'v2/projects/%/metrics'] : ['MONITORING', 'v3/projects/%/alertPolicies'];
    const url = `${cloud.env[`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`]}${path.replace('%', PROJECT)}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(api === 'LOGGING' ? { name: command[4], ...content } : content) });
    assert.equal(answer.status, 200, await answer.text());
  }
}

test('an alert on a metric that isn\'t there yet is refused, and gcloud says why', async () => {
  const steps = stepsOf(await watched.differences(), system);
  await assert.rejects(watched.carriedOut(steps.filter(({ say }) => say === 'create alert crashed')), /Cannot find metric that matches type/);
});

test('what is missing is made, and then nothing is to be done', async () => {
  const steps = stepsOf(await watched.differences(), system);
  const isByGcloud = ({ say }) => BY_GCLOUD.some((name) => say.includes(name));
  assert.equal(steps.filter(isByGcloud).length, BY_GCLOUD.length);
  for (const kind of ['metric', 'alert', 'dashboard']) {
    const own = steps.filter(({ say }) => say.includes(`create ${kind}`));
    await put(own.filter((step) => !isByGcloud(step)));
    await watched.carriedOut(own.filter(isByGcloud));
  }
  assert.deepEqual(saidOf(await watched.differences()), []);
  assert.deepEqual(cloud.unexpected(), []);
});

test('what somebody changed by hand is named, and changed back', async () => {
  const { metrics: kept, alertPolicies, dashboards } = cloud.state;
  kept.get('boma_deliveries').labelExtractors.outcome = 'EXTRACT(jsonPayload.type)';
  const refused = [...alertPolicies.values()].find(({ userLabels }) => userLabels['boma-alert'] === 'refused');
  refused.conditions[0].conditionThreshold.thresholdValue = 0.5;
  [...dashboards.values()][0].mosaicLayout.tiles.pop();
  const found = await watched.differences();
  assert.deepEqual(saidOf(found), [
    'metric boma_deliveries: labelExtractors.outcome is EXTRACT(jsonPayload.type), not EXTRACT(jsonPayload.outcome)',
    'alert refused: conditions[0].conditionThreshold.thresholdValue is 0.5, not 0.05',
    'dashboard Boma: is otherwise (1 places)',
  ]);
  await watched.carriedOut(stepsOf(found, system));
  assert.deepEqual(saidOf(await watched.differences()), []);
});

test('it is all taken away, and nothing of others', async () => {
  cloud.state.metrics.set('theirs', { name: 'theirs', filter: 'severity=ERROR' });
  const steps = removalOf(await watched.read(), system);
  assert.equal(steps.length, cloud.state.metrics.size - 1 + cloud.state.alertPolicies.size + 1);
  const oneOfEach = ['metric', 'alert', 'dashboard'].map((kind) => steps.find(({ say }) => say.startsWith(`delete ${kind}`)));
  await watched.carriedOut(oneOfEach);
  assert.equal(removalOf(await watched.read(), system).length, steps.length - 3);
  assert.ok(cloud.state.metrics.has('theirs'));
  assert.deepEqual(cloud.unexpected(), []);
});
