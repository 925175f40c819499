// One job of Cloud Scheduler for each function that is called by the clock. Jobs carry no labels: ours are known by their names.
import { drifted, missing, step, surplus } from '../differences.js';
import { jobOf, lastOf, schedulerInvoker, urlOf } from '../names.js';
import { seconds } from './values.js';

const OURS = jobOf('');
const TIME_ZONE = 'Etc/UTC';
// Scheduler waits for the function's own answer, also for its last one: "this took too long".
const LONGER_THAN_THE_FUNCTION_S = 10;
// A run does again what an earlier one did, so trying once more is safe. Firestore may be away for a while: after 30 s, 1, 2, 4
// and 8 min, the most attempts that Scheduler has. What a daily run still misses then, the next one finds.
const RETRY = { attempts: 5, leastS: 30, mostS: 480 };

export const schedules = {
  name: 'schedules',
  permissions: {
    'roles/cloudscheduler.admin': ['create', 'update', 'delete', 'enable'].map((verb) => `cloudscheduler.jobs.${verb}`),
    // For a job calls in the name of an account.
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

const isScheduled = ({ trigger }) => trigger === 'schedule';
const isOurs = ({ name }) => lastOf(name).startsWith(OURS);
const isWanted = (known, system) => system.functions.some((one) => isScheduled(one) && jobOf(one.name) === lastOf(known.name));

/** Each setting: what it is there, what it should be, and the flag that makes it so. */
function settings(one, system, known = {}) {
  const { httpTarget: target = {}, retryConfig: retry = {} } = known;
  const url = urlOf(system, one.name);
  const deadlineS = seconds(one.timeout) + LONGER_THAN_THE_FUNCTION_S;
  return [
    ['schedule', known.schedule, one.schedule, `--schedule=${one.schedule}`],
    ['time zone', known.timeZone, TIME_ZONE, `--time-zone=${TIME_ZONE}`],
    // The address as it is, or Scheduler would put a slash behind it.
    ['address', target.uri?.replace(/\/$/, ''), url, `--uri=${url}`],
    ['method', target.httpMethod, 'POST', '--http-method=POST'],
    ['caller', target.oidcToken?.serviceAccountEmail ?? 'nobody', schedulerInvoker(system), `--oidc-service-account-email=${schedulerInvoker(system)}`],
    ['audience', target.oidcToken?.audience ?? 'none', url, `--oidc-token-audience=${url}`],
    ['deadline', `${seconds(known.attemptDeadline)} s`, `${deadlineS} s`, `--attempt-deadline=${deadlineS}s`],
    ['retries', retry.retryCount ?? 0, RETRY.attempts, `--max-retry-attempts=${RETRY.attempts}`],
    ['shortest back-off', `${seconds(retry.minBackoffDuration)} s`, `${RETRY.leastS} s`, `--min-backoff=${RETRY.leastS}s`],
    ['longest back-off', `${seconds(retry.maxBackoffDuration)} s`, `${RETRY.mostS} s`, `--max-backoff=${RETRY.mostS}s`],
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
 * The alert on silence can't hear what has never spoken: its series begins with the first run. That a job was just made matters to
 * no run; and should this call fail, the schedule's own will tell.
 */
const callOnce = ({ name }, system) => ({ ...step(`run job ${jobOf(name)} for the first time`, job('run', name, system)), mayFail: true });

function drift(one, known, system) {
  const all = settings(one, system, known);
  const otherwise = all.filter(({ is, should }) => is !== should);
  const texts = otherwise.map(({ setting, is, should }) => `${setting} is ${is}, not ${should}`);
  const steps = [];
  if (!['ENABLED', 'PAUSED'].includes(known.state)) texts.push(`is ${known.state}`);
  // The target is one thing to Scheduler, and an update that failed is mended by another: all is said again.
  if (texts.length > 0) steps.push(step(`change job ${jobOf(one.name)}`, [...job('update http', one.name, system), ...all.map(({ flag }) => flag)]));
  if (known.state === 'PAUSED') {
    texts.push('is paused');
    steps.push(step(`resume job ${jobOf(one.name)}`, job('resume', one.name, system)));
  }
  return texts.length === 0 ? [] : [drifted(`job ${jobOf(one.name)}`, texts, steps)];
}

/** There is nothing in a job that could be lost. */
function unwanted(there, system) {
  return there.filter((known) => isOurs(known) && !isWanted(known, system)).map((known) => (
    surplus(`job ${lastOf(known.name)}`, 'no function here has such a schedule', [remove(known, system)])
  ));
}

const remove = ({ name }, { region }) => step(`delete job ${lastOf(name)}`, ['scheduler', 'jobs', 'delete', lastOf(name), `--location=${region}`]);

const job = (verb, functionName, { region }) => ['scheduler', 'jobs', ...verb.split(' '), jobOf(functionName), `--location=${region}`];
