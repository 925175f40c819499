// Every kind of resource in the project, in the order of creation: each needs those before it. Removal goes in the reverse order.
// A kind has
//
//   name                            as the plan's heading
//   read(cloud, system)             what is there, as plain JSON
//   compare(there, system)          differences between that and what should be; pure
//   removal(there, system)          steps that remove what is there of it; pure
//   collisions(there, system)       optional: names that are taken by others, with the command that ends it
//   kept(there, system)             optional: what `destroy` leaves there, each a sentence with the reason
//   permissions                     what its steps need, by the role that has it
//   morePermissions(system)         optional: what they need besides in this system
//
// A system that isn't whole (`--only`) has one function. What it shares with others is compared, and never removed.
import { accounts } from './accounts.js';
import { alerts } from './alerts.js';
import { apis } from './apis.js';
import { backups } from './backups.js';
import { dashboard } from './dashboard.js';
import { database } from './database.js';
import { datasets } from './datasets.js';
import { fields } from './fields.js';
import { functions } from './functions.js';
import { hosting } from './hosting.js';
import { indexes } from './indexes.js';
import { metrics } from './metrics.js';
import { callers, deadLetterRights, rights } from './rights.js';
import { roles } from './roles.js';
import { rules } from './rules.js';
import { schedules } from './schedules.js';
import { signIn } from './sign-in.js';
import { subscriptions } from './subscriptions.js';
import { tables } from './tables.js';
import { topics } from './topics.js';
import { triggers } from './triggers.js';
import { views } from './views.js';
import { webApp } from './web-app.js';

export const KINDS = [
  apis, metrics, accounts, topics, database, rules, signIn, webApp, backups, fields, indexes, datasets, tables, views, roles, rights, functions, callers, hosting,
  triggers, subscriptions, deadLetterRights, schedules, alerts, dashboard,
];
