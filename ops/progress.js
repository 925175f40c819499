// How far it is, on stderr: one line that is redrawn in a terminal, a line now and then anywhere else.
import { writeProgressLine } from '../local/progress-line.js';

const PLAIN_LINE_EVERY_MS = 2_000;

export function startProgress({ out = process.stderr, nowMs = () => performance.now() } = {}) {
  let saidMs = -Infinity;
  let unsaid;

  function say(text) {
    writeProgressLine(out, text);
    saidMs = nowMs();
    unsaid = undefined;
  }

  return {
    note(text) {
      if (out.isTTY || nowMs() - saidMs >= PLAIN_LINE_EVERY_MS) say(text);
      else unsaid = text;
    },
    /** The last thing noted has been said by then. */
    end() {
      if (unsaid !== undefined) say(unsaid);
      if (out.isTTY) out.write('\n');
    },
  };
}
