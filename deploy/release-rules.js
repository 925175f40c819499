// Releases firestore.rules to a database: a step of `deploy.sh apply`, because gcloud has no command for it.
//
//   node deploy/release-rules.js --project=P --database=D
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { openCloud, tokenOfGcloud } from './cloud.js';
import { API, releaseName } from './kinds/rules.js';
import { endWithSentence } from './step-program.js';
import { RULES_FILE } from './system.js';

const { values: { project, database } } = parseArgs({ options: { project: { type: 'string' }, database: { type: 'string' } } });
const content = readFileSync(join(import.meta.dirname, '..', RULES_FILE), 'utf8');
const cloud = openCloud({ token: tokenOfGcloud() });

await endWithSentence(release);

async function release() {
  const { name: rulesetName } = await cloud.change('POST', API, `v1/projects/${project}/rulesets`, { source: { files: [{ name: RULES_FILE, content }] } });
  const name = releaseName(project, database);
  const isThere = await cloud.get(API, `v1/${name}`) !== null;
  if (isThere) await cloud.change('PATCH', API, `v1/${name}`, { release: { name, rulesetName } });
  else await cloud.change('POST', API, `v1/projects/${project}/releases`, { name, rulesetName });
}
