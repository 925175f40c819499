// Identity Platform's accounts, by its REST interface: identitytoolkit.googleapis.com/v1/projects/P/accounts. gcloud has no commands for them.
import { setTimeout as wait } from 'node:timers/promises';

const BASE = 'https://identitytoolkit.googleapis.com/';
/** As gcloud's overrides are named, and deploy/ reads it. */
const OVERRIDE = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_IDENTITYTOOLKIT';
const PAGE = 500;
const ATTEMPTS = 4;
const PAUSE_MS = 500;
const TIMEOUT_MS = 30_000;

/** What Google said, as a sentence. `reason`: its word, such as EMAIL_EXISTS. */
export class AccountsFailed extends Error {
  constructor(message, { reason } = {}) {
    super(message);
    this.reason = reason;
  }
}

/**
 * { find(email), all(noted), create, update(id, changes), passwordLink(email) }. `accessToken()`: a promise of one; `quotaProject`: named by a
 * person's credentials; `stopped`: a signal, looked at before each request.
 */
export function openAccounts({ project, accessToken, quotaProject, stopped, env = process.env, pauseMs = PAUSE_MS }) {
  const base = env[OVERRIDE] ?? BASE;

  async function asked(method, body) {
    for (let attempt = 1; ; attempt += 1) {
      stopped.throwIfAborted();
      const response = await once(new URL(`v1/projects/${project}/accounts${method}`, base), body);
      if (response.ok) return response.json();
      if ((response.status < 500 && response.status !== 429) || attempt === ATTEMPTS) throw refusal(response, await response.text(), project);
      await wait(pauseMs * 2 ** attempt);
    }
  }

  async function once(url, body) {
    const headers = { authorization: `Bearer ${await accessToken()}`, 'content-type': 'application/json', ...(quotaProject && { 'x-goog-user-project': quotaProject }) };
    try {
      return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new AccountsFailed(`${url.host} can't be reached: ${error.cause?.message ?? error.message}.`);
    }
  }

  return {
    /** The account, or undefined. */
    async find(email) {
      const { users = [] } = await asked(':lookup', { email: [email] });
      return users.map(accountOf)[0];
    },
    /** All accounts, the project's customers too if they sign in there; `noted` hears how many were read. */
    async all(noted = () => {}) {
      const found = [];
      for (;;) {
        const { userInfo = [] } = await asked(':query', { returnUserInfo: true, sortBy: 'USER_ID', order: 'ASC', limit: String(PAGE), offset: String(found.length) });
        found.push(...userInfo.map(accountOf));
        noted(found.length);
        if (userInfo.length < PAGE) return found;
      }
    },
    /** The id of a new account. A second factor can be enrolled for an address that is known to be right, and an operator's is. */
    async create({ email, password }) {
      const { localId } = await asked('', { email, password, emailVerified: true });
      return localId;
    },
    update: (localId, changes) => asked(':update', { localId, ...changes }),
    async passwordLink(email) {
      const { oobLink } = await asked(':sendOobCode', { requestType: 'PASSWORD_RESET', email, returnOobLink: true });
      return oobLink;
    },
  };
}

/** What of an account matters here. Claims that can't be read are null: nobody knows what would be lost by writing others. */
function accountOf({ localId, email, disabled = false, emailVerified = false, customAttributes, lastLoginAt, mfaInfo = [] }) {
  return {
    id: localId, email, disabled, emailVerified, claims: claimsOf(customAttributes), hasSecondFactor: mfaInfo.length > 0,
    lastSignInMs: lastLoginAt === undefined || lastLoginAt === '0' ? undefined : Number(lastLoginAt),
  };
}

function claimsOf(text) {
  if (text === undefined || text === '') return {};
  try {
    const claims = JSON.parse(text);
    return claims !== null && typeof claims === 'object' && !Array.isArray(claims) ? claims : null;
  } catch {
    return null;
  }
}

function refusal({ status }, text, project) {
  const { error = {} } = parsed(text);
  const said = String(error.message ?? `status ${status}`).trim().replace(/\.$/, '');
  const reason = /^[A-Z_]+/.exec(said)?.[0];
  const isDisabled = [...(error.details ?? [])].some((detail) => detail.reason === 'SERVICE_DISABLED');
  if (isDisabled || reason === 'CONFIGURATION_NOT_FOUND') return new AccountsFailed(`Identity Platform isn't switched on in ${project}: ./deploy.sh apply --project ${project} does that.`, { reason });
  if (reason === 'OPERATION_NOT_ALLOWED' || reason === 'PASSWORD_LOGIN_DISABLED') return new AccountsFailed(`Signing in by email and password isn't switched on in ${project}: ./deploy.sh apply --project ${project} does that.`, { reason });
  if (status === 401 || status === 403) return new AccountsFailed(`Identity Platform refuses (${said}): roles/firebaseauth.admin in ${project} lets you change accounts, roles/firebaseauth.viewer list them.`, { reason });
  if (status >= 500 || status === 429) return new AccountsFailed(`Identity Platform answers ${status}: try again in a while; what was done stays, and the same command goes on.`, { reason });
  return new AccountsFailed(`Identity Platform refuses: ${said}.`, { reason });
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
