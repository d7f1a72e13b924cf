/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/admin_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "webex/admin_audit.h"
#include "webex/ids.h"

#define EVERY_MS    (5 * MINUTE_MS)
#define FAULT_MS    (10 * MINUTE_MS)
#define REFUSED_MS  (6 * HOUR_MS) /* a role is given once in a while, and a new sign-in is tried at once */
#define BACK_MS	    (30 * DAY_MS) /* as far as call records go */
#define KEPT_MS	    (360 * DAY_MS) /* Webex keeps some 13 months and answers for at most a year */
#define OVERLAP_MS  (10 * MINUTE_MS) /* events come late, and many have the same millisecond */
#define WIDEST_MS   (7 * DAY_MS)
#define NARROWEST_MS MINUTE_MS

struct admin_watch {
	struct sync_parts parts;
	struct webex *webex;
	char org_uuid[UUID_BYTES]; /* "" not asked yet */
	bool loaded;		   /* until_ms is the store's */
	int64_t until_ms, from_ms, to_ms, width_ms;
	int64_t next_ms;	/* machine's clock */
	uint64_t login_version; /* of the sign-in that the last answer was for */
	struct webex_call *asking;
	struct admin_audit_read *reading;
	bool on_lane, halted;
	void (*on_closed)(void *); /* set: it is being closed */
	void *arg;
};

/* A stretch on its way to the store; without events: how far it was read. */
struct stretch {
	struct job job;
	struct admin_watch *admin;
	struct arena arena;
	struct admin_event *events;
	size_t n, n_new;
	int64_t until_ms;
	bool ok;
	struct fault fault;
};

static void wait_ms(struct admin_watch *admin, int64_t ms)
{
	double speed = admin->parts.clock->speed > 0 ? admin->parts.clock->speed : 1;
	admin->next_ms = clock_real_ms() + MAX((int64_t)((double)ms / speed), SECOND_MS);
}

/* Said once, not at every try. */
static void tell(struct admin_watch *admin, enum admin_state state, const struct fault *fault)
{
	struct health *health = admin->parts.health;
	const char *sentence = fault == NULL ? "" : fault->text;
	if (health->admin == state && strcmp(health->admin_sentence, sentence) == 0)
		return;
	health->admin = state;
	snprintf(health->admin_sentence, sizeof health->admin_sentence, "%s", sentence);
	admin->parts.board->health_version++;
	if (fault != NULL)
		log_unusual("administrators' acts are not read: %s", sentence);
}

static void refused(struct admin_watch *admin, const struct fault *fault)
{
	bool for_good = fault->code == FAULT_FORBIDDEN || fault->code == FAULT_REFUSED || fault->code == FAULT_NOT_FOUND;
	if (fault->code == FAULT_CANCELLED)
		return;
	tell(admin, for_good ? ADMIN_REFUSED : ADMIN_FAULT, fault);
	wait_ms(admin, for_good ? REFUSED_MS : FAULT_MS);
}

static void closed(struct admin_watch *admin)
{
	void (*on_closed)(void *) = admin->on_closed;
	void *arg = admin->arg;
	free(admin);
	on_closed(arg);
}

static void go_on(struct admin_watch *);

/* ---- the store ------------------------------------------------------------------------ */

static void stretch_free(struct stretch *stretch)
{
	arena_clear(&stretch->arena);
	free(stretch);
}

static void submit(struct admin_watch *admin, struct stretch *stretch)
{
	if (admin->halted) {
		stretch_free(stretch);
		return;
	}
	admin->on_lane = true;
	lane_submit(admin->parts.store_lane, &stretch->job);
}

static struct stretch *stretch_new(struct admin_watch *admin, void (*work)(struct job *), void (*done)(struct job *, bool))
{
	struct stretch *stretch = mem_zalloc(sizeof *stretch);
	stretch->job = (struct job){ .work = work, .done = done };
	stretch->admin = admin;
	arena_init(&stretch->arena);
	return stretch;
}

static void load_work(struct job *job)
{
	struct stretch *stretch = (struct stretch *)job;
	stretch->ok = admin_rows_until(stretch->admin->parts.guard->store, &stretch->until_ms, &stretch->fault);
}

static void on_loaded(struct job *job, bool cancelled)
{
	struct stretch *stretch = (struct stretch *)job;
	struct admin_watch *admin = stretch->admin;
	admin->on_lane = false;
	if (!cancelled && stretch->ok) {
		admin->loaded = true;
		admin->until_ms = stretch->until_ms;
		go_on(admin);
	} else if (!cancelled) {
		refused(admin, &stretch->fault);
	}
	stretch_free(stretch);
}

static void store_work(struct job *job)
{
	struct stretch *stretch = (struct stretch *)job;
	stretch->ok = admin_rows_write(stretch->admin->parts.guard->store, stretch->events, stretch->n, stretch->until_ms, &stretch->n_new, &stretch->fault);
}

static void on_stored(struct job *job, bool cancelled)
{
	struct stretch *stretch = (struct stretch *)job;
	struct admin_watch *admin = stretch->admin;
	admin->on_lane = false;
	if (!cancelled && stretch->ok) {
		bool more = stretch->until_ms < webex_now_ms(admin->webex) - OVERLAP_MS;
		struct health *health = admin->parts.health;
		admin->until_ms = health->admin_until_ms = stretch->until_ms;
		admin->width_ms = MIN(admin->width_ms * 2, WIDEST_MS);
		admin->parts.board->health_version++;
		if (stretch->n_new > 0)
			admin->parts.board->alerts_version++; /* stories have more to tell */
		tell(admin, ADMIN_READ, NULL);
		wait_ms(admin, EVERY_MS);
		if (more)
			go_on(admin);
	} else if (!cancelled) {
		refused(admin, &stretch->fault);
	}
	stretch_free(stretch);
}

/* ---- Webex ---------------------------------------------------------------------------- */

static void on_read(const struct admin_audit_result *result, void *arg)
{
	struct admin_watch *admin = arg;
	admin->reading = NULL;
	if (admin->on_closed != NULL) {
		closed(admin);
		return;
	}
	bool part = result->too_many && admin->width_ms <= NARROWEST_MS;
	if (result->too_many && !part) {
		admin->width_ms = MAX(admin->width_ms / 2, NARROWEST_MS);
		go_on(admin);
		return;
	}
	if (result->fault.code != FAULT_NONE && !part) {
		refused(admin, &result->fault);
		return;
	}
	if (part)
		log_unusual("more than %d acts of administrators within a minute: the newest %zu are kept", ADMIN_AUDIT_MOST, result->n);
	if (result->n_unreadable > 0)
		log_debug("%zu audit events without an id or a time", result->n_unreadable);
	struct stretch *stretch = stretch_new(admin, store_work, on_stored);
	stretch->events = admin_events_copy(&stretch->arena, result->events, result->n);
	stretch->n = result->n;
	stretch->until_ms = admin->to_ms;
	submit(admin, stretch);
}

static void read_next(struct admin_watch *admin)
{
	int64_t now = webex_now_ms(admin->webex);
	int64_t until = admin->until_ms > 0 ? MIN(admin->until_ms, now) : now - BACK_MS;
	admin->from_ms = MAX(until - OVERLAP_MS, now - KEPT_MS);
	admin->to_ms = MIN(MAX(until, admin->from_ms) + admin->width_ms, now);
	admin->reading = admin_audit_read(admin->webex, admin->org_uuid, admin->from_ms, admin->to_ms, on_read, admin);
}

/* Whose token it is: without the organisation's id the audit answers nothing. */
static void on_self(struct webex_answer *answer, void *arg)
{
	struct admin_watch *admin = arg;
	struct fault fault = answer->fault;
	json_auto_t *body = NULL;
	admin->asking = NULL;
	if (admin->on_closed != NULL) {
		closed(admin);
		return;
	}
	if (fault.code == FAULT_NONE && (!json_parse(answer->body != NULL ? answer->body : "", answer->body_n, &body, &fault) ||
	    !webex_id_uuid(json_str(body, "orgId", ""), admin->org_uuid))) {
		admin->org_uuid[0] = '\0';
		fault_set(&fault, FAULT_INPUT, _("Webex does not say whose organisation this token is of"));
	}
	if (fault.code != FAULT_NONE)
		refused(admin, &fault);
	else
		go_on(admin);
}

/* The next question; none once the lease is gone (admin_watch_forget). */
static void go_on(struct admin_watch *admin)
{
	if (admin->halted || !admin->loaded)
		return;
	if (admin->org_uuid[0] == '\0')
		admin->asking = webex_send(admin->webex, &(struct webex_request){ .api = API_SELF, .path = "/people/me", .max_bytes = 1 << 20 }, on_self, admin);
	else
		read_next(admin);
}

void admin_watch_step(struct admin_watch *admin)
{
	if (admin->halted || admin->on_lane || admin->asking != NULL || admin->reading != NULL)
		return;
	uint64_t version = oauth_version(webex_oauth(admin->webex));
	if (version == admin->login_version && clock_real_ms() < admin->next_ms)
		return;
	if (version != admin->login_version)
		admin->org_uuid[0] = '\0'; /* it may be another organisation's */
	admin->login_version = version;
	wait_ms(admin, EVERY_MS); /* unless something else is known by then */
	/* A token that says what it may is not tried for what it may not. */
	const char *scopes = oauth_status(webex_oauth(admin->webex)).scope, *needed = webex_api_row(API_AUDIT)->scopes;
	if (*scopes != '\0' && !webex_scope_granted(scopes, needed)) {
		tell(admin, ADMIN_NO_SCOPE, NULL);
		wait_ms(admin, REFUSED_MS);
	} else if (!admin->loaded) {
		submit(admin, stretch_new(admin, load_work, on_loaded));
	} else {
		go_on(admin);
	}
}

struct admin_watch *admin_watch_new(const struct sync_parts *parts, struct webex *webex)
{
	struct admin_watch *admin = mem_zalloc(sizeof *admin);
	admin->parts = *parts;
	admin->webex = webex;
	admin->width_ms = WIDEST_MS;
	return admin;
}

void admin_watch_forget(struct admin_watch *admin)
{
	admin->loaded = false;
}

void admin_watch_halt(struct admin_watch *admin)
{
	admin->halted = true;
}

void admin_watch_close(struct admin_watch *admin, void (*on_closed)(void *), void *arg)
{
	admin->on_closed = on_closed;
	admin->arg = arg;
	/* Its last word comes from the loop, and is waited for. */
	if (admin->asking != NULL)
		webex_call_cancel(admin->asking);
	else if (admin->reading != NULL)
		admin_audit_cancel(admin->reading);
	else
		closed(admin);
}
