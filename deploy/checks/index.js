// What would go wrong half-way is found before anything is changed. Each check gives sentences that say what to do.
import { Complaint } from '../complaint.js';
import { billing } from './billing.js';
import { channels } from './channels.js';
import { collisions } from './collisions.js';
import { databaseThatIsThere } from './database.js';
import { permissions } from './permissions.js';
import { placement } from './regions.js';
import { secrets } from './secrets.js';

const CHECKS = [billing, permissions, placement, databaseThatIsThere, collisions, secrets, channels];

/** Throws all the sentences at once: whoever mends one thing shouldn't find the next one only then. */
export async function check(cloud, found, system) {
  const sentences = (await Promise.all(CHECKS.map((one) => one({ cloud, found, system })))).flat();
  if (sentences.length > 0) throw new Complaint(`nothing was changed.\n${sentences.map((sentence) => `  ${sentence}`).join('\n')}`);
}
