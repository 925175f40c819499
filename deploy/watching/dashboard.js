// The dashboard, as Cloud Monitoring's resource. From top to bottom: counts that must be zero, deliveries, failures, latency, resources.
import { wanted as subscriptionsOf } from '../kinds/subscriptions.js';
import { OWNER } from '../names.js';
import { largest, ofLines, ofServices, ofSubscriptions, p95, sum } from './alerts/conditions.js';
import { CHANGES_AND_ROWS, DELIVERIES, DELIVERY_MS, LOST_REQUESTS, RETRIES, RUNS, WRONG_BALANCES, isScheduled } from './metrics.js';
import { digestOf } from './same.js';

const COLUMNS = 12;
const HEIGHT = 4;
const BY_CONSUMER = ['metric.label.consumer'];
const BY_OUTCOME = ['metric.label.outcome'];
const BY_SERVICE = ['resource.label.service_name'];
const BY_SUBSCRIPTION = ['resource.label.subscription_id'];
const EACH_S = 60;
const TO_BE_NONE = ['EXHAUSTED', 'CRASHED', 'MALFORMED', 'CONFLICT'];

export function dashboard(system) {
  const called = system.functions.filter((one) => !isScheduled(one));
  const subscriptions = subscriptionsOf(system).map(({ name }) => name);
  const wanted = {
    displayName: 'Boma',
    mosaicLayout: {
      columns: COLUMNS,
      tiles: placed([
        [
          chart('To be none: messages that nobody acted on', ofLines(DELIVERIES, { outcome: TO_BE_NONE }), sum(EACH_S, ['metric.label.consumer', 'metric.label.outcome']), 'STACKED_BAR'),
          chart('To be none: runs that found the books wrong', ofLines(WRONG_BALANCES), sum(EACH_S, BY_CONSUMER), 'STACKED_BAR'),
          chart('To be none: requests whose instance ended', ofLines(LOST_REQUESTS), sum(EACH_S, BY_SERVICE), 'STACKED_BAR'),
          chart('Oldest message that waits, s', ofSubscriptions('oldest_unacked_message_age', subscriptions), largest(EACH_S, BY_SUBSCRIPTION)),
        ],
        [
          chart('Deliveries by what they came to', ofLines(DELIVERIES), sum(EACH_S, BY_OUTCOME), 'STACKED_AREA'),
          chart('Deliveries by consumer', ofLines(DELIVERIES), sum(EACH_S, BY_CONSUMER), 'STACKED_AREA'),
        ],
        [
          chart('REFUSED', ofLines(DELIVERIES, { outcome: 'REFUSED' }), sum(EACH_S, BY_CONSUMER), 'STACKED_BAR'),
          chart('AWAITED', ofLines(DELIVERIES, { outcome: 'AWAITED' }), sum(EACH_S, BY_CONSUMER), 'STACKED_BAR'),
          chart('Came again, or will', ofLines(RETRIES), sum(EACH_S, ['metric.label.consumer', 'metric.label.outcome']), 'STACKED_BAR'),
          chart('Answers with 5xx', ofServices('request_count', called, 'metric.labels.response_code_class = "5xx"'), sum(EACH_S, [...BY_SERVICE, 'metric.label.response_code']), 'STACKED_BAR'),
        ],
        [
          chart('How long deliveries took, p95 in ms', ofLines(DELIVERY_MS), p95(EACH_S, BY_CONSUMER)),
          chart('The same with Cloud Run\'s part, p95 in ms', ofServices('request_latencies', called), p95(EACH_S, BY_SERVICE)),
          chart('Messages that wait', ofSubscriptions('num_undelivered_messages', subscriptions), largest(EACH_S, BY_SUBSCRIPTION)),
          chart('Documents changed, and rows of the warehouse', ofLines(CHANGES_AND_ROWS), sum(EACH_S, BY_CONSUMER)),
        ],
        [
          chart('Instances', ofServices('container/instance_count', system.functions), largest(EACH_S, BY_SERVICE)),
          chart('CPU, p95 of an instance', ofServices('container/cpu/utilizations', system.functions), p95(EACH_S, BY_SERVICE)),
          chart('Memory, p95 of an instance', ofServices('container/memory/utilizations', system.functions), p95(EACH_S, BY_SERVICE)),
          chart('Runs on a schedule', ofLines(RUNS), sum(3_600, BY_CONSUMER), 'STACKED_BAR'),
        ],
      ]),
    },
  };
  return { ...wanted, labels: { [OWNER.key]: OWNER.value, 'boma-source': digestOf(wanted) } };
}

/** Rows of widgets, each as wide as its row has room for. */
function placed(rows) {
  return rows.flatMap((row, y) => row.map((widget, x) => {
    const width = COLUMNS / row.length;
    return { xPos: x * width, yPos: y * HEIGHT, width, height: HEIGHT, widget };
  }));
}

const chart = (title, filter, aggregation, plotType = 'LINE') => ({
  title,
  xyChart: { dataSets: [{ plotType, timeSeriesQuery: { timeSeriesFilter: { filter, aggregation } } }] },
});
