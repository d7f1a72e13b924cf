/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers: digits, territory, class, risk tier. A trie compiled from
 * data/numbering, under a microsecond a lookup, shared by threads once read. */
#ifndef CALLS_E164_H
#define CALLS_E164_H

#include "base/fault.h"
#include "calls/cdr.h"

/* What kind of number it is. One list: enum, name in rules and filters. */
#define NUMBER_CLASSES(row)                                                   \
	row(NUMBER_UNKNOWN, "unknown") row(NUMBER_EXTENSION, "extension")     \
	row(NUMBER_SERVICE, "service") /* short and feature codes, emergency */ \
	row(NUMBER_FIXED, "fixed") row(NUMBER_MOBILE, "mobile")               \
	row(NUMBER_FIXED_OR_MOBILE, "fixed_or_mobile")                        \
	row(NUMBER_TOLL_FREE, "toll_free") row(NUMBER_PREMIUM, "premium")     \
	row(NUMBER_SHARED_COST, "shared_cost") row(NUMBER_PERSONAL, "personal") \
	row(NUMBER_VOIP, "voip") row(NUMBER_PAGER, "pager") row(NUMBER_UAN, "uan") \
	row(NUMBER_SATELLITE, "satellite") row(NUMBER_GLOBAL, "global")       \
	row(NUMBER_URI, "uri") row(NUMBER_WITHHELD, "withheld")

enum number_class {
#define NUMBER_CLASS_ENUM(id, name) id,
	NUMBER_CLASSES(NUMBER_CLASS_ENUM)
#undef NUMBER_CLASS_ENUM
};

/* Fraud risk of a destination: a dated seed, never truth (data/numbering/tiers.csv). */
#define RISK_TIERS(row) \
	row(TIER_NONE, "none") row(TIER_LOW, "low") row(TIER_MEDIUM, "medium") \
	row(TIER_HIGH, "high") row(TIER_EXTREME, "extreme")

enum risk_tier {
#define RISK_TIER_ENUM(id, name) id,
	RISK_TIERS(RISK_TIER_ENUM)
#undef RISK_TIER_ENUM
};

const char *number_class_name(enum number_class);
const char *risk_tier_name(enum risk_tier);

#define E164_BYTES 24

struct number {
	char e164[E164_BYTES];	 /* "+37125550123"; "" when it is not such a number */
	char country[3];	 /* ISO 3166 alpha-2; "" unknown; global codes: "001" is "" */
	int16_t country_code;	 /* 371; 0 unknown */
	enum number_class class;
	enum risk_tier tier;
	/* The number looks domestic (or like another country) to a caller in
	 * `home` but is not: +1 809 from the US, +44 7624 (IM), +7 7 (KZ) … */
	bool look_alike;
	int32_t rate_micro_usd;	 /* estimated price of a minute; 0 unknown */
};

struct numbering; /* opaque, read-only after numbering_open */

/* Read data/numbering under `folder`. */
bool numbering_open(const char *folder, struct numbering **out, struct fault *) MUST_USE;

/*
 * Lay an organisation's own prices over it, before it is shared: a CSV of
 * prefix (digits of E.164, longest wins) and US dollars a minute, e.g.
 * "57310,0.012"; a title, further columns and # lines are passed over. NULL or "":
 * none. On a fault, which names file and line, the numbering is to be freed.
 */
bool numbering_read_tariff(struct numbering *, const char *path, struct fault *) MUST_USE;
void numbering_free(struct numbering *);

/*
 * Understand a called or calling number as a record gives it: E.164 with or
 * without +, dialled digits with an outside-line digit and an international
 * prefix, an extension, a SIP URI, "anonymous".
 *
 * home           ISO country of the site, two letters ("" unknown)
 * outside_digit  what the site dials before an outside line; 0: none
 * Never fails: what cannot be understood is NUMBER_UNKNOWN with e164 "".
 */
void number_read(const struct numbering *, struct span text, const char *home,
    char outside_digit, struct number *out);

/* Name of a territory in English: "Latvia"; the code itself when unknown. */
const char *territory_name(const struct numbering *, const char *country);

#endif
