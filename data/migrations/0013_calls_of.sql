-- Whose calls: a person's, a number's, and how many the others of a site make,
-- which is answered from the index alone. By day first, as calls_correlation:
-- only today's part of the tree is written.

CREATE INDEX calls_user ON calls (day, user_id, location_id, direction, country, call_type_id);
CREATE INDEX calls_number ON calls (day, far_number);
