/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panes/leads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "calls/cdr.h"

#define LEADS_MAX 24
#define ID_BYTES  256 /* as long as a word of the store */

/* One block: it lies with the menu, which frees it. */
struct leads {
	struct lead {
		enum subject_kind kind;
		char id[ID_BYTES], name[ID_BYTES];
	} items[LEADS_MAX];
	size_t n;
};

struct leads *leads_new(void)
{
	return mem_zalloc(sizeof(struct leads));
}

void leads_add(struct leads *leads, enum subject_kind kind, const char *id, const char *name)
{
	if (*or_empty(id) == '\0' || strlen(id) >= ID_BYTES || leads->n == LEADS_MAX || kind == SUBJECT_ORG)
		return;
	for (size_t i = 0; i < leads->n; i++) {
		struct lead *old = &leads->items[i];
		if (kind == SUBJECT_SERVICE && old->kind == SUBJECT_PERSON && strcmp(old->id, id) == 0)
			old->kind = kind; /* a call does not say what its user is, a leg does */
		bool same = old->kind == kind || (kind == SUBJECT_PERSON && old->kind == SUBJECT_SERVICE);
		if (same && (strcmp(old->id, id) == 0 || (kind == SUBJECT_SITE && strcmp(old->name, or_empty(name)) == 0)))
			return; /* a site may be named by its uuid and by its name */
	}
	struct lead *lead = &leads->items[leads->n++];
	lead->kind = kind;
	snprintf(lead->id, sizeof lead->id, "%s", id);
	snprintf(lead->name, sizeof lead->name, "%s", *or_empty(name) != '\0' ? name : id);
}

void leads_add_call(struct leads *leads, const struct call *call)
{
	leads_add(leads, SUBJECT_PERSON, call->user_uuid, call->user_name);
	leads_add(leads, SUBJECT_NUMBER, call->direction != CALL_INTERNAL ? call->far_number : "", "");
	leads_add(leads, SUBJECT_SITE, call->location, call->location);
	leads_add(leads, SUBJECT_TRUNK, call->trunk, "");
}

void leads_add_leg(struct leads *leads, const struct leg_row *leg)
{
	/* A gateway's leg is the trunk's, and no person's. */
	bool gateway = strcmp(leg->user_type, "LocalGateway") == 0;
	leads_add(leads, cdr_is_somebody(leg->user_type) ? SUBJECT_PERSON : SUBJECT_SERVICE, gateway ? "" : leg->user_uuid, leg->user_name);
	leads_add(leads, SUBJECT_SITE, leg->location, leg->location);
	leads_add(leads, SUBJECT_TRUNK, leg->outbound_trunk, "");
	leads_add(leads, SUBJECT_TRUNK, leg->inbound_trunk, "");
	leads_add(leads, SUBJECT_DEVICE, leg->device_mac, "");
}

void leads_add_alert(struct leads *leads, const struct alert *alert)
{
	leads_add(leads, alert->subject_kind, alert->subject_id, alert->subject_name);
	leads_add(leads, SUBJECT_SITE, alert->location, alert->location);
}

/* ---- which of them ------------------------------------------------------------------ */

static void open_lead(struct screen *screen, const struct lead *lead)
{
	profile_open(screen, lead->kind, lead->id);
}

static void on_choose(struct screen *screen, void *arg, const struct menu_item *item)
{
	const struct leads *leads = arg;
	open_lead(screen, &leads->items[item->value]);
}

/* Kind by kind, each in the order in which it was named. */
static void by_kind(struct leads *leads)
{
	static const enum subject_kind order[] = { SUBJECT_PERSON, SUBJECT_SERVICE, SUBJECT_NUMBER, SUBJECT_SITE, SUBJECT_TRUNK, SUBJECT_DEVICE };
	struct leads *named = mem_dup(leads, sizeof *leads);
	leads->n = 0;
	for (size_t k = 0; k < COUNT_OF(order); k++)
		for (size_t i = 0; i < named->n; i++)
			if (named->items[i].kind == order[k])
				leads->items[leads->n++] = named->items[i];
	free(named);
}

/* The first of each kind has a letter, as the keys that open it elsewhere; the others a digit. */
static uint32_t key_of(const struct leads *leads, size_t i, size_t *n_others)
{
	static const char letters[] = { [SUBJECT_PERSON] = 'p', [SUBJECT_SERVICE] = 'p', [SUBJECT_NUMBER] = 'P', [SUBJECT_DEVICE] = 'd', [SUBJECT_TRUNK] = 't', [SUBJECT_SITE] = 's' };
	char letter = letters[leads->items[i].kind];
	for (size_t k = 0; k < i; k++)
		if (letters[leads->items[k].kind] == letter)
			return *n_others < 9 ? (uint32_t)('1' + (*n_others)++) : 0;
	return (uint32_t)letter;
}

void leads_open(struct screen *screen, struct leads *leads)
{
	if (leads->n < 2) {
		if (leads->n == 1)
			open_lead(screen, &leads->items[0]);
		else
			screen_refuse(screen, "%s", _("Nothing is named here that has a profile."));
		free(leads);
		return;
	}
	size_t n_others = 0;
	by_kind(leads);
	struct menu *menu = screen_menu(screen, _("Profile of what is named here"), on_choose, leads);
	for (size_t i = 0; i < leads->n; i++) {
		const struct lead *lead = &leads->items[i];
		char label[ID_BYTES + 64], number[LONG_BYTES];
		const char *word = subject_word(lead->kind), *name = lead->name;
		if (lead->kind == SUBJECT_NUMBER)
			name = format_number(lead->id, screen->masked, number);
		snprintf(label, sizeof label, "%s%*s%s", word, MAX(10 - text_width(word), 1), "", name);
		menu_add(menu, key_of(leads, i, &n_others), (int64_t)i, label);
	}
}
