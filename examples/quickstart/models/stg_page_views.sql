SELECT view_id, customer_id, page, channel, viewed_at
FROM landing_web.page_views
