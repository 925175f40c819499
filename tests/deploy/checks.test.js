// What would go wrong half-way is found before anything is changed, and all of it at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { billing } from '../../deploy/checks/billing.js';
import { permissionsFor, problemsOf } from '../../deploy/checks/index.js';
import { Refused } from '../../deploy/cloud.js';
import { database } from '../../deploy/kinds/database.js';
import { topics } from '../../deploy/kinds/topics.js';
import { readProject } from '../../deploy/project.js';
import { aSystem } from './a-system.js';

const system = aSystem();
const withBilling = (answer) => ({ get: async () => (answer instanceof Error ? Promise.reject(answer) : answer) });
const granting = (...granted) => ({ put: async (_api, _path, { permissions: asked }) => ({ permissions: asked.filter((one) => granted.includes(one)) }) });

test('a project without billing is named, and whoever may not see it is not held up', async () => {
  assert.match((await billing({ cloud: withBilling({ billingEnabled: false }), system })).join(), /acme-crm has no billing account: gcloud billing projects link acme-crm/);
  assert.deepEqual(await billing({ cloud: withBilling({ billingEnabled: true }), system }), []);
  assert.deepEqual(await billing({ cloud: withBilling(new Refused('no', { status: 403 })), system }), []);
});

test('what you may not do is named with the role that has it, one sentence a role', async () => {
  const [sentence, ...others] = await permissionsFor([topics], { cloud: granting('pubsub.topics.update'), system });
  assert.match(sentence, /^you lack pubsub\.topics\.create, pubsub\.topics\.delete: ask for roles\/pubsub\.admin \(gcloud projects add-iam-policy-binding acme-crm/);
  assert.deepEqual(others, []);
});

test('where nothing is to be done nothing is asked', async () => {
  const cloud = { put: async () => assert.fail('nobody is asked') };
  assert.deepEqual(await permissionsFor([], { cloud, system }), []);
});

test('a permission that Google has given another name nobody lacks, and the others are asked about all the same', async () => {
  const put = async (_api, _path, { permissions }) => {
    if (permissions.includes('pubsub.topics.delete')) throw new Refused('Permission pubsub.topics.delete is not valid for this resource', { status: 400 });
    return { permissions: permissions.filter((one) => one === 'pubsub.topics.update') };
  };
  const [sentence, ...others] = await permissionsFor([topics], { cloud: { put }, system });
  assert.match(sentence, /^you lack pubsub\.topics\.create: /);
  assert.deepEqual(others, []);
  const denied = { put: async () => { throw new Refused('no', { status: 403 }); } };
  await assert.rejects(permissionsFor([topics], { cloud: denied, system }), Refused);
});

test('a name that is taken is said with the command that makes it ours, and everything that is wrong at once', async () => {
  const there = [{ name: 'projects/acme-crm/topics/kyc', labels: { team: 'risk' } }];
  const found = [{ kind: topics, there }, { kind: { ...database, compare: () => [] }, there: { database: null, isOurs: false, collections: [] } }];
  const sentences = await problemsOf(withBilling({ billingEnabled: false }), found, system);
  assert.match(sentences.join('\n'), /no billing/);
  assert.match(sentences.join('\n'), /topic kyc is there already, and not Boma's .* gcloud pubsub topics update kyc --update-labels=managed-by=boma --project=acme-crm/);
});

test('a project that is not there, may not be seen, or is about to be deleted is named', async () => {
  await assert.rejects(readProject(withBilling(null), 'acme'), /--project acme: there is no such project, or you may not see it/);
  await assert.rejects(readProject(withBilling(new Refused('no', { status: 403 })), 'acme'), /there is no such project/);
  await assert.rejects(readProject(withBilling({ lifecycleState: 'DELETE_REQUESTED' }), 'acme'), /is DELETE_REQUESTED: gcloud projects undelete acme/);
  assert.deepEqual(await readProject(withBilling({ lifecycleState: 'ACTIVE', projectNumber: 7 }), 'acme'), { projectNumber: '7' });
});
