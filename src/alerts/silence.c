/* SPDX-License-Identifier: Apache-2.0 */
#include "alerts/silence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

static const struct {
	const char *name;
	char letter;
} kinds[] = {
#define SILENCE_KIND_ROW(id, name, letter) [id] = { name, letter },
	SILENCE_KINDS(SILENCE_KIND_ROW)
#undef SILENCE_KIND_ROW
};

const char *silence_kind_name(enum silence_kind kind)
{
	return (size_t)kind < COUNT_OF(kinds) ? kinds[kind].name : "";
}

char *silence_ref(enum silence_kind kind, int64_t id, char out[static SILENCE_REF_BYTES])
{
	snprintf(out, SILENCE_REF_BYTES, "%c%" PRId64, (size_t)kind < COUNT_OF(kinds) ? kinds[kind].letter : '?', id);
	return out;
}

bool silence_ref_read(const char *text, enum silence_kind *kind, int64_t *id)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (text[0] == kinds[i].letter && text_to_int(text + 1, 1, INT64_MAX, id)) {
			*kind = (enum silence_kind)i;
			return true;
		}
	}
	return false;
}

int64_t silence_number(int64_t number)
{
	return MIN(MAX(number, (int64_t)0), INT64_C(253402300799999)); /* the end of 9999 */
}

bool silence_holds(enum silence_kind kind, int64_t begin_ms, int64_t until_ms, int64_t now_ms, int64_t at_ms)
{
	int64_t moment = kind == SILENCE_MAINTENANCE ? at_ms : now_ms;
	return moment >= begin_ms && moment < until_ms;
}

bool silence_check(const char *reason, int64_t begin_ms, int64_t until_ms, int64_t now_ms, struct fault *fault)
{
	if (reason == NULL || reason[strspn(reason, " ")] == '\0')
		return fault_set(fault, FAULT_USAGE, "%s", _("say why: a silence has a reason"));
	if (until_ms <= now_ms || until_ms > now_ms + SILENCE_LONGEST_MS)
		return fault_set(fault, FAULT_USAGE, "%s", _("a silence ends between now and 30 days from now"));
	if (begin_ms >= until_ms)
		return fault_set(fault, FAULT_USAGE, "%s", _("a maintenance window begins before it ends"));
	return true;
}
