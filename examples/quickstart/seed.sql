-- Two source systems of a small shop, from 2026-11-01 until now. Every value is computed from a row number, so
-- seeding again changes nothing but adds what happened since: the next incremental copy picks up just that.
CREATE SCHEMA IF NOT EXISTS raw__crm;
CREATE SCHEMA IF NOT EXISTS raw__web;

CREATE OR REPLACE TABLE raw__crm.customers AS
SELECT
    n AS customer_id,
    ['Ada', 'Boris', 'Chen', 'Dana', 'Eli', 'Fatima', 'Goran', 'Hana'][1 + n % 8] || ' '
        || ['Novak', 'Okafor', 'Perez', 'Quist', 'Rossi', 'Sato', 'Tran'][1 + n % 7] AS full_name,
    'customer' || n || '@example.com' AS email,
    ['DE', 'FR', 'NL', 'US'][1 + (n * 7) % 4] AS country,
    TIMESTAMP '2026-10-01 08:00:00' + INTERVAL (n * 37) MINUTE AS signed_up_at,
    CAST(current_date AS TIMESTAMP) AS loaded_at
FROM range(1, 401) AS t(n);

CREATE OR REPLACE TABLE raw__web.orders AS
SELECT
    d * 40 + n AS order_id,
    1 + (d * 131 + n * 17) % 400 AS customer_id,
    CASE WHEN (d * 3 + n * 5) % 19 = 0 THEN 'cancelled' WHEN n % 6 = 0 THEN 'pending' ELSE 'paid' END AS status,
    ['web', 'app', 'email', 'partner'][1 + (d + n * 3) % 4] AS channel,
    TIMESTAMP '2026-11-01 00:00:00' + INTERVAL (d) DAY + INTERVAL (n * 33) MINUTE AS ordered_at,
    ordered_at AS loaded_at
FROM range(0, greatest(date_diff('day', DATE '2026-11-01', current_date), 6) + 1) AS days(d),
     range(0, 40) AS per_day(n)
WHERE ordered_at <= now()::TIMESTAMP;

CREATE OR REPLACE TABLE raw__web.order_items AS
SELECT
    order_id * 3 + line AS item_id,
    order_id,
    1 + (order_id * 11 + line * 29) % 60 AS product_id,
    1 + (order_id + line) % 3 AS quantity,
    CAST(5 + (order_id * 7 + line * 13) % 95 AS DECIMAL(12, 2)) + 0.99 AS unit_price,
    loaded_at
FROM raw__web.orders, range(0, 3) AS lines(line)
WHERE line <= order_id % 3;

CREATE OR REPLACE TABLE raw__web.page_views AS
SELECT
    d * 150 + n AS view_id,
    CASE WHEN n % 3 = 0 THEN NULL ELSE 1 + (d * 59 + n * 23) % 400 END AS customer_id,
    ['/', '/catalog', '/product', '/cart', '/checkout'][1 + (n * 7) % 5] AS page,
    ['web', 'app', 'email', 'partner'][1 + (d * 5 + n) % 4] AS channel,
    TIMESTAMP '2026-11-01 00:00:00' + INTERVAL (d) DAY + INTERVAL (n * 9) MINUTE AS viewed_at,
    viewed_at AS loaded_at
FROM range(0, greatest(date_diff('day', DATE '2026-11-01', current_date), 6) + 1) AS days(d),
     range(0, 150) AS per_day(n)
WHERE viewed_at <= now()::TIMESTAMP;
