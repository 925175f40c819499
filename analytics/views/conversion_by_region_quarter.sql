-- How many leads became customers, by region and by the quarter (UTC) in which the lead was created. rate is
-- converted / leads.
SELECT
  region,
  CONCAT(CAST(EXTRACT(YEAR FROM createdAt) AS STRING), '-Q', CAST(EXTRACT(QUARTER FROM createdAt) AS STRING)) AS quarter,
  COUNT(*) AS leads,
  COUNTIF(status = 'CONVERTED') AS converted,
  COUNTIF(status = 'CONVERTED') / COUNT(*) AS rate
FROM `{project}.{dataset}.leads_latest`
GROUP BY region, quarter
