// Alerts on scheduled functions: on what a run found, and on runs that are missing.
import { Complaint } from '../../complaint.js';
import { callsOf } from '../../kinds/schedules.js';
import { jobOf } from '../../names.js';
import { FAILED_CALLS, RUNS, WRONG_BALANCES, isScheduled } from '../metrics.js';
import { above, none, ofJob, ofLines, sum } from './conditions.js';

const MINUTE_S = 60;
// The longest window that Google allows an alert.
const LONGEST_S = 25 * 3_600;
// In a row, of a function that runs every few minutes.
const MISSED_RUNS = 3;
const STEP_S = 5 * MINUTE_S;

export function scheduled(system) {
  const functions = system.functions.filter(isScheduled);
  return functions.length === 0 ? [] : [wrongBalances(system), ...functions.map((one) => silent(one, system))];
}

const wrongBalances = ({ project }) => ({
  id: 'wrong-balances',
  displayName: 'Boma: the books don\'t balance',
  severity: 'CRITICAL',
  content: `The trial balance added up every customer's postings, and found a balance that is otherwise, postings that don't sum to zero, or transactions of nobody.

Nothing in this system writes one without the other. So either somebody changed a document by hand, or it is a bug with money in it. Stop paying out until you know which. Each finding has a line:

    gcloud logging read 'jsonPayload.consumer="trial-balance" AND severity=ERROR' --project=${project} --freshness=1d --limit=50 --format='value(timestamp,jsonPayload.message)'

And once more, now:

    npm run trial-balance -- --project ${project}

The customer's transactions and timeline say what should be; every document goes back seven days (docs/operations/restore.md).`,
  conditions: [{
    displayName: 'a run found something wrong',
    conditionThreshold: above(0, ofLines(WRONG_BALANCES), sum(300, ['metric.label.consumer'])),
  }],
});

function silent(one, { project, region }) {
  const { name, schedule, description } = one;
  const withinS = silenceS(schedule);
  const failed = failuresOf(one);
  return {
    id: `silent-${name}`,
    displayName: `Boma: ${name} doesn't run`,
    severity: 'ERROR',
    content: `${name} has not done its work for ${spoken(withinS)}, or a run failed at each of its attempts; its schedule is \`${schedule}\`. ${description} Until it runs again, nobody does.

Did it fail, could it not be called, or was it not called at all?

    gcloud logging read 'resource.labels.service_name="${name}" AND severity>=ERROR' --project=${project} --freshness=1d --limit=20 --format='value(timestamp,jsonPayload.reason,jsonPayload.detail)'
    gcloud logging read 'resource.labels.job_id="${jobOf(name)}" AND severity>=ERROR' --project=${project} --freshness=1d --limit=20 --format='value(timestamp,jsonPayload.status,jsonPayload.debugInfo)'
    gcloud scheduler jobs list --project=${project} --location=${region}

PERMISSION_DENIED or NOT_FOUND: ./deploy.sh plan names what is missing. Paused, or not there: ./deploy.sh apply. Else call it now; a run may be repeated at any time, and does what is left to do:

    gcloud scheduler jobs run ${jobOf(name)} --project=${project} --location=${region}`,
    conditions: [
      {
        displayName: `no run within ${spoken(withinS)}`,
        conditionThreshold: none(ofLines(RUNS, { consumer: name }), sum(withinS), 5 * MINUTE_S),
      },
      // A function that never ran has no time series, so the first condition may not see it. A failed call writes a line, also the
      // first one.
      {
        displayName: `more than ${failed.most} calls failed within ${spoken(failed.withinS)}`,
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
  if (/^\d+ \d+ \* \* \*$/.test(schedule)) return LONGEST_S;
  throw new Complaint(`schedule ${schedule}: deploy/watching/alerts/scheduled.js doesn't know how long nothing may be heard of it: say so there.`);
}

const spoken = (lengthS) => (lengthS < 2 * 3_600 ? `${lengthS / MINUTE_S} minutes` : `${lengthS / 3_600} hours`);
