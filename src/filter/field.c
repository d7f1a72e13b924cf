/* SPDX-License-Identifier: Apache-2.0 */
#include "filter/field.h"

#include <string.h>

#include "alerts/alert.h"
#include "base/i18n.h"
#include "base/fold.h"
#include "base/text.h"
#include "calls/call.h"
#include "calls/live_calls.h"

#define NAME_BYTES 64 /* longer than any name */

#define NAME_OF(id, name) name,
static const char *const directions[] = { CALL_DIRECTIONS(NAME_OF) };
static const char *const classes[] = { NUMBER_CLASSES(NAME_OF) };
static const char *const tiers[] = { RISK_TIERS(NAME_OF) };
static const char *const severities[] = { SEVERITIES(NAME_OF) };
static const char *const states[] = { ALERT_STATES(NAME_OF) };
static const char *const resolutions[] = { RESOLUTIONS(NAME_OF) };
static const char *const subjects[] = { SUBJECT_KINDS(NAME_OF) };
static const char *const live_states[] = { LIVE_STATES(NAME_OF) };

/* As the screen calls them, in one word each (a test holds both together). */
static const char *const directions_es[] = { "interna", "saliente", "entrante", "tránsito" };
static const char *const classes_es[] = { "desconocido", "extensión", "servicio", "fijo", "móvil", "fijo_o_móvil", "gratuito", "premium",
	"costo_compartido", "personal", "voip", "buscapersonas", "uan", "satélite", "global", "dirección_sip", "oculto" };
static const char *const tiers_es[] = { "ninguno", "bajo", "medio", "alto", "extremo" };
static const char *const severities_es[] = { "baja", "media", "alta", "crítica" };
static const char *const states_es[] = { "nueva", "en_curso", "pospuesta", "cerrada" };
static const char *const resolutions_es[] = { "", "verdadero_positivo_con_impacto", "verdadero_positivo_sin_impacto", "falso_positivo",
	"legítima", "duplicada", "desconocida" };
static const char *const subjects_es[] = { "persona", "número", "equipo", "troncal", "sede", "servicio", "organización" };
static const char *const live_states_es[] = { "marca", "timbra", "hablando", "espera", "espera_remota", "terminada" };

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
#define ONE_OF(name, list)  .kind = FIELD_ENUM, .column = name, .values = list, .spanish = list##_es, .n_values = MIN(COUNT_OF(list), COUNT_OF(list##_es))

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

/* What a person who reads Spanish calls a field: the first of these that the rows have. */
static const struct {
	const char *spanish, *name;
} aliases[] = { { "severidad", "severity" }, { "nivel", "severity" }, { "estado", "state" }, { "resolución", "resolution" }, { "regla", "rule" },
	{ "título", "title" }, { "qué", "title" }, { "quién", "subject.name" }, { "quién", "user.name" }, { "sede", "location" }, { "puntaje", "score" },
	{ "costo", "cost" }, { "responsable", "assignee" }, { "etiqueta", "tag" }, { "caso", "case" }, { "notas", "notes" }, { "país", "dst.country" },
	{ "clase", "dst.class" }, { "riesgo", "dst.tier" }, { "número", "number" }, { "dirección", "direction" }, { "duración", "duration" },
	{ "troncal", "trunk" }, { "inicio", "start" }, { "nombre", "name" }, { "equipo", "user.team" }, { "equipo", "team" } };

/* Case and accents do not count, nor which blank stands between words. */
static void fold_name(char out[static NAME_BYTES], const char *text)
{
	text_fold(out, NAME_BYTES, text, strlen(text));
	for (char *p = out; *p != '\0'; p++)
		*p = *p == ' ' ? '_' : *p;
}

static bool same_name(const char *known, const char *folded)
{
	char other[NAME_BYTES];
	fold_name(other, known);
	return strcmp(other, folded) == 0;
}

const struct filter_field *filter_field_named(enum filter_of of, const char *name)
{
	for (size_t i = 0; i < languages[of].n; i++) {
		if (text_equal_nocase(languages[of].fields[i].name, name))
			return &languages[of].fields[i];
	}
	return NULL;
}

const struct filter_field *filter_field_in_spanish(enum filter_of of, const char *name)
{
	char folded[NAME_BYTES];
	const struct filter_field *field = NULL;
	fold_name(folded, name);
	for (size_t i = 0; i < COUNT_OF(aliases) && field == NULL; i++)
		field = same_name(aliases[i].spanish, folded) ? filter_field_named(of, aliases[i].name) : NULL;
	return field;
}

const char *filter_field_spanish(const struct filter_field *field)
{
	for (size_t i = 0; i < COUNT_OF(aliases); i++)
		if (strcmp(aliases[i].name, field->name) == 0)
			return aliases[i].spanish;
	return NULL;
}

bool filter_value_named(const struct filter_field *field, const char *text, size_t *i)
{
	char folded[NAME_BYTES];
	size_t n;
	fold_name(folded, text);
	for (*i = 0; *i < field->n_values; (*i)++)
		if (same_name(field->values[*i], folded))
			return true;
	for (*i = 0; *i < field->n_values; (*i)++)
		if (same_name(field->spanish[*i], folded))
			return true;
	/* Of an alert or of a number: crítica, crítico. */
	n = strlen(folded);
	if (n < 4 || (folded[n - 1] != 'a' && folded[n - 1] != 'o'))
		return false;
	folded[n - 1] = folded[n - 1] == 'a' ? 'o' : 'a';
	for (*i = 0; *i < field->n_values; (*i)++)
		if (same_name(field->spanish[*i], folded))
			return true;
	return false;
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
