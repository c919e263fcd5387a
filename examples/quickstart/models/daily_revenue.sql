SELECT
    f.ordered_on,
    COUNT(*) AS orders_placed,
    SUM(f.items) AS items_sold,
    SUM(f.total) AS revenue
FROM fct_orders f
WHERE f.status <> 'cancelled'
  AND f.ordered_on >= @start_date
  AND f.ordered_on < @end_date
GROUP BY f.ordered_on
