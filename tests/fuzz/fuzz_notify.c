/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as the names, titles and reasons of an alert: every kind of message is
 * still one message of its form, and nothing that may not be printed leaves in it. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "notify/tell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct notify_routes *routes_of_all(void)
{
	static const char text[] = "destinations:\n"
				   "  a: {kind: webex, room: Y2lz, token: {file: /x}, language: en}\n"
				   "  b: {kind: webex_webhook, url: {file: /x}, language: es, redact: numbers}\n"
				   "  c: {kind: slack, url: {file: /x}}\n"
				   "  d: {kind: teams, url: {file: /x}, redact: names}\n"
				   "  e: {kind: webhook, url: \"https://a.example/h\"}\n"
				   "  f: {kind: webhook, url: \"https://a.example/h\", format: ocsf, redact: names}\n"
				   "  g: {kind: webhook, url: \"https://a.example/h\", format: ecs}\n"
				   "  h: {kind: file, path: /tmp/x, format: cef}\n"
				   "  i: {kind: syslog, server: \"siem.example:6514\"}\n"
				   "  k: {kind: syslog, server: \"siem.example:6514\", format: ocsf}\n"
				   "  l: {kind: syslog, server: \"siem.example:6514\", format: ecs, redact: numbers}\n"
				   "  j: {kind: email, server: \"smtp.example:587\", from: c@bank.example, to: [soc@bank.example]}\n";
	struct notify_routes *routes;
	struct fault fault;
	if (!notify_routes_parse("r", text, sizeof text - 1, &routes, &fault))
		abort();
	return routes;
}

/* No control bytes but the line ends of a mail, nor of a line of a file. */
static void check_bytes(const struct destination *to, const struct text *body)
{
	size_t line_ends = 0;
	for (size_t i = 0; i < body->n; i++) {
		unsigned char c = (unsigned char)body->bytes[i];
		line_ends += c == '\n';
		if (c == 0x7F || (c < 0x20 && c != '\n' && !(c == '\r' && to->kind->way == WAY_MAIL)))
			abort();
	}
	if (to->kind->way == WAY_FILE ? line_ends != 1 : to->kind->way != WAY_MAIL && line_ends != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct notify_routes *routes;
	if (routes == NULL)
		routes = routes_of_all();
	/* Five texts between NULs; the last ones may be missing. */
	char *bytes = mem_alloc(size + 6);
	memcpy(bytes, data, size);
	memset(bytes + size, 0, 6);
	const char *texts[5], *at = bytes;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		texts[i] = at;
		at = at + strlen(at) < bytes + size ? at + strlen(at) + 1 : bytes + size;
	}
	unsigned kind = size > 0 ? data[0] : 0;
	struct reason reason = { "fact", texts[4], texts[3], 10, texts[2], texts[1] };
	struct notice notice = { .id = 1, .at_ms = INT64_C(1795700401000), .kind = (enum notice_kind)(kind % N_NOTICE_KINDS), .act = texts[0], .who = texts[1], .was = texts[2],
		.became = texts[3], .alert = { .id = 7, .case_id = 7, .severity = (enum severity)(kind % 4), .state = (enum alert_state)(kind / 4 % 4),
		    .subject_kind = (enum subject_kind)(kind % 7), .subject_id = texts[0], .subject_name = texts[1], .location = texts[2], .rule = texts[3], .title_en = texts[4],
		    .title_es = texts[0], .why_en = texts[1], .why_es = texts[2], .assignee = texts[3], .tags = texts[4], .team = "", .reasons = &reason, .n_reasons = 1 } };
	struct notice many[3] = { notice, notice, notice };
	for (size_t i = 0; i < routes->n_destinations; i++) {
		const struct destination *to = &routes->destinations[i];
		struct text body = { 0 };
		bool gathered = to->kind->for_people && kind % 2 == 1;
		struct outbox_row row = { .id = 1, .key = "msg_1", .destination = to->name, .n_notices = gathered ? 3 : 1, .closes_ms = gathered ? 1 : 0, .thread_id = "", .remote_id = "" };
		tell_write(to, &row, many, gathered ? 3 : 1, INT64_C(1795700402000), &body);
		check_bytes(to, &body);
		if (to->kind->way == WAY_HTTP) {
			json_t *value;
			struct fault fault;
			if (!json_parse(text_string(&body), body.n, &value, &fault))
				abort();
			json_decref(value);
		} else if (to->kind->way == WAY_TLS) {
			char *after;
			long n = strtol(text_string(&body), &after, 10);
			if (*after != ' ' || strlen(after + 1) != (size_t)n || n > 8192)
				abort();
			const char *object = strstr(after, "\xEF\xBB\xBF{");
			json_t *value;
			struct fault fault;
			if (object != NULL) {
				if (!json_parse(object + 3, strlen(object + 3), &value, &fault))
					abort();
				json_decref(value);
			}
		}
		text_clear(&body);
	}
	free(bytes);
	return 0;
}
