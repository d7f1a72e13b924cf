/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/ids.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

int64_t base64_decode(const char *text, size_t n, unsigned char *out, size_t capacity)
{
	for (int i = 0; i < 2 && n > 0 && text[n - 1] == '='; i++)
		n--;
	if (n % 4 == 1)
		return -1;
	size_t used = 0;
	uint32_t bits = 0;
	int n_bits = 0;
	for (size_t i = 0; i < n; i++) {
		int value = digit(text[i]);
		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			if (used == capacity)
				return -1;
			out[used++] = (unsigned char)(bits >> n_bits);
		}
	}
	return (int64_t)used;
}

void base64_encode(const void *bytes, size_t n, bool url_safe, bool padded, char *out)
{
	const char *alphabet = url_safe ?
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" :
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *b = bytes;
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t bits = (uint32_t)b[i] << 16 | (left > 1 ? (uint32_t)b[i + 1] << 8 : 0) |
		    (left > 2 ? b[i + 2] : 0);
		for (size_t j = 0; j < 4; j++) {
			if (j <= left)
				*out++ = alphabet[bits >> (18 - 6 * j) & 63];
			else if (padded)
				*out++ = '=';
		}
	}
	*out = '\0';
}

bool uuid_is(const char *text, size_t n)
{
	if (n != UUID_BYTES - 1)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
			return false;
		}
	}
	return true;
}

static void copy_uuid(const char *text, char *out)
{
	for (int i = 0; i < UUID_BYTES - 1; i++)
		out[i] = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] + 32) : text[i];
	out[UUID_BYTES - 1] = '\0';
}

bool webex_id_read(const char *id, struct webex_id *out)
{
	memset(out, 0, sizeof *out);
	size_t n = strlen(id);
	if (uuid_is(id, n)) {
		copy_uuid(id, out->uuid);
		copy_uuid(id, out->tail);
		return true;
	}
	char plain[160];
	int64_t n_plain = base64_decode(id, n, (unsigned char *)plain, sizeof plain - 1);
	if (n_plain <= 0)
		return false;
	plain[n_plain] = '\0';
	for (int64_t i = 0; i < n_plain; i++)
		if (plain[i] <= 0x20 || plain[i] >= 0x7F)
			return false;
	const char *tail = plain;
	if (!uuid_is(plain, (size_t)n_plain)) {
		/* ciscospark://CLUSTER/KIND/TAIL; a CALL's tail may hold a '/'. */
		if (!text_starts_with(plain, "ciscospark://"))
			return false;
		const char *kind = strchr(plain + strlen("ciscospark://"), '/');
		tail = kind != NULL ? strchr(kind + 1, '/') : NULL;
		if (tail == NULL || (size_t)(tail - kind - 1) >= sizeof out->kind)
			return false;
		memcpy(out->kind, kind + 1, (size_t)(tail - kind - 1));
		tail++;
	}
	size_t n_tail = strlen(tail);
	if (n_tail == 0 || n_tail >= sizeof out->tail)
		return false;
	memcpy(out->tail, tail, n_tail + 1);
	if (uuid_is(tail, n_tail)) {
		copy_uuid(tail, out->uuid);
		copy_uuid(tail, out->tail);
	}
	return true;
}

bool webex_id_uuid(const char *id, char out[static UUID_BYTES])
{
	struct webex_id read;
	if (!webex_id_read(id, &read) || read.uuid[0] == '\0')
		return false;
	memcpy(out, read.uuid, UUID_BYTES);
	return true;
}

void webex_id_make(const char *kind, const char *uuid, char out[static WEBEX_ID_BYTES])
{
	char plain[WEBEX_ID_BYTES / 2];
	int n = snprintf(plain, sizeof plain, "ciscospark://us/%s/%s", kind, uuid);
	base64_encode(plain, MIN((size_t)n, sizeof plain - 1), false, false, out);
}

bool webex_id_local_call(const char *id, char *out, size_t capacity)
{
	struct webex_id read;
	if (!webex_id_read(id, &read) || strcmp(read.kind, "CALL") != 0)
		return false;
	const char *half = strstr(read.tail, "callhalf-");
	if (half == NULL)
		return false;
	half += strlen("callhalf-");
	size_t n = strspn(half, "0123456789:");
	if (n == 0 || half[n] != '\0' || strchr(half, ':') == NULL || n >= capacity)
		return false;
	memcpy(out, half, n + 1);
	return true;
}
