/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields a filter may use, for each kind of row: one list makes the names,
 * the help, the columns of the store and what a reader of rows must know. */
#ifndef FILTER_FIELD_H
#define FILTER_FIELD_H

#include "base/base.h"

enum filter_of { FILTER_CALLS, FILTER_ALERTS, FILTER_LIVE, FILTER_SCORES, FILTER_LOCATIONS, FILTER_PEOPLE, FILTER_N };

enum field_kind { FIELD_TEXT, FIELD_NUMBER, FIELD_SECONDS, FIELD_TIME, FIELD_MONEY, FIELD_FLAG, FIELD_ENUM };

/* How a column of the store holds a text: itself, as the number of a word, as
 * that of a site's name, which may have had others, or as that of the person who
 * belongs to a team, by the word or by the uuid itself, as words of which one must fit
 * (a * may reach over the blank between two), or as the id of a rule, whose title in
 * either language fits too. */
enum field_column { COLUMN_PLAIN, COLUMN_WORD, COLUMN_SITE, COLUMN_TEAM, COLUMN_TEAM_OF, COLUMN_TAGS, COLUMN_RULE };

struct filter_field {
	const char *name, *help;    /* help: N_() */
	unsigned id;		    /* CALL_FIELD_…, of its own kind of row */
	enum field_kind kind;
	const char *column, *other; /* of the store; other: a second text that may fit instead */
	enum field_column form;
	int64_t bit;		    /* FIELD_FLAG: of the column */
	const char *const *values;  /* FIELD_ENUM, in their order */
	const char *const *spanish; /* … as they are called in Spanish, "_" between words */
	size_t n_values;
};

/* Which of its values is so called, in either language, without regard to case and accents;
 * "critico" is crítica. What is written down for others is values[i]. */
bool filter_value_named(const struct filter_field *, const char *text, size_t *i);

/* NULL at the end. */
const struct filter_field *filter_field_at(enum filter_of, size_t i);
const struct filter_field *filter_field_named(enum filter_of, const char *name);
/* "severidad": where a word is compared with something it is no word that is looked for. */
const struct filter_field *filter_field_in_spanish(enum filter_of, const char *name);
const char *filter_field_spanish(const struct filter_field *); /* NULL: it has no such name */
/* The one that was meant, if it is near; NULL. */
const struct filter_field *filter_field_near(enum filter_of, const char *name);
/* Where a word alone is looked for; NULL at the end. */
const struct filter_field *filter_field_searched(enum filter_of, size_t i);

/* id, name, what it is (field.c), help */
#define FIELDS_OF_CALLS(row)                                                                            \
	row(CALL_FIELD_COUNTRY, "dst.country", TEXT("country"), N_("country of the far end, ISO"))  \
	row(CALL_FIELD_CLASS, "dst.class", ONE_OF("class", classes),                                \
	    N_("kind of number: mobile, premium, satellite …"))                                     \
	row(CALL_FIELD_TIER, "dst.tier", ONE_OF("tier", tiers), N_("risk of the destination: none … extreme")) \
	row(CALL_FIELD_DST_NUMBER, "dst.number", TEXT("far_number"), N_("number of the far end"))   \
	row(CALL_FIELD_NUMBER, "number", TEXT("far_number"), N_("number of the far end"))           \
	row(CALL_FIELD_FAR_NAME, "far.name", TEXT("far_name"), N_("name the far end gave"))         \
	row(CALL_FIELD_USER_NAME, "user.name", WORD("user_name_id"), N_("whose record it is"))      \
	row(CALL_FIELD_USER_ID, "user.id", WORD("user_id"), N_("UUID of the person or service"))    \
	row(CALL_FIELD_TEAM, "user.team", TEAM("user_id"), N_("department of the person"))          \
	row(CALL_FIELD_USER_NUMBER, "user.number", WORD("user_number_id"), N_("our side's number or extension")) \
	row(CALL_FIELD_LOCATION, "location", SITE("location_id"), N_("site"))                       \
	row(CALL_FIELD_TYPE, "call.type", WORD("call_type_id"), N_("Webex's own type: SIP_INTERNATIONAL …")) \
	row(CALL_FIELD_TRUNK, "trunk", WORD("trunk_id"), N_("trunk it went by"))                    \
	row(CALL_FIELD_DIRECTION, "direction", ONE_OF("direction", directions),                     \
	    N_("internal, outbound, inbound, transit"))                                             \
	row(CALL_FIELD_DURATION, "duration", IS(FIELD_SECONDS, "talk_s"), N_("talking time: 90, 20m, 1h")) \
	row(CALL_FIELD_RING, "ring", IS(FIELD_SECONDS, "ring_s"), N_("ringing time"))               \
	row(CALL_FIELD_LEGS, "legs", IS(FIELD_NUMBER, "n_legs"), N_("number of legs"))              \
	row(CALL_FIELD_COST, "cost", IS(FIELD_MONEY, "cost_micro"), N_("estimated cost in USD"))    \
	row(CALL_FIELD_START, "start", IS(FIELD_TIME, "start_ms"), N_("begin: 2026-10-05T09:00, or -2h")) \
	row(CALL_FIELD_END, "end", IS(FIELD_TIME, "end_ms"), N_("when it was over"))                \
	row(CALL_FIELD_ANSWERED, "answered", FLAG(CALL_ANSWERED), N_("true or false"))              \
	row(CALL_FIELD_FORWARDED, "forwarded", FLAG(CALL_FORWARDED), N_("true or false"))           \
	row(CALL_FIELD_TRANSFERRED, "transferred", FLAG(CALL_TRANSFERRED), N_("true or false"))     \
	row(CALL_FIELD_QUEUED, "queued", FLAG(CALL_QUEUED), N_("true or false"))                    \
	row(CALL_FIELD_ATTENDANT, "attendant", FLAG(CALL_ATTENDANT), N_("passed an auto attendant")) \
	row(CALL_FIELD_VOICEMAIL, "voicemail", FLAG(CALL_VOICEMAIL), N_("ended in a voice mailbox")) \
	row(CALL_FIELD_LOOK_ALIKE, "look_alike", FLAG(CALL_LOOK_ALIKE), N_("looks domestic and is not"))

#define FIELDS_OF_ALERTS(row)                                                                           \
	row(ALERT_FIELD_ID, "id", IS(FIELD_NUMBER, "id"), N_("number of the alert"))                \
	row(ALERT_FIELD_CASE, "case", IS(FIELD_NUMBER, "case_id"), N_("number of the case: its first alert's")) \
	row(ALERT_FIELD_SEVERITY, "severity", ONE_OF("severity", severities), N_("low, medium, high, critical")) \
	row(ALERT_FIELD_SCORE, "score", IS(FIELD_NUMBER, "score"), N_("0 to 100"))                  \
	row(ALERT_FIELD_STATE, "state", ONE_OF("state", states), N_("new, in_progress, snoozed, closed")) \
	row(ALERT_FIELD_RESOLUTION, "resolution", ONE_OF("resolution", resolutions), N_("how it was closed")) \
	row(ALERT_FIELD_RULE, "rule", RULE("rule"), N_("the rule: its title, or its id"))           \
	row(ALERT_FIELD_TITLE, "title", EITHER("title_en", "title_es"), N_("title"))                \
	row(ALERT_FIELD_WHY, "why", EITHER("why_en", "why_es"), N_("its strongest reason"))         \
	row(ALERT_FIELD_SUBJECT_KIND, "subject.kind", ONE_OF("subject_kind", subjects),             \
	    N_("person, number, trunk …"))                                                          \
	row(ALERT_FIELD_SUBJECT_ID, "subject.id", TEXT("subject_id"), N_("UUID or number"))         \
	row(ALERT_FIELD_SUBJECT_NAME, "subject.name", TEXT("subject_name"), N_("name"))             \
	row(ALERT_FIELD_TEAM, "user.team", TEAM_OF("subject_id"), N_("department of the person"))   \
	row(ALERT_FIELD_LOCATION, "location", TEXT("location"), N_("site"))                         \
	row(ALERT_FIELD_ASSIGNEE, "assignee", TEXT("assignee"), N_("who has it"))                   \
	row(ALERT_FIELD_TAG, "tag", TAGS("tags"), N_("one of its tags"))                            \
	row(ALERT_FIELD_COUNT, "count", IS(FIELD_NUMBER, "n_legs"), N_("records it rests on"))      \
	row(ALERT_FIELD_NOTES, "notes", IS(FIELD_NUMBER, "n_notes"), N_("how many notes it has"))   \
	row(ALERT_FIELD_COST, "cost", IS(FIELD_MONEY, "cost_micro"), N_("estimated cost in USD"))   \
	row(ALERT_FIELD_FIRST, "first", IS(FIELD_TIME, "first_ms"), N_("time of the first record")) \
	row(ALERT_FIELD_LAST, "last", IS(FIELD_TIME, "last_ms"), N_("time of the last record"))     \
	row(ALERT_FIELD_RAISED, "raised", IS(FIELD_TIME, "raised_ms"), N_("when it was raised"))

/* What is up now is not in the store. */
#define FIELDS_OF_LIVE(row)                                                                            \
	row(LIVE_FIELD_COUNTRY, "dst.country", TEXT(NULL), N_("country of the far end, ISO"))       \
	row(LIVE_FIELD_CLASS, "dst.class", ONE_OF(NULL, classes), N_("kind of number: mobile, premium, satellite …")) \
	row(LIVE_FIELD_TIER, "dst.tier", ONE_OF(NULL, tiers), N_("risk of the destination: none … extreme")) \
	row(LIVE_FIELD_DST_NUMBER, "dst.number", TEXT(NULL), N_("number of the far end"))           \
	row(LIVE_FIELD_NUMBER, "number", TEXT(NULL), N_("number of the far end"))                   \
	row(LIVE_FIELD_FAR_NAME, "far.name", TEXT(NULL), N_("name the far end gave"))               \
	row(LIVE_FIELD_USER_NAME, "user.name", TEXT(NULL), N_("whose call it is"))                  \
	row(LIVE_FIELD_USER_ID, "user.id", TEXT(NULL), N_("UUID of the person or service"))         \
	row(LIVE_FIELD_LOCATION, "location", TEXT(NULL), N_("site"))                                \
	row(LIVE_FIELD_DIRECTION, "direction", ONE_OF(NULL, directions), N_("outbound or inbound"))  \
	row(LIVE_FIELD_STATE, "state", ONE_OF(NULL, live_states), N_("connecting, alerting, connected, held …")) \
	row(LIVE_FIELD_DURATION, "duration", IS(FIELD_SECONDS, NULL), N_("talking time: 90, 20m, 1h")) \
	row(LIVE_FIELD_COST, "cost", IS(FIELD_MONEY, NULL), N_("estimated cost in USD"))            \
	row(LIVE_FIELD_START, "start", IS(FIELD_TIME, NULL), N_("begin: 2026-10-05T09:00, or -2h")) \
	row(LIVE_FIELD_ANSWERED, "answered", IS(FIELD_FLAG, NULL), N_("true or false"))             \
	row(LIVE_FIELD_LOOK_ALIKE, "look_alike", IS(FIELD_FLAG, NULL), N_("looks domestic and is not"))

/* Scores are made of alerts, by subject. */
#define FIELDS_OF_SCORES(row)                                                                           \
	row(SCORE_FIELD_SCORE, "score", IS(FIELD_NUMBER, NULL), N_("0 to 100"))                     \
	row(SCORE_FIELD_TITLE, "title", TEXT(NULL), N_("title of the strongest alert"))             \
	row(SCORE_FIELD_WHY, "why", TEXT(NULL), N_("its strongest reason"))                         \
	row(SCORE_FIELD_SUBJECT_KIND, "subject.kind", ONE_OF(NULL, subjects), N_("person, number, trunk …")) \
	row(SCORE_FIELD_SUBJECT_ID, "subject.id", TEXT(NULL), N_("UUID or number"))                 \
	row(SCORE_FIELD_SUBJECT_NAME, "subject.name", TEXT(NULL), N_("name"))                       \
	row(SCORE_FIELD_LOCATION, "location", TEXT(NULL), N_("site"))                               \
	row(SCORE_FIELD_COUNT, "count", IS(FIELD_NUMBER, NULL), N_("records it rests on"))          \
	row(SCORE_FIELD_COST, "cost", IS(FIELD_MONEY, NULL), N_("estimated cost in USD"))           \
	row(SCORE_FIELD_LAST, "last", IS(FIELD_TIME, NULL), N_("time of the last record"))

/* Sites are put together of traffic and alerts, people come whole from the directory. */
#define FIELDS_OF_LOCATIONS(row)                                                                        \
	row(LOCATION_FIELD_NAME, "name", TEXT(NULL), N_("name"))                                    \
	row(LOCATION_FIELD_ID, "id", TEXT(NULL), N_("UUID"))                                        \
	row(LOCATION_FIELD_ZONE, "zone", TEXT(NULL), N_("time zone: America/Bogota"))               \
	row(LOCATION_FIELD_HOUR, "hour", IS(FIELD_NUMBER, NULL), N_("calls in an hour, now"))       \
	row(LOCATION_FIELD_CALLS, "calls", IS(FIELD_NUMBER, NULL), N_("calls today"))               \
	row(LOCATION_FIELD_MINUTES, "minutes", IS(FIELD_NUMBER, NULL), N_("minutes today"))         \
	row(LOCATION_FIELD_COST, "cost", IS(FIELD_MONEY, NULL), N_("estimated cost today in USD"))  \
	row(LOCATION_FIELD_ALERTS, "alerts", IS(FIELD_NUMBER, NULL), N_("open alerts"))             \
	row(LOCATION_FIELD_CRITICAL, "critical", IS(FIELD_NUMBER, NULL), N_("open critical alerts")) \
	row(LOCATION_FIELD_HIGH, "high", IS(FIELD_NUMBER, NULL), N_("open high alerts"))

#define FIELDS_OF_PEOPLE(row)                                                                           \
	row(PERSON_FIELD_NAME, "name", TEXT(NULL), N_("name"))                                      \
	row(PERSON_FIELD_ID, "id", TEXT(NULL), N_("UUID"))                                          \
	row(PERSON_FIELD_EMAIL, "email", TEXT(NULL), N_("e-mail address"))                          \
	row(PERSON_FIELD_NUMBER, "number", TEXT(NULL), N_("own number"))                            \
	row(PERSON_FIELD_EXTENSION, "extension", TEXT(NULL), N_("extension"))                       \
	row(PERSON_FIELD_LOCATION, "location", TEXT(NULL), N_("site"))                              \
	row(PERSON_FIELD_TEAM, "team", TEXT(NULL), N_("department"))

#define FIELD_ENUM_OF(id, name, what, help) id,
enum call_field { FIELDS_OF_CALLS(FIELD_ENUM_OF) };
enum alert_field { FIELDS_OF_ALERTS(FIELD_ENUM_OF) };
enum live_field { FIELDS_OF_LIVE(FIELD_ENUM_OF) };
enum score_field { FIELDS_OF_SCORES(FIELD_ENUM_OF) };
enum location_field { FIELDS_OF_LOCATIONS(FIELD_ENUM_OF) };
enum person_field { FIELDS_OF_PEOPLE(FIELD_ENUM_OF) };
#undef FIELD_ENUM_OF

#endif
