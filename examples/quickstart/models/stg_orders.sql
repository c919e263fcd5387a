SELECT
    order_id,
    customer_id,
    status,
    channel,
    ordered_at,
    CAST(ordered_at AS DATE) AS ordered_on
FROM landing_web.orders
