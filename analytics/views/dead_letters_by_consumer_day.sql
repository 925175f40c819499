-- Dead letters by the function that filed them and the day (UTC) on which they were filed. Closed letters expire after some time: they
-- count here all the same, with the last status that they had.
WITH filed AS (
  SELECT id, consumer, status, receivedAt, deleted,
    FIRST_VALUE(deleted) OVER (PARTITION BY id ORDER BY version DESC, deleted DESC, ingested_at DESC) AS is_gone,
    ROW_NUMBER() OVER (PARTITION BY id ORDER BY deleted, version DESC, ingested_at DESC) AS place
  FROM `{project}.{dataset}.dead_letters_history`
  WHERE change_time > TIMESTAMP '1970-01-01'
)
SELECT
  consumer,
  DATE(receivedAt) AS day,
  COUNT(*) AS letters,
  COUNTIF(status = 'OPEN' AND NOT is_gone) AS still_open,
  COUNTIF(status = 'REPLAYED') AS replayed,
  COUNTIF(status = 'DISCARDED') AS discarded
FROM filed
WHERE place = 1 AND NOT deleted
GROUP BY consumer, day
