/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/story.h"

#include <stdio.h>
#include <string.h>

#include "base/mask.h"
#include "ui/step_words.h"

const char *change_word(enum profile_change_kind kind)
{
	static const char *const words[] = { [CHANGE_SITE] = N_("site"), [CHANGE_TRUNK] = N_("trunk"), [CHANGE_NUMBER] = N_("own number"),
		[CHANGE_PERSON] = N_("person"), [CHANGE_DEVICE] = N_("device"), [CHANGE_COUNTRY] = N_("country") };
	return _(words[kind]);
}

const char *story_glyph(const struct case_item *item)
{
	switch (item->kind) {
	case CASE_RAISED:
		return severity_glyph(item->alert->severity);
	case CASE_ACT:
		return "\u25A0";
	case CASE_CHANGED:
	case CASE_DIRECTORY:
	case CASE_ADMIN:
		return "\u00B1";
	case CASE_LIVE:
		return item->live->originator ? "\u2192" : "\u2190";
	case CASE_FORWARD:
		return "\u00BB";
	case CASE_CALL:
		break;
	}
	if (item->call->flags & CALL_FORWARDED)
		return "\u00BB";
	return item->call->direction == CALL_INBOUND ? "\u2190" : item->call->direction == CALL_INTERNAL ? "\u2194" : "\u2192";
}

enum role story_role(const struct case_item *item)
{
	switch (item->kind) {
	case CASE_RAISED:
		return severity_role(item->alert->severity);
	case CASE_ACT:
		return ROLE_STRONG;
	case CASE_CHANGED:
	case CASE_FORWARD:
	case CASE_DIRECTORY:
	case CASE_ADMIN:
		return ROLE_WARN;
	case CASE_LIVE:
		return item->live->tier >= TIER_HIGH ? tier_role(item->live->tier) : ROLE_LIVE_UP;
	case CASE_CALL:
		break;
	}
	return item->call->tier >= TIER_HIGH ? tier_role(item->call->tier) : ROLE_TEXT;
}

static void call_words(const struct call *call, bool masked, struct text *out)
{
	static const struct {
		enum call_flag flag;
		const char *word;
	} ways[] = { { CALL_FORWARDED, N_("forwarded") }, { CALL_TRANSFERRED, N_("transferred") }, { CALL_QUEUED, N_("by a queue") },
		{ CALL_ATTENDANT, N_("by an attendant") }, { CALL_VOICEMAIL, N_("voice mailbox") } };
	char number[LONG_BYTES], own[LONG_BYTES], length[SHORT_BYTES], money[SHORT_BYTES];
	const char *who = *call->user_name != '\0' ? call->user_name : format_number(call->user_number, masked, own);
	text_printf(out, "%s %s %s", who, call->direction == CALL_INBOUND ? "\u2190" : "\u2192",
	    format_number(*call->far_number != '\0' ? call->far_number : call->far_name, masked, number));
	if (*call->country != '\0')
		text_printf(out, " %s", call->country);
	if (call->tier >= TIER_HIGH)
		text_printf(out, " \u00B7 %s", tier_word(call->tier));
	text_printf(out, " \u00B7 %s", call->flags & CALL_ANSWERED ? format_duration(call->talk_s, length) : _("not answered"));
	if (call->cost_micro > 0)
		text_printf(out, " \u00B7 \u2248 %s USD", format_money(call->cost_micro, money));
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		if (call->flags & ways[i].flag)
			text_printf(out, " \u00B7 %s", _(ways[i].word));
}

static void act_words(const struct case_item *item, bool masked, struct text *out)
{
	const struct alert_event *event = item->event;
	char before[TYPED_BYTES], after[TYPED_BYTES], note[TYPED_BYTES];
	bool tags = strcmp(event->act, triage_act_name(TRIAGE_TAG)) == 0;
	text_printf(out, "%s \u00B7 %s #%lld", event->who, act_word(event->act), (long long)item->alert_id);
	if ((*event->before != '\0' || *event->after != '\0') && strcmp(event->before, event->after) != 0)
		text_printf(out, " \u00B7 %s \u2192 %s", format_masked(value_word(event->before), masked && tags, before, sizeof before),
		    format_masked(value_word(event->after), masked && tags, after, sizeof after));
	if (*event->note != '\0')
		text_printf(out, " \u00B7 %s", format_masked(event_note(event), masked, note, sizeof note));
}

void live_step_words(const struct live_half *half, struct text *out)
{
	char length[SHORT_BYTES];
	for (size_t i = 0; i < half->n_steps; i++) {
		const struct live_step *step = &half->steps[i];
		int64_t end_ms = i + 1 < half->n_steps ? half->steps[i + 1].at_ms : half->over_ms;
		text_printf(out, "%s%s", i > 0 ? " \u00B7 " : "", live_word(step->state));
		if (step->state != LIVE_DISCONNECTED && end_ms > 0)
			text_printf(out, " %s", format_duration(MAX(end_ms - step->at_ms, (int64_t)0) / SECOND_MS, length));
	}
}

void live_words(const struct live_half *half, bool masked, struct text *out)
{
	char number[LONG_BYTES];
	text_printf(out, "%s %s %s", *half->person_name != '\0' ? half->person_name : *half->person_uuid != '\0' ? half->person_uuid : "\u2014",
	    half->originator ? "\u2192" : "\u2190", format_number(*half->number != '\0' ? half->number : half->name, masked, number));
	if (*half->country != '\0')
		text_printf(out, " %s", half->country);
	if (half->tier >= TIER_HIGH)
		text_printf(out, " \u00B7 %s", tier_word(half->tier));
	text_printf(out, " \u00B7 %s \u00B7 ", _("live"));
	live_step_words(half, out);
	text_printf(out, " \u00B7 %s", half->over_ms == 0 && half->lost_ms > 0 ? _("its end was never told") : _("no record yet"));
}

static const char *actor_of(const struct admin_event *event)
{
	return *event->actor_name != '\0' ? event->actor_name : *event->actor_email != '\0' ? event->actor_email : *event->actor_uuid != '\0' ? event->actor_uuid : "\u2014";
}

static void by_whom(const struct admin_event *event, struct text *out)
{
	text_puts(out, actor_of(event));
	if (*event->actor_ip != '\0')
		text_printf(out, " (%s)", event->actor_ip);
}

void admin_words(const struct admin_event *event, bool masked, struct text *out)
{
	struct text what = { 0 };
	const char *target = event->target_name;
	if (*event->description != '\0' || *event->act == '\0')
		text_puts(&what, *event->description != '\0' ? event->description : *event->operation != '\0' ? event->operation : event->category);
	else
		text_puts(&what, event->act);
	if (*target != '\0' && strcmp(target, actor_of(event)) != 0)
		text_printf(&what, " \u00B7 %s", target);
	if (*event->setting != '\0' || *event->was != '\0' || *event->became != '\0')
		text_printf(&what, " \u00B7 %s%s%s \u2192 %s", event->setting, *event->setting != '\0' ? " " : "", *event->was != '\0' ? event->was : "\u2014",
		    *event->became != '\0' ? event->became : "\u2014");
	if (text_equal_nocase(event->outcome, "FAILURE"))
		text_printf(&what, " \u00B7 %s%s%s", _("it was refused"), *event->failure != '\0' ? ": " : "", event->failure);
	by_whom(event, out);
	text_puts(out, ": ");
	if (masked)
		mask_text(text_string(&what), out);
	else
		text_puts(out, text_string(&what));
	text_clear(&what);
}

/* "Ana: extension in the directory 4021 → 4099" */
static void directory_words(const struct case_item *item, const char *who, bool masked, struct text *out)
{
	static const struct {
		const char *what, *word;
	} words[] = { { "name", N_("name") }, { "email", N_("e-mail address") }, { "site", N_("site") }, { "extension", N_("extension") },
		{ "number", N_("own number") }, { "team", N_("department") } };
	const struct directory_change *change = item->directory;
	char was[LONG_BYTES], became[LONG_BYTES];
	if (strcmp(change->what, "added") == 0 || strcmp(change->what, "removed") == 0) {
		text_printf(out, change->what[0] == 'a' ? _("%s: new in the directory") : _("%s: gone from the directory"), who);
		return;
	}
	const char *word = change->what;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(words[i].what, change->what) == 0)
			word = _(words[i].word);
	bool number = strcmp(change->what, "number") == 0;
	text_printf(out, _("%s: %s in the directory %s \u2192 %s"), who, word, *change->was == '\0' ? "\u2014" : number ? format_number(change->was, masked, was) : change->was,
	    *change->became == '\0' ? "\u2014" : number ? format_number(change->became, masked, became) : change->became);
}

void story_words(const struct case_item *item, bool masked, struct text *out)
{
	char number[LONG_BYTES], own[LONG_BYTES], title[TYPED_BYTES];
	const char *who = item->who_is_number ? format_number(item->who, masked, own) : item->who;
	switch (item->kind) {
	case CASE_CALL:
		call_words(item->call, masked, out);
		break;
	case CASE_RAISED:
		text_printf(out, "#%lld %s", (long long)item->alert->id, format_masked(in_language(item->alert->title_en, item->alert->title_es), masked, title, sizeof title));
		text_printf(out, ngettext(" \u00B7 score %d \u00B7 %lld record", " \u00B7 score %d \u00B7 %lld records", (unsigned long)item->alert->count),
		    item->alert->score, (long long)item->alert->count);
		break;
	case CASE_ACT:
		act_words(item, masked, out);
		break;
	case CASE_CHANGED:
		text_printf(out, _("%s: %s %s for the first time"), who, change_word(item->change->kind),
		    item->change->kind == CHANGE_NUMBER ? format_number(item->change->name, masked, number) : item->change->name);
		break;
	case CASE_DIRECTORY:
		directory_words(item, who, masked, out);
		if (item->admin != NULL) {
			text_printf(out, " \u00B7 %s ", _("by"));
			by_whom(item->admin, out);
		}
		break;
	case CASE_ADMIN:
		admin_words(item->admin, masked, out);
		break;
	case CASE_LIVE:
		live_words(item->live, masked, out);
		break;
	case CASE_FORWARD:
		text_printf(out, _("%s: forwarded to %s for the first time"), who, format_number(item->call->far_number, masked, number));
		break;
	}
}

void story_name(const struct case_story *story, bool masked, char *out, size_t capacity)
{
	const struct alert *lead = story->lead;
	char number[LONG_BYTES], title[TYPED_BYTES];
	out[0] = '\0';
	if (lead == NULL)
		return;
	const char *who = *lead->subject_name != '\0' ? lead->subject_name : lead->subject_id;
	snprintf(out, capacity, "%s \u00B7 %s", lead->subject_kind == SUBJECT_NUMBER ? format_number(who, masked, number) : who,
	    format_masked(in_language(lead->title_en, lead->title_es), masked, title, sizeof title));
}

/* ---- sums ---------------------------------------------------------------------------- */

static void countries(const struct case_story *story, char *out, size_t capacity)
{
	size_t n = (size_t)snprintf(out, capacity, "%lld", (long long)story->n_countries);
	for (size_t i = 0; i < story->n_countries_listed && i < 8 && n + 24 < capacity; i++) {
		const struct case_country *row = &story->countries[i];
		if (*row->country != '\0')
			n += (size_t)snprintf(out + n, capacity - n, " \u00B7 %s %lld", row->country, (long long)row->n_calls);
	}
}

bool story_sum(const struct case_story *story, size_t i, struct story_sum *out)
{
	char text[SHORT_BYTES];
	out->role = ROLE_TEXT;
	switch (i) {
	case 0:
		out->label = _("alerts");
		snprintf(out->value, sizeof out->value, _("%lld, %lld of them open"),
		    (long long)story->n_alerts_all, (long long)story->n_open);
		out->role = story->n_open > 0 ? ROLE_STRONG : ROLE_TEXT;
		return true;
	case 1:
		out->label = _("cost");
		snprintf(out->value, sizeof out->value, "\u2248 %s USD", format_money(story->cost_micro, text));
		out->role = ROLE_MONEY;
		return true;
	case 2:
		out->label = _("people");
		snprintf(out->value, sizeof out->value, "%lld", (long long)story->n_people);
		return true;
	case 3:
		out->label = _("numbers");
		snprintf(out->value, sizeof out->value, "%lld", (long long)story->n_numbers);
		return true;
	case 4:
		out->label = _("calls");
		snprintf(out->value, sizeof out->value, ngettext("%lld \u00B7 %lld min \u00B7 %lld record", "%lld \u00B7 %lld min \u00B7 %lld records", (unsigned long)story->n_records),
		    (long long)story->n_calls, (long long)((story->talk_s + 30) / 60), (long long)story->n_records);
		return true;
	case 5:
		out->label = _("countries");
		countries(story, out->value, sizeof out->value);
		return true;
	case 6:
		out->label = _("detected");
		snprintf(out->value, sizeof out->value, "%s", story->detect_ms < 0 ? "\u2014" : format_age(story->detect_ms, text));
		return true;
	case 7:
		out->label = _("seen in");
		snprintf(out->value, sizeof out->value, "%s", story->acknowledge_ms < 0 ? _("nobody yet") : format_age(story->acknowledge_ms, text));
		out->role = story->acknowledge_ms < 0 ? ROLE_WARN : ROLE_TEXT;
		return true;
	default:
		return false;
	}
}
