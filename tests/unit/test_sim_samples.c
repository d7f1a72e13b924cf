/* SPDX-License-Identifier: Apache-2.0
 *
 * Could our records stand among real ones? Where real-shaped samples are at
 * hand (../shared), three questions: does a member have the same forms in the
 * same class of records; do two members take the same forms together; and what
 * is never broken in the samples, is it never broken here? */
#include <ctype.h>
#include <stdlib.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "calls/cdr.h"
#include "sim/legs.h"
#include "test.h"

static const char *const WIRE[] = {
#define WIRE_NAME(id, wire, kind) wire,
	CDR_FIELDS(WIRE_NAME)
#undef WIRE_NAME
};

#define N_SAMPLED 76 /* members of the samples' records: the first of the 87 */

static struct traffic *traffic_of(uint64_t seed, int users)
{
	struct traffic *t = NULL;
	struct fault fault = { 0 };
	struct traffic_options options = { .seed = seed, .n_users = users, .scenario = "mixed",
		.epoch_ms = civil_to_ms(2026, 10, 5, 14, 0, 0, 0) };
	REQUIRE(traffic_new(&options, &t, &fault));
	return t;
}

static int64_t monday(void)
{
	return civil_to_ms(2026, 10, 5, 0, 0, 0, 0) / DAY_MS;
}

static json_t *sample(void)
{
	const char *source = getenv("CENTINELA_SOURCE");
	char path[1024];
	snprintf(path, sizeof path, "%s/../shared/samples/cdr_feed_page.json", source ? source : ".");
	json_error_t error;
	json_t *page = json_load_file(path, 0, &error);
	if (page == NULL)
		printf("skipped: no samples beside the project\n");
	return page;
}

/* A class of records: what decides which members are there. */
static void class_of(const json_t *record, char *out, size_t n)
{
	static const char *const BY[] = { "Direction", "Call type", "Client type", "User type", "Answered",
		"Call outcome", "Call outcome reason", "Answer indicator", "Related reason" };
	size_t used = 0;
	for (size_t i = 0; i < sizeof BY / sizeof *BY; i++)
		used += (size_t)snprintf(out + used, n - used, "%s|", json_str(record, BY[i], "?"));
}

/* '-' empty, '0' zeros, 'x' something. */
static char presence(const char *text)
{
	return !*text ? '-' : strspn(text, "0") == strlen(text) ? '0' : 'x';
}

/* Members whose presence depends on the class alone. Trunks, carriers and
 * caller ids depend on the site too, and are compared elsewhere. */
static const char *const DECIDED[] = { "Transfer related call ID", "Call transfer time", "Local SessionID",
	"Final local SessionID", "Dialed digits", "Answer time", "User UUID", "Call ID", "User number", "User" };

TEST(members_are_there_where_the_samples_have_them)
{
	json_auto_t *page = sample();
	if (!page)
		return;
	const json_t *items = json_object_get(page, "items");
	REQUIRE(json_array_size(items) > 100);
	struct map classes = { 0 }, allowed = { 0 }, ours = { 0 }, texts = { 0 };
	char key[600], with[700];
	size_t i;
	json_t *record;
	json_array_foreach(items, i, record) {
		/* Members: theirs are a prefix of ours, in the same order. */
		const char *name;
		json_t *value;
		size_t k = 0;
		json_object_foreach(record, name, value) {
			CHECK_STR(WIRE[k++], name);
			bool number = strcmp(name, "Duration") == 0 || strcmp(name, "Hold duration") == 0;
			CHECK(number ? json_is_integer(value) : json_is_string(value));
		}
		class_of(record, key, sizeof key);
		map_put(&classes, key, NULL)->number++;
		for (size_t d = 0; d < sizeof DECIDED / sizeof *DECIDED; d++) {
			snprintf(with, sizeof with, "%s%zu%c", key, d, presence(json_str(record, DECIDED[d], "")));
			map_put(&allowed, with, NULL);
		}
		/* What is "NA" rather than empty there must be here. */
		json_object_foreach(record, name, value)
			if (json_is_string(value) && strcmp(json_string_value(value), "NA") == 0) {
				snprintf(with, sizeof with, "NA %s", name);
				map_put(&texts, with, NULL);
			}
	}
	struct traffic *t = traffic_of(1, 300);
	size_t strange = 0, n_ours = 0;
	for (int64_t d = 0; d < 5; d++) {
		struct sim_day day;
		traffic_day(t, monday() + d, &day);
		for (i = 0; i < day.n_records; i++) {
			json_auto_t *mine = NULL;
			struct fault fault;
			REQUIRE(json_parse(day.records[i].json, day.records[i].n_json, &mine, &fault));
			n_ours++;
			class_of(mine, key, sizeof key);
			map_put(&ours, key, NULL);
			const union map_value *seen = map_get(&classes, key);
			if (seen && seen->number >= 6)
				for (size_t m = 0; m < sizeof DECIDED / sizeof *DECIDED; m++) {
					snprintf(with, sizeof with, "%s%zu%c", key, m, presence(json_str(mine, DECIDED[m], "")));
					if (map_get(&allowed, with))
						continue;
					if (strange++ < 5)
						printf("strange: %s %s in %s\n", DECIDED[m], json_str(mine, DECIDED[m], ""), key);
				}
			const char *name;
			json_t *value;
			size_t k = 0;
			json_object_foreach(mine, name, value) {
				if (k++ >= N_SAMPLED || !json_is_string(value) || strcmp(json_string_value(value), "NA") != 0)
					continue;
				snprintf(with, sizeof with, "NA %s", name);
				if (!map_get(&texts, with) && strange++ < 5)
					printf("strange: %s is NA\n", name);
			}
		}
		sim_day_free(&day);
	}
	CHECK(n_ours > 5000);
	CHECK_INT(strange, 0);
	/* And the other way: nearly every real record's class happens here too. */
	size_t at = 0, covered = 0, all = 0;
	const struct map_entry *entry;
	while ((entry = map_next(&classes, &at)) != NULL) {
		all += (size_t)entry->value.number;
		if (map_get(&ours, entry->key))
			covered += (size_t)entry->value.number;
	}
	CHECK(covered * 100 >= all * 98);
	map_clear(&classes);
	map_clear(&allowed);
	map_clear(&ours);
	map_clear(&texts);
	traffic_free(t);
}

/* ------------------------------------------------- forms, alone and in pairs */

static bool all_digits(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

static bool is_word_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/* The form of a value: itself where the words are few, else what it looks like. */
static void form_of(const char *name, const json_t *value, char out[static 64])
{
	static const char *const WORDS[] = { "Answered", "Direction", "Call type", "Client type",
		"OS type", "Original reason", "Redirect reason", "Related reason", "Sub client type",
		"User type", "Releasing party", "Model", "Call outcome", "Call outcome reason",
		"Answer indicator", "Call Recording Platform Name", "Call Recording Result",
		"Call Recording Trigger", "Auto Attendant Key Pressed", "Queue type",
		"Answered elsewhere", NULL };
	static const char *const LEG_IDS[] = { "Local call ID", "Remote call ID", "Related call ID",
		"Transfer related call ID", NULL };
	static const char *const NUMBERS[] = { "Called number", "Calling number", "Dialed digits",
		"User number", "Caller ID number", "External caller ID number", "Redirecting number",
		"Calling line ID", "Site main number", NULL };
	const char *text = json_is_string(value) ? json_string_value(value) : "";
	size_t n = strlen(text);
	if (json_is_integer(value))
		snprintf(out, 64, "%s", json_integer_value(value) == 0 ? "0" : "n");
	else if (n == 0 || strcasecmp(text, "NA") == 0 || is_word_of(name, WORDS))
		snprintf(out, 64, "%.40s", text);
	else if (n > 4 && strspn(text, "0") == n)
		snprintf(out, 64, "zeros");
	else if (is_word_of(name, LEG_IDS))
		snprintf(out, 64, "%s%s", strncmp(text, "CM", 2) == 0 ? "CM" : "", strchr(text, ':'));
	else if (strcmp(name, "Call ID") == 0 || strcmp(name, "Network call ID") == 0)
		snprintf(out, 64, "%.2s", text);
	else if (is_word_of(name, NUMBERS))
		snprintf(out, 64, "%s%s", *text == '+' ? "+" : "",
		    !all_digits(text + (*text == '+')) ? "text" : n <= 6 ? "short" : "long");
	else
		snprintf(out, 64, "x");
}

#define MAX_FORMS 400

struct forms {
	struct map codes; /* "member form": number + 1 */
	char *names[MAX_FORMS];
	int n;
};

static int code_of(struct forms *forms, size_t member, const char *form)
{
	char key[120];
	snprintf(key, sizeof key, "%s = \"%s\"", WIRE[member], form);
	int64_t *code = &map_put(&forms->codes, key, NULL)->number;
	if (*code == 0) {
		REQUIRE(forms->n < MAX_FORMS);
		forms->names[forms->n] = mem_strdup(key);
		*code = ++forms->n;
	}
	return (int)*code - 1;
}

/* How often each form, and each two of them, are in the records given. */
static void count_forms(struct forms *forms, unsigned alone[static MAX_FORMS],
    unsigned pairs[static MAX_FORMS * MAX_FORMS], const json_t *record)
{
	int codes[N_SAMPLED];
	for (size_t m = 0; m < N_SAMPLED; m++) {
		char form[64];
		form_of(WIRE[m], json_object_get(record, WIRE[m]), form);
		codes[m] = code_of(forms, m, form);
		alone[codes[m]]++;
		for (size_t k = 0; k < m; k++)
			pairs[codes[k] * MAX_FORMS + codes[m]]++;
	}
}

TEST(two_members_take_together_the_forms_they_take_in_samples)
{
	json_auto_t *page = sample();
	if (!page)
		return;
	struct forms forms = { 0 };
	unsigned *theirs = mem_zalloc(MAX_FORMS * MAX_FORMS * sizeof *theirs);
	unsigned *ours = mem_zalloc(MAX_FORMS * MAX_FORMS * sizeof *ours);
	unsigned theirs_alone[MAX_FORMS] = { 0 }, ours_alone[MAX_FORMS] = { 0 };
	size_t i, missing = 0, n_pairs = 0, rare = 0;
	json_t *record;
	json_array_foreach(json_object_get(page, "items"), i, record)
		count_forms(&forms, theirs_alone, theirs, record);
	int n_theirs = forms.n;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		struct traffic *t = traffic_of(seed, 600);
		for (int64_t d = 0; d < 3; d++) {
			struct sim_day day;
			traffic_day(t, monday() + d, &day);
			for (i = 0; i < day.n_records; i += 2) {
				json_auto_t *mine = NULL;
				struct fault fault;
				REQUIRE(json_parse(day.records[i].json, day.records[i].n_json, &mine, &fault));
				count_forms(&forms, ours_alone, ours, mine);
			}
			sim_day_free(&day);
		}
		traffic_free(t);
	}
	for (int a = 0; a < n_theirs; a++) {
		if (ours_alone[a] == 0) {
			printf("never here: %s, %u times there\n", forms.names[a], theirs_alone[a]);
			missing++;
			continue;
		}
		for (int b = 0; b < n_theirs; b++) {
			unsigned n = theirs[a * MAX_FORMS + b];
			n_pairs += n > 0;
			if (n == 0 || ours_alone[b] == 0 || ours[a * MAX_FORMS + b] > 0)
				continue;
			/* What was seen once or twice may be one person's coincidence. */
			printf("never together here: %s and %s, %u times there\n", forms.names[a],
			    forms.names[b], n);
			if (n > 2)
				missing++;
			else
				rare++;
		}
	}
	CHECK(n_pairs > 4000);
	CHECK_INT(missing, 0);
	CHECK(rare * 300 < n_pairs);
	for (int k = 0; k < forms.n; k++)
		free(forms.names[k]);
	free(theirs);
	free(ours);
	map_clear(&forms.codes);
}

/* -------------------------------------------------- what is never broken */

static const char *field(const json_t *record, const char *name)
{
	return json_str(record, name, "");
}

static bool is(const json_t *record, const char *name, const char *value)
{
	return strcmp(field(record, name), value) == 0;
}

static bool has(const json_t *record, const char *name)
{
	return *field(record, name) && strcasecmp(field(record, name), "NA") != 0;
}

static bool same(const json_t *record, const char *one, const char *other)
{
	return strcmp(field(record, one), field(record, other)) == 0;
}

static int64_t at(const json_t *record, const char *name)
{
	int64_t ms = 0;
	return iso_time_parse(field(record, name), strlen(field(record, name)), &ms) ? ms : 0;
}

/* Whole seconds, a rounding either way. */
static bool seconds_agree(int64_t s, int64_t ms)
{
	return s * 1000 >= ms - 1999 && s * 1000 <= ms + 1999;
}

static bool is_leg_id(const char *text)
{
	text += strncmp(text, "CM", 2) == 0 ? 2 : 0;
	size_t n = strspn(text, "0123456789");
	return n == 11 && text[n] == ':' && isdigit((unsigned char)text[n + 1]) &&
	    (text[n + 2] == '\0' || strcmp(text + n + 2, "A") == 0);
}

/* One list: the law's name and when a record keeps it. `r` is the record. */
#define LAWS(law)                                                                                  \
	law(answered_has_an_answer_time, is(r, "Answered", "true") == has(r, "Answer time"))        \
	law(answered_says_the_indicator, is(r, "Answered", "true") != is(r, "Answer indicator", "No")) \
	law(unanswered_has_no_duration, has(r, "Answer time") || json_int(r, "Duration", -1) == 0)   \
	law(duration_is_answer_to_release, !has(r, "Answer time") ||                                 \
	    seconds_agree(json_int(r, "Duration", -1), at(r, "Release time") - at(r, "Answer time"))) \
	law(ring_is_start_to_answer, seconds_agree(atoll(field(r, "Ring duration")),                 \
	    (has(r, "Answer time") ? at(r, "Answer time") : at(r, "Release time")) - at(r, "Start time"))) \
	law(report_is_release, same(r, "Report time", "Release time"))                               \
	law(times_are_in_order, at(r, "Start time") <= at(r, "Release time") &&                      \
	    (!has(r, "Answer time") || at(r, "Start time") <= at(r, "Answer time")))                 \
	law(only_who_calls_dials, is(r, "Direction", "ORIGINATING") == has(r, "Dialed digits"))      \
	law(only_who_is_called_sees_a_caller, is(r, "Direction", "TERMINATING") == has(r, "Calling line ID")) \
	law(only_within_a_name_is_called, !has(r, "Called line ID") ||                               \
	    (is(r, "Call type", "SIP_ENTERPRISE") && is(r, "Direction", "ORIGINATING")))             \
	law(inbound_is_terminating, !is(r, "Call type", "SIP_INBOUND") || is(r, "Direction", "TERMINATING")) \
	law(a_redirect_says_all, has(r, "Redirect reason") == has(r, "Original reason") &&           \
	    has(r, "Redirect reason") == has(r, "Redirecting number") &&                             \
	    has(r, "Redirect reason") == has(r, "Redirecting party UUID") &&                         \
	    has(r, "Redirect reason") == has(r, "Original called party UUID"))                       \
	law(a_transfer_has_its_time, has(r, "Transfer related call ID") == has(r, "Call transfer time")) \
	law(a_transfer_is_released_by_remote, !has(r, "Call transfer time") || is(r, "Releasing party", "Remote")) \
	law(a_transfer_has_a_reason, !has(r, "Transfer related call ID") || has(r, "Related reason")) \
	law(a_related_call_has_a_reason, !has(r, "Related call ID") || has(r, "Related reason") || has(r, "Redirect reason")) \
	law(a_phone_has_its_mac, has(r, "Device MAC") == has(r, "Model") &&                          \
	    has(r, "Model") == is(r, "Client type", "WXC_DEVICE"))                                   \
	law(a_mobile_says_so, has(r, "Sub client type") ==                                           \
	    (is(r, "OS type", "android") || is(r, "OS type", "ios")))                                \
	law(only_apps_have_an_os, has(r, "OS type") == (strstr(field(r, "Client type"), "WXC_CLIENT") != NULL)) \
	law(sip_has_no_version, is(r, "Client type", "SIP") != has(r, "Client version"))             \
	law(who_is_called_shows_no_client, is(r, "Direction", "ORIGINATING") ||                      \
	    is(r, "Client type", "SIP") || is(r, "Client type", "CISCO_SIP_GW"))                     \
	law(a_recording_says_all, has(r, "Call Recording Result") == has(r, "Call Recording Trigger") && \
	    has(r, "Call Recording Result") == has(r, "Call Recording Platform Name"))               \
	law(what_is_recorded_was_answered, !has(r, "Call Recording Result") || has(r, "Answer time")) \
	law(a_carrier_has_an_id, has(r, "PSTN vendor name") == has(r, "PSTN provider ID"))           \
	law(one_way_out, has(r, "PSTN vendor name") + has(r, "Outbound trunk") + has(r, "Route group") <= 1) \
	/* The other way round not: satellites belong to no country. */                              \
	law(only_abroad_has_a_country, !has(r, "International country") || is(r, "Call type", "SIP_INTERNATIONAL")) \
	law(within_there_is_no_network, !is(r, "Call type", "SIP_ENTERPRISE") || !has(r, "Network call ID")) \
	law(outside_there_is_a_network, is(r, "Call type", "SIP_ENTERPRISE") ||                      \
	    is(r, "Call type", "UNKNOWN") || has(r, "Network call ID"))                              \
	law(a_key_is_of_an_attendant, has(r, "Auto Attendant Key Pressed") ==                        \
	    is(r, "User type", "AutomatedAttendantVideo"))                                           \
	law(gateways_have_no_uuid, is(r, "User type", "LocalGateway") != has(r, "User UUID"))        \
	law(unknown_is_unassigned, !is(r, "Call type", "UNKNOWN") ||                                 \
	    (is(r, "Call outcome", "Refusal") && same(r, "Called number", "Dialed digits")))         \
	law(a_refusal_was_not_answered, is(r, "Call outcome", "Success") || !has(r, "Answer time"))  \
	law(normal_is_success, !is(r, "Call outcome reason", "Normal") || is(r, "Call outcome", "Success")) \
	law(leg_ids_have_their_form, is_leg_id(field(r, "Local call ID")) &&                         \
	    (!has(r, "Remote call ID") || is_leg_id(field(r, "Remote call ID"))) &&                  \
	    (!has(r, "Related call ID") || is_leg_id(field(r, "Related call ID"))) &&                \
	    (!has(r, "Transfer related call ID") || is_leg_id(field(r, "Transfer related call ID")))) \
	law(who_gave_up_had_no_far_session, has(r, "Answer time") || is(r, "Direction", "TERMINATING") || \
	    !has(r, "Remote SessionID"))                                                             \
	law(a_session_in_carriers_hands_is_zeros, !has(r, "PSTN vendor name") ||                     \
	    is(r, "Direction", "TERMINATING") || !has(r, "Remote SessionID") ||                      \
	    strspn(field(r, "Remote SessionID"), "0") == 32)                                         \
	law(who_calls_shows_a_caller_id, is(r, "Direction", "TERMINATING") || has(r, "Caller ID number") || \
	    is(r, "User type", "LocalGateway") || has(r, "Redirect reason"))                         \
	law(a_site_is_one_zone, has(r, "Site timezone") && has(r, "Location") && has(r, "Site UUID")) \
	law(ips_are_not_told, is(r, "Public Calling IP Address", "NA") && is(r, "Public Called IP Address", "NA"))

static const char *const LAW_NAMES[] = {
#define LAW_NAME(name, kept) #name,
	LAWS(LAW_NAME)
#undef LAW_NAME
};

static void judge(const json_t *r, const char *whose, size_t broken[])
{
	size_t n = 0;
#define LAW_JUDGE(name, kept)                                                              \
	if (!(kept) && broken[n]++ == 0) {                                                  \
		char *text = json_dumps(r, JSON_COMPACT);                                    \
		printf("%s breaks %s: %.3000s\n", whose, #name, text);                       \
		free(text);                                                                  \
	}                                                                                   \
	n++;
	LAWS(LAW_JUDGE)
#undef LAW_JUDGE
}

TEST(what_is_never_broken_in_samples_is_never_broken_here)
{
	size_t theirs[sizeof LAW_NAMES / sizeof *LAW_NAMES] = { 0 }, ours[sizeof LAW_NAMES / sizeof *LAW_NAMES] = { 0 };
	json_auto_t *page = sample(); /* without it, the laws as they were read off it */
	size_t i, n = 0;
	json_t *record;
	json_array_foreach(json_object_get(page, "items"), i, record)
		judge(record, "the sample", theirs);
	struct traffic *t = traffic_of(4, 500);
	for (int64_t d = 0; d < 3; d++) {
		struct sim_day day;
		traffic_day(t, monday() + d, &day);
		for (i = 0; i < day.n_records; i++, n++) {
			json_auto_t *mine = NULL;
			struct fault fault;
			REQUIRE(json_parse(day.records[i].json, day.records[i].n_json, &mine, &fault));
			judge(mine, "ours", ours);
		}
		sim_day_free(&day);
	}
	traffic_free(t);
	CHECK(n > 10000);
	for (i = 0; i < sizeof LAW_NAMES / sizeof *LAW_NAMES; i++) {
		if (theirs[i] > 0 || ours[i] > 0)
			printf("%s: broken by %zu there, %zu here\n", LAW_NAMES[i], theirs[i], ours[i]);
		CHECK_INT(theirs[i], 0);
		CHECK_INT(ours[i], 0);
	}
}

TESTS(T(members_are_there_where_the_samples_have_them),
    T(two_members_take_together_the_forms_they_take_in_samples),
    T(what_is_never_broken_in_samples_is_never_broken_here))
