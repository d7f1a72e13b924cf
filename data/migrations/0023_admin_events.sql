-- What was done in Control Hub, by whom and from where, as Webex's admin audit tells
-- it. Up to when it was read stands in settings (admin_events).
CREATE TABLE admin_events (
	id TEXT PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	category TEXT NOT NULL,
	description TEXT NOT NULL,
	act TEXT NOT NULL,
	operation TEXT NOT NULL,
	outcome TEXT NOT NULL,
	failure TEXT NOT NULL,
	actor_uuid TEXT NOT NULL,
	actor_name TEXT NOT NULL,
	actor_email TEXT NOT NULL,
	actor_ip TEXT NOT NULL,
	actor_agent TEXT NOT NULL,
	target_uuid TEXT NOT NULL,
	target_type TEXT NOT NULL,
	target_name TEXT NOT NULL,
	setting TEXT NOT NULL,
	was TEXT NOT NULL,
	became TEXT NOT NULL
);
CREATE INDEX admin_events_at ON admin_events (at_ms);
CREATE INDEX admin_events_target ON admin_events (target_uuid, at_ms);
CREATE INDEX admin_events_actor ON admin_events (actor_uuid, at_ms);
-- Some events name a person by the address alone.
CREATE INDEX people_email ON people (email);
