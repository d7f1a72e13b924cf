/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is told what: a YAML file named by the setting `notify`. Secrets never
 * stand in it: they come from a file (0600) or a command. */
#ifndef NOTIFY_ROUTES_H
#define NOTIFY_ROUTES_H

#include "alerts/notice.h"
#include "base/zone.h"
#include "calls/week_hours.h"
#include "filter/filter.h"

/*
 *	language: es                     # of destinations that say nothing else
 *	destinations:
 *	  soc-room:
 *	    kind: webex                  # one of notify/catalog.c
 *	    room: Y2lzY29zcGFyazov…
 *	    token: {file: /etc/centinela/bot.token}
 *	    redact: numbers              # none, numbers, names
 *	    zone: America/Bogota         # of the times it is told
 *	    burst: 5                     # so many messages in …
 *	    window: 5m                   # … so long; what is more is gathered
 *	  siem:
 *	    kind: syslog
 *	    server: siem.bank.example:6514
 *	    format: cef                  # cef, ocsf, ecs
 *	routes:                          # each that fits; a destination is told once
 *	  - to: [soc-room]
 *	    severity: high               # at least
 *	    filter: dst.tier = extreme … # the filter language of alerts
 *	    sites: [Bogotá]
 *	    hours: {mon-fri: 07:00-19:00}
 *	    zone: America/Bogota         # of the hours
 *	    tell: [raised, worse, closed, acts]
 */
struct secret_at {
	char *plain; /* of an address that is no secret */
	char *file, *command;
};

#define REDACTIONS(row) row(REDACT_NONE, "none") row(REDACT_NUMBERS, "numbers") row(REDACT_NAMES, "names")
enum redaction {
#define REDACTION_ENUM(id, name) id,
	REDACTIONS(REDACTION_ENUM)
#undef REDACTION_ENUM
};

#define TELL_FORMATS(row) row(FORMAT_ALERT, "alert") row(FORMAT_CEF, "cef") row(FORMAT_OCSF, "ocsf") row(FORMAT_ECS, "ecs")
enum tell_format {
#define FORMAT_ENUM(id, name) id,
	TELL_FORMATS(FORMAT_ENUM)
#undef FORMAT_ENUM
	N_TELL_FORMATS
};
const char *tell_format_name(enum tell_format);

struct text_list {
	char **items;
	size_t n, room;
};

struct notify_kind;
struct destination {
	char *name;
	const struct notify_kind *kind;
	bool es;
	enum redaction redact;
	enum tell_format format;
	struct zone *zone; /* NULL: UTC */
	struct secret_at url, secret; /* secret: of whatever sort it is there */
	char *api, *room, *server, *user, *from, *path, *ca_file; /* NULL: not said */
	struct text_list to;
	int64_t burst, window_ms, digest_ms, give_up_ms;
};

struct notify_route {
	struct text_list to, sites;
	char *filter; /* "" all */
	enum severity severity;
	unsigned kinds; /* bits of enum notice_kind; 0: as the destination is for */
	bool has_hours;
	struct week_hours hours;
	struct zone *zone;
};

struct notify_routes {
	char *path;
	struct destination *destinations;
	size_t n_destinations, destinations_room;
	struct notify_route *routes;
	size_t n_routes, routes_room;
	int64_t max_age_ms; /* what is older than this when it is found is told to nobody */
};

/* Whatever is not understood is a fault with path:line:column. */
bool notify_routes_read(const char *path, struct notify_routes **, struct fault *) MUST_USE;
bool notify_routes_parse(const char *path, const char *bytes, size_t n, struct notify_routes **, struct fault *) MUST_USE;
void notify_routes_free(struct notify_routes *); /* NULL is fine */
const struct destination *notify_routes_destination(const struct notify_routes *, const char *name); /* or NULL */

/* Those that a notice of this kind may go to, about an alert that is not worse than this. */
size_t notify_routes_reach(const struct notify_routes *, enum notice_kind, enum severity worst, int64_t now_ms, const struct destination **, size_t capacity);
/* The destinations that are to be told, each once; returns how many. */
size_t notify_routes_of(const struct notify_routes *, const struct notice *, int64_t now_ms, const struct destination **, size_t capacity);

#endif
