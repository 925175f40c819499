// The report of one run, as the contract has it.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** `run`: the result of replay(); `recounted`: of recount(); `deliveries`: the router's notices, counted. */
export function reportOf({ run, recounted, deliveries }) {
  const delivered = (outcome) => deliveries.byOutcome[outcome] ?? 0;
  return {
    events: run.events,
    published: run.published + recounted.followUps,
    applied: recounted.applied,
    ignored: recounted.ignored,
    refused: recounted.refused,
    duplicates: delivered('DUPLICATE'),
    conflicts: delivered('CONFLICT'),
    malformed: delivered('MALFORMED') + run.unreadable.length,
    awaited: recounted.awaited,
    deadLetters: recounted.deadLetters,
    lost: recounted.lost.length,
    seconds: Math.round(run.seconds * 100) / 100,
    latencyMs: deliveries.latencyMs(),
  };
}

/** Whole or not at all. */
export function writeReport(file, report) {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial-${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(partial, file);
}
