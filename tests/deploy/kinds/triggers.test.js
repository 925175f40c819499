// Functions that are called by changes of documents and by requests: from an empty project to one that has them, and back, by
// the real gcloud in a cloud of the test's own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { permissionsFor } from '../../../deploy/checks/index.js';
import { openCloud } from '../../../deploy/cloud.js';
import { accounts } from '../../../deploy/kinds/accounts.js';
import { functions } from '../../../deploy/kinds/functions.js';
import { callers, rights } from '../../../deploy/kinds/rights.js';
import { busyKinds, differencesOf, removalOf, stepsOf } from '../../../deploy/plan.js';
import { wholeSystem } from '../whole-system.js';
import { withGcloud } from '../with-gcloud.js';

const PROJECT = 'boma-triggers';
const APIS = ['artifactregistry', 'cloudbuild', 'cloudfunctions', 'eventarc', 'iam', 'run'].map((name) => `${name}.googleapis.com`);
const REASON = 'the provider signs what it posts';
const SA = (name) => `serviceAccount:boma-${name}@${PROJECT}.iam.gserviceaccount.com`;

/** The settings of the trigger alone; the rest, with the folder, is a function's that the build has made. */
const TRIGGERS = {
  mirror: { trigger: 'firestore', document: 'users/{userId}', event: 'written' },
  hook: { trigger: 'http', unauthenticated: REASON },
  lookup: { trigger: 'http' },
};

const whole = wholeSystem({ project: PROJECT });
const built = whole.functions.find(({ name }) => name === 'notify');
const systemOf = (triggers) => ({
  ...whole, functions: Object.entries(triggers).map(([name, settings]) => ({ ...built, name, topics: {}, permissions: [], ...settings })),
});
const system = systemOf(TRIGGERS);
const later = systemOf({ mirror: { trigger: 'http' }, hook: { trigger: 'http' }, lookup: { trigger: 'http' } });

/** Of the rights those that go with these triggers: no topic, for which there would have to be an emulator, and no build. */
const rightsHere = { ...rights, compare: (there, its) => rights.compare(there, its).filter(({ what }) => !/ on topic |boma-build/.test(what)) };

let there;
let cloud;
before(async () => {
  there = await withGcloud([accounts, rightsHere, functions, callers], system);
  ({ cloud } = there);
  for (const api of APIS) cloud.state.enabled.add(api);
});
after(() => there.stop());

const texts = async (its = system) => differencesOf(await there.read(), its).flatMap(({ differences }) => differences).map(({ mark, what, text }) => `${mark} ${what}: ${text}`);
const apply = async (its) => there.carriedOut(stepsOf(differencesOf(await there.read(), its), its));
const known = (name) => cloud.state.functions.get(`projects/${PROJECT}/locations/europe-west1/functions/${name}`);
const policyOf = (name) => cloud.state.policies.get(`run/projects/${PROJECT}/locations/europe-west1/services/${name}`).bindings;
const ofProject = () => cloud.state.policies.get(`cloudresourcemanager/projects/${PROJECT}`).bindings;

describe('unhappy paths', () => {
  test('permissions that triggers need are asked for where a function has one, before anything is changed', async () => {
    const lacking = async (its) => {
      Object.assign(cloud.state, { forbidden: (permission) => permission.startsWith('eventarc.') || permission === 'datastore.databases.getMetadata' });
      const kinds = busyKinds(differencesOf(await there.read(), its));
      const sentences = await permissionsFor(kinds, { cloud: openCloud({ token: 't', env: cloud.env }), system: its });
      Object.assign(cloud.state, { forbidden: undefined });
      return sentences.map((sentence) => sentence.split(' (')[0]);
    };
    assert.deepEqual(await lacking(system), [
      'you lack eventarc.triggers.create, eventarc.triggers.update, eventarc.triggers.delete: ask for roles/eventarc.admin',
      'you lack datastore.databases.getMetadata: ask for roles/datastore.viewer',
    ]);
    assert.deepEqual(await lacking(systemOf({ hook: TRIGGERS.hook })), []);
    assert.deepEqual(cloud.changes(), []);
  });

  test('a trigger whose account may not receive changes is refused, as Eventarc does it', async () => {
    const differing = differencesOf(await there.read(), system);
    const of = (kind) => stepsOf(differing.filter(({ name }) => name === kind), system);
    await there.carriedOut(of('service accounts'));
    await assert.rejects(there.carriedOut(of('functions').filter(({ say }) => say.includes('mirror'))), /eventarc\.events\.receiveEvent/);
    assert.equal(known('mirror'), undefined);
  });
});

describe('applied', () => {
  test('all is made in its order; a trigger\'s audience is known once its address is; then there is nothing to do', async () => {
    await there.apply();
    assert.deepEqual(await texts(), ['~ function mirror: BOMA_AUDIENCE is https://mirror-123456789012.europe-west1.run.app, not https://mirror-abcdefghij-ew.a.run.app']);
    await there.apply();
    assert.deepEqual(await texts(), []);
  });

  test('each has the one caller that its trigger says', () => {
    assert.deepEqual(Object.keys(TRIGGERS).map((name) => policyOf(name).flatMap(({ role, members }) => [role, ...members])), [
      ['roles/run.invoker', SA('changes')], ['roles/run.invoker', 'allUsers'], ['roles/run.invoker', SA('http')],
    ]);
    assert.deepEqual(Object.keys(TRIGGERS).map((name) => known(name).serviceConfig.environmentVariables.BOMA_CALLER), [
      SA('changes').replace('serviceAccount:', ''), undefined, SA('http').replace('serviceAccount:', ''),
    ]);
    assert.deepEqual(Object.keys(TRIGGERS).map((name) => known(name).serviceConfig.ingressSettings), ['ALLOW_INTERNAL_ONLY', 'ALLOW_ALL', 'ALLOW_INTERNAL_ONLY']);
  });

  test('changes of documents come through Eventarc, again until they are taken; its account may do that and no more', () => {
    const { eventType, eventFilters, triggerRegion, serviceAccountEmail, retryPolicy } = known('mirror').eventTrigger;
    assert.deepEqual([eventType, triggerRegion, retryPolicy], ['google.cloud.firestore.document.v1.written', 'europe-west1', 'RETRY_POLICY_RETRY']);
    assert.deepEqual(eventFilters.map(({ attribute, value, operator }) => [attribute, value, operator]), [
      ['database', '(default)', undefined], ['document', 'users/{userId}', 'match-path-pattern'],
    ]);
    assert.equal(`serviceAccount:${serviceAccountEmail}`, SA('changes'));
    assert.deepEqual(ofProject().filter(({ members }) => members.includes(SA('changes'))).map(({ role }) => role), ['roles/eventarc.eventReceiver']);
    const signers = cloud.state.policies.get(`iam/projects/${PROJECT}/serviceAccounts/${serviceAccountEmail}`).bindings;
    assert.deepEqual(signers, [{ role: 'roles/iam.serviceAccountTokenCreator', members: ['serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com'] }]);
  });
});

describe('changed', () => {
  test('what somebody changed by hand is found and mended', async () => {
    policyOf('hook').pop();
    policyOf('lookup')[0].members.push('allUsers');
    policyOf('mirror')[0].members.push(SA('http'));
    known('mirror').eventTrigger.eventFilters[1].value = 'leads/{leadId}';
    known('hook').eventTrigger = { eventType: 'google.cloud.pubsub.topic.v1.messagePublished', serviceAccountEmail: SA('changes').replace('serviceAccount:', '') };
    ofProject().splice(ofProject().findIndex(({ role }) => role === 'roles/eventarc.eventReceiver'), 1);
    assert.deepEqual(await texts(), [
      `+ roles/eventarc.eventReceiver on project ${PROJECT} for boma-changes (receives changes of documents): isn't there`,
      "~ function mirror: trigger's document is leads/{leadId}, not users/{userId}",
      '~ function hook: is called by Eventarc (google.cloud.pubsub.topic.v1.messagePublished), and should be by requests',
      `+ roles/run.invoker on service hook for allUsers (${REASON}): isn't there`,
      '- service mirror: boma-http has roles/run.invoker, which nothing here asks for',
      '- service lookup: is open to the public: allUsers has roles/run.invoker',
    ]);
    await there.apply();
    assert.deepEqual(await texts(), []);
    assert.equal(known('hook').eventTrigger, undefined);
  });

  test('functions whose settings say another trigger or no reason any more are closed, and their accounts lose what they had', async () => {
    const said = await texts(later);
    assert.deepEqual(said.filter((line) => !line.startsWith('+')).map((line) => line.split(';')[0]), [
      `- project ${PROJECT}: boma-changes has roles/eventarc.eventReceiver, which nothing here asks for`,
      "~ function mirror: BOMA_CALLER is boma-changes@boma-triggers.iam.gserviceaccount.com, not boma-http@boma-triggers.iam.gserviceaccount.com",
      '~ function hook: ingress is ALLOW_ALL, not ALLOW_INTERNAL_ONLY',
      '- service mirror: boma-changes has roles/run.invoker, which nothing here asks for',
      '- service hook: is open to the public: allUsers has roles/run.invoker',
    ]);
    await apply(later);
    assert.deepEqual(await texts(later), []);
    assert.equal(known('mirror').eventTrigger, undefined);
    assert.deepEqual(policyOf('hook').flatMap(({ members }) => members), [SA('http')]);
  });
});

describe('destroyed', () => {
  test('functions, accounts and rights on the project go, also the account of a trigger that no function has any more', async () => {
    await there.carriedOut(removalOf(await there.read(), later));
    assert.deepEqual([cloud.state.functions.size, cloud.state.services.size, cloud.state.accounts.size], [0, 0, 0]);
    assert.deepEqual(ofProject().flatMap(({ members }) => members), []);
  });

  test('the cloud was asked for nothing that it does not know', () => {
    assert.deepEqual(cloud.unexpected(), []);
  });
});
