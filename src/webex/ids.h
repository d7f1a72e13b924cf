/* SPDX-License-Identifier: Apache-2.0
 *
 * Webex ids: base64 of ciscospark://us/PEOPLE/<uuid> in the API, the bare
 * UUID in call records, base64 of the bare UUID in audit events. Pure. */
#ifndef WEBEX_IDS_H
#define WEBEX_IDS_H

#include "base/base.h"

#define UUID_BYTES     37
#define WEBEX_ID_BYTES 200

struct webex_id {
	char kind[24];	       /* "PEOPLE"; "" when the id was a bare UUID */
	char uuid[UUID_BYTES]; /* lower case; "" when the tail is not a UUID */
	char tail[96];	       /* what follows the kind: the UUID, "callhalf-488:0" … */
};

/* Any of the three forms; base64 standard or URL-safe, padded or not. */
bool webex_id_read(const char *id, struct webex_id *out) MUST_USE;

/* The UUID inside any form, lower case; false when there is none. */
bool webex_id_uuid(const char *id, char out[static UUID_BYTES]) MUST_USE;

/* The API's id for a UUID ("PEOPLE", "LOCATION" …), without padding. */
void webex_id_make(const char *kind, const char *uuid, char out[static WEBEX_ID_BYTES]);

/* "callhalf-48815162:0" inside a call id → "48815162:0", as a call record's
 * "Local call ID" spells it; false when the id is not of that form. */
bool webex_id_local_call(const char *id, char *out, size_t capacity) MUST_USE;

/* 8-4-4-4-12 hexadecimal digits, any case. */
bool uuid_is(const char *text, size_t n);

/* base64 of either alphabet, padding optional; -1 when it is something else
 * or does not fit. Not NUL-terminated. */
int64_t base64_decode(const char *text, size_t n, unsigned char *out, size_t capacity);
/* Writes a NUL; `out` holds 4 * ((n + 2) / 3) + 1 bytes. */
void base64_encode(const void *bytes, size_t n, bool url_safe, bool padded, char *out);

#endif
