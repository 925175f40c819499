-- How many leads of the last complete quarter (UTC) became customers, by region.
SELECT region, quarter, leads, converted, rate
FROM `{project}.{dataset}.conversion_by_region_quarter`
WHERE quarter = CONCAT(
  CAST(EXTRACT(YEAR FROM DATE_SUB(DATE_TRUNC(CURRENT_DATE(), QUARTER), INTERVAL 1 QUARTER)) AS STRING),
  '-Q',
  CAST(EXTRACT(QUARTER FROM DATE_SUB(DATE_TRUNC(CURRENT_DATE(), QUARTER), INTERVAL 1 QUARTER)) AS STRING)
)
