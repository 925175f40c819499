// Alerts on services that can't be reached: too few instances for what comes, and callers that are turned away.
import { DELIVERIES, NO_INSTANCE, TURNED_AWAY, isScheduled } from '../metrics.js';
import { above, largestSum, ofLines, ofServices, sum } from './conditions.js';

const EACH_SERVICE = ['resource.label.service_name'];
const WITHIN_S = 300;
const WITHIN = `${WITHIN_S / 60} minutes`;
// Google samples instances once a minute.
const SAMPLE_S = 60;
// Instances take a second to start: a burst after a quiet hour is turned away for so long, and comes again.
const MOST_WITHOUT_INSTANCE = 20;
// A right that was just given isn't known everywhere at once. A message that is turned away each time comes eight times in five minutes.
const MOST_TURNED_AWAY = 5;

export const services = (system) => [
  {
    id: 'no-instance',
    conditions: [{
      displayName: `more than ${MOST_WITHOUT_INSTANCE} requests found no instance in ${WITHIN}`,
      conditionThreshold: above(MOST_WITHOUT_INSTANCE, ofLines(NO_INSTANCE), sum(WITHIN_S, EACH_SERVICE)),
    }],
  },
  { id: 'instances', conditions: byMostInstances(system).map(atTheirMost) },
  {
    id: 'forbidden',
    conditions: [
      // Cloud Run has let him in, so somebody has given him the right.
      { displayName: 'a function turned a caller away', conditionThreshold: above(0, ofLines(DELIVERIES, { outcome: 'FORBIDDEN' }), sum(WITHIN_S, EACH_SERVICE)) },
      {
        displayName: `more than ${MOST_TURNED_AWAY} requests with 401 or 403 in ${WITHIN}`,
        conditionThreshold: above(MOST_TURNED_AWAY, ofLines(TURNED_AWAY), sum(WITHIN_S, EACH_SERVICE)),
      },
    ],
  },
];

/** [[most, functions]]: a condition compares with one number. A scheduled function has one call at a time, and one instance. */
function byMostInstances({ functions }) {
  const called = functions.filter((one) => !isScheduled(one));
  const numbers = [...new Set(called.map((one) => one['max-instances']))].sort((a, b) => a - b);
  return numbers.map((most) => [most, called.filter((one) => one['max-instances'] === most)]);
}

const atTheirMost = ([most, functions]) => ({
  displayName: `${most} instances for ${WITHIN}`,
  conditionThreshold: above(most - 1, ofServices('container/instance_count', functions), largestSum(SAMPLE_S, EACH_SERVICE), WITHIN_S),
});
