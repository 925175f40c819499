import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { rules } from './rules.js';
import { overlaid, readFixture, readRepository } from './tree.js';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const fixtures = folder('fixtures/');
const clean = readFixture(`${fixtures}clean`);

/** Every complaint about a tree, each with the rule that it comes from. */
const complaintsAbout = (tree) => rules.flatMap(({ name, check }) => check(tree).map((complaint) => `${name}: ${complaint}`));

test('the clean fixture passes every rule', () => {
  assert.deepEqual(complaintsAbout(clean), []);
});

for (const { name, says } of rules) {
  // A fixture is what differs from the clean one. It breaks its own rule and no other, so that it's known what was caught.
  const cases = existsSync(fixtures + name) ? readdirSync(fixtures + name) : [];

  test(`rejected by "${says}": ${cases.join(', ') || 'nothing'}`, () => {
    assert.notEqual(cases.length, 0, `fixtures/${name} is missing: nobody has seen this rule reject anything`);
    for (const each of cases) {
      const complaints = complaintsAbout(overlaid(clean, readFixture(`${fixtures}${name}/${each}`)));
      assert.notEqual(complaints.length, 0, `${name}/${each} is accepted`);
      for (const complaint of complaints) assert.ok(complaint.startsWith(`${name}: `), `${name}/${each} breaks ${complaint}`);
    }
  });
}

test('every folder of fixtures belongs to a rule', () => {
  const known = ['clean', ...rules.map(({ name }) => name)].sort();
  assert.deepEqual(readdirSync(fixtures).sort(), known);
});

const repository = readRepository(folder('../../'));

for (const { name, says, check } of rules) {
  test(`in this repository ${says}`, () => {
    assert.deepEqual(check(repository), [], name);
  });
}
