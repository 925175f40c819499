// The guard itself: a grep that finds nothing proves something only if it would have found it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { inspect } from 'node:util';
import { assertNoSecrets } from './no-secrets.js';

const SECRET = 'Zdeňka "Zdena" Čermáková';
const dir = mkdtempSync(join(tmpdir(), 'boma-secrets-'));
const log = join(dir, 'functions.log');
after(() => rmSync(dir, { recursive: true }));

function looked(text, secrets = [SECRET]) {
  writeFileSync(log, text);
  return () => assertNoSecrets({ logs: [log], secrets });
}

const body = (padding) => Buffer.from(`${'x'.repeat(padding)}{"fullName":${JSON.stringify(SECRET)}}`);
const leaks = {
  'as it is': `customer ${SECRET} is here`,
  'in a body that is printed': body(0).toString(),
  'in a log line that quotes a body': JSON.stringify({ message: body(0).toString() }),
  'in ASCII': 'Zde\\u0148ka \\"Zdena\\" \\u010cerm\\u00e1kov\\u00e1',
  'in a URL': `/users?name=${encodeURIComponent(SECRET)}`,
  'in base64': body(0).toString('base64'),
  'in base64, one byte later': body(1).toString('base64'),
  'in base64, two bytes later': body(2).toString('base64'),
  'in the base64 of URLs': body(0).toString('base64url'),
  'in hex': body(0).toString('hex'),
  'as a Buffer that is printed': inspect(Buffer.from(SECRET)),
  'as a Buffer in JSON': JSON.stringify(body(0)),
  'as a list of bytes in Rust': `[${[...body(0)].join(', ')}]`,
};

for (const [how, text] of Object.entries(leaks)) {
  test(`a secret is found ${how}`, () => {
    assert.throws(looked(`first line\n${text}\nlast line`), /functions\.log:2: "Zdeňka/);
  });
}

test('a log without a secret passes', () => {
  looked('{"outcome":"MALFORMED","reason":"data.email: missing"}\n')();
});

test('what would look at nothing is refused', () => {
  assert.throws(() => assertNoSecrets({ logs: [], secrets: [SECRET] }), /nothing is looked at/);
  assert.throws(looked('a line\n', []), /nothing is looked at/);
  assert.throws(looked(''), /proves nothing/);
  assert.throws(looked('a line\n', ['700.00']), /too short/);
  assert.throws(() => assertNoSecrets({ logs: [join(dir, 'none.log')], secrets: [SECRET] }), /ENOENT/);
});
