/* SPDX-License-Identifier: Apache-2.0 */
#include "alerts/notice.h"

#include <string.h>

static const char *const names[N_NOTICE_KINDS] = {
#define NOTICE_NAME(id, name) [id] = name,
	NOTICE_KINDS(NOTICE_NAME)
#undef NOTICE_NAME
};

const char *notice_kind_name(enum notice_kind kind)
{
	return names[kind];
}

bool notice_kind_named(const char *name, enum notice_kind *out)
{
	for (size_t i = 0; i < N_NOTICE_KINDS; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum notice_kind)i;
			return true;
		}
	}
	return false;
}

enum notice_kind notice_kind_of(const struct alert *was, const struct alert *now)
{
	if (was == NULL)
		return NOTICE_RAISED;
	bool was_closed = was->state == ALERT_CLOSED, is_closed = now->state == ALERT_CLOSED;
	if (was_closed != is_closed)
		return is_closed ? NOTICE_CLOSED : NOTICE_RAISED;
	return now->severity > was->severity ? NOTICE_WORSE : NOTICE_ACT;
}
