// Alerts on dead letters. One letter of a kind that should never occur is enough: it is a message that this system didn't act on, and
// perhaps somebody's money.
import { DELIVERIES, NOT_POSTED, OVERDUE_LETTERS, UNPOSTED } from '../metrics.js';
import { above, ofLines, shareAbove, sum } from './conditions.js';

const BY_CONSUMER = ['metric.label.consumer'];
// Each of these opens an incident of its own: a second fact must not stay silent because of a first one of another kind.
const BY_FACT = ['metric.label.consumer', 'metric.label.outcome', 'metric.label.type'];
// A REFUSED letter is filed by its consumer, so the service is the consumer.
const BY_SERVICE = ['resource.label.service_name'];
const WITHIN_S = 300;
// The clock runs every ten minutes: between two runs the incident stays open.
const OVERDUE_WITHIN_S = 1_500;
// A share of few says little: at night one refusal of two events would wake somebody.
const REFUSED = { withinS: 900, share: 0.05, least: 20 };

export const letters = () => [...['EXHAUSTED', 'CRASHED', 'MALFORMED', 'CONFLICT'].map(letter), unposted(), refused(), overdue()];

function letter(outcome) {
  return {
    id: outcome.toLowerCase(),
    conditions: [{
      displayName: `a message is ${outcome}`,
      conditionThreshold: above(0, ofLines(DELIVERIES, { outcome }), sum(WITHIN_S, BY_CONSUMER)),
    }],
  };
}

/** What has happened to money can't be declined. A request can, and that is no alert. */
const unposted = () => ({
  id: 'unposted',
  conditions: [{
    displayName: `a fact about money is ${NOT_POSTED.slice(0, -1).join(', ')} or ${NOT_POSTED.at(-1)}`,
    conditionThreshold: above(0, ofLines(UNPOSTED), sum(WITHIN_S, BY_FACT)),
  }],
});

function refused() {
  const all = ofLines(DELIVERIES, { outcome: ['APPLIED', 'IGNORED', 'REFUSED'] });
  const some = ofLines(DELIVERIES, { outcome: 'REFUSED' });
  const { withinS, share, least } = REFUSED;
  return {
    id: 'refused',
    // Both must hold for one consumer. Google matches the two by the resource's labels in the grouping. Grouped by a metric's label
    // alone, one consumer's share and another's count would match.
    combiner: 'AND_WITH_MATCHING_RESOURCE',
    conditions: [
      { displayName: `more than ${share * 100} % are refused`, conditionThreshold: shareAbove(share, some, all, sum(withinS, BY_SERVICE)) },
      { displayName: `at least ${least} are refused`, conditionThreshold: above(least - 1, some, sum(withinS, BY_SERVICE)) },
    ],
  };
}

/** That messages wait is a matter of minutes: nobody is woken for one. */
const overdue = () => ({
  id: 'overdue',
  conditions: [{
    displayName: 'a run found letters older than an hour',
    conditionThreshold: above(0, ofLines(OVERDUE_LETTERS), sum(OVERDUE_WITHIN_S)),
  }],
});
