/* SPDX-License-Identifier: Apache-2.0 */
#include "filter/silence_scope.h"

#include "base/i18n.h"

/* What every alert is alike in when it is raised. */
static bool comes_later(unsigned field)
{
	return field == ALERT_FIELD_ID || field == ALERT_FIELD_CASE || field == ALERT_FIELD_STATE || field == ALERT_FIELD_RESOLUTION ||
	    field == ALERT_FIELD_ASSIGNEE || field == ALERT_FIELD_NOTES || field == ALERT_FIELD_TAG ||
	    field == ALERT_FIELD_TEAM; /* the people are not asked when it is raised */
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
	if (wrong == NULL && out->n_nodes > 0)
		return true;
	if (offset != NULL)
		*offset = wrong == NULL ? 0 : wrong->from;
	if (wrong == NULL)
		fault_set(fault, FAULT_USAGE, "%s", _("a silence says what is silent: location == \"Cali\""));
	else
		fault_set(fault, FAULT_USAGE, _("%s comes after an alert is raised: a silence cannot ask for it"), wrong->field->name);
	filter_clear(out);
	return false;
}
