SELECT
    customer_id,
    full_name,
    lower(email) AS email,
    country,
    CAST(signed_up_at AS DATE) AS signed_up_on
FROM landing_crm.customers
