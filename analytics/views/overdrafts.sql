-- Each time that what a customer may spend of a currency went below zero: since when, until when (nothing while it lasts), and
-- how low.
WITH changes AS (
  SELECT id, version, deleted, change_time, balances
  FROM `{project}.{dataset}.users_history`
  WHERE change_time > TIMESTAMP '1970-01-01'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY id, version, deleted ORDER BY ingested_at DESC) = 1
),
amounts AS (
  SELECT changes.id, changes.version, balance.currency, balance.available
  FROM changes, UNNEST(changes.balances) AS balance
  WHERE NOT changes.deleted
),
accounts AS (
  SELECT DISTINCT id, currency FROM amounts WHERE available < 0
),
steps AS (
  SELECT accounts.id, accounts.currency, changes.version, changes.deleted, changes.change_time, amounts.available,
    NOT changes.deleted AND COALESCE(amounts.available < 0, FALSE) AS is_below
  FROM accounts
  JOIN changes ON changes.id = accounts.id
  LEFT JOIN amounts ON amounts.id = accounts.id AND amounts.currency = accounts.currency AND amounts.version = changes.version
),
compared AS (
  SELECT *, COALESCE(LAG(is_below) OVER (PARTITION BY id, currency ORDER BY version, deleted), FALSE) AS was_below
  FROM steps
),
numbered AS (
  SELECT *, SUM(IF(is_below AND NOT was_below, 1, 0)) OVER (PARTITION BY id, currency ORDER BY version, deleted) AS number
  FROM compared
)
SELECT
  id AS userId,
  currency,
  MIN(IF(is_below, change_time, NULL)) AS since,
  MIN(IF(is_below, NULL, change_time)) AS until,
  MIN(IF(is_below, available, NULL)) AS lowest
FROM numbered
WHERE number > 0
GROUP BY id, currency, number
