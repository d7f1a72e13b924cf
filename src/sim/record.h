/* SPDX-License-Identifier: Apache-2.0
 *
 * One leg of a simulated call in compact form, and its text as Webex's
 * cdr_feed gives it: 87 members in the wire's order, numbers as numbers where
 * the wire has numbers and as text where it has text. */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include "base/text.h"
#include "sim/org.h"

/* "29741232123:2": a leg of a call half. number 0: absent. */
struct leg_id {
	uint64_t number;
	uint8_t part;
};

enum { SESSION_NONE = 0, SESSION_ZEROS = 1 }; /* else a seed of 32 hex digits */
enum leg_network { NETWORK_NONE, NETWORK_BW, NETWORK_SD };
enum leg_call_id { CALL_ID_NONE, CALL_ID_SSE, CALL_ID_BW };

/* What a call was made with. */
struct client_shape {
	const char *client, *version, *os, *model, *sub_client;
};

/* Text is borrowed: constants, the organisation's, or the day's arena. A NULL
 * text is written as "", or "NA" where Webex says that. */
struct sim_leg {
	int64_t start_ms, answer_ms, release_ms, transfer_ms; /* 0: absent */
	int64_t insert_ms;
	uint64_t report, correlation, interaction; /* seeds of uuids */
	uint64_t local_session, remote_session, final_local, final_remote;
	uint64_t chance;			   /* of the rest: SIP ids … */
	uint64_t network;
	struct leg_id local, remote, related, transfer;
	bool transfer_with_a; /* "…:2A", as attendants write it */
	bool local_with_cm;   /* "CM…:2": a leg that only fetches another */
	bool originating;
	enum leg_network network_kind;
	enum leg_call_id call_id_kind;
	int32_t ring_s, hold_s;
	const struct sim_location *site;
	const struct client_shape *client;
	const char *call_type, *called_line, *calling_line, *called_number, *calling_number;
	const char *dialled, *user_number, *caller_id, *external_caller_id, *redirecting_number;
	const char *user_uuid, *user_type, *user, *mac, *auth_code;
	const char *country; /* International country */
	const char *original_reason, *redirect_reason, *related_reason;
	const char *outcome, *outcome_reason, *indicator; /* NULL: Success, Normal, Yes or No */
	const char *queue_type, *key_pressed, *answered_elsewhere;
	const char *inbound_trunk, *outbound_trunk, *route_group, *vendor;
	const char *redirecting_uuid, *original_uuid, *device_owner_uuid;
	bool recorded, released_by_remote;
	const char *scenario, *kind;
};

/* Add the leg as one JSON object. A few microseconds. */
void sim_leg_write(const struct sim_leg *, const struct sim_org *, struct text *out);

/* Version 4 in looks; the same seed gives the same text, and two seeds two texts. */
char *sim_uuid(uint64_t seed, char out[SIM_UUID_BYTES]);
char *sim_leg_id(struct leg_id, char out[24]);

#endif
