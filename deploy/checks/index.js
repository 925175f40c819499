// What would go wrong half-way is found before anything is changed. Each check gives sentences that say what to do.
import { billing } from './billing.js';
import { channels } from './channels.js';
import { collisions } from './collisions.js';
import { databaseThatIsThere } from './database.js';
import { placement } from './regions.js';
import { secrets } from './secrets.js';

export { permissionsFor } from './permissions.js';

const CHECKS = [billing, placement, databaseThatIsThere, collisions, secrets, channels];

/** What is wrong with the project, whoever asks; all of it at once, for whoever mends one thing shouldn't find the next only then. */
export async function problemsOf(cloud, found, system) {
  return (await Promise.all(CHECKS.map((one) => one({ cloud, found, system })))).flat();
}
