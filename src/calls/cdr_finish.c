/* SPDX-License-Identifier: Apache-2.0
 *
 * From a record's texts to its numbers and times, for JSON and CSV alike. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/text.h"
#include "calls/cdr_json.h"

static int two(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* Is every byte of a time where its form has it? One that is not sets its top
 * bit: a digit differs from '0' by at most 9, and 'v' + 9 is below 0x80; any
 * other byte may differ by nothing, and 0x7F + 1 is 0x80. */
static inline uint64_t strays(const char *p, size_t at)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	static const char room[] = "vvvv\177vv\177vv\177vv\177vv\177vv\177vvv\177";
	uint64_t bytes, zeros, rooms;
	memcpy(&bytes, p + at, 8);
	memcpy(&zeros, form + at, 8);
	memcpy(&rooms, room + at, 8);
	bytes ^= zeros;
	return (bytes | (bytes + rooms)) & UINT64_C(0x8080808080808080);
}

/* The one form that Webex sends, 24 bytes; all others go the long way. */
static bool fast_time(const char *p, int64_t *ms)
{
	static _Thread_local char day_text[10];
	static _Thread_local int64_t day_ms;
	if ((strays(p, 0) | strays(p, 8) | strays(p, 16)) != 0)
		return false;
	if (memcmp(p, day_text, 10) != 0) {
		char midnight[24];
		memcpy(midnight, p, 10);
		memcpy(midnight + 10, "T00:00:00Z", 10);
		if (!iso_time_parse(midnight, 20, &day_ms))
			return false;
		memcpy(day_text, p, 10);
	}
	int hour = two(p + 11), minute = two(p + 14), second = two(p + 17);
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*ms = day_ms + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS +
	    (p[20] - '0') * 100 + two(p + 21);
	return true;
}

static bool read_time(struct span s, int64_t *ms)
{
	return (s.n == 24 && fast_time(s.p, ms)) || iso_time_parse(s.p, s.n, ms);
}

static bool read_number(struct span s, bool negative_too, int32_t *out)
{
	char digits[16];
	int64_t value;
	if (s.n == 1 && *s.p >= '0' && *s.p <= '9') {
		*out = *s.p - '0';
		return true;
	}
	/* "12.0" and "12.5": some tenants send seconds as reals. */
	const char *dot = memchr(s.p, '.', s.n);
	size_t n = dot == NULL ? s.n : (size_t)(dot - s.p);
	if (n == 0 || n >= sizeof digits || memchr(s.p, '\0', n) != NULL)
		return false;
	memcpy(digits, s.p, n);
	digits[n] = '\0';
	if (!text_to_int(digits, negative_too ? INT32_MIN + 1 : 0, INT32_MAX, &value))
		return false;
	*out = (int32_t)value;
	return true;
}

static bool complain(char *why, size_t capacity, enum cdr_field field, struct span s,
    const char *what)
{
	char shown[48];
	text_printable(shown, sizeof shown, s.p, MIN(s.n, 40u));
	snprintf(why, capacity, "%s \"%s\" %s", cdr_wire_name(field), shown, what);
	return false;
}

static bool count_of(const struct cdr *cdr, enum cdr_field field, int32_t *out, char *why,
    size_t capacity)
{
	*out = 0;
	if (cdr->field[field].n == 0 || read_number(cdr->field[field], false, out))
		return true;
	return complain(why, capacity, field, cdr->field[field], _("is not a count of seconds"));
}

static void time_of(struct cdr *cdr, enum cdr_field field, int64_t *out)
{
	/* A time that cannot be read is as good as none: the record stays. */
	*out = 0;
	if (cdr->field[field].n > 0 && !read_time(cdr->field[field], out))
		*out = 0;
}

/* Nearly always all of them are absent or right: a length that fits none of
 * the wrong ones is looked at no further. */
static void mend_spellings(struct cdr *cdr)
{
	static const enum cdr_field fields[] = { CDR_F_USER_TYPE, CDR_F_RELATED_REASON, CDR_F_ORIGINAL_REASON,
		CDR_F_REDIRECT_REASON, CDR_F_REPUTATION_RESULT, CDR_F_RECORDING_TRIGGER };
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		struct span value = cdr->field[fields[i]];
		if (value.n >= 7)
			cdr->field[fields[i]] = cdr_meant(fields[i], value);
	}
}

bool cdr_finish(struct cdr *cdr, char *why, size_t capacity)
{
	mend_spellings(cdr);
	struct span start = cdr->field[CDR_F_START_TIME];
	if (start.n == 0) {
		snprintf(why, capacity, "%s", _("the record has no Start time"));
		return false;
	}
	if (!read_time(start, &cdr->start_ms))
		return complain(why, capacity, CDR_F_START_TIME, start, _("is not a time"));
	time_of(cdr, CDR_F_ANSWER_TIME, &cdr->answer_ms);
	time_of(cdr, CDR_F_RELEASE_TIME, &cdr->release_ms);
	time_of(cdr, CDR_F_CALL_TRANSFER_TIME, &cdr->transfer_ms);
	time_of(cdr, CDR_F_REPORT_TIME, &cdr->report_ms);
	if (!count_of(cdr, CDR_F_DURATION, &cdr->duration_s, why, capacity) ||
	    !count_of(cdr, CDR_F_RING_DURATION, &cdr->ring_s, why, capacity) ||
	    !count_of(cdr, CDR_F_HOLD_DURATION, &cdr->hold_s, why, capacity))
		return false;
	if (cdr->report_ms == 0)
		cdr->report_ms = cdr->release_ms != 0 ? cdr->release_ms :
		    cdr->start_ms + cdr->duration_s * SECOND_MS;
	cdr->site_utc_minutes = CDR_NO_OFFSET;
	struct span offset = cdr->field[CDR_F_SITE_TIMEZONE];
	int32_t minutes;
	if (offset.n > 0 && read_number(offset, true, &minutes) && minutes >= -14 * 60 &&
	    minutes <= 14 * 60)
		cdr->site_utc_minutes = minutes;
	cdr->flags = 0;
	/* A report without that column has the time still. */
	struct span answered = cdr->field[CDR_F_ANSWERED];
	if (answered.n == 0 ? cdr->answer_ms != 0 : answered.n == 4 && strncasecmp(answered.p, "true", 4) == 0)
		cdr->flags |= CDR_ANSWERED;
	struct span direction = cdr->field[CDR_F_DIRECTION];
	if (direction.n > 0 && (direction.p[0] | 32) == 'o')
		cdr->flags |= CDR_ORIGINATING;
	return true;
}
