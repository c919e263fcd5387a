SELECT
    i.order_id,
    SUM(i.quantity) AS items,
    SUM(i.quantity * i.unit_price) AS total
FROM stg_order_items i
GROUP BY i.order_id
