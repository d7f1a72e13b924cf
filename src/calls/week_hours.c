/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/week_hours.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"

#define DAY_MINUTES 1440

static const char *const day_names[7] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

static int day_named(const char *text, size_t n)
{
	for (int i = 0; i < 7; i++) {
		if (n == 3 && strncasecmp(text, day_names[i], 3) == 0)
			return i;
	}
	return -1;
}

/* "07:00" → 420; *p moves behind it. 24:00 is the end of the day. */
static bool read_minute(const char **p, int *out)
{
	const char *c = *p;
	int hour = 0, digits = 0;
	for (; *c >= '0' && *c <= '9' && digits < 2; c++, digits++)
		hour = hour * 10 + (*c - '0');
	if (digits == 0 || c[0] != ':' || c[1] < '0' || c[1] > '5' || c[2] < '0' || c[2] > '9')
		return false;
	*out = hour * 60 + (c[1] - '0') * 10 + (c[2] - '0');
	*p = c + 3;
	return *out <= DAY_MINUTES;
}

static bool read_span(const char *text, int *from, int *until)
{
	if (text_equal_nocase(text, "closed")) {
		*from = *until = 0;
		return true;
	}
	return read_minute(&text, from) && *text++ == '-' && read_minute(&text, until) && *text == '\0' && *from < DAY_MINUTES &&
	    *from != *until;
}

static bool read_days(const char *path, const struct yaml *key, const struct yaml *value, struct week_hours *hours, struct fault *fault)
{
	const char *text = key->scalar, *dash = strchr(text, '-');
	int first = day_named(text, dash == NULL ? strlen(text) : (size_t)(dash - text));
	int last = dash == NULL ? first : day_named(dash + 1, strlen(dash + 1));
	int from, until;
	if (first < 0 || last < 0)
		return yaml_wrong(path, key, N_("is no day: mon, tue … sun, or two of them as mon-fri"), text, fault);
	if (value->kind != YAML_SCALAR || !read_span(value->scalar, &from, &until))
		return yaml_wrong(path, value, N_("are no hours: 07:00-19:00, or closed"), value->kind == YAML_SCALAR ? value->scalar : "", fault);
	for (int day = first;; day = (day + 1) % 7) {
		hours->from[day] = (int16_t)from;
		hours->until[day] = (int16_t)until;
		if (day == last)
			return true;
	}
}

bool week_hours_read(const char *path, const struct yaml *value, struct week_hours *hours, struct fault *fault)
{
	hours->always = false; /* said anew: a day that is not named is closed */
	memset(hours->from, 0, sizeof hours->from);
	memset(hours->until, 0, sizeof hours->until);
	if (value->kind == YAML_MAP) {
		for (size_t i = 0; i < value->n; i++) {
			if (!read_days(path, value->keys[i], value->values[i], hours, fault))
				return false;
		}
		return true;
	}
	bool always = value->kind == YAML_SCALAR && text_equal_nocase(value->scalar, "always");
	if (!always && (value->kind != YAML_SCALAR || !text_equal_nocase(value->scalar, "never")))
		return yaml_wrong(path, value, N_("are no hours: {mon-fri: 07:00-19:00}, always or never"), value->kind == YAML_SCALAR ? value->scalar : "", fault);
	for (int day = 0; day < 7; day++)
		hours->until[day] = always ? DAY_MINUTES : 0;
	hours->always = always;
	return true;
}
