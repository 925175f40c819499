'use strict';

// One line per delivery, in the form that Cloud Logging reads from standard output. There is no payload in it: it has the
// fields that the Wasm names, and what the host measured.

/** The line about an answered request, without its end of line. */
function line({ outcome, severity, log }, { durationMs, project }) {
  const { traceparent, ...fields } = log;
  return JSON.stringify({
    ...fields,
    severity,
    message: message(outcome, fields),
    outcome,
    durationMs,
    ...trace(traceparent, project),
  });
}

/** "APPLIED TypeOfEvent 0190...: why, where there is a why". */
function message(outcome, { type, eventId, reason }) {
  const head = [outcome, type, eventId].filter((part) => part !== undefined).join(' ');
  return reason === undefined ? head : `${head}: ${reason}`;
}

/** The W3C traceparent, as the fields by which Cloud Logging ties a line to its trace. */
function trace(traceparent, project) {
  const parts = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(traceparent ?? '');
  if (parts === null) return {};
  const [, traceId, spanId, flags] = parts;
  return {
    'logging.googleapis.com/trace': `projects/${project}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
    'logging.googleapis.com/trace_sampled': (Number.parseInt(flags, 16) & 1) === 1,
  };
}

module.exports = { line };
