/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds of destinations, for the README. */
#include "base/i18n.h"
#include "cli/help.h"
#include "notify/kind.h"

static void add(struct text *out, const char *const *keys, size_t n, const char *before, const char *after)
{
	for (size_t i = 0; i < n && keys[i] != NULL; i++)
		text_printf(out, "%s%s%s%s", out->n > 0 ? ", " : "", before, keys[i], after);
}

void help_destinations(struct sheet *sheet)
{
	sheet_entries(sheet, _("kind"), _("is, and what it needs (and may have)"));
	for (size_t i = 0; notify_kinds[i] != NULL; i++) {
		const struct notify_kind *kind = notify_kinds[i];
		struct text keys = { 0 }, all = { 0 };
		add(&keys, kind->needs, COUNT_OF(kind->needs), "", "");
		add(&keys, kind->takes, COUNT_OF(kind->takes), "(", ")");
		text_printf(&all, "%s: %s", _(kind->help), text_string(&keys));
		sheet_entry(sheet, kind->name, text_string(&all));
		text_clear(&keys);
		text_clear(&all);
	}
}
