/* SPDX-License-Identifier: Apache-2.0
 *
 * What the query files share: a filter's statement, rows of legs. */
#ifndef STORE_QUERY_PARTS_H
#define STORE_QUERY_PARTS_H

#include "store/filter_sql.h"
#include "store/query.h"

/* Prepare dynamic SQL and bind the filter's values; engine->finish it. */
bool query_prepare(struct db *, const char *sql, const struct filter_sql *, struct statement **,
    struct fault *) MUST_USE;
/* Bind them again, after a reset. */
void query_bind(struct db *, struct statement *, const struct filter_sql *);

/* A text column of the row under the statement, "" or in the arena. */
const char *query_text_at(struct db *, struct statement *, struct arena *, int column);

/* Rows under a statement of ALERT_LIST_COLUMNS (or ALERT_COLUMNS), at most so many. */
bool query_alert_rows(struct db *, struct statement *, size_t limit, struct arena *, struct alert **, size_t *n, struct fault *) MUST_USE;
/* What a view of the alert shows beside its records and its past. */
bool query_alert_beside(struct db *, struct arena *, struct alert_detail *, struct fault *) MUST_USE;

#define SQL_WORD(column) "(SELECT text FROM words WHERE id = " column ")"

#define CALL_LIST_COLUMNS                                                                          \
	"id, journey_id, start_ms, end_ms, talk_s, ring_s, direction, flags, n_legs, class, tier," \
	" country, cost_micro, correlation," SQL_WORD("user_id") "," SQL_WORD("user_name_id") ","     \
	SQL_WORD("user_number_id") "," SQL_WORD("location_id") "," SQL_WORD("call_type_id") "," SQL_WORD("trunk_id") \
	", far_number, far_name, last_start_ms,"                                              \
	" (SELECT p.team FROM people p JOIN words w ON w.text = p.uuid WHERE w.id = user_id)"

/* Calls that were read, until they go into the answer's arena. */
struct call_rows {
	struct call *items; /* malloc'd */
	size_t n, capacity;
};
/* Rows under a statement of CALL_LIST_COLUMNS, until there are so many. */
bool query_read_calls(struct db *, struct statement *, size_t limit, struct arena *, struct call_rows *, struct fault *) MUST_USE;
/* At most `limit` of them are the answer; one more tells that there are others. Frees the rows. */
void query_give_calls(struct call_rows *, size_t limit, struct arena *, struct call **items, size_t *n, bool *more);

enum legs_of { LEGS_OF_ALERT, LEGS_OF_CALL };
/* Of a call: id, and the stretch of its start times. Of an alert: the newest 200. */
bool query_legs(struct db *, enum legs_of, int64_t id, int64_t from_ms, int64_t until_ms,
    struct arena *, struct leg_row **, size_t *n, struct fault *) MUST_USE;

/* The calls with these ids, in that order; one that is gone is left out. */
bool query_calls_of(struct db *, const int64_t *ids, size_t n_ids, struct arena *, struct call **, size_t *n,
    struct fault *) MUST_USE;

/* How many calls there were on that day (UTC), of whomever: what reading them would take. */
bool query_calls_of_day(struct db *, int64_t day, int64_t *n, struct fault *) MUST_USE;

/* Beside the word of a site's name: all names that its site has had. */
#define SQL_NAMES_OF_ITS_SITE                                                             \
	" UNION SELECT o.name_id FROM site_names o JOIN site_names n ON n.uuid = o.uuid"  \
	" JOIN words w ON w.id = n.name_id WHERE w.text = "

/* How many calls the people of a site make: `names` are the words of its names. */
struct peers_query {
	int64_t user_id, now_ms;
	const int64_t *names;
	size_t n_names;
	const char *home; /* country; "" unknown */
};
#define SITE_NAMES_MAX 8
bool query_peers(struct db *, const struct peers_query *, struct profile_peers *calls, struct profile_peers *abroad,
    struct fault *) MUST_USE;

/* The calls of a number, $2, on a day, $1: the index calls_number. The day is a range:
 * where day = $1, SQLite takes day / 7 for a constant and no longer knows its index. */
#define SQL_NUMBER_ON_DAY "day / 7 = $1 / 7 AND far_number = $2 AND day >= $1 AND day <= $1"

/* Is a call out one to another country? $home and $type are parameters: the
 * site's country ("" unknown) and the word of SIP_INTERNATIONAL, which decides
 * where a country is not known. */
#define SQL_ABROAD(home, type)                                                            \
	"(direction IN (1, 3) AND CASE WHEN " home " <> '' AND country <> '' THEN country <> " home \
	" ELSE coalesce(call_type_id, 0) = " type " END)"

#endif
