/* SPDX-License-Identifier: Apache-2.0 */
#include "filter/silence_scope.h"

#include "alerts/alert.h"
#include "base/i18n.h"

/* What every alert is alike in when it is raised. */
static bool comes_later(unsigned field)
{
	return field == ALERT_FIELD_ID || field == ALERT_FIELD_CASE || field == ALERT_FIELD_STATE || field == ALERT_FIELD_RESOLUTION ||
	    field == ALERT_FIELD_ASSIGNEE || field == ALERT_FIELD_NOTES || field == ALERT_FIELD_TAG ||
	    field == ALERT_FIELD_TEAM; /* the people are not asked when it is raised */
}

enum { MAY_HOLD = 1, MAY_FAIL = 2 };

/* What the node may be for some alert of this severity, whatever else the alert is. */
static unsigned may_be(const struct filter *filter, size_t at, enum severity severity)
{
	const struct filter_node *node = &filter->nodes[at];
	unsigned left, right;
	switch (node->kind) {
	case NODE_AND: case NODE_OR:
		left = may_be(filter, node->left, severity);
		right = may_be(filter, node->right, severity);
		if (node->kind == NODE_AND)
			return (left & right & MAY_HOLD) | ((left | right) & MAY_FAIL);
		return ((left | right) & MAY_HOLD) | (left & right & MAY_FAIL);
	case NODE_NOT:
		left = may_be(filter, node->left, severity);
		return (left & MAY_HOLD ? MAY_FAIL : 0) | (left & MAY_FAIL ? MAY_HOLD : 0);
	case NODE_RANGE:
		if (node->field->id == ALERT_FIELD_SEVERITY)
			return (int64_t)severity >= node->low && (int64_t)severity <= node->high ? MAY_HOLD : MAY_FAIL;
		break;
	case NODE_TEXT: case NODE_SEARCH:
		break;
	}
	return MAY_HOLD | MAY_FAIL;
}

/* What is critical is never silenced: of that alone nothing would be. */
static bool hides_nothing(const struct filter *filter)
{
	for (int s = SEVERITY_LOW; s < SEVERITY_CRITICAL; s++)
		if (may_be(filter, filter->root, (enum severity)s) & MAY_HOLD)
			return false;
	return true;
}

bool silence_scope_read(const char *source, size_t n, int64_t created_ms, const struct filter_names *names,
    struct filter *out, struct filter_reading *reading, struct fault *fault, size_t *offset)
{
	if (!filter_parse(FILTER_ALERTS, source, n, created_ms, names, out, reading, fault, offset))
		return false;
	const struct filter_node *wrong = NULL;
	for (size_t i = 0; i < out->n_nodes && wrong == NULL; i++) {
		const struct filter_node *node = &out->nodes[i];
		if ((node->kind == NODE_TEXT || node->kind == NODE_RANGE) && comes_later(node->field->id))
			wrong = node;
	}
	bool nothing = wrong == NULL && out->n_nodes > 0 && hides_nothing(out);
	if (wrong == NULL && out->n_nodes > 0 && !nothing)
		return true;
	if (offset != NULL)
		*offset = wrong == NULL ? 0 : wrong->from;
	if (nothing)
		fault_set(fault, FAULT_USAGE, "%s", _("only critical alerts pass it, and those are never silenced"));
	else if (wrong == NULL)
		fault_set(fault, FAULT_USAGE, "%s", _("a silence says what is silent: location == \"Cali\""));
	else
		fault_set(fault, FAULT_USAGE, _("%s comes after an alert is raised: a silence cannot ask for it"), wrong->field->name);
	filter_clear(out);
	return false;
}
