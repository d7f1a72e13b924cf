/* SPDX-License-Identifier: Apache-2.0
 *
 * What a destination is told of a plain alert, and of one whose names are an attack. */
#ifndef TEST_NOTIFY_TOLD_H
#define TEST_NOTIFY_TOLD_H

#include "notify/tell.h"
#include "test.h"

#define HOSTILE "<@all>|a=b\\c\r\nX-Evil: 1 *x* [y](http://z) \xE2\x80\xAE" "gnp \x1b[31m`~<script>&\"'"

static struct notify_routes *routes;
static struct notice notice;
static struct text body;

static const struct reason reasons[] = {
	{ "dst.tier", "extreme", "none", 50, "14 calls to +882 16 555 0144 by Ana Bernal", "14 llamadas a +882 16 555 0144 de Ana Bernal" },
	{ "hour", HOSTILE, "", 10, HOSTILE, HOSTILE },
};

static inline struct alert plain_alert(void)
{
	return (struct alert){ .id = 42, .case_id = 40, .severity = SEVERITY_CRITICAL, .score = 97, .subject_kind = SUBJECT_PERSON,
		.subject_id = "1f6a0c3e-1111-4222-8333-444455556666", .subject_name = "Ana Bernal", .location = "Bogotá", .rule = "irsf_burst",
		.title_en = "Fraud: 14 calls in 6 minutes", .title_es = "Fraude: 14 llamadas en 6 minutos", .why_en = reasons[0].text_en, .why_es = reasons[0].text_es,
		.first_ms = INT64_C(1795700000000), .last_ms = INT64_C(1795700360000), .raised_ms = INT64_C(1795700400000), .count = 14, .cost_micro = 118000000,
		.assignee = "", .tags = "", .team = "", .reasons = reasons, .n_reasons = 1 };
}

static inline struct alert hostile_alert(void)
{
	struct alert a = plain_alert();
	a.subject_name = a.location = a.title_en = a.title_es = a.rule = a.tags = HOSTILE;
	a.n_reasons = 2;
	return a;
}

static inline void set_up(const char *text)
{
	struct fault fault;
	if (!notify_routes_parse("r.yaml", text, strlen(text), &routes, &fault)) {
		puts(fault.text);
		exit(1);
	}
	notice = (struct notice){ .id = 1, .at_ms = INT64_C(1795700401000), .kind = NOTICE_RAISED, .act = "raise", .who = "centinela", .was = "", .became = "critical", .alert = plain_alert() };
}

static inline const char *tell(const char *name, const struct notice *notices, size_t n, int64_t closes_ms)
{
	const struct destination *to = notify_routes_destination(routes, name);
	REQUIRE(to != NULL);
	struct outbox_row row = { .id = 9, .key = "msg_0011223344556677", .destination = name, .n_notices = (int64_t)n, .closes_ms = closes_ms, .thread_id = "", .remote_id = "" };
	text_reset(&body);
	tell_write(to, &row, notices, n, INT64_C(1795700402000), &body);
	return text_string(&body);
}

static inline void tear_down(void)
{
	notify_routes_free(routes);
	text_clear(&body);
}

#define ALL                                                                                                         \
	"destinations:\n"                                                                                            \
	"  webex: {kind: webex, room: Y2lz, token: {file: /x}, language: en}\n"                                      \
	"  webex_webhook: {kind: webex_webhook, url: {file: /x}, language: es, zone: America/Bogota}\n"              \
	"  slack: {kind: slack, url: {file: /x}, language: en}\n"                                                    \
	"  teams: {kind: teams, url: {file: /x}, language: en}\n"                                                    \
	"  webhook: {kind: webhook, url: \"https://a.example/h\", language: en}\n"                                   \
	"  ocsf: {kind: webhook, url: \"https://a.example/h\", format: ocsf, language: en}\n"                        \
	"  ecs: {kind: file, path: /tmp/x, format: ecs, language: es}\n"                                             \
	"  cef: {kind: file, path: /tmp/x, format: cef, language: en}\n"                                             \
	"  syslog_ocsf: {kind: syslog, server: \"siem.example:6514\", format: ocsf, language: en}\n"                \
	"  syslog_ecs: {kind: syslog, server: \"siem.example:6514\", format: ecs, language: es}\n"                  \
	"  syslog: {kind: syslog, server: \"siem.example:6514\", language: en}\n"                                    \
	"  mail: {kind: email, server: \"smtp.example:587\", from: c@bank.example, to: [soc@bank.example, noc@bank.example], language: es}\n"

#endif
