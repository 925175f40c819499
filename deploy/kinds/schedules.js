// One job of Cloud Scheduler for each function with a schedule. Jobs carry no labels: ours are known by their names.
import { drifted, missing, step, surplus } from '../differences.js';
import { jobOf, lastOf, schedulerInvoker, urlOf } from '../names.js';
import { seconds } from './values.js';

const OURS = jobOf('');
const TIME_ZONE = 'Etc/UTC';
// Cloud Scheduler waits longer than the function may take, and so still hears that it ran out of time.
const LONGER_THAN_THE_FUNCTION_S = 10;
// A run is idempotent, so a retry is safe. Cloud Scheduler's default is none; it allows five, counted without the first call, each pause
// twice as long as the one before: 30 s, 1, 2, 4 and 8 min bridge an outage of Firestore.
const RETRY = { most: 5, leastS: 30, mostS: 480, doublings: 5 };

export const schedules = {
  name: 'schedules',
  permissions: {
    'roles/cloudscheduler.admin': ['create', 'update', 'delete', 'enable'].map((verb) => `cloudscheduler.jobs.${verb}`),
    // A job calls with the token of an account, so making it is acting as that account.
    'roles/iam.serviceAccountUser': ['iam.serviceAccounts.actAs'],
  },
  read: async (cloud, { project, region }) => cloud.list('cloudscheduler.googleapis.com', `v1/projects/${project}/locations/${region}/jobs`, 'jobs', { pageSize: 500 }),

  compare(there, system) {
    const wanted = system.functions.filter(isScheduled).flatMap((one) => {
      const known = there.find(({ name }) => lastOf(name) === jobOf(one.name));
      return known === undefined ? [missing(`job ${jobOf(one.name)}`, [create(one, system), callOnce(one, system)])] : drift(one, known, system);
    });
    return [...wanted, ...(system.isWhole ? unwanted(there, system) : [])];
  },

  removal(there, system) {
    return there.filter((known) => isOurs(known) && (system.isWhole || isWanted(known, system))).map((known) => remove(known, system));
  },
};

/**
 * { calls, deadlineS, lastsS } of one run that fails: how often it is called, how long each call may last, and how long all may take. Cloud Scheduler may
 * skip a run while retries of the one before go on, so a job that runs every few minutes has only those whose pauses end before.
 */
export function callsOf({ schedule, timeout }) {
  const [, everyMin] = /^\*\/(\d+) \* \* \* \*$/.exec(schedule) ?? [];
  const withinS = everyMin === undefined ? Infinity : Number(everyMin) * 60;
  const pausesS = Array.from({ length: RETRY.most }, (_, index) => RETRY.leastS * 2 ** index);
  const endsS = pausesS.map((_, index) => pausesS.slice(0, index + 1).reduce((sum, pauseS) => sum + pauseS, 0));
  const retries = endsS.filter((endS) => endS < withinS);
  const deadlineS = seconds(timeout) + LONGER_THAN_THE_FUNCTION_S;
  return { calls: 1 + retries.length, deadlineS, lastsS: (retries.at(-1) ?? 0) + (1 + retries.length) * deadlineS };
}

const isScheduled = ({ trigger }) => trigger === 'schedule';
const isOurs = ({ name }) => lastOf(name).startsWith(OURS);
const isWanted = (known, system) => system.functions.some((one) => isScheduled(one) && jobOf(one.name) === lastOf(known.name));

/** Each setting as it is, as it should be, and the flag that sets it. */
function settings(one, system, known = {}) {
  const { httpTarget: target = {}, retryConfig: retry = {} } = known;
  const url = urlOf(system, one.name);
  const { calls, deadlineS } = callsOf(one);
  return [
    ['schedule', known.schedule, one.schedule, `--schedule=${one.schedule}`],
    ['time zone', known.timeZone, TIME_ZONE, `--time-zone=${TIME_ZONE}`],
    // Cloud Scheduler adds a slash to an address without a path.
    ['address', target.uri?.replace(/\/$/, ''), url, `--uri=${url}`],
    ['method', target.httpMethod, 'POST', '--http-method=POST'],
    ['caller', target.oidcToken?.serviceAccountEmail ?? 'nobody', schedulerInvoker(system), `--oidc-service-account-email=${schedulerInvoker(system)}`],
    ['audience', target.oidcToken?.audience ?? 'none', url, `--oidc-token-audience=${url}`],
    ['deadline', `${seconds(known.attemptDeadline)} s`, `${deadlineS} s`, `--attempt-deadline=${deadlineS}s`],
    ['retries', retry.retryCount ?? 0, calls - 1, `--max-retry-attempts=${calls - 1}`],
    // Given both, Cloud Scheduler goes on until both are reached.
    ['time for retries', `${seconds(retry.maxRetryDuration)} s`, '0 s', '--max-retry-duration=0s'],
    ['shortest back-off', `${seconds(retry.minBackoffDuration)} s`, `${RETRY.leastS} s`, `--min-backoff=${RETRY.leastS}s`],
    ['longest back-off', `${seconds(retry.maxBackoffDuration)} s`, `${RETRY.mostS} s`, `--max-backoff=${RETRY.mostS}s`],
    ['doublings of the back-off', retry.maxDoublings ?? 0, RETRY.doublings, `--max-doublings=${RETRY.doublings}`],
  ].map(([setting, is, should, flag]) => ({ setting, is, should, flag }));
}

function create(one, system) {
  return {
    ...step(`create job ${jobOf(one.name)}`, [
      ...job('create http', one.name, system), `--description=${one.description}`, ...settings(one, system).map(({ flag }) => flag),
    ]),
    wave: 'create',
  };
}

/**
 * Runs a new job at once. The alert on a function that doesn't run needs a time series, which begins with the first run. The step may
 * fail: the first scheduled run does the same.
 */
const callOnce = ({ name }, system) => ({ ...step(`run job ${jobOf(name)} for the first time`, job('run', name, system)), mayFail: true });

function drift(one, known, system) {
  const all = settings(one, system, known);
  const otherwise = all.filter(({ is, should }) => is !== should);
  const texts = otherwise.map(({ setting, is, should }) => `${setting} is ${is}, not ${should}`);
  const steps = [];
  if (!['ENABLED', 'PAUSED'].includes(known.state)) texts.push(`is ${known.state}`);
  // Every setting is given: Cloud Scheduler takes the target whole, and a failed update is mended by another one.
  if (texts.length > 0) steps.push(step(`change job ${jobOf(one.name)}`, [...job('update http', one.name, system), ...all.map(({ flag }) => flag)]));
  if (known.state === 'PAUSED') {
    texts.push('is paused');
    steps.push(step(`resume job ${jobOf(one.name)}`, job('resume', one.name, system)));
  }
  return texts.length === 0 ? [] : [drifted(`job ${jobOf(one.name)}`, texts, steps)];
}

/** Jobs of functions that have no schedule any more. A job holds nothing that could be lost. */
function unwanted(there, system) {
  return there.filter((known) => isOurs(known) && !isWanted(known, system)).map((known) => (
    surplus(`job ${lastOf(known.name)}`, 'no function here has such a schedule', [remove(known, system)])
  ));
}

const remove = ({ name }, { region }) => step(`delete job ${lastOf(name)}`, ['scheduler', 'jobs', 'delete', lastOf(name), `--location=${region}`]);

const job = (verb, functionName, { region }) => ['scheduler', 'jobs', ...verb.split(' '), jobOf(functionName), `--location=${region}`];
