/* SPDX-License-Identifier: Apache-2.0 */
#include "net/url.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "net/late.h"

enum { LONGEST = 8192 };

static bool copy_part(CURLU *parts, CURLUPart part, unsigned flags, char *out, size_t capacity)
{
	char *value = NULL;
	if (curl_url_get(parts, part, &value, flags) != CURLUE_OK)
		return false;
	size_t n = strlen(value);
	bool fits = n > 0 && n < capacity;
	if (fits)
		memcpy(out, value, n + 1);
	curl_free(value);
	return fits;
}

static bool read_parts(CURLU *parts, const char *text, struct url *out)
{
	char scheme[16], port[8];
	if (curl_url_set(parts, CURLUPART_URL, text, CURLU_DISALLOW_USER) != CURLUE_OK)
		return false;
	if (!copy_part(parts, CURLUPART_SCHEME, 0, scheme, sizeof scheme) ||
	    !copy_part(parts, CURLUPART_HOST, 0, out->host, sizeof out->host) ||
	    !copy_part(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port))
		return false;
	out->is_https = strcmp(scheme, "https") == 0;
	if (!out->is_https && strcmp(scheme, "http") != 0)
		return false;
	out->port = atoi(port);
	size_t n = strlen(out->host);
	if (out->host[0] == '[' && out->host[n - 1] == ']') {
		memmove(out->host, out->host + 1, n - 2);
		out->host[n - 2] = '\0';
	}
	for (char *c = out->host; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return out->port > 0 && out->port < 65536;
}

bool url_read(const char *text, struct url *out, struct fault *fault)
{
	memset(out, 0, sizeof *out);
	if (!late_curl(fault))
		return false;
	size_t n = strlen(text);
	bool good = n > 0 && n < LONGEST;
	for (size_t i = 0; good && i < n; i++)
		good = (unsigned char)text[i] > 0x20 && text[i] != 0x7F;
	if (good) {
		CURLU *parts = curl_url();
		good = parts != NULL && read_parts(parts, text, out);
		curl_url_cleanup(parts);
	}
	if (!good)
		return fault_set(fault, FAULT_INPUT, _("not a web address (https://host/path)"));
	return true;
}

bool url_is_loopback(const struct url *url)
{
	if (strcmp(url->host, "localhost") == 0 || strcmp(url->host, "::1") == 0)
		return true;
	/* Only four plain numbers: "127.evil.example" is a name. */
	int dots = 0;
	for (const char *c = url->host; *c != '\0'; c++) {
		if (*c == '.')
			dots++;
		else if (*c < '0' || *c > '9')
			return false;
	}
	return dots == 3 && text_starts_with(url->host, "127.");
}

bool url_same_host(const struct url *a, const struct url *b)
{
	return a->port == b->port && strcmp(a->host, b->host) == 0;
}

void url_encode(struct text *out, const char *string)
{
	for (const unsigned char *c = (const unsigned char *)string; *c != '\0'; c++) {
		if ((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
		    (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL)
			text_putc(out, (char)*c);
		else
			text_printf(out, "%%%02X", *c);
	}
}

void url_add_pair(struct text *out, const char *name, const char *value)
{
	if (out->n > 0)
		text_putc(out, '&');
	url_encode(out, name);
	text_putc(out, '=');
	url_encode(out, value);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool url_decode(char *string)
{
	char *out = string;
	for (const char *c = string; *c != '\0'; c++) {
		int byte = (unsigned char)*c;
		if (byte == '%') {
			int high = hex(c[1]), low = high < 0 ? -1 : hex(c[2]);
			if (low < 0)
				return false;
			byte = high << 4 | low;
			c += 2;
		} else if (byte == '+') {
			byte = ' ';
		}
		if (byte < 0x20 || byte == 0x7F)
			return false;
		*out++ = (char)byte;
	}
	*out = '\0';
	return true;
}

bool url_query_value(const char *query, const char *name, char *out, size_t capacity)
{
	size_t n_name = strlen(name), n_query = strcspn(query, "#");
	for (size_t i = 0; i < n_query;) {
		const char *pair = query + i;
		size_t n = strcspn(pair, "&#");
		i += n + 1;
		if (n <= n_name || strncmp(pair, name, n_name) != 0 || pair[n_name] != '=')
			continue;
		size_t n_value = n - n_name - 1;
		if (n_value >= capacity)
			return false;
		memcpy(out, pair + n_name + 1, n_value);
		out[n_value] = '\0';
		return url_decode(out);
	}
	return false;
}
