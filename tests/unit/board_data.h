/* SPDX-License-Identifier: Apache-2.0
 *
 * The data that the board is made of: calls, alerts, a profile. Part of screen_board.h. */
#ifndef BOARD_DATA_H
#define BOARD_DATA_H

static const struct {
	const char *name, *zone;
	int64_t per_hour;
} sites[] = {
	{ "Colombia", "America/Bogota", 212 },
	{ "Colombia Nueva-Produccion", "America/Bogota", 87 },
	{ "PoC Banco Davivienda", "America/Bogota", 64 },
	{ "Costa Rica", "America/Costa_Rica", 51 },
	{ "Denver", "America/Denver", 12 },
	{ "Guatemala Mesa", "America/Guatemala", 23 },
	{ "NOC-El Salvador", "America/El_Salvador", 0 },
};

static const struct {
	enum severity severity;
	const char *en, *es, *who, *rule;
	enum subject_kind kind;
	int site, minutes, score;
	int64_t count, cost;
} kinds[] = {
	{ SEVERITY_CRITICAL, "IRSF: 14 calls to +882 in 6 min", "IRSF: 14 llamadas a +882 en 6 min",
	    "ext 4021", "irsf_burst", SUBJECT_PERSON, 2, 1, 97, 14, 41200000 },
	{ SEVERITY_CRITICAL, "Premium calls at night", "Llamadas premium de noche", "Luis Duarte",
	    "premium_closed", SUBJECT_PERSON, 0, 9, 92, 6, 18050000 },
	{ SEVERITY_HIGH, "Forwarded to a risky number",
	    "Desvío a un número de riesgo", "Marta Peña", "forward_international",
	    SUBJECT_PERSON, 0, 17, 81, 3, 7400000 },
	{ SEVERITY_HIGH, "Outside sweep of our lines", "Barrido externo de nuestras líneas",
	    "+50688885501", "extension_scan", SUBJECT_NUMBER, 3, 44, 74, 31, 0 },
	{ SEVERITY_MEDIUM, "International while site is closed", "Internacional con sede cerrada",
	    "Jorge Ruiz", "closed_international", SUBJECT_PERSON, 5, 95, 55, 2, 1200000 },
	{ SEVERITY_MEDIUM, "Long call to a risky place", "Llamada larga a lugar de riesgo",
	    "Sala Andes", "long_risky", SUBJECT_DEVICE, 4, 130, 52, 1, 9100000 },
	{ SEVERITY_LOW, "First call to a new country", "Primera llamada a un país nuevo", "Ana Bernal",
	    "first_country", SUBJECT_PERSON, 1, 300, 31, 1, 90000 },
};

static const struct reason reasons[] = {
	{ "dst.tier", "extreme", "none", 40, "The destination is satellite +882, extreme risk",
	    "El destino es satélite +882, de riesgo extremo" },
	{ "burst", "14 in 6 min", "0.3 a day", 35, "14 calls in 6 minutes; this line makes one in three days",
	    "14 llamadas en 6 minutos; esta línea hace una cada tres días" },
	{ "site.open", "false", "true", 22, "The site is closed at this hour", "La sede está cerrada a esta hora" },
};

static void fake_live(size_t i, enum live_state state, int64_t age_s, const char *number,
    const char *country, enum number_class class, enum risk_tier tier, int32_t rate, bool out)
{
	static const char *const people[] = { "Ana Bernal", "Luis Duarte", "Marta Peña", "Jorge Ruiz",
		"Sofía Castro", "Recepción" };
	struct live_call call = { .state = state, .originator = out, .external = true,
		.created_ms = NOW_MS - age_s * SECOND_MS,
		.answered_ms = state >= LIVE_CONNECTED ? NOW_MS - age_s * SECOND_MS : 0,
		.event_ms = NOW_MS, .seen_ms = NOW_MS };
	snprintf(call.call_id, sizeof call.call_id, "call-%zu", i);
	snprintf(call.person_uuid, sizeof call.person_uuid, "person-%zu", i);
	snprintf(call.person_name, sizeof call.person_name, "%s", people[i % COUNT_OF(people)]);
	snprintf(call.location, sizeof call.location, "%s", sites[i % COUNT_OF(sites)].name);
	snprintf(call.remote_number, sizeof call.remote_number, "%s", number);
	snprintf(call.remote.e164, sizeof call.remote.e164, "%s", number);
	snprintf(call.remote.country, sizeof call.remote.country, "%s", country);
	call.remote.class = class;
	call.remote.tier = tier;
	call.remote.rate_micro_usd = rate;
	live_calls_apply(fake.live, &call);
}

static void fake_alert(size_t i)
{
	size_t k = i % COUNT_OF(kinds), round = i / COUNT_OF(kinds);
	struct alert *alert = &fake.alerts[i];
	int64_t raised = NOW_MS - (kinds[k].minutes + (int64_t)round * 61) * MINUTE_MS;
	*alert = (struct alert){ .id = 412 + (int64_t)i, .case_id = 412 + (int64_t)i, .revision = 1, .severity = kinds[k].severity, .score = kinds[k].score, .state = k == 2 ? ALERT_IN_PROGRESS : ALERT_NEW, .subject_kind = kinds[k].kind, .first_ms = raised - 6 * MINUTE_MS, .last_ms = raised, .raised_ms = raised, .acknowledged_ms = k == 2 ? raised + 4 * MINUTE_MS : 0, .count = kinds[k].count, .cost_micro = kinds[k].cost, .cost_per_hour_micro = kinds[k].cost * 3, .rule = kinds[k].rule, .title_en = kinds[k].en, .title_es = kinds[k].es, .subject_id = kinds[k].who, .subject_name = kinds[k].who, .location = sites[kinds[k].site].name, .assignee = k == 2 ? "ana" : "", .reasons = reasons, .n_reasons = 3 };
	alert_say_why(alert);
	fake.events[i][0] = (struct alert_event){ raised, "centinela", "raise", "", "new", "" };
	fake.n_events[i] = 1;
	if (k == 2)
		fake.events[i][fake.n_events[i]++] = (struct alert_event){ raised + 4 * MINUTE_MS, "ana",
			"ack", "new", "in_progress", "" };
}

static void fake_call(size_t i)
{
	static const struct {
		const char *who, *number, *country;
		enum number_class class;
		enum risk_tier tier;
		int32_t talk_s;
		int64_t cost;
		unsigned flags;
		enum call_direction direction;
	} shapes[] = {
		{ "Ana Bernal", "+88216555044", "", NUMBER_SATELLITE, TIER_EXTREME, 42, 2940000, CALL_ANSWERED, CALL_OUTBOUND },
		{ "Luis Duarte", "+573105550221", "CO", NUMBER_MOBILE, TIER_NONE, 184, 90000, CALL_ANSWERED, CALL_OUTBOUND },
		{ "Cola Ventas", "+576015550177", "CO", NUMBER_FIXED, TIER_NONE, 0, 0, CALL_QUEUED, CALL_INBOUND },
		{ "Marta Peña", "+18095550199", "DO", NUMBER_FIXED_OR_MOBILE, TIER_MEDIUM, 611, 3300000, CALL_ANSWERED | CALL_LOOK_ALIKE | CALL_FORWARDED, CALL_TRANSIT },
	};
	size_t k = i % COUNT_OF(shapes);
	int64_t start = NOW_MS - (int64_t)(i + 1) * 7 * MINUTE_MS;
	fake.calls[i] = (struct call){ .id = (start << 20) + (int64_t)i, .journey_id = 1, .start_ms = start,
		.end_ms = start + shapes[k].talk_s * SECOND_MS, .talk_s = shapes[k].talk_s, .ring_s = 4,
		.direction = shapes[k].direction, .flags = shapes[k].flags, .n_legs = k >= 2 ? 3 : k == 0 ? 1 : 2,
		.class = shapes[k].class, .tier = shapes[k].tier, .cost_micro = shapes[k].cost,
		.correlation_id = "3b1f0f6e-5a0e-4d6f-9a52-cc2d91b0a001", .user_uuid = "u",
		.user_name = shapes[k].who, .user_number = "4021", .location = sites[k].name,
		.far_number = shapes[k].number, .far_name = "", .call_type = "SIP_INTERNATIONAL", .trunk = "" };
	snprintf(fake.calls[i].country, sizeof fake.calls[i].country, "%s", shapes[k].country);
	for (int leg = 0; leg < 3; leg++)
		fake.legs[i][leg] = (struct leg_row){ .leg_id = fake.calls[i].id * 4 + leg,
			.call_id = fake.calls[i].id, .start_ms = start + leg * 3 * SECOND_MS,
			.answer_ms = start + 6 * SECOND_MS, .release_ms = start + shapes[k].talk_s * SECOND_MS,
			.report_ms = start + 5 * MINUTE_MS, .duration_s = shapes[k].talk_s, .ring_s = 4,
			.originating = leg > 0 || k < 2, .answered = shapes[k].flags & CALL_ANSWERED,
			.report_id = "0f5a1c2e-7b1d-4c58-9a3e-3f1f0e8a7b11", .user_uuid = "u",
			.user_name = shapes[k].who, .user_type = leg == 0 && k >= 2 ? "CallQueue" : "User",
			.user_number = "4021", .location = sites[k].name, .calling = k >= 2 ? shapes[k].number : "4021",
			.called = k >= 2 && leg == 0 ? "4100" : shapes[k].number, .dialed = "90088216555044",
			.call_type = leg == 0 && k >= 2 ? "SIP_INBOUND" : k == 0 ? "SIP_INTERNATIONAL" : "SIP_NATIONAL",
			.client_type = leg == 2 ? "WXC_DEVICE" : "WXC_CLIENT", .outcome = "Success",
			.outcome_reason = "Normal", .redirect_reason = k == 3 && leg > 0 ? "CallForwardAlways" : "",
			.related_reason = "", .redirecting_number = "", .inbound_trunk = "",
			.outbound_trunk = leg == 1 ? "Troncal Bogotá" : "", .local_call_id = "a", .remote_call_id = "b",
			.related_call_id = "", .transfer_call_id = "", .device_mac = leg == 2 && k != 2 ? "A1B2C3D4E5F6" : "", .caller_name = "",
			.called_name = "", .far = shapes[k].number };
	if (k != 2)
		return;
	/* In by a gateway, to a queue, which rang somebody in vain. */
	struct leg_row *gateway = &fake.legs[i][0], *queue = &fake.legs[i][1], *agent = &fake.legs[i][2];
	gateway->user_name = "GW Bogotá", gateway->user_type = "LocalGateway", gateway->called = "4100";
	gateway->originating = true, gateway->client_type = "CISCO_SIP_GW", gateway->inbound_trunk = "Troncal Bogotá";
	gateway->local_call_id = "g", gateway->remote_call_id = "q", gateway->start_ms = start;
	queue->user_type = "CallCenterPremium", queue->called = "4100", queue->originating = false;
	queue->local_call_id = "q", queue->remote_call_id = "g", queue->inbound_trunk = "Troncal Bogotá";
	queue->outbound_trunk = "", queue->call_type = "SIP_INBOUND", queue->answered = true, queue->start_ms = start;
	agent->user_name = "Gabriel Ajú Orozco", agent->called = "4021", agent->originating = false;
	agent->local_call_id = "a", agent->remote_call_id = "q", agent->redirect_reason = "CallQueue";
	agent->call_type = "SIP_ENTERPRISE", agent->answered = false, agent->client_type = "SIP";
}

/* Office hours of four weeks, and a night that is not like them. */
static void fake_profile_hours(struct profile *p)
{
	p->weekday = 0, p->hour = 14; /* Monday 14:04 in Bogotá */
	p->known_days = fake.no_days ? 0 : fake.few_days ? 3 : PROFILE_DAYS;
	for (int ago = 1; ago <= p->known_days; ago++)
		p->weekdays[(p->weekday + 7 * 5 - ago) % 7]++;
	for (int weekday = 0; weekday < 5; weekday++)
		for (int hour = 7; hour < 19; hour++)
			p->by_hour[weekday][hour] = p->weekdays[weekday] == 0 ? 0 : (hour * 7 + weekday * 3) % 11 + (hour == 10 && weekday == 1 ? 14 : 0);
	for (int hour = 0; hour < 24; hour++)
		p->usual_milli[hour] = p->weekdays[0] == 0 ? 0 : p->by_hour[0][hour] * 1000 / p->weekdays[0];
	p->today[2] = 3, p->today[8] = 1, p->today[10] = 2, p->today[14] = 14;
	for (int i = 0; i < PROFILE_RECENT; i++) {
		if (i < PROFILE_RECENT - 1 - p->known_days)
			continue;
		bool weekend = (i + 1) % 7 == 5 || (i + 1) % 7 == 6, last = i + 1 == PROFILE_RECENT;
		p->days[i] = (struct profile_day){ .n_calls = last ? 20 : weekend ? 0 : 5 + i % 4, .talk_s = last ? 5400 : weekend ? 0 : 900 + 60 * i,
			.n_abroad = last ? 14 : i == 3, .cost_micro = last ? 41200000 : weekend ? 0 : 310000 + 20000 * i };
	}
}

/* A site, a trunk, a device: who of ours calls there, calls at a time, forwards. */
static void fake_profile_place(struct profile *p)
{
	static const char *const people[] = { "Ana Bernal", "Luis Duarte", "Marta Peña", "Jorge Ruiz", "Sofía Castro", "Recepción" };
	static struct profile_contact who[COUNT_OF(people)];
	static struct call forwards[2];
	for (size_t i = 0; i < COUNT_OF(people); i++) {
		static const int scores[] = { 97, 92, 55 };
		who[i] = (struct profile_contact){ .id = people[i], .name = i == 2 && fake.hard_name != NULL ? fake.hard_name : people[i],
			.score = i < COUNT_OF(scores) ? scores[i] : 0, .n_out = 211 - 30 * (int64_t)i, .n_in = 17 * (int64_t)i, .n_today = i == 0 ? 41 : 6 - (int64_t)i,
			.n_abroad = i == 0 ? 14 : i == 1 ? 6 : 0, .talk_s = 17310 - 2900 * (int64_t)i, .cost_micro = i == 5 ? 0 : 41200000 >> (2 * i) };
	}
	p->contacts = who, p->n_contacts = p->kind == SUBJECT_DEVICE ? 2 : COUNT_OF(people);
	p->n_contacts_all = p->kind == SUBJECT_DEVICE ? 2 : 364;
	p->load_today = (struct profile_load){ p->kind == SUBJECT_DEVICE ? 1 : 41, NOW_MS - HOUR_MS };
	p->load_before = (struct profile_load){ p->kind == SUBJECT_DEVICE ? 2 : 33, NOW_MS - 3 * DAY_MS };
	p->n_by_direction[CALL_INTERNAL] = 310, p->n_by_direction[CALL_OUTBOUND] = 20893, p->n_by_direction[CALL_INBOUND] = 12034;
	p->cost_all_micro = INT64_C(1234560000);
	p->n_forwards = p->kind == SUBJECT_DEVICE ? 0 : MIN(fake.n_calls / 4, COUNT_OF(forwards));
	p->n_forwards_all = p->n_forwards > 0 ? 735 : 0;
	for (size_t i = 0; i < p->n_forwards; i++)
		forwards[i] = fake.calls[4 * i + 3];
	p->forwards = forwards;
	if (p->kind == SUBJECT_SITE)
		p->n_open = 105, p->n_alerts = MIN(fake.n_alerts, (size_t)7);
	if (p->kind == SUBJECT_DEVICE)
		p->model = fake.hard_name != NULL ? fake.hard_name : "9851", p->owner_id = p->owner_name = "Recepción";
	if (fake.very_many) {
		p->cut = true, p->counted_days = MIN(p->known_days, 5);
		p->known_days = p->kind == SUBJECT_SITE ? p->known_days : 5;
	}
}

static void fake_profile(enum subject_kind kind, const char *id, struct profile *p)
{
	static const char *const people[] = { "Ana Bernal", "Luis Duarte", "Marta Peña" };
	static struct profile_contact contacts[3];
	static struct profile_device devices[] = { { "A1B2C3D4E5F6", 96, NOW_MS - 9 * DAY_MS, NOW_MS - 7 * MINUTE_MS, false },
		{ "0C75BD1102AA", 4, NOW_MS - 2 * DAY_MS, NOW_MS - 2 * DAY_MS, true } };
	static struct admin_event fake_admin[] = {
		{ NOW_MS - 2 * DAY_MS, "e1", "USERS", "User updated", "", "UPDATE", "SUCCESS", "", "u1", "Sam Admin", "sam@example.com", "198.51.100.23", "Mozilla", "v", "USER",
		    "Ana Bernal", "department", "Canales", "Operaciones" },
		{ NOW_MS - HOUR_MS, "e2", "WEBEX_CALLING", "User call settings changed", "", "UPDATE", "FAILURE", "not allowed", "u1", "", "sam@example.com", "203.0.113.77", "curl",
		    "v", "USER", "Ana Bernal", "Call forwarding always", "", "+37125550124" } };
	static struct profile_change changes[] = { { CHANGE_DEVICE, "0C75BD1102AA", NOW_MS - 2 * DAY_MS }, { CHANGE_TRUNK, "Troncal Denver", NOW_MS - HOUR_MS } };
	static struct profile_country countries[] = { { .country = "CO", .n_calls = 131 },
		{ .class = NUMBER_SATELLITE, .tier = TIER_EXTREME, .n_calls = 14, .is_new = true }, { .country = "US", .n_calls = 2 } };
	bool person = kind == SUBJECT_PERSON || kind == SUBJECT_SERVICE, place = !person && kind != SUBJECT_NUMBER;
	*p = (struct profile){ .kind = kind, .id = id, .name = kind == SUBJECT_NUMBER ? "" : fake.hard_name != NULL ? fake.hard_name : id, .number = person ? "+576015550142" : id,
		.site = "Colombia", .zone_name = "America/Bogota", .country = "CR", .class = NUMBER_MOBILE, .tier = TIER_LOW,
		.as_of_ms = NOW_MS - (fake.past ? 9 * MINUTE_MS : 0), .past = fake.past, .first_ms = NOW_MS - (fake.few_days ? 3 : 61) * DAY_MS, .last_ms = NOW_MS - 7 * MINUTE_MS, .utc_offset_minutes = -300,
		.alerts = fake.alerts, .n_alerts = MIN(fake.n_alerts, (size_t)3), .n_open = 2, .highest_open = 97,
		.recent = fake.calls, .n_recent = MIN(fake.n_calls, (size_t)6), .contacts = contacts, .n_contacts = 3, .n_contacts_all = person ? 19 : 3 };
	p->model = p->owner_id = p->owner_name = "";
	p->live = lived;
	p->n_live = fake.with_changes && !place ? COUNT_OF(lived) : 0;
	fake_profile_hours(p);
	p->counted_days = p->known_days;
	if (fake.very_many && !place)
		p->cut = true, p->counted_days = p->known_days = 5;
	for (size_t i = 0; i < COUNT_OF(contacts); i++) {
		static const char *const numbers[] = { "+573105550221", "+88216555044", "+576015550177" };
		contacts[i] = (struct profile_contact){ .id = person ? numbers[i] : people[i], .name = person ? "" : people[i],
			.country = "CO", .class = i == 1 ? NUMBER_SATELLITE : NUMBER_MOBILE, .tier = i == 1 ? TIER_EXTREME : TIER_NONE,
			.n_out = 61 - 20 * (int64_t)i, .n_in = 12 * (int64_t)i, .talk_s = 7310 - 2000 * (int64_t)i, .cost_micro = i == 1 ? 41200000 : 310000,
			.first_ms = NOW_MS - (i == 1 ? 0 : 40) * DAY_MS - HOUR_MS, .last_ms = NOW_MS - 20 * MINUTE_MS, .is_new = i == 1 };
	}
	if (fake.n_calls > 3)
		p->forwards = &fake.calls[3], p->n_forwards = 1, p->n_forwards_all = 1;
	if (place)
		fake_profile_place(p);
	if (kind == SUBJECT_NUMBER)
		return;
	contacts[1].country[0] = '\0';
	p->countries = countries, p->n_countries = COUNT_OF(countries);
	if (place)
		return;
	p->devices = devices, p->n_devices = COUNT_OF(devices);
	changes[1].name = fake.hard_name != NULL ? fake.hard_name : "Troncal Denver";
	if (fake.with_changes) {
		p->changes = changes, p->n_changes = COUNT_OF(changes);
		p->admin = fake_admin, p->n_admin = COUNT_OF(fake_admin);
	}
	p->abroad = (struct profile_peers){ .days = 28, .n = 37, .own = 15, .most = 15, .buckets = { 31, 4, 1, 0, 1, 0, 0, 0, 0, 1 },
		.own_bucket = 9, .n_below = 37 };
	p->calls = (struct profile_peers){ .days = 28, .n = 37, .own = 151, .most = 320, .buckets = { 2, 4, 9, 11, 6, 3, 1, 1, 0, 1 },
		.own_bucket = 4, .n_below = 26 };
}

#endif
