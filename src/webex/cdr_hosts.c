/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/cdr_hosts.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

/* US and CA first; the last two are the older names, which still answer. */
static const char *const known[] = {
	"analytics-calling.webexapis.com",
	"analytics-calling-eu.webexapis.com",
	"analytics-calling-in.webexapis.com",
	"analytics-calling-au.webexapis.com",
	"analytics-calling-gov.webexapis.com",
	"analytics.webexapis.com",
	"analytics-f.webex.com",
};

void cdr_hosts_init(struct cdr_hosts *hosts)
{
	memset(hosts, 0, sizeof *hosts);
	for (size_t i = 0; i < COUNT_OF(known); i++)
		snprintf(hosts->host[hosts->n++], CDR_HOST_BYTES, "%s", known[i]);
}

static void print_host(const struct url *url, char out[static CDR_HOST_BYTES])
{
	if (url->port == 443)
		snprintf(out, CDR_HOST_BYTES, "%.80s", url->host);
	else if (strchr(url->host, ':') != NULL)
		snprintf(out, CDR_HOST_BYTES, "[%.80s]:%d", url->host, url->port);
	else
		snprintf(out, CDR_HOST_BYTES, "%.80s:%d", url->host, url->port);
}

static bool listed(const struct cdr_hosts *hosts, const char *name)
{
	for (size_t i = 0; i < hosts->n; i++)
		if (strcmp(hosts->host[i], name) == 0)
			return true;
	return false;
}

bool cdr_hosts_add(struct cdr_hosts *hosts, const char *host, struct fault *fault)
{
	char address[CDR_HOST_BYTES + 16], name[CDR_HOST_BYTES];
	struct url url;
	if (strlen(host) >= CDR_HOST_BYTES || strpbrk(host, "/?#@") != NULL)
		return fault_set(fault, FAULT_USAGE, _("a CDR host is a name, without https:// or a path"));
	snprintf(address, sizeof address, "https://%s/", host);
	if (!url_read(address, &url, fault))
		return fault_set(fault, FAULT_USAGE, _("a CDR host is a name like %s"), known[0]);
	print_host(&url, name);
	if (listed(hosts, name))
		return true;
	if (hosts->n == COUNT_OF(hosts->host))
		return fault_set(fault, FAULT_USAGE, _("too many CDR hosts"));
	memcpy(hosts->host[hosts->n++], name, sizeof name);
	return true;
}

bool cdr_hosts_allow(const struct cdr_hosts *hosts, const struct url *url)
{
	char name[CDR_HOST_BYTES];
	if (!url->is_https || strlen(url->host) >= CDR_HOST_BYTES - 16)
		return false;
	print_host(url, name);
	return listed(hosts, name);
}

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

bool cdr_hosts_region(const struct cdr_hosts *hosts, const char *body, size_t n,
    char out[static CDR_HOST_BYTES])
{
	/* Every run of host letters that is a listed host; whole runs only, so
	 * "analytics-calling-eu.webexapis.com.evil.example" is not one. */
	for (size_t i = 0; i < n;) {
		if (!in_name(body[i])) {
			i++;
			continue;
		}
		size_t begin = i;
		while (i < n && in_name(body[i]))
			i++;
		size_t end = i;
		while (end > begin && (body[end - 1] == '.' || body[end - 1] == ':'))
			end--; /* the full stop of a sentence */
		if (i < n && body[i] == '@')
			continue;
		char name[CDR_HOST_BYTES];
		if (end - begin >= sizeof name)
			continue;
		for (size_t j = begin; j < end; j++)
			name[j - begin] = body[j] >= 'A' && body[j] <= 'Z' ? (char)(body[j] + 32) : body[j];
		name[end - begin] = '\0';
		if (listed(hosts, name)) {
			memcpy(out, name, sizeof name);
			return true;
		}
	}
	return false;
}
