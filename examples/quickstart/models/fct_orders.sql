SELECT
    o.order_id,
    o.customer_id,
    o.channel,
    o.status,
    o.ordered_on,
    t.items,
    t.total
FROM stg_orders o
JOIN int_order_totals t ON o.order_id = t.order_id
