/* SPDX-License-Identifier: Apache-2.0
 *
 * argv: which command, the options that all share, and nothing else. What the
 * commands are stands in cli/commands.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "store/organisation.h"
#include "webex/secret.h"

#define OPTIONS_MOST 300

static const struct cli_command *command_named(const char *name)
{
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

/* A word goes before the environment, and that before the file. */
static bool choose(struct options *options, const char *key, bool *typed_wrong, struct fault *fault)
{
	const char *said = getenv("CENTINELA_ORGANISATION");
	bool typed = key != NULL || (said != NULL && *said != '\0');
	if (key == NULL)
		key = said != NULL && *said != '\0' ? said : options->organisation;
	*typed_wrong = typed && *key == '\0';
	if (*typed_wrong)
		return organisation_key_check(key, fault); /* a variable that was empty is not "of none" */
	char *mine = mem_strdup(key);
	struct fault ignored;
	*typed_wrong = typed && strcmp(mine, ORGANISATION_ALL) != 0 && !organisation_key_check(mine, &ignored);
	bool ok = options_choose(options, mine, fault) && (strcmp(mine, ORGANISATION_ALL) != 0 || options_set(options, "organisation", mine, fault));
	free(mine);
	return ok;
}

/* The organisation's place in the store, which its address may name already. */
static bool go_into(struct options *options, struct fault *fault)
{
	size_t n;
	const char *said = organisation_in(options->store, &n), *key = options->organisation;
	if (*said != '\0' && strcmp(said, key) != 0)
		return fault_set(fault, FAULT_USAGE, _("the store is of organisation %s: name it with --organisation %s"), said, said);
	if (*key == '\0' || strcmp(key, ORGANISATION_ALL) == 0)
		return true;
	char *address = organisation_address(options->store, key);
	free(options->store);
	options->store = address;
	return true;
}

/* The default place is made when it is needed. One that was typed may be mistyped: an
 * empty store in a new folder would look like a night without alerts. */
static bool has_folder(const struct options *options, struct fault *fault)
{
	char *file = options->sources[OPTION_store] == SETTING_BY_WORD ? store_file(options->store) : NULL, *slash = file == NULL ? NULL : strrchr(file, '/');
	struct stat st;
	bool ok = true;
	if (slash != NULL && slash != file) {
		char shown[400];
		*slash = '\0';
		text_printable(shown, sizeof shown, file, strlen(file));
		ok = (stat(file, &st) == 0 && S_ISDIR(st.st_mode)) || fault_set(fault, FAULT_USAGE, _("there is no folder %s for the store that --store names; make it first if it is meant"), shown);
	}
	free(file);
	return ok;
}

/* Flags are taken whether or not the file could be read: doctor goes on, and settings,
 * which mends it. of_file: what was wrong is the file, and nothing that was typed. */
static bool read_options(struct options *options, struct args *args, bool *of_file, struct fault *fault)
{
	static const struct {
		const char *flag, *key;
	} flags[] = { { "--store", "store" }, { "--lang", "language" }, { "--theme", "console.theme" } };
	const char *config = args_value(args, "--config"), *said = args_value(args, "--lang");
	if (config == NULL)
		config = getenv("CENTINELA_CONFIG");
	options->json = args_flag(args, "--json");
	/* What is wrong in the file is said in the language asked for, too. */
	i18n_init(said != NULL && i18n_knows(said) ? said : "");
	bool ok = options_read(options, config, fault);
	if (said == NULL && *options->language != '\0') { /* it said so, be it before it went wrong */
		i18n_init(options->language);
		if (!ok)
			ok = options_read(options, config, fault);
	}
	if (config != NULL) {
		free(options->config_path);
		options->config_path = mem_strdup(config);
	}
	bool typed_wrong = false;
	const char *organisation = args_value(args, "--organisation"); /* taken, be the file broken or not */
	ok = ok && choose(options, organisation, &typed_wrong, fault);
	*of_file = !ok && !typed_wrong;
	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		struct fault mine;
		const char *value = strcmp(flags[i].key, "language") == 0 ? said : args_value(args, flags[i].flag);
		if (value != NULL && !options_set(options, flags[i].key, value, ok ? fault : &mine))
			ok = *of_file = false;
	}
	ok = ok && has_folder(options, fault) && go_into(options, fault);
	int64_t from_ms = options->clock_from > 0 ? options->clock_from * SECOND_MS : clock_real_ms();
	if (options->clock_speed > 1)
		clock_init_shared(&options->clock, from_ms, from_ms, (double)MIN(options->clock_speed, 1000));
	return ok;
}

static bool of_all(const char *command)
{
	return strcmp(command, "console") == 0 || strcmp(command, "organisation") == 0 || strcmp(command, "help") == 0 || strcmp(command, "demo") == 0;
}

/* The first word that is not the value of an option, whichever command that is of:
 * "--alert 254" alone is the console's. */
static const char *command_word(struct args *args)
{
	static char names[OPTIONS_MOST][32];
	const char *valued[OPTIONS_MOST];
	size_t n = 0;
	for (const struct command_option *o = command_options; o->command != NULL && n < OPTIONS_MOST; o++) {
		size_t length = strcspn(o->name, " ");
		if (o->name[length] == '\0' || length >= sizeof *names)
			continue;
		snprintf(names[n], sizeof *names, "%.*s", (int)length, o->name);
		valued[n] = names[n];
		n++;
	}
	return args_first(args, valued, n);
}

static int run(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	bool help = args_flag(args, "--help") || args_flag(args, "-h");
	if (args_flag(args, "--version")) {
		puts("centinela " CENTINELA_VERSION);
		return EXIT_DONE;
	}
	bool of_file, ok = read_options(options, args, &of_file, &fault);
	i18n_init(options->language);
	const char *name = command_word(args);
	bool doctor = name != NULL && strcmp(name, "doctor") == 0, mends = name != NULL && strcmp(name, "settings") == 0 && of_file;
	if (!ok && !doctor && !mends)
		return cli_fail(&fault);
	if (!ok)
		options->config_fault = fault;
	if (name == NULL && help) {
		cli_print_usage(stdout);
		return EXIT_DONE;
	}
	const struct cli_command *command = command_named(name == NULL ? "console" : name);
	if (command == NULL) {
		fprintf(stderr, _("centinela: there is no command \"%.40s\"; see centinela --help\n"), name == NULL ? "console" : name);
		return EXIT_USAGE;
	}
	/* One act is for one organisation. */
	if (!help && ok && strcmp(options->organisation, ORGANISATION_ALL) == 0 && !of_all(command->name)) {
		fault_set(&fault, FAULT_USAGE, _("\"all\" is a view of the console: name the organisation that %s is for"), command->name);
		return cli_fail(&fault);
	}
	if (help) {
		cli_print_command(command);
		return EXIT_DONE;
	}
	return command->run(options, args);
}

int main(int argc, char **argv)
{
	/* Tokens and who called whom stay out of core dumps and debuggers of
	 * other processes. */
	secret_guard_process();
	struct options options;
	struct args args;
	options_init(&options);
	args_init(&args, argc - 1, argv + 1);
	int status = run(&options, &args);
	/* What nobody received is not done: a full disk, a closed pipe. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_DONE) {
		fprintf(stderr, "centinela: %s\n", _("the output could not be written"));
		status = EXIT_FAILED;
	}
	args_clear(&args);
	options_clear(&options);
	return status;
}
