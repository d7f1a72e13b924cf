/* SPDX-License-Identifier: Apache-2.0
 *
 * A tree is asked of a row in memory, and how rows are read. */
#include "filter/filter.h"

#include <stdio.h>

#include "alerts/alert.h"
#include "base/fold.h"
#include "calls/call.h"
#include "calls/directory.h"
#include "calls/live_calls.h"

struct asked {
	const struct filter *filter;
	void (*read)(const void *row, unsigned field, int64_t now_ms, struct filter_cell *);
	const void *row;
	int64_t now_ms;
};

/* The same question as the store is asked: blanks stand around the words, and none
 * is the empty one. */
static bool one_fits(const char *pattern, const char *words)
{
	char around[FILTER_BYTES * 3 + 8], all[1024];
	snprintf(around, sizeof around, "%% %s %%", pattern);
	snprintf(all, sizeof all, " %s ", words);
	return text_like(around, all);
}

static bool fits(const struct asked *asked, const struct filter_field *field, const char *pattern)
{
	struct filter_cell cell = { 0 };
	asked->read(asked->row, field->id, asked->now_ms, &cell);
	if (field->form == COLUMN_TAGS)
		return one_fits(pattern, cell.text == NULL ? "" : cell.text);
	return text_like(pattern, cell.text == NULL ? "" : cell.text) ||
	    (cell.other != NULL && text_like(pattern, cell.other)) || (cell.called_en != NULL && text_like(pattern, cell.called_en)) ||
	    (cell.called_es != NULL && text_like(pattern, cell.called_es));
}

/* Deep as the tree, which has FILTER_NODES parts at most. */
static bool holds(const struct asked *asked, size_t at)
{
	const struct filter_node *node = &asked->filter->nodes[at];
	switch (node->kind) {
	case NODE_AND:
		return holds(asked, node->left) && holds(asked, node->right);
	case NODE_OR:
		return holds(asked, node->left) || holds(asked, node->right);
	case NODE_NOT:
		return !holds(asked, node->left);
	case NODE_TEXT:
		return fits(asked, node->field, node->pattern);
	case NODE_RANGE: {
		struct filter_cell cell = { 0 };
		asked->read(asked->row, node->field->id, asked->now_ms, &cell);
		return cell.number >= node->low && cell.number <= node->high;
	}
	case NODE_SEARCH: {
		const struct filter_field *field;
		for (size_t i = 0; (field = filter_field_searched(asked->filter->of, i)) != NULL; i++)
			if (fits(asked, field, node->pattern))
				return true;
		return false;
	}
	}
	return false;
}

bool filter_passes(const struct filter *filter,
    void (*read)(const void *row, unsigned field, int64_t now_ms, struct filter_cell *), const void *row,
    int64_t now_ms)
{
	struct asked asked = { filter, read, row, now_ms };
	return filter->n_nodes == 0 || holds(&asked, filter->root);
}

/* ---- rows ------------------------------------------------------------------------- */

void filter_read_call(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	const struct call *call = row;
	UNUSED(now_ms);
	switch ((enum call_field)field) {
	case CALL_FIELD_COUNTRY: cell->text = call->country; break;
	case CALL_FIELD_CLASS: cell->number = call->class; break;
	case CALL_FIELD_TIER: cell->number = call->tier; break;
	case CALL_FIELD_DST_NUMBER:
	case CALL_FIELD_NUMBER: cell->text = call->far_number; break;
	case CALL_FIELD_FAR_NAME: cell->text = call->far_name; break;
	case CALL_FIELD_USER_NAME: cell->text = call->user_name; break;
	case CALL_FIELD_USER_ID: cell->text = call->user_uuid; break;
	case CALL_FIELD_TEAM: cell->text = call->team; break;
	case CALL_FIELD_USER_NUMBER: cell->text = call->user_number; break;
	case CALL_FIELD_LOCATION: cell->text = call->location; break;
	case CALL_FIELD_TYPE: cell->text = call->call_type; break;
	case CALL_FIELD_TRUNK: cell->text = call->trunk; break;
	case CALL_FIELD_DIRECTION: cell->number = call->direction; break;
	case CALL_FIELD_DURATION: cell->number = call->talk_s; break;
	case CALL_FIELD_RING: cell->number = call->ring_s; break;
	case CALL_FIELD_LEGS: cell->number = call->n_legs; break;
	case CALL_FIELD_COST: cell->number = call->cost_micro; break;
	case CALL_FIELD_START: cell->number = call->start_ms; break;
	case CALL_FIELD_END: cell->number = call->end_ms; break;
	case CALL_FIELD_ANSWERED: cell->number = (call->flags & CALL_ANSWERED) != 0; break;
	case CALL_FIELD_FORWARDED: cell->number = (call->flags & CALL_FORWARDED) != 0; break;
	case CALL_FIELD_TRANSFERRED: cell->number = (call->flags & CALL_TRANSFERRED) != 0; break;
	case CALL_FIELD_QUEUED: cell->number = (call->flags & CALL_QUEUED) != 0; break;
	case CALL_FIELD_ATTENDANT: cell->number = (call->flags & CALL_ATTENDANT) != 0; break;
	case CALL_FIELD_VOICEMAIL: cell->number = (call->flags & CALL_VOICEMAIL) != 0; break;
	case CALL_FIELD_LOOK_ALIKE: cell->number = (call->flags & CALL_LOOK_ALIKE) != 0; break;
	}
}

void filter_read_alert(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	const struct alert *alert = row;
	UNUSED(now_ms);
	switch ((enum alert_field)field) {
	case ALERT_FIELD_ID: cell->number = alert->id; break;
	case ALERT_FIELD_CASE: cell->number = alert->case_id; break;
	case ALERT_FIELD_SEVERITY: cell->number = alert->severity; break;
	case ALERT_FIELD_SCORE: cell->number = alert->score; break;
	case ALERT_FIELD_STATE: cell->number = alert->state; break;
	case ALERT_FIELD_RESOLUTION: cell->number = alert->resolution; break;
	case ALERT_FIELD_RULE: cell->text = alert->rule; cell->called_en = alert->title_en; cell->called_es = alert->title_es; break;
	case ALERT_FIELD_TITLE: cell->text = alert->title_en; cell->other = alert->title_es; break;
	case ALERT_FIELD_WHY: cell->text = alert->why_en; cell->other = alert->why_es; break;
	case ALERT_FIELD_SUBJECT_KIND: cell->number = alert->subject_kind; break;
	case ALERT_FIELD_SUBJECT_ID: cell->text = alert->subject_id; break;
	case ALERT_FIELD_SUBJECT_NAME: cell->text = alert->subject_name; break;
	case ALERT_FIELD_TEAM: cell->text = alert->team; break;
	case ALERT_FIELD_LOCATION: cell->text = alert->location; break;
	case ALERT_FIELD_ASSIGNEE: cell->text = alert->assignee; break;
	case ALERT_FIELD_TAG: cell->text = alert->tags; break;
	case ALERT_FIELD_COUNT: cell->number = alert->count; break;
	case ALERT_FIELD_NOTES: cell->number = alert->n_notes; break;
	case ALERT_FIELD_COST: cell->number = alert->cost_micro; break;
	case ALERT_FIELD_FIRST: cell->number = alert->first_ms; break;
	case ALERT_FIELD_LAST: cell->number = alert->last_ms; break;
	case ALERT_FIELD_RAISED: cell->number = alert->raised_ms; break;
	}
}

void filter_read_live(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	const struct live_call *call = row;
	switch ((enum live_field)field) {
	case LIVE_FIELD_COUNTRY: cell->text = call->remote.country; break;
	case LIVE_FIELD_CLASS: cell->number = call->remote.class; break;
	case LIVE_FIELD_TIER: cell->number = call->remote.tier; break;
	case LIVE_FIELD_DST_NUMBER:
	case LIVE_FIELD_NUMBER: cell->text = live_call_number(call); break;
	case LIVE_FIELD_FAR_NAME: cell->text = call->remote_name; break;
	case LIVE_FIELD_USER_NAME: cell->text = call->person_name; break;
	case LIVE_FIELD_USER_ID: cell->text = call->person_uuid; break;
	case LIVE_FIELD_LOCATION: cell->text = call->location; break;
	case LIVE_FIELD_DIRECTION: cell->number = call->originator ? CALL_OUTBOUND : CALL_INBOUND; break;
	case LIVE_FIELD_STATE: cell->number = call->state; break;
	case LIVE_FIELD_DURATION:
		cell->number = call->answered_ms > 0 ? MAX(now_ms - call->answered_ms, (int64_t)0) / SECOND_MS : 0;
		break;
	case LIVE_FIELD_COST: cell->number = live_call_cost_micro(call, now_ms); break;
	case LIVE_FIELD_START: cell->number = call->created_ms; break;
	case LIVE_FIELD_ANSWERED: cell->number = call->answered_ms > 0; break;
	case LIVE_FIELD_LOOK_ALIKE: cell->number = call->remote.look_alike; break;
	}
}

void filter_read_person(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	const struct filter_person *of = row;
	const struct person *person = of->person;
	UNUSED(now_ms);
	switch ((enum person_field)field) {
	case PERSON_FIELD_NAME: cell->text = person->name; break;
	case PERSON_FIELD_ID: cell->text = person->uuid; break;
	case PERSON_FIELD_EMAIL: cell->text = person->email; break;
	case PERSON_FIELD_NUMBER: cell->text = person->number; break;
	case PERSON_FIELD_EXTENSION: cell->text = person->extension; break;
	case PERSON_FIELD_LOCATION: cell->text = of->location; break;
	case PERSON_FIELD_TEAM: cell->text = person->team; break;
	}
}
