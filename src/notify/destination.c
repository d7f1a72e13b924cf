/* SPDX-License-Identifier: Apache-2.0
 *
 * One destination of the file of routes, as its kind wants it. */
#include "notify/routes_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "net/url.h"
#include "notify/kind.h"

static const char *const formats[] = {
#define FORMAT_NAME(id, name) [id] = name,
	TELL_FORMATS(FORMAT_NAME)
#undef FORMAT_NAME
};

const char *tell_format_name(enum tell_format format)
{
	return formats[format];
}

const char *route_scalar(const struct yaml *value)
{
	return value->kind == YAML_SCALAR ? value->scalar : "";
}

static bool is_clean(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		if (*c < 0x20 || *c == 0x7F)
			return false;
	}
	return true;
}

bool route_text(const char *path, const struct yaml *value, char **out, struct fault *fault)
{
	if (*route_scalar(value) == '\0' || !is_clean(value->scalar))
		return yaml_wrong(path, value, N_("is not a text on one line"), route_scalar(value), fault);
	free(*out);
	*out = mem_strdup(value->scalar);
	return true;
}

bool route_list(const char *path, const struct yaml *value, struct text_list *out, struct fault *fault)
{
	size_t n = value->kind == YAML_LIST ? value->n : 1;
	for (size_t i = 0; i < n; i++) {
		const struct yaml *item = value->kind == YAML_LIST ? value->values[i] : value;
		char *text = NULL;
		if (!route_text(path, item, &text, fault))
			return false;
		out->items = mem_grow(out->items, out->n, &out->room, sizeof *out->items);
		out->items[out->n++] = text;
	}
	return n > 0 || yaml_wrong(path, value, N_("is an empty list"), "", fault);
}

bool route_duration(const char *path, const struct yaml *value, int64_t *out, struct fault *fault)
{
	return (text_to_duration_ms(route_scalar(value), out) && *out > 0) ||
	    yaml_wrong(path, value, N_("is no duration such as 90s, 10m, 12h, 30d"), route_scalar(value), fault);
}

bool route_zone(const char *path, const struct yaml *value, struct zone **out, struct fault *fault)
{
	struct fault why;
	struct zone *zone;
	if (!zone_open(route_scalar(value), &zone, &why))
		return yaml_wrong(path, value, N_("is no time zone of this host, as America/Bogota is"), route_scalar(value), fault);
	zone_free(*out);
	*out = zone;
	return true;
}

/* {file: …} or {command: …}; `plain` where it may also stand there itself. */
static bool put_secret(const char *path, const struct yaml *value, bool plain, struct secret_at *out, struct fault *fault)
{
	const char *const known[] = { "file", "command" };
	if (value->kind == YAML_SCALAR && plain)
		return route_text(path, value, &out->plain, fault);
	if (value->kind != YAML_MAP || value->n != 1)
		return yaml_wrong(path, value, N_("is a secret: it is written as {file: PATH} (mode 0600) or {command: COMMAND}"), "…", fault);
	if (strcmp(value->keys[0]->scalar, "file") == 0)
		return route_text(path, value->values[0], &out->file, fault);
	if (strcmp(value->keys[0]->scalar, "command") == 0)
		return route_text(path, value->values[0], &out->command, fault);
	return yaml_unknown_key(path, value->keys[0], known, COUNT_OF(known), fault);
}

static bool put_named(const char *path, const struct yaml *value, const char *const *names, size_t n, unsigned allowed, int *out,
    struct fault *fault)
{
	char what[160] = "";
	size_t used = (size_t)snprintf(what, sizeof what, "%s", _("is none of"));
	for (size_t i = 0; i < n; i++) {
		if ((allowed & 1u << i) == 0)
			continue;
		if (strcmp(names[i], route_scalar(value)) == 0) {
			*out = (int)i;
			return true;
		}
		used += (size_t)snprintf(what + used, sizeof what - used, " %s", names[i]);
	}
	return yaml_wrong(path, value, what, route_scalar(value), fault);
}

bool route_language(const char *path, const struct yaml *value, bool *es, struct fault *fault)
{
	static const char *const names[] = { "en", "es" };
	int at = 0;
	if (!put_named(path, value, names, 2, 3, &at, fault))
		return false;
	*es = at == 1;
	return true;
}

bool route_is_listed(const char *const *list, size_t n, const char *key)
{
	for (size_t i = 0; i < n && list[i] != NULL; i++) {
		if (strcmp(list[i], key) == 0)
			return true;
	}
	return false;
}

/* ---- destinations ----------------------------------------------------------- */

static const char *const common[] = { "kind", "language", "redact", "zone", "give_up", "ca_file" };
static const char *const of_people[] = { "burst", "window", "digest" };

static bool may_have(const struct notify_kind *kind, const char *key)
{
	return route_is_listed(common, COUNT_OF(common), key) || (kind->for_people && route_is_listed(of_people, COUNT_OF(of_people), key)) ||
	    route_is_listed(kind->needs, COUNT_OF(kind->needs), key) || route_is_listed(kind->takes, COUNT_OF(kind->takes), key);
}

static bool unknown_here(const char *path, const struct yaml *key, const struct notify_kind *kind, struct fault *fault)
{
	const char *known[COUNT_OF(common) + COUNT_OF(of_people) + COUNT_OF(kind->needs) + COUNT_OF(kind->takes)];
	size_t n = 0;
	for (size_t i = 0; i < COUNT_OF(common); i++)
		known[n++] = common[i];
	for (size_t i = 0; i < COUNT_OF(of_people) && kind->for_people; i++)
		known[n++] = of_people[i];
	for (size_t i = 0; i < COUNT_OF(kind->needs) && kind->needs[i] != NULL; i++)
		known[n++] = kind->needs[i];
	for (size_t i = 0; i < COUNT_OF(kind->takes) && kind->takes[i] != NULL; i++)
		known[n++] = kind->takes[i];
	return yaml_unknown_key(path, key, known, n, fault);
}

static bool put_url(const char *path, const struct yaml *value, struct destination *d, struct fault *fault)
{
	struct url url;
	struct fault why;
	if (!put_secret(path, value, !d->kind->url_is_secret, &d->url, fault))
		return false;
	return d->url.plain == NULL || url_read(d->url.plain, &url, &why) || yaml_wrong(path, value, N_("is no https address"), "…", fault);
}

/* "host:6514", of letters that a host may have. */
static bool put_server(const char *path, const struct yaml *value, struct destination *d, struct fault *fault)
{
	const char *text = route_scalar(value), *colon = strrchr(text, ':');
	int64_t port;
	bool ok = colon != NULL && colon > text && text_to_int(colon + 1, 1, 65535, &port) &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-") == (size_t)(colon - text);
	return ok ? route_text(path, value, &d->server, fault) : yaml_wrong(path, value, N_("is no HOST:PORT"), text, fault);
}

static bool is_address(const char *text)
{
	const char *at = strchr(text, '@');
	return at != NULL && at > text && at[1] != '\0' && strlen(text) < 255 && is_clean(text) && strpbrk(text, " <>,;:\"()[]\\") == NULL &&
	    strchr(at + 1, '@') == NULL;
}

static bool put_address(const char *path, const struct yaml *value, struct destination *d, struct fault *fault)
{
	return is_address(route_scalar(value)) ? route_text(path, value, &d->from, fault) : yaml_wrong(path, value, N_("is no mail address"), route_scalar(value), fault);
}

static bool put_addresses(const char *path, const struct yaml *value, struct destination *d, struct fault *fault)
{
	if (!route_list(path, value, &d->to, fault))
		return false;
	for (size_t i = 0; i < d->to.n; i++) {
		if (!is_address(d->to.items[i]))
			return yaml_wrong(path, value, N_("is no mail address"), d->to.items[i], fault);
	}
	return d->to.n <= 50 || yaml_wrong(path, value, N_("has more than 50 addresses"), "to", fault);
}

static bool put_burst(const char *path, const struct yaml *value, struct destination *d, struct fault *fault)
{
	return text_to_int(route_scalar(value), 1, 1000, &d->burst) || yaml_wrong(path, value, N_("is no number from 1 to 1000"), route_scalar(value), fault);
}

static bool put_key(const char *path, const struct yaml *key, const struct yaml *value, struct destination *d, struct fault *fault)
{
	static const char *const redactions[] = {
#define REDACTION_NAME(id, name) [id] = name,
		REDACTIONS(REDACTION_NAME)
#undef REDACTION_NAME
	};
	const struct {
		const char *name;
		char **at;
	} texts[] = { { "api", &d->api }, { "room", &d->room }, { "user", &d->user }, { "path", &d->path }, { "ca_file", &d->ca_file } };
	const struct {
		const char *name;
		int64_t *at;
	} durations[] = { { "window", &d->window_ms }, { "digest", &d->digest_ms }, { "give_up", &d->give_up_ms } };
	const struct {
		const char *name;
		bool (*put)(const char *, const struct yaml *, struct destination *, struct fault *);
	} others[] = { { "url", put_url }, { "server", put_server }, { "from", put_address }, { "to", put_addresses }, { "burst", put_burst } };
	const char *name = key->scalar;
	int at = 0;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (strcmp(name, texts[i].name) == 0)
			return route_text(path, value, texts[i].at, fault);
	}
	for (size_t i = 0; i < COUNT_OF(durations); i++) {
		if (strcmp(name, durations[i].name) == 0)
			return route_duration(path, value, durations[i].at, fault);
	}
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (strcmp(name, others[i].name) == 0)
			return others[i].put(path, value, d, fault);
	}
	if (strcmp(name, "token") == 0 || strcmp(name, "secret") == 0 || strcmp(name, "password") == 0)
		return put_secret(path, value, false, &d->secret, fault);
	if (strcmp(name, "language") == 0)
		return route_language(path, value, &d->es, fault);
	if (strcmp(name, "zone") == 0)
		return route_zone(path, value, &d->zone, fault);
	if (strcmp(name, "redact") == 0) {
		bool ok = put_named(path, value, redactions, COUNT_OF(redactions), 7, &at, fault);
		d->redact = (enum redaction)at;
		return ok;
	}
	if (strcmp(name, "format") == 0) {
		bool ok = put_named(path, value, formats, N_TELL_FORMATS, d->kind->formats, &at, fault);
		d->format = (enum tell_format)at;
		return ok;
	}
	return strcmp(name, "kind") == 0;
}

static bool read_kind(const char *path, const struct yaml *map, struct destination *d, struct fault *fault)
{
	char what[200];
	size_t used = (size_t)snprintf(what, sizeof what, "%s", _("is no kind of destination; there are"));
	d->kind = notify_kind_named(yaml_str(map, "kind", ""));
	for (size_t i = 0; d->kind == NULL && notify_kinds[i] != NULL; i++)
		used += (size_t)snprintf(what + used, sizeof what - used, " %s", notify_kinds[i]->name);
	const struct yaml *at = yaml_get(map, "kind");
	if (d->kind == NULL)
		return yaml_wrong(path, at == NULL ? map : at, what, yaml_str(map, "kind", ""), fault);
	for (unsigned i = 0; d->kind->formats != 0; i++) {
		if (d->kind->formats & 1u << i) {
			d->format = (enum tell_format)i;
			break;
		}
	}
	return true;
}

bool destination_read(const char *path, const struct yaml *key, const struct yaml *map, struct destination *d, struct fault *fault)
{
	if (map->kind != YAML_MAP)
		return yaml_wrong(path, map, N_("is written as \"kind: …\" and what that kind needs"), key->scalar, fault);
	if (!is_clean(key->scalar) || *key->scalar == '\0' || strlen(key->scalar) > 60)
		return yaml_wrong(path, key, N_("is no name"), key->scalar, fault);
	if (!read_kind(path, map, d, fault))
		return false;
	for (size_t i = 0; i < map->n; i++) {
		if (!may_have(d->kind, map->keys[i]->scalar))
			return unknown_here(path, map->keys[i], d->kind, fault);
		if (!put_key(path, map->keys[i], map->values[i], d, fault))
			return false;
	}
	for (size_t i = 0; i < COUNT_OF(d->kind->needs) && d->kind->needs[i] != NULL; i++) {
		char what[120];
		snprintf(what, sizeof what, _("needs \"%s\""), d->kind->needs[i]);
		if (yaml_get(map, d->kind->needs[i]) == NULL)
			return yaml_wrong(path, key, what, key->scalar, fault);
	}
	return true;
}
