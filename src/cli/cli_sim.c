/* SPDX-License-Identifier: Apache-2.0
 *
 * `centinela sim`: the words nobody took go to the simulator as they are. */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "sim/sim_main.h"

int cli_sim(struct options *options, struct args *args)
{
	char **argv = mem_alloc(((size_t)args->n + 2) * sizeof *argv), name[] = "sim";
	int argc = 0;
	UNUSED(options);
	argv[argc++] = name;
	for (int i = 0; i < args->n; i++)
		if (!args->taken[i])
			argv[argc++] = args->words[i];
	argv[argc] = NULL;
	int status = sim_main(argc, argv);
	free(argv);
	return status;
}
