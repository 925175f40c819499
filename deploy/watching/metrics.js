// The log-based metrics, as Cloud Logging's LogMetric. Each function writes one line a delivery, or one a run (shim/log.js); no line
// has a payload, so no metric has. Where an instance ended or wasn't reached, Cloud Run or Cloud Scheduler writes the line. A metric
// counts from its creation on.
import { jobOf } from '../names.js';

/** The prefix of our metrics, which can carry no label of their owner. */
export const PREFIX = 'boma_';
export const DELIVERIES = 'boma_deliveries';
export const RETRIES = 'boma_retries';
export const DELIVERY_MS = 'boma_delivery_ms';
export const RUNS = 'boma_runs';
export const OVERDUE_LETTERS = 'boma_overdue_letters';
export const WRONG_BALANCES = 'boma_wrong_balances';
export const OUT_OF_MEMORY = 'boma_out_of_memory';
export const LOST_REQUESTS = 'boma_lost_requests';
export const FAILED_CALLS = 'boma_failed_calls';

/** A metric's type in Cloud Monitoring. */
export const typeOf = (name) => `logging.googleapis.com/user/${name}`;

export const isScheduled = ({ trigger }) => trigger === 'schedule';

const CONSUMER = { key: 'consumer', description: 'The function that it was delivered to: of what was given up, dead-letters, and the reason says who gave it up.' };
const OUTCOME = { key: 'outcome', description: 'What it came to.' };

export function metrics({ functions, project }) {
  const deliveries = linesOf(functions.filter((one) => !isScheduled(one)));
  const scheduled = functions.filter(isScheduled);
  const runs = linesOf(scheduled);
  const log = (name) => `logName="projects/${project}/logs/${encodeURIComponent(name)}"`;
  return [
    counter(DELIVERIES, 'deliveries, by what they came to', [...deliveries, 'jsonPayload.outcome:*'], [CONSUMER, OUTCOME]),
    counter(RETRIES, 'deliveries that came again, or will', [
      ...deliveries, '(jsonPayload.attempt>1 OR jsonPayload.outcome="FAULT")',
    ], [CONSUMER, OUTCOME]),
    {
      ...base(DELIVERY_MS, 'how long deliveries took, without what Cloud Run does around them', [...deliveries, 'jsonPayload.durationMs>=0'], [CONSUMER], {
        valueType: 'DISTRIBUTION', unit: 'ms',
      }),
      valueExtractor: 'EXTRACT(jsonPayload.durationMs)',
      // Buckets from 1 ms to 57 s, longer than a function may take; each 20 % above the one before.
      bucketOptions: { exponentialBuckets: { numFiniteBuckets: 60, growthFactor: 1.2, scale: 1 } },
    },
    counter(RUNS, 'runs on a schedule that did their work', [...runs, 'jsonPayload.outcome=("FINISHED" OR "STOPPED")'], [CONSUMER, OUTCOME]),
    counter(OVERDUE_LETTERS, 'runs that found letters AWAITED for more than an hour', [...runs, 'jsonPayload.overdue>0'], [CONSUMER]),
    counter(WRONG_BALANCES, 'runs that found a balance, a transaction or a customer wrong', [...runs, 'jsonPayload.wrong>0'], [CONSUMER]),
    counter(OUT_OF_MEMORY, 'instances that Cloud Run ended because they took more memory than they may', [
      ...linesOf(functions), log('run.googleapis.com/varlog/system'), 'textPayload:"Memory limit of"',
    ]),
    // Cloud Run answers them with 503, as an HTTP function does for a fault. Only the text tells them apart.
    counter(LOST_REQUESTS, 'requests whose instance ended before it had answered', [
      ...linesOf(functions), log('run.googleapis.com/requests'), 'textPayload:"malformed or connection to the instance had an error"',
    ]),
    counter(FAILED_CALLS, 'calls of Cloud Scheduler that failed, each attempt', [
      'resource.type="cloud_scheduler_job"', `resource.labels.job_id=${anyOf(scheduled.map(({ name }) => jobOf(name)))}`,
      log('cloudscheduler.googleapis.com/executions'), 'severity>=ERROR',
    ]),
  ];
}

/** Lines of these functions only: others in the project may write lines of the same form. */
const linesOf = (functions) => [
  'resource.type="cloud_run_revision"',
  `resource.labels.service_name=${anyOf(functions.map(({ name }) => name))}`,
];

const anyOf = (values) => `(${values.map((value) => `"${value}"`).join(' OR ')})`;

/** A metric without labels of its own still has the resource's: service_name, job_id. */
const counter = (name, what, clauses, labels = []) => base(name, what, clauses, labels, { valueType: 'INT64', unit: '1' });

function base(name, what, clauses, labels, { valueType, unit }) {
  return {
    name,
    description: `Boma: ${what}.`,
    filter: clauses.join('\n'),
    metricDescriptor: { metricKind: 'DELTA', valueType, unit, labels: labels.map((label) => ({ ...label, valueType: 'STRING' })) },
    labelExtractors: Object.fromEntries(labels.map(({ key }) => [key, `EXTRACT(jsonPayload.${key})`])),
  };
}
