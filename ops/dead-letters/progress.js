// How far a replay has come: one line that is redrawn in a terminal, a line now and then anywhere else.
import { writeProgressLine } from '../../local/progress-line.js';
import { count } from './tables.js';

const REDRAW_EVERY_MS = 100;
const PLAIN_LINE_EVERY_MS = 10_000;
const WORTH_NAMING_MS = 5000;
const COUNTED = { SENT: 'published', REPLAYED: 'replayed', RETURNED: 'returned' };

/** `waiting()` -> { letters, longest: {id, ms} or undefined }: those that are published and not settled. */
export function startProgress({ total, waiting, out = process.stdout }) {
  const counts = { published: 0, replayed: 0, returned: 0 };
  const draw = () => {
    writeProgressLine(out, progressLine({ total, ...counts, waiting: waiting() }));
  };
  const timer = setInterval(draw, out.isTTY ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS);
  return {
    counts,
    changed(what) {
      if (COUNTED[what]) counts[COUNTED[what]] += 1;
    },
    stop() {
      clearInterval(timer);
      draw();
      if (out.isTTY) out.write('\n');
    },
  };
}

export function progressLine({ total, published, replayed, returned, waiting: { letters, longest } }) {
  const parts = [`published ${count(published)} of ${count(total)}`, `replayed ${count(replayed)}`, `returned ${count(returned)}`, `waiting ${count(letters)}`];
  if (longest?.ms > WORTH_NAMING_MS) parts.push(`${Math.round(longest.ms / 1000)} s for ${longest.id}`);
  return parts.join('  ');
}
