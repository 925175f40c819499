-- What moved on each day (UTC, of the transaction's own time), by currency and method. Amounts are what was settled. deposits,
-- payments and withdrawals include what was reversed or came back later, which stands beside them, on the day of the
-- transaction that it belongs to. disputes are those that were lost; adjustments are what operators added less what they took.
WITH settled AS (
  SELECT timestamp, currency, method, kind, status, reversedAmount, COALESCE(settledAmount, amount) AS moved,
    (SELECT SUM(posting.amount) FROM UNNEST(postings) AS posting WHERE posting.account = 'available') AS added
  FROM `{project}.{dataset}.transactions_latest`
  WHERE status IN ('SETTLED', 'REVERSED')
)
SELECT
  DATE(timestamp) AS day,
  currency,
  method,
  SUM(IF(kind = 'DEPOSIT', moved, 0)) AS deposits,
  SUM(IF(kind = 'DEPOSIT', COALESCE(reversedAmount, 0), 0)) AS deposits_reversed,
  SUM(IF(kind = 'PAYMENT', moved, 0)) AS payments,
  SUM(IF(kind = 'PAYMENT', COALESCE(reversedAmount, 0), 0)) AS payments_reversed,
  SUM(IF(kind = 'WITHDRAWAL', moved, 0)) AS withdrawals,
  SUM(IF(kind = 'WITHDRAWAL' AND status = 'REVERSED', moved, 0)) AS withdrawals_returned,
  SUM(IF(kind = 'REFUND', moved, 0)) AS refunds,
  SUM(IF(kind = 'DISPUTE', moved, 0)) AS disputes,
  SUM(IF(kind = 'FEE', moved, 0)) AS fees,
  SUM(IF(kind = 'ADJUSTMENT', added, 0)) AS adjustments,
  COUNT(*) AS transactions
FROM settled
GROUP BY day, currency, method
