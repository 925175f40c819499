import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import { Aborted, readBody } from '../../shim/body.js';

test('a body is put together from its pieces', async () => {
  const { bytes, end, droppedBytes } = await readBody(Readable.from([Buffer.from('ab'), Buffer.from('c')], { objectMode: false }));
  assert.deepEqual([bytes.toString(), end.length, droppedBytes], ['abc', 0, 0]);
});

test('a sender that leaves is told from one that is done', async () => {
  const left = new Readable({ read() {} });
  left.push(Buffer.from('ab'));
  const reading = readBody(left);
  await once(left, 'data');
  left.destroy();
  await assert.rejects(reading, (error) => error instanceof Aborted && error.message === 'the sender left after 2 bytes of the body');
});

test('no error is made for the close of a body that is whole', async () => {
  const stream = Readable.from([Buffer.from('ab')], { objectMode: false });
  await readBody(stream);
  assert.equal(stream.listenerCount('close'), 0);
});

const KEPT_BYTES = 512 * 1024;
const END_BYTES = 4 * 1024;

/** Pieces of these sizes by turns, until the whole body is used up. */
function pieces(body, sizes) {
  const all = [];
  for (let at = 0; at < body.length;) {
    const size = sizes[all.length % sizes.length];
    all.push(body.subarray(at, at + size));
    at += size;
  }
  return all;
}

for (const length of [KEPT_BYTES, KEPT_BYTES + 1, KEPT_BYTES + END_BYTES, KEPT_BYTES + END_BYTES + 1, KEPT_BYTES + 3 * END_BYTES + 17]) {
  test(`of ${length} bytes the same is kept, in whatever pieces they come`, async () => {
    const body = Buffer.from(Array.from({ length }, (_, at) => (at * 31 + Math.floor(at / 256)) % 256));
    const wanted = { bytes: body.subarray(0, KEPT_BYTES), end: body.subarray(KEPT_BYTES).subarray(-END_BYTES), droppedBytes: length - KEPT_BYTES };
    for (const sizes of [[length], [1_000, 1, 4_095], [65_536], [END_BYTES], [3, 5_000, 300_000]]) {
      const { bytes, end, droppedBytes } = await readBody(Readable.from(pieces(body, sizes), { objectMode: false }));
      assert.ok(bytes.equals(wanted.bytes) && end.equals(wanted.end), `pieces of ${sizes}`);
      assert.equal(droppedBytes, wanted.droppedBytes);
    }
  });
}
