// What is counted of the functions' log lines, as Cloud Logging's LogMetric. Each function writes one line a delivery, or one a
// run (shim/log.js); no line has a payload, so neither has a metric. How far back there is anything to see: from the moment at
// which a metric was made.

/** Everything with this prefix is ours: a metric can carry no label of its owner. */
export const PREFIX = 'boma_';
export const DELIVERIES = 'boma_deliveries';
export const RETRIES = 'boma_retries';
export const DELIVERY_MS = 'boma_delivery_ms';
export const RUNS = 'boma_runs';
export const WRONG_BALANCES = 'boma_wrong_balances';

/** As a metric is called in Cloud Monitoring. */
export const typeOf = (name) => `logging.googleapis.com/user/${name}`;

export const isScheduled = ({ trigger }) => trigger === 'schedule';

const CONSUMER = { key: 'consumer', description: 'The function that it was delivered to: of what was given up, dead-letters, and the reason says who gave it up.' };
const OUTCOME = { key: 'outcome', description: 'What it came to.' };

export function metrics({ functions }) {
  const deliveries = linesOf(functions.filter((one) => !isScheduled(one)));
  const runs = linesOf(functions.filter(isScheduled));
  return [
    counter(DELIVERIES, 'deliveries, by what they came to', [...deliveries, 'jsonPayload.outcome:*'], [CONSUMER, OUTCOME]),
    counter(RETRIES, 'deliveries that came again, or will', [
      ...deliveries, '(jsonPayload.attempt>1 OR jsonPayload.outcome=("DEFERRED" OR "FAULT"))',
    ], [CONSUMER, OUTCOME]),
    {
      ...base(DELIVERY_MS, 'how long deliveries took, without what Cloud Run does around them', [...deliveries, 'jsonPayload.durationMs>=0'], [CONSUMER], {
        valueType: 'DISTRIBUTION', unit: 'ms',
      }),
      valueExtractor: 'EXTRACT(jsonPayload.durationMs)',
      // From 1 ms to 57 s, which is beyond what a function may take; each 20 % above the one before.
      bucketOptions: { exponentialBuckets: { numFiniteBuckets: 60, growthFactor: 1.2, scale: 1 } },
    },
    counter(RUNS, 'runs on a schedule that did their work', [...runs, 'jsonPayload.outcome=("FINISHED" OR "STOPPED")'], [CONSUMER, OUTCOME]),
    counter(WRONG_BALANCES, 'runs that found a balance, a transaction or a customer wrong', [...runs, 'jsonPayload.wrong>0'], [CONSUMER]),
  ];
}

/** Others in the project may write lines of the same form. */
const linesOf = (functions) => [
  'resource.type="cloud_run_revision"',
  `resource.labels.service_name=(${functions.map(({ name }) => `"${name}"`).join(' OR ')})`,
];

const counter = (name, what, clauses, labels) => base(name, what, clauses, labels, { valueType: 'INT64', unit: '1' });

function base(name, what, clauses, labels, { valueType, unit }) {
  return {
    name,
    description: `Boma: ${what}.`,
    filter: clauses.join('\n'),
    metricDescriptor: { metricKind: 'DELTA', valueType, unit, labels: labels.map((label) => ({ ...label, valueType: 'STRING' })) },
    labelExtractors: Object.fromEntries(labels.map(({ key }) => [key, `EXTRACT(jsonPayload.${key})`])),
  };
}
