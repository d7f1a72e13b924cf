/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/finding.h"

#include <string.h>

static const char *const severities[] = {
#define SEVERITY_NAME(id, name) [id] = name,
	SEVERITIES(SEVERITY_NAME)
#undef SEVERITY_NAME
};

const char *severity_name(enum severity severity)
{
	return (size_t)severity < COUNT_OF(severities) ? severities[severity] : "";
}

bool severity_named(const char *name, enum severity *out)
{
	for (size_t i = 0; i < COUNT_OF(severities); i++) {
		if (strcmp(severities[i], name) == 0) {
			*out = (enum severity)i;
			return true;
		}
	}
	return false;
}

const char *subject_kind_name(enum subject_kind kind)
{
	static const char *const names[] = {
#define SUBJECT_KIND_NAME(id, name) [id] = name,
		SUBJECT_KINDS(SUBJECT_KIND_NAME)
#undef SUBJECT_KIND_NAME
	};
	return (size_t)kind < COUNT_OF(names) ? names[kind] : "";
}
