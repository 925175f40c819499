// The built page: its weight, its headers and its address space, without a browser.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { startConsole } from '../../local/console/server.js';

const DIST = fileURLToPath(new URL('../../console/dist/', import.meta.url));
const FIRST_LOAD_BYTES = 250 * 1024;

let served;
let asked;
let operator;
before(async () => {
  asked = [];
  operator = http.createServer(async (request, response) => {
    const chunks = await request.toArray();
    asked.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"outcome":"PENDING"}');
  });
  await new Promise((resolve) => { operator.listen(0, '127.0.0.1', resolve); });
  served = await startConsole({ project: 'demo-test', firestore: '127.0.0.1:8080', operator: `http://127.0.0.1:${operator.address().port}/` });
});
after(async () => {
  await served.close();
  operator.closeAllConnections();
  operator.close();
});

/** With a Host of one's own, which fetch doesn't let one say. */
function get(path, headers = {}) {
  return new Promise((resolve, reject) => {
    http.get(served.url + path, { headers }, async (response) => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(await response.toArray()).toString('utf8') })).on('error', reject);
  });
}

test('the first load of any view weighs less than 250 KB, compressed', () => {
  const page = readFileSync(`${DIST}index.html`, 'utf8');
  const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, name]) => name);
  // The views' own parts, at their worst all at once; the cloud's sign-in among them.
  const all = readdirSync(`${DIST}assets`).map((name) => `assets/${name}`);
  const weight = (names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(DIST + name), { level: 6 }).length, gzipSync(page).length);
  assert.ok(first.length >= 2, 'the page loads a script and a style sheet');
  assert.ok(weight(first) < FIRST_LOAD_BYTES / 2, `${weight(first)} bytes`);
  assert.ok(weight(all) < FIRST_LOAD_BYTES, `${weight(all)} bytes`);
});

test('nothing is inline, and nothing comes from elsewhere', () => {
  const page = readFileSync(`${DIST}index.html`, 'utf8');
  for (const [, attributes, content] of page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
    assert.match(attributes, /src="\/assets\//);
    assert.equal(content.trim(), '');
  }
  assert.doesNotMatch(page, /<style|\son[a-z]+=|\sstyle=|https?:/);
});

test('the policy lets in what is ours alone, and asks for trusted types', async () => {
  const { headers } = await get('/');
  const policy = headers['content-security-policy'];
  for (const part of ["default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", 'trusted-types lit-html']) {
    assert.ok(policy.includes(part), part);
  }
  assert.match(policy, /connect-src 'self' http:\/\/127\.0\.0\.1:8080;/);
  assert.doesNotMatch(policy, /unsafe|\*|googleapis/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['x-frame-options'], 'DENY');
});

test('production\'s headers name the three hosts of Google that the page speaks to', () => {
  const [{ headers }] = JSON.parse(readFileSync(fileURLToPath(new URL('../../console/headers.json', import.meta.url)), 'utf8'));
  const [, hosts] = /connect-src ([^;]*)/.exec(headers['content-security-policy']);
  assert.deepEqual(hosts.split(' '), ["'self'", 'https://firestore.googleapis.com', 'https://identitytoolkit.googleapis.com', 'https://securetoken.googleapis.com']);
  assert.match(headers['strict-transport-security'], /max-age=31536000/);
});

test('every view has an address, and files that aren\'t there are none of them', async () => {
  for (const path of ['/', '/now', '/customers', '/customers/a0000000-0000-4000-8000-000000000001', '/reviews?open=1', '/approvals', '/leads', '/dead-letters', '/flow']) {
    const { status, body } = await get(path);
    assert.deepEqual([status, body.includes('<boma-console>')], [200, true], path);
  }
  assert.equal((await get('/assets/none.js')).status, 404);
  for (const path of ['/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/../package.json']) assert.doesNotMatch((await get(path)).body, /devDependencies/, path);
});

test('what is built by name may be kept for ever; the page itself is asked for each time', async () => {
  const [asset] = readdirSync(`${DIST}assets`);
  assert.match((await get(`/assets/${asset}`)).headers['cache-control'], /immutable/);
  assert.equal((await get('/')).headers['cache-control'], 'no-cache');
  assert.equal((await get('/config.json')).headers['cache-control'], 'no-cache');
});

test('the page is told which stack it is of, and whom it may sign in as', async () => {
  const { mode, project, firestore, users } = JSON.parse((await get('/config.json')).body);
  assert.deepEqual([mode, project, firestore], ['local', 'demo-test', '127.0.0.1:8080']);
  assert.deepEqual(users.map(({ role }) => role), ['viewer', 'operator', 'supervisor', 'supervisor']);
});

test('what is the operator function\'s is handed on, token and all, and nothing else', async () => {
  const headers = { authorization: 'Bearer a.b.', 'content-type': 'application/json', cookie: 'x=1' };
  for (const path of ['/commands', '/approvals/a1', '/letters/kyc.1?x=2']) {
    const response = await fetch(served.url + path, { method: 'POST', headers, body: '{"id":"1"}' });
    assert.deepEqual([response.status, await response.json()], [202, { outcome: 'PENDING' }]);
    const last = asked.at(-1);
    assert.deepEqual([last.method, last.url, last.body, last.headers.authorization, last.headers.cookie], ['POST', path, '{"id":"1"}', 'Bearer a.b.', undefined]);
  }
  const before = asked.length;
  assert.equal((await fetch(`${served.url}/users/1`, { method: 'POST', body: '{}' })).status, 405);
  assert.equal(asked.length, before);
});

test('a page under another name for this address gets nothing', async () => {
  for (const path of ['/', '/config.json', '/me']) assert.equal((await get(path, { host: 'evil.example' })).status, 403, path);
});
