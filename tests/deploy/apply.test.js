// One function's project; all of them together take minutes, in apply.long.js.
import { withDatabase } from './cloud/a-database.js';
import { journey } from './journey.js';

await journey(['--only', 'kyc'], withDatabase);
