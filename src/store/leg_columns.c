/* SPDX-License-Identifier: Apache-2.0 */
#include "store/leg_columns.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"

#define MAX_TEXT_BYTES 255

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Only 0x20..0x7E, eight bytes at a time. */
static bool is_plain(struct span text)
{
	const char *p = text.p;
	uint32_t n = text.n;
	uint64_t odd = 0;
	for (; n >= 8; n -= 8, p += 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		odd |= (word - ONES * 0x20) | (word + ONES) | word;
	}
	for (; n > 0; n--, p++)
		odd |= (unsigned char)*p < 0x20 || (unsigned char)*p > 0x7E ? HIGHS : 0;
	return (odd & HIGHS) == 0;
}

static struct span printable(struct arena *arena, struct span text)
{
	if (text.n <= MAX_TEXT_BYTES && is_plain(text))
		return text;
	char room[MAX_TEXT_BYTES + 1];
	size_t n = text_printable(room, sizeof room, text.p, text.n);
	return (struct span){ arena_strndup(arena, room, n), (uint32_t)n };
}

/* Value of a lower-case hex digit plus one; 0: none. */
static const unsigned char hex_plus_one[256] = { ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4,
	['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16 };

static bool is_uuid(struct span text, unsigned char out[40])
{
	static const unsigned char at[] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };
	const unsigned char *p = (const unsigned char *)text.p;
	if (text.n != 36 || p[8] != '-' || p[13] != '-' || p[18] != '-' || p[23] != '-')
		return false;
	bool ok = true;
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		unsigned high = hex_plus_one[p[at[i]]], low = hex_plus_one[p[at[i] + 1]];
		ok = ok & (high != 0) & (low != 0);
		out[i] = (unsigned char)((high - 1) << 4 | ((low - 1) & 15));
	}
	return ok;
}

size_t uuid_key(struct span text, unsigned char out[40])
{
	if (is_uuid(text, out))
		return 16;
	size_t n = MIN((size_t)text.n, (size_t)39);
	out[0] = 0;
	if (n > 0)
		memcpy(out + 1, text.p, n);
	/* 16 bytes mean a UUID: a text of 15 gets one more. */
	if (n + 1 == 16)
		out[++n] = 0;
	return n + 1;
}

void uuid_text(const unsigned char *key, size_t n, char out[40])
{
	static const char digits[] = "0123456789abcdef";
	size_t length = 0;
	if (n == 16) {
		for (size_t i = 0; i < 16; i++) {
			if (i == 4 || i == 6 || i == 8 || i == 10)
				out[length++] = '-';
			out[length++] = digits[key[i] >> 4];
			out[length++] = digits[key[i] & 15];
		}
		out[length] = '\0';
		return;
	}
	text_printable(out, 40, (const char *)key + 1, n == 0 ? 0 : strnlen((const char *)key + 1, n - 1));
}

/* The Report ID is the identity; without one, what 2.11 of Webex's own advice
 * names: correlation, local call id, user, start and direction. */
static size_t identity(const struct cdr *cdr, unsigned char out[40])
{
	struct span report = cdr->field[CDR_F_REPORT_ID];
	if (report.n > 0)
		return uuid_key(report, out);
	static const enum cdr_field parts[] = { CDR_F_CORRELATION_ID, CDR_F_LOCAL_CALL_ID,
		CDR_F_USER_UUID, CDR_F_START_TIME, CDR_F_DIRECTION };
	uint64_t hash = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		hash = hash_mix(hash + hash_bytes(cdr->field[parts[i]].p, cdr->field[parts[i]].n));
	out[0] = 1; /* not a text, not a UUID */
	memcpy(out + 1, &hash, sizeof hash);
	return 1 + sizeof hash;
}

/* Without a correlation id the two records of a leg still share this one. */
static uint8_t network_key(struct span network, unsigned char out[40])
{
	uint64_t hash = hash_bytes(network.p, network.n);
	out[0] = 2; /* not a text, not a UUID, not an orphan's */
	memcpy(out + 1, &hash, sizeof hash);
	return 1 + sizeof hash;
}

void leg_columns_make(struct interner *interner, struct arena *arena, const struct cdr *cdr,
    struct leg_columns *out)
{
	static const enum cdr_field words[LEG_N_WORDS] = { CDR_F_USER_UUID, CDR_F_USER, CDR_F_USER_TYPE,
		CDR_F_USER_NUMBER, CDR_F_LOCATION, CDR_F_CALL_TYPE, CDR_F_CLIENT_TYPE,
		CDR_F_CALL_OUTCOME, CDR_F_CALL_OUTCOME_REASON, CDR_F_REDIRECT_REASON,
		CDR_F_RELATED_REASON, CDR_F_INBOUND_TRUNK, CDR_F_OUTBOUND_TRUNK, CDR_F_DEVICE_MAC };
	static const enum cdr_field texts[LEG_N_TEXTS] = { CDR_F_CALLING_NUMBER, CDR_F_CALLED_NUMBER,
		CDR_F_DIALED_DIGITS, CDR_F_REDIRECTING_NUMBER, CDR_F_CALLING_LINE_ID,
		CDR_F_CALLED_LINE_ID, CDR_F_LOCAL_CALL_ID, CDR_F_REMOTE_CALL_ID,
		CDR_F_RELATED_CALL_ID, CDR_F_TRANSFER_RELATED_CALL_ID };
	for (size_t i = 0; i < LEG_N_WORDS; i++) {
		struct span word = out->words[i] = printable(arena, cdr->field[words[i]]);
		out->word[i] = word.n == 0 ? 0 : interner_id(interner, word.p, word.n);
	}
	for (size_t i = 0; i < LEG_N_TEXTS; i++)
		out->texts[i] = printable(arena, cdr->field[texts[i]]);
	struct span correlation = cdr->field[CDR_F_CORRELATION_ID], interaction = cdr->field[CDR_F_INTERACTION_ID];
	out->n_report = (uint8_t)identity(cdr, out->report);
	struct span network = cdr->field[CDR_F_NETWORK_CALL_ID];
	if (correlation.n > 0)
		out->n_call = (uint8_t)uuid_key(correlation, out->call);
	else
		out->n_call = network.n > 0 ? network_key(network, out->call) : 0;
	out->n_interaction = interaction.n == 0 ? 0 : (uint8_t)uuid_key(interaction, out->interaction);
	out->report_hash = hash_bytes(out->report, out->n_report);
	out->call_hash = hash_bytes(out->call, out->n_call);
	struct leg_links links = { .local = cdr->field[CDR_F_LOCAL_CALL_ID],
		.remote = cdr->field[CDR_F_REMOTE_CALL_ID],
		.related = cdr->field[CDR_F_RELATED_CALL_ID],
		.transfer = cdr->field[CDR_F_TRANSFER_RELATED_CALL_ID],
		.correlation = correlation,
		.interaction = interaction };
	link_keys_of(&links, &out->links);
}
