/* SPDX-License-Identifier: Apache-2.0
 *
 * A store as an earlier version of the program left it: what each migration did is
 * undone, the newest first. */
#ifndef TESTS_OLDER_STORE_H
#define TESTS_OLDER_STORE_H

#include "store/store.h"

static const struct {
	int number; /* of the migration that this undoes */
	const char *sql;
} older_steps[] = {
	{ 46, "DROP TABLE writers" },
	{ 45, "DROP TABLE organisation; DROP TABLE organisations" },
	{ 36, "DROP TABLE tokens; DROP TABLE requests; DROP TABLE tombstones" },
	{ 33, "DROP TABLE notices; DROP TABLE outbox; DROP TABLE outbox_notices; DROP TABLE outbox_lease;"
	      "DELETE FROM counters WHERE name IN ('notice', 'outbox')" },
	{ 26, "DROP TABLE growths" },
	{ 24, "DROP TABLE live_halves" },
	{ 23, "DROP TABLE admin_events; DROP INDEX people_email; DELETE FROM settings WHERE name = 'admin_events'" },
	{ 21, "DROP TABLE IF EXISTS far_end_grams; DROP TABLE far_ends; DELETE FROM counters WHERE name IN ('far_ends_gone', 'far_ends_below');"
	      "DROP INDEX calls_number; CREATE INDEX calls_number ON calls (day, far_number)" },
	{ 20, "DROP TABLE directory_changes" },
	{ 20, "DROP INDEX alerts_raised_at; DROP INDEX alerts_closed_at; DROP INDEX audit_moment" },
	{ 18, "DROP TABLE exemptions" },
	{ 17, "DROP TABLE silences; DROP TABLE kept_back; DROP TABLE silence_hours; DROP INDEX alerts_silenced; DROP INDEX alerts_snoozed;"
	      "DELETE FROM counters WHERE name IN ('silence', 'silences')" },
	{ 15, "DROP TABLE viewers; DROP TABLE alert_steps; DROP INDEX alerts_merged; ALTER TABLE alerts DROP COLUMN merged_into;"
	      "ALTER TABLE alerts DROP COLUMN tags" },
	{ 14, "DROP TABLE open_alerts" },
	{ 14, "DROP INDEX alerts_severity; DROP INDEX alerts_time; DROP INDEX alerts_score; DROP INDEX alerts_hits; DROP INDEX alerts_cost;"
	      "DROP INDEX alerts_state; DROP INDEX alerts_who; DROP INDEX alerts_site; DROP INDEX alerts_owner; DROP INDEX alerts_rule;"
	      "DROP INDEX alerts_case; DROP INDEX alerts_subject; DROP INDEX alerts_fingerprint; DROP INDEX alerts_last" },
	{ 14, "ALTER TABLE alerts ADD COLUMN open INTEGER NOT NULL DEFAULT 1; UPDATE alerts SET open = CASE WHEN rank > 0 THEN 1 ELSE 0 END;"
	      "ALTER TABLE alerts DROP COLUMN rank" },
	{ 14, "CREATE INDEX alerts_queue ON alerts (open, severity, raised_ms, assignee); CREATE INDEX alerts_score ON alerts (open, score, last_ms);"
	      "CREATE INDEX alerts_last ON alerts (open, last_ms); CREATE INDEX alerts_site ON alerts (open, location, severity);"
	      "CREATE INDEX alerts_fingerprint ON alerts (fingerprint, open); CREATE INDEX alerts_case ON alerts (case_id);"
	      "CREATE INDEX alerts_subject ON alerts (subject_id, open)" },
	{ 13, "DROP INDEX calls_user; DROP INDEX calls_number" },
	{ 12, "ALTER TABLE alerts DROP COLUMN silence_until_ms; ALTER TABLE alerts DROP COLUMN kept_back" },
	{ 11, "DROP INDEX alerts_case; DROP INDEX alerts_subject; DROP INDEX evidence_leg; ALTER TABLE alerts DROP COLUMN case_id" },
	{ 10, "DROP TABLE model_samples" },
	{ 9, "DROP TABLE profile_days" },
	{ 8, "DROP INDEX alerts_score; DROP INDEX alerts_last; DROP INDEX alerts_site; DROP INDEX alerts_queue;"
	     "ALTER TABLE alerts DROP COLUMN why_en; ALTER TABLE alerts DROP COLUMN why_es;"
	     "CREATE INDEX alerts_queue ON alerts (open, severity, last_ms)" },
	{ 7, "DELETE FROM counters WHERE name = 'raw'" },
	{ 6, "DROP TABLE audit_anchor" },
	{ 5, "DROP TABLE site_names" },
};

/* As it was before the migration of this number. */
static bool older_store(struct db *db, int number, struct fault *fault)
{
	bool ok = true;
	for (size_t i = 0; ok && i < COUNT_OF(older_steps); i++)
		if (older_steps[i].number >= number)
			ok = db_exec(db, older_steps[i].sql, fault);
	struct statement *st = ok ? db_statement(db, "DELETE FROM migrations WHERE number >= $1", fault) : NULL;
	if (st != NULL)
		db_bind(db, st, "i", (int64_t)number);
	return st != NULL && db_run(db, st, fault);
}

#endif
