// The progress of a replay: a bar in a terminal, a plain line now and then anywhere else.
import { writeProgressLine } from '../progress-line.js';

const REDRAW_EVERY_MS = 100;
const PLAIN_LINE_EVERY_MS = 10_000;
const STUCK_AFTER_MS = 2000;
const BAR_WIDTH = 24;

export function startProgress({ total, deliveries, out = process.stdout, nowMs = () => performance.now() }) {
  const startedMs = nowMs();
  let settled = 0;
  let lastSettledMs = startedMs;
  let open = () => [];

  const draw = () => {
    const text = progressLine({ settled, total, elapsedMs: nowMs() - startedMs, byOutcome: deliveries.byOutcome, waitsFor: waitsFor() });
    writeProgressLine(out, text);
  };
  const waitsFor = () => (nowMs() - lastSettledMs > STUCK_AFTER_MS ? open()[0] : undefined);
  const timer = setInterval(draw, out.isTTY ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS);

  return {
    settled() {
      settled += 1;
      lastSettledMs = nowMs();
    },
    waitsFor: (ask) => { open = ask; },
    stop() {
      clearInterval(timer);
      draw();
      if (out.isTTY) out.write('\n');
    },
  };
}

export function progressLine({ settled, total, elapsedMs, byOutcome, waitsFor }) {
  const share = total === 0 ? 1 : Math.min(1, settled / total);
  const filled = Math.round(share * BAR_WIDTH);
  const rate = settled / Math.max(0.001, elapsedMs / 1000);
  const left = settled === total ? 'done' : rate > 0 ? `${Math.ceil((total - settled) / rate)} s left` : '';
  const outcomes = Object.entries(byOutcome).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`).join(' ');
  const parts = [
    `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${settled}/${total}`,
    `${Math.round(rate)}/s`, left,
    waitsFor ? `waits for ${waitsFor.consumer} of ${waitsFor.id ?? 'an event without id'}` : outcomes,
  ];
  return parts.filter(Boolean).join('  ');
}
