/* SPDX-License-Identifier: Apache-2.0
 *
 * One act is a chain of answers, each of which begins the next step:
 *
 *	sign-in → row (FINISH, UNDO) → read → judge ─ look ─→ end
 *	                                        └→ row committed → write → read again → row → end
 *
 * Whatever ends the program after "row committed" leaves a row that is under way. */
#include "watch/contain_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "webex/ids.h"

/* Who looks is told at once; what was written is read again with patience. */
enum { READ_TRIES = 3, UNDER_WAY_MS = 2 * CONTAIN_TIMEOUT_MS };

/* ---- ends ----------------------------------------------------------------------------- */

static void on_closer(uv_handle_t *handle)
{
	struct responder *r = handle->data;
	void (*on_closed)(void *) = r->on_closed;
	void *arg = r->closed_arg;
	free(r);
	if (on_closed != NULL)
		on_closed(arg);
}

static void close_when_idle(struct responder *r)
{
	if (!r->closing || r->acts != NULL)
		return;
	uv_timer_init(r->loop, &r->closer);
	r->closer.data = r;
	uv_close((uv_handle_t *)&r->closer, on_closer);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct contain_act *act = handle->data;
	struct responder *r = act->responder;
	struct contain_act **at = &r->acts;
	act->done(&act->result, act->arg); /* it may begin another, or close */
	while (*at != act)
		at = &(*at)->next;
	*at = act->next;
	arena_clear(&act->arena);
	free(act);
	close_when_idle(r);
}

static void on_link_closed(void *arg)
{
	struct contain_act *act = arg;
	uv_close((uv_handle_t *)&act->timer, on_timer_closed);
}

static void on_webex_closed(void *arg)
{
	struct contain_act *act = arg;
	link_close(&act->link, on_link_closed, act);
}

void contain_end(struct contain_act *act)
{
	assert(!act->ended);
	act->ended = true;
	if (act->webex != NULL)
		webex_close(act->webex, on_webex_closed, act);
	else if (act->linked)
		link_close(&act->link, on_link_closed, act);
	else
		uv_close((uv_handle_t *)&act->timer, on_timer_closed);
}

static void fail(struct contain_act *act, const struct fault *fault)
{
	act->result.fault = *fault;
	contain_end(act);
}

/* ---- the store, in its turn ------------------------------------------------------------- */

static void on_stored(struct desk_work *work)
{
	struct contain_act *act = (struct contain_act *)work;
	if (!act->store_ok)
		contain_end(act);
	else
		act->then(act);
}

static void in_the_store(struct contain_act *act, bool (*what)(struct desk_work *, struct store *), void (*then)(struct contain_act *))
{
	act->work.work = what;
	act->work.done = on_stored;
	act->then = then;
	desk_submit(act->responder->desk, &act->work);
}

static bool read_row(struct desk_work *work, struct store *store)
{
	struct contain_act *act = (struct contain_act *)work;
	struct containment *row = &act->result.row;
	int64_t later = 0;
	act->store_ok = query_containment(&store->db, act->order.id, &act->arena, row, &act->result.fault) &&
	    query_containment_later(&store->db, row, &later, &act->result.fault);
	if (act->store_ok && later != 0) /* or that one would say of the line what is not so */
		act->store_ok = fault_set(&act->result.fault, FAULT_CONFLICT, _("the line was contained again after it: containment %lld first"), (long long)later);
	if (!act->store_ok)
		*row = (struct containment){ 0 };
	return false;
}

static bool begin_row(struct desk_work *work, struct store *store)
{
	struct contain_act *act = (struct contain_act *)work;
	act->store_ok = store_contain_begin(store, &act->begun, act->diff, &act->result.id, &act->result.fault);
	return act->store_ok;
}

/* A fault that is told already is the one that counts. */
static bool step_row(struct desk_work *work, struct store *store)
{
	struct contain_act *act = (struct contain_act *)work;
	struct fault fault;
	act->store_ok = store_contain_step(store, &act->step, &fault);
	if (act->store_ok) {
		act->result.state = act->step.to;
		act->seen_ms = act->step.now_ms;
	} else if (act->result.fault.code == FAULT_NONE)
		act->result.fault = fault;
	return act->store_ok;
}

void contain_step_to(struct contain_act *act, enum contain_state to, const char *tracking, const char *error, void (*then)(struct contain_act *))
{
	act->step = (struct contain_step){ .id = act->result.id, .from = 1u << act->result.state, .to = to, .who = desk_user(act->responder->desk),
		.tracking = arena_strdup(&act->arena, tracking), .error = arena_strdup(&act->arena, error), .now_ms = clock_real_ms(), .seen_ms = act->seen_ms };
	/* What is lost by what comes next. */
	if ((to == CONTAIN_UNDOING && act->result.state != CONTAIN_UNDOING) || act->result.since.n > 0)
		act->step.found = act->result.present;
	in_the_store(act, step_row, then);
}

/* ---- asking Webex ------------------------------------------------------------------------- */

enum contain_kind contain_act_kind(const struct contain_act *act)
{
	return act->order.verb == CONTAIN_DO ? act->order.kind : act->result.row.kind;
}

static char *path_of(struct contain_act *act)
{
	char id[WEBEX_ID_BYTES];
	webex_id_make("PEOPLE", act->order.verb == CONTAIN_DO ? act->order.person : act->result.row.person, id);
	return arena_printf(&act->arena, "/people/%s/features/%s", id, contain_feature(contain_act_kind(act)));
}

void contain_ask(struct contain_act *act, const char *body, webex_done_fn done)
{
	act->call = webex_send(act->webex, &(struct webex_request){ .api = API_SETTINGS, .method = body != NULL ? "PUT" : "GET", .path = path_of(act),
	    .body = body, .timeout_ms = CONTAIN_TIMEOUT_MS, .max_bytes = CONTAIN_BODY_BYTES, .max_tries = body != NULL || act->order.look ? 1 : READ_TRIES }, done, act);
	if (act->cancelled)
		webex_call_cancel(act->call);
}

void contain_explain(struct fault *fault)
{
	char told[sizeof fault->text];
	snprintf(told, sizeof told, "%s", fault->text);
	const enum fault_code code = fault->code;
	const int64_t wait_ms = fault->retry_after_ms;
	if (code == FAULT_FORBIDDEN || code == FAULT_LOGIN)
		fault_set(fault, code, _("sign in as who may change lines (centinela login --profile responder): %.300s"), told);
	else if (code == FAULT_LIMIT)
		fault_set(fault, code, _("Webex wants to be asked again in %lld s: %.300s"), (long long)((wait_ms + 999) / 1000), told);
	else if (code == FAULT_NOT_FOUND)
		fault_set(fault, code, _("Webex knows no such person, or no calling licence of theirs: %.300s"), told);
	fault->retry_after_ms = wait_ms;
}

bool contain_is_as(struct contain_act *act, const char *read, size_t n, const char *body, struct contain_changes *left, struct fault *fault)
{
	return contain_plan_differs(contain_act_kind(act), read, n, body, &act->arena, left, fault) && left->n == 0;
}

/* ---- what is to be done -------------------------------------------------------------------------- */

/* Is it as somebody saw it, who then said yes? */
static bool is_as_seen(struct contain_act *act, struct fault *fault)
{
	struct contain_changes left;
	const char *body;
	if (act->order.seen == NULL)
		return true;
	if (!contain_plan_inverse(contain_act_kind(act), act->order.seen, &act->arena, &body, fault))
		return false;
	*fault = (struct fault){ 0 };
	if (contain_is_as(act, act->result.present, strlen(act->result.present), body, &left, fault))
		return true;
	return fault->code == FAULT_NONE &&
	    fault_set(fault, FAULT_CONFLICT, _("it changed meanwhile, nothing was written, look again: %.300s"), contain_changes_say(&left, &act->arena));
}

static void judge_new(struct contain_act *act)
{
	struct contain_result *r = &act->result;
	struct contain_plan plan;
	struct fault fault = { 0 };
	if (!contain_plan_make(act->order.kind, r->present, strlen(r->present), &act->arena, &plan, &fault) || !is_as_seen(act, &fault)) {
		fail(act, &fault);
		return;
	}
	r->present = plan.before;
	r->body = plan.wished;
	r->changes = plan.changes;
	r->warnings = plan.warnings;
	r->n_warnings = plan.n_warnings;
	if (act->order.look || plan.changes.n == 0) {
		contain_end(act);
		return;
	}
	act->diff = contain_changes_say(&plan.changes, &act->arena);
	act->begun = (struct containment){ .person = act->order.person, .person_name = act->order.person_name, .kind = act->order.kind,
		.before = plan.before, .wished = plan.wished, .who = desk_user(act->responder->desk), .at_ms = clock_real_ms(), .alert_id = act->order.alert_id };
	act->seen_ms = act->begun.at_ms;
	in_the_store(act, begin_row, contain_write);
}

/* Of what is there already: back, or to its end. */
static void judge_old(struct contain_act *act)
{
	struct contain_result *r = &act->result;
	struct containment *row = &r->row;
	struct fault fault = { 0 };
	bool undoes = act->order.verb == CONTAIN_UNDO;
	const char *back, *to = row->wished, *ignored, **warning = arena_zalloc(&act->arena, sizeof *warning);
	size_t n = strlen(r->present);
	if (!contain_plan_inverse(row->kind, row->before, &act->arena, &back, &fault) ||
	    !contain_plan_cut(row->kind, &back, r->present, &act->arena, undoes ? warning : &ignored, &fault) ||
	    !contain_plan_cut(row->kind, &to, r->present, &act->arena, undoes ? &ignored : warning, &fault) ||
	    !contain_plan_differs(row->kind, r->present, n, undoes ? back : to, &act->arena, &r->changes, &fault) ||
	    !contain_plan_differs(row->kind, r->present, n, undoes ? to : back, &act->arena, &r->since, &fault) || !is_as_seen(act, &fault)) {
		fail(act, &fault);
		return;
	}
	r->body = undoes ? back : to;
	r->warnings = warning;
	r->n_warnings = *warning != NULL;
	if (r->changes.n == 0)
		r->since.n = 0; /* nothing is to be written: nobody's change is lost */
	if (act->order.look)
		contain_end(act);
	else if (r->changes.n == 0)
		contain_step_to(act, undoes ? CONTAIN_UNDONE : CONTAIN_VERIFIED, "", "", contain_end);
	else if (r->since.n > 0 && !act->order.force) {
		fault_set(&fault, FAULT_CONFLICT, _("somebody changed it since, so it stays as it is: %.300s"),
		    contain_changes_say(&r->since, &act->arena));
		fail(act, &fault);
	} else
		contain_step_to(act, undoes ? CONTAIN_UNDOING : CONTAIN_PLANNED, "", "", contain_write);
}

static void on_read(struct webex_answer *answer, void *arg)
{
	struct contain_act *act = arg;
	act->call = NULL;
	if (answer->fault.code != FAULT_NONE) {
		struct fault fault = answer->fault;
		contain_explain(&fault);
		fail(act, &fault);
		return;
	}
	act->read_ns = uv_hrtime();
	act->result.present = arena_strndup(&act->arena, answer->body == NULL ? "" : answer->body, answer->body_n);
	if (act->order.verb == CONTAIN_DO)
		judge_new(act);
	else
		judge_old(act);
}

static void read_setting(struct contain_act *act)
{
	contain_ask(act, NULL, on_read);
}

/* Whoever has ended, has said why; who was killed, has not, and is given up after a while. */
static bool is_being_done(const struct containment *row)
{
	int64_t age_ms = clock_real_ms() - row->changed_ms;
	return contain_is_under_way(row->state) && *row->error == '\0' && age_ms < UNDER_WAY_MS && age_ms > -UNDER_WAY_MS;
}

static void on_row(struct contain_act *act)
{
	struct containment *row = &act->result.row;
	struct fault fault;
	act->result.id = row->id;
	act->result.state = row->state;
	act->seen_ms = row->changed_ms;
	if (act->order.verb == CONTAIN_FINISH && row->state == CONTAIN_UNDOING)
		act->order.verb = CONTAIN_UNDO;
	if (row->state == CONTAIN_UNDONE || (act->order.verb == CONTAIN_FINISH && !contain_is_under_way(row->state))) {
		fault_set(&fault, FAULT_CONFLICT, _("containment %lld is not under way: %s"), (long long)row->id, contain_state_word(row->state));
		fail(act, &fault);
		return;
	}
	if (is_being_done(row) && !act->order.force) { /* or what is written now would stand in no row */
		fault_set(&fault, FAULT_CONFLICT, _("containment %lld is being done by %s right now: look again in a minute"), (long long)row->id,
		    row->state == CONTAIN_UNDOING ? row->undone_by : row->who);
		fail(act, &fault);
		return;
	}
	read_setting(act);
}

/* ---- the sign-in ------------------------------------------------------------------------------------ */

static void on_signed_in(const struct fault *given, void *arg)
{
	struct contain_act *act = arg;
	struct fault fault = *given;
	const char *scope = oauth_status(act->link.oauth).scope;
	struct webex_options options = { .base = act->responder->link.api_url };
	if (fault.code == FAULT_NOT_FOUND)
		fault_set(&fault, FAULT_LOGIN, "%s", _("nobody signed in here as who may change lines: centinela login --profile responder"));
	else if (fault.code == FAULT_NONE && (scope == NULL || !webex_scope_granted(scope, CONTAIN_SCOPE)))
		fault_set(&fault, FAULT_FORBIDDEN, _("the responder's sign-in lacks the scope %s: tick it in the integration, then centinela login --profile responder"), CONTAIN_SCOPE);
	if (fault.code != FAULT_NONE || act->cancelled) {
		if (fault.code == FAULT_NONE)
			fault_set(&fault, FAULT_CANCELLED, "%s", _("the request was cancelled"));
		fail(act, &fault);
		return;
	}
	act->webex = webex_new(act->responder->loop, act->link.http, act->link.oauth, act->responder->clock, &options, &fault);
	if (act->webex == NULL)
		fail(act, &fault);
	else if (act->order.verb == CONTAIN_DO)
		read_setting(act);
	else
		in_the_store(act, read_row, on_row);
}

static void on_begin(uv_timer_t *timer)
{
	struct contain_act *act = timer->data;
	struct responder *r = act->responder;
	struct fault fault = { 0 };
	bool may = !desk_may_not(r->desk, &fault); /* nor what a hanging store would let through later */
	if (may && act->cancelled)
		fault_set(&fault, FAULT_CANCELLED, "%s", _("the request was cancelled"));
	else if (may && (r->link.client_id == NULL || *r->link.client_id == '\0'))
		fault_set(&fault, FAULT_LOGIN, "%s", _("no webex.client_id is set: create an integration at developer.webex.com and write its client ID into centinela.yaml"));
	else if (may)
		act->linked = link_open(r->loop, &r->link, r->clock, &act->link, &fault);
	if (act->linked)
		oauth_load(act->link.oauth, on_signed_in, act);
	else
		fail(act, &fault);
}

/* ---- the responder ------------------------------------------------------------------------------------ */

struct responder *responder_new(uv_loop_t *loop, const struct link_config *link, const struct clock *clock, struct desk *desk)
{
	struct responder *r = mem_zalloc(sizeof *r);
	*r = (struct responder){ .loop = loop, .link = *link, .clock = clock, .desk = desk };
	return r;
}

void responder_start(struct responder *r, const struct contain_order *order, void (*done)(const struct contain_result *, void *), void *arg)
{
	struct contain_act *act = mem_zalloc(sizeof *act);
	act->responder = r;
	act->order = *order;
	act->done = done;
	act->arg = arg;
	act->cancelled = r->closing;
	arena_init(&act->arena);
	act->order.person = arena_strdup(&act->arena, order->person == NULL ? "" : order->person);
	act->order.person_name = arena_strdup(&act->arena, order->person_name == NULL ? "" : order->person_name);
	act->order.seen = order->seen == NULL ? NULL : arena_strdup(&act->arena, order->seen);
	act->result.present = act->result.body = "";
	act->next = r->acts;
	r->acts = act;
	uv_timer_init(r->loop, &act->timer);
	act->timer.data = act;
	uv_timer_start(&act->timer, on_begin, 0, 0);
}

void responder_close(struct responder *r, void (*on_closed)(void *), void *arg)
{
	r->closing = true;
	r->on_closed = on_closed;
	r->closed_arg = arg;
	for (struct contain_act *act = r->acts; act != NULL; act = act->next) {
		act->cancelled = true;
		if (act->call != NULL)
			webex_call_cancel(act->call);
		else if (act->looks_once_more && uv_is_active((uv_handle_t *)&act->timer))
			uv_timer_start(&act->timer, contain_look_now, 0, 0);
	}
	close_when_idle(r);
}
