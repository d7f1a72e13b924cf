-- The strongest reason's sentence beside the reasons: lists show it without
-- parsing them. Rows from before have none and are read the long way.

ALTER TABLE alerts ADD COLUMN why_en TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN why_es TEXT NOT NULL DEFAULT '';
