// Connections of the transport without TLS: how many there are, how they end, and what becomes of the calls on them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { openWire } from '../../shim/wire.js';
import { startSwallowingProxy } from '../reliability/tls/swallowing-proxy.js';
import { until } from '../stack/until.js';
import { HEADERS, answer, frame, startScriptedService } from './scripted-service.js';

const toClose = [];

afterEach(() => {
  for (const each of toClose.splice(0).toReversed()) each.close();
});

const echo = (stream) => answer(stream, [frame(Buffer.from('x'))]);

async function service(script, options) {
  const started = await startScriptedService(script, options);
  toClose.push(started);
  return started;
}

function wireTo(host) {
  const wire = openWire({ env: { FIRESTORE_EMULATOR_HOST: host }, accessToken: async () => assert.fail('an emulator needs no token') });
  toClose.push(wire);
  const ask = (call, { path = '/probe.Echo/Any', timeoutMs = 5_000, bytes = Buffer.from('asked') } = {}) => wire.call({ target: 'firestore', path, call, timeoutMs, metadata: {}, bytes });
  return { unary: (more) => ask('unary', more), kept: (more) => ask('bidi', more), close: wire.close };
}

const statuses = (answers) => answers.map(({ status }) => status);
const goodbye = (to, code, lastSeen) => { for (const session of to.sessions) session.goaway(code, lastSeen); };

test('where a connection has as many calls as the service takes, others go by another one', async () => {
  const waiting = [];
  const peer = await service((stream) => waiting.push(stream), { settings: { maxConcurrentStreams: 2 } });
  const wire = wireTo(peer.host);
  const answers = Promise.all(Array.from({ length: 5 }, () => wire.unary()));
  await until('the service sees it', () => waiting.length === 5);
  assert.equal(peer.taken(), 3);
  waiting.splice(0).forEach(echo);
  assert.deepEqual(statuses(await answers), [0, 0, 0, 0, 0]);
  // What is free again is taken first.
  const more = Promise.all([wire.unary(), wire.unary(), wire.unary()]);
  await until('the service sees it', () => waiting.length === 3);
  waiting.splice(0).forEach(echo);
  await more;
  assert.equal(peer.taken(), 3);
});

test('of connections there are eight at most: further calls wait for others, and are answered', async () => {
  const waiting = [];
  const peer = await service((stream) => waiting.push(stream), { settings: { maxConcurrentStreams: 1 } });
  const wire = wireTo(peer.host);
  const answers = Promise.all(Array.from({ length: 20 }, () => wire.unary()));
  await until('the service sees it', () => waiting.length === 8);
  await sleep(50);
  assert.deepEqual([peer.taken(), waiting.length], [8, 8]);
  const answering = setInterval(() => waiting.splice(0).forEach(echo), 5);
  assert.deepEqual(new Set(statuses(await answers)), new Set([0]));
  clearInterval(answering);
  assert.equal(peer.taken(), 8);
});

for (const code of [0, 11]) {
  test(`a call that a service which says goodbye with code ${code} never looked at goes to another connection`, async () => {
    const peer = await service((stream) => (peer.streams.length === 2 ? goodbye(peer, code, 1) : echo(stream)));
    const wire = wireTo(peer.host);
    assert.deepEqual(statuses([await wire.unary(), await wire.unary()]), [0, 0]);
    assert.deepEqual([peer.taken(), peer.streams.length], [2, 3]);
  });
}

test('one that it looked at is answered before it goes, and the next call has another connection', async () => {
  const peer = await service(async (stream) => {
    if (peer.streams.length > 1) return echo(stream);
    goodbye(peer, 0, stream.id);
    await sleep(100);
    return echo(stream);
  });
  const wire = wireTo(peer.host);
  const first = wire.unary();
  await until('the service sees it', () => peer.streams.length === 1);
  await sleep(50);
  assert.equal((await wire.unary()).status, 0);
  assert.equal((await first).status, 0);
  assert.deepEqual([peer.taken(), peer.streams.length], [2, 2]);
});

test('one that it looked at and then dropped may have been carried out: it is UNAVAILABLE, and isn\'t sent again', async () => {
  const peer = await service((stream) => {
    if (peer.streams.length > 1) return echo(stream);
    goodbye(peer, 11, stream.id);
    setTimeout(() => stream.session?.destroy(), 50);
    return undefined;
  });
  const wire = wireTo(peer.host);
  const { status, detail } = await wire.unary();
  assert.equal(status, 14);
  assert.match(detail, /: it said goodbye with code 11$/);
  assert.equal(peer.streams.length, 1);
  assert.equal((await wire.unary()).status, 0);
});

test('a connection that is reset under a call is UNAVAILABLE, and the call isn\'t sent again', async () => {
  const sockets = [];
  const peer = await service((stream) => (peer.streams.length === 1 ? sockets[0].resetAndDestroy() : echo(stream)));
  const proxy = net.createServer((near) => {
    sockets.push(near);
    const far = net.connect(peer.port, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  toClose.push({ close() { proxy.close(); for (const socket of sockets) socket.destroy(); } });
  const wire = wireTo(`127.0.0.1:${proxy.address().port}`);
  const { status, detail } = await wire.unary();
  assert.equal(status, 14);
  assert.match(detail, /ECONNRESET|the connection was closed/);
  assert.equal(peer.streams.length, 1);
  assert.equal((await wire.unary()).status, 0);
});

test('a kept stream whose service says goodbye is answered to its end, and the next request has another one', async () => {
  const peer = await service(async (stream) => {
    stream.respond(HEADERS, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.on('data', async () => {
      await sleep(50);
      stream.write(frame(Buffer.from('x')));
    });
    stream.on('end', () => stream.end());
  });
  const wire = wireTo(peer.host);
  assert.equal((await wire.kept()).status, 0);
  const under = wire.kept();
  await sleep(10);
  goodbye(peer, 0, 1);
  await sleep(10);
  assert.deepEqual(statuses(await Promise.all([under, wire.kept()])), [0, 0]);
  assert.deepEqual([peer.taken(), peer.streams.length], [2, 2]);
  await until('the service sees it', () => peer.sessions.size === 1);
});

test('a kept stream that died without a word is left for another connection', { timeout: 20_000 }, async () => {
  const peer = await service((stream) => {
    stream.respond(HEADERS);
    stream.on('data', () => stream.write(frame(Buffer.from('x'))));
  });
  const proxy = await startSwallowingProxy(peer.port);
  toClose.push(proxy);
  const wire = wireTo(proxy.host);
  assert.equal((await wire.kept()).status, 0);
  proxy.swallow();
  assert.equal((await wire.kept({ timeoutMs: 1_500 })).status, 4);
  assert.equal((await wire.kept()).status, 0);
  assert.equal(proxy.taken(), 2);
});

test('who waits longer than the call that gave a hung connection up is answered by the next one', { timeout: 20_000 }, async () => {
  const peer = await service(echo);
  const proxy = await startSwallowingProxy(peer.port);
  toClose.push(proxy);
  const hang = (isHung) => Object.assign(proxy, { isHung });
  hang(true);
  const wire = wireTo(proxy.host);
  const [short, long] = [wire.unary({ timeoutMs: 1_200 }), wire.unary({ timeoutMs: 10_000 })];
  await until('the service sees it', () => proxy.taken() === 1);
  hang(false);
  assert.deepEqual(statuses(await Promise.all([short, long])), [4, 0]);
  assert.equal(proxy.taken(), 2);
});

test('while nobody listens calls fail at once, and few of them try to connect', async () => {
  let attempts = 0;
  const outage = net.createServer((socket) => {
    attempts += 1;
    socket.resetAndDestroy();
  });
  outage.listen(0, '127.0.0.1');
  await once(outage, 'listening');
  toClose.push(outage);
  const wire = wireTo(`127.0.0.1:${outage.address().port}`);
  const untilMs = performance.now() + 1_000;
  let calls = 0;
  for (; performance.now() < untilMs; calls += 1) {
    assert.equal((await wire.unary()).status, 14);
    await sleep(1);
  }
  assert.ok(calls > 100, `${calls} calls`);
  assert.ok(attempts >= 3 && attempts <= 10, `${attempts} attempts`);
});

test('what listens there speaks no HTTP/2', async () => {
  const page = net.createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  page.listen(0, '127.0.0.1');
  await once(page, 'listening');
  toClose.push(page);
  const { status, detail } = await wireTo(`127.0.0.1:${page.address().port}`).unary();
  assert.equal(status, 14);
  assert.match(detail, /: what listens there speaks no HTTP\/2$/);
});

test('a service that asks whether anybody is there is told so', async () => {
  const peer = await service(echo);
  await wireTo(peer.host).unary();
  const [session] = peer.sessions;
  const asked = Buffer.from('whothere');
  const told = await new Promise((resolve, reject) => session.ping(asked, (error, _, bytes) => (error ? reject(error) : resolve(bytes))));
  assert.deepEqual(told, asked);
});

test('a request that the service doesn\'t take in ends at its deadline, and holds up no other', { timeout: 20_000 }, async () => {
  const peer = await service((stream) => (peer.streams.length === 1 ? stream.pause() : echo(stream)));
  const wire = wireTo(peer.host);
  const stuck = wire.unary({ bytes: Buffer.alloc(10_000_000), timeoutMs: 900 });
  await until('the service sees it', () => peer.streams.length === 1);
  assert.equal((await wire.unary()).status, 0);
  assert.equal((await stuck).status, 4);
  assert.equal((await wire.unary({ bytes: Buffer.alloc(100_000) })).status, 0);
});

test('a call at its deadline is taken back, so that the service needn\'t go on', async () => {
  const codes = [];
  const peer = await service((stream) => stream.once('close', () => codes.push(stream.rstCode)));
  assert.equal((await wireTo(peer.host).unary({ timeoutMs: 100 })).status, 4);
  await until('the service sees it', () => codes.length > 0);
  assert.deepEqual(codes, [8]);
});

test('a process whose calls are answered ends, though its connections are open', { timeout: 20_000 }, async () => {
  const peer = await service((stream) => {
    stream.respond(HEADERS);
    stream.on('data', () => stream.write(frame(Buffer.from('x'))));
  });
  const wireFile = fileURLToPath(new URL('../../shim/wire.js', import.meta.url));
  const program = `
    const wire = require(${JSON.stringify(wireFile)}).openWire({ env: { FIRESTORE_EMULATOR_HOST: '${peer.host}' } });
    wire.call({ target: 'firestore', path: '/probe.Echo/Any', call: 'bidi', timeoutMs: 15_000, metadata: {}, bytes: Buffer.from('asked') }).then(({ status }) => console.log(status));`;
  const beganMs = performance.now();
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text) => { said += text; });
  const [code] = await once(child, 'exit');
  assert.deepEqual([code, said.trim()], [0, '0']);
  assert.ok(performance.now() - beganMs < 8_000);
});
