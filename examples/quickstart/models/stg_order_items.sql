SELECT
    item_id,
    order_id,
    product_id,
    quantity,
    CAST(unit_price AS DECIMAL(12, 2)) AS unit_price
FROM landing_web.order_items
