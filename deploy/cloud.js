// Reads the project, from Google's REST APIs with gcloud's own token. Steps that a person can read first change it: gcloud's
// commands, and for what gcloud has none, a program of ours. Reading by gcloud would take a second of CPU for each listing and each policy of a plan.
import { execFileSync } from 'node:child_process';

import { Complaint } from './complaint.js';
import { lastOf } from './names.js';

const AT_ONCE = 8;
const ATTEMPTS = 4;
const PAUSE_MS = 500;
const TIMEOUT_MS = 30_000;

/** Each API with gcloud's name for its endpoint. CLOUDSDK_API_ENDPOINT_OVERRIDES_{NAME} overrides it, here as in gcloud. */
const OVERRIDES = {
  'cloudbilling.googleapis.com': 'CLOUDBILLING',
  'cloudfunctions.googleapis.com': 'CLOUDFUNCTIONS',
  'cloudresourcemanager.googleapis.com': 'CLOUDRESOURCEMANAGER',
  'cloudscheduler.googleapis.com': 'CLOUDSCHEDULER',
  'bigquery.googleapis.com': 'BIGQUERY',
  'eventarc.googleapis.com': 'EVENTARC',
  'firebase.googleapis.com': 'FIREBASE',
  'firebasehosting.googleapis.com': 'FIREBASEHOSTING',
  'firebaserules.googleapis.com': 'FIREBASERULES',
  'firestore.googleapis.com': 'FIRESTORE',
  'iam.googleapis.com': 'IAM',
  'identitytoolkit.googleapis.com': 'IDENTITYTOOLKIT',
  'logging.googleapis.com': 'LOGGING',
  'monitoring.googleapis.com': 'MONITORING',
  'pubsub.googleapis.com': 'PUBSUB',
  'run.googleapis.com': 'RUN',
  'secretmanager.googleapis.com': 'SECRETS',
  'serviceusage.googleapis.com': 'SERVICEUSAGE',
};

const VERSIONS = { 'bigquery.googleapis.com': 'bigquery/v2/' };

/**
 * Asked by a person's token, they want to be told whose quota is used: Google takes gcloud's own project for it elsewhere, and here it
 * refuses that. Whoever names a project needs serviceusage.services.use there.
 */
const ASKED_IN_THE_PROJECTS_NAME = ['firebase.googleapis.com', 'firebasehosting.googleapis.com', 'firebaserules.googleapis.com', 'identitytoolkit.googleapis.com'];
/** Google says that gcloud's own project hasn't such an API. Of the project at hand that says nothing. */
const GCLOUDS_PROJECT = 'projects/32555940559';

/** Together they let somebody see all that a plan reads. */
export const READING_ROLES = [
  'roles/viewer', 'roles/iam.securityReviewer', 'roles/serviceusage.serviceUsageConsumer', 'roles/firebaserules.viewer', 'roles/bigquery.metadataViewer',
];
const TO_READ = `what there is, ${READING_ROLES.slice(0, -1).join(', ')} and ${READING_ROLES.at(-1)} let you see`;

export class Refused extends Complaint {
  constructor(message, { status }) {
    super(message);
    this.status = status;
  }
}

/** The token of the account that gcloud is logged in with, or impersonates. */
export function tokenOfGcloud() {
  try {
    return execFileSync('gcloud', ['auth', 'print-access-token'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    throw new Complaint(`gcloud has no login: run gcloud auth login. ${firstLine(error.stderr)}`.trim(), { cause: error });
  }
}

export function openCloud({ token, env = process.env, fetched = fetch, pauseMs = PAUSE_MS }) {
  const places = queueOf(AT_ONCE);

  /** The JSON at this path, or null where the resource doesn't exist or its API isn't enabled. */
  async function get(api, path, query = {}) {
    return ask(api, path, { query });
  }

  /**
   * All pages of a listing as one array. A listing of all regions leaves out those that Google can't reach. If `region` is one of
   * them, this throws: its resources would seem to be missing.
   */
  async function list(api, path, field, query = {}, { region } = {}) {
    const items = [];
    let pageToken;
    do {
      const page = (await ask(api, path, { query: { ...query, ...(pageToken && { pageToken }) } })) ?? {};
      if ((page.unreachable ?? []).some((place) => lastOf(place) === region)) throw new Complaint(`${api} can't look into ${region} at the moment: try again in a while.`);
      items.push(...(page[field] ?? []));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return items;
  }

  /** A read that Google wants as a POST, such as of a policy. */
  async function put(api, path, body = {}) {
    return ask(api, path, { body });
  }

  /** A step's own. Sent again after an answer that says nothing, so it must be one that may be done twice. What is gone can't be changed. */
  async function change(method, api, path, body) {
    const done = await ask(api, path, { method, body });
    if (done === null && method !== 'DELETE') throw new Complaint(`${api}: ${method} ${path}: that, or something that it names, isn't there.`);
    return done;
  }

  /** Bytes to an address that an API has named. The token goes to Google alone, whatever that address says. */
  async function upload(api, address, bytes) {
    const url = new URL(address);
    if (!isOf(api, url, env)) throw new Complaint(`${api} names ${url.host} to put bytes there, which isn't Google's.`);
    return sent(url, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }, body: bytes });
  }

  async function ask(api, path, { query = {}, body, method = body === undefined ? 'GET' : 'POST' }) {
    const url = new URL(path, baseOf(api, env));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = { authorization: `Bearer ${token}`, ...askerOf(api, path), ...(body && { 'content-type': 'application/json' }) };
    return sent(url, { method, headers, body: body && JSON.stringify(body) });
  }

  async function sent(url, request) {
    return places(async () => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once(url, request);
        if (answer.status < 500 && answer.status !== 429) return judged(answer, url);
        if (attempt === ATTEMPTS) throw new Complaint(`${url.host} answers ${answer.status} to ${url.pathname}: try again in a while.`);
        await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 ** attempt));
      }
    });
  }

  async function once(url, request) {
    try {
      return await fetched(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new Complaint(`${url.host} can't be reached: ${error.cause?.message ?? error.message}.`, { cause: error });
    }
  }

  return { get, list, put, change, upload };
}

async function judged(answer, url) {
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json;
  if (answer.status === 404 || isDisabled(json)) return null;
  const why = firstLine(json.error?.message ?? `status ${answer.status}`).replace(/\.$/, '');
  const { status } = answer;
  throw new Refused(`${url.host}${url.pathname}: ${why}${status === 403 ? `: ${TO_READ}` : ''}.`, { status });
}

/** `path` begins with a version, and names the project next. */
function askerOf(api, path) {
  return ASKED_IN_THE_PROJECTS_NAME.includes(api) ? { 'x-goog-user-project': /\/projects\/([^/]+)/.exec(path)[1] } : {};
}

/** In the words of newer APIs, and of BigQuery's, which is older. */
const isDisabled = ({ error }) => [...(error?.details ?? []), ...(error?.errors ?? [])].some(({ reason, metadata }) => (
  ['SERVICE_DISABLED', 'accessNotConfigured'].includes(reason) && metadata?.consumer !== GCLOUDS_PROJECT
));

/** An override is of all that stands before a path: of BigQuery gcloud counts the version to that. */
function baseOf(api, env) {
  return env[`CLOUDSDK_API_ENDPOINT_OVERRIDES_${OVERRIDES[api]}`] ?? `https://${api}/${VERSIONS[api] ?? ''}`;
}

const isOf = (api, url, env) => (url.protocol === 'https:' && url.host.endsWith('.googleapis.com')) || url.origin === new URL(baseOf(api, env)).origin;

const firstLine = (text) => String(text ?? '').trim().split('\n')[0];

/** A function that runs at most `places` works at a time; the others wait for a place. */
function queueOf(places) {
  let free = places;
  const waiting = [];
  return async function placed(work) {
    if (free > 0) free -= 1;
    else await new Promise((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
