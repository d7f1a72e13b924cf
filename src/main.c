/* SPDX-License-Identifier: Apache-2.0
 *
 * argv: which command, the options that all share, and nothing else. What the
 * commands are stands in cli/commands.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "webex/secret.h"

static const struct cli_command *command_named(const char *name)
{
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

/* Flags are taken whether or not the file could be read: doctor goes on. */
static bool read_options(struct options *options, struct args *args, struct fault *fault)
{
	static const struct {
		const char *flag, *key;
	} flags[] = { { "--store", "store" }, { "--lang", "language" }, { "--theme", "console.theme" } };
	const char *config = args_value(args, "--config");
	if (config == NULL)
		config = getenv("CENTINELA_CONFIG");
	options->json = args_flag(args, "--json");
	bool ok = options_read(options, config, fault);
	if (config != NULL) {
		free(options->config_path);
		options->config_path = mem_strdup(config);
	}
	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		struct fault mine;
		const char *value = args_value(args, flags[i].flag);
		if (value != NULL && !options_set(options, flags[i].key, value, ok ? fault : &mine))
			ok = false;
	}
	int64_t from_ms = options->clock_from > 0 ? options->clock_from * SECOND_MS : clock_real_ms();
	if (options->clock_speed > 1)
		clock_init_shared(&options->clock, from_ms, from_ms, (double)MIN(options->clock_speed, 1000));
	return ok;
}

static int run(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	bool help = args_flag(args, "--help") || args_flag(args, "-h");
	if (args_flag(args, "--version")) {
		puts("centinela " CENTINELA_VERSION);
		return EXIT_DONE;
	}
	bool ok = read_options(options, args, &fault);
	i18n_init(options->language);
	const char *name = args_next(args);
	bool doctor = name != NULL && strcmp(name, "doctor") == 0;
	if (!ok && !doctor)
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
