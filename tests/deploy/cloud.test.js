// What is read from Google: pages, what isn't there, what is refused, what fails for a moment.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Refused, openCloud } from '../../deploy/cloud.js';
import { Complaint } from '../../deploy/complaint.js';
import { GCLOUDS_PROJECT } from './cloud/in-its-name.js';
import { disabled } from './cloud/refusals.js';

const API = 'pubsub.googleapis.com';

/** A cloud that gives these answers in turn, and the requests that it got. */
function answering(...answers) {
  const asked = [];
  const fetched = async (url, { headers, method, body }) => {
    asked.push({ url: String(url), headers, method, body });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    const [status, json] = answer;
    return { ok: status < 300, status, json: async () => json };
  };
  return { asked, cloud: openCloud({ token: 'abc', env: {}, fetched, pauseMs: 0 }) };
}

test('a refusal is a sentence that says of what', async () => {
  const { cloud } = answering([403, { error: { message: 'The caller does not have permission' } }]);
  await assert.rejects(cloud.get(API, 'v1/projects/p/topics'), (error) => error instanceof Refused && /pubsub\.googleapis\.com\/v1\/projects\/p\/topics: The caller/.test(error.message));
});

test('whoever may not look is told which roles let him', async () => {
  const [denied, wrong] = await Promise.all([403, 400].map((status) => answering([status, { error: { message: 'No.' } }]).cloud.get(API, 'v1/x').catch((error) => error)));
  assert.match(denied.message, /\/v1\/x: No: what there is, roles\/viewer, roles\/iam\.securityReviewer, .* and roles\/bigquery\.metadataViewer let you see\.$/);
  assert.deepEqual([wrong.message, wrong.status], ['pubsub.googleapis.com/v1/x: No.', 400]);
});

test('of a region that Google can\'t reach nothing is taken for not there', async () => {
  const page = [200, { functions: [], unreachable: ['projects/p/locations/europe-west1'] }];
  const listed = (region) => answering(page).cloud.list('cloudfunctions.googleapis.com', 'v2/x', 'functions', {}, { region });
  await assert.rejects(listed('europe-west1'), /cloudfunctions\.googleapis\.com can't look into europe-west1 at the moment: try again in a while/);
  assert.deepEqual(await listed('us-east1'), []);
});

test('where the API is not enabled there is nothing', async () => {
  const { cloud } = answering([403, { error: { message: 'disabled', details: [{ reason: 'SERVICE_DISABLED' }] } }]);
  assert.deepEqual(await cloud.list(API, 'v1/projects/p/topics', 'topics'), []);
});

const RULES = 'firebaserules.googleapis.com';

test('Firebase\'s APIs are asked in the project\'s name, and nothing else is', async () => {
  const { cloud, asked } = answering([200, {}]);
  await cloud.get(RULES, 'v1/projects/p-1/releases/cloud.firestore');
  await cloud.change('POST', RULES, 'v1/projects/p-1/rulesets', {});
  await cloud.get(API, 'v1/projects/p-1/topics');
  assert.deepEqual(asked.map(({ headers }) => headers['x-goog-user-project']), ['p-1', 'p-1', undefined]);
});

test('that gcloud\'s own project has no such API isn\'t taken for nothing being there', async () => {
  const { body } = disabled(RULES, { message: 'not by end users.', consumer: GCLOUDS_PROJECT });
  await assert.rejects(answering([403, body]).cloud.get(RULES, 'v1/projects/p/releases/x'), (error) => error instanceof Refused && /not by end users: /.test(error.message));
});

test('what is gone can\'t be changed, and may be taken away', async () => {
  const { cloud } = answering([404, {}]);
  for (const method of ['POST', 'PATCH']) await assert.rejects(cloud.change(method, API, 'v1/x', {}), (error) => error instanceof Complaint && error.message.includes(`${method} v1/x: that, or something that it names, isn't there.`));
  assert.equal(await cloud.change('DELETE', API, 'v1/x'), null);
});

test('what is not there is null', async () => {
  assert.equal(await answering([404, {}]).cloud.get(API, 'v1/x'), null);
});

test('a failure is asked about again, and at the end said with what to do', async () => {
  const once = answering([503, {}], [429, {}], [200, { a: 1 }]);
  assert.deepEqual(await once.cloud.get(API, 'v1/x'), { a: 1 });
  assert.equal(once.asked.length, 3);
  const always = answering([500, {}]);
  await assert.rejects(always.cloud.get(API, 'v1/x'), (error) => error instanceof Complaint && /answers 500 to \/v1\/x: try again in a while/.test(error.message));
  assert.equal(always.asked.length, 4);
});

test('a network that is not there is a sentence', async () => {
  const { cloud } = answering(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }));
  await assert.rejects(cloud.get(API, 'v1/x'), /pubsub\.googleapis\.com can't be reached: getaddrinfo ENOTFOUND/);
});

test('all pages of a listing come, with the token and the query on each', async () => {
  const { cloud, asked } = answering([200, { topics: [1, 2], nextPageToken: 'more' }], [200, { topics: [3] }]);
  assert.deepEqual(await cloud.list(API, 'v1/t', 'topics', { pageSize: 2 }), [1, 2, 3]);
  assert.deepEqual(asked.map(({ url }) => url), ['https://pubsub.googleapis.com/v1/t?pageSize=2', 'https://pubsub.googleapis.com/v1/t?pageSize=2&pageToken=more']);
  assert.ok(asked.every(({ headers, method }) => headers.authorization === 'Bearer abc' && method === 'GET'));
});

test('a question that is put goes by POST, also with nothing in it', async () => {
  const { cloud, asked } = answering([200, {}]);
  await cloud.put('iam.googleapis.com', 'v1/projects/p/serviceAccounts/a:getIamPolicy');
  assert.deepEqual(asked.map(({ method, body }) => [method, body]), [['POST', '{}']]);
});

test("gcloud's setting for another endpoint holds here, too", async () => {
  const asked = [];
  const cloud = openCloud({ token: 't', env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: 'http://127.0.0.1:1/pubsub/' }, fetched: async (url) => {
    asked.push(String(url));
    return { ok: true, status: 200, json: async () => ({}) };
  } });
  await cloud.get(API, 'v1/x');
  assert.deepEqual(asked, ['http://127.0.0.1:1/pubsub/v1/x']);
});

test('bytes go where an API names Google, and the token goes nowhere else', async () => {
  const { cloud, asked } = answering([200, {}]);
  await cloud.upload('firebasehosting.googleapis.com', 'https://upload-firebasehosting.googleapis.com/upload/sites/s/versions/v/files/h', Buffer.from('b'));
  assert.deepEqual(asked.map(({ method, headers, body }) => [method, headers.authorization, headers['content-type'], String(body)]), [['POST', 'Bearer abc', 'application/octet-stream', 'b']]);
  for (const address of ['https://googleapis.com.example/upload', 'http://upload-firebasehosting.googleapis.com/upload', 'https://example.com/']) {
    await assert.rejects(cloud.upload('firebasehosting.googleapis.com', address, Buffer.from('b')), /to put bytes there, which isn't Google's/);
  }
  assert.equal(asked.length, 1);
});
