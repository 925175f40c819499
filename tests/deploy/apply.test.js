// One function's project; all of them together take minutes, in apply.long.js.
import { journey } from './journey.js';

await journey(['--only', 'kyc']);
