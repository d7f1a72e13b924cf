/* SPDX-License-Identifier: Apache-2.0
 *
 * The writer of records. It is written for speed (copying constant pieces into
 * room reserved once) because an export of a large bank is millions of them.
 * Order, spelling and types: records seen in 2026-09. What is sensible to put
 * in a field is decided in call_shapes.c. */
#include "sim/record.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"

static const char HEX[] = "0123456789abcdef";

char *sim_uuid(uint64_t seed, char out[SIM_UUID_BYTES])
{
	/* The first half is a bijection of the seed, so no two seeds collide;
	 * the version and variant digits are taken from the second half. */
	uint64_t a = hash_mix(seed), b = hash_mix(a ^ UINT64_C(0xA5A5A5A55A5A5A5A));
	char hex[32];
	for (int i = 0; i < 16; i++) {
		hex[i] = HEX[a >> (4 * i) & 15];
		hex[16 + i] = HEX[b >> (4 * i) & 15];
	}
	const char *from = hex;
	for (int i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23)
			out[i] = '-';
		else if (i == 14)
			out[i] = '4';
		else if (i == 19)
			out[i] = HEX[8 + (b >> 61 & 3)];
		else
			out[i] = *from++;
	}
	out[36] = '\0';
	return out;
}

static size_t put_digits(char *out, uint64_t value, int width)
{
	for (int i = width; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return (size_t)width;
}

char *sim_leg_id(struct leg_id id, char out[24])
{
	if (id.number == 0) {
		out[0] = '\0';
		return out;
	}
	size_t n = put_digits(out, id.number, 11);
	out[n++] = ':';
	out[n++] = (char)('0' + id.part % 10);
	out[n] = '\0';
	return out;
}

/* Where the next byte goes. There is room: sim_leg_write reserved it. */
struct pen {
	char *at;
};

static void raw(struct pen *pen, const char *text, size_t n)
{
	memcpy(pen->at, text, n);
	pen->at += n;
}

#define LITERAL(pen, literal) raw(pen, literal, sizeof(literal) - 1)

/* Bytes as they are, but what JSON forbids inside a string is escaped. Broken
 * UTF-8 stays broken: strangers' names are tests of whoever reads this. */
static void quoted(struct pen *pen, const char *text)
{
	*pen->at++ = '"';
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\') {
			*pen->at++ = '\\';
			*pen->at++ = (char)c;
		} else if (c < 0x20) {
			LITERAL(pen, "\\u00");
			*pen->at++ = HEX[c >> 4];
			*pen->at++ = HEX[c & 15];
		} else {
			*pen->at++ = (char)c;
		}
	}
	*pen->at++ = '"';
}

/* Text of ours that needs no escape. */
static void plain(struct pen *pen, const char *text)
{
	*pen->at++ = '"';
	if (text)
		raw(pen, text, strlen(text));
	*pen->at++ = '"';
}

static void uuid(struct pen *pen, uint64_t seed)
{
	char text[SIM_UUID_BYTES];
	sim_uuid(seed, text);
	*pen->at++ = '"';
	raw(pen, text, 36);
	*pen->at++ = '"';
}

static void number(struct pen *pen, int64_t value)
{
	char digits[20];
	size_t n = 0;
	if (value < 0) {
		*pen->at++ = '-';
		value = -value;
	}
	do {
		digits[n++] = (char)('0' + value % 10);
	} while (value /= 10);
	while (n > 0)
		*pen->at++ = digits[--n];
}

/* Times of one record share the day: the calendar is asked once. */
static void time_text(struct pen *pen, int64_t ms, int64_t *day, char date[11])
{
	*pen->at++ = '"';
	if (ms != 0) {
		if (ms / DAY_MS != *day) {
			char whole[ISO_TIME_BYTES];
			iso_time_format(ms, whole);
			memcpy(date, whole, 11);
			*day = ms / DAY_MS;
		}
		raw(pen, date, 11); /* with the T */
		unsigned rest = (unsigned)(ms % DAY_MS);
		pen->at += put_digits(pen->at, rest / 3600000, 2);
		*pen->at++ = ':';
		pen->at += put_digits(pen->at, rest / 60000 % 60, 2);
		*pen->at++ = ':';
		pen->at += put_digits(pen->at, rest / 1000 % 60, 2);
		*pen->at++ = '.';
		pen->at += put_digits(pen->at, rest % 1000, 3);
		*pen->at++ = 'Z';
	}
	*pen->at++ = '"';
}

static void session(struct pen *pen, uint64_t seed)
{
	*pen->at++ = '"';
	if (seed == SESSION_ZEROS) {
		memset(pen->at, '0', 32);
		pen->at += 32;
	} else if (seed != SESSION_NONE) {
		uint64_t a = hash_mix(seed), b = hash_mix(~seed);
		for (int i = 0; i < 16; i++) {
			pen->at[i] = HEX[a >> (4 * i) & 15];
			pen->at[16 + i] = HEX[b >> (4 * i) & 15];
		}
		pen->at += 32;
	}
	*pen->at++ = '"';
}

/* HHMMSSmmm and DDMMYY of the moment and a signed random: BroadWorks' way. */
static void sip_id(struct pen *pen, const char *prefix, int64_t at_ms, uint64_t chance,
    const char *host)
{
	raw(pen, prefix, strlen(prefix));
	unsigned rest = (unsigned)(at_ms % DAY_MS);
	struct civil day;
	civil_from_ms(at_ms, &day);
	pen->at += put_digits(pen->at, rest / 3600000, 2);
	pen->at += put_digits(pen->at, rest / 60000 % 60, 2);
	pen->at += put_digits(pen->at, rest / 1000 % 60, 2);
	pen->at += put_digits(pen->at, rest % 1000, 3);
	pen->at += put_digits(pen->at, (unsigned)day.day, 2);
	pen->at += put_digits(pen->at, (unsigned)day.month, 2);
	pen->at += put_digits(pen->at, (unsigned)day.year % 100, 2);
	if (chance & 1)
		*pen->at++ = '-';
	number(pen, (int64_t)(hash_mix(chance) % UINT64_C(2147483648)));
	*pen->at++ = '@';
	raw(pen, host, strlen(host));
}

static void call_id(struct pen *pen, const struct sim_leg *leg)
{
	static const char *const HOSTS[] = { "10.186.65.54", "10.186.85.58", "10.155.99.34", "10.86.9.79" };
	*pen->at++ = '"';
	if (leg->call_id_kind == CALL_ID_SSE)
		sip_id(pen, "SSE", leg->start_ms, leg->chance, HOSTS[leg->chance >> 8 & 3]);
	else if (leg->call_id_kind == CALL_ID_BW)
		sip_id(pen, "BW", leg->start_ms, leg->chance, "10.84.2.77");
	*pen->at++ = '"';
}

static void network_id(struct pen *pen, const struct sim_leg *leg)
{
	*pen->at++ = '"';
	if (leg->network_kind == NETWORK_BW) {
		/* Not the leg's start: the partner record must say the same. */
		int64_t moment = (int64_t)(leg->network % (uint64_t)DAY_MS);
		sip_id(pen, "BW", leg->start_ms / DAY_MS * DAY_MS + moment, leg->network, "10.84.2.77");
	} else if (leg->network_kind == NETWORK_SD) {
		static const char LETTERS[] = "abcdefghijklmnopqrstuv0123456789";
		LITERAL(pen, "SD");
		for (int i = 0; i < 4; i++)
			*pen->at++ = LETTERS[leg->network >> (5 * i) & 31];
		pen->at += put_digits(pen->at, leg->network >> 20, 3);
		*pen->at++ = '-';
		uint64_t a = hash_mix(leg->network), b = hash_mix(a + 1);
		for (int i = 0; i < 16; i++) {
			pen->at[i] = HEX[a >> (4 * i) & 15];
			pen->at[16 + i] = HEX[b >> (4 * i) & 15];
		}
		pen->at += 32;
		LITERAL(pen, "-aoh1oj");
		number(pen, (int64_t)(b % 9000));
	}
	*pen->at++ = '"';
}

static void leg_id(struct pen *pen, struct leg_id id, bool with_cm, bool with_a)
{
	char text[24];
	sim_leg_id(id, text);
	size_t n = strlen(text);
	*pen->at++ = '"';
	if (with_cm)
		LITERAL(pen, "CM");
	raw(pen, text, n);
	if (with_a && n > 0)
		*pen->at++ = 'A';
	*pen->at++ = '"';
}

static size_t length(const char *text)
{
	return text ? strlen(text) : 0;
}

#define KEY(name) LITERAL(&pen, ",\"" name "\":")

void sim_leg_write(const struct sim_leg *leg, const struct sim_org *org, struct text *out)
{
	/* Keys and fixed values are below 3000 bytes, other fields below 1500;
	 * three names come from outside and may grow sixfold by escaping. */
	size_t room = 6000 + 6 * (length(leg->user) + length(leg->called_line) + length(leg->calling_line));
	if (out->capacity - out->n < room + 1) {
		size_t capacity = MAX(out->capacity * 2, out->n + room + 1);
		out->bytes = mem_realloc(out->bytes, capacity);
		out->capacity = capacity;
	}
	struct pen pen = { out->bytes + out->n };
	const struct client_shape *client = leg->client;
	const struct sim_location *site = leg->site;
	bool answered = leg->answer_ms != 0;
	int64_t day = -1;
	char date[11] = "";

	LITERAL(&pen, "{\"Answer time\":");
	time_text(&pen, leg->answer_ms, &day, date);
	KEY("Answered");
	plain(&pen, answered ? "true" : "false");
	KEY("Direction");
	plain(&pen, leg->originating ? "ORIGINATING" : "TERMINATING");
	KEY("Called line ID");
	quoted(&pen, leg->called_line ? leg->called_line : "NA");
	KEY("Call ID");
	call_id(&pen, leg);
	KEY("Calling line ID");
	quoted(&pen, leg->calling_line ? leg->calling_line : "NA");
	KEY("Start time");
	time_text(&pen, leg->start_ms, &day, date);
	KEY("Call type");
	plain(&pen, leg->call_type);
	KEY("Client type");
	plain(&pen, client->client);
	KEY("Client version");
	plain(&pen, client->version);
	KEY("Correlation ID");
	uuid(&pen, leg->correlation);
	KEY("International country");
	plain(&pen, leg->country);
	KEY("Device MAC");
	plain(&pen, leg->mac);
	KEY("Duration");
	number(&pen, answered ? (leg->release_ms - leg->answer_ms) / 1000 : 0);
	KEY("Inbound trunk");
	plain(&pen, leg->inbound_trunk);
	KEY("Org UUID");
	plain(&pen, org->uuid);
	KEY("Original reason");
	plain(&pen, leg->original_reason);
	KEY("OS type");
	plain(&pen, client->os);
	KEY("Outbound trunk");
	plain(&pen, leg->outbound_trunk);
	KEY("Redirect reason");
	plain(&pen, leg->redirect_reason);
	KEY("Related reason");
	plain(&pen, leg->related_reason);
	KEY("Report ID");
	uuid(&pen, leg->report);
	KEY("Report time"); /* = Release time in every record seen */
	time_text(&pen, leg->release_ms, &day, date);
	KEY("Route group");
	plain(&pen, leg->route_group);
	KEY("Site main number");
	plain(&pen, site->main_number);
	KEY("Site timezone");
	*pen.at++ = '"';
	number(&pen, sim_location_minutes(site, leg->start_ms));
	*pen.at++ = '"';
	KEY("Sub client type");
	plain(&pen, client->sub_client);
	KEY("User UUID");
	plain(&pen, leg->user_uuid);
	KEY("User type");
	plain(&pen, leg->user_type);
	KEY("User");
	quoted(&pen, leg->user ? leg->user : "");
	KEY("Called number");
	plain(&pen, leg->called_number);
	KEY("Calling number");
	plain(&pen, leg->calling_number);
	KEY("Location");
	plain(&pen, site->name);
	KEY("Dialed digits");
	plain(&pen, leg->dialled);
	KEY("Releasing party");
	plain(&pen, leg->released_by_remote ? "Remote" : "Local");
	KEY("Redirecting number");
	plain(&pen, leg->redirecting_number);
	KEY("Site UUID");
	plain(&pen, site->uuid);
	LITERAL(&pen, ",\"Department ID\":\"\",\"Transfer related call ID\":");
	leg_id(&pen, leg->transfer, false, leg->transfer_with_a);
	KEY("Authorization code");
	plain(&pen, leg->auth_code);
	KEY("Model");
	plain(&pen, client->model);
	KEY("Local SessionID");
	session(&pen, leg->local_session);
	KEY("Remote SessionID");
	session(&pen, leg->remote_session);
	KEY("Call transfer time");
	time_text(&pen, leg->transfer_ms, &day, date);
	KEY("Local call ID");
	leg_id(&pen, leg->local, leg->local_with_cm, false);
	KEY("Remote call ID");
	leg_id(&pen, leg->remote, false, false);
	KEY("Network call ID");
	network_id(&pen, leg);
	KEY("Related call ID");
	leg_id(&pen, leg->related, false, false);
	KEY("User number");
	plain(&pen, leg->user_number);
	KEY("Call outcome");
	plain(&pen, leg->outcome ? leg->outcome : "Success");
	KEY("Call outcome reason");
	plain(&pen, leg->outcome_reason ? leg->outcome_reason : "Normal");
	KEY("Ring duration");
	*pen.at++ = '"';
	number(&pen, leg->ring_s);
	*pen.at++ = '"';
	KEY("Answer indicator");
	plain(&pen, leg->indicator ? leg->indicator : answered ? "Yes" : "No");
	KEY("Release time");
	time_text(&pen, leg->release_ms, &day, date);
	KEY("Final local SessionID");
	session(&pen, leg->final_local);
	KEY("Final remote SessionID");
	session(&pen, leg->final_remote);
	LITERAL(&pen, ",\"PSTN legal entity\":\"\",\"PSTN vendor org ID\":\"\",\"PSTN vendor name\":");
	plain(&pen, leg->vendor);
	KEY("PSTN provider ID");
	plain(&pen, leg->vendor ? org->carrier_uuid : NULL);
	LITERAL(&pen, ",\"External customer ID\":\"\",\"Redirecting party UUID\":");
	plain(&pen, leg->redirecting_uuid);
	LITERAL(&pen, ",\"Public Calling IP Address\":\"NA\",\"Public Called IP Address\":\"NA\"");
	KEY("Caller ID number");
	plain(&pen, leg->caller_id);
	KEY("External caller ID number");
	plain(&pen, leg->external_caller_id);
	KEY("Device owner UUID");
	plain(&pen, leg->device_owner_uuid);
	KEY("Call Recording Platform Name");
	plain(&pen, leg->recorded ? "Webex" : NULL);
	KEY("Call Recording Result");
	plain(&pen, leg->recorded ? "successful" : NULL);
	KEY("Call Recording Trigger");
	plain(&pen, leg->recorded ? "always" : NULL);
	KEY("Original called party UUID");
	plain(&pen, leg->original_uuid);
	LITERAL(&pen, ",\"Recall type\":\"\",\"Auto Attendant Key Pressed\":");
	plain(&pen, leg->key_pressed ? leg->key_pressed : "NA");
	KEY("Queue type");
	plain(&pen, leg->queue_type);
	KEY("Answered elsewhere");
	plain(&pen, leg->answered_elsewhere);
	KEY("Hold duration");
	number(&pen, leg->hold_s);
	LITERAL(&pen, ",\"Route list calls overage\":\"\",\"Caller Reputation Score\":\"\""
		      ",\"Caller Reputation Service Result\":\"\",\"Caller Reputation Score Reason\":\"\""
		      ",\"Interaction ID\":");
	uuid(&pen, leg->interaction);
	LITERAL(&pen, ",\"WxCC consult merge status\":\"NA\",\"ELIN\":\"\",\"Emergency number source\":\"\""
		      ",\"Transfer type\":\"\",\"Transfer type context\":\"\",\"Answer reason\":\"\"}");
	out->n = (size_t)(pen.at - out->bytes);
	out->bytes[out->n] = '\0';
	assert(out->n < out->capacity);
}
