// Whom the transport trusts, and what it says of those that it doesn't. An untrusted server hears no token and no document.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import { after, before, test } from 'node:test';

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
