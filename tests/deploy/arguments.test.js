// The command line, and the file of an environment: what is wrong is said in one sentence before anything is looked at.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseArguments } from '../../deploy/arguments.js';
import { readEnvironment } from '../../deploy/environment.js';

const refused = [
  [[], /say what to do first: plan, apply, destroy/],
  [['deploy'], /"deploy" is no command; there are plan, apply, destroy/],
  [['plan', 'acme'], /"acme" has no place after plan/],
  [['plan', '--', 'x'], /"--" has no place after plan/],
  [['plan', '--regoin', 'europe-west1'], /--regoin is no flag; there are --project, --region/],
  [['plan', '-p', 'acme'], /-p is no flag/],
  [['plan', '--built=dist'], /--built takes no value/],
  [['plan', '--built', '--built'], /--built is given twice/],
  [['build', '--project', 'acme'], /build takes no flag/],
  [['plan', '--project'], /--project needs a value/],
  [['plan', '--project='], /--project needs a value/],
  [['plan', '--project', 'acme', '--project', 'other'], /--project is given twice/],
  [['plan', '--region', 'Europe West'], /--region: "Europe West" must begin with a letter/],
  [['apply', '--only', 'kyc;rm -rf .'], /--only: "kyc;rm -rf \." must begin/],
];
for (const [args, sentence] of refused) {
  test(`"${args.join(' ')}" is refused by name`, () => assert.throws(() => parseArguments(args), sentence));
}

test('a command line is taken apart', () => {
  assert.deepEqual(parseArguments(['apply', '--project=acme', '--region', 'us-central1', '--firestore-location', 'nam5', '--only', 'kyc']), {
    command: 'apply', project: 'acme', region: 'us-central1', firestoreLocation: 'nam5', environment: 'production', only: 'kyc', built: false,
  });
});

/** A tree with these environments in it: one, or more by their names. */
function withEnvironment(texts, check) {
  const root = mkdtempSync(join(tmpdir(), 'boma-environment-'));
  try {
    mkdirSync(join(root, 'deploy/environments'), { recursive: true });
    for (const [name, text] of Object.entries(typeof texts === 'string' ? { production: texts } : texts)) writeFileSync(join(root, `deploy/environments/${name}.json`), text);
    check((args) => readEnvironment(root, parseArguments(['plan', ...args])));
  } finally {
    rmSync(root, { recursive: true });
  }
}

const wrong = [
  ['{"region": "europe-west1"}', [], /no project: give --project, or write "project"/],
  ['{"project": "acme"}', [], /no region: give --region/],
  ['{"project": "acme", "reigon": "x"}', [], /production\.json: reigon is no setting; there are about, project/],
  ['{"project": "acme", "protectData": "yes"}', [], /production\.json: protectData: must be a boolean/],
  ['{"project": "acme", "notificationChannels": "me"}', [], /notificationChannels: must be a list/],
  ['{"project": "acme", "region": "europe-west1", "database": "Restored"}', [], /production\.json: database: "Restored" must be \(default\), or 4 to 63/],
  ['{"project": "acme"', [], /production\.json: is no JSON/],
  ['{"region": "r", "project": "p", "firstEdition": "gone"}', [], /production\.json: firstEdition: must be drained or in-flight\.$/],
  ['{"region": "r", "project": "p", "publishers": {"kyc": "user:a@b.c"}}', [], /production\.json: publishers\.kyc: must be a list of members, such as serviceAccount:/],
  ['{"region": "r", "project": "p", "publishers": {"kyc": ["a@b.c"]}}', [], /publishers\.kyc: must be a list of members/],
  ['{}', ['--environment', 'prod'], /there is no deploy\/environments\/prod\.json; there are production/],
];
for (const [text, args, sentence] of wrong) {
  test(`an environment with ${text} and ${args.join(' ') || 'no flag'} is refused by name`, () => {
    withEnvironment(text, (read) => assert.throws(() => read(args), sentence));
  });
}

test('a project of another environment is refused: what holds there would no longer hold', () => {
  withEnvironment({ production: '{"project": "acme", "region": "europe-west1"}', staging: '{"region": "europe-west1"}' }, (read) => {
    assert.throws(() => read(['--environment', 'staging', '--project', 'acme']), /--project acme: belongs to deploy\/environments\/production\.json: give --environment production, or another project/);
    assert.equal(read(['--environment', 'staging', '--project', 'acme-try']).project, 'acme-try');
    assert.equal(read(['--project', 'acme']).environment, 'production');
  });
});

test('a flag wins over the file, and Firestore is in the region unless one says otherwise', () => {
  withEnvironment('{"project": "acme", "region": "europe-west1", "protectData": false}', (read) => {
    assert.deepEqual(read(['--region', 'us-central1']), {
      environment: 'production', project: 'acme', region: 'us-central1', firestoreLocation: 'us-central1', database: '(default)',
      warehouseLocation: undefined, protectData: false, notificationChannels: [], firstEdition: undefined, publishers: {},
    });
    assert.equal(read([]).database, '(default)');
    assert.equal(read(['--firestore-location', 'eur3']).firestoreLocation, 'eur3');
  });
});
