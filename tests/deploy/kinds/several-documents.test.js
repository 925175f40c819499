// A function that hears of several documents: one deployment and a trigger for each, by the real gcloud in a cloud of the test's own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { permissionsFor } from '../../../deploy/checks/index.js';
import { openCloud } from '../../../deploy/cloud.js';
import { wanted as accountsOf } from '../../../deploy/kinds/accounts.js';
import { functions } from '../../../deploy/kinds/functions.js';
import { callers, wanted as rightsOf } from '../../../deploy/kinds/rights.js';
import { triggers } from '../../../deploy/kinds/triggers.js';
import { triggerOf } from '../../../deploy/names.js';
import { busyKinds, collisionsOf, differencesOf, removalOf, stepsOf } from '../../../deploy/plan.js';
import { said } from '../a-system.js';
import { wholeSystem } from '../whole-system.js';
import { withGcloud } from '../with-gcloud.js';

const PROJECT = 'boma-documents';
const CALLER = `boma-changes@${PROJECT}.iam.gserviceaccount.com`;
const whole = wholeSystem({ project: PROJECT });
const built = whole.functions.find(({ name }) => name === 'notify');
const systemOf = (documents, more = {}) => ({
  ...whole, firestoreLocation: 'eur3', ...more,
  functions: [{ ...built, name: 'copies', topics: {}, permissions: [], trigger: 'firestore', event: 'written', documents }],
});
const system = systemOf(['users/{id}', 'kyc_cases/{id}', 'users/{id}/notes/{note}']);

let there;
let cloud;
before(async () => {
  there = await withGcloud([functions, callers, triggers], system);
  ({ cloud } = there);
  for (const api of ['artifactregistry', 'cloudbuild', 'cloudfunctions', 'eventarc', 'run']) cloud.state.enabled.add(`${api}.googleapis.com`);
  cloud.state.accounts = new Map(accountsOf(system).map(({ email }) => [email, { email }]));
});
after(() => there.stop());

const texts = async (its = system) => differencesOf(await there.read(), its).flatMap(({ differences }) => said(differences));
const apply = async (its = system) => there.carriedOut(stepsOf(differencesOf(await there.read(), its), its));
const known = (name) => cloud.state.triggers.get(`projects/${PROJECT}/locations/eur3/triggers/boma-copies-${name}`);
const names = () => [...(cloud.state.triggers ?? new Map()).keys()].map((name) => name.split('/').at(-1)).sort();

describe('unhappy paths', () => {
  test('who may make no trigger is told so before anything is changed', async () => {
    Object.assign(cloud.state, { forbidden: (permission) => permission.startsWith('eventarc.') });
    const lacking = await permissionsFor(busyKinds(differencesOf(await there.read(), system)), { cloud: openCloud({ token: 't', env: cloud.env }), system });
    Object.assign(cloud.state, { forbidden: undefined });
    assert.deepEqual(lacking.map((sentence) => sentence.split(' (')[0]), ['you lack eventarc.triggers.create, eventarc.triggers.update, eventarc.triggers.delete: ask for roles/eventarc.admin']);
    assert.deepEqual(cloud.changes(), []);
  });

  test('an account that may receive nothing is refused, and what was made stays for the next run', async () => {
    await assert.rejects(apply(), /eventarc\.events\.receiveEvent/);
    assert.deepEqual(names(), []);
    assert.equal(cloud.state.functions.size, 1);
    cloud.state.policies.set(`cloudresourcemanager/projects/${PROJECT}`, { etag: '', bindings: [{ role: 'roles/eventarc.eventReceiver', members: [`serviceAccount:${CALLER}`] }] });
  });

  test('a location that Google can\'t look into is none in which triggers are missing', async () => {
    cloud.state.unreachable = [`projects/${PROJECT}/locations/eur3`];
    await assert.rejects(there.read(), /eventarc\.googleapis\.com can't look into eur3/);
    cloud.state.unreachable = undefined;
  });

  test('a trigger of a wanted name that isn\'t ours is a collision, with the command that makes it ours', () => {
    const theirs = [{ name: `projects/${PROJECT}/locations/eur3/triggers/boma-copies-users` }];
    assert.deepEqual(collisionsOf([{ kind: triggers, there: theirs }], system).map(({ what, adopt }) => [what, adopt.join(' ')]), [
      ['trigger boma-copies-users', `gcloud eventarc triggers update boma-copies-users --location=eur3 --update-labels=managed-by=boma --project=${PROJECT}`],
    ]);
  });
});

describe('applied', () => {
  test('one function has a trigger for each path; the audience is its address; then there is nothing to do, in whatever order the paths are', async () => {
    await apply();
    await apply();
    assert.deepEqual(await texts(), []);
    assert.deepEqual(await texts(systemOf(['users/{id}/notes/{note}', 'users/{id}', 'kyc_cases/{id}'])), []);
    assert.deepEqual(names(), ['boma-copies-kyc-cases', 'boma-copies-users', 'boma-copies-users-notes']);
    const { eventTrigger, serviceConfig } = [...cloud.state.functions.values()][0];
    assert.equal(eventTrigger, undefined);
    assert.deepEqual([serviceConfig.environmentVariables.BOMA_CALLER, serviceConfig.environmentVariables.BOMA_AUDIENCE], [CALLER, serviceConfig.uri]);
  });

  test('each says type, database, path, encoding, service, account and owner', () => {
    const { eventFilters, destination, serviceAccount, eventDataContentType, labels } = known('kyc-cases');
    assert.deepEqual(eventFilters.map(({ attribute, value, operator }) => [attribute, value, operator]), [
      ['type', 'google.cloud.firestore.document.v1.written', undefined], ['database', '(default)', undefined], ['document', 'kyc_cases/{id}', 'match-path-pattern'],
    ]);
    assert.deepEqual([destination, serviceAccount, eventDataContentType, labels], [
      { cloudRun: { service: 'copies', region: 'europe-west1' } }, CALLER, 'application/protobuf', { 'managed-by': 'boma' },
    ]);
  });

  test('its account may receive, call and have its tokens signed', () => {
    const of = rightsOf(system).filter(({ member, of: on }) => member === `serviceAccount:${CALLER}` || on === CALLER);
    assert.deepEqual(of.map(({ role }) => role), ['roles/run.invoker', 'roles/eventarc.eventReceiver', 'roles/iam.serviceAccountTokenCreator']);
  });
});

describe('changed', () => {
  test('what is missing, otherwise or too much is found and mended', async () => {
    cloud.state.triggers.delete(known('users').name);
    known('kyc-cases').serviceAccount = `x@${PROJECT}`;
    Object.assign(known('users-notes'), { eventDataContentType: 'application/json', conditions: { topic: { code: 'NOT_FOUND', message: 'its topic was deleted' }, subscription: { code: 'OK' } } });
    const elsewhere = `projects/${PROJECT}/locations/nam5/triggers/boma-copies-users`;
    cloud.state.triggers.set(elsewhere, { name: elsewhere, labels: { 'managed-by': 'boma' }, destination: { cloudRun: { service: 'copies' } } });
    cloud.state.triggers.set('theirs', { name: `projects/${PROJECT}/locations/eur3/triggers/theirs`, destination: {} });
    assert.deepEqual(await texts(), [
      '+ trigger boma-copies-users (users/{id})',
      `~ trigger boma-copies-kyc-cases: account is x@${PROJECT}, not ${CALLER}`,
      "~ trigger boma-copies-users-notes: encoding is application/json, not application/protobuf; doesn't work: its topic was deleted",
      "- trigger boma-copies-users: is Boma's, in nam5, and nothing here asks for it",
    ]);
    await apply();
    assert.deepEqual(await texts(), []);
    cloud.state.triggers.delete('theirs');
  });

  test('another filter is replaced', () => {
    const otherwise = (change) => {
      const one = structuredClone(known('users'));
      change(one);
      return triggers.compare([one], systemOf(['users/{id}'])).map(({ text, steps }) => [text, steps.map(({ say }) => say)]);
    };
    const anew = ['delete trigger boma-copies-users', 'create trigger boma-copies-users'];
    assert.deepEqual(otherwise(({ eventFilters }) => { eventFilters[0].value = 'google.cloud.firestore.document.v1.created'; }), [['type is google.cloud.firestore.document.v1.created, not google.cloud.firestore.document.v1.written', anew]]);
    assert.deepEqual(otherwise(({ eventFilters }) => { delete eventFilters[2].operator; }), [['document is users/{id} in another way, not users/{id}', anew]]);
    assert.deepEqual(otherwise((one) => { one.retryPolicy = { maxAttempts: 1 }; }), [['gives up after 1 attempts', anew]]);
    assert.deepEqual(otherwise(({ eventFilters }) => { eventFilters.push({ attribute: 'authtype', value: 'unauthenticated' }); }), [['authtype is filtered, and nothing here asks for it', anew]]);
  });

  test('where the function fills the warehouse, the plan says what to do about the changes that come between', () => {
    const filling = systemOf(['users/{id}']);
    filling.functions[0].permissions = [{ role: 'boma.appender', tables: ['users_history'], reason: 'appends rows' }];
    const one = structuredClone(known('users'));
    one.retryPolicy = { maxAttempts: 1 };
    assert.deepEqual(said(triggers.compare([one], filling)), [
      '~ trigger boma-copies-users: gives up after 1 attempts',
      `! trigger boma-copies-users: is made anew, and the warehouse misses the changes in between: afterwards npm run warehouse -- reconcile --project ${PROJECT}`,
    ]);
  });

  test('a path that the settings no longer have loses its trigger', async () => {
    const fewer = systemOf(['users/{id}', 'kyc_cases/{id}']);
    assert.deepEqual(await texts(fewer), ["- trigger boma-copies-users-notes: is Boma's, in eur3, and nothing here asks for it"]);
    await apply(fewer);
    assert.deepEqual(names(), ['boma-copies-kyc-cases', 'boma-copies-users']);
  });

  test('of a part of the functions the triggers of others are neither judged nor taken away', () => {
    const others = [{ name: `projects/${PROJECT}/locations/eur3/triggers/boma-others-users`, labels: { 'managed-by': 'boma' }, destination: { cloudRun: { service: 'others' } } }];
    const part = systemOf([], { isWhole: false });
    assert.deepEqual([triggers.compare(others, part), triggers.removal(others, part)], [[], []]);
    assert.equal(triggers.removal(others, system).length, 1);
  });
});

test('a trigger has a name that Eventarc takes', () => {
  for (const document of ['users/{id}', 'kyc_cases/{id}', 'users/{userId}/Timeline/{entry}', 'sweeps/trial-balance']) assert.match(triggerOf('warehouse', document), /^[a-z][a-z0-9-]{0,62}$/);
});

describe('destroyed', () => {
  test('triggers go before their function, and nothing is left of them', async () => {
    const steps = removalOf(await there.read(), system);
    assert.deepEqual(steps.map(({ say }) => say), ['delete trigger boma-copies-kyc-cases', 'delete trigger boma-copies-users', 'delete function copies']);
    await there.carriedOut(steps);
    assert.deepEqual([names(), cloud.state.functions.size], [[], 0]);
    assert.deepEqual(cloud.unexpected(), []);
  });
});
