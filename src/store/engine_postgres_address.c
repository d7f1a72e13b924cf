/* SPDX-License-Identifier: Apache-2.0
 *
 * postgresql://[USER@]HOST[:PORT]/DATABASE[?WORD=VALUE&…], as libpq reads it,
 * and what Centinela adds: no password in an address, where every process of
 * the host could read it; and beyond this host only a server that proves with
 * its certificate who it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/engine_postgres.h"

static const char *value_of(const struct pg_address *address, const char *word)
{
	for (size_t i = 0; i < address->n; i++)
		if (strcmp(address->words[i], word) == 0)
			return address->values[i];
	return "";
}

static void add(struct pg_address *address, const char *word, const char *value)
{
	assert(address->n < PG_WORDS_MAX);
	address->words[address->n] = word;
	address->values[address->n++] = mem_strdup(value);
}

static void add_unless_said(struct pg_address *address, const char *word, const char *value)
{
	if (*value_of(address, word) == '\0')
		add(address, word, value);
}

/* One name of a list as libpq takes it: a folder of sockets, or this host's own. */
static bool is_here(const char *host, size_t n)
{
	static const char *const ours[] = { "localhost", "127.0.0.1", "::1" };
	if (n == 0 || host[0] == '/' || host[0] == '@')
		return true;
	for (size_t i = 0; i < COUNT_OF(ours); i++)
		if (strlen(ours[i]) == n && strncasecmp(ours[i], host, n) == 0)
			return true;
	return false;
}

static bool all_here(const char *hosts)
{
	for (;;) {
		size_t n = strcspn(hosts, ",");
		if (!is_here(hosts, n))
			return false;
		if (hosts[n] == '\0')
			return true;
		hosts += n + 1;
	}
}

static const char *said(const char *value, const char *variable)
{
	const char *other = getenv(variable);
	return *value != '\0' ? value : other == NULL ? "" : other;
}

/* An address is where a connection goes; hostaddr is where it really goes. */
static bool goes_here(const char *host, const char *hostaddr)
{
	return all_here(*hostaddr != '\0' ? hostaddr : host);
}

static void secure(struct pg_address *address)
{
	bool service = *said(value_of(address, "service"), "PGSERVICE") != '\0';
	address->own_tls = *said(value_of(address, "sslmode"), "PGSSLMODE") != '\0';
	if (address->own_tls || service) /* whose file may say it: looked at later */
		return;
	if (!goes_here(said(value_of(address, "host"), "PGHOST"), said(value_of(address, "hostaddr"), "PGHOSTADDR")))
		add(address, "sslmode", "verify-full");
}

static char *shown(const struct pg_address *address)
{
	const char *host = value_of(address, "host"), *port = value_of(address, "port"), *service = value_of(address, "service");
	if (*service != '\0')
		return mem_printf("postgresql:///?service=%s", service);
	if (*host == '/' || *host == '\0')
		return mem_printf("postgresql:///%s", value_of(address, "dbname"));
	return mem_printf("postgresql://%s%s%s/%s", host, *port == '\0' ? "" : ":", port, value_of(address, "dbname"));
}

/* libpq's own complaint repeats the address, and a password with it. */
static PQconninfoOption *parse(const char *rest, size_t n)
{
	char *address = mem_printf("postgresql:%.*s", (int)n, rest);
	PQconninfoOption *options = strncmp(rest, "//", 2) == 0 ? PQconninfoParse(address, NULL) : NULL;
	free(address);
	return options;
}

bool pg_address_read(const char *rest, struct pg_address *out, struct fault *fault)
{
	*out = (struct pg_address){ 0 };
	size_t n_rest;
	snprintf(out->organisation, sizeof out->organisation, "%s", organisation_in(rest, &n_rest));
	PQconninfoOption *options = parse(rest, n_rest);
	if (options == NULL)
		return fault_set(fault, FAULT_USAGE, "%s", _("the address of the store is not understood: postgresql://USER@HOST/DATABASE, with nothing in it that a URL must write as %XX"));
	bool ok = true;
	for (const PQconninfoOption *o = options; ok && o->keyword != NULL; o++) {
		if (o->val == NULL || *o->val == '\0')
			continue;
		if (strcmp(o->keyword, "password") == 0 || strcmp(o->keyword, "sslpassword") == 0)
			ok = fault_set(fault, FAULT_USAGE, "%s", _("the address of the store holds a password, which everybody on this host can read there: put it into ~/.pgpass (chmod 600), or name a service of ~/.pg_service.conf"));
		else
			add(out, mem_strdup(o->keyword), o->val);
	}
	PQconninfoFree(options);
	for (size_t i = 0; ok && i < out->n; i++)
		ok = strcmp(out->words[i], "client_encoding") != 0 ||
		    fault_set(fault, FAULT_USAGE, "%s", _("the address of the store may not name a client_encoding"));
	size_t n_read = out->n;
	if (ok) {
		out->shown = shown(out);
		secure(out);
		/* A host that is gone is noticed in 6 to 8 s, and looked for again: what a kernel
		 * sent in vain it sends again after as long as it was in vain already. */
		add_unless_said(out, "connect_timeout", "5");
		add_unless_said(out, "tcp_user_timeout", "6000");
		add_unless_said(out, "keepalives_idle", "3");
		add_unless_said(out, "keepalives_interval", "2");
		add_unless_said(out, "keepalives_count", "3");
		add_unless_said(out, "fallback_application_name", "centinela");
		add(out, "client_encoding", "UTF8");
	}
	/* What was added has a literal for its word. */
	for (size_t i = n_read; i < out->n; i++)
		out->words[i] = mem_strdup(out->words[i]);
	if (!ok)
		pg_address_clear(out);
	return ok;
}

void pg_address_clear(struct pg_address *address)
{
	for (size_t i = 0; i < address->n; i++) {
		free((char *)address->words[i]);
		free((char *)address->values[i]);
	}
	free(address->shown);
	*address = (struct pg_address){ 0 };
}

bool pg_address_is_safe(const struct pg_address *address, PGconn *conn, struct fault *fault)
{
	if (address->own_tls || *value_of(address, "sslmode") != '\0')
		return true;
	PQconninfoOption *options = PQconninfo(conn);
	const char *host = "", *hostaddr = "", *mode = "";
	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
		const char *value = o->val == NULL ? "" : o->val;
		if (strcmp(o->keyword, "host") == 0)
			host = value;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			hostaddr = value;
		else if (strcmp(o->keyword, "sslmode") == 0)
			mode = value;
	}
	/* "prefer" is what libpq takes when nobody says. */
	bool safe = goes_here(host, hostaddr) || strcmp(mode, "prefer") != 0;
	PQconninfoFree(options);
	return safe || fault_set(fault, FAULT_USAGE, _("%s is on another host and nothing says how to know it: write sslmode=verify-full into its service"), address->shown);
}
