// The conditions of alerts, in the terms of Cloud Monitoring.
import { typeOf } from '../metrics.js';

const RUN = 'resource.type = "cloud_run_revision"';

/** A filter of a metric of functions' lines, or of Cloud Run's lines about them. `labels`: { outcome: "EXHAUSTED" }. */
export function ofLines(metric, labels = {}) {
  const wanted = Object.entries(labels).map(([key, value]) => `metric.labels.${key} = ${either(value)}`);
  return [RUN, `metric.type = "${typeOf(metric)}"`, ...wanted].join(' AND ');
}

/** A filter of a metric of Cloud Scheduler's lines about a job. */
export const ofJob = (metric, job) => [
  'resource.type = "cloud_scheduler_job"', `metric.type = "${typeOf(metric)}"`, `resource.labels.job_id = "${job}"`,
].join(' AND ');

export const ofServices = (metric, functions, ...more) => [
  RUN, `metric.type = "run.googleapis.com/${metric}"`, `resource.labels.service_name = ${either(functions.map(({ name }) => name))}`, ...more,
].join(' AND ');

export const ofSubscriptions = (metric, names) => [
  'resource.type = "pubsub_subscription"', `metric.type = "pubsub.googleapis.com/subscription/${metric}"`,
  `resource.labels.subscription_id = ${either(names)}`,
].join(' AND ');

/** Eventarc names the subscription of a trigger eventarc-REGION-TRIGGER-sub-NUMBER. */
export const ofTriggers = (metric, names) => [
  'resource.type = "pubsub_subscription"', `metric.type = "pubsub.googleapis.com/subscription/${metric}"`,
  `resource.labels.subscription_id = monitoring.regex.full_match("eventarc-.*-(${names.join('|')})-sub-.*")`,
].join(' AND ');

const either = (value) => (Array.isArray(value) && value.length > 1
  ? `one_of(${value.map((each) => `"${each}"`).join(', ')})`
  : `"${value}"`);

/** How many there were in the last `withinS`, added up for each value of `by`. */
export const sum = (withinS, by = []) => ({
  alignmentPeriod: `${withinS}s`, perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM', groupByFields: by,
});

export const largest = (withinS, by = []) => ({
  alignmentPeriod: `${withinS}s`, perSeriesAligner: 'ALIGN_MAX', crossSeriesReducer: 'REDUCE_MAX', groupByFields: by,
});

/** The largest of each series, added up: instances are counted apart by revision and state. */
export const largestSum = (withinS, by = []) => ({
  alignmentPeriod: `${withinS}s`, perSeriesAligner: 'ALIGN_MAX', crossSeriesReducer: 'REDUCE_SUM', groupByFields: by,
});

export const p95 = (withinS, by = []) => ({
  alignmentPeriod: `${withinS}s`, perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_PERCENTILE_95', groupByFields: by,
});

/** Opens an incident when it is above `than` for `forS`. */
export const above = (than, filter, aggregation, forS = 0) => threshold('COMPARISON_GT', than, filter, aggregation, forS);

/**
 * Opens an incident when there is less than one. Missing data counts as less after `forS`, which Google wants to be 60 or more. By its
 * words that is data which "stops arriving": a series that never began may open nothing.
 */
export const none = (filter, aggregation, forS) => ({
  ...threshold('COMPARISON_LT', 1, filter, aggregation, forS),
  evaluationMissingData: 'EVALUATION_MISSING_DATA_ACTIVE',
});

/** Opens an incident when the filter counts more than `share` of what the other one counts. */
export const shareAbove = (share, filter, ofFilter, aggregation) => ({
  ...threshold('COMPARISON_GT', share, filter, aggregation, 0),
  denominatorFilter: ofFilter,
  denominatorAggregations: [aggregation],
});

const threshold = (comparison, thresholdValue, filter, aggregation, forS) => ({
  filter, comparison, thresholdValue, duration: `${forS}s`, aggregations: [aggregation], trigger: { count: 1 },
});
