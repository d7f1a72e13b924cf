/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/copy.h"

#include <string.h>

/* Where the text pointers of a struct lie: one list a struct. */
#define FIELD(type, name) offsetof(struct type, name)

static void *copy_rows(struct arena *arena, const void *rows, size_t n, size_t size,
    const size_t *fields, size_t n_fields)
{
	if (n == 0)
		return NULL;
	char *copy = arena_alloc(arena, n * size);
	memcpy(copy, rows, n * size);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n_fields; k++) {
			const char *text;
			memcpy(&text, copy + i * size + fields[k], sizeof text);
			text = text != NULL && *text != '\0' ? arena_strdup(arena, text) : "";
			memcpy(copy + i * size + fields[k], &text, sizeof text);
		}
	}
	return copy;
}

#define COPY(arena, rows, n, fields) \
	copy_rows(arena, rows, n, sizeof *(rows), fields, COUNT_OF(fields))

struct alert *copy_alerts(struct arena *arena, const struct alert *rows, size_t n)
{
	static const size_t fields[] = { FIELD(alert, rule), FIELD(alert, title_en),
		FIELD(alert, title_es), FIELD(alert, subject_id), FIELD(alert, subject_name),
		FIELD(alert, location), FIELD(alert, assignee), FIELD(alert, tags), FIELD(alert, closed_by), FIELD(alert, team),
		FIELD(alert, why_en), FIELD(alert, why_es) };
	static const size_t reason_fields[] = { FIELD(reason, fact), FIELD(reason, value),
		FIELD(reason, expected), FIELD(reason, text_en), FIELD(reason, text_es) };
	struct alert *copy = COPY(arena, rows, n, fields);
	for (size_t i = 0; i < n; i++)
		copy[i].reasons = COPY(arena, rows[i].reasons, rows[i].n_reasons, reason_fields);
	return copy;
}

struct alert_event *copy_events(struct arena *arena, const struct alert_event *rows, size_t n)
{
	static const size_t fields[] = { FIELD(alert_event, who), FIELD(alert_event, act),
		FIELD(alert_event, before), FIELD(alert_event, after), FIELD(alert_event, note) };
	return COPY(arena, rows, n, fields);
}

struct call *copy_calls(struct arena *arena, const struct call *rows, size_t n)
{
	static const size_t fields[] = { FIELD(call, correlation_id), FIELD(call, user_uuid),
		FIELD(call, user_name), FIELD(call, user_number), FIELD(call, location),
		FIELD(call, far_number), FIELD(call, far_name), FIELD(call, call_type), FIELD(call, team),
		FIELD(call, trunk) };
	return COPY(arena, rows, n, fields);
}

struct leg_row *copy_legs(struct arena *arena, const struct leg_row *rows, size_t n)
{
	static const size_t fields[] = { FIELD(leg_row, report_id), FIELD(leg_row, user_uuid),
		FIELD(leg_row, user_name), FIELD(leg_row, user_type), FIELD(leg_row, user_number),
		FIELD(leg_row, location), FIELD(leg_row, calling), FIELD(leg_row, called),
		FIELD(leg_row, dialed), FIELD(leg_row, call_type), FIELD(leg_row, client_type),
		FIELD(leg_row, outcome), FIELD(leg_row, outcome_reason),
		FIELD(leg_row, redirect_reason), FIELD(leg_row, related_reason),
		FIELD(leg_row, redirecting_number), FIELD(leg_row, inbound_trunk),
		FIELD(leg_row, outbound_trunk), FIELD(leg_row, local_call_id),
		FIELD(leg_row, remote_call_id), FIELD(leg_row, related_call_id),
		FIELD(leg_row, transfer_call_id), FIELD(leg_row, device_mac),
		FIELD(leg_row, caller_name), FIELD(leg_row, called_name), FIELD(leg_row, far) };
	return COPY(arena, rows, n, fields);
}

struct location_row *copy_locations(struct arena *arena, const struct location_row *rows, size_t n)
{
	static const size_t fields[] = { FIELD(location_row, uuid), FIELD(location_row, name),
		FIELD(location_row, zone_name) };
	return COPY(arena, rows, n, fields);
}

struct score_row *copy_scores(struct arena *arena, const struct score_row *rows, size_t n)
{
	static const size_t fields[] = { FIELD(score_row, id), FIELD(score_row, name),
		FIELD(score_row, location), FIELD(score_row, title_en), FIELD(score_row, title_es),
		FIELD(score_row, why_en), FIELD(score_row, why_es) };
	return COPY(arena, rows, n, fields);
}

void copy_profile(struct arena *arena, const struct profile *profile, struct profile *out)
{
	static const size_t fields[] = { FIELD(profile, id), FIELD(profile, name), FIELD(profile, number),
		FIELD(profile, site), FIELD(profile, zone_name), FIELD(profile, model),
		FIELD(profile, owner_id), FIELD(profile, owner_name) };
	static const size_t change_fields[] = { FIELD(profile_change, name) };
	static const size_t device_fields[] = { FIELD(profile_device, mac) };
	static const size_t contact_fields[] = { FIELD(profile_contact, id), FIELD(profile_contact, name) };
	const struct profile *copy = COPY(arena, profile, 1, fields);
	*out = *copy;
	out->countries = copy_rows(arena, profile->countries, profile->n_countries, sizeof *profile->countries, NULL, 0);
	out->contacts = COPY(arena, profile->contacts, profile->n_contacts, contact_fields);
	out->alerts = copy_alerts(arena, profile->alerts, profile->n_alerts);
	out->recent = copy_calls(arena, profile->recent, profile->n_recent);
	out->forwards = copy_calls(arena, profile->forwards, profile->n_forwards);
	out->changes = COPY(arena, profile->changes, profile->n_changes, change_fields);
	out->live = live_halves_copy(arena, profile->live, profile->n_live);
	out->admin = admin_events_copy(arena, profile->admin, profile->n_admin);
	out->devices = COPY(arena, profile->devices, profile->n_devices, device_fields);
}

struct audit_row *copy_audit(struct arena *arena, const struct audit_row *rows, size_t n)
{
	static const size_t fields[] = { FIELD(audit_row, event.who), FIELD(audit_row, event.act),
		FIELD(audit_row, event.before), FIELD(audit_row, event.after),
		FIELD(audit_row, event.note) };
	return COPY(arena, rows, n, fields);
}

static struct rule_words copy_words(struct arena *arena, struct rule_words words)
{
	const char **items = arena_alloc(arena, (words.n + 1) * sizeof *items);
	for (size_t i = 0; i < words.n; i++)
		items[i] = arena_strdup(arena, words.items[i]);
	return (struct rule_words){ items, words.n };
}

struct alert_step *copy_steps(struct arena *arena, const struct alert_step *rows, size_t n)
{
	static const size_t fields[] = { FIELD(alert_step, step), FIELD(alert_step, who) };
	return COPY(arena, rows, n, fields);
}

struct rule_page *copy_rule_pages(struct arena *arena, const struct rule_page *rows, size_t n)
{
	static const size_t fields[] = { FIELD(rule_page, id), FIELD(rule_page, title_en), FIELD(rule_page, title_es),
		FIELD(rule_page, description_en), FIELD(rule_page, description_es), FIELD(rule_page, status),
		FIELD(rule_page, file) };
	struct rule_page *copy = COPY(arena, rows, n, fields);
	for (size_t i = 0; i < n; i++) {
		copy[i].tags = copy_words(arena, rows[i].tags);
		copy[i].falsepositives_en = copy_words(arena, rows[i].falsepositives_en);
		copy[i].falsepositives_es = copy_words(arena, rows[i].falsepositives_es);
		copy[i].playbook_en = copy_words(arena, rows[i].playbook_en);
		copy[i].playbook_es = copy_words(arena, rows[i].playbook_es);
	}
	return copy;
}

struct rule_card *copy_rule_cards(struct arena *arena, const struct rule_card *rows, size_t n)
{
	static const size_t fields[] = { FIELD(rule_card, rule), FIELD(rule_card, title_en), FIELD(rule_card, title_es) };
	return COPY(arena, rows, n, fields);
}

struct silence_row *copy_silences(struct arena *arena, const struct silence_row *rows, size_t n)
{
	static const size_t fields[] = { FIELD(silence_row, filter), FIELD(silence_row, rule), FIELD(silence_row, title_en), FIELD(silence_row, title_es),
		FIELD(silence_row, subject_name), FIELD(silence_row, location), FIELD(silence_row, owner), FIELD(silence_row, reason), FIELD(silence_row, file), FIELD(silence_row, broken) };
	return COPY(arena, rows, n, fields);
}

struct kept_row *copy_kept(struct arena *arena, const struct kept_row *rows, size_t n)
{
	static const size_t fields[] = { FIELD(kept_row, subject_id), FIELD(kept_row, subject_name), FIELD(kept_row, location), FIELD(kept_row, rule),
		FIELD(kept_row, title_en), FIELD(kept_row, title_es) };
	return COPY(arena, rows, n, fields);
}
