// Changes how operators sign in: a step of `deploy.sh apply`, because gcloud has no command for it. Each may be taken twice.
//
//   node deploy/change-sign-in.js --project=P initialize
//   node deploy/change-sign-in.js --project=P change --mask=FIELDS --body=FILE
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Refused, openCloud, tokenOfGcloud } from './cloud.js';
import { IDENTITY, configPath } from './kinds/sign-in.js';
import { endWithSentence } from './step-program.js';

const { values: { project, mask, body }, positionals: [verb] } = parseArgs({
  allowPositionals: true, options: { project: { type: 'string' }, mask: { type: 'string' }, body: { type: 'string' } },
});

await endWithSentence(async () => {
  const cloud = openCloud({ token: tokenOfGcloud() });
  if (verb === 'initialize') await initialize(cloud);
  else await cloud.change('PATCH', IDENTITY, `${configPath(project)}?updateMask=${mask}`, JSON.parse(readFileSync(body, 'utf8')));
});

async function initialize(cloud) {
  try {
    await cloud.change('POST', IDENTITY, `v2/projects/${project}/identityPlatform:initializeAuth`, {});
  } catch (error) {
    // An answer that was lost. github.com/hashicorp/terraform-provider-google/issues/16520 quotes what Google says.
    if (!(error instanceof Refused && error.message.includes('already been enabled'))) throw error;
  }
}
