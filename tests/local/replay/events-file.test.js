import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BrokenFile, examineFiles, readLines, parseEvent } from '../../../local/replay/events-file.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-events-'));
after(() => rmSync(dir, { recursive: true }));

async function linesOf(content, name = 'events.ndjson') {
  const file = join(dir, name);
  writeFileSync(file, content);
  const lines = [];
  for await (const { number, bytes } of readLines(file)) lines.push([number, bytes?.toString('latin1')]);
  return lines;
}

test('a gzip file that was cut off is an error that says how far it got', async () => {
  const whole = gzipSync(Array.from({ length: 20_000 }, (_, index) => `{"n":${index * 7919}}`).join('\n'));
  await assert.rejects(linesOf(whole.subarray(0, whole.length / 2), 'cut.gz'), (error) => {
    assert.ok(error instanceof BrokenFile);
    assert.match(error.message, /cut\.gz can't be read beyond line \d+/);
    return true;
  });
});

test('blank lines are no events, but they count for the line numbers', async () => {
  assert.deepEqual(await linesOf('a\n\n  \r\nb'), [[1, 'a'], [4, 'b']]);
});

test('a byte order mark at the beginning of a file is skipped, and nowhere else', async () => {
  const MARK = '\u00ef\u00bb\u00bf'; // As latin1 reads it.
  const content = Buffer.from('\uFEFFa\r\n\r\n\uFEFFb\r\n');
  const lines = [[1, 'a\r'], [3, `${MARK}b\r`]];
  assert.deepEqual(await linesOf(content), lines);
  assert.deepEqual(await linesOf(gzipSync(content), 'marked.gz'), lines);
  assert.deepEqual(await linesOf(Buffer.from('\uFEFF\r\na')), [[2, 'a']]);
  assert.deepEqual(await linesOf(Buffer.from('\uFEFF')), []);
});

test('the last line needs no newline, and none follows a newline', async () => {
  assert.deepEqual(await linesOf('a\nb'), [[1, 'a'], [2, 'b']]);
  assert.deepEqual(await linesOf('a\nb\n'), [[1, 'a'], [2, 'b']]);
  assert.deepEqual(await linesOf(''), []);
});

test('bytes that are not UTF-8 are kept as they are', async () => {
  assert.deepEqual(await linesOf(Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a])), [[1, '"\xff\xfe"']]);
});

test('a line longer than a read is put together again', async () => {
  const long = 'x'.repeat(700_000);
  assert.deepEqual(await linesOf(`a\n${long}\nb\n`), [[1, 'a'], [2, long], [3, 'b']]);
});

test('a line that Pub/Sub could not take has a number, but no bytes', async () => {
  assert.deepEqual(await linesOf(`${'x'.repeat(9_000_001)}\nb`), [[1, undefined], [2, 'b']]);
});

test('gzip is recognized by its content', async () => {
  assert.deepEqual(await linesOf(gzipSync('a\nb\n'), 'events.of-another-name'), [[1, 'a'], [2, 'b']]);
});

const topicOf = { UserRegistered: 'user-onboarding', LeadCreated: 'leads' };
const of = (event) => parseEvent(Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)), topicOf);

for (const [what, line] of [
  ['text', 'hello'], ['half an object', '{"type":"LeadCreated"'], ['an array', '[1]'], ['null', 'null'], ['a number', '7'],
  ['an unknown type', { type: 'Unheard' }], ['no type', {}], ['a type that every object has', { type: 'constructor' }],
  ['a type that is no string', { type: ['LeadCreated'] }],
]) {
  test(`${what} goes to no topic`, () => assert.equal(typeof of(line).unreadable, 'string'));
}

test('why a line is unreadable never repeats its content', () => {
  assert.ok(!of('secret').unreadable.includes('secret'));
  assert.ok(!of({ type: 'secret' }).unreadable.includes('secret'));
});

for (const subject of [undefined, null, 7, '', {}, 'x'.repeat(1025)]) {
  test(`a subject ${JSON.stringify(subject)?.slice(0, 12)} is no ordering key, and the event is published all the same`, () => {
    const { key, customers, topic } = of({ type: 'LeadCreated', id: 'e', subject });
    assert.deepEqual({ key, customers, topic }, { key: undefined, customers: [], topic: 'leads' });
  });
}

test('a registration involves its customer and its lead', () => {
  assert.deepEqual(of({ type: 'UserRegistered', id: 'e', subject: 'U', data: { leadId: 'L' } }).customers, ['U', 'L']);
  assert.deepEqual(of({ type: 'LeadCreated', id: 'e', subject: 'L', data: { leadId: 'L' } }).customers, ['L']);
});

const lead = (number) => JSON.stringify({ type: 'LeadCreated', id: `e${number}` });
const indented = JSON.stringify([{ type: 'LeadCreated', id: 'a' }, { type: 'LeadCreated', id: 'b' }], undefined, 2);

async function examined(...contents) {
  const files = contents.map((content, index) => {
    const file = join(dir, `examined-${index}.ndjson`);
    writeFileSync(file, content);
    return file;
  });
  return examineFiles(files, topicOf);
}

for (const [what, contents, named] of [
  ['an array printed over many lines', [indented], ['a JSON array', 'line 1: not JSON; line 2: not JSON', 'and so on']],
  ['an array on one line', [`[${lead(1)},${lead(2)}]\n`], ['line 1: not an object']],
  ['an array with an event on each line', [`[${lead(1)},\n${lead(2)},\n${lead(3)}]`], ['a JSON array', 'line 2: not JSON']],
  ['an array whose last event could be published', [`[\n${lead(1)},\n${lead(2)}\n]\n\n`], ['a JSON array', 'line 1: not JSON', 'line 4: not JSON']],
  ['an array with a byte order mark, gzipped', [gzipSync(`\uFEFF[\n${lead(1)}\n]`)], ['a JSON array']],
  ['an object printed over many lines', [JSON.stringify({ type: 'LeadCreated' }, undefined, 2)], ['line 1: not JSON; line 2: not JSON; line 3: not JSON.']],
  ['a table', ['id,type\n1,LeadCreated\n'], ['line 1: not JSON; line 2: not JSON.']],
  ['types that no topic carries', ['{"type":"A"}\n\n{"type":"B"}\n'], ['line 1: of a type that no topic carries; line 3: of a type that no topic carries.']],
  ['a file without a byte', [''], ['examined-0.ndjson has no line that is an event: it is empty.']],
  ['blank lines', ['\n  \r\n\t\n'], ['has no line that is an event: it is empty.']],
  ['a byte order mark alone, gzipped', [gzipSync('\uFEFF\n')], ['it is empty.']],
  ['an empty file after a good one', [lead(1), ''], ['examined-1.ndjson', 'it is empty.']],
  ['a bad file after a good one', [lead(1), 'words\n'], ['examined-1.ndjson', 'line 1: not JSON.']],
]) {
  test(`${what} is an error that names lines and reasons`, async () => {
    await assert.rejects(examined(...contents), (error) => {
      assert.ok(error instanceof BrokenFile);
      for (const part of named) assert.ok(error.message.includes(part), error.message);
      assert.ok(!error.message.includes('LeadCreated'));
      return true;
    });
  });
}

test('a file with one event among bad lines may be replayed', async () => {
  assert.equal(await examined(`[INFO] begins\n[1]\n${lead(1)}\nwords\n`, `\n${lead(2)}\n]\n`), 6);
});
