// Answers as gRPC's specification has them, and those that it doesn't: what each comes to.

import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { after, before, test } from 'node:test';

import { openWire } from '../../shim/wire.js';
import { HEADERS, answer, frame, refuse, startScriptedService } from './scripted-service.js';

const { NGHTTP2_REFUSED_STREAM } = http2.constants;
const MOST_BYTES = 32 * 1024 * 1024;

let service;
let wire;
let script;

before(async () => {
  service = await startScriptedService((stream, headers) => script(stream, headers));
  wire = openWire({ env: { FIRESTORE_EMULATOR_HOST: service.host }, accessToken: async () => assert.fail('an emulator needs no token') });
});

after(() => {
  wire.close();
  service.close();
});

/** One call that is answered by `answers`: what it came to, with the messages as text, and what the service saw. */
async function called(answers, { call = 'unary', bytes = Buffer.from('asked'), timeoutMs = 5_000, metadata = {} } = {}) {
  script = answers;
  service.streams.length = 0;
  const { messages, status, detail } = await wire.call({ target: 'firestore', path: '/probe.Echo/Any', call, timeoutMs, metadata, bytes });
  return { status, detail, texts: messages.map((message) => message.toString('latin1')), sizes: messages.map(({ length }) => length) };
}

test('a call says that it is gRPC, how long it waits, and that it takes no compressed answer', async () => {
  await called((stream) => answer(stream, [frame(Buffer.from('x'))]), { timeoutMs: 4_321 });
  const [{ ':method': method, ':path': path, te, 'content-type': type, 'grpc-timeout': timeout, 'grpc-accept-encoding': encodings, 'user-agent': agent }] = service.streams;
  assert.deepEqual([method, path, te, type, encodings], ['POST', '/probe.Echo/Any', 'trailers', 'application/grpc', 'identity']);
  assert.match(agent, /^grpc-node/);
  const [, waits] = /^(\d{1,8})m$/.exec(timeout);
  assert.ok(waits <= 4_321 && waits > 3_000, timeout);
});

test('the message goes in one piece behind its length', async () => {
  const pieces = [];
  await called((stream) => {
    stream.on('data', (piece) => pieces.push(piece));
    stream.once('end', () => answer(stream, []));
  });
  assert.equal(Buffer.concat(pieces).toString('latin1'), '\0\0\0\0\x05asked');
});

test('messages that are split over frames come whole, and several in one frame apart', async () => {
  const bytes = Buffer.concat(['one', '', 'three'].map((text) => frame(Buffer.from(text))));
  for (const pieces of [[...bytes].map((byte) => Buffer.of(byte)), [bytes], [bytes.subarray(0, 3), bytes.subarray(3, 12), bytes.subarray(12)]]) {
    const { texts, status } = await called((stream) => answer(stream, pieces), { call: 'serverStream' });
    assert.deepEqual([status, texts], [0, ['one', '', 'three']]);
  }
});

test('32 MB come in one message, and of one that says it is larger nothing is kept', { timeout: 60_000 }, async () => {
  const { status, sizes } = await called((stream) => answer(stream, [frame(Buffer.alloc(MOST_BYTES))]), { timeoutMs: 30_000 });
  assert.deepEqual([status, sizes], [0, [MOST_BYTES]]);
  const larger = await called((stream) => answer(stream, [frame(Buffer.from('x'), { length: MOST_BYTES + 1 })]));
  assert.deepEqual([larger.status, larger.texts], [8, []]);
  assert.match(larger.detail, /33554433 bytes, and 33554432 are the most/);
});

test('a compressed message is refused: none was asked for', async () => {
  for (const pieces of [[frame(Buffer.from('x'), { isCompressed: true })], [Buffer.of(1), Buffer.of(0, 0, 0, 1, 65)]]) {
    const { status, detail } = await called((stream) => answer(stream, pieces));
    assert.deepEqual([status, detail], [13, 'it sent a compressed message, though none was asked for']);
  }
});

test('a status alone needs no trailers', async () => {
  const { status, detail, texts } = await called((stream) => refuse(stream, { 'grpc-status': '9', 'grpc-message': 'no%20such' }));
  assert.deepEqual([status, detail, texts], [9, 'no such', []]);
  assert.equal((await called((stream) => refuse(stream, { 'grpc-status': '0' }))).status, 0);
});

for (const [said, heard] of [['caf%C3%A9%20%E2%82%AC', 'café €'], ['100%', '100%'], ['%FF', '%FF'], ['plain', 'plain']]) {
  test(`the words of a status, ${said}, are ${heard}`, async () => {
    const { status, detail } = await called((stream) => answer(stream, [], { 'grpc-status': '5', 'grpc-message': said }));
    assert.deepEqual([status, detail], [5, heard]);
  });
}

test('what came before an error stays', async () => {
  const { status, texts } = await called((stream) => answer(stream, [frame(Buffer.from('a')), Buffer.of(0, 0)], { 'grpc-status': '10' }), { call: 'serverStream' });
  assert.deepEqual([status, texts], [10, ['a']]);
});

for (const [code, status] of [[400, 13], [401, 16], [403, 7], [404, 12], [429, 14], [502, 14], [503, 14], [504, 14], [500, 2], [418, 2], [204, 2]]) {
  test(`HTTP status ${code} without a status of gRPC is ${status}`, async () => {
    const heard = await called((stream) => {
      stream.resume();
      stream.respond({ ':status': code, 'content-type': 'text/html' });
      stream.end(code === 204 ? undefined : '<html>'.repeat(10_000));
    });
    assert.equal(heard.status, status, heard.detail);
    assert.match(heard.detail, new RegExp(`it answered with HTTP status ${code}$`));
  });
}

test('where gRPC says a status, HTTP\'s says nothing', async () => {
  assert.equal((await called((stream) => refuse(stream, { ':status': 503, 'grpc-status': '9' }))).status, 9);
});

test('a page is no answer of gRPC, and neither is one without a type', async () => {
  for (const [type, words] of [[{ 'content-type': 'text/html' }, 'the content type text/html'], [{}, 'no content type'], [{ 'content-type': 'application/grpcish' }, 'the content type application/grpcish']]) {
    const { status, detail } = await called((stream) => {
      stream.respond({ ':status': 200, ...type });
      stream.end('<html>');
    });
    assert.deepEqual([status, detail], [2, `it answered with ${words}`]);
  }
  assert.equal((await called((stream) => refuse(stream, { 'content-type': 'application/grpc+proto', 'grpc-status': '0' }))).status, 0);
});

test('an answer that ends without a status is none', async () => {
  const { status, detail } = await called((stream) => answer(stream, [frame(Buffer.from('x'))], null));
  assert.deepEqual([status, detail], [13, 'its answer ended without a status']);
  assert.equal((await called((stream) => answer(stream, [frame(Buffer.from('x'))], { other: 'x' }))).status, 2);
});

test('an answer that ends within a message is none, whatever its status says', async () => {
  const { status, detail } = await called((stream) => answer(stream, [frame(Buffer.from('x'), { length: 2 })]));
  assert.deepEqual([status, detail], [13, 'its answer ended within a message']);
});

test('a status that is no number is UNKNOWN', async () => {
  assert.equal((await called((stream) => refuse(stream, { 'grpc-status': 'fine' }))).status, 2);
});

// By the table of gRPC's specification. Each may have been carried out, so none is sent again.
for (const [code, status] of [[0, 13], [1, 13], [2, 13], [3, 13], [4, 13], [6, 13], [8, 1], [9, 13], [10, 13], [11, 8], [12, 7]]) {
  test(`a stream that is reset with code ${code} is ${status}, and isn't asked again`, async () => {
    const heard = await called((stream) => {
      stream.resume();
      stream.respond(HEADERS, { waitForTrailers: true }); // Else Node ends it before it resets it.
      setImmediate(() => stream.close(code));
    });
    assert.equal(heard.status, status, heard.detail);
    assert.equal(service.streams.length, 1);
  });
}

test('a stream that the service refuses unseen is asked once more, and once only', async () => {
  const refused = (times) => (stream) => (service.streams.length <= times ? stream.close(NGHTTP2_REFUSED_STREAM) : answer(stream, [frame(Buffer.from('x'))]));
  const { status, texts } = await called(refused(1));
  assert.deepEqual([status, texts, service.streams.length], [0, ['x'], 2]);
  assert.equal((await called(refused(5))).status, 14);
  assert.equal(service.streams.length, 2);
});

test('metadata that no header may have is our mistake, and harms nobody else', async () => {
  const fine = (stream) => answer(stream, [frame(Buffer.from('x'))]);
  const [one, other] = await Promise.all([called(fine, { metadata: { 'x-any': 'a\r\nb' } }), called(fine)]);
  assert.deepEqual([one.status, other.status], [13, 0]);
  assert.match(one.detail, /^metadata x-any: /);
  assert.equal(service.taken(), 1);
});
