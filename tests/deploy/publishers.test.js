// Who may publish where, as a plan lists it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { publishersOf, publishersText, readPublishers } from '../../deploy/publishers.js';
import { readSystem } from '../../deploy/system.js';
import { aSystem } from './a-system.js';
import { ROOT } from './deploying.js';
import { wholeSystem } from './whole-system.js';

const KYC = 'serviceAccount:boma-kyc@acme-crm.iam.gserviceaccount.com';
const SHOP = 'serviceAccount:shop@acme-shop.iam.gserviceaccount.com';
const PUBSUB = 'serviceAccount:service-1234@gcp-sa-pubsub.iam.gserviceaccount.com';
const PUBLISHER = 'roles/pubsub.publisher';
const system = aSystem({
  authorities: { kyc: { publishers: ['ingress'] }, 'user-lifecycle': { publishers: ['kyc'] }, 'dead-letters': { publishers: ['pubsub'] } },
  publishers: { kyc: [SHOP] },
});
const of = (topics, project = []) => publishersOf({ project, topics }, system);
const members = (listed, wanted) => listed.find(({ topic }) => topic === wanted).members.map(({ member, isExpected }) => `${isExpected ? '' : '!'}${member}`);

test('the functions that publish there are expected, and whom the environment names', () => {
  const listed = of({
    kyc: [{ role: PUBLISHER, members: [KYC, SHOP] }], 'user-lifecycle': [{ role: PUBLISHER, members: [KYC, SHOP] }],
    'dead-letters': [{ role: PUBLISHER, members: [PUBSUB] }],
  });
  assert.deepEqual(members(listed, 'kyc'), [`!${KYC}`, SHOP]);
  assert.deepEqual(members(listed, 'user-lifecycle'), [KYC, `!${SHOP}`]);
  assert.deepEqual(members(listed, 'dead-letters'), [PUBSUB]);
});

test('every role that lets one publish is looked at, and one that somebody has made', () => {
  const roles = ['roles/pubsub.editor', 'roles/pubsub.admin', 'roles/editor', 'roles/owner', 'projects/acme-crm/roles/shop'];
  for (const role of roles) assert.deepEqual(members(of({ kyc: [{ role, members: ['user:eve@example.com'] }] }), 'kyc'), ['!user:eve@example.com'], role);
  for (const role of ['roles/pubsub.subscriber', 'roles/pubsub.viewer']) assert.deepEqual(members(of({ kyc: [{ role, members: [SHOP] }] }), 'kyc'), [], role);
});

test('who may publish to all topics is never expected', () => {
  const listed = of({}, [{ role: 'roles/owner', members: ['user:root@example.com'] }]);
  assert.deepEqual(members(listed, null), ['!user:root@example.com']);
});

test('it is read from the policies of the topics and of the project; a topic that isn\'t there has nobody', async () => {
  const cloud = {
    put: async () => ({ bindings: [{ role: 'roles/owner', members: ['user:root@example.com'] }, { role: 'roles/viewer', members: [SHOP] }] }),
    get: async (_api, path) => (path.endsWith('/topics/kyc:getIamPolicy') ? { bindings: [{ role: PUBLISHER, members: [SHOP] }] } : null),
  };
  const read = await readPublishers(cloud, aSystem({ topics: ['kyc', 'leads'] }));
  assert.deepEqual(read, { project: [{ role: 'roles/owner', members: ['user:root@example.com'] }], topics: { kyc: [{ role: PUBLISHER, members: [SHOP] }], leads: [] } });
  assert.equal(publishersText(publishersOf(read, system), system), `
Who may publish
  kyc:
      ${SHOP}
  leads: nobody
  all of them, by a role on the project:
    ! user:root@example.com (roles/owner)
"!" isn't expected: take the role from it, or name it under "publishers" in deploy/environments/production.json.`);
});

test('of this tree each function that publishes somewhere is expected there, and no other has the right', () => {
  const whole = wholeSystem();
  for (const { name, permissions } of whole.functions) {
    const allowed = permissions.filter(({ role }) => role === PUBLISHER).map(({ topic }) => topic);
    for (const topic of allowed) assert.ok(whole.authorities[topic].publishers.includes(name), `${name} on ${topic}`);
  }
});

test('nobody outside is let publish what functions say', () => {
  const reading = (publishers) => readSystem(ROOT, { environment: 'production', project: 'p', region: 'r', publishers }, { projectNumber: '1' });
  for (const topic of ['user-lifecycle', 'deadlines', 'kyc-requests', 'notifications', 'dead-letters']) {
    assert.throws(() => reading({ [topic]: [SHOP] }), new RegExp(`publishers\\.${topic}: functions of ours alone publish there; others may publish to interactions, kyc, `));
  }
  assert.throws(() => reading({ kcy: [SHOP] }), /publishers\.kcy: there is no such topic/);
  for (const topic of ['kyc', 'payments', 'operations', 'replays']) assert.deepEqual(reading({ [topic]: [SHOP] }).publishers, { [topic]: [SHOP] });
});
