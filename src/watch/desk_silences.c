/* SPDX-License-Identifier: Apache-2.0
 *
 * Silences at the desk: begun, extended, ended. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/silence_rows.h"
#include "watch/desk_inside.h"
#include "watch/exceptions.h"

static char *copied(const char *text)
{
	return mem_strdup(text == NULL ? "" : text);
}

struct silence_errand {
	struct job job;
	struct desk *desk;
	struct silence_act act;
	char *filter, *reason;
	int64_t number;
	bool ok;
	struct fault fault;
	void (*on_done)(void *arg, int64_t number, const struct fault *fault);
	void *arg;
};

static void silence_work(struct job *job)
{
	struct silence_errand *e = (struct silence_errand *)job;
	struct store *store = e->desk->store;
	const struct silence_act *a = &e->act;
	struct silence_order order = { a->kind, e->filter, e->reason, e->desk->user, a->begin_ms, a->until_ms, a->now_ms };
	if (a->kind == SILENCE_EXCEPTION) {
		struct exception_order until = { a->id, e->desk->user, a->deed == SILENCE_END ? a->now_ms : a->until_ms, a->now_ms };
		e->ok = exception_until(store, e->desk->rules, &until, &e->number, &e->fault);
		return;
	}
	switch (a->deed) {
	case SILENCE_BEGIN:
		e->ok = store_silence_begin(store, &order, &e->number, &e->fault);
		break;
	case SILENCE_END:
		e->ok = store_silence_end(store, a->kind, a->id, e->desk->user, a->now_ms, &e->number, &e->fault);
		break;
	case SILENCE_EXTEND:
		e->ok = store_silence_extend(store, a->kind, a->id, e->desk->user, a->until_ms, a->now_ms, &e->fault);
		break;
	}
}

static void on_silence(struct job *job, bool cancelled)
{
	struct silence_errand *e = (struct silence_errand *)job;
	if (!cancelled && e->ok)
		e->desk->on_changed(e->desk->changed_arg);
	if (!cancelled)
		e->on_done(e->arg, e->number, e->ok ? NULL : &e->fault);
	free(e->filter);
	free(e->reason);
	free(e);
}

void desk_silence(struct desk *desk, const struct silence_act *act, void (*on_done)(void *, int64_t, const struct fault *), void *arg)
{
	if (desk->read_only) {
		struct fault fault = { 0 };
		fault_set(&fault, FAULT_READ_ONLY, "%s", _("this console is read-only"));
		on_done(arg, 0, &fault);
		return;
	}
	struct silence_errand *e = mem_zalloc(sizeof *e);
	*e = (struct silence_errand){ .job = { .work = silence_work, .done = on_silence, .promised = true }, .desk = desk, .act = *act, .filter = copied(act->filter), .reason = copied(act->reason), .on_done = on_done, .arg = arg };
	lane_submit(desk->lane, &e->job);
}
