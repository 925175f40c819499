// The counting of what functions ask for: real requests' bytes, and a wire that answers nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const COUNTING = fileURLToPath(new URL('../../bench/count-calls.cjs', import.meta.url));

/** `path`, with two documents of 3 and 200 bytes, and a flag. */
const asked = Buffer.concat([
  Buffer.from([0x0a, 1, 0x64, 0x12, 3]), Buffer.from('abc'), Buffer.from([0x12, 0xc8, 0x01]), Buffer.alloc(200, 0x12), Buffer.from([0x28, 1]),
]);

test('calls, what they ask for and their bytes are counted for each method', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boma-counting-'));
  try {
    writeFileSync(join(folder, 'wire.js'), "exports.openWire = () => ({ call: async ({ path }) => ({ messages: [Buffer.alloc(5)], status: path.endsWith('Commit') ? 14 : 0 }) });");
    writeFileSync(join(folder, 'program.js'), `
      const { call } = require('./wire.js').openWire({});
      const bytes = Buffer.from('${asked.toString('hex')}', 'hex');
      for (const method of ['BatchGetDocuments', 'BatchGetDocuments', 'Commit']) call({ path: '/google.firestore.v1.Firestore/' + method, bytes });
    `);
    const counts = join(folder, 'counts.json');
    execFileSync(process.execPath, ['--require', COUNTING, join(folder, 'program.js')], { env: { ...process.env, BOMA_COUNTS: counts } });
    assert.deepEqual(JSON.parse(readFileSync(counts, 'utf8')), {
      BatchGetDocuments: { calls: 2, failed: 0, items: 4, bytesThere: 2 * asked.length, bytesBack: 10 },
      Commit: { calls: 1, failed: 1, items: 2, bytesThere: asked.length, bytesBack: 5 },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
