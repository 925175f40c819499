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
export const UNPOSTED = 'boma_unposted_facts';
export const NO_INSTANCE = 'boma_no_instance';
export const TURNED_AWAY = 'boma_turned_away';
export const CHANGES_AND_ROWS = 'boma_changes_and_rows';
export const UNKNOWN_FIELDS = 'boma_unknown_fields';

/** The function that appends to the warehouse. */
export const APPENDING = 'warehouse';
/** Functions of which each delivery that is APPLIED changes a document of which the warehouse has the history. */
export const CHANGING = ['access', 'kyc', 'kyc-request', 'leads', 'payments', 'profile'];

/** What a fact about money may come to that leaves it out of the books, until somebody acts on its letter. */
export const NOT_POSTED = ['EXHAUSTED', 'CRASHED', 'CONFLICT', 'REFUSED'];

/** A metric's type in Cloud Monitoring. */
export const typeOf = (name) => `logging.googleapis.com/user/${name}`;

export const isScheduled = ({ trigger }) => trigger === 'schedule';

const CONSUMER = { key: 'consumer', description: 'The function that it was delivered to: of what was given up, dead-letters, and the reason says who gave it up.' };
const OUTCOME = { key: 'outcome', description: 'What it came to.' };
// A line has none but known types. The metric with this label counts some of them only, so it stays small.
const TYPE = { key: 'type', description: 'The type of the event.' };
// The names of fields that functions of ours write: as many as releases bring before their columns are there.
const FIELDS = { key: 'unknownFields', description: 'The fields that have no column, by their paths.' };

export function metrics({ functions, project, factsAboutMoney }) {
  const deliveries = linesOf(functions.filter((one) => !isScheduled(one)));
  const scheduled = functions.filter(isScheduled);
  const runs = linesOf(scheduled);
  const log = (name) => `logName="projects/${project}/logs/${encodeURIComponent(name)}"`;
  return [
    counter(DELIVERIES, 'deliveries, by what they came to', [...deliveries, 'jsonPayload.outcome:*'], [CONSUMER, OUTCOME]),
    counter(RETRIES, 'deliveries that came again, or will', [
      ...deliveries, '(jsonPayload.attempt>1 OR jsonPayload.outcome=("FAULT" OR "ABORTED"))',
    ], [CONSUMER, OUTCOME]),
    {
      ...base(DELIVERY_MS, 'how long deliveries took, without what Cloud Run does around them', [...deliveries, 'jsonPayload.durationMs>=0', ...DELIVERED], [CONSUMER], {
        valueType: 'DISTRIBUTION', unit: 'ms',
      }),
      valueExtractor: 'EXTRACT(jsonPayload.durationMs)',
      // Buckets from 1 ms to 57 s, longer than a function may take; each 20 % above the one before.
      bucketOptions: { exponentialBuckets: { numFiniteBuckets: 60, growthFactor: 1.2, scale: 1 } },
    },
    counter(UNPOSTED, 'facts about money that were not posted', [
      ...deliveries, `jsonPayload.outcome=${anyOf(NOT_POSTED)}`, `jsonPayload.type=${anyOf(factsAboutMoney)}`,
    ], [CONSUMER, OUTCOME, TYPE]),
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
    // Cloud Run's own count of requests leaves out what never reaches an instance, so these two are counted by its lines. A function may
    // answer 429 itself; where Cloud Run does, it says why.
    counter(NO_INSTANCE, 'requests for which Cloud Run had no instance', [
      ...linesOf(functions), log('run.googleapis.com/requests'), 'textPayload:"no available instance"',
    ]),
    counter(TURNED_AWAY, 'requests of callers that Cloud Run or the function turned away', [
      ...linesOf(functions.filter(isClosed)), log('run.googleapis.com/requests'), 'httpRequest.status=(401 OR 403)',
    ]),
    counter(CHANGES_AND_ROWS, 'deliveries that changed a document, and rows that were appended to the warehouse', [
      'resource.type="cloud_run_revision"',
      `(resource.labels.service_name=${anyOf(CHANGING)} AND jsonPayload.outcome="APPLIED") OR (resource.labels.service_name="${APPENDING}" AND jsonPayload.rows>0)`,
    ], [CONSUMER]),
    counter(UNKNOWN_FIELDS, 'rows with fields that have no column', [...linesOf([{ name: APPENDING }]), 'jsonPayload.unknownFields:*'], [FIELDS]),
    counter(FAILED_CALLS, 'calls of Cloud Scheduler that failed, each attempt', [
      'resource.type="cloud_scheduler_job"', `resource.labels.job_id=${anyOf(scheduled.map(({ name }) => jobOf(name)))}`,
      log('cloudscheduler.googleapis.com/executions'), 'severity>=ERROR',
    ]),
  ];
}

// A caller who was turned away has delivered nothing, nor has one who left before his request was whole.
const DELIVERED = ['jsonPayload.outcome!="FORBIDDEN"', 'jsonPayload.outcome!="ABORTED"'];

/** Called by Google alone. One that anybody may call answers 401 and 403 as part of its day. */
const isClosed = ({ unauthenticated }) => unauthenticated === undefined;

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
