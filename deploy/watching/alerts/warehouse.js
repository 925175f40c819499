// Alerts on the warehouse. Calls that fail are faults (faults.js), and what can't be appended for 20 hours is an EXHAUSTED letter (letters.js).
// These are for changes that nobody brings, rows that BigQuery refuses for good, and fields that have no column.
import { wanted as triggersOf } from '../../kinds/triggers.js';
import { APPENDING, CHANGES_AND_ROWS, CHANGING, DELIVERIES, UNKNOWN_FIELDS } from '../metrics.js';
import { above, largest, ofLines, ofTriggers, shareAbove, sum } from './conditions.js';

const HOUR_S = 3_600;
// Google samples a subscription once a minute.
const SAMPLE_S = 60;
// A change at night is counted before its row is. Eventarc's longest pause between two attempts is ten minutes.
const FOR_S = 1_200;
// Of an hour's lines about changes and rows. Where every change has its row it is a half or less.
const ALL_BUT_NONE = 0.999;

export const warehouse = (system) => [
  {
    id: 'warehouse-silent',
    // One metric counts both, and so the series is there as soon as there are changes: of rows alone, none that ever came would be no
    // data, and open nothing.
    conditions: [{
      displayName: 'documents change, and within an hour no row was appended',
      conditionThreshold: { ...shareAbove(ALL_BUT_NONE, ofLines(CHANGES_AND_ROWS, { consumer: CHANGING }), ofLines(CHANGES_AND_ROWS), sum(HOUR_S)), duration: `${FOR_S}s` },
    }],
  },
  ...behind(triggersOf(system).filter(({ service }) => service === APPENDING).map(({ name }) => name)),
  {
    // One is enough: no row is refused by the business, so the table and the code disagree.
    id: 'warehouse-refused',
    conditions: [{
      displayName: 'BigQuery refused a row',
      conditionThreshold: above(0, ofLines(DELIVERIES, { consumer: APPENDING, outcome: 'REFUSED' }), sum(HOUR_S)),
    }],
  },
  {
    id: 'unknown-fields',
    conditions: [{
      displayName: 'a row has fields without a column',
      conditionThreshold: above(0, ofLines(UNKNOWN_FIELDS), sum(HOUR_S, ['metric.label.unknownFields'])),
    }],
  },
];

/** Of one table, too, while others have their rows. */
const behind = (triggers) => (triggers.length === 0 ? [] : [{
  id: 'warehouse-behind',
  conditions: [{
    displayName: 'a change has waited for more than an hour',
    conditionThreshold: above(HOUR_S, ofTriggers('oldest_unacked_message_age', triggers), largest(SAMPLE_S, ['resource.label.subscription_id']), SAMPLE_S),
  }],
}]);
