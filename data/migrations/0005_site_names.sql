-- Names a site has had: a location may be renamed in Control Hub, and its
-- records before that stay under the name they came with.

CREATE TABLE site_names (
	uuid TEXT NOT NULL,
	name_id BIGINT NOT NULL,
	PRIMARY KEY (uuid, name_id)
);
CREATE INDEX site_names_name ON site_names (name_id);
