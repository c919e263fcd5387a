WITH visits AS (
    SELECT channel, COUNT(*) AS page_views
    FROM stg_page_views
    GROUP BY channel
),
sales AS (
    SELECT channel, COUNT(*) AS orders_placed, SUM(total) AS revenue
    FROM fct_orders
    WHERE status <> 'cancelled'
    GROUP BY channel
)
SELECT
    v.channel,
    v.page_views,
    COALESCE(s.orders_placed, 0) AS orders_placed,
    COALESCE(s.revenue, 0) AS revenue
FROM visits v
LEFT JOIN sales s ON s.channel = v.channel
