/* SPDX-License-Identifier: Apache-2.0
 *
 * The board's stories: a case made of the fixed alerts and calls. Part of
 * screen_board.h. */
#ifndef STORY_BOARD_H
#define STORY_BOARD_H

static struct {
	char path[256];
	struct text bytes;
	bool is_there; /* a file of that name */
} kept_file;

void history_keep(struct history *h, const char *path, const char *bytes, size_t n,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	struct fault fault;
	UNUSED(h);
	snprintf(kept_file.path, sizeof kept_file.path, "%s", path);
	if (kept_file.is_there) {
		fault_set(&fault, FAULT_CONFLICT, "%s is there already: nothing was written", path);
		on_answer(arg, path, &fault);
		return;
	}
	text_reset(&kept_file.bytes);
	text_add(&kept_file.bytes, bytes, n);
	on_answer(arg, path, NULL);
}

static struct {
	int64_t at_ms; /* of the last history_at */
} asked_past;

void history_at(struct history *h, int64_t at_ms)
{
	UNUSED(h);
	asked_past.at_ms = at_ms;
}

/* One that is over, and was held; one that goes on. */
static struct live_step fake_steps[2][5] = {
	{ { LIVE_CONNECTING, NOW_MS - 20 * MINUTE_MS }, { LIVE_CONNECTED, NOW_MS - 20 * MINUTE_MS + 7000 }, { LIVE_HELD, NOW_MS - 17 * MINUTE_MS },
	    { LIVE_CONNECTED, NOW_MS - 16 * MINUTE_MS }, { LIVE_DISCONNECTED, NOW_MS - 14 * MINUTE_MS } },
	{ { LIVE_ALERTING, NOW_MS - 2 * MINUTE_MS }, { LIVE_CONNECTED, NOW_MS - 110 * SECOND_MS } } };
static struct live_half lived[] = {
	{ .created_ms = NOW_MS - 20 * MINUTE_MS, .over_ms = NOW_MS - 14 * MINUTE_MS, .half = "h1", .local_id = "488:0", .person_uuid = "u", .person_name = "Ana Bernal",
	    .location = "Colombia", .number = "+37125550124", .name = "", .country = "LV", .tier = TIER_HIGH, .originator = true, .steps = fake_steps[0], .n_steps = 5 },
	{ .created_ms = NOW_MS - 2 * MINUTE_MS, .half = "h2", .local_id = "", .person_uuid = "v", .person_name = "", .location = "", .number = "+576015550177", .name = "",
	    .country = "CO", .steps = fake_steps[1], .n_steps = 2 } };

static struct {
	enum case_named named;
	int64_t id;
	int64_t first_is_in; /* as it is told */
} asked_case;

#define STORY_CALLS 5

static struct case_item *story_item(struct case_story *story, enum case_item_kind kind, int64_t at_ms)
{
	struct case_item *item = &story->items[story->n_items++];
	*item = (struct case_item){ .kind = kind, .at_ms = at_ms, .who = "" };
	return item;
}

/* The alert, two more beside it, calls before it, what changed, and what was done. */
static void fake_story(struct alert *first, struct case_story *story)
{
	static struct alert alerts[3];
	static struct case_member members[3];
	static struct case_item items[64];
	static struct case_country countries[] = { { "LV", TIER_HIGH, 3, 700, 17500000 }, { "CU", TIER_EXTREME, 2, 60, 900000 }, { "", TIER_NONE, 1, 5, 0 } };
	static struct profile_change changes[] = { { CHANGE_DEVICE, "A1B2C3D4E5F6", 0 }, { CHANGE_COUNTRY, "LV", 0 } };
	size_t i = (size_t)(first - fake.alerts);
	*story = (struct case_story){ .id = first->id, .alerts = alerts, .items = items, .n_records = 61, .n_calls = 9, .n_people = 2,
		.n_numbers = 7, .n_countries = 2, .talk_s = 2290, .cost_micro = 41200000, .countries = countries, .n_countries_listed = 3 };
	int64_t begin = first->raised_ms - 12 * MINUTE_MS;
	for (size_t k = 0; k < 3 && i + k < fake.n_alerts; k++, story->n_alerts++)
		alerts[k] = fake.alerts[i + k];
	story->n_alerts_all = (int64_t)story->n_alerts;
	story->members = members;
	for (; story->n_members < story->n_alerts; story->n_members++) {
		members[story->n_members] = (struct case_member){ alerts[story->n_members].id, alerts[story->n_members].state != ALERT_CLOSED };
		story->n_open += members[story->n_members].open;
	}
	const struct alert *lead = alerts;
	for (size_t k = 1; k < story->n_alerts; k++) /* as query_case() says which */
		if (alerts[k].severity > lead->severity || (alerts[k].severity == lead->severity && alerts[k].raised_ms > lead->raised_ms))
			lead = &alerts[k];
	story->lead = lead;
	story->worst = lead->severity;
	story->first_ms = begin;
	story->last_ms = first->raised_ms;
	story->detect_ms = 12 * MINUTE_MS;
	story->acknowledge_ms = fake.n_events[i] > 1 ? 4 * MINUTE_MS : -1;
	struct case_item *item = story_item(story, CASE_CHANGED, begin - DAY_MS);
	item->change = &changes[0];
	item->who = alerts[0].subject_name;
	if (fake.n_calls > 3) {
		item = story_item(story, CASE_FORWARD, begin - HOUR_MS);
		item->call = &fake.calls[3];
		item->call_id = item->call->id;
		item->who = alerts[0].subject_name;
	}
	static const struct admin_event by_sam = { 0, "e", "USERS", "User updated", "", "UPDATE", "SUCCESS", "", "u", "Sam <b>Admin</b>", "sam@example.com", "203.0.113.77",
		"curl", "v", "USER", "Ana Bernal", "Call forwarding always", "off", "+37125550124" };
	item = story_item(story, CASE_ADMIN, begin - 40 * MINUTE_MS);
	item->admin = &by_sam;
	static const struct directory_change moved = { 0, "u", "", "number", "", "+576015550188" };
	item = story_item(story, CASE_DIRECTORY, begin - 30 * MINUTE_MS);
	item->directory = &moved;
	item->admin = &by_sam;
	item->who = alerts[0].subject_name;
	for (size_t k = 0; k < STORY_CALLS && k < fake.n_calls; k++) {
		item = story_item(story, CASE_CALL, begin + (int64_t)k * 2 * MINUTE_MS);
		item->call = &fake.calls[k];
		item->call_id = item->call->id;
	}
	item = story_item(story, CASE_CHANGED, begin + 9 * MINUTE_MS);
	item->change = &changes[1];
	item->who = "+573105550221";
	item->who_is_number = true;
	item = story_item(story, CASE_LIVE, begin + 11 * MINUTE_MS);
	item->live = lived;
	for (size_t k = 0; k < story->n_alerts; k++) {
		item = story_item(story, CASE_RAISED, first->raised_ms + (int64_t)k * MINUTE_MS);
		item->alert = &alerts[k];
		item->alert_id = alerts[k].id;
	}
	for (size_t k = 1; k < fake.n_events[i]; k++) {
		item = story_item(story, CASE_ACT, fake.events[i][k].at_ms);
		item->event = &fake.events[i][k];
		item->alert_id = first->id;
	}
}

void history_case(struct history *h, enum case_named named, int64_t id, void (*on_answer)(void *, const struct case_story *, const struct fault *), void *arg)
{
	struct alert *alert = alert_by_id(id);
	struct case_story story;
	struct fault fault;
	UNUSED(h);
	asked_case.named = named;
	asked_case.id = id;
	if (fake.silent)
		return;
	if (alert == NULL) {
		fault_set(&fault, FAULT_NOT_FOUND, "there is no case %" PRId64, id);
		on_answer(arg, NULL, &fault);
		return;
	}
	fake_story(alert, &story);
	story.first_is_in = asked_case.first_is_in;
	on_answer(arg, &story, NULL);
}

/* What the fixed alerts are worth in a shift: the first seven came, one was closed, one
 * is snoozed. */
static struct shift_report fake_shift(int64_t from_ms, int64_t until_ms)
{
	static struct shift_site shift_sites[] = { { "Colombia", 3, { 0, 0, 2, 1 } }, { "PoC Banco Davivienda", 1, { 0, 0, 0, 1 } }, { "", 2, { 1, 1, 0, 0 } } };
	static struct shift_owner owners[] = { { "", 4, 3, { 1, 1, 1, 1 } }, { "ana", 1, 0, { 0, 0, 1, 0 } }, { "luis", 12, 1, { 0, 12, 0, 0 } } };
	static struct shift_note notes[] = { { 412, NOW_MS - 2 * HOUR_MS, "luis", "the carrier calls back at noon, ask for Marta; the range is blocked at the gateway until then", "IRSF: 14 calls", "IRSF: 14 llamadas" },
		{ 414, NOW_MS - HOUR_MS, "ana", "she is on leave", "", "" } };
	static struct shift_rule rules[] = { { "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", 9, 9, 7 },
		{ "wangiri", "Wangiri: many lines, one ring", "Wangiri: timbrazo a muchas líneas", 12, 0, 0 } };
	static struct shift_case cases[8];
	static struct shift_end ends[2];
	static struct alert alerts[8], done;
	struct shift_report report = { .from_ms = from_ms, .until_ms = until_ms, .past = until_ms < NOW_MS };
	if (fake.n_alerts < 7)
		return report;
	memcpy(alerts, fake.alerts, 7 * sizeof *alerts);
	done = alerts[6];
	done.state = ALERT_CLOSED;
	done.resolution = RESOLUTION_FALSE_POSITIVE;
	done.assignee = "ana";
	alerts[5].state = ALERT_SNOOZED;
	for (size_t i = 0; i < 6; i++)
		cases[i] = (struct shift_case){ .id = alerts[i].id, .n = 1, .oldest_ms = alerts[i].raised_ms };
	cases[1] = (struct shift_case){ .id = 413, .n = 5, .n_late = 1, .by_severity = { 0, 3, 1, 1 }, .oldest_ms = alerts[1].raised_ms };
	ends[0] = (struct shift_end){ &alerts[5], until_ms + HOUR_MS, false };
	ends[1] = (struct shift_end){ &alerts[4], until_ms + 3 * HOUR_MS, true };
	report = (struct shift_report){ .from_ms = from_ms, .until_ms = until_ms, .past = until_ms < NOW_MS, .n_raised = 7, .raised = { 1, 2, 2, 2 }, .cost_raised_micro = 77040000,
		.sites = shift_sites, .n_sites = COUNT_OF(shift_sites), .n_open = 17, .open = { 1, 13, 2, 1 }, .n_late = 4, .n_snoozed = 1, .owners = owners, .n_owners = COUNT_OF(owners),
		.open_alerts = alerts, .n_open_listed = 6, .n_closed = 3, .closed = { [RESOLUTION_FALSE_POSITIVE] = 2, [RESOLUTION_TRUE_IMPACT] = 1 }, .closed_alerts = &done,
		.n_closed_listed = 1, .ends = ends, .n_ends = 2, .notes = notes, .n_notes = 2, .rules = rules, .n_rules = COUNT_OF(rules), .open_cases = cases };
	return report;
}

static struct {
	int64_t from_ms, until_ms;
} asked_shift;

void history_shift(struct history *h, int64_t from_ms, int64_t until_ms,
    void (*on_answer)(void *, const struct shift_report *, const struct fault *), void *arg)
{
	struct shift_report report = fake_shift(from_ms, until_ms);
	UNUSED(h);
	asked_shift.from_ms = from_ms;
	asked_shift.until_ms = until_ms;
	if (!fake.silent)
		on_answer(arg, fake.fault.code == FAULT_NONE ? &report : NULL, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

/* A caller, an attendant, a queue, an agent who does not answer and one who does, who
 * transfers to somebody whose calls are forwarded abroad. */
#define FLOW_LEG(n, minute, name, kind, out, from, to, own, other, why, because, type, taken)                                        \
	{ .leg_id = 7000 + (n), .call_id = (n) < 8 ? 1 : 2, .start_ms = NOW_MS - (20 - (minute)) * MINUTE_MS, .answer_ms = 0,       \
	  .duration_s = (taken) ? 95 + (n) : 0, .originating = (out), .answered = (taken), .report_id = "0f5a1c2e-7b1d-4c58-9a3e-3f1f0e8a7b11", \
	  .user_uuid = name, .user_name = name, .user_type = kind, .user_number = "", .location = "Colombia", .calling = from,       \
	  .called = to, .dialed = to, .call_type = type, .client_type = "", .outcome = "Success", .outcome_reason = "Normal",         \
	  .redirect_reason = why, .related_reason = because, .redirecting_number = "", .inbound_trunk = "", .outbound_trunk = "",      \
	  .local_call_id = own, .remote_call_id = other, .related_call_id = (n) == 8 ? "lu:1" : "", .transfer_call_id = (n) == 8 ? "q:3" : "", .device_mac = "", \
	  .caller_name = "", .called_name = "", .far = "" }

static struct leg_row flow_legs[] = {
	FLOW_LEG(1, 1, "Menú principal", "AutomatedAttendantVideo", false, "+576015550177", "4100", "aa:1", "gw:1", "", "", "SIP_INBOUND", true),
	FLOW_LEG(2, 2, "Menú principal", "AutomatedAttendantVideo", true, "4100", "4200", "aa:2", "q:1", "", "Deflection", "SIP_ENTERPRISE", true),
	FLOW_LEG(3, 2, "Ventas", "CallCenterPremium", false, "+576015550177", "4200", "q:1", "aa:2", "Deflection", "", "SIP_ENTERPRISE", true),
	FLOW_LEG(4, 3, "Ventas", "CallCenterPremium", true, "4200", "4021", "q:2", "so:1", "CallQueue", "CallQueue", "SIP_ENTERPRISE", false),
	FLOW_LEG(5, 3, "Sofía Castro", "User", false, "4200", "4021", "so:1", "q:2", "CallQueue", "", "SIP_ENTERPRISE", false),
	FLOW_LEG(6, 4, "Ventas", "CallCenterPremium", true, "4200", "4022", "q:3", "lu:1", "CallQueue", "CallQueue", "SIP_ENTERPRISE", true),
	FLOW_LEG(7, 4, "Luis Duarte", "User", false, "4200", "4022", "lu:1", "q:3", "CallQueue", "", "SIP_ENTERPRISE", true),
	FLOW_LEG(8, 8, "Luis Duarte", "User", true, "4022", "4023", "lu:2", "an:1", "", "ConsultativeTransfer", "SIP_ENTERPRISE", true),
	FLOW_LEG(9, 8, "Ana Bernal", "User", false, "4022", "4023", "an:1", "lu:2", "", "", "SIP_ENTERPRISE", false),
	FLOW_LEG(10, 9, "Ana Bernal", "User", true, "4022", "+37125550123", "an:2", "x:1", "Unconditional", "CallForwardAlways", "SIP_INTERNATIONAL", true),
};

/* Two calls of one journey. */
static inline void fake_flow(struct call_detail *detail)
{
	static struct call other;
	*detail = (struct call_detail){ .call = fake.calls[2], .legs = flow_legs, .n_legs = 7, .journey = &other, .n_journey = 1, .journey_legs = flow_legs + 7, .n_journey_legs = 3 };
	detail->call.id = 1;
	other = fake.calls[0];
	other.id = 2;
	other.start_ms = flow_legs[7].start_ms;
}

#endif
