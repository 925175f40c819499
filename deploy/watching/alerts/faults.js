// Alerts on functions that fail: by their own lines and answers, and by Cloud Run's lines where an instance ended.
import { DELIVERIES, LOST_REQUESTS, OUT_OF_MEMORY, isScheduled } from '../metrics.js';
import { above, ofLines, ofServices, sum } from './conditions.js';

// The next attempt mends a single fault. A message that fails each time does so eight times in the first five minutes. Google also
// loses a request now and then when it moves an instance.
const MOST = 5;
const WITHIN_S = 300;
const WITHIN = `${WITHIN_S / 60} minutes`;
const EACH_SERVICE = sum(WITHIN_S, ['resource.label.service_name']);

export function faults(system) {
  const called = system.functions.filter((one) => !isScheduled(one));
  return [
    {
      id: 'faults',
      displayName: 'Boma: a function fails',
      severity: 'ERROR',
      content: `\${resource.label.service_name} failed at more than ${MOST} requests within ${WITHIN}: it answered with 5xx, or wrote FAULT. A 503 isn't counted: so Cloud Run answers where an instance ended, which is another alert's matter.

What failed is delivered again by itself${exceptRequests(system)}. Look for the reason, which names the call:

    gcloud logging read 'jsonPayload.outcome="FAULT"' --project=${system.project} --freshness=30m --limit=20 --format='value(timestamp,jsonPayload.consumer,jsonPayload.reason,jsonPayload.detail)'

PERMISSION_DENIED: ./deploy.sh plan names the missing right. UNAVAILABLE or DEADLINE_EXCEEDED: Google's status page. A file and a line of ours: a bug; did it begin with a release, then go back (docs/operations/rollback.md). Nothing in the log: Cloud Run answered in its place, because it took too long (504) or couldn't be started. Its own words:

    gcloud logging read 'resource.type="cloud_run_revision" AND severity>=WARNING AND textPayload:*' --project=${system.project} --freshness=30m --limit=20 --format='value(timestamp,resource.labels.service_name,httpRequest.status,textPayload)'`,
      conditions: [
        {
          displayName: `more than ${MOST} answers with 5xx in ${WITHIN}`,
          conditionThreshold: above(MOST, ofServices('request_count', called, 'metric.labels.response_code_class = "5xx"', 'metric.labels.response_code != "503"'), EACH_SERVICE),
        },
        {
          displayName: `more than ${MOST} lines FAULT in ${WITHIN}`,
          conditionThreshold: above(MOST, ofLines(DELIVERIES, { outcome: 'FAULT' }), EACH_SERVICE),
        },
      ],
    },
    {
      id: 'killed',
      displayName: 'Boma: instances end amid their work',
      severity: 'ERROR',
      content: `Instances of \${resource.label.service_name} ended while they worked: one took more memory than it may, or more than ${MOST} requests within ${WITHIN} were lost with theirs. The function could write nothing about it, and Cloud Run answered 503 for it. What was lost is delivered again by itself${exceptRequests(system)}: all that the instance had in its hands.

Cloud Run's own words about it, and how much memory it was:

    gcloud logging read 'resource.type="cloud_run_revision" AND logName:"varlog" AND severity>=WARNING' --project=${system.project} --freshness=1h --limit=20 --format='value(timestamp,resource.labels.service_name,resource.labels.revision_name,textPayload)'

"Memory limit exceeded": give it more memory or fewer messages at once ("memory" and "concurrency" in the function's Cargo.toml, then ./deploy.sh apply); did it begin with a release, then go back (docs/operations/rollback.md). A signal or an exit: a bug in what is around the Wasm, and the last lines before it say where. Nothing: Google moved instances, and it passes.

A message that does this at each attempt writes no line. It holds back what comes after it for its customer, and ends others' deliveries with its own, until it is filed after about a day:

    npm run dead-letters -- list --kind EXHAUSTED --project ${system.project}`,
      conditions: [
        { displayName: 'an instance took too much memory', conditionThreshold: above(0, ofLines(OUT_OF_MEMORY), EACH_SERVICE) },
        { displayName: `more than ${MOST} requests lost in ${WITHIN}`, conditionThreshold: above(MOST, ofLines(LOST_REQUESTS), EACH_SERVICE) },
      ],
    },
  ];
}

/** Pub/Sub, Cloud Scheduler and Eventarc repeat a call that failed. An HTTP function answers its sender, once. */
function exceptRequests({ functions }) {
  const names = functions.filter(({ trigger }) => trigger === 'http').map(({ name }) => name);
  return names.length === 0 ? '' : `, but for requests to ${names.join(', ')}, which their senders repeat`;
}
