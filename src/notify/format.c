/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/format.h"

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
