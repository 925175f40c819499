// Whom the transport trusts, and what it says of those that it doesn't. An untrusted server hears no token and no document.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { after, before, test } from 'node:test';
import tls from 'node:tls';

import { status } from '@grpc/grpc-js';

import { startEchoServer } from '../../shim/echo-server.js';
import { startMetadataServer, token } from '../../shim/fake-metadata-server.js';
import { certificateAuthority, ended, notBegun } from './certificates.js';
import { startFrontEnd } from './front-end.js';
import { withoutHint } from './untrusted.js';
import { startWireProcess } from './wire-in-process.js';

const TOKEN = 'ya29.not-for-logs';
const ours = certificateAuthority('An authority that is trusted');
const another = certificateAuthority('Another authority');
const toClose = [];
let echo;
let metadata;
let trusting;
let untold;

before(async () => {
  echo = await startEchoServer();
  metadata = await startMetadataServer(() => token(TOKEN));
  trusting = startWireProcess({ trusts: ours.certificate });
  untold = startWireProcess({ trusts: null });
  toClose.push(echo, metadata, trusting, untold);
});

after(async () => {
  for (const each of toClose.toReversed()) await (each.stop ?? each.close)();
});

async function frontEnd(identity) {
  const front = await startFrontEnd({ identity, behind: echo.host });
  toClose.push(front);
  return front;
}

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  toClose.push({ close: () => server.close() });
  return `localhost:${server.address().port}`;
}

/** One call to this endpoint, which isn't answered, and what is said of it. */
async function refusedWith(words, endpoint, wires = trusting) {
  const wire = wires.open({ ...metadata.env, FIRESTORE_ENDPOINT: endpoint });
  const { status: code, detail } = await wire.call();
  wire.close();
  assert.equal(code, status.UNAVAILABLE);
  if (words instanceof RegExp) assert.match(detail, words);
  else assert.equal(withoutHint(detail), `${endpoint}: ${words}`);
}

test('a certificate of an authority that is not trusted', async () => {
  const front = await frontEnd(another.issue(['localhost']));
  await refusedWith('its certificate is not trusted here (unable to verify the first certificate)', front.host);
  assert.deepEqual(front.calls, []);
});

test('a certificate of an authority that Node would have to be told of', async () => {
  const front = await frontEnd(ours.issue(['localhost']));
  await refusedWith('its certificate is not trusted here (unable to verify the first certificate)', front.host, untold);
  assert.deepEqual(front.calls, []);
});

test('a certificate of another host', async () => {
  const front = await frontEnd(ours.issue(['firestore.example.com']));
  await refusedWith('its certificate is made out to others (DNS:firestore.example.com)', front.host);
  assert.deepEqual(front.calls, []);
});

test('a certificate that has ended, and one that has not begun', async () => {
  const late = await frontEnd(ours.issue(['localhost'], ended()));
  const early = await frontEnd(ours.issue(['localhost'], notBegun()));
  await refusedWith('its certificate has expired', late.host);
  await refusedWith('its certificate is not valid yet', early.host);
  assert.deepEqual([late.calls, early.calls], [[], []]);
});

test('a server that speaks no TLS hears nothing, not even where it would understand', async () => {
  const seenBefore = echo.seen.length;
  await refusedWith('what listens there speaks no TLS', echo.host.replace('127.0.0.1', 'localhost'));
  assert.equal(echo.seen.length, seenBefore);
});

test('a server that speaks TLS, but not HTTP/2', async () => {
  const endpoint = await listening(https.createServer(ours.issue(['localhost'])));
  await refusedWith('what listens there speaks TLS, but not HTTP/2', endpoint);
});

test('a server that speaks TLS, and doesn\'t say what else', async () => {
  const endpoint = await listening(tls.createServer(ours.issue(['localhost']), (socket) => socket.on('error', () => {})));
  await refusedWith('what listens there speaks TLS, but not HTTP/2', endpoint);
});

test('a server that hangs up', async () => {
  const endpoint = await listening(net.createServer((socket) => socket.end()));
  await refusedWith(/^localhost:\d+: it hung up before TLS was agreed upon \(Client network socket disconnected/, endpoint);
});

test('a port on which nothing listens, and a name that nobody has', async () => {
  await refusedWith(/^localhost:1: nothing listens there \(connect ECONNREFUSED /, 'localhost:1');
  // Longer than a name can be, so that it is known without asking anybody.
  await refusedWith('no address is known for its name', `${'long'.repeat(16)}.invalid:443`);
});

test('a trusted server is called, each service at its own endpoint, with a token of the metadata server', async () => {
  const firestore = await frontEnd(ours.issue(['localhost']));
  const pubsub = await frontEnd(ours.issue(['localhost']));
  const wire = trusting.open({ ...metadata.env, FIRESTORE_ENDPOINT: firestore.host, PUBSUB_ENDPOINT: pubsub.host });
  for (const [target, front] of [['firestore', firestore], ['pubsub', pubsub]]) {
    const { messages, status: code } = await wire.call('Unary', { target, text: target });
    assert.deepEqual([code, messages], [status.OK, [target]]);
    assert.deepEqual(front.calls.map((call) => [call.path, call.token]), [['/probe.Echo/Unary', TOKEN]]);
  }
});

/** A proxy of a company: it lets through whom it knows, to this port, whichever host is named. */
async function companysProxy(port) {
  const asked = [];
  const proxy = http.createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket) => {
    asked.push(request.url);
    socket.on('error', () => {});
    if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from('we:us@').toString('base64')}`) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const far = net.connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    far.on('error', () => {});
    far.pipe(socket).pipe(far);
  });
  return { host: (await listening(proxy)).replace('localhost', '127.0.0.1'), asked };
}

test('a proxy of the environment is asked for what isn\'t on this machine, and the service is trusted as without it', async () => {
  const front = await frontEnd(ours.issue(['firestore.googleapis.com']));
  const { host, asked } = await companysProxy(front.port);
  const called = async (settings) => {
    const wire = trusting.open({ ...metadata.env, ...settings });
    const answer = await wire.call();
    wire.close();
    return answer;
  };
  const { status: code, messages, detail } = await called({ https_proxy: `http://we:us%40@${host}` });
  assert.deepEqual([code, messages, asked], [status.OK, ['hello'], ['firestore.googleapis.com:443']], detail);

  const unknown = await called({ grpc_proxy: `http://${host}`, https_proxy: 'http://127.0.0.1:1' });
  assert.deepEqual([unknown.status, unknown.detail], [status.UNAVAILABLE, `firestore.googleapis.com:443: the proxy ${host} of the environment: it answered 407`]);
  assert.match((await called({ http_proxy: 'http://127.0.0.1:1' })).detail, /^firestore\.googleapis\.com:443: the proxy 127\.0\.0\.1:1 of the environment: connect ECONNREFUSED/);
  assert.match((await called({ https_proxy: 'socks5://we:secret@127.0.0.1:1' })).detail, /^https_proxy must be http:\/\/HOST:PORT$/);

  const refused = { https_proxy: `http://${host}`, FIRESTORE_ENDPOINT: front.host };
  assert.match((await called(refused)).detail, /^localhost:\d+: its certificate is made out to others/);
  const excepted = { https_proxy: `http://${host}`, no_proxy: 'a.example, invalid', FIRESTORE_ENDPOINT: `${'long'.repeat(16)}.invalid:443` };
  assert.match((await called(excepted)).detail, /no address is known for its name$/);
  assert.equal(asked.length, 2);
});
