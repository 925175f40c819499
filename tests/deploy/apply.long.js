// All functions' project.
import { journey } from './journey.js';

await journey([]);
