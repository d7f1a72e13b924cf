/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/format.h"

#include <string.h>

#include "base/arena.h"
#include "base/cut.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "store/row_json.h"

void format_write(const struct destination *to, const struct telling *telling, struct text *out)
{
	switch (to->format) {
	case FORMAT_ALERT:
		format_alert(to, telling, out);
		return;
	case FORMAT_CEF:
		format_cef(to, telling, out);
		return;
	case FORMAT_OCSF:
		format_ocsf(to, telling, out);
		return;
	case FORMAT_ECS:
		format_ecs(to, telling, out);
		return;
	case N_TELL_FORMATS:
		return;
	}
}

void format_set(json_t *object, const char *key, const char *value)
{
	if (value != NULL && *value != '\0')
		json_object_set_new(object, key, json_text(value));
}

static void shorten(const char **text, size_t most, struct arena *arena)
{
	if (*text != NULL && strlen(*text) > most)
		*text = arena_printf(arena, "%.*s…", (int)cut_whole(*text, most), *text);
}

static void in_short(struct notice *n, size_t n_reasons, size_t most, struct arena *arena)
{
	struct alert *a = &n->alert;
	const char **const texts[] = { &n->act, &n->who, &n->was, &n->became, &a->title_en, &a->title_es, &a->why_en, &a->why_es, &a->subject_id,
		&a->subject_name, &a->location, &a->rule, &a->tags };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		shorten(texts[i], most, arena);
	a->n_reasons = MIN(a->n_reasons, n_reasons);
	struct reason *reasons = arena_alloc(arena, (a->n_reasons + 1) * sizeof *reasons);
	for (size_t i = 0; i < a->n_reasons; i++) {
		reasons[i] = a->reasons[i];
		const char **const inner[] = { &reasons[i].fact, &reasons[i].value, &reasons[i].expected, &reasons[i].text_en, &reasons[i].text_es };
		for (size_t k = 0; k < COUNT_OF(inner); k++)
			shorten(inner[k], most, arena);
	}
	a->reasons = reasons;
}

void format_write_within(const struct destination *to, const struct telling *telling, size_t most, struct text *out)
{
	/* Each byte may be two in JSON and in CEF, and a title stands three times in OCSF. */
	static const struct {
		size_t n_reasons, bytes;
	} steps[] = { { 20, 1000 }, { 8, 400 }, { 3, 200 }, { 0, 80 } };
	format_write(to, telling, out);
	for (size_t i = 0; i < COUNT_OF(steps) && out->n > most; i++) {
		struct arena arena;
		struct notice notice = telling->notices[0];
		struct telling shorter = *telling;
		arena_init(&arena);
		in_short(&notice, steps[i].n_reasons, steps[i].bytes, &arena);
		shorter.notices = &notice;
		shorter.n = 1;
		text_reset(out);
		format_write(to, &shorter, out);
		arena_clear(&arena);
	}
	assert(out->n <= most);
}

void format_alert(const struct destination *to, const struct telling *telling, struct text *out)
{
	const struct notice *n = &telling->notices[0];
	char type[40] = "alert.", at[ISO_TIME_BYTES];
	UNUSED(to);
	json_t *data = json_alert(&n->alert, NULL, 0);
	/* The store's record ids are no business of a receiver; those who may read them
	 * ask for the alert. */
	json_object_del(data, "report_ids");
	json_object_set_new(data, "title", json_pack("{s:s, s:s}", "en", n->alert.title_en, "es", n->alert.title_es));
	json_t *reasons = json_array();
	for (size_t i = 0; i < n->alert.n_reasons; i++) {
		const struct reason *r = &n->alert.reasons[i];
		json_array_append_new(reasons, json_pack("{s:s, s:s, s:s, s:i, s:{s:s, s:s}}", "fact", r->fact, "value", r->value, "expected", r->expected,
		    "points", r->points, "text", "en", r->text_en, "es", r->text_es));
	}
	json_object_set_new(data, "reasons", reasons);
	snprintf(type + 6, sizeof type - 6, "%s", n->kind == NOTICE_ACT ? "acted" : notice_kind_name(n->kind));
	json_t *all = json_pack("{s:s, s:s, s:{s:s, s:s, s:s, s:s}, s:o}", "type", telling->test ? "test" : type, "timestamp", iso_time_format(n->at_ms, at),
	    "act", "name", n->act, "by", n->who, "was", n->was, "became", n->became, "data", data);
	put_json(out, all);
}
