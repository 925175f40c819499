// Nothing personal and no payload may stand in what a program prints. This reads the logs of a run and looks for what was
// sent in it, in every spelling in which a body could slip out: as text, escaped, in base64, or as a dump of bytes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

// What is shorter stands somewhere by chance: "700.00" in a duration, "YWI" in a hash.
const SHORTEST_SECRET_BYTES = 8;
const LINE_SHOWN_CHARACTERS = 300;

/**
 * Fails if a secret stands in one of the logs. `logs` are paths of files; `secrets` are texts that were sent, of 8 bytes or
 * more: names, e-mail addresses, amounts that nothing else is likely to spell.
 */
export function assertNoSecrets({ logs, secrets }) {
  assert.ok(logs.length > 0 && secrets.length > 0, 'without logs and secrets nothing is looked at');
  const wanted = secrets.flatMap((secret) => spellings(secret).map((spelling) => ({ secret, ...spelling })));
  const texts = logs.map((log) => ({ log, text: readFileSync(log, 'utf8') }));
  assert.ok(texts.some(({ text }) => text !== ''), `nothing was printed at all, so this proves nothing: ${logs.join(', ')}`);
  const found = texts.flatMap(({ log, text }) => leaksIn(text, wanted).map((leak) => `${basename(log)}:${leak}`));
  assert.ok(found.length === 0, `${found.length} leaks:\n${found.join('\n')}`);
}

function leaksIn(text, wanted) {
  return wanted.flatMap(({ secret, how, spelled }) => {
    const at = text.indexOf(spelled);
    if (at < 0) return [];
    const before = text.slice(0, at).split('\n');
    const line = before.at(-1) + text.slice(at).split('\n', 1)[0];
    return [`${before.length}: "${secret}" ${how}: ${line.slice(0, LINE_SHOWN_CHARACTERS)}`];
  });
}

/** The texts that give the secret away, each with a word on what it is. */
function spellings(secret) {
  assert.ok(Buffer.byteLength(secret) >= SHORTEST_SECRET_BYTES, `"${secret}" is too short to be told from chance`);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const ascii = escaped.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const texts = [['as it is', secret], ['in JSON', escaped], ['in ASCII', ascii]];
  const all = [
    ...texts,
    ['in JSON inside JSON', JSON.stringify(escaped).slice(1, -1)],
    ['in a URL', encodeURIComponent(secret)],
    ...texts.flatMap(([, text]) => encodings(Buffer.from(text))),
  ];
  const distinct = new Map(all.map(([how, spelled]) => [spelled, how]).toReversed());
  return [...distinct].map(([spelled, how]) => ({ spelled, how }));
}

function encodings(bytes) {
  return [
    ['in hex', bytes.toString('hex')],
    ['in a dump of a Buffer', [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')],
    ['in a list of bytes', [...bytes].join(', ')],
    ['in a JSON list of bytes', [...bytes].join(',')],
    ...[0, 1, 2].flatMap((offset) => inBase64(bytes, offset)),
  ];
}

/** In the base64 of a whole that it is a part of: those characters that only its own bytes decide, at each of the three offsets. */
function inBase64(bytes, offset) {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64url');
  const from = Math.ceil(offset * 8 / 6);
  const to = Math.floor((offset + bytes.length) * 8 / 6);
  const url = encoded.slice(from, to);
  return [['in base64', url.replaceAll('-', '+').replaceAll('_', '/')], ['in the base64 of URLs', url]];
}
