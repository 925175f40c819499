// A run with --once beside another one, which will take its stack away: it has a stack and a folder of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { after, before } from 'node:test';
import { npmStartOnce } from '../stack/npm-start.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-apart-'));
const stateDir = join(dir, 'state');
const other = createServer((request, response) => response.end('{}'));
let otherStack;

// The other run consists of the parts that are looked at: its file, its supervisor (this process), and its router's answer.
before(async () => {
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  otherStack = JSON.stringify({ project: 'demo-other', router: `127.0.0.1:${other.address().port}`, endsAfterReplay: true, pids: { supervisor: process.pid } });
  mkdirSync(stateDir);
  writeFileSync(join(stateDir, 'stack.json'), otherStack);
});
after(() => {
  other.close();
  rmSync(dir, { recursive: true });
});

const lead = (number) => JSON.stringify({
  specversion: '1.0', id: `e0000000-0000-4000-8000-00000000000${number}`, source: '//test', type: 'LeadCreated',
  subject: `b0000000-0000-4000-8000-00000000000${number}`, time: '2026-03-02T09:00:00Z',
  data: { leadId: `b0000000-0000-4000-8000-00000000000${number}`, region: 'Skåne', channel: 'WEB' },
});

const events = join(dir, 'events.ndjson');

test('a run that went well leaves nothing of itself, and the other one what it has', async () => {
  writeFileSync(events, `${lead(1)}\n`);
  const { status, said, reportFile } = await npmStartOnce(dir, [events]);
  assert.equal(status, 0, said);
  assert.match(said, /once-\d+/, 'it was not kept apart');
  assert.equal(JSON.parse(readFileSync(reportFile, 'utf8')).applied, 1);
  assert.deepEqual(readdirSync(stateDir), ['stack.json']);
  assert.equal(readFileSync(join(stateDir, 'stack.json'), 'utf8'), otherStack);
});

test('a file that breaks off is told in a sentence before anything is begun', async () => {
  const broken = join(dir, 'broken.ndjson.gz');
  const whole = gzipSync(Array.from({ length: 2000 }, (_, index) => lead(index % 10) + index).join('\n'));
  writeFileSync(broken, whole.subarray(0, whole.length / 2));
  const { status, said } = await npmStartOnce(dir, [broken]);
  assert.equal(status, 1, said);
  assert.match(said, /broken\.ndjson\.gz can't be read beyond line \d+/);
  assert.ok(!said.includes('    at '), said);
  assert.deepEqual(readdirSync(stateDir), ['stack.json']);
});

test('one that failed says why in a sentence, and where it leaves its logs', async () => {
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'java'), '#!/bin/sh\necho no emulator today\nexit 1\n', { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  const { status, said } = await npmStartOnce(dir, [events]).finally(() => { process.env.PATH = path; });
  assert.equal(status, 1, said);
  assert.match(said, /emulator/);
  assert.ok(!said.includes('    at '), said);
  const left = readdirSync(stateDir).filter((name) => name.startsWith('once-'));
  assert.equal(left.length, 1);
  assert.ok(said.includes(join(stateDir, left[0])), said);
  assert.ok(existsSync(join(stateDir, left[0], 'logs', 'firestore.log')));
  assert.equal(readFileSync(join(stateDir, 'stack.json'), 'utf8'), otherStack);
});
