/* SPDX-License-Identifier: Apache-2.0
 *
 * The board's questions for calls, sites, the day, scores, profiles and the log. Part of
 * screen_board.h. */
#ifndef BOARD_CALLS_H
#define BOARD_CALLS_H

static void answer_calls(const struct call_query *query,
    void (*on_answer)(void *, const struct call_list *, const struct fault *), void *arg)
{
	static struct call shown[1001];
	struct call_list list = { .items = shown };
	if (fake.fault.code != FAULT_NONE) {
		on_answer(arg, NULL, &fake.fault);
		return;
	}
	for (size_t k = 0; k < fake.n_calls && !list.more; k++) {
		if (fake.search_step > 0 && query->budget_ms > 0 && *query->filter != '\0' && list.n_searched == (int64_t)fake.search_step) {
			list.searching = true;
			break;
		}
		const struct call *call = &fake.calls[query->oldest_first ? fake.n_calls - 1 - k : k];
		if ((query->before_id != 0 && call->id >= query->before_id) || call->id <= query->after_id)
			continue;
		list.n_searched++;
		list.resume_id = call->id;
		if (!in_filter(FILTER_CALLS, query->filter, filter_read_call, call))
			continue;
		list.more = list.n == query->limit;
		if (!list.more)
			shown[list.n++] = *call;
	}
	on_answer(arg, &list, NULL);
}

void history_calls(struct history *h, const struct call_query *query,
    void (*on_answer)(void *, const struct call_list *, const struct fault *), void *arg)
{
	UNUSED(h);
	fake.n_asked++;
	if (fake.silent)
		return;
	fake.asked_calls.query = *query;
	fake.asked_calls.on_answer = on_answer;
	fake.asked_calls.arg = arg;
	if (!fake.later)
		answer_calls(query, on_answer, arg);
}

static inline void fake_answer_calls(void)
{
	fake.later = false;
	answer_calls(&fake.asked_calls.query, fake.asked_calls.on_answer, fake.asked_calls.arg);
}

void history_call(struct history *h, int64_t id,
    void (*on_answer)(void *, const struct call_detail *, const struct fault *), void *arg)
{
	UNUSED(h);
	if (fake.silent || fake.later) {
		fake.asked_call.id = id;
		fake.asked_call.on_answer = on_answer;
		fake.asked_call.arg = arg;
		return;
	}
	if (fake.journey) {
		struct call_detail detail;
		fake_flow(&detail);
		on_answer(arg, &detail, NULL);
		return;
	}
	for (size_t i = 0; i < fake.n_calls; i++) {
		if (fake.calls[i].id != id)
			continue;
		struct call_detail detail = { .call = fake.calls[i], .legs = fake.legs[i],
			.n_legs = (size_t)fake.calls[i].n_legs, .journey = &fake.calls[(i + 1) % fake.n_calls],
			.n_journey = i == 0, .live = lived, .n_live = fake.with_changes ? COUNT_OF(lived) : 0 };
		on_answer(arg, &detail, NULL);
		return;
	}
	struct fault fault;
	fault_set(&fault, FAULT_NOT_FOUND, "there is no call %" PRId64, id);
	on_answer(arg, NULL, &fault);
}

static inline void fake_answer_call(void)
{
	fake.later = false;
	history_call(NULL, fake.asked_call.id, fake.asked_call.on_answer, fake.asked_call.arg);
}

static const char *fake_raw = "{\n  \"Answered\": \"true\",\n  \"Called number\": \"+88216555044\",\n"
			      "  \"Report ID\": \"0f5a1c2e-7b1d-4c58-9a3e-3f1f0e8a7b11\",\n  \"User\": \"Ana Bernal\"\n}";

void history_raw(struct history *h, int64_t leg_id,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	UNUSED(h);
	UNUSED(leg_id);
	if (!fake.silent)
		on_answer(arg, fake_raw, NULL);
}

void history_locations(struct history *h,
    void (*on_answer)(void *, const struct location_list *, const struct fault *), void *arg)
{
	struct location_list list = { fake.locations, fake.n_locations };
	UNUSED(h);
	if (!fake.silent)
		on_answer(arg, &list, NULL);
}

void history_day(struct history *h, void (*on_answer)(void *, const struct day_picture *, const struct fault *), void *arg)
{
	static struct day_forward forwards[] = {
		{ "u1", "Marta Peña", "+18095550199", "DO", TIER_HIGH, 4, NOW_MS - 7 * MINUTE_MS, 0 },
		{ "u1", "Marta Peña", "+88216555044", "", TIER_EXTREME, 2, NOW_MS - 3 * HOUR_MS, 0 },
		{ "u2", "Jorge Ruiz", "+573105550221", "CO", TIER_NONE, 31, NOW_MS - 2 * DAY_MS, 0 },
	};
	struct day_picture day = { .as_of_ms = NOW_MS, .forwards = forwards, .n_forwards = fake.n_calls == 0 ? 0 : COUNT_OF(forwards),
		.n_forwards_all = fake.n_calls == 0 ? 0 : COUNT_OF(forwards), .sites = { fake.locations, fake.n_locations }, .n_calls = (int64_t)fake.n_calls * 700 };
	UNUSED(h);
	fake.n_asked++;
	if (fake.silent)
		return;
	if (fake.fault.code != FAULT_NONE) {
		on_answer(arg, NULL, &fake.fault);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(forwards); i++)
		forwards[i].call_id = fake.n_calls > 0 ? fake.calls[i % fake.n_calls].id : 0;
	for (int i = 0; i < DAY_STEPS && fake.n_calls > 0; i++)
		day.up[i] = i == 40 ? 61 : (i * i * 7 / 300) % 38 + (i > 30) * 6;
	for (int i = 0; i < DAY_HOURS && fake.n_calls > 0; i++)
		day.hours[i] = (struct day_hour){ .load_milli = 3000 + i * 400, .cost_micro = i == 10 ? 61000000 : 2000000 + i * 100000, .load_low = 1000 + i * 300,
			.load_usual = 2500 + i * 400, .load_high = 6000 + i * 600, .cost_low = 1000000, .cost_usual = 2100000 + i * 90000, .cost_high = 4800000, .n_usual = 4 };
	static const int64_t now[DAY_DURATIONS] = { 210, 890, 1204, 2411, 1720, 288, 31, 44 }, before[DAY_DURATIONS] = { 1500, 6300, 8800, 16500, 12100, 1900, 180, 22 };
	for (int i = 0; i < DAY_DURATIONS && fake.n_calls > 0; i++) {
		day.durations[i] = now[i];
		day.durations_before[i] = before[i];
	}
	day.past = fake.past;
	on_answer(arg, &day, NULL);
}

void history_scores(struct history *h, const char *filter, size_t limit,
    void (*on_answer)(void *, const struct score_list *, const struct fault *), void *arg)
{
	static struct score_row shown[600];
	struct score_list list = { shown, 0 };
	UNUSED(h);
	for (size_t i = 0; i < fake.n_scores && list.n < limit; i++)
		if (in_filter(FILTER_SCORES, filter, query_read_score, &fake.scores[i]))
			shown[list.n++] = fake.scores[i];
	if (!fake.silent)
		on_answer(arg, &list, NULL);
}

static void fake_profile(enum subject_kind kind, const char *id, struct profile *p);

void history_profile(struct history *h, enum subject_kind kind, const char *id,
    void (*on_answer)(void *, const struct profile *, const struct fault *), void *arg)
{
	struct profile profile;
	UNUSED(h);
	if (fake.silent)
		return;
	fake.profiled |= 1u << kind;
	fake_profile(kind, id, &profile);
	on_answer(arg, fake.fault.code == FAULT_NONE ? &profile : NULL, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

void history_audit(struct history *h, size_t limit, const struct audit_chain *known,
    void (*on_answer)(void *, const struct audit_list *, const struct fault *), void *arg)
{
	struct audit_row rows[40];
	struct audit_list list = { .items = rows, .chain = fake.chain };
	UNUSED(h);
	UNUSED(known);
	for (size_t i = fake.n_alerts; i-- > 0 && list.n < MIN(limit, COUNT_OF(rows));)
		for (size_t k = 0; k < fake.n_events[i] && list.n < COUNT_OF(rows); k++, list.n++)
			rows[list.n] = (struct audit_row){ .seq = 1000 - (int64_t)list.n,
				.alert_id = fake.alerts[i].id, .event = fake.events[i][k] };
	if (!fake.silent)
		on_answer(arg, &list, NULL);
}

void history_forget(struct history *h, void *arg)
{
	UNUSED(h);
	UNUSED(arg);
}

#endif
