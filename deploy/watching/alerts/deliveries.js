// Alerts on messages that don't get through, or not in time.
import { wanted as subscriptionsOf } from '../../kinds/subscriptions.js';
import { isScheduled } from '../metrics.js';
import { above, largest, ofServices, ofSubscriptions, p95 } from './conditions.js';

// A message that waits for its customer's registration is acknowledged after 75 s at most, an ordinary one after 0.1 s.
const OLDEST_S = 300;
// Google samples a subscription once a minute.
const SAMPLE_S = 60;
// An ordinary delivery takes under 0.1 s, one that waits for a registration 2 s.
const SLOW = { p95Ms: 5_000, forS: 600 };

export function deliveries(system) {
  const called = system.functions.filter((one) => !isScheduled(one));
  const subscriptions = subscriptionsOf(system);
  const lastResort = subscriptions.filter(({ deadLetters }) => deadLetters === null);
  return [
    {
      id: 'unacknowledged',
      displayName: 'Boma: messages aren\'t acknowledged',
      severity: 'CRITICAL',
      content: `The oldest message of \${resource.label.subscription_id} has waited for more than ${OLDEST_S / 60} minutes. What comes after it for the same customer waits, too.

Nothing is lost: a message is tried again for about a day. Look first for faults, which say why:

    gcloud logging read 'jsonPayload.outcome="FAULT"' --project=${system.project} --freshness=30m --limit=20 --format='value(timestamp,jsonPayload.consumer,jsonPayload.reason,jsonPayload.detail)'

No faults? Then instances end amid their work, which is an alert of its own, or nobody is called. Is the function there, and may Pub/Sub call it? This says what is otherwise than it should be:

    ./deploy.sh plan --project ${system.project} --region ${system.region}

No difference either? Then there are more messages than instances: see "instances" on the dashboard, and docs/operations/scaling.md.`,
      conditions: [{
        displayName: `the oldest is above ${OLDEST_S / 60} minutes`,
        conditionThreshold: above(OLDEST_S, ofSubscriptions('oldest_unacked_message_age', subscriptions.map(({ name }) => name)), largest(SAMPLE_S, ['resource.label.subscription_id']), SAMPLE_S),
      }],
    },
    {
      id: 'unfiled',
      displayName: 'Boma: given-up messages aren\'t filed',
      severity: 'CRITICAL',
      content: `Messages that ran out of attempts wait in \${resource.label.subscription_id} and are not filed as letters. They are tried again for 7 days and then gone: Pub/Sub gives them to nobody else.

Why the function dead-letters can't file them:

    gcloud logging read 'resource.labels.service_name="dead-letters" AND severity>=ERROR' --project=${system.project} --freshness=1h --limit=20 --format='value(timestamp,jsonPayload.reason,jsonPayload.detail)'

Should a week not be enough, set the subscription back once it is mended: the topic keeps everything for 31 days.`,
      conditions: [{
        displayName: 'any waits for 5 minutes',
        conditionThreshold: above(0, ofSubscriptions('num_undelivered_messages', lastResort.map(({ name }) => name)), largest(SAMPLE_S, ['resource.label.subscription_id']), 300),
      }],
    },
    {
      id: 'slow',
      displayName: 'Boma: deliveries are slow',
      severity: 'WARNING',
      content: `Of \${resource.label.service_name}'s deliveries one in twenty took more than ${SLOW.p95Ms / 1000} s for ${SLOW.forS / 60} minutes. An ordinary one takes under 0.1 s.

Compare "how long deliveries took" on the dashboard, which is without Cloud Run's part. Short there: instances start too often or are too few. Long there: Firestore; many customers' events wait for their registrations, or many events of one customer meet in one document.

    gcloud logging read 'jsonPayload.durationMs>5000' --project=${system.project} --freshness=30m --limit=20 --format='value(timestamp,jsonPayload.consumer,jsonPayload.outcome,jsonPayload.repeats,jsonPayload.durationMs)'

"repeats" counts how often a delivery read again: above 0, others wrote the same documents.`,
      conditions: [{
        displayName: `p95 is above ${SLOW.p95Ms / 1000} s`,
        conditionThreshold: above(SLOW.p95Ms, ofServices('request_latencies', called), p95(SAMPLE_S, ['resource.label.service_name']), SLOW.forS),
      }],
    },
  ];
}
