/* SPDX-License-Identifier: Apache-2.0
 *
 * A board made of fixed data, so that a screen is the same on every machine
 * and day: the functions of watch/board.h answered from arrays, at once. The
 * people and numbers are invented. */
#ifndef SCREEN_BOARD_H
#define SCREEN_BOARD_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/merge.h"
#include "alerts/tags.h"
#include "queue_order.h"
#include "base/iso_time.h"
#include "filter/filter.h"
#include "ui/screen.h"
#include "watch/board.h"

#define NOW_MS INT64_C(1791227040000) /* 2026-10-05T19:04:00Z, 14:04 in Bogotá */

struct desk {
	int unused;
};
struct history {
	int unused;
};
struct lab {
	struct lab_trial trial;
	uint64_t version;
	bool has_replayed, has_rehearsed, has_tuned;
};

#define FAKE_ALERTS 1800

static struct {
	struct board board;
	struct health health;
	struct clock clock;
	struct history history;
	struct desk desk;
	struct lab lab;
	struct audit_chain chain; /* of the audit log */
	bool no_rules; /* none is in force, and none ever spoke */
	struct live_calls *live;
	struct alert alerts[FAKE_ALERTS];
	size_t n_alerts;
	struct alert_event events[FAKE_ALERTS][8];
	size_t n_events[FAKE_ALERTS];
	struct call calls[4000]; /* newest first */
	size_t n_calls;
	struct leg_row legs[4000][3];
	struct location_row locations[32];
	size_t n_locations;
	struct score_row scores[64];
	size_t n_scores;
	char disclosed[200]; /* the view that was unmasked */
	int n_disclosed;
	bool read_only, silent; /* silent: no answer ever comes */
	int64_t viewed; /* what others see that is open */
	size_t n_viewed;
	struct viewers viewers;
	struct alert_step steps[8];
	size_t n_steps;
	bool texts_of_now; /* of an opened alert of then */
	bool with_past; /* of the same subject and number, closed */
	bool cut; /* more alerts match than an act may be of */
	char undo[80], redo[80];
	int64_t undo_id, tuned_id;
	int64_t tuned_for_ms;
	size_t tuned_offer; /* 0: none was accepted */
	enum alert_state undo_state;
	struct fault fault; /* every answer */
	bool journey;	    /* every call is one of a journey */
	unsigned profiled; /* kinds of whom a profile was asked for, as bits */
	bool few_days;	    /* a profile of somebody new */
	bool very_many;	    /* … of more calls than are read */
	bool no_days;	    /* … of whom no whole day is known */
	bool with_changes;  /* … of somebody who has what it had not */
	const char *hard_name; /* of a profile; NULL: its id */
	bool past;	    /* … of a store of long ago */
	size_t alert_step; /* likewise of alerts */
	bool shared;	   /* the records of a group were not counted: its sums are the most it can be */
	size_t search_step; /* so many calls a filter is asked of at once; 0: of all */
	bool later;	    /* a question for calls waits for fake_answer_calls */
	struct {
		struct call_query query;
		void (*on_answer)(void *, const struct call_list *, const struct fault *);
		void *arg;
	} asked_calls;
	struct {
		struct alert_query query;
		struct alert_mark from;
		void (*on_answer)(void *, const struct alert_list *, const struct fault *);
		void *arg;
	} asked_alerts;
	struct {
		int64_t id;
		void (*on_answer)(void *, const struct call_detail *, const struct fault *);
		void *arg;
	} asked_call;
	bool alert_later; /* a question for an alert waits for the test */
	struct {
		int64_t id;
		void (*on_answer)(void *, const struct alert_detail *, const struct fault *);
		void *arg;
	} asked_alert;
	bool acts_later; /* the desk's answers wait for the test */
	struct {
		void (*on_done)(void *, size_t, size_t, const struct fault *);
		void *arg;
	} ordered[4];
	size_t n_ordered;
	struct {
		void (*on_done)(void *, const struct manual_raised *, const struct fault *);
		void *arg;
	} raised;
	struct sign_in sign_in;
	size_t n_sign_ins;
	size_t n_asked;
} fake;

#include "board_alerts.h"
#include "board_calls.h"
#include "board_rules.h"
#include "board_desk.h"
#include "board_data.h"

static void fake_start(size_t n_alerts, size_t n_calls)
{
	live_calls_free(fake.live);
	memset(&fake, 0, sizeof fake);
	fake_silences(0);
	clock_init_from(&fake.clock, NOW_MS, 0);
	fake.live = live_calls_new();
	fake.health = (struct health){ .sync = SYNC_WAITING, .complete_until_ms = NOW_MS - 12 * SECOND_MS,
		.lag_ms = 12 * SECOND_MS, .next_call_ms = NOW_MS + 48 * SECOND_MS,
		.last_page_ms = NOW_MS - 12 * SECOND_MS, .backfill_done = 30, .backfill_total = 30,
		.n_gaps = 1, .gaps = { { NOW_MS - 9 * DAY_MS, NOW_MS - 8 * DAY_MS } },
		.token_dies_ms = NOW_MS + 13 * DAY_MS, .refresh_dies_ms = NOW_MS + 88 * DAY_MS,
		.n_legs = 20721, .n_duplicates = 14, .lease_mine = true,
		.region_host = "analytics.webexapis.com", .live_webhook = true, .live_polling = true,
		.admin = ADMIN_READ, .admin_until_ms = NOW_MS - 4 * MINUTE_MS,
		.notify = { .on = true, .mine = true, .n_waiting = 3, .n_dead = 2, .lag_ms = 7 * MINUTE_MS, .error = "soc-room: HTTP 503" } };
	fake.board = (struct board){ .history = &fake.history, .desk = &fake.desk, .lab = &fake.lab, .live = fake.live,
		.health = &fake.health, .clock = &fake.clock, .alerts_version = 1, .calls_version = 1, .viewers = &fake.viewers };
	fake.n_alerts = n_alerts;
	fake.n_calls = n_calls;
	for (size_t i = 0; i < n_alerts; i++)
		fake_alert(i);
	for (size_t i = 0; i < n_calls; i++)
		fake_call(i);
	fake.n_locations = n_calls > 0 ? COUNT_OF(sites) : 0;
	for (size_t i = 0; i < fake.n_locations; i++) {
		struct location_row *row = &fake.locations[i];
		*row = (struct location_row){ .uuid = sites[i].name, .name = sites[i].name, .zone_name = sites[i].zone,
			.calls_last_hour = sites[i].per_hour, .calls_today = sites[i].per_hour * 7,
			.minutes_today = sites[i].per_hour * 20, .cost_today_micro = sites[i].per_hour * 110000,
			.utc_offset_minutes = -300 };
		for (int64_t hour = 0; hour < LOCATION_HOURS; hour++)
			row->per_hour[hour] = sites[i].per_hour * (hour > 9 ? hour - 9 : 0) / 14;
		for (size_t k = 0; k < n_alerts; k++)
			if (strcmp(fake.alerts[k].location, sites[i].name) == 0)
				row->n_open[fake.alerts[k].severity]++;
	}
	fake.n_scores = MIN(n_alerts, COUNT_OF(kinds));
	for (size_t i = 0; i < fake.n_scores; i++)
		fake.scores[i] = (struct score_row){ .score = kinds[i].score, .kind = kinds[i].kind,
			.id = kinds[i].who, .name = kinds[i].who, .location = sites[kinds[i].site].name,
			.title_en = kinds[i].en, .title_es = kinds[i].es,
			.why_en = reasons[0].text_en, .why_es = reasons[0].text_es, .last_ms = fake.alerts[i].last_ms,
			.alert_id = fake.alerts[i].id, .count = 1, .cost_micro = kinds[i].cost };
	for (size_t i = 0; i < (n_calls > 20 ? 40u : n_calls > 0 ? 6u : 0u); i++) {
		switch (i % 6) {
		case 0: fake_live(i, LIVE_CONNECTED, 1390, "+88216555044", "", NUMBER_SATELLITE, TIER_EXTREME, 7000000, true); break;
		case 1: fake_live(i, LIVE_CONNECTED, 41, "+573105550221", "CO", NUMBER_MOBILE, TIER_NONE, 30000, true); break;
		case 2: fake_live(i, LIVE_ALERTING, 4, "+576015550177", "CO", NUMBER_FIXED, TIER_NONE, 20000, true); break;
		case 3: fake_live(i, LIVE_HELD, 305, "+50688885501", "CR", NUMBER_MOBILE, TIER_LOW, 90000, true); break;
		case 4: fake_live(i, LIVE_CONNECTED, 75, "+37125550123", "LV", NUMBER_PREMIUM, TIER_HIGH, 1500000, true); break;
		case 5: fake_live(i, LIVE_CONNECTED, 612, "+13035550144", "US", NUMBER_FIXED_OR_MOBILE, TIER_NONE, 0, false); break;
		}
	}
}

static void fake_stop(void)
{
	live_calls_free(fake.live);
	fake.live = NULL;
}

/* Names as people have them, the hardest to fit: long, wide, with marks over
 * letters, from right to left, of pictures. */
static inline void fake_names(void)
{
	static const char *const names[] = { "María del Rosario Fernández de Castro y Villavicencio",
		"\xE5\xB1\xB1\xE7\x94\xB0 \xE5\xA4\xAA\xE9\x83\x8E\xE5\xB7\xA6\xE8\xA1\x9B\xE9\x96\x80", /* 山田 太郎左衛門 */
		"Nin\xCC\x83o Pe\xCC\x81rez Zu\xCC\x88n\xCC\x83iga", "\xF0\x9F\x98\x80\xF0\x9F\x8D\x95 Soporte \xF0\x9F\x93\x9E",
		"\xD7\x93\xD7\x95\xD7\x93 \xD7\x9B\xD7\x94\xD7\x9F", "W", "" };
	size_t k = 0;
	fake.hard_name = names[1];
	for (size_t i = 0; i < fake.n_alerts; i++)
		fake.alerts[i].subject_name = names[k++ % COUNT_OF(names)], fake.alerts[i].assignee = names[k % COUNT_OF(names)];
	for (size_t i = 0; i < fake.n_calls; i++) {
		fake.calls[i].user_name = names[k++ % COUNT_OF(names)];
		fake.calls[i].location = names[k % COUNT_OF(names)];
		for (size_t leg = 0; leg < 3; leg++)
			fake.legs[i][leg].user_name = names[(i + leg) % COUNT_OF(names)];
	}
	for (size_t i = 0; i < fake.n_locations; i++)
		fake.locations[i].name = names[i % COUNT_OF(names)];
	for (size_t i = 0; i < fake.n_scores; i++)
		fake.scores[i].name = names[i % COUNT_OF(names)];
}

/* Every text a stranger could have written, as bad as it gets. */
static const char *next_of(const char *const *texts, size_t n, size_t *k)
{
	return texts[(*k)++ % n];
}

static inline void fake_hostile(void)
{
	static const char *const bad[] = { "\x1b[2J\x1b[31mEVIL\x1b]0;title\x07", "\x9b" "5i\x9d" "0;x\x9c",
		"a\r\nb\x08\x7f\x00c", "\xE2\x80\xAE" "txet\xE2\x81\xA6", "\xff\xfe\xc0\x80\xed\xa0\x80",
		"\xC2\x9b" "31m\xC2\x85", "z\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xE2\x80\x8B",
		"\x1bP1;1|q\x1b\\\x1b_x\x1b\\\x1b" "c\x0e\x0f", "\xF3\xA0\x81\x81\xF0\x9F\x98\x80\xE6\xBC\xA2" };
	size_t k = 0;
	fake.hard_name = bad[0];
	fake.with_changes = true;
#define BAD next_of(bad, COUNT_OF(bad), &k)
	for (size_t i = 0; i < fake.n_alerts; i++) {
		struct alert *a = &fake.alerts[i];
		static struct reason evil[9];
		for (size_t r = 0; r < COUNT_OF(evil); r++)
			evil[r] = (struct reason){ BAD, BAD, BAD, 5, BAD, BAD };
		a->title_en = BAD, a->title_es = BAD, a->subject_id = BAD, a->subject_name = BAD;
		a->location = BAD, a->assignee = BAD, a->rule = BAD, a->tags = BAD, a->closed_by = BAD;
		a->reasons = evil, a->n_reasons = COUNT_OF(evil);
		a->why_en = BAD, a->why_es = BAD;
		for (size_t e = 0; e < 8; e++)
			fake.events[i][e] = (struct alert_event){ NOW_MS, BAD, BAD, BAD, BAD, BAD };
		fake.n_events[i] = 8;
	}
	for (size_t i = 0; i < fake.n_calls; i++) {
		struct call *c = &fake.calls[i];
		c->user_name = BAD, c->user_number = BAD, c->location = BAD, c->far_number = BAD;
		c->far_name = BAD, c->call_type = BAD, c->trunk = BAD, c->correlation_id = BAD;
		for (size_t l = 0; l < 3; l++) {
			struct leg_row *leg = &fake.legs[i][l];
			leg->report_id = BAD, leg->user_name = BAD, leg->user_type = BAD, leg->calling = BAD;
			leg->called = BAD, leg->dialed = BAD, leg->call_type = BAD, leg->client_type = BAD;
			leg->outcome = BAD, leg->outcome_reason = BAD, leg->redirect_reason = BAD;
			leg->related_reason = BAD, leg->redirecting_number = BAD, leg->inbound_trunk = BAD;
			leg->outbound_trunk = BAD, leg->caller_name = BAD, leg->called_name = BAD;
			leg->device_mac = BAD, leg->location = BAD, leg->far = BAD;
		}
	}
	for (size_t i = 0; i < COUNT_OF(cards); i++)
		cards[i].title_en = BAD, cards[i].title_es = BAD;
	for (size_t i = 0; i < COUNT_OF(rule_pages); i++) {
		struct rule_page *page = &rule_pages[i];
		page->title_en = BAD, page->title_es = BAD, page->description_en = BAD, page->description_es = BAD;
		page->file = BAD, page->status = BAD;
	}
	for (size_t i = 0; i < fake.n_locations; i++)
		fake.locations[i].name = BAD;
	for (size_t i = 0; i < fake.n_scores; i++) {
		struct score_row *s = &fake.scores[i];
		s->id = BAD, s->name = BAD, s->location = BAD, s->why_en = BAD, s->why_es = BAD;
		s->title_en = BAD, s->title_es = BAD;
	}
	for (size_t i = 0; i < 30; i++) {
		struct live_call call = { .state = LIVE_CONNECTED, .created_ms = NOW_MS, .answered_ms = NOW_MS,
			.event_ms = NOW_MS, .seen_ms = NOW_MS, .originator = true };
		snprintf(call.call_id, sizeof call.call_id, "evil%zu", i);
		snprintf(call.person_name, sizeof call.person_name, "%s", BAD);
		snprintf(call.location, sizeof call.location, "%s", BAD);
		snprintf(call.remote_number, sizeof call.remote_number, "%s", BAD);
		live_calls_apply(fake.live, &call);
	}
	snprintf(fake.health.sentence, sizeof fake.health.sentence, "%s", BAD);
	snprintf(fake.health.notify.error, sizeof fake.health.notify.error, "%s", BAD);
	snprintf(fake.health.region_host, sizeof fake.health.region_host, "%s", BAD);
	snprintf(fake.health.admin_sentence, sizeof fake.health.admin_sentence, "%s", BAD);
	fake.health.admin = ADMIN_REFUSED;
	snprintf(fake.health.lease_holder, sizeof fake.health.lease_holder, "%s", BAD);
	fake_raw = "{\n  \"\x1b[2J\": \"\x9b" "31m\x1b]0;x\x07\",\n  \"User\": \"\xE2\x80\xAE" "evil\"\n}\r\x08";
	fake.health.lease_mine = false;
	fake.health.sync = SYNC_FAULT;
#undef BAD
}

#endif
