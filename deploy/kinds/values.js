// Reads values as Google spells them.
import { OWNER } from '../names.js';

const SECONDS_PER_DAY = 86_400;

/** "2678400s" -> 31; nothing -> 0. */
export const days = (duration) => seconds(duration) / SECONDS_PER_DAY;

/** "60s" or "0.500s" -> a number of seconds; nothing -> 0. */
export const seconds = (duration) => (duration === undefined ? 0 : Number.parseFloat(duration));

/** Whether this was made here. */
export const isOurs = ({ labels = {} }) => labels[OWNER.key] === OWNER.value;
