/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/mask.h"

const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

char *format_age(int64_t ms, char out[static SHORT_BYTES])
{
	int64_t s = MAX(ms, 0) / SECOND_MS;
	if (s < 120) /* none is told as less than one that is shorter: "1h" after "99m" */
		snprintf(out, SHORT_BYTES, "%" PRId64 "s", s);
	else if (s < 120 * 60)
		snprintf(out, SHORT_BYTES, "%" PRId64 "m", s / 60);
	else if (s < 48 * 3600)
		snprintf(out, SHORT_BYTES, "%" PRId64 "h", s / 3600);
	else
		snprintf(out, SHORT_BYTES, "%" PRId64 "d", s / 86400);
	return out;
}

char *format_duration(int64_t seconds, char out[static SHORT_BYTES])
{
	int64_t s = MAX(seconds, 0);
	if (s < 3600)
		snprintf(out, SHORT_BYTES, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
	else
		snprintf(out, SHORT_BYTES, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60,
		    s % 60);
	return out;
}

char *format_count(int64_t n, char out[static SHORT_BYTES])
{
	if (n < 10000)
		snprintf(out, SHORT_BYTES, "%" PRId64, n);
	else if (n < 1000000)
		snprintf(out, SHORT_BYTES, "%" PRId64 ".%" PRId64 "k", n / 1000, n / 100 % 10);
	else
		snprintf(out, SHORT_BYTES, "%" PRId64 ".%" PRId64 "M", n / 1000000, n / 100000 % 10);
	return in_decimals(out);
}

char *format_money(int64_t micro, char out[static SHORT_BYTES])
{
	int64_t cents = (MAX(micro, 0) + 5000) / 10000;
	if (cents < 10000)
		snprintf(out, SHORT_BYTES, "%" PRId64 ".%02" PRId64, cents / 100, cents % 100);
	else
		snprintf(out, SHORT_BYTES, "%" PRId64, (cents + 50) / 100);
	return in_decimals(out);
}

char *format_number(const char *number, bool masked, char out[static LONG_BYTES])
{
	size_t n = strlen(or_empty(number)), digits = 0;
	for (size_t i = 0; i < n; i++)
		digits += number[i] >= '0' && number[i] <= '9';
	if (!masked || digits < 7 || n > 40)
		snprintf(out, LONG_BYTES, "%s", or_empty(number));
	else
		snprintf(out, LONG_BYTES, "%.*s\u00B7\u00B7\u00B7%s", (int)(n > 9 ? 6 : 2), number,
		    number + n - 3);
	return out;
}

const char *format_masked(const char *text, bool masked, char *out, size_t capacity)
{
	struct text without = { 0 };
	if (!masked)
		return text;
	mask_text(text, &without);
	text_printable(out, capacity, text_string(&without), without.n); /* never half a character */
	text_clear(&without);
	return out;
}

/* ---- time ------------------------------------------------------------------ */

static void local(const struct zone *zone, int64_t ms, struct civil *out)
{
	int64_t offset = zone != NULL ? zone_offset_s(zone, ms, NULL) : 0;
	civil_from_ms(ms + offset * SECOND_MS, out);
}

char *format_clock(const struct zone *zone, int64_t ms, char out[static SHORT_BYTES])
{
	struct civil t;
	local(zone, ms, &t);
	snprintf(out, SHORT_BYTES, "%02d:%02d:%02d", t.hour, t.minute, t.second);
	return out;
}

char *format_time(const struct zone *zone, int64_t ms, int64_t now_ms, char out[static SHORT_BYTES])
{
	static const char *const months[] = { N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"),
		N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec") };
	struct civil t, now;
	if (ms == 0) {
		out[0] = '\0';
		return out;
	}
	local(zone, ms, &t);
	local(zone, now_ms, &now);
	if (t.day == now.day && t.month == now.month && t.year == now.year)
		snprintf(out, SHORT_BYTES, "%02d:%02d", t.hour, t.minute);
	else
		snprintf(out, SHORT_BYTES, "%02d %s", t.day, _(months[(t.month + 11) % 12]));
	return out;
}

/* There and in UTC; where there is no such moment it says so. */
static bool both_clocks(const struct zone *zone, int64_t ms, struct civil *there, struct civil *utc, char out[static LONG_BYTES])
{
	if (ms == 0) {
		snprintf(out, LONG_BYTES, "\u2014");
		return false;
	}
	local(zone, ms, there);
	civil_from_ms(ms, utc);
	return true;
}

char *format_moment_in(const struct zone *zone, const char *label, int64_t ms, char out[static LONG_BYTES])
{
	struct civil t, utc;
	if (both_clocks(zone, ms, &t, &utc, out))
		snprintf(out, LONG_BYTES, "%04d-%02d-%02d %02d:%02d:%02d %s", t.year, t.month, t.day, t.hour, t.minute, t.second, zone != NULL ? label : "UTC");
	return out;
}

char *format_moment(const struct zone *zone, const char *label, int64_t ms, char out[static LONG_BYTES])
{
	struct civil t, utc;
	if (!both_clocks(zone, ms, &t, &utc, out))
		return out;
	size_t n = strlen(format_moment_in(zone, label, ms, out));
	if (zone != NULL)
		snprintf(out + n, LONG_BYTES - n, " \u00B7 %02d:%02d:%02dZ", utc.hour, utc.minute, utc.second);
	return out;
}

char *format_minute(const struct zone *zone, const char *label, int64_t ms, char out[static LONG_BYTES])
{
	struct civil t, utc;
	if (!both_clocks(zone, ms, &t, &utc, out))
		return out;
	int n = snprintf(out, LONG_BYTES, "%04d-%02d-%02d %02d:%02d %s", t.year, t.month, t.day, t.hour, t.minute, zone != NULL ? label : "UTC");
	if (zone != NULL && n > 0 && utc.day == t.day)
		snprintf(out + n, (size_t)(LONG_BYTES - n), " \u00B7 %02d:%02dZ", utc.hour, utc.minute);
	else if (zone != NULL && n > 0)
		snprintf(out + n, (size_t)(LONG_BYTES - n), " \u00B7 %02d %02d:%02dZ", utc.day, utc.hour, utc.minute);
	return out;
}

/* ---- words -------------------------------------------------------------------- */

const char *severity_glyph(enum severity severity)
{
	switch (severity) {
	case SEVERITY_LOW: return "\u25CB";
	case SEVERITY_MEDIUM: return "\u25CF";
	case SEVERITY_HIGH: return "\u25C6";
	case SEVERITY_CRITICAL: return "\u25B2";
	}
	return "?";
}

const char *severity_badge(enum severity severity)
{
	switch (severity) {
	case SEVERITY_LOW: return _("\u25CB LOW");
	case SEVERITY_MEDIUM: return _("\u25CF MED");
	case SEVERITY_HIGH: return _("\u25C6 HIGH");
	case SEVERITY_CRITICAL: return _("\u25B2 CRIT");
	}
	return "?";
}

enum role severity_role(enum severity severity)
{
	switch (severity) {
	case SEVERITY_LOW: return ROLE_LOW;
	case SEVERITY_MEDIUM: return ROLE_MEDIUM;
	case SEVERITY_HIGH: return ROLE_HIGH;
	case SEVERITY_CRITICAL: return ROLE_CRITICAL;
	}
	return ROLE_TEXT;
}

const char *state_word(enum alert_state state)
{
	switch (state) {
	case ALERT_NEW: return _("new");
	case ALERT_IN_PROGRESS: return _("in progress");
	case ALERT_SNOOZED: return _("snoozed");
	case ALERT_CLOSED: return _("closed");
	}
	return "?";
}

const char *state_sign(enum alert_state state)
{
	switch (state) {
	case ALERT_NEW: return " ";
	case ALERT_IN_PROGRESS: return "@";
	case ALERT_SNOOZED: return "z";
	case ALERT_CLOSED: return "x";
	}
	return "?";
}

enum role state_role(enum alert_state state)
{
	switch (state) {
	case ALERT_NEW: return ROLE_STATE_NEW;
	case ALERT_IN_PROGRESS: return ROLE_STATE_IN_PROGRESS;
	case ALERT_SNOOZED: return ROLE_STATE_SNOOZED;
	case ALERT_CLOSED: return ROLE_STATE_CLOSED;
	}
	return ROLE_TEXT;
}

const char *resolution_word(enum resolution resolution)
{
	switch (resolution) {
	case RESOLUTION_NONE: return "";
	case RESOLUTION_TRUE_IMPACT: return _("true positive, with impact");
	case RESOLUTION_TRUE_NO_IMPACT: return _("true positive, no impact");
	case RESOLUTION_FALSE_POSITIVE: return _("false positive");
	case RESOLUTION_LEGITIMATE: return _("legitimate");
	case RESOLUTION_DUPLICATE: return _("duplicate");
	case RESOLUTION_UNKNOWN: return in_language("unknown", "desconocida"); /* an alert, not a number */
	}
	return "?";
}

const char *subject_word(enum subject_kind kind)
{
	switch (kind) {
	case SUBJECT_PERSON: return _("person");
	case SUBJECT_NUMBER: return _("number");
	case SUBJECT_DEVICE: return _("device");
	case SUBJECT_TRUNK: return _("trunk");
	case SUBJECT_SITE: return _("site");
	case SUBJECT_SERVICE: return _("service");
	case SUBJECT_ORG: return _("organisation");
	}
	return "?";
}

const char *class_word(enum number_class class)
{
	switch (class) {
	case NUMBER_UNKNOWN: return _("unknown");
	case NUMBER_EXTENSION: return _("extension");
	case NUMBER_SERVICE: return _("service");
	case NUMBER_FIXED: return _("fixed");
	case NUMBER_MOBILE: return _("mobile");
	case NUMBER_FIXED_OR_MOBILE: return _("fixed/mob.");
	case NUMBER_TOLL_FREE: return _("toll-free");
	case NUMBER_PREMIUM: return _("premium");
	case NUMBER_SHARED_COST: return _("shared cost");
	case NUMBER_PERSONAL: return _("personal");
	case NUMBER_VOIP: return _("VoIP");
	case NUMBER_PAGER: return _("pager");
	case NUMBER_UAN: return _("UAN");
	case NUMBER_SATELLITE: return _("satellite");
	case NUMBER_GLOBAL: return _("global");
	case NUMBER_URI: return _("SIP address");
	case NUMBER_WITHHELD: return _("withheld");
	}
	return "?";
}

const char *tier_word(enum risk_tier tier)
{
	switch (tier) {
	case TIER_NONE: return "";
	case TIER_LOW: return _("low risk");
	case TIER_MEDIUM: return _("medium risk");
	case TIER_HIGH: return _("high risk");
	case TIER_EXTREME: return _("extreme risk");
	}
	return "?";
}

enum role tier_role(enum risk_tier tier)
{
	switch (tier) {
	case TIER_NONE: case TIER_LOW: return ROLE_DIM;
	case TIER_MEDIUM: return ROLE_MEDIUM;
	case TIER_HIGH: return ROLE_HIGH;
	case TIER_EXTREME: return ROLE_CRITICAL;
	}
	return ROLE_TEXT;
}

/* Of one alert: the msgids are of many. */
const char *severity_word(enum severity severity)
{
	switch (severity) {
	case SEVERITY_LOW: return in_language("low", "baja");
	case SEVERITY_MEDIUM: return in_language("medium", "media");
	case SEVERITY_HIGH: return in_language("high", "alta");
	case SEVERITY_CRITICAL: return in_language("critical", "crítica");
	}
	return "?";
}

const char *direction_word(enum call_direction direction)
{
	switch (direction) {
	case CALL_INTERNAL: return _("internal");
	case CALL_OUTBOUND: return _("outbound");
	case CALL_INBOUND: return _("inbound");
	case CALL_TRANSIT: return _("transit");
	}
	return "?";
}

const char *live_word(enum live_state state)
{
	switch (state) {
	case LIVE_CONNECTING: return _("dialing");
	case LIVE_ALERTING: return _("ringing");
	case LIVE_CONNECTED: return _("talking");
	case LIVE_HELD: case LIVE_REMOTE_HELD: return _("held");
	case LIVE_DISCONNECTED: return _("over");
	}
	return "?";
}

enum role live_role(enum live_state state)
{
	switch (state) {
	case LIVE_CONNECTING: case LIVE_ALERTING: return ROLE_LIVE_RINGING;
	case LIVE_CONNECTED: return ROLE_LIVE_UP;
	case LIVE_HELD: case LIVE_REMOTE_HELD: case LIVE_DISCONNECTED: return ROLE_LIVE_HELD;
	}
	return ROLE_TEXT;
}

const char *value_word(const char *value)
{
	enum alert_state state;
	enum severity severity;
	enum resolution resolution;
	value = or_empty(value);
	if (strcmp(value, "masked") == 0 || strcmp(value, "shown") == 0)
		return *value == 'm' ? _("masked") : _("shown");
	if (alert_state_named(value, &state))
		return state_word(state);
	if (severity_named(value, &severity))
		return severity_badge(severity);
	if (*value != '\0' && resolution_named(value, &resolution))
		return resolution_word(resolution);
	return value;
}

const char *act_word(const char *act)
{
	static const struct {
		const char *act, *word;
	} words[] = { { "raise", N_("raised") }, { "grow", N_("grew") }, { "claim", N_("claimed") },
		{ "ack", N_("acknowledged") }, { "assign", N_("assigned") },
		{ "release", N_("released") }, { "note", N_("noted") }, { "snooze", N_("snoozed") },
		{ "wake", N_("woken") }, { "escalate", N_("escalated") }, { "close", N_("closed") },
		{ "silence_begin", N_("silence set") }, { "silence_extend", N_("prolonged") }, { "silence_end", N_("silence off") },
		{ "reopen", N_("reopened") }, { "silence", N_("silenced") }, { "unsilence", N_("heard again") }, { "tag", N_("tagged") }, { "link", N_("linked") }, { "unlink", N_("unlinked") },
		{ "merge", N_("merged") }, { "merged", N_("has a duplicate") }, { "unmerged", N_("no duplicate") },
		{ "contain", N_("contains") }, { "contain_written", N_("told Webex") }, { "contained", N_("contained") }, { "contain_failed", N_("not contained") },
		{ "uncontain", N_("gives back") }, { "uncontained", N_("given back") }, { "contain_unseen", N_("not seen in force") }, { "uncontain_failed", N_("not given back") },
		{ "step", N_("step done") }, { "unstep", N_("step opened") }, { "tune", N_("tuned") }, { "undo", N_("undone") }, { "redo", N_("done again") },
		{ "unmask", N_("saw numbers") },
		{ "retire", N_("oldest lines retired") } };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(or_empty(act), words[i].act) == 0)
			return _(words[i].word);
	return or_empty(act);
}
