/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/tell.h"

#include <string.h>

#include "notify/say.h"

void tell_place(const struct destination *to, struct outbox_place *out)
{
	bool digest = to->digest_ms > 0;
	*out = (struct outbox_place){ .destination = to->name };
	if (!to->kind->for_people)
		return;
	out->gather_ms = digest ? to->digest_ms : to->window_ms;
	out->burst = digest ? 0 : to->burst;
	out->grows = to->kind->grows && !digest;
}

static void write_veiled(const struct destination *to, struct telling *telling, struct arena *arena, struct text *body)
{
	struct notice *veiled = arena_alloc(arena, (telling->n + 1) * sizeof *veiled);
	for (size_t i = 0; i < telling->n; i++) {
		veiled[i] = telling->notices[i];
		veil(to, &veiled[i], arena);
	}
	telling->notices = veiled;
	to->kind->write(to, telling, body);
}

void tell_write(const struct destination *to, const struct outbox_row *row, const struct notice *notices, size_t n, int64_t now_ms, struct text *body)
{
	/* Of an alert that was deleted before anybody was told. */
	const struct notice gone = { .at_ms = now_ms, .kind = NOTICE_CLOSED, .act = "delete", .who = "centinela", .was = "", .became = "",
		.alert = { .state = ALERT_CLOSED, .title_en = "an alert that was deleted", .title_es = "una alerta que se eliminó", .rule = "none",
		    .subject_kind = SUBJECT_ORG, .subject_id = "org", .subject_name = "", .location = "", .why_en = "", .why_es = "", .assignee = "",
		    .first_ms = now_ms, .last_ms = now_ms, .raised_ms = now_ms } };
	struct outbox_place place;
	struct arena arena;
	tell_place(to, &place);
	/* One that may grow is a summary from its beginning: it must stay of one sort. */
	struct telling telling = { .key = row->key, .notices = notices, .n = n, .n_all = row->n_notices, .since_ms = n > 0 ? notices[0].at_ms : row->made_ms,
		.now_ms = now_ms, .gathered = row->closes_ms > 0 && (n > 1 || place.grows), .thread_id = row->thread_id };
	if (n == 0) {
		telling.notices = &gone;
		telling.n = 1;
		telling.gathered = false;
	}
	arena_init(&arena);
	write_veiled(to, &telling, &arena, body);
	arena_clear(&arena);
}

void tell_test(const struct destination *to, const char *key, int64_t now_ms, struct text *body)
{
	static const struct reason reasons[] = { { "dst.tier", "extreme", "none", 50, "14 calls to +882 16 555 0144 in 6 minutes", "14 llamadas a +882 16 555 0144 en 6 minutos" },
		{ "hour", "closed", "open", 20, "outside business hours", "fuera del horario" } };
	struct notice notice = { .at_ms = now_ms, .kind = NOTICE_RAISED, .act = "raise", .who = "centinela", .was = "", .became = "low",
		.alert = { .severity = SEVERITY_LOW, .score = 1, .rule = "test", .title_en = "A test of this destination", .title_es = "Una prueba de este destino",
		    .subject_kind = SUBJECT_PERSON, .subject_id = "00000000-0000-4000-8000-000000000000", .subject_name = "Ana Bernal", .location = "Bogotá",
		    .first_ms = now_ms - 6 * MINUTE_MS, .last_ms = now_ms, .raised_ms = now_ms, .count = 14, .assignee = "", .tags = "", .team = "",
		    .reasons = reasons, .n_reasons = COUNT_OF(reasons) } };
	struct arena arena;
	arena_init(&arena);
	notice.alert.why_en = reasons[0].text_en;
	notice.alert.why_es = reasons[0].text_es;
	struct telling telling = { .key = key, .notices = &notice, .n = 1, .n_all = 1, .since_ms = now_ms, .now_ms = now_ms, .test = true, .thread_id = "" };
	write_veiled(to, &telling, &arena, body);
	arena_clear(&arena);
}
