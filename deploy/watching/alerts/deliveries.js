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
      conditions: [{
        displayName: `the oldest is above ${OLDEST_S / 60} minutes`,
        conditionThreshold: above(OLDEST_S, ofSubscriptions('oldest_unacked_message_age', subscriptions.map(({ name }) => name)), largest(SAMPLE_S, ['resource.label.subscription_id']), SAMPLE_S),
      }],
    },
    {
      id: 'unfiled',
      conditions: [{
        displayName: 'any waits for 5 minutes',
        conditionThreshold: above(0, ofSubscriptions('num_undelivered_messages', lastResort.map(({ name }) => name)), largest(SAMPLE_S, ['resource.label.subscription_id']), 300),
      }],
    },
    {
      id: 'slow',
      conditions: [{
        displayName: `p95 is above ${SLOW.p95Ms / 1000} s`,
        conditionThreshold: above(SLOW.p95Ms, ofServices('request_latencies', called), p95(SAMPLE_S, ['resource.label.service_name']), SLOW.forS),
      }],
    },
  ];
}
