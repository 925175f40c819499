// A time as an operator types it: a day, a time with its zone, or how long ago.
const MS_OF = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Milliseconds since 1970, or undefined where the text is no time. A day begins at midnight UTC. */
export function parseTimeMs(text, nowMs) {
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  if (ago) return nowMs - Number(ago[1]) * MS_OF[ago[2]];
  const time = TIME.exec(text);
  if (!time || !isDay(time[1])) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

// JavaScript takes the 31st of February for the 3rd of March.
function isDay(day) {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
