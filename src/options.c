/* SPDX-License-Identifier: Apache-2.0 */
#include "options_parts.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/places.h"
#include "base/yaml.h"
#include "store/organisation.h"
#include "ui/setting_forms.h"

static const struct {
	const char *key;
	size_t offset;
	enum setting_kind kind;
	const char *otherwise, *allows, *help;
} table[] = {
#define OPTION_ROW(key, member, kind, otherwise, allows, help) \
	{ key, offsetof(struct options, member), SETTING_##kind, otherwise, allows, help },
	OPTION_ROWS(OPTION_ROW)
#undef OPTION_ROW
};

void *options_member(struct options *options, size_t i)
{
	return (char *)options + table[i].offset;
}

bool options_put(struct options *options, size_t i, const char *value, struct fault *fault)
{
	void *at = options_member(options, i);
	const char *key = table[i].key, *allows = table[i].allows;
	int64_t number;
	switch (table[i].kind) {
	case SETTING_TEXT:
		if (!setting_text_fits(key, allows, value, fault))
			return false;
		free(*(char **)at);
		*(char **)at = mem_strdup(value);
		return true;
	case SETTING_BOOL:
		if (text_equal_nocase(value, "true") || text_equal_nocase(value, "yes"))
			*(bool *)at = true;
		else if (text_equal_nocase(value, "false") || text_equal_nocase(value, "no"))
			*(bool *)at = false;
		else
			return fault_set(fault, FAULT_USAGE, _("%s is true or false"), key);
		return true;
	case SETTING_NUMBER:
		if (!text_to_int(value, 0, INT32_MAX, &number))
			return fault_set(fault, FAULT_USAGE, _("%s is a whole number"), key);
		if (!setting_number_fits(key, allows, number, false, fault))
			return false;
		*(int64_t *)at = number;
		return true;
	case SETTING_DURATION:
		if (!setting_duration(value, &number))
			return fault_set(fault, FAULT_USAGE, _("%s is a duration such as 90s, 10m, 12h, 30d"), key);
		if (!setting_number_fits(key, allows, number, true, fault))
			return false;
		*(int64_t *)at = number;
		return true;
	}
	return false;
}

static char *home_folder(void)
{
	const char *home = getenv("HOME");
	struct passwd *entry = getpwuid(getuid());
	return mem_strdup(home != NULL && *home == '/' ? home : entry != NULL ? entry->pw_dir : "/");
}

/* The build's own folders while it stands where it was built, so that a
 * checkout needs no install. */
static char *shared_folder(const char *source, const char *name)
{
	if (access(source, R_OK) == 0)
		return mem_strdup(source);
	return mem_printf("%s%s%s", CENTINELA_INSTALL_SHARE, *name ? "/" : "", name);
}

void options_init(struct options *options)
{
	char *home = home_folder();
	*options = (struct options){ 0 };
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct fault fault;
		bool ok = options_put(options, i, table[i].otherwise, &fault);
		assert(ok);
		UNUSED(ok);
	}
	const char *data = getenv("XDG_DATA_HOME"), *config = getenv("XDG_CONFIG_HOME");
	char *data_home = data != NULL && *data == '/' ? mem_strdup(data) : mem_printf("%s/.local/share", home);
	char *config_home = config != NULL && *config == '/' ? mem_strdup(config) : mem_printf("%s/.config", home);
	free(options->store);
	options->store = mem_printf("sqlite:%s/centinela/centinela.db", data_home);
	free(options->token_file);
	options->token_file = mem_printf("%s/centinela/token.json", data_home);
	free(options->responder_token_file);
	options->responder_token_file = mem_printf("%s/centinela/responder.json", data_home);
	free(options->reports_folder);
	options->reports_folder = mem_printf("%s/centinela/reports", data_home);
	free(options->history_file);
	options->history_file = mem_printf("%s/centinela/history", data_home);
	free(options->data_folder);
	options->data_folder = shared_folder(CENTINELA_SOURCE_DATA, "");
	free(options->rules_folder);
	options->rules_folder = mem_printf("%s/rules", options->data_folder);
	free(options->themes_folder);
	options->themes_folder = shared_folder(CENTINELA_SOURCE_THEMES, "themes");
	free(options->own_rules_folder);
	options->own_rules_folder = mem_printf("%s/centinela/rules", config_home);
	options->config_path = mem_printf("%s/centinela/centinela.yaml", config_home);
	clock_init_real(&options->clock);
	free(data_home);
	free(config_home);
	free(home);
}

void options_clear(struct options *options)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (table[i].kind == SETTING_TEXT)
			free(*(char **)options_member(options, i));
	}
	for (size_t i = 0; i < options->n_overlays; i++) {
		struct options_overlay *overlay = &options->overlays[i];
		for (size_t k = 0; k < overlay->n; k++)
			free(overlay->said[k].value);
		free(overlay->said);
		free(overlay->key);
		free(overlay->name);
	}
	free(options->overlays);
	free(options->config_path);
	free(options->main_path);
	*options = (struct options){ 0 };
}

static bool unknown(const char *key, struct fault *fault)
{
	char shown[64], best[64] = "";
	int least = INT32_MAX;
	text_printable(shown, sizeof shown, key, strlen(key));
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		/* The setting, and the section it is in: "console". */
		const char *dot = strchr(table[i].key, '.');
		char section[64];
		snprintf(section, sizeof section, "%.*s", dot != NULL ? (int)(dot - table[i].key) : 0, table[i].key);
		const char *const candidates[] = { table[i].key, section };
		for (size_t k = 0; k < COUNT_OF(candidates); k++) {
			int distance = *candidates[k] == '\0' ? INT32_MAX : text_distance(shown, candidates[k]);
			if (distance >= least)
				continue;
			least = distance;
			snprintf(best, sizeof best, "%s", candidates[k]);
		}
	}
	return fault_set(fault, FAULT_USAGE, _("there is no setting \"%s\"; is \"%s\" meant?"), shown, best);
}

static bool set(struct options *options, const char *key, const char *value, enum setting_source source, struct fault *fault)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (strcmp(table[i].key, key) == 0) {
			options->sources[i] = source;
			return options_put(options, i, value, fault);
		}
	}
	return unknown(key, fault);
}

bool options_set(struct options *options, const char *key, const char *value, struct fault *fault)
{
	return set(options, key, value, SETTING_BY_WORD, fault);
}

/* Where what a file says goes: into the settings, or into what is said of one organisation. */
struct reading {
	struct options *options;
	struct options_overlay *overlay; /* NULL: it is said of all */
	bool own;			 /* the file is one organisation's */
	const char *path;
};

static bool check(const char *key, const char *value, struct fault *fault)
{
	struct options scratch = { 0 };
	bool ok = options_set(&scratch, key, value, fault);
	options_clear(&scratch);
	return ok;
}

static bool say(const struct reading *reading, const char *key, const char *value, struct fault *fault)
{
	struct options_overlay *overlay = reading->overlay;
	bool of_one = overlay != NULL || reading->own;
	if (of_one && strcmp(key, "organisation") == 0)
		return fault_set(fault, FAULT_USAGE, "%s", _("what is said of one organisation does not name another"));
	if (overlay != NULL && strcmp(key, "name") == 0) {
		char shown[200];
		text_printable(shown, sizeof shown, value, strlen(value));
		free(overlay->name);
		overlay->name = mem_strdup(shown);
		return true;
	}
	if (overlay == NULL)
		return set(reading->options, key, value, SETTING_BY_FILE, fault);
	if (!check(key, value, fault))
		return false;
	size_t i = 0;
	while (strcmp(table[i].key, key) != 0)
		i++;
	overlay->said = mem_grow(overlay->said, overlay->n, &overlay->capacity, sizeof *overlay->said);
	overlay->said[overlay->n].option = i;
	overlay->said[overlay->n++].value = mem_strdup(value);
	return true;
}

static bool read_organisations(const struct reading *reading, const struct yaml *map, struct fault *fault);

static bool read_map(const struct reading *reading, const struct yaml *map, const char *prefix, struct fault *fault)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *value = map->values[i];
		char key[128];
		snprintf(key, sizeof key, "%s%s%s", prefix, *prefix ? "." : "", map->keys[i]->scalar);
		bool ok;
		size_t n = strlen(key);
		bool is_section = false, is_setting = false;
		if (strcmp(key, "organisations") == 0 && reading->overlay == NULL && !reading->own) {
			if (!read_organisations(reading, value, fault))
				return false;
			continue;
		}
		for (size_t k = 0; k < COUNT_OF(table); k++) {
			is_section |= strncmp(table[k].key, key, n) == 0 && table[k].key[n] == '.';
			is_setting |= strcmp(table[k].key, key) == 0;
		}
		if (value->kind == YAML_MAP && is_section) {
			if (!read_map(reading, value, key, fault))
				return false;
			continue;
		}
		if (value->kind == YAML_MAP)
			ok = is_setting ? fault_set(fault, FAULT_USAGE, _("%s is one value, not a map"), key) : unknown(key, fault);
		else if (value->kind == YAML_LIST)
			ok = fault_set(fault, FAULT_USAGE, _("%s is one value, not a list"), key);
		else
			ok = say(reading, key, value->scalar, fault);
		if (!ok)
			return fault_context(fault, "%s:%d:%d", reading->path, map->keys[i]->line, map->keys[i]->column);
	}
	return true;
}

struct options_overlay *options_overlay_of(struct options *options, const char *key)
{
	for (size_t i = 0; i < options->n_overlays; i++)
		if (strcmp(options->overlays[i].key, key) == 0)
			return &options->overlays[i];
	return NULL;
}

static bool read_organisations(const struct reading *reading, const struct yaml *map, struct fault *fault)
{
	struct options *options = reading->options;
	if (map->kind != YAML_MAP)
		return map->is_null || (fault_set(fault, FAULT_USAGE, "%s", _("organisations are written as \"key: {name: …, settings}\"")), fault_context(fault, "%s:%d:%d", reading->path, map->line, map->column));
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *key = map->keys[i], *value = map->values[i];
		bool ok = organisation_key_check(key->scalar, fault) && (value->kind == YAML_MAP || value->is_null ||
		    fault_set(fault, FAULT_USAGE, "%s", _("organisations are written as \"key: {name: …, settings}\"")));
		if (!ok)
			return fault_context(fault, "%s:%d:%d", reading->path, key->line, key->column);
		struct options_overlay *overlay = options_overlay_of(options, key->scalar);
		if (overlay == NULL) {
			options->overlays = mem_realloc(options->overlays, (options->n_overlays + 1) * sizeof *options->overlays);
			overlay = &options->overlays[options->n_overlays++];
			*overlay = (struct options_overlay){ .key = mem_strdup(key->scalar) };
		}
		struct reading inner = { options, overlay, false, reading->path };
		if (value->kind == YAML_MAP && !read_map(&inner, value, "", fault))
			return false;
	}
	return true;
}

/* Before all else: in it is said what else is wrong. What is wrong with itself is said in its turn. */
static void read_language(const struct reading *reading, const struct yaml *map)
{
	struct fault later;
	for (size_t i = 0; i < map->n; i++)
		if (strcmp(map->keys[i]->scalar, "language") == 0 && map->values[i]->kind != YAML_MAP && map->values[i]->kind != YAML_LIST)
			(void)say(reading, "language", map->values[i]->scalar, &later);
}

bool options_others_may_write(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 022) != 0;
}

bool options_read_file(struct options *options, const char *file, bool own, struct fault *fault)
{
	struct yaml **docs;
	size_t n;
	struct reading reading = { options, NULL, own, file };
	/* Whoever may write it may name a command that we run. */
	if (options_others_may_write(file))
		return fault_set(fault, FAULT_SYSTEM, _("others may write %s, and it can name commands that run as you: chmod go-w '%s'"), file, file);
	if (!yaml_read_file(file, &docs, &n, fault))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		if (docs[i]->kind == YAML_MAP) {
			read_language(&reading, docs[i]);
			ok = read_map(&reading, docs[i], "", fault);
		} else if (!docs[i]->is_null)
			ok = fault_set(fault, FAULT_USAGE, _("%s:%d:%d: settings are written as \"key: value\""), file, docs[i]->line, docs[i]->column);
	}
	yaml_free(docs, n);
	return ok;
}

bool options_read(struct options *options, const char *path, struct fault *fault)
{
	const char *file = path != NULL ? path : options->config_path;
	if (path == NULL && access(file, F_OK) != 0)
		return true;
	return options_read_file(options, file, false, fault);
}

/* "30d", "6500ms": as a file would say it. */
static char *duration_text(int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = { { DAY_MS, "d" }, { HOUR_MS, "h" }, { MINUTE_MS, "m" }, { SECOND_MS, "s" }, { 1, "ms" } };
	size_t i = 0;
	while (ms % units[i].ms != 0)
		i++;
	return ms == 0 ? mem_strdup("0s") : mem_printf("%lld%s", (long long)(ms / units[i].ms), units[i].unit);
}

static char *value_text(struct options *options, size_t i)
{
	const void *at = options_member(options, i);
	switch (table[i].kind) {
	case SETTING_TEXT:
		return mem_strdup(*(char *const *)at);
	case SETTING_BOOL:
		return mem_strdup(*(const bool *)at ? "true" : "false");
	case SETTING_NUMBER:
		return mem_printf("%lld", (long long)*(const int64_t *)at);
	case SETTING_DURATION:
		return duration_text(*(const int64_t *)at);
	}
	return NULL;
}

void options_settings(const struct options *options, const char *path, struct settings *out)
{
	struct options *readable = (struct options *)(uintptr_t)options;
	*out = (struct settings){ .n = COUNT_OF(table), .path = mem_strdup(path), .check = check };
	out->items = mem_zalloc(COUNT_OF(table) * sizeof *out->items);
	for (size_t i = 0; i < COUNT_OF(table); i++)
		out->items[i] = (struct setting){ .key = table[i].key, .help = table[i].help, .otherwise = table[i].otherwise, .allows = table[i].allows,
			.kind = table[i].kind, .value = value_text(readable, i), .source = options->sources[i] };
}

void options_take(struct options *options, const struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++) {
		struct fault fault;
		bool ok = options_put(options, i, settings->items[i].value, &fault);
		assert(ok); /* it was checked when it was typed */
		UNUSED(ok);
		options->sources[i] = settings->items[i].source;
	}
}

void options_describe(struct text *out)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		char *said = setting_described(table[i].help, table[i].otherwise, table[i].allows, "");
		text_printf(out, "%-30s %s\n", table[i].key, said);
		free(said);
	}
}
