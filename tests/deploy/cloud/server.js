// A small Google Cloud for tests of deploy.sh: it keeps what the real gcloud tells it, answers what it is asked, and records
// every request. One folder of addresses an API: http://127.0.0.1:PORT/{api}/..., and {region}-{api} for an endpoint of one region.
//
// Pub/Sub is the official emulator behind it. The other APIs have no emulator: of each, there is what gcloud's commands and
// deploy/ really use, and anything else is answered 501 and recorded as unexpected.
import http from 'node:http';

import * as bigquery from './bigquery.js';
import * as billing from './billing.js';
import * as eventarc from './eventarc.js';
import * as firebase from './firebase.js';
import * as firebaserules from './firebase-rules.js';
import * as firestore from './firestore.js';
import * as functions from './functions.js';
import * as firebasehosting from './hosting.js';
import * as iam from './iam.js';
import * as identitytoolkit from './identity-toolkit.js';
import * as logging from './logging.js';
import * as monitoring from './monitoring.js';
import { policies } from './policies.js';
import * as pubsub from './pubsub.js';
import { disabled, problem } from './refusals.js';
import * as resourceManager from './resource-manager.js';
import * as run from './run.js';
import * as scheduler from './scheduler.js';
import * as secrets from './secrets.js';
import * as serviceUsage from './service-usage.js';
import * as uploads from './uploads.js';

/** By gcloud's name of the endpoint: { answer(request, cloud), api }. */
const APIS = {
  bigquery,
  eventarc,
  firebase,
  firebasehosting,
  firebaserules,
  firestore,
  iam,
  identitytoolkit,
  logging,
  monitoring,
  pubsub,
  run,
  cloudbilling: billing,
  cloudfunctions: functions,
  cloudresourcemanager: resourceManager,
  cloudscheduler: scheduler,
  secrets,
  serviceusage: serviceUsage,
  uploads,
};

/** Asked by gcloud in its own project's name, and so even where the project at hand has nothing enabled. */
const ALWAYS_THERE = [billing.API, resourceManager.API, serviceUsage.API, uploads.API];

/**
 * { env, requests, state, ... }: `env` points gcloud and deploy/ here; `state` is plain data that a test may change by hand.
 * `pubsubHost` is the emulator's.
 */
export async function startCloud({ project, pubsubHost }) {
  const requests = [];
  const cloud = {
    project,
    projectNumber: '123456789012',
    pubsubHost,
    requests,
    state: { enabled: new Set(['cloudresourcemanager.googleapis.com']), policies: new Map(), agents: new Set() },
    /** What nobody here knows an answer to. */
    unexpected: () => requests.filter(({ status }) => status === 501),
    /** As if nothing had been asked yet. */
    forget: () => requests.splice(0),
    /** Requests that change something. */
    changes: () => requests.filter(({ method, path }) => method !== 'GET' && !/:(getIamPolicy|testIamPermissions)$/.test(path)),
  };
  const server = http.createServer((incoming, outgoing) => handle(incoming, outgoing, cloud).catch((error) => {
    send(outgoing, 500, { error: { code: 500, message: error.stack } });
  }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  cloud.base = base;
  cloud.env = Object.fromEntries(Object.keys(APIS).map((name) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`, `${base}/${name}/`]));
  cloud.stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return cloud;
}

async function handle(incoming, outgoing, cloud) {
  const request = await read(incoming);
  const entry = { api: request.api, method: request.method, path: request.path, query: request.query, body: request.body, bytes: request.bytes.length };
  cloud.requests.push(entry);
  const { status = 200, body } = (await answerTo(request, cloud)) ?? { status: 501, body: problem(501, 'nobody here knows this request') };
  entry.status = status;
  send(outgoing, status, body);
}

async function answerTo(request, cloud) {
  const api = APIS[request.api];
  if (api === undefined) return undefined;
  const failure = cloud.state.failing?.(request);
  if (failure) return { status: 400, body: problem(400, failure) };
  if (!ALWAYS_THERE.includes(api.API) && !cloud.state.enabled.has(api.API)) return disabled(api.API, { consumer: `projects/${cloud.projectNumber}` });
  return (await policies(request, cloud, api)) ?? api.answer(request, cloud);
}

async function read(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url, 'http://cloud');
  const [, place, ...rest] = url.pathname.split('/');
  const { api, region } = /^(?:(?<region>[a-z]+-[a-z]+\d+)-)?(?<api>.*)$/.exec(place).groups;
  const bytes = Buffer.concat(chunks);
  return {
    api, region, bytes,
    method: incoming.method,
    path: decodeURIComponent(rest.join('/')),
    query: Object.fromEntries(url.searchParams),
    search: url.search,
    headers: incoming.headers,
    body: parsed(bytes),
  };
}

function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function send(outgoing, status, body) {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(body ?? {}));
}
