-- How long customers are in each KYC status. A stay begins when the status is entered and ends with another status or when the
-- customer is deleted; median and p90 are of the stays that ended.
WITH changes AS (
  SELECT id, version, deleted, change_time, IF(deleted, NULL, kycStatus) AS status
  FROM `{project}.{dataset}.users_history`
  WHERE change_time > TIMESTAMP '1970-01-01'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY id, version, deleted ORDER BY ingested_at DESC) = 1
),
compared AS (
  SELECT *, LAG(status) OVER (PARTITION BY id ORDER BY version, deleted) AS status_before
  FROM changes
),
stays AS (
  SELECT status, change_time AS begins_at, LEAD(change_time) OVER (PARTITION BY id ORDER BY version, deleted) AS ends_at
  FROM compared
  WHERE status IS DISTINCT FROM status_before
)
SELECT
  status,
  COUNT(*) AS entered,
  COUNT(ends_at) AS ended,
  COUNTIF(ends_at IS NULL) AS still_there,
  APPROX_QUANTILES(TIMESTAMP_DIFF(ends_at, begins_at, MICROSECOND) / 1000000, 100)[OFFSET(50)] AS median_seconds,
  APPROX_QUANTILES(TIMESTAMP_DIFF(ends_at, begins_at, MICROSECOND) / 1000000, 100)[OFFSET(90)] AS p90_seconds
FROM stays
WHERE status IS NOT NULL
GROUP BY status
