/* SPDX-License-Identifier: Apache-2.0 */
#include "filter/field.h"

#include <string.h>

#include "alerts/alert.h"
#include "base/i18n.h"
#include "base/text.h"
#include "calls/call.h"
#include "calls/live_calls.h"

#define NAME_OF(id, name) name,
static const char *const directions[] = { CALL_DIRECTIONS(NAME_OF) };
static const char *const classes[] = { NUMBER_CLASSES(NAME_OF) };
static const char *const tiers[] = { RISK_TIERS(NAME_OF) };
static const char *const severities[] = { SEVERITIES(NAME_OF) };
static const char *const states[] = { ALERT_STATES(NAME_OF) };
static const char *const resolutions[] = { RESOLUTIONS(NAME_OF) };
static const char *const subjects[] = { SUBJECT_KINDS(NAME_OF) };
static const char *const live_states[] = { LIVE_STATES(NAME_OF) };

#define TEXT(name)	    .kind = FIELD_TEXT, .column = name
#define EITHER(name, also)  .kind = FIELD_TEXT, .column = name, .other = also
#define WORD(name)	    .kind = FIELD_TEXT, .column = name, .form = COLUMN_WORD
#define SITE(name)	    .kind = FIELD_TEXT, .column = name, .form = COLUMN_SITE
#define TEAM(name)	    .kind = FIELD_TEXT, .column = name, .form = COLUMN_TEAM
#define TAGS(name)	    .kind = FIELD_TEXT, .column = name, .form = COLUMN_TAGS
#define TEAM_OF(name)	    .kind = FIELD_TEXT, .column = name, .form = COLUMN_TEAM_OF
#define RULE(name)	    .kind = FIELD_TEXT, .column = name, .form = COLUMN_RULE
#define IS(what, name)	    .kind = what, .column = name
#define FLAG(flag)	    .kind = FIELD_FLAG, .column = "flags", .bit = flag
#define ONE_OF(name, list)  .kind = FIELD_ENUM, .column = name, .values = list, .n_values = COUNT_OF(list)

#define FIELD_ROW(number, called, what, means) { .name = called, .help = means, .id = number, what },
static const struct filter_field call_fields[] = { FIELDS_OF_CALLS(FIELD_ROW) };
static const struct filter_field alert_fields[] = { FIELDS_OF_ALERTS(FIELD_ROW) };
static const struct filter_field live_fields[] = { FIELDS_OF_LIVE(FIELD_ROW) };
static const struct filter_field score_fields[] = { FIELDS_OF_SCORES(FIELD_ROW) };
static const struct filter_field location_fields[] = { FIELDS_OF_LOCATIONS(FIELD_ROW) };
static const struct filter_field person_fields[] = { FIELDS_OF_PEOPLE(FIELD_ROW) };

static const unsigned char call_search[] = { CALL_FIELD_NUMBER, CALL_FIELD_FAR_NAME, CALL_FIELD_USER_NAME,
	CALL_FIELD_USER_NUMBER, CALL_FIELD_LOCATION };
static const unsigned char alert_search[] = { ALERT_FIELD_TITLE, ALERT_FIELD_SUBJECT_NAME, ALERT_FIELD_SUBJECT_ID,
	ALERT_FIELD_LOCATION };
static const unsigned char live_search[] = { LIVE_FIELD_NUMBER, LIVE_FIELD_FAR_NAME, LIVE_FIELD_USER_NAME,
	LIVE_FIELD_LOCATION };
static const unsigned char score_search[] = { SCORE_FIELD_TITLE, SCORE_FIELD_SUBJECT_NAME, SCORE_FIELD_SUBJECT_ID,
	SCORE_FIELD_LOCATION };

static const unsigned char location_search[] = { LOCATION_FIELD_NAME, LOCATION_FIELD_ZONE };
static const unsigned char person_search[] = { PERSON_FIELD_NAME, PERSON_FIELD_EMAIL, PERSON_FIELD_NUMBER, PERSON_FIELD_EXTENSION,
	PERSON_FIELD_LOCATION, PERSON_FIELD_TEAM };

/* In the order of their enums. */
static const struct {
	const struct filter_field *fields;
	size_t n;
	const unsigned char *search;
	size_t n_search;
} languages[FILTER_N] = {
#define LANGUAGE(fields, search) { fields, COUNT_OF(fields), search, COUNT_OF(search) }
	[FILTER_CALLS] = LANGUAGE(call_fields, call_search),
	[FILTER_ALERTS] = LANGUAGE(alert_fields, alert_search),
	[FILTER_LIVE] = LANGUAGE(live_fields, live_search),
	[FILTER_SCORES] = LANGUAGE(score_fields, score_search),
	[FILTER_LOCATIONS] = LANGUAGE(location_fields, location_search),
	[FILTER_PEOPLE] = LANGUAGE(person_fields, person_search),
};

const struct filter_field *filter_field_at(enum filter_of of, size_t i)
{
	return i < languages[of].n ? &languages[of].fields[i] : NULL;
}

const struct filter_field *filter_field_searched(enum filter_of of, size_t i)
{
	return i < languages[of].n_search ? &languages[of].fields[languages[of].search[i]] : NULL;
}

const struct filter_field *filter_field_named(enum filter_of of, const char *name)
{
	for (size_t i = 0; i < languages[of].n; i++) {
		if (text_equal_nocase(languages[of].fields[i].name, name))
			return &languages[of].fields[i];
	}
	return NULL;
}

const struct filter_field *filter_field_near(enum filter_of of, const char *name)
{
	const struct filter_field *best = NULL;
	int least = 3;
	for (size_t i = 0; i < languages[of].n; i++) {
		const char *last = strchr(languages[of].fields[i].name, '.');
		/* country was meant for dst.country. */
		if (last != NULL && text_equal_nocase(last + 1, name))
			return &languages[of].fields[i];
		int distance = text_distance(languages[of].fields[i].name, name);
		if (last != NULL && strlen(name) > 3)
			distance = MIN(distance, text_distance(last + 1, name));
		if (distance < least) {
			least = distance;
			best = &languages[of].fields[i];
		}
	}
	return best;
}
