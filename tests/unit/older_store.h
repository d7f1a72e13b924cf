/* SPDX-License-Identifier: Apache-2.0
 *
 * A store as an earlier version of the program left it: what each migration did is
 * undone, the newest first. */
#ifndef TESTS_OLDER_STORE_H
#define TESTS_OLDER_STORE_H

#include "store/store.h"

static const struct {
	int number; /* of the migration that this undoes */
	const char *sql, *postgres; /* of all, or of that engine alone */
} older_steps[] = {
	{ 50, "DROP INDEX alerts_due; DROP INDEX alerts_case; DROP INDEX alerts_subject; DROP INDEX alerts_fingerprint; ALTER TABLE alerts DROP COLUMN urgency;"
	      "CREATE INDEX alerts_case ON alerts (case_id, rank, severity, raised_ms, id, score, n_legs, cost_micro);"
	      "CREATE INDEX alerts_subject ON alerts (subject_id, subject_kind, rank, severity, raised_ms, id, score, n_legs, cost_micro);"
	      "CREATE INDEX alerts_fingerprint ON alerts (fingerprint, rank, severity, raised_ms, id, score, n_legs, cost_micro)", NULL },
	{ 52, "DROP TABLE containments; DELETE FROM counters WHERE name = 'containment'", NULL },
	{ 49, "DROP TABLE audit_end", NULL },
	{ 46, "DROP TABLE writers", NULL },
	{ 45, "DROP TABLE organisation; DROP TABLE organisations", NULL },
	{ 42, NULL, "ALTER TABLE raw ALTER COLUMN zstd SET STORAGE EXTENDED" },
	{ 41, NULL, "DROP VIEW months; DROP FUNCTION month_ready; DROP FUNCTION month_retire;"
	      "CREATE TABLE plain_legs (LIKE legs INCLUDING ALL EXCLUDING INDEXES, PRIMARY KEY (id)); INSERT INTO plain_legs SELECT * FROM legs;"
	      "CREATE TABLE plain_calls (LIKE calls INCLUDING ALL EXCLUDING INDEXES, PRIMARY KEY (id)); INSERT INTO plain_calls SELECT * FROM calls;"
	      "DROP TABLE legs; DROP TABLE calls; ALTER TABLE plain_legs RENAME TO legs; ALTER TABLE plain_calls RENAME TO calls;"
	      "ALTER INDEX plain_legs_pkey RENAME TO legs_pkey; ALTER INDEX plain_calls_pkey RENAME TO calls_pkey;"
	      "CREATE INDEX calls_correlation ON calls (day, correlation_hash); CREATE INDEX calls_number ON calls ((day / 7), far_number, day);"
	      "CREATE INDEX calls_user ON calls (day, user_id, location_id, direction, country, call_type_id)" },
	{ 40, "DROP INDEX live_halves_open; ALTER TABLE live_halves DROP COLUMN lost_ms; DROP INDEX growths_said; ALTER TABLE growths DROP COLUMN texts", NULL },
	{ 39, "DELETE FROM counters WHERE name = 'alerts_gone'", NULL },
	{ 38, "DROP TABLE call_bounds; DELETE FROM counters WHERE name = 'call_bounds_below'", NULL },
	{ 37, "DROP INDEX alerts_case; DROP INDEX alerts_subject; DROP INDEX alerts_fingerprint; DROP INDEX alerts_subject_id;"
	      "CREATE INDEX alerts_case ON alerts (case_id, rank, severity, raised_ms, id);"
	      "CREATE INDEX alerts_subject ON alerts (subject_id, rank, severity, raised_ms, id);"
	      "CREATE INDEX alerts_fingerprint ON alerts (fingerprint, rank, severity, raised_ms, id)", NULL },
	{ 36, "DROP TABLE tokens; DROP TABLE requests; DROP TABLE tombstones", NULL },
	{ 33, "DROP TABLE notices; DROP TABLE outbox; DROP TABLE outbox_notices; DROP TABLE outbox_lease;"
	      "DELETE FROM counters WHERE name IN ('notice', 'outbox')", NULL },
	{ 26, "DROP TABLE growths", NULL },
	{ 24, "DROP TABLE live_halves", NULL },
	{ 23, "DROP TABLE admin_events; DROP INDEX people_email; DELETE FROM settings WHERE name = 'admin_events'", NULL },
	{ 21, "DROP TABLE IF EXISTS far_end_grams; DROP TABLE far_ends; DELETE FROM counters WHERE name IN ('far_ends_gone', 'far_ends_below');"
	      "DROP INDEX calls_number; CREATE INDEX calls_number ON calls (day, far_number)", NULL },
	{ 20, "DROP TABLE directory_changes", NULL },
	{ 20, "DROP INDEX alerts_raised_at; DROP INDEX alerts_closed_at; DROP INDEX audit_moment", NULL },
	{ 18, "DROP TABLE exemptions", NULL },
	{ 17, "DROP TABLE silences; DROP TABLE kept_back; DROP TABLE silence_hours; DROP INDEX alerts_silenced; DROP INDEX alerts_snoozed;"
	      "DELETE FROM counters WHERE name IN ('silence', 'silences')", NULL },
	{ 15, "DROP TABLE viewers; DROP TABLE alert_steps; DROP INDEX alerts_merged; ALTER TABLE alerts DROP COLUMN merged_into;"
	      "ALTER TABLE alerts DROP COLUMN tags", NULL },
	{ 14, "DROP TABLE open_alerts", NULL },
	{ 14, "DROP INDEX alerts_severity; DROP INDEX alerts_time; DROP INDEX alerts_score; DROP INDEX alerts_hits; DROP INDEX alerts_cost;"
	      "DROP INDEX alerts_state; DROP INDEX alerts_who; DROP INDEX alerts_site; DROP INDEX alerts_owner; DROP INDEX alerts_rule;"
	      "DROP INDEX alerts_case; DROP INDEX alerts_subject; DROP INDEX alerts_fingerprint; DROP INDEX alerts_last", NULL },
	{ 14, "ALTER TABLE alerts ADD COLUMN open INTEGER NOT NULL DEFAULT 1; UPDATE alerts SET open = CASE WHEN rank > 0 THEN 1 ELSE 0 END;"
	      "ALTER TABLE alerts DROP COLUMN rank", NULL },
	{ 14, "CREATE INDEX alerts_queue ON alerts (open, severity, raised_ms, assignee); CREATE INDEX alerts_score ON alerts (open, score, last_ms);"
	      "CREATE INDEX alerts_last ON alerts (open, last_ms); CREATE INDEX alerts_site ON alerts (open, location, severity);"
	      "CREATE INDEX alerts_fingerprint ON alerts (fingerprint, open); CREATE INDEX alerts_case ON alerts (case_id);"
	      "CREATE INDEX alerts_subject ON alerts (subject_id, open)", NULL },
	{ 13, "DROP INDEX calls_user; DROP INDEX calls_number", NULL },
	{ 12, "ALTER TABLE alerts DROP COLUMN silence_until_ms; ALTER TABLE alerts DROP COLUMN kept_back", NULL },
	{ 11, "DROP INDEX alerts_case; DROP INDEX alerts_subject; DROP INDEX evidence_leg; ALTER TABLE alerts DROP COLUMN case_id", NULL },
	{ 10, "DROP TABLE model_samples", NULL },
	{ 9, "DROP TABLE profile_days", NULL },
	{ 8, "DROP INDEX alerts_score; DROP INDEX alerts_last; DROP INDEX alerts_site; DROP INDEX alerts_queue;"
	     "ALTER TABLE alerts DROP COLUMN why_en; ALTER TABLE alerts DROP COLUMN why_es;"
	     "CREATE INDEX alerts_queue ON alerts (open, severity, last_ms)", NULL },
	{ 7, "DELETE FROM counters WHERE name = 'raw'", NULL },
	{ 6, "DROP TABLE audit_anchor", NULL },
	{ 5, "DROP TABLE site_names", NULL },
};

/* As it was before the migration of this number. */
static bool older_store(struct db *db, int number, struct fault *fault)
{
	bool ok = true;
	for (size_t i = 0; ok && i < COUNT_OF(older_steps); i++) {
		if (older_steps[i].number >= number && older_steps[i].sql != NULL)
			ok = db_exec(db, older_steps[i].sql, fault);
		if (older_steps[i].number >= number && older_steps[i].postgres != NULL && db->engine == &engine_postgres)
			ok = ok && db_exec(db, older_steps[i].postgres, fault);
	}
	struct statement *st = ok ? db_statement(db, "DELETE FROM migrations WHERE number >= $1", fault) : NULL;
	if (st != NULL)
		db_bind(db, st, "i", (int64_t)number);
	return st != NULL && db_run(db, st, fault);
}

#endif
