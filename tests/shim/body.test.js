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
