const CLEAR_LINE = '\r\x1b[2K';
const USUAL_COLUMNS = 80;

/** Writes a line of progress: redrawn in place on a terminal, a line of its own anywhere else. */
export function writeProgressLine(out, text) {
  out.write(out.isTTY ? `${CLEAR_LINE}${text.slice(0, (out.columns || USUAL_COLUMNS) - 1)}` : `${text}\n`);
}
