// Alerts on dead letters. One letter of a kind that should never occur is enough: it is a message that this system didn't act on, and
// perhaps somebody's money.
import { DELIVERIES, OVERDUE_LETTERS } from '../metrics.js';
import { above, ofLines, shareAbove, sum } from './conditions.js';

const BY_CONSUMER = ['metric.label.consumer'];
// A REFUSED letter is filed by its consumer, so the service is the consumer.
const BY_SERVICE = ['resource.label.service_name'];
const WITHIN_S = 300;
// The clock runs every ten minutes: between two runs the incident stays open.
const OVERDUE_WITHIN_S = 1_500;
// A share of few says little: at night one refusal of two events would wake somebody.
const REFUSED = { withinS: 900, share: 0.05, least: 20 };

export const letters = (system) => [
  letter(system, 'EXHAUSTED', 'CRITICAL', `
A message failed at each of its 100 attempts, for about a day, and was filed. Its consumer, which the list below names, has not acted on it;
whatever came after it for the same customer has overtaken it.

Look first for what the attempts failed of; the reasons of the last day:

    gcloud logging read 'jsonPayload.outcome="FAULT"' --project=${system.project} --freshness=1d --limit=20 --format='value(timestamp,jsonPayload.consumer,jsonPayload.reason)'

When that is mended, replay: nothing applies twice.`),
  letter(system, 'CRASHED', 'CRITICAL', `
A message broke the function (a panic, or no memory) at five attempts, and was filed undecided. It is a bug of ours; everybody
else's messages go on. The stack is in the log, with file and line:

    gcloud logging read 'jsonPayload.stack_trace:*' --project=${system.project} --freshness=1d --limit=5 --format='value(timestamp,jsonPayload.consumer,jsonPayload.reason,jsonPayload.stack_trace)'

Did it begin with a release? Then go back first (docs/operations/rollback.md). Replay within 12 days, when the mended release is out.`),
  letter(system, 'MALFORMED', 'ERROR', `
A message can't be read: its publisher sends what the contract doesn't allow. It was filed and acknowledged, and is not acted
on. The reason names the field, never its value. Many at once: a publisher was released. Tell them the reason; once they publish
it again in a form that can be read, discard the letter.`),
  letter(system, 'CONFLICT', 'ERROR', `
Two different messages have one id. The first was acted on, the second was filed. Either a publisher uses ids twice, and then the
second is a fact that is missing here; or it changed a message while sending it again, and then it is one fact. Only the publisher
can say which: compare both bodies with him.`),
  refused(system),
  overdue(system),
];

function letter(system, outcome, severity, content) {
  return {
    id: outcome.toLowerCase(),
    displayName: `Boma: ${outcome} message`,
    severity,
    content: `\${metric.label.consumer} filed a message as ${outcome}.\n${content}\n${commands(outcome, system)}`,
    conditions: [{
      displayName: `a message is ${outcome}`,
      conditionThreshold: above(0, ofLines(DELIVERIES, { outcome }), sum(WITHIN_S, BY_CONSUMER)),
    }],
  };
}

function refused(system) {
  const all = ofLines(DELIVERIES, { outcome: ['APPLIED', 'IGNORED', 'REFUSED'] });
  const some = ofLines(DELIVERIES, { outcome: 'REFUSED' });
  const { withinS, share, least } = REFUSED;
  return {
    id: 'refused',
    displayName: 'Boma: many messages REFUSED',
    severity: 'WARNING',
    content: `More than ${share * 100} % of what \${resource.label.service_name} was given in ${withinS / 60} minutes was refused, and at least ${least} messages.

A refusal is a business no, and some are part of every day (a withdrawal above the balance). So many mean that the rules and the
world no longer agree: a limit was set wrong, a source sends in another order, or an earlier event of each is missing.

The group with the largest count says which rule it is.
${commands('REFUSED', system)}`,
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
const overdue = ({ project }) => ({
  id: 'overdue',
  displayName: 'Boma: messages AWAITED for more than an hour',
  severity: 'WARNING',
  content: `The clock found open letters that were filed as AWAITED more than an hour ago. Each waits for a document: its customer, its lead, the transaction of a settlement, the payment of a refund. When that is created it is replayed by itself, oldest first; nothing is lost, and nobody need replay it.

So what hasn't come within an hour is missing: a source publishes payments of customers whom it never registered, a topic or its publisher is down, or an id is wrong. What they wait for, and whose they are:

    npm run dead-letters -- list --kind AWAITED --project ${project}
    npm run dead-letters -- show LETTER --project ${project}

Is the document there? Then the clock could not replay it, and says why:

    gcloud logging read 'jsonPayload.consumer="clock" AND severity>=WARNING' --project=${project} --freshness=2h --limit=20 --format='value(timestamp,jsonPayload.message)'

What will never come: discard the letter, once its source has said so.`,
  conditions: [{
    displayName: 'a run found letters older than an hour',
    conditionThreshold: above(0, ofLines(OVERDUE_LETTERS), sum(OVERDUE_WITHIN_S)),
  }],
});

const commands = (kind, { project }) => `
    npm run dead-letters -- list --kind ${kind} --project ${project}
    npm run dead-letters -- show LETTER --project ${project}
    npm run dead-letters -- replay --kind ${kind} --dry-run --project ${project}

The last says what a replay would do; without --dry-run it does it, after asking.`;
