// A small Identity Platform: accounts by its REST interface as Google answers, and the token service for the credentials of a workload.
import http from 'node:http';

const ACCOUNTS = /^\/v1\/projects\/([^/]+)\/accounts(?::(\w+))?$/;
/** What an administrator's update may say; anything else is refused, as Google does with a field that it doesn't know. */
const CHANGES = ['localId', 'customAttributes', 'disableUser', 'validSince', 'emailVerified', 'password'];

/** { base, accounts: Map of email to account, requests, fail: answers that come first, stop } */
export async function startIdentityPlatform({ project }) {
  const accounts = new Map();
  const requests = [];
  const fail = [];
  const google = { accounts, requests, fail, switchedOn: true };
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const answer = incoming.url === '/token' ? TOKEN : answerTo({ method: incoming.method, url: incoming.url, headers: incoming.headers, body: parsed(text) }, google, project);
    outgoing.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(answer.body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  google.base = `http://127.0.0.1:${server.address().port}/`;
  google.stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return google;
}

const TOKEN = { body: { access_token: 'a-token', issued_token_type: 'urn:ietf:params:oauth:token-type:access_token', token_type: 'Bearer', expires_in: 3600 } };
const refused = (code, message, more) => ({ status: code, body: { error: { code, message, errors: [{ message, domain: 'global', reason: 'invalid' }], ...more } } });

function answerTo({ method, url, headers, body }, google, project) {
  const [, of, verb = 'create'] = ACCOUNTS.exec(url) ?? [];
  google.requests.push({ verb, body, headers });
  const failure = google.fail.shift();
  if (failure) return failure;
  if (method !== 'POST' || of !== project) return refused(404, 'nobody here knows this');
  if (headers.authorization !== 'Bearer a-token') return refused(401, 'Request had invalid authentication credentials.');
  if (!google.switchedOn) return refused(400, 'CONFIGURATION_NOT_FOUND');
  return VERBS[verb]?.(body, google) ?? refused(404, `no ${verb}`);
}

const byId = (accounts, id) => [...accounts.values()].find(({ localId }) => localId === id);

const VERBS = {
  create({ email, password, emailVerified }, { accounts }) {
    if (accounts.has(email)) return refused(400, 'EMAIL_EXISTS');
    if (password.length < 6) return refused(400, 'WEAK_PASSWORD : Password should be at least 6 characters');
    const localId = `id-${accounts.size + 1}`;
    accounts.set(email, { localId, email, emailVerified, createdAt: '1770000000000', lastLoginAt: '0', password, providerUserInfo: [{ providerId: 'password' }] });
    return { body: { kind: 'identitytoolkit#SignupNewUserResponse', localId, email } };
  },
  lookup({ email: [email] }, { accounts }) {
    const found = accounts.get(email);
    return { body: { kind: 'identitytoolkit#GetAccountInfoResponse', ...(found && { users: [found] }) } };
  },
  query({ limit, offset }, { accounts }) {
    if (Number(limit) > 500) return refused(400, 'INVALID_ARGUMENT');
    const page = [...accounts.values()].slice(Number(offset), Number(offset) + Number(limit));
    return { body: { recordsCount: String(page.length), ...(page.length > 0 && { userInfo: page }) } };
  },
  update({ ...changes }, { accounts }) {
    const strange = Object.keys(changes).find((name) => !CHANGES.includes(name));
    if (strange !== undefined) return refused(400, `Invalid JSON payload received. Unknown name "${strange}"`);
    const account = byId(accounts, changes.localId);
    if (account === undefined) return refused(400, 'USER_NOT_FOUND');
    if (changes.validSince !== undefined && typeof changes.validSince !== 'string') return refused(400, 'INVALID_ARGUMENT');
    const { disableUser, ...others } = changes;
    Object.assign(account, others, disableUser === undefined ? {} : { disabled: disableUser });
    return { body: { kind: 'identitytoolkit#SetAccountInfoResponse', localId: account.localId } };
  },
  sendOobCode({ requestType, email, returnOobLink }, { accounts }) {
    const account = accounts.get(email);
    if (account === undefined) return refused(400, 'EMAIL_NOT_FOUND');
    if (account.disabled) return refused(400, 'USER_DISABLED');
    if (requestType !== 'PASSWORD_RESET' || !account.password) return refused(400, 'INVALID_ARGUMENT');
    return { body: { kind: 'identitytoolkit#GetOobConfirmationCodeResponse', email, ...(returnOobLink && { oobLink: `https://p.firebaseapp.com/__/auth/action?mode=resetPassword&oobCode=${account.localId}` }) } };
  },
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
