/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/long_work.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>


static volatile sig_atomic_t interrupted;
static bool shows;

static void on_interrupt(int number)
{
	UNUSED(number);
	interrupted = 1;
}

void long_work_begin(void)
{
	struct sigaction act = { .sa_handler = on_interrupt };
	shows = isatty(STDERR_FILENO);
	sigaction(SIGINT, &act, NULL);
}

bool long_work_goes_on(void *arg, double share)
{
	UNUSED(arg);
	if (shows)
		fprintf(stderr, "\r%3.0f %%", share * 100);
	return !interrupted;
}

bool long_work_is_wanted(void *arg)
{
	UNUSED(arg);
	return !interrupted;
}

void long_work_end(void)
{
	if (shows)
		fputs("\r     \r", stderr);
}
