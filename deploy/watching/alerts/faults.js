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
      conditions: [
        { displayName: 'an instance took too much memory', conditionThreshold: above(0, ofLines(OUT_OF_MEMORY), EACH_SERVICE) },
        { displayName: `more than ${MOST} requests lost in ${WITHIN}`, conditionThreshold: above(MOST, ofLines(LOST_REQUESTS), EACH_SERVICE) },
      ],
    },
  ];
}
