/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/leaving.h"

#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"
#include "store/engine.h"

#define PATIENCE_S 10

static void on_second(uv_timer_t *timer)
{
	struct leaving *l = timer->data;
	char shown[200];
	if (l->watch == NULL || ++l->n_seconds < PATIENCE_S || !watch_is_stuck(l->watch))
		return;
	store_address_shown(l->store, shown, sizeof shown);
	fprintf(stderr, _("the store %s does not answer: what was still to be written to it is not done, or not known to be\n"), shown);
	_exit(1);
}

static void on_ended(void *arg)
{
	struct leaving *l = arg;
	l->watch = NULL;
}

void leaving_begin(struct leaving *l, uv_loop_t *loop, struct watch *watch, const char *store)
{
	l->watch = watch;
	l->store = store;
	uv_timer_init(loop, &l->timer);
	l->timer.data = l;
	uv_timer_start(&l->timer, on_second, 1000, 1000);
	uv_unref((uv_handle_t *)&l->timer);
}

void leaving_stop(struct leaving *l)
{
	watch_stop(l->watch, on_ended, l);
}

void leaving_over(struct leaving *l, uv_loop_t *loop)
{
	if (l->timer.data == NULL)
		return;
	uv_close((uv_handle_t *)&l->timer, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
}
