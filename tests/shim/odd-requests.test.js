// Requests as scanners, broken proxies and senders that hang up make them, over raw sockets: each is answered or dropped, and what the
// process writes is lines of JSON for Cloud Logging, with nothing of the request in them.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { startEchoServer } from './echo-server.js';
import { startByFramework } from './framework-child.js';
import { until } from '../stack/until.js';

const SECRET = 'jan.novak@example.com';
const ANSWERED_WITHIN_MS = 20_000;
const LEAVES_AFTER_MS = 100;
const QUIET_MS = 200;

let echo;
let probe;

before(async () => {
  echo = await startEchoServer();
  // Not for production: there the framework's pages have the stack of an error on them.
  probe = await startByFramework({ FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p', NODE_ENV: 'development' });
});

after(() => {
  probe?.stop();
  echo?.close();
});

/** Writes to a socket by hand; the whole answer, '' where there is none. */
async function spoken(text, { leaves = false } = {}) {
  const socket = net.connect({ host: '127.0.0.1', port: probe.port });
  let answer = '';
  socket.setEncoding('utf8').on('data', (piece) => { answer += piece; }).on('error', () => {});
  socket.write(text);
  if (leaves) setTimeout(() => socket.resetAndDestroy(), LEAVES_AFTER_MS);
  await once(socket, 'close', { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
  return answer;
}

const statusOf = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const head = (path, headers = [], method = 'POST') => `${[`${method} ${path} HTTP/1.1`, 'host: f', 'connection: close', ...headers].join('\r\n')}\r\n\r\n`;
const posted = (path, headers = []) => `${head(path, ['content-length: 6', ...headers])}echo:a`;

const ANSWERED = {
  'a path with a broken escape': [posted(`/%${SECRET}`), 204],
  'a path with half an escape': [posted('/%E0%A4%A'), 204],
  'a query with a broken escape': [posted(`/?q=%ZZ&${SECRET}`), 204],
  'a path of 8 KB': [posted(`/${'a'.repeat(8_000)}`), 204],
  'a path that climbs': [posted(`/../../etc/passwd?${SECRET}`), 204],
  'a whole URL': [posted(`http://user:${SECRET}@example.org/a%zz`), 204],
  'an asterisk': [head('*', [], 'OPTIONS'), 405],
  'the path of browsers': [head('/favicon.ico', [], 'GET'), 405],
  'the path of crawlers': [posted('/robots.txt'), 204],
  'a content-type that is none': [posted('/', [`content-type: ;;;${SECRET}`]), 204],
  'JSON in an alphabet that there is not': [posted('/', [`content-type: application/json; charset=${SECRET}`]), 204],
  'an encoding that there is not': [posted('/', [`content-encoding: ${SECRET}`]), 415],
  'gzip that is none': [posted('/', ['content-encoding: gzip']), 415],
  'a hundred headers': [posted('/', Array.from({ length: 100 }, (_, i) => `x-${i}: ${SECRET}`)), 204],
  'headers of 64 KB': [posted('/', [`x-large: ${SECRET.repeat(3_000)}`]), 431],
  'a header with a control character': [posted('/', [`x-a: \u0001${SECRET}`]), 400],
  'a header without a name': [posted('/', [`: ${SECRET}`]), 400],
  'an expectation that there is not': [posted('/', [`expect: ${SECRET}`]), 417],
  'an upgrade': [posted('/', ['connection: upgrade', `upgrade: ${SECRET}`]), 204],
  'a trace of another form': [posted('/', [`traceparent: ${SECRET}`, `x-cloud-trace-context: ${SECRET}/x;o=y`, `function-execution-id: ${SECRET}`]), 204],
  'a forwarded address that is none': [posted('/', [`x-forwarded-for: ,,${SECRET}`, `x-forwarded-host: %%`, `x-forwarded-proto: ${SECRET}`]), 204],
  'no HTTP at all': [`${SECRET}\r\n\r\n`, 400],
  'a TLS handshake': ['\u0016\u0003\u0001\u0000\u0005hello', 400],
  'a length that is no number': [`${head('/', ['content-length: minus one'])}${SECRET}`, 400],
  'a length beyond all numbers': [`${head('/', [`content-length: ${'9'.repeat(40)}`])}${SECRET}`, 400],
  'two lengths': [`${head('/', ['content-length: 5', 'content-length: 6'])}${SECRET}`, 400],
  'a length and chunks': [`${head('/', ['content-length: 5', 'transfer-encoding: chunked'])}${SECRET}`, 400],
  'a chunk without a size': [`${head('/', ['transfer-encoding: chunked'])}${SECRET}\r\n`, 400],
  'a chunk of another size': [`${head('/', ['transfer-encoding: chunked'])}2\r\n${SECRET}\r\n0\r\n\r\n`, 400],
  'a transfer encoding that there is not': [`${head('/', [`transfer-encoding: ${SECRET}`])}echo:a`, 400],
};
for (const [name, [text, status]] of Object.entries(ANSWERED)) {
  test(`${name} is answered ${status}, without a word of a stack or a folder`, async () => {
    const answer = await spoken(text);
    assert.equal(statusOf(answer), status, answer);
    assert.doesNotMatch(answer, /node_modules|\bat .*\.js|Error:|jan\.novak/);
  });
}

const LEFT = {
  'in the middle of a body': `${head('/', ['content-length: 1000'])}${SECRET}`,
  'before a body of a terabyte': `${head('/', ['content-length: 1000000000000'])}${SECRET}`,
  'in the middle of a chunk': `${head('/', ['transfer-encoding: chunked'])}40\r\n${SECRET}`,
  'between two chunks': `${head('/', ['transfer-encoding: chunked'])}6\r\necho:a\r\n`,
  'having asked whether to go on': head('/', ['content-length: 10', 'expect: 100-continue']),
  'in the middle of JSON': `${head('/', ['content-type: application/json', 'content-length: 1000'])}{"a":"${SECRET}`,
};
for (const [name, text] of Object.entries(LEFT)) {
  test(`a sender who leaves ${name} leaves one line`, async () => {
    await quiet();
    const from = linesOf(probe.stdout()).length;
    assert.ok([NaN, 100].includes(statusOf(await spoken(text, { leaves: true }))));
    const lines = await until('a line', () => {
      const said = linesOf(probe.stdout()).slice(from);
      return said.length > 0 && said;
    }, { withinMs: ANSWERED_WITHIN_MS });
    assert.deepEqual(lines.map((line) => JSON.parse(line)).map(({ severity, outcome, consumer }) => ({ severity, outcome, consumer })), [{ severity: 'WARNING', outcome: 'ABORTED', consumer: 'probe' }]);
  });
}

test('a sender who leaves in the middle of its head, or while it is answered, leaves nothing', async () => {
  await spoken(`POST / HTTP/1.1\r\nhost: f\r\nx: ${SECRET}`, { leaves: true });
  const lines = linesOf(probe.stdout()).length;
  await spoken(`${head('/', ['content-length: 8'])}wait:300`, { leaves: true });
  await until('its line', () => linesOf(probe.stdout()).length > lines);
});

test('after all that it answers, and all that it wrote is lines for Cloud Logging without a word of a request', async () => {
  const response = await fetch(probe.url, { method: 'POST', body: 'echo:a' });
  assert.equal(response.status, 204);
  assert.equal(probe.stderr(), '');
  // The framework says in four lines that it serves, where it isn't for production.
  const lines = linesOf(probe.stdout()).filter((line) => !/^(Serving function|Function: |Signature type: |URL: )/.test(line));
  for (const line of lines) {
    const { severity, message } = JSON.parse(line);
    assert.ok(['INFO', 'WARNING', 'ERROR'].includes(severity) && typeof message === 'string', line);
  }
  assert.ok(!probe.stdout().includes(SECRET));
});

/** Once nothing more is said of the requests before: a line comes after its answer. */
async function quiet() {
  for (let length = -1; length !== probe.stdout().length;) {
    length = probe.stdout().length;
    await sleep(QUIET_MS);
  }
}

const linesOf = (text) => text.split('\n').filter((line) => line !== '');
