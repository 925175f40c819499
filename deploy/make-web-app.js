// Makes the console's web app, or takes it away: a step of `deploy.sh apply` and `destroy`, because gcloud has no command for it. Each may be taken twice.
//
//   node deploy/make-web-app.js --project=P [--remove=APP_ID]
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { openCloud, tokenOfGcloud } from './cloud.js';
import { Complaint } from './complaint.js';
import { APP_NAME, FIREBASE, appIdIn } from './kinds/web-app.js';
import { endWithSentence } from './step-program.js';

const LOOKS = 30;
const EVERY_MS = 2_000;

const { values: { project, remove } } = parseArgs({ options: { project: { type: 'string' }, remove: { type: 'string' } } });

await endWithSentence(async () => {
  const cloud = openCloud({ token: tokenOfGcloud() });
  if (remove !== undefined) await cloud.change('POST', FIREBASE, `v1beta1/projects/${project}/webApps/${remove}:remove`, { allowMissing: true, immediate: true });
  else await make(cloud);
});

/** Firebase makes it some seconds later. A second request would make a second app, so it is looked for first. */
async function make(cloud) {
  if (await appIdIn(cloud, project) !== null) return;
  await cloud.change('POST', FIREBASE, `v1beta1/projects/${project}/webApps`, { displayName: APP_NAME });
  for (let look = 0; look < LOOKS; look += 1) {
    if (await appIdIn(cloud, project) !== null) return;
    await wait(EVERY_MS);
  }
  throw new Complaint(`${FIREBASE}: web app ${APP_NAME} isn't there after a minute: run the same command again.`);
}
