// Checks that run before anything is changed, for faults that would stop a deployment half-way. Each gives sentences that say
// what to do.
import { billing } from './billing.js';
import { channels } from './channels.js';
import { collisions } from './collisions.js';
import { databaseThatIsThere } from './database.js';
import { firstEdition } from './first-edition.js';
import { placement } from './regions.js';
import { secrets } from './secrets.js';
import { warehouseThatIsThere } from './warehouse.js';

export { permissionsFor } from './permissions.js';

const CHECKS = [billing, placement, databaseThatIsThere, warehouseThatIsThere, collisions, secrets, channels, firstEdition];

/** Everything that is wrong with the project, at once: nobody should mend one fault only to meet the next. */
export async function problemsOf(cloud, found, system) {
  return (await Promise.all(CHECKS.map((one) => one({ cloud, found, system })))).flat();
}
