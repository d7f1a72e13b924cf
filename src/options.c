/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/places.h"
#include "base/yaml.h"

static const struct {
	const char *key;
	size_t offset;
	enum setting_kind kind;
	const char *otherwise, *help;
} table[] = {
#define OPTION_ROW(key, member, kind, otherwise, help) \
	{ key, offsetof(struct options, member), SETTING_##kind, otherwise, help },
	OPTION_ROWS(OPTION_ROW)
#undef OPTION_ROW
};

static void *member(struct options *options, size_t i)
{
	return (char *)options + table[i].offset;
}

static bool put(struct options *options, size_t i, const char *value, struct fault *fault)
{
	void *at = member(options, i);
	size_t n = strlen(value);
	switch (table[i].kind) {
	case SETTING_TEXT:
		free(*(char **)at);
		*(char **)at = mem_strdup(value);
		return true;
	case SETTING_BOOL:
		if (text_equal_nocase(value, "true") || text_equal_nocase(value, "yes"))
			*(bool *)at = true;
		else if (text_equal_nocase(value, "false") || text_equal_nocase(value, "no"))
			*(bool *)at = false;
		else
			return fault_set(fault, FAULT_USAGE, "%s is true or false", table[i].key);
		return true;
	case SETTING_NUMBER:
		return text_to_int(value, 0, INT32_MAX, at) || fault_set(fault, FAULT_USAGE, "%s is a whole number", table[i].key);
	case SETTING_DURATION:
		if (n > 2 && strcmp(value + n - 2, "ms") == 0) {
			char *digits = mem_strndup(value, n - 2);
			bool ok = text_to_int(digits, 0, INT32_MAX, at);
			free(digits);
			return ok || fault_set(fault, FAULT_USAGE, "%s is a duration such as 90s, 10m, 12h, 30d", table[i].key);
		}
		return text_to_duration_ms(value, at) || fault_set(fault, FAULT_USAGE, "%s is a duration such as 90s, 10m, 12h, 30d", table[i].key);
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
		bool ok = put(options, i, table[i].otherwise, &fault);
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
			free(*(char **)member(options, i));
	}
	free(options->config_path);
	*options = (struct options){ 0 };
}

static bool unknown(const char *key, struct fault *fault)
{
	size_t best = 0;
	char shown[64];
	text_printable(shown, sizeof shown, key, strlen(key));
	for (size_t i = 1; i < COUNT_OF(table); i++) {
		if (text_distance(shown, table[i].key) < text_distance(shown, table[best].key))
			best = i;
	}
	return fault_set(fault, FAULT_USAGE, "there is no setting \"%s\"; is \"%s\" meant?", shown, table[best].key);
}

static bool set(struct options *options, const char *key, const char *value, enum setting_source source, struct fault *fault)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (strcmp(table[i].key, key) == 0) {
			options->sources[i] = source;
			return put(options, i, value, fault);
		}
	}
	return unknown(key, fault);
}

bool options_set(struct options *options, const char *key, const char *value, struct fault *fault)
{
	return set(options, key, value, SETTING_BY_WORD, fault);
}

static bool read_map(struct options *options, const char *path, const struct yaml *map,
    const char *prefix, struct fault *fault)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *value = map->values[i];
		char key[128];
		snprintf(key, sizeof key, "%s%s%s", prefix, *prefix ? "." : "", map->keys[i]->scalar);
		bool ok;
		size_t n = strlen(key);
		bool is_section = false, is_setting = false;
		for (size_t k = 0; k < COUNT_OF(table); k++) {
			is_section |= strncmp(table[k].key, key, n) == 0 && table[k].key[n] == '.';
			is_setting |= strcmp(table[k].key, key) == 0;
		}
		if (value->kind == YAML_MAP && is_section) {
			if (!read_map(options, path, value, key, fault))
				return false;
			continue;
		}
		if (value->kind == YAML_MAP)
			ok = is_setting ? fault_set(fault, FAULT_USAGE, "%s is one value, not a map", key) : unknown(key, fault);
		else if (value->kind == YAML_LIST)
			ok = fault_set(fault, FAULT_USAGE, "%s is one value, not a list", key);
		else
			ok = set(options, key, value->scalar, SETTING_BY_FILE, fault);
		if (!ok)
			return fault_context(fault, "%s:%d:%d", path, map->keys[i]->line, map->keys[i]->column);
	}
	return true;
}

bool options_read(struct options *options, const char *path, struct fault *fault)
{
	struct yaml **docs;
	size_t n;
	const char *file = path != NULL ? path : options->config_path;
	if (path == NULL && access(file, F_OK) != 0)
		return true;
	if (!yaml_read_file(file, &docs, &n, fault))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		if (docs[i]->kind == YAML_MAP)
			ok = read_map(options, file, docs[i], "", fault);
		else if (!docs[i]->is_null)
			ok = fault_set(fault, FAULT_USAGE, "%s:%d:%d: settings are written as \"key: value\"", file, docs[i]->line, docs[i]->column);
	}
	yaml_free(docs, n);
	return ok;
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
	const void *at = member(options, i);
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

static bool check(const char *key, const char *value, struct fault *fault)
{
	struct options scratch = { 0 };
	bool ok = options_set(&scratch, key, value, fault);
	options_clear(&scratch);
	return ok;
}

void options_settings(const struct options *options, const char *path, struct settings *out)
{
	struct options *readable = (struct options *)(uintptr_t)options;
	*out = (struct settings){ .n = COUNT_OF(table), .path = mem_strdup(path), .check = check };
	out->items = mem_zalloc(COUNT_OF(table) * sizeof *out->items);
	for (size_t i = 0; i < COUNT_OF(table); i++)
		out->items[i] = (struct setting){ .key = table[i].key, .help = table[i].help, .otherwise = table[i].otherwise,
			.kind = table[i].kind, .value = value_text(readable, i), .source = options->sources[i] };
}

void options_take(struct options *options, const struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++) {
		struct fault fault;
		bool ok = put(options, i, settings->items[i].value, &fault);
		assert(ok); /* it was checked when it was typed */
		UNUSED(ok);
		options->sources[i] = settings->items[i].source;
	}
}

void options_describe(struct text *out)
{
	for (size_t i = 0; i < COUNT_OF(table); i++)
		text_printf(out, "%-30s %s%s%s%s\n", table[i].key, _(table[i].help), *table[i].otherwise ? " [" : "",
		    table[i].otherwise, *table[i].otherwise ? "]" : "");
}
