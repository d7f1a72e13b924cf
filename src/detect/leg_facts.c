/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/leg_facts.h"

#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "calls/closed_hours.h"

const char *service_kind_name(enum service_kind kind)
{
	static const char *const names[] = {
#define SERVICE_KIND_NAME(id, name) [id] = name,
		SERVICE_KINDS(SERVICE_KIND_NAME)
#undef SERVICE_KIND_NAME
	};
	return (size_t)kind < COUNT_OF(names) ? names[kind] : "";
}

/* Webex's words. Open sets: a word not listed is 0, "other" (trap B5). */
enum call_type {
	TYPE_OTHER, TYPE_PUBLIC, TYPE_MOBILE, TYPE_INTERNATIONAL, TYPE_PREMIUM, TYPE_TOLL_FREE,
	TYPE_EMERGENCY, TYPE_INBOUND, TYPE_ENTERPRISE, TYPE_SHORT,
};

struct word {
	const char *text;
	uint8_t n, value;
	bool prefix;
};
#define WORD(text, value) { text, sizeof(text) - 1, value, false }
#define WORDS(text, value) { text, sizeof(text) - 1, value, true }

static const struct word call_types[] = {
	WORD("SIP_NATIONAL", TYPE_PUBLIC),     WORD("SIP_INBOUND", TYPE_INBOUND),
	WORD("SIP_ENTERPRISE", TYPE_ENTERPRISE), WORD("SIP_MOBILE", TYPE_MOBILE),
	WORD("SIP_INTERNATIONAL", TYPE_INTERNATIONAL), WORD("SIP_PREMIUM", TYPE_PREMIUM),
	WORD("SIP_TOLLFREE", TYPE_TOLL_FREE),  WORD("SIP_EMERGENCY", TYPE_EMERGENCY),
	WORD("SIP_SHORTCODE", TYPE_SHORT),     WORD("SIP_OPERATOR", TYPE_PUBLIC),
	WORD("SIP_CLICKTOCALL", TYPE_ENTERPRISE), WORD("SIP_MEETING", TYPE_ENTERPRISE),
};

static const struct word services[] = {
	WORD("User", SERVICE_NONE),	       WORD("Place", SERVICE_NONE),
	WORDS("AutomatedAttendant", SERVICE_ATTENDANT), WORDS("CallCenter", SERVICE_QUEUE),
	WORD("HuntGroup", SERVICE_HUNT_GROUP), WORDS("VoiceMail", SERVICE_VOICEMAIL),
	WORD("VoiceXML", SERVICE_VOICEMAIL),   WORDS("SystemVoicePortal", SERVICE_VOICEMAIL),
	WORD("GroupPaging", SERVICE_PAGING),   WORD("LocalGateway", SERVICE_GATEWAY),
	WORD("RouteList", SERVICE_GATEWAY),    WORD("RoutePoint", SERVICE_OTHER),
	WORD("BroadworksAnywhere", SERVICE_OTHER), WORD("MeetMeConference", SERVICE_OTHER),
	WORD("Anchor", SERVICE_OTHER),	       WORD("FindMeFollowMe", SERVICE_OTHER),
	WORD("ContactCenterAdaptor", SERVICE_QUEUE), WORD("VirtualLine", SERVICE_NONE),
	WORD("FlexibleSeatingHost", SERVICE_NONE),
};

/* Reasons by which a *line* is forwarded; queues, hunts and transfers are not. */
static const struct word forwards[] = {
	WORD("Unconditional", 1), WORD("NoAnswer", 1),	WORD("UserBusy", 1),
	WORD("TimeOfDay", 1),	  WORD("Unavailable", 1), WORDS("CallForward", 1),
	WORD("ExecutiveForward", 1),
};

static int word_of(struct span s, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((words[i].prefix ? s.n >= words[i].n : s.n == words[i].n) &&
		    memcmp(s.p, words[i].text, words[i].n) == 0)
			return words[i].value;
	}
	return 0;
}

static uint64_t key_of(struct span s)
{
	return s.n == 0 ? 0 : hash_bytes(s.p, s.n) | 1;
}

static void read_one(const struct fact_world *world, struct span text, const char home[3],
    char outside_digit, struct number *out)
{
	memset(out, 0, sizeof *out);
	if (world->numbering != NULL && text.n > 0)
		number_read(world->numbering, text, home, outside_digit, out);
}

static const struct site *site_of(const struct fact_world *world, const struct cdr *cdr)
{
	char text[96];
	if (world->directory == NULL)
		return NULL;
	const struct site *site = NULL;
	if (cdr->field[CDR_F_SITE_UUID].n > 0)
		site = directory_site(world->directory,
		    span_copy(cdr->field[CDR_F_SITE_UUID], text, sizeof text));
	if (site == NULL && cdr->field[CDR_F_LOCATION].n > 0)
		site = directory_site_named(world->directory,
		    span_copy(cdr->field[CDR_F_LOCATION], text, sizeof text));
	return site;
}

/* US, Canada and Puerto Rico are one country to Webex (help.webex.com q94e8c). */
static bool is_home(const char country[3], const char home[3])
{
	static const char *const one[] = { "US", "CA", "PR" };
	if (strcmp(country, home) == 0)
		return true;
	int found = 0;
	for (size_t i = 0; i < COUNT_OF(one); i++)
		found += (strcmp(country, one[i]) == 0) + (strcmp(home, one[i]) == 0);
	return found == 2;
}

static bool is_abroad(const struct number *number, const char home[3])
{
	if (number->country[0] != '\0')
		return home[0] != '\0' && !is_home(number->country, home);
	return number->country_code >= 800; /* +881, +882, +979 …: nobody's home */
}

static bool is_open(const struct site *site, int weekday, int minute)
{
	int from = site->open_from[weekday], until = site->open_until[weekday];
	if (from == until)
		return false;
	return from < until ? minute >= from && minute < until :
			      minute >= from || minute < until;
}

static bool is_holiday(const struct directory *directory, const struct site *site, int64_t day)
{
	struct civil date;
	civil_from_ms(day * DAY_MS, &date);
	return directory_is_holiday(directory, site, site->country, &date);
}

#define EDGE_MOST 2880

/* How far a closed minute is from business hours; quarter hours are enough. */
static int edge_of(const struct site *site, const struct fact_world *world, int64_t local_minute)
{
	for (int away = 15; away < EDGE_MOST; away += 15) {
		for (int side = -1; side <= 1; side += 2) {
			int64_t at = local_minute + side * away, day = at / 1440;
			if (is_open(site, (int)((day + 4) % 7), (int)(at % 1440)) &&
			    !is_holiday(world->directory, site, day))
				return away;
		}
	}
	return EDGE_MOST;
}

static void derive_local(const struct fact_world *world, const struct cdr *cdr,
    const struct site *site, struct leg_facts *f)
{
	int64_t offset_ms;
	f->local_minute = -1;
	f->weekday = -1;
	if (site != NULL && site->zone != NULL)
		offset_ms = zone_offset_s(site->zone, cdr->start_ms, NULL) * SECOND_MS;
	else if (cdr->site_utc_minutes != CDR_NO_OFFSET)
		offset_ms = cdr->site_utc_minutes * MINUTE_MS;
	else
		return; /* an hour nobody knows is not a closed hour */
	int64_t minute = (cdr->start_ms + offset_ms) / MINUTE_MS, day = minute / 1440;
	f->local_minute = (int16_t)(minute % 1440);
	f->weekday = (int8_t)((day + 4) % 7); /* 1970-01-01 was a Thursday */
	f->flags |= LEG_LOCAL_KNOWN;
	if (f->weekday == 0 || f->weekday == 6)
		f->flags |= LEG_WEEKEND;
	if (f->local_minute < 6 * 60 || f->local_minute >= 22 * 60)
		f->flags |= LEG_NIGHT;
	struct site here = { 0 };
	if (site != NULL)
		here = *site;
	else
		directory_unknown_hours(world->directory, &here);
	memcpy(here.country, f->home, sizeof here.country);
	if (is_holiday(world->directory, &here, day))
		f->flags |= LEG_HOLIDAY;
	if (!site_is_open(world->directory, &here, cdr->start_ms, cdr->site_utc_minutes)) {
		f->flags |= LEG_CLOSED;
		if (f->flags & LEG_EXTERNAL_OUT)
			f->edge_minutes = (int16_t)edge_of(&here, world, minute);
	}
}

/* Which way the leg goes. Webex's Call type is evidence: what a trunk carries
 * may be called SIP_ENTERPRISE, and a refused number is UNKNOWN (seen live). */
static void derive_direction(const struct cdr *cdr, enum call_type type, struct leg_facts *f)
{
	bool understood = f->called.e164[0] != '\0';
	bool by_trunk = cdr->field[CDR_F_OUTBOUND_TRUNK].n > 0 ||
	    cdr->field[CDR_F_ROUTE_GROUP].n > 0;
	if (type == TYPE_EMERGENCY) {
		f->flags |= LEG_EMERGENCY;
		return;
	}
	if (cdr->flags & CDR_ORIGINATING) {
		bool out = type == TYPE_PUBLIC || type == TYPE_MOBILE || type == TYPE_SHORT ||
		    type == TYPE_INTERNATIONAL || type == TYPE_PREMIUM || type == TYPE_TOLL_FREE ||
		    (type == TYPE_OTHER && understood) ||
		    (type == TYPE_ENTERPRISE && understood && by_trunk);
		f->flags |= out ? LEG_EXTERNAL_OUT : LEG_INTERNAL;
	} else if (f->service == SERVICE_GATEWAY && by_trunk) {
		f->flags |= LEG_INTERNAL; /* the far half of a call to the premises */
	} else if (type == TYPE_INBOUND || (type != TYPE_ENTERPRISE && f->calling.e164[0] != '\0')) {
		f->flags |= LEG_INBOUND;
	} else {
		f->flags |= LEG_INTERNAL;
	}
}

static void derive_out(const struct cdr *cdr, enum call_type type, struct leg_facts *f)
{
	if (is_abroad(&f->called, f->home) ||
	    (f->called.country[0] == '\0' && f->called.country_code == 0 &&
		(type == TYPE_INTERNATIONAL ||
		    (f->country[0] != '\0' && !is_home(f->country, f->home)))))
		f->flags |= LEG_INTERNATIONAL;
	if (type == TYPE_PREMIUM || f->called.class == NUMBER_PREMIUM)
		f->flags |= LEG_PREMIUM;
	if (type == TYPE_TOLL_FREE || f->called.class == NUMBER_TOLL_FREE)
		f->flags |= LEG_TOLL_FREE;
	if (type == TYPE_MOBILE || f->called.class == NUMBER_MOBILE)
		f->flags |= LEG_MOBILE;
	if (f->called.look_alike)
		f->flags |= LEG_LOOK_ALIKE;
	if (!(f->flags & LEG_TOLL_FREE) && type != TYPE_SHORT)
		f->flags |= LEG_CHARGEABLE;
	if (f->flags & LEG_CHARGEABLE)
		f->cost_micro = (int64_t)f->called.rate_micro_usd * cdr->duration_s / 60;
	if (f->service == SERVICE_GATEWAY && cdr->field[CDR_F_INBOUND_TRUNK].n > 0)
		f->flags |= LEG_TRUNK_TRANSIT;
}

static void derive_redirect(const struct cdr *cdr, struct leg_facts *f)
{
	struct span related = cdr->field[CDR_F_RELATED_REASON];
	struct span redirect = cdr->field[CDR_F_REDIRECT_REASON];
	if (related.n == 0 && redirect.n == 0)
		return;
	if (redirect.n > 0 || cdr->field[CDR_F_REDIRECTING_PARTY_UUID].n > 0)
		f->flags |= LEG_FORWARDED;
	bool forward = word_of(related, forwards, COUNT_OF(forwards)) ||
	    word_of(redirect, forwards, COUNT_OF(forwards));
	if (forward) {
		f->flags |= LEG_FORWARDED;
		if (f->flags & LEG_EXTERNAL_OUT)
			f->flags |= LEG_FORWARD_OUT;
	}
}

/* Trap B6: a queue "answers" at once, and Success does not mean answered. */
static void derive_answer(const struct cdr *cdr, struct leg_facts *f)
{
	struct span outcome = cdr->field[CDR_F_CALL_OUTCOME];
	struct span why = cdr->field[CDR_F_CALL_OUTCOME_REASON];
	if (cdr->field[CDR_F_ANSWERED_ELSEWHERE].n > 0)
		f->flags |= LEG_ELSEWHERE;
	if ((cdr->flags & CDR_ANSWERED) && !(f->flags & LEG_ELSEWHERE)) {
		f->flags |= LEG_ANSWERED;
		if (f->service == SERVICE_NONE)
			f->flags |= LEG_BY_PERSON;
	}
	if (span_is(outcome, "Refusal") || span_is(outcome, "Failure"))
		f->flags |= LEG_REFUSED;
	if (span_is(why, "UnassignedNumber"))
		f->flags |= LEG_UNASSIGNED;
}

/* All but the last four digits are the site's: people trust such a caller. */
static bool is_neighbour(struct span main_number, const char *caller)
{
	size_t n = strlen(caller);
	return n > 8 && main_number.n == n && memcmp(main_number.p, caller, n - 4) == 0;
}

static void copy_country(char out[3], struct span s)
{
	if (s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z') {
		out[0] = s.p[0];
		out[1] = s.p[1];
	}
}

void leg_facts_derive(const struct fact_world *world, const struct cdr *cdr, struct leg_facts *f)
{
	memset(f, 0, sizeof *f);
	const struct site *site = site_of(world, cdr);
	if (site != NULL && site->country[0] != '\0') {
		memcpy(f->home, site->country, sizeof f->home);
	} else {
		static const char nowhere[3] = "";
		struct number main_number;
		read_one(world, cdr->field[CDR_F_SITE_MAIN_NUMBER], nowhere, 0, &main_number);
		memcpy(f->home, main_number.country, sizeof f->home);
	}
	char outside = site == NULL ? 0 : site->outside_digit;
	read_one(world, cdr->field[CDR_F_CALLED_NUMBER], f->home, outside, &f->called);
	read_one(world, cdr->field[CDR_F_CALLING_NUMBER], f->home, outside, &f->calling);
	f->service = (uint8_t)word_of(cdr->field[CDR_F_USER_TYPE], services, COUNT_OF(services));
	enum call_type type =
	    (enum call_type)word_of(cdr->field[CDR_F_CALL_TYPE], call_types, COUNT_OF(call_types));

	if (cdr->flags & CDR_ORIGINATING)
		f->flags |= LEG_ORIGINATING;
	if (f->service != SERVICE_NONE)
		f->flags |= LEG_SERVICE;
	if (f->called.e164[0] != '\0')
		f->flags |= LEG_CALLED_KNOWN;
	if (f->calling.e164[0] != '\0')
		f->flags |= LEG_CALLING_KNOWN;
	if (cdr->field[CDR_F_AUTHORIZATION_CODE].n > 0)
		f->flags |= LEG_AUTH_CODE;
	memcpy(f->country, f->called.country, sizeof f->country);
	derive_direction(cdr, type, f);
	if (f->flags & LEG_EXTERNAL_OUT) {
		if (f->country[0] == '\0' && f->called.country_code < 800)
			copy_country(f->country, cdr->field[CDR_F_INTERNATIONAL_COUNTRY]);
		derive_out(cdr, type, f);
	}
	if (f->flags & LEG_INBOUND) {
		if (is_neighbour(cdr->field[CDR_F_SITE_MAIN_NUMBER], f->calling.e164))
			f->flags |= LEG_NEIGHBOUR;
		if (is_abroad(&f->calling, f->home))
			f->flags |= LEG_CALLER_ABROAD;
		if (f->calling.class == NUMBER_WITHHELD || cdr->field[CDR_F_CALLING_NUMBER].n == 0)
			f->flags |= LEG_CALLER_WITHHELD;
	}
	derive_answer(cdr, f);
	derive_redirect(cdr, f);
	derive_local(world, cdr, site, f);

	f->end_ms = (cdr->answer_ms != 0 ? cdr->answer_ms : cdr->start_ms) +
	    cdr->duration_s * SECOND_MS;
	f->user_key = key_of(cdr->field[CDR_F_USER_UUID]);
	f->correlation_key = key_of(cdr->field[CDR_F_CORRELATION_ID]);
	f->site_key = key_of(cdr->field[CDR_F_SITE_UUID].n > 0 ? cdr->field[CDR_F_SITE_UUID] :
								 cdr->field[CDR_F_LOCATION]);
	f->called_key = f->called.e164[0] == '\0' ? key_of(cdr->field[CDR_F_CALLED_NUMBER]) :
						    hash_text(f->called.e164) | 1;
	f->calling_key = f->calling.e164[0] == '\0' ? key_of(cdr->field[CDR_F_CALLING_NUMBER]) :
						      hash_text(f->calling.e164) | 1;
	if (world->directory != NULL && cdr->field[CDR_F_USER_UUID].n > 0) {
		char uuid[48];
		const struct person *person = directory_person(world->directory,
		    span_copy(cdr->field[CDR_F_USER_UUID], uuid, sizeof uuid));
		if (person != NULL && person->team != NULL) {
			size_t n = MIN(strlen(person->team), sizeof f->team - 1);
			memcpy(f->team, person->team, n);
		}
	}
}
