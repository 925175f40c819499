// Every case again, through Wasm, Node and the shim's whole step loop: what was said natively must be said here, byte for
// byte. The native run leaves its transcripts in target/transcripts; this one answers with what it was answered there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const SHARD_OF_CASES = '00000007';
const base64 = (bytes) => Buffer.from(bytes).toString('base64');

// Of the whole workspace and not of one package: that would be other features of the dependencies, all compiled once more.
execFileSync('cargo', ['test', '--quiet', '--locked', '--workspace', '--test', 'cases'], { cwd: ROOT });
const folder = `${ROOT}target/transcripts`;
const transcripts = readdirSync(folder).sort().map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));

test('there is a transcript of every case', () => {
  const cases = readdirSync(`${ROOT}tests/cases`, { recursive: true }).filter((path) => path.endsWith('.json'));
  assert.ok(cases.length > 0);
  assert.equal(transcripts.length, cases.length);
});

for (const transcript of transcripts) {
  test(`${transcript.function}: ${transcript.name}`, async (t) => {
    const said = await replay(transcript, t);
    assert.deepEqual(said, { exchanges: transcript.exchanges, response: transcript.response });
  });
}

/** Of what is deployed, of what operators run, or of what only tests know. */
function folderOf(name) {
  return ['dist', 'dist-ops', 'dist-test'].map((dist) => `${ROOT}${dist}/${name}`).find((folder) => existsSync(folder));
}

/** Runs the function's own deployable against the transcript's answers and clock. */
async function replay(transcript, t) {
  const built = folderOf(transcript.function);
  // An instance of its own, as natively: some functions keep from one request to the next what they haven't written.
  require(`${built}/function.js`).__wbg_reset_state();
  const { invoke } = require(`${built}/invoke.js`);
  const { Invocation } = require(`${built}/wasm.js`);
  if (transcript.afterTrap !== undefined) takeUpAfterTrap(transcript, t);
  const exchanges = [];
  t.mock.method(Date, 'now', () => transcript.now[Math.min(exchanges.length, transcript.now.length - 1)]);
  const { waited } = Invocation.prototype;
  t.mock.method(Invocation.prototype, 'waited', function waitedOnce() {
    exchanges.push({ kind: 'wait' });
    return waited.call(this);
  });

  const { project, firstEdition, unsignedTokens } = transcript;
  const host = { project, database: '(default)', firstEdition, unsignedTokens };
  const { head } = transcript;
  const body = () => ({ bytes: Buffer.from(transcript.body, 'base64') });
  const response = await invoke({ head, caller: null, body, host: () => host }, async (step) => {
    const { status = 0, messages = [] } = transcript.exchanges[exchanges.length] ?? {};
    const { target, path, call, timeoutMs, bytes } = step;
    exchanges.push({ kind: 'rpc', target, path, call, timeoutMs, bytes: base64(withShardOfCases(bytes)), status, messages });
    return { status, messages: messages.map((message) => Buffer.from(message, 'base64')), detail: '' };
  });
  const { status, headers, outcome = null, severity, log, body: answer, lines } = response;
  // What the host adds to a fault: the words of the call that failed.
  delete log.detail;
  return { exchanges, response: { status, headers, outcome, severity, log, ...(answer && { body: answer }), ...(lines && { lines }) } };
}

/** A shard's name is chance, of which an instance has its own; the cases have none. */
function withShardOfCases(bytes) {
  const text = Buffer.from(bytes).toString('latin1');
  const [, shard] = /\/pulse\/[\dT:-]{16}\.([\da-f]{8})/.exec(text) ?? [];
  return shard === undefined ? bytes : Buffer.from(text.replaceAll(shard, SHARD_OF_CASES), 'latin1');
}

/** The message has just broken an instance: the host's first word in the next one is another. */
function takeUpAfterTrap({ function: name, afterTrap }, t) {
  const glue = require(`${folderOf(name)}/function.js`);
  const { Invocation } = glue;
  glue.Invocation = function TakenUp(method, path, headers) {
    return new Invocation(method, path, headers, undefined, undefined, afterTrap);
  };
  t.after(() => {
    glue.Invocation = Invocation;
  });
}
