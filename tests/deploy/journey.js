// A project's whole life under deploy.sh, with the real gcloud: made, stopped half-way, gone on with, changed by hand, mended,
// taken away. One function or all of them: the same steps.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { deploying, gcloudWithout } from './deploying.js';

const PROJECT = 'acme-crm';

/** `args` choose the functions; `kyc` must be among them. `prepared` may put something into the cloud beforehand. */
export async function journey(args, prepared = async () => {}) {
  const { cloud, env, folder, deploy, answering, started, startedWith, stop } = await deploying(PROJECT);
  test.after(stop);
  await prepared(cloud);
  const pubsub = (method, path, body) => fetch(`http://${cloud.pubsubHost}/v1/projects/${PROJECT}/${path}`, {
    method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body),
  }).then((answer) => answer.json());
  /** By somebody who may see everything and change nothing. */
  const byAGuest = async (work) => {
    Object.assign(cloud.state, { forbidden: () => true });
    const result = await work();
    Object.assign(cloud.state, { forbidden: undefined });
    return result;
  };
  const isFor = ({ api, method, path }, what) => api === 'pubsub' && method === 'PUT' && path.endsWith(`/${what}`);
  const since = (from) => cloud.changes().slice(from);

  test('a project without billing or rights is refused before anything is changed', async () => {
    Object.assign(cloud.state, { billing: false, forbidden: (permission) => permission === 'serviceusage.services.enable' });
    const { status, said } = await deploy('apply', ...args);
    Object.assign(cloud.state, { billing: true, forbidden: undefined });
    assert.equal(status, 1, said);
    assert.match(said, /nothing was changed/);
    assert.match(said, /has no billing account/);
    assert.match(said, /you lack serviceusage\.services\.enable: ask for roles\/serviceusage\.serviceUsageAdmin/);
    assert.deepEqual(cloud.changes(), []);
  });

  test('plan shows what there is to do, and changes nothing', async () => {
    const { status, said } = await deploy('plan', ...args);
    assert.equal(status, 2, said);
    for (const line of ['+ topic kyc', '+ subscription kyc.kyc', '+ boma-kyc', 'Who may publish']) assert.ok(said.includes(line), line);
    assert.deepEqual(cloud.changes(), []);
  });

  test('whoever may only look sees the same, and what he would lack to apply it', async () => {
    const { status, said } = await byAGuest(() => deploy('plan', ...args));
    assert.equal(status, 2, said);
    assert.match(said, /\+ topic kyc[^]*You may not apply this:[^]*! you lack pubsub\.topics\.create[^]*ask for roles\/pubsub\.admin/);
    assert.deepEqual(cloud.changes(), []);
  });

  test('a gcloud without the commands that some steps are is named before anything is changed', async () => {
    const { child, ended } = startedWith(gcloudWithout(folder, 'beta'), 'apply', '--project', PROJECT, ...args);
    child.stdin.end();
    const { status, said } = await ended;
    assert.equal(status, 1, said);
    assert.match(said, /deploy\.sh: gcloud has no beta commands, which some steps are: gcloud components install beta/);
    assert.deepEqual(cloud.changes(), []);
  });

  test('stopped by Ctrl-C, apply ends what is under way and begins nothing more', async () => {
    const run = started('apply', '--project', PROJECT, ...args);
    while (!/\[3\/\d+\]/.test(run.said())) await wait(50);
    run.interrupt();
    const { status, said } = await run.ended;
    assert.equal(status, 130, said);
    assert.match(said, /Run the same command again to go on/);
    assert.doesNotMatch(said, /: failed/);
    const settled = cloud.changes().length;
    await wait(2000);
    assert.equal(cloud.changes().length, settled, 'nothing goes on behind it');
  });

  test('a step that fails ends it with its own words, and the same command goes on', async () => {
    cloud.state.failing = (request) => isFor(request, 'subscriptions/kyc.kyc') && 'it fails on request';
    const { status, said } = await deploy('apply', ...args);
    cloud.state.failing = undefined;
    assert.equal(status, 1, said);
    assert.match(said, /create subscription kyc\.kyc: failed/);
    assert.match(said, /gcloud pubsub subscriptions create kyc\.kyc/);
    assert.match(said, /fails on request/);
    assert.match(said, /a step failed, see above/);
  });

  test('apply comes to its end, as long as Google wants to be waited for, and then there is nothing to do', async () => {
    let failures = 0;
    cloud.state.failing = (request) => isFor(request, 'subscriptions/kyc.kyc') && (failures += 1) === 1 && 'That name is not available yet. Please retry in 1 seconds.';
    const { status, said } = await deploy('apply', ...args);
    cloud.state.failing = undefined;
    assert.equal(status, 0, said);
    assert.match(said, /create subscription kyc\.kyc: failed, once more in 1 s \(.*not available yet/);
    assert.match(said, /Looking again:[^]*Nothing to do: all is as it should be/);
    assert.deepEqual(cloud.unexpected(), []);
    const before = cloud.changes().length;
    const again = await deploy('apply', ...args);
    assert.equal(again.status, 0, again.said);
    assert.match(again.said, /Nothing to do/);
    assert.deepEqual(since(before), []);
  });

  test('what was asked of the cloud is ordered, has a caller, dead letters and one region, and nobody else may call', () => {
    const made = (kind) => cloud.requests.filter(({ method, path, status }) => method === 'PUT' && path.includes(`/${kind}/`) && status === 200).map(({ body }) => body);
    const subscriptions = made('subscriptions');
    assert.ok(subscriptions.length > 0);
    for (const one of subscriptions) {
      const consumer = one.name.split('/').at(-1).split('.')[0];
      assert.equal(one.enableMessageOrdering, true, one.name);
      assert.deepEqual([one.ackDeadlineSeconds, one.expirationPolicy], [60, {}], one.name);
      assert.deepEqual(one.retryPolicy, { minimumBackoff: '1s', maximumBackoff: '600s' }, one.name);
      assert.equal(one.pushConfig.pushEndpoint, `https://${consumer}-${cloud.projectNumber}.europe-west1.run.app`);
      assert.deepEqual(one.pushConfig.oidcToken, { serviceAccountEmail: `boma-push@${PROJECT}.iam.gserviceaccount.com`, audience: one.pushConfig.pushEndpoint });
      if (consumer !== 'dead-letters') assert.deepEqual(one.deadLetterPolicy, { deadLetterTopic: `projects/${PROJECT}/topics/dead-letters`, maxDeliveryAttempts: 100 }, one.name);
    }
    for (const one of made('topics')) {
      assert.deepEqual(one.messageStoragePolicy, { allowedPersistenceRegions: ['europe-west1'], enforceInTransit: true }, one.name);
      assert.equal(one.messageRetentionDuration, '2678400s', one.name);
    }
    const policies = [...cloud.state.policies.values()].flatMap(({ bindings }) => bindings.flatMap(({ members }) => members));
    assert.ok(policies.length > 0 && !policies.some((member) => member.startsWith('all')), policies.join(' '));
    assert.ok(!cloud.requests.some(({ path }) => /\/keys\b/.test(path)), 'no key is ever made');
  });

  test('an event goes in by the region\'s endpoint, as README says; by the global one Pub/Sub refuses it, and it isn\'t taken in silence', async () => {
    const published = (endpoint) => promisify(execFile)('gcloud', [
      'pubsub', 'topics', 'publish', 'user-lifecycle', `--project=${PROJECT}`, '--ordering-key=a', '--message={}',
    ], { env: { ...env, CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `${cloud.base}/${endpoint}/` } });
    await assert.rejects(published('pubsub'), ({ stderr }) => /FAILED_PRECONDITION[^]*refuses publish by the global endpoint/.test(stderr));
    await published('europe-west1-pubsub');
  });

  test('what was changed by hand is seen, each thing in one line', async () => {
    await pubsub('PATCH', 'topics/kyc', { topic: { name: `projects/${PROJECT}/topics/kyc`, messageRetentionDuration: '600s' }, updateMask: 'messageRetentionDuration' });
    await pubsub('DELETE', 'subscriptions/kyc.kyc');
    await pubsub('PUT', 'subscriptions/kyc.kyc', { topic: `projects/${PROJECT}/topics/kyc`, labels: { 'managed-by': 'boma' } });
    await pubsub('POST', 'topics/kyc:publish', { messages: ['one', 'two'].map((text) => ({ data: Buffer.from(text).toString('base64'), orderingKey: 'a' })) });
    cloud.state.policies.delete(`pubsub/projects/${PROJECT}/subscriptions/kyc.kyc`);
    cloud.state.policies.get(`run/projects/${PROJECT}/locations/europe-west1/services/kyc`).bindings.push({ role: 'roles/run.invoker', members: ['allUsers'] });
    const { status, said } = await deploy('plan', ...args);
    assert.equal(status, 2, said);
    assert.match(said, /~ topic kyc: keeps messages for 0\.\d+ days, not 31/);
    assert.match(said, /~ subscription kyc\.kyc: has no order, which can't be changed; kyc\.kyc\.next begins beside it/);
    assert.match(said, /\+ roles\/pubsub\.subscriber on subscription kyc\.kyc/);
    assert.match(said, /- service kyc: is open to the public: allUsers has roles\/run\.invoker/);
  });

  test('apply mends it, and leaves to a person what would lose messages', async () => {
    const { status, said } = await deploy('apply', ...args);
    assert.equal(status, 0, said);
    assert.match(said, /! subscription kyc\.kyc: .*When kyc\.kyc is empty/);
    assert.equal((await pubsub('GET', 'subscriptions/kyc.kyc.next')).enableMessageOrdering, true);
    await pubsub('POST', 'subscriptions/kyc.kyc:modifyPushConfig', { pushConfig: {} });
    const { receivedMessages } = await pubsub('POST', 'subscriptions/kyc.kyc:pull', { maxMessages: 10 });
    assert.deepEqual(receivedMessages.map(({ message }) => Buffer.from(message.data, 'base64').toString()), ['one', 'two']);
    await pubsub('DELETE', 'subscriptions/kyc.kyc');
    assert.equal((await deploy('apply', ...args)).status, 0);
    assert.equal((await pubsub('GET', 'subscriptions/kyc.kyc')).enableMessageOrdering, true);
  });

  test('whoever may take nothing away is told so before he is asked', async () => {
    const before = cloud.changes().length;
    const { status, said } = await byAGuest(() => answering(`${PROJECT}\n`, 'destroy', ...args));
    assert.equal(status, 1, said);
    assert.match(said, /nothing was changed\.[^]*you lack/);
    assert.deepEqual(since(before), []);
  });

  test('destroy asks first, and another answer than the name changes nothing', async () => {
    const before = cloud.changes().length;
    const { status, said } = await answering('yes\n', 'destroy', ...args);
    assert.equal(status, 1, said);
    assert.match(said, new RegExp(`To take all this away from ${PROJECT}, type the project's name`));
    assert.match(said, /nothing was changed/);
    assert.deepEqual(since(before), []);
  });

  test('destroy takes away what apply made', async () => {
    const { status, said } = await answering(`${PROJECT}\n`, 'destroy', ...args);
    assert.equal(status, 0, said);
    assert.match((await deploy('destroy', ...args)).said, /database \(default\): stays with its documents[^]*Nothing else of Boma's is in acme-crm/);
    assert.deepEqual(cloud.unexpected(), []);
  });
}
