/* SPDX-License-Identifier: Apache-2.0
 *
 * Syslog (RFC 5424) over TLS: each message with its length before it (RFC 5425). */
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "notify/format.h"

/* A receiver must take 2048 bytes and should take 8192 (RFC 5425, 4.3.1); what is longer it
 * may cut or drop. */
#define MOST_BYTES 8192
#define FACILITY   10 /* security/authorization, private */

static const char *host_name(char out[256])
{
	if (gethostname(out, 256) != 0)
		return "-";
	out[255] = '\0';
	for (char *c = out; *c != '\0'; c++) {
		if (*c <= 0x20 || *c >= 0x7F)
			return "-";
	}
	return *out != '\0' ? out : "-";
}

static void write_syslog(const struct destination *to, const struct telling *telling, struct text *body)
{
	/* RFC 5424's severities: 2 critical, 3 error, 4 warning, 5 notice. */
	static const int severities[] = { [SEVERITY_LOW] = 5, [SEVERITY_MEDIUM] = 4, [SEVERITY_HIGH] = 3, [SEVERITY_CRITICAL] = 2 };
	const struct notice *n = &telling->notices[0];
	struct text message = { 0 }, line = { 0 };
	char at[ISO_TIME_BYTES], host[256];
	text_printf(&message, "<%d>1 %s %s centinela %ld %s - \xEF\xBB\xBF", FACILITY * 8 + severities[n->alert.severity], iso_time_format(n->at_ms, at), host_name(host),
	    (long)getpid(), notice_kind_name(n->kind));
	format_write_within(to, telling, MOST_BYTES - message.n, &line);
	text_add(&message, text_string(&line), line.n);
	text_printf(body, "%zu ", message.n);
	text_add(body, message.bytes, message.n);
	text_clear(&message);
	text_clear(&line);
}

const struct notify_kind notify_syslog = {
	.name = "syslog", .help = N_("a SIEM, by syslog over TLS (RFC 5424, 5425): CEF, OCSF or ECS"),
	.needs = { "server" }, .takes = { "format" }, .way = WAY_TLS, .at_once = 200,
	.formats = 1u << FORMAT_CEF | 1u << FORMAT_OCSF | 1u << FORMAT_ECS, .write = write_syslog,
};
