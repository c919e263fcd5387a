SELECT
    c.customer_id,
    c.full_name,
    c.email,
    c.country,
    c.signed_up_on,
    COUNT(f.order_id) AS orders_placed,
    COALESCE(SUM(f.total), 0) AS lifetime_value
FROM stg_customers c
LEFT JOIN fct_orders f ON f.customer_id = c.customer_id AND f.status <> 'cancelled'
GROUP BY c.customer_id, c.full_name, c.email, c.country, c.signed_up_on
