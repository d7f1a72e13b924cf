/* SPDX-License-Identifier: Apache-2.0
 *
 * libuv puts a signal's default back when the last handle of it is closed, and between
 * that and a signal(…, SIG_IGN) there is a gap. A handle more, of a loop that never
 * runs, leaves none: what it is told goes into a pipe that nobody reads, and that takes
 * no more when it is full. */
#include "ui/ending.h"

#include <signal.h>
#include <stdbool.h>

#include <uv.h>

#include "base/base.h"

static const int numbers[] = { SIGTERM, SIGHUP, SIGINT };
static uv_signal_t handles[COUNT_OF(numbers)];
static bool begun;

static void on_signal(uv_signal_t *handle, int number)
{
	UNUSED(handle);
	UNUSED(number);
}

void ending_begin(void)
{
	uv_loop_t *loop = uv_default_loop();
	if (loop == NULL) /* no descriptor is left: it ends as it can */
		return;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		if (!begun)
			uv_signal_init(loop, &handles[i]);
		uv_signal_start(&handles[i], on_signal, numbers[i]);
	}
	begun = true;
}

void ending_over(void)
{
	for (size_t i = 0; begun && i < COUNT_OF(numbers); i++)
		uv_signal_stop(&handles[i]);
}
