/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader of scenario files. Everything is checked before anything runs: a
 * rehearsal that silently does nothing would be taken for a good result. */
#include "sim/scenario.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/places.h"
#include "base/text.h"
#include "sim/incident.h"

#define FILE_LIMIT (1 << 20)

static bool known_key(const char *key, const char *const *known)
{
	for (; *known; known++)
		if (strcmp(key, *known) == 0)
			return true;
	return false;
}

static bool only_known(const json_t *object, const char *const *known, struct fault *fault)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
		if (!known_key(key, known))
			return fault_set(fault, FAULT_INPUT, "unknown key \"%.40s\"", key);
	return true;
}

static bool bounded(const json_t *object, const char *key, double low, double high, double otherwise,
    double *out, struct fault *fault)
{
	const json_t *value = json_object_get(object, key);
	*out = otherwise;
	if (!value)
		return true;
	if (!json_is_number(value))
		return fault_set(fault, FAULT_INPUT, "\"%s\" is not a number", key);
	double x = json_number_value(value);
	if (!(x >= low && x <= high))
		return fault_set(fault, FAULT_INPUT, "\"%s\" is %g, outside %g..%g", key, x, low, high);
	*out = x;
	return true;
}

static bool read_prefixes(const json_t *incident, struct incident_plan *plan, struct fault *fault)
{
	const json_t *to = json_object_get(incident, "to");
	if (!to)
		return true;
	if (!json_is_array(to) || json_array_size(to) == 0 || json_array_size(to) > SCENARIO_MAX_PREFIXES)
		return fault_set(fault, FAULT_INPUT, "\"to\" is no list of 1 to %d prefixes", SCENARIO_MAX_PREFIXES);
	for (size_t i = 0; i < json_array_size(to); i++) {
		const char *prefix = json_string_value(json_array_get(to, i));
		size_t n = prefix ? strlen(prefix) : 0;
		if (n < 2 || n > 11 || prefix[0] != '+' || strspn(prefix + 1, "0123456789") != n - 1)
			return fault_set(fault, FAULT_INPUT, "\"to\" holds something that is no prefix like \"+371\"");
		memcpy(plan->prefixes[i], prefix, n + 1);
		plan->n_prefixes++;
	}
	return true;
}

static bool read_incident(const json_t *incident, int repeat_days, const struct sim_org *org,
    struct incident_plan *plan, struct fault *fault)
{
#define SCENARIO_KEY(name, low, high) #name,
	static const char *const KNOWN[] = { "kind", "manner", "day", "weekday", "hour", "minute", "site", "to",
		"repeat_days", "about", SCENARIO_NUMBERS(SCENARIO_KEY) NULL };
#undef SCENARIO_KEY
	if (!json_is_object(incident))
		return fault_set(fault, FAULT_INPUT, "is no object");
	if (!only_known(incident, KNOWN, fault))
		return false;
	*plan = (struct incident_plan){ .location = -1 };
	const char *kind = json_str(incident, "kind", "");
	plan->kind = incident_kind_named(kind);
	if (!plan->kind)
		return fault_set(fault, FAULT_INPUT, "unknown kind \"%.40s\"", kind);
	const char *manner = json_str(incident, "manner", json_object_get(incident, "manner") ? "?" : "loud");
	plan->patient = strcmp(manner, "patient") == 0;
	if (!plan->patient && strcmp(manner, "loud") != 0)
		return fault_set(fault, FAULT_INPUT, "\"manner\" is neither \"loud\" nor \"patient\"");
	const json_t *site = json_object_get(incident, "site");
	if (site) {
		const char *name = json_string_value(site);
		for (size_t l = 0; name && l < org->n_locations; l++)
			if (strcmp(org->locations[l].name, name) == 0)
				plan->location = (int)l;
		if (plan->location < 0)
			return fault_set(fault, FAULT_INPUT, "unknown site \"%.40s\"", name ? name : "?");
	}
	plan->from_epoch = json_object_get(incident, "minute") != NULL;
	if (plan->from_epoch && json_object_get(incident, "hour"))
		return fault_set(fault, FAULT_INPUT, "has both \"hour\" and \"minute\"");
	double day, repeat, weekday;
	if (!bounded(incident, "day", -60, 366, 0, &day, fault) ||
	    !bounded(incident, "weekday", 0, 6, -1, &weekday, fault) ||
	    !bounded(incident, "hour", 0, 24, -1, &plan->hour, fault) ||
	    !bounded(incident, "minute", -1440, 1440, 0, &plan->minute, fault) ||
	    !bounded(incident, "repeat_days", 0, 366, repeat_days, &repeat, fault))
		return false;
	if (day != (int)day || repeat != (int)repeat || weekday != (int)weekday)
		return fault_set(fault, FAULT_INPUT, "\"day\", \"weekday\" and \"repeat_days\" are whole numbers");
	plan->weekday = (int)weekday;
	plan->day = (int)day;
	plan->repeat_days = (int)repeat;
#define SCENARIO_READ(name, low, high)                                                             \
	if (!bounded(incident, #name, low, high, 0, &plan->numbers.name, fault))                   \
		return false;
	SCENARIO_NUMBERS(SCENARIO_READ)
#undef SCENARIO_READ
	return read_prefixes(incident, plan, fault);
}

bool scenario_parse(const char *bytes, size_t n, const char *name, const struct sim_org *org,
    struct scenario *out, struct fault *fault)
{
	static const char *const KNOWN[] = { "about", "repeat_days", "incidents", NULL };
	memset(out, 0, sizeof *out);
	snprintf(out->name, sizeof out->name, "%s", name);
	if (n > FILE_LIMIT)
		return fault_set(fault, FAULT_INPUT, "scenario %s: larger than 1 MB", name);
	json_auto_t *root = NULL;
	if (!json_parse(bytes, n, &root, fault))
		return fault_context(fault, "scenario %s", name);
	if (!json_is_object(root))
		return fault_set(fault, FAULT_INPUT, "scenario %s: is no object", name);
	double repeat = 0;
	if (!only_known(root, KNOWN, fault) || !bounded(root, "repeat_days", 0, 366, 0, &repeat, fault))
		return fault_context(fault, "scenario %s", name);
	if (repeat != (int)repeat)
		return fault_set(fault, FAULT_INPUT, "scenario %s: \"repeat_days\" is a whole number", name);
	const json_t *incidents = json_object_get(root, "incidents");
	if (!json_is_array(incidents) || json_array_size(incidents) > SCENARIO_MAX_INCIDENTS)
		return fault_set(fault, FAULT_INPUT, "scenario %s: \"incidents\" is no list of at most %d",
		    name, SCENARIO_MAX_INCIDENTS);
	size_t count = json_array_size(incidents);
	out->plans = mem_zalloc(MAX(count, 1) * sizeof *out->plans);
	for (size_t i = 0; i < count; i++) {
		if (!read_incident(json_array_get(incidents, i), (int)repeat, org, &out->plans[i], fault)) {
			scenario_clear(out);
			return fault_context(fault, "scenario %s: incident %zu", name, i + 1);
		}
		out->n_plans++;
	}
	return true;
}

void scenario_clear(struct scenario *scenario)
{
	free(scenario->plans);
	scenario->plans = NULL;
	scenario->n_plans = 0;
}

static char *path_of(const char *name, const char *data_folder)
{
	return strchr(name, '/') ? mem_strdup(name)
	    : mem_printf("%s/scenarios/%s.json", data_folder ? data_folder : CENTINELA_SOURCE_DATA, name);
}

static int is_json(const struct dirent *entry)
{
	return text_ends_with(entry->d_name, ".json");
}

/* Why fopen said no: errno. */
static bool unread(const char *name, const char *path, struct fault *fault)
{
	int why = errno;
	char shown[100];
	text_printable(shown, sizeof shown, name, strlen(name));
	if (why != ENOENT || strchr(name, '/') != NULL)
		return fault_set(fault, why == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM, _("scenario %s cannot be read: %s"), shown, strerror(why));
	char *folder = mem_strndup(path, (size_t)(strrchr(path, '/') - path));
	struct dirent **entries;
	struct text list = { 0 };
	int n = scandir(folder, &entries, is_json, alphasort);
	for (int i = 0; i < n; i++) {
		text_printf(&list, "%s%.*s", i > 0 ? ", " : "", (int)strlen(entries[i]->d_name) - 5, entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	free(folder);
	fault_set(fault, FAULT_NOT_FOUND, _("there is no scenario \"%s\"; there are: %s"), shown, text_string(&list));
	text_clear(&list);
	return false;
}

bool scenario_exists(const char *name, const char *data_folder, struct fault *fault)
{
	char *path = path_of(name, data_folder);
	bool ok = access(path, R_OK) == 0 || unread(name, path, fault);
	free(path);
	return ok;
}

int64_t scenario_watched_from_ms(const char *name, int64_t now_ms)
{
	/* Its first incident began half an hour ago by minutes, not by weekdays:
	 * its row is red at once, and goes on growing. */
	if (strcmp(name, "mixed") == 0)
		return now_ms - 30 * MINUTE_MS;
	return now_ms - 7 * DAY_MS;
}

bool scenario_open(const char *name, const char *data_folder, const struct sim_org *org,
    struct scenario *out, struct fault *fault)
{
	memset(out, 0, sizeof *out);
	char *path = path_of(name, data_folder);
	FILE *file = fopen(path, "rb");
	if (!file) {
		bool read = unread(name, path, fault);
		free(path);
		return read;
	}
	char *bytes = mem_alloc(FILE_LIMIT + 1);
	size_t n = fread(bytes, 1, FILE_LIMIT + 1, file);
	bool broken = ferror(file) != 0;
	fclose(file);
	/* The label of incidents: the file's name without folder and ending. */
	const char *slash = strrchr(path, '/');
	char label[sizeof out->name];
	snprintf(label, sizeof label, "%s", slash ? slash + 1 : path);
	char *dot = strrchr(label, '.');
	if (dot)
		*dot = '\0';
	for (char *c = label; *c; c++) /* it goes into a CSV */
		if (*c == ',' || *c == '"' || (unsigned char)*c < 0x20)
			*c = '_';
	bool ok = broken ? fault_set(fault, FAULT_SYSTEM, "scenario %s cannot be read", path)
			 : scenario_parse(bytes, n, label, org, out, fault);
	free(bytes);
	free(path);
	return ok;
}
