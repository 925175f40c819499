// Alerts on scheduled functions: on what a run found, and on runs that are missing.
import { Complaint } from '../../complaint.js';
import { callsOf } from '../../kinds/schedules.js';
import { jobOf } from '../../names.js';
import { FAILED_CALLS, RUNS, WRONG_BALANCES, isScheduled } from '../metrics.js';
import { above, none, ofJob, ofLines, sum } from './conditions.js';

const MINUTE_S = 60;
const HOUR_S = 3_600;
// The longest window that Google allows an alert.
const LONGEST_S = 25 * HOUR_S;
// In a row, of a function that runs every few minutes or every hour.
const MISSED_RUNS = 3;
const STEP_S = 5 * MINUTE_S;

export function scheduled(system) {
  const functions = system.functions.filter(isScheduled);
  return functions.length === 0 ? [] : [wrongBalances(), ...functions.map(silent)];
}

const wrongBalances = () => ({
  id: 'wrong-balances',
  conditions: [{
    displayName: 'a run found something wrong',
    conditionThreshold: above(0, ofLines(WRONG_BALANCES), sum(300, ['metric.label.consumer'])),
  }],
});

function silent(one) {
  const { name, schedule } = one;
  const withinS = silenceS(schedule);
  const failed = failuresOf(one);
  return {
    id: `silent-${name}`,
    page: 'silent',
    words: { FUNCTION: name },
    conditions: [
      {
        displayName: `${name}: no run within ${spoken(withinS)}`,
        conditionThreshold: none(ofLines(RUNS, { consumer: name }), sum(withinS), 5 * MINUTE_S),
      },
      // A function that never ran has no time series, so the first condition may not see it. A failed call writes a line, also the
      // first one.
      {
        displayName: `${name}: more than ${failed.most} calls failed within ${spoken(failed.withinS)}`,
        conditionThreshold: above(failed.most, ofJob(FAILED_CALLS, jobOf(name)), sum(failed.withinS)),
      },
    ],
  };
}

/**
 * More failed calls than this, within that time, are a run that Cloud Scheduler has given up: while one of its calls is left, a run may still come. A call
 * that runs out of time fails late, so a run may take more than an hour to fail; a job that runs every few minutes has begun another one by then.
 */
function failuresOf(one) {
  const { calls, lastsS } = callsOf(one);
  return { most: calls - 1, withinS: Math.min(silenceS(one.schedule), Math.ceil(lastsS / STEP_S) * STEP_S) };
}

/** How long a function with this schedule may be silent. Only the forms of cron that are used here are known. */
export function silenceS(schedule) {
  const minutes = /^\*\/(\d+) \* \* \* \*$/.exec(schedule);
  if (minutes !== null) return Number(minutes[1]) * MINUTE_S * MISSED_RUNS;
  if (/^\d+ \* \* \* \*$/.test(schedule)) return HOUR_S * MISSED_RUNS;
  if (/^\d+ \d+ \* \* \*$/.test(schedule)) return LONGEST_S;
  throw new Complaint(`schedule ${schedule}: deploy/watching/alerts/scheduled.js doesn't know how long nothing may be heard of it: say so there.`);
}

const spoken = (lengthS) => (lengthS < 2 * HOUR_S ? `${lengthS / MINUTE_S} minutes` : `${lengthS / HOUR_S} hours`);
