/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/memo.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/lease_rows.h"

struct memo {
	struct job job;
	struct store *store;
	const char *name; /* literal */
	char value[256];
	struct fault fault;
};

static void memo_work(struct job *job)
{
	struct memo *memo = (struct memo *)job;
	if (!setting_put(memo->store, memo->name, memo->value, &memo->fault))
		log_unusual("%s was not kept: %s", memo->name, memo->fault.text);
}

static void on_memo(struct job *job, bool cancelled)
{
	UNUSED(cancelled);
	free(job);
}

static void keep(const struct sync_parts *parts, const char *name, const char *value)
{
	struct memo *memo = mem_zalloc(sizeof *memo);
	/* What was spent must be known to whoever asks next. */
	memo->job = (struct job){ .work = memo_work, .done = on_memo, .promised = true };
	memo->store = parts->guard->store;
	memo->name = name;
	snprintf(memo->value, sizeof memo->value, "%s", value);
	lane_submit(parts->store_lane, &memo->job);
}

void memo_keep_base(const struct sync_parts *parts, const char *cdr_base)
{
	keep(parts, "cdr_base", cdr_base);
}

void memo_keep_budget(const struct sync_parts *parts, const struct budget_state *state)
{
	char value[96];
	snprintf(value, sizeof value, "%lld %lld %lld", (long long)state->next_ms[BUDGET_INITIAL],
	    (long long)state->next_ms[BUDGET_PAGE], (long long)state->held_until_ms);
	keep(parts, "budget", value);
}

struct budget_state memo_budget(const struct sync_parts *parts)
{
	struct budget_state state = { 0 };
	struct fault ignored;
	char *value;
	long long initial, page, held;
	if (!setting_get(parts->guard->store, "budget", &value, &ignored))
		return state;
	if (sscanf(value, "%lld %lld %lld", &initial, &page, &held) == 3)
		state = (struct budget_state){ { [BUDGET_INITIAL] = initial, [BUDGET_PAGE] = page }, held };
	free(value);
	return state;
}

char *memo_base(const struct sync_parts *parts, const struct cdr_hosts *hosts, const char *host)
{
	struct fault ignored;
	struct url url;
	char *value = NULL;
	if (setting_get(parts->guard->store, "cdr_base", &value, &ignored) && *value != '\0' &&
	    url_read(value, &url, &ignored) && cdr_hosts_allow(hosts, &url))
		return value;
	free(value);
	return mem_printf("https://%s/v1", host);
}
