/* SPDX-License-Identifier: Apache-2.0
 *
 * settings: what the console's view of them shows, and changes, from a script. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/print.h"

static const char *source_name(enum setting_source source)
{
	static const char *const names[] = { [SETTING_BY_DEFAULT] = "default", [SETTING_BY_FILE] = "file", [SETTING_BY_WORD] = "command line" };
	return names[source];
}

static int list(const struct settings *settings, const char *only, bool json)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < settings->n; i++) {
		const struct setting *setting = &settings->items[i];
		char shown[1024];
		if (only != NULL && strcmp(only, setting->key) != 0)
			continue;
		setting_shown(setting, setting->value, shown, sizeof shown);
		if (json)
			json_array_append_new(rows, json_pack("{s:s, s:o, s:s, s:b}", "key", setting->key, "value", json_text(shown),
			    "source", source_name(setting->source), "secret", setting_is_secret(setting, setting->value)));
		else
			printf("%-30s %-14s %s\n", setting->key, _(source_name(setting->source)), shown);
	}
	if (json)
		print_json(rows);
	else
		json_decref(rows);
	return EXIT_DONE;
}

static bool set(const struct settings *settings, const char *key, const char *value, struct fault *fault)
{
	struct settings_file file;
	const struct setting *setting = settings_get(settings, key);
	if (!setting_check(settings, key, value, fault))
		return false;
	/* Other users see what is on a command line. */
	if (setting_is_secret(setting, value))
		return fault_set(fault, FAULT_USAGE, _("%s would hold a secret, and a command line is no place for one: change it in the console or in the file"), key);
	if (!settings_file_read(settings, &file, fault))
		return false;
	bool ok = settings_file_put(settings, &file, key, value, fault);
	settings_file_clear(&file);
	return ok;
}

int cli_settings(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	struct settings settings;
	const char *verb = args_next(args), *key = NULL, *value = NULL;
	bool sets = verb != NULL && strcmp(verb, "set") == 0;
	if (verb != NULL && !sets && strcmp(verb, "list") != 0)
		fault_set(&fault, FAULT_USAGE, "%s", _("settings knows list [KEY] and set KEY VALUE"));
	else
		key = args_next(args);
	if (sets && (key == NULL || (value = args_next(args)) == NULL))
		fault_set(&fault, FAULT_USAGE, "%s", _("settings set wants a key and a value"));
	options_settings(options, options->config_path, &settings);
	if (fault.code == FAULT_NONE && key != NULL && settings_get(&settings, key) == NULL) {
		bool known = settings.check(key, "", &fault); /* it names the nearest one */
		UNUSED(known);
	}
	/* What is wrong in the file is mended by setting it, and not by listing half of it. */
	if (fault.code == FAULT_NONE && !sets && options->config_fault.code != FAULT_NONE)
		fault = options->config_fault;
	bool ok = fault.code == FAULT_NONE && args_finish(args, &fault) && (!sets || !cli_only_looks(options, &fault)) &&
	    (sets ? set(&settings, key, value, &fault) : list(&settings, key, options->json) == EXIT_DONE);
	if (ok && sets)
		printf(_("%s is kept in %s.\n"), key, settings.path);
	settings_clear(&settings);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
