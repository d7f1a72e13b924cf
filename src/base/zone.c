/* SPDX-License-Identifier: Apache-2.0
 *
 * TZif (RFC 8536) read with every count checked against the bytes there are.
 * Instants after the last transition follow the POSIX rule in the footer. */
#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/iso_time.h"
#include "base/mem.h"

#define ZONE_FOLDER	"/usr/share/zoneinfo"
#define ZONE_NAME_BYTES 64
#define ZONE_FILE_BYTES ((size_t)256 * 1024) /* the largest of tzdata 2024 is 4 kB */
#define HEADER_BYTES	44
#define ABBREVIATION_BYTES 12

/* When a POSIX rule switches: a day of the year and seconds after midnight. */
struct switch_day {
	enum { DAY_OF_MONTH_RULE, DAY_WITHOUT_LEAP, DAY_WITH_LEAP } kind;
	int month, week, weekday; /* Mm.w.d */
	int day;		  /* Jn or n */
	int32_t at_s;
};

/* "MST7MDT,M3.2.0,M11.1.0". Offsets are added to UTC (POSIX writes minus). */
struct posix_rule {
	bool present, has_dst;
	int32_t std_s, dst_s;
	char std_name[ABBREVIATION_BYTES], dst_name[ABBREVIATION_BYTES];
	struct switch_day start, end;
};

struct local_type {
	int32_t offset_s;
	uint8_t abbreviation; /* place in `abbreviations` */
};

struct zone {
	char *name;
	size_t n_transitions, n_types;
	int64_t *at_s;	/* n_transitions, growing */
	uint8_t *to_type; /* n_transitions */
	struct local_type *types;
	char *abbreviations; /* each ends in NUL, and so does the whole */
	struct posix_rule rule;
};

static uint32_t big32(const unsigned char *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t big64(const unsigned char *b)
{
	return (int64_t)((uint64_t)big32(b) << 32 | big32(b + 4));
}

/* -- the footer ------------------------------------------------------- */

static bool rule_name(const char **at, char out[static ABBREVIATION_BYTES])
{
	const char *p = *at;
	bool quoted = *p == '<';
	size_t n = 0;
	if (quoted)
		p++;
	for (; *p != '\0'; p++) {
		bool letter = (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z');
		bool more = quoted && ((*p >= '0' && *p <= '9') || *p == '+' || *p == '-');
		if (!letter && !more)
			break;
		if (n + 1 >= ABBREVIATION_BYTES)
			return false;
		out[n++] = *p;
	}
	out[n] = '\0';
	if (quoted && *p++ != '>')
		return false;
	*at = p;
	return n >= 3;
}

static bool rule_digits(const char **at, int most, int *out)
{
	const char *p = *at;
	int value = 0;
	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		value = value * 10 + (*p - '0');
		if (value > most)
			return false;
	}
	*at = p;
	*out = value;
	return true;
}

/* [+-]h[h][h][:mm[:ss]]; RFC 8536 3.3.1 lets times of day go to 167 hours. */
static bool rule_time(const char **at, int most_hours, int32_t *out)
{
	int32_t sign = 1;
	int hours, minutes = 0, seconds = 0;
	if (**at == '+' || **at == '-')
		sign = *(*at)++ == '-' ? -1 : 1;
	if (!rule_digits(at, most_hours, &hours))
		return false;
	if (**at == ':') {
		(*at)++;
		if (!rule_digits(at, 59, &minutes))
			return false;
		if (**at == ':') {
			(*at)++;
			if (!rule_digits(at, 59, &seconds))
				return false;
		}
	}
	*out = sign * (hours * 3600 + minutes * 60 + seconds);
	return true;
}

static bool rule_switch(const char **at, struct switch_day *out)
{
	*out = (struct switch_day){ .at_s = 7200 };
	if (*(*at)++ != ',')
		return false;
	if (**at == 'M') {
		(*at)++;
		if (!rule_digits(at, 12, &out->month) || out->month == 0 || *(*at)++ != '.' ||
		    !rule_digits(at, 5, &out->week) || out->week == 0 || *(*at)++ != '.' ||
		    !rule_digits(at, 6, &out->weekday))
			return false;
	} else if (**at == 'J') {
		(*at)++;
		out->kind = DAY_WITHOUT_LEAP;
		if (!rule_digits(at, 365, &out->day) || out->day == 0)
			return false;
	} else {
		out->kind = DAY_WITH_LEAP;
		if (!rule_digits(at, 365, &out->day))
			return false;
	}
	if (**at == '/') {
		(*at)++;
		return rule_time(at, 167, &out->at_s);
	}
	return true;
}

static bool rule_parse(const char *text, struct posix_rule *rule)
{
	const char *p = text;
	*rule = (struct posix_rule){ 0 };
	if (!rule_name(&p, rule->std_name) || !rule_time(&p, 24, &rule->std_s))
		return false;
	rule->std_s = -rule->std_s;
	if (*p != '\0') {
		rule->has_dst = true;
		rule->dst_s = rule->std_s + 3600;
		if (!rule_name(&p, rule->dst_name))
			return false;
		if (*p != ',' && *p != '\0') {
			if (!rule_time(&p, 24, &rule->dst_s))
				return false;
			rule->dst_s = -rule->dst_s;
		}
		if (!rule_switch(&p, &rule->start) || !rule_switch(&p, &rule->end))
			return false;
	}
	rule->present = *p == '\0';
	return rule->present;
}

/* Local seconds since 1970, as if local time were UTC, of a switch in `year`. */
static int64_t switch_local_s(const struct switch_day *day, int year)
{
	int64_t first = civil_to_ms(year, 1, 1, 0, 0, 0, 0) / 1000;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t date = 0;
	switch (day->kind) {
	case DAY_WITHOUT_LEAP:
		date = first + (int64_t)(day->day - 1 + (leap && day->day >= 60)) * 86400;
		break;
	case DAY_WITH_LEAP:
		date = first + (int64_t)day->day * 86400;
		break;
	case DAY_OF_MONTH_RULE: {
		static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
		struct civil civil;
		int64_t ms = civil_to_ms(year, day->month, 1, 0, 0, 0, 0);
		civil_from_ms(ms, &civil);
		int in_month = month_days[day->month - 1] + (leap && day->month == 2);
		int first_such = (day->weekday - civil.weekday + 7) % 7;
		int days = first_such + (day->week - 1) * 7;
		if (days >= in_month)
			days -= 7; /* week 5 is the last one, whichever that is */
		date = ms / 1000 + (int64_t)days * 86400;
		break;
	}
	}
	return date + day->at_s;
}

static int32_t rule_offset(const struct posix_rule *rule, int64_t utc_s, const char **name)
{
	bool dst = false;
	if (rule->has_dst) {
		struct civil civil;
		civil_from_ms((utc_s + rule->std_s) * 1000, &civil);
		int64_t start = switch_local_s(&rule->start, civil.year) - rule->std_s;
		int64_t end = switch_local_s(&rule->end, civil.year) - rule->dst_s;
		dst = start < end ? utc_s >= start && utc_s < end :
				    utc_s >= start || utc_s < end; /* the south */
	}
	if (name != NULL)
		*name = dst ? rule->dst_name : rule->std_name;
	return dst ? rule->dst_s : rule->std_s;
}

/* -- the file --------------------------------------------------------- */

struct counts {
	size_t isut, isstd, leaps, transitions, types, chars;
};

static bool header(const unsigned char *b, size_t n, struct counts *out)
{
	if (n < HEADER_BYTES || memcmp(b, "TZif", 4) != 0)
		return false;
	*out = (struct counts){ big32(b + 20), big32(b + 24), big32(b + 28), big32(b + 32),
		big32(b + 36), big32(b + 40) };
	return out->isut <= 256 && out->isstd <= 256 && out->leaps <= 4096 &&
	    out->transitions <= 65536 && out->types >= 1 && out->types <= 256 &&
	    out->chars >= 1 && out->chars <= 4096;
}

static size_t body_bytes(const struct counts *c, size_t time_bytes)
{
	return c->transitions * (time_bytes + 1) + c->types * 6 + c->chars +
	    c->leaps * (time_bytes + 4) + c->isstd + c->isut;
}

/* Bounds of the whole body are known to be right; what it says may not be. */
static bool body(struct zone *zone, const unsigned char *b, const struct counts *c,
    size_t time_bytes)
{
	zone->n_transitions = c->transitions;
	zone->n_types = c->types;
	zone->at_s = mem_alloc((c->transitions + 1) * sizeof *zone->at_s);
	zone->to_type = mem_alloc(c->transitions + 1);
	zone->types = mem_alloc(c->types * sizeof *zone->types);
	zone->abbreviations = mem_alloc(c->chars + 1);
	for (size_t i = 0; i < c->transitions; i++, b += time_bytes) {
		zone->at_s[i] = time_bytes == 8 ? big64(b) : (int32_t)big32(b);
		if (i > 0 && zone->at_s[i] <= zone->at_s[i - 1])
			return false;
	}
	for (size_t i = 0; i < c->transitions; i++, b++) {
		zone->to_type[i] = *b;
		if (*b >= c->types)
			return false;
	}
	for (size_t i = 0; i < c->types; i++, b += 6) {
		int32_t offset = (int32_t)big32(b);
		/* Beyond a day and two hours is no place on Earth (RFC 8536 3.2). */
		if (offset < -93600 || offset > 93600 || b[5] >= c->chars)
			return false;
		zone->types[i] = (struct local_type){ offset, b[5] };
	}
	memcpy(zone->abbreviations, b, c->chars);
	zone->abbreviations[c->chars] = '\0';
	return true;
}

static bool footer(struct zone *zone, const unsigned char *b, size_t n)
{
	char text[128];
	if (n < 2 || b[0] != '\n')
		return false;
	const unsigned char *end = memchr(b + 1, '\n', n - 1);
	if (end == NULL || (size_t)(end - b) >= sizeof text)
		return false;
	size_t length = (size_t)(end - b) - 1;
	memcpy(text, b + 1, length);
	text[length] = '\0';
	if (strlen(text) != length)
		return false;
	return length == 0 || rule_parse(text, &zone->rule);
}

static bool tzif(struct zone *zone, const unsigned char *b, size_t n)
{
	struct counts c;
	if (!header(b, n, &c))
		return false;
	char version = (char)b[4];
	b += HEADER_BYTES;
	n -= HEADER_BYTES;
	size_t size = body_bytes(&c, 4);
	if (size > n)
		return false;
	if (version == '\0')
		return body(zone, b, &c, 4);
	b += size;
	n -= size;
	if (!header(b, n, &c))
		return false;
	b += HEADER_BYTES;
	n -= HEADER_BYTES;
	size = body_bytes(&c, 8);
	if (size > n)
		return false;
	return body(zone, b, &c, 8) && footer(zone, b + size, n - size);
}

bool zone_parse(const char *name, const void *bytes, size_t n, struct zone **out,
    struct fault *fault)
{
	struct zone *zone = mem_zalloc(sizeof *zone);
	*out = NULL;
	zone->name = mem_strdup(name);
	if (!tzif(zone, bytes, n)) {
		zone_free(zone);
		return fault_set(fault, FAULT_INPUT,
		    "time zone \"%.64s\": its file is not a whole TZif file; reinstall tzdata", name);
	}
	*out = zone;
	return true;
}

static bool name_is_harmless(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";
	size_t n = strlen(name);
	return n > 0 && n < ZONE_NAME_BYTES && strspn(name, allowed) == n && name[0] != '/' &&
	    name[n - 1] != '/' && strstr(name, "//") == NULL; /* no dots, so no ".." */
}

bool zone_open(const char *name, struct zone **out, struct fault *fault)
{
	*out = NULL;
	if (name == NULL || !name_is_harmless(name))
		return fault_set(fault, FAULT_INPUT,
		    "not a time zone's name; write one like America/Bogota");
	char path[sizeof ZONE_FOLDER + 1 + ZONE_NAME_BYTES];
	memcpy(path, ZONE_FOLDER "/", sizeof ZONE_FOLDER);
	memcpy(path + sizeof ZONE_FOLDER, name, strlen(name) + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return fault_set(fault, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM,
		    "time zone %s: cannot read %s: %s; is the package tzdata installed?", name,
		    path, strerror(errno));
	struct stat status;
	bool ok = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
	    (size_t)status.st_size <= ZONE_FILE_BYTES;
	if (!ok) {
		close(fd);
		return fault_set(fault, FAULT_INPUT, "time zone %s: %s is not a TZif file", name,
		    path);
	}
	size_t size = (size_t)status.st_size, have = 0;
	unsigned char *bytes = mem_alloc(size);
	while (have < size) {
		ssize_t got = read(fd, bytes + have, size - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	close(fd);
	ok = zone_parse(name, bytes, have, out, fault);
	free(bytes);
	return ok;
}

void zone_free(struct zone *zone)
{
	if (zone == NULL)
		return;
	free(zone->name);
	free(zone->at_s);
	free(zone->to_type);
	free(zone->types);
	free(zone->abbreviations);
	free(zone);
}

const char *zone_name(const struct zone *zone)
{
	return zone->name;
}

int32_t zone_offset_s(const struct zone *zone, int64_t utc_ms, const char **abbreviation)
{
	int64_t utc_s = utc_ms >= 0 ? utc_ms / 1000 : -((999 - utc_ms) / 1000);
	size_t low = 0, high = zone->n_transitions;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (zone->at_s[middle] <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	/* `low` transitions lie behind us. */
	if (low == zone->n_transitions && zone->rule.present)
		return rule_offset(&zone->rule, utc_s, abbreviation);
	const struct local_type *type = &zone->types[low == 0 ? 0 : zone->to_type[low - 1]];
	if (abbreviation != NULL)
		*abbreviation = zone->abbreviations + type->abbreviation;
	return type->offset_s;
}
