/* SPDX-License-Identifier: Apache-2.0 */
#include "alerts/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define BLANKS " \t\n,"

struct tag_set {
	char words[TAGS_MAX + 1][TAG_BYTES + 1];
	size_t n;
};

/* Letters, digits and what joins them; never what filters and this change mean
 * something by. */
static bool read_word(const char *from, size_t n, char out[static TAG_BYTES + 1], struct fault *fault)
{
	char shown[48], clean[TAG_BYTES + 1];
	text_printable(shown, sizeof shown, from, n);
	if (n > TAG_BYTES)
		return fault_set(fault, FAULT_USAGE, _("a tag may have %d bytes: %s"), TAG_BYTES, shown);
	memcpy(out, from, n);
	out[n] = '\0';
	for (char *p = out; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	}
	bool plain = n > 0 && strcspn(out, "\"'\\*%()[]=<>!~@+#") == n && out[0] != '-';
	if (!plain || text_printable(clean, sizeof clean, out, n) != n || strcmp(clean, out) != 0)
		return fault_set(fault, FAULT_USAGE, _("a tag is a word of letters, digits, - _ . : or /, not: %s"), shown);
	return true;
}

static size_t find(const struct tag_set *set, const char *word)
{
	size_t i = 0;
	while (i < set->n && strcmp(set->words[i], word) != 0)
		i++;
	return i;
}

static bool put(struct tag_set *set, const char *word, bool take_away, struct fault *fault)
{
	size_t at = find(set, word);
	if (take_away && at < set->n)
		memmove(set->words[at], set->words[at + 1], (--set->n - at) * sizeof set->words[0]);
	if (take_away || at < set->n)
		return true;
	if (set->n == TAGS_MAX)
		return fault_set(fault, FAULT_USAGE, _("an alert may have %d tags"), TAGS_MAX);
	memcpy(set->words[set->n++], word, TAG_BYTES + 1);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

bool tags_change(const char *tags, const char *change, char out[static TAGS_TEXT], struct fault *fault)
{
	struct tag_set set = { 0 };
	bool any = false;
	char word[TAG_BYTES + 1];
	for (size_t n; *(tags += strspn(tags, " ")) != '\0'; tags += n) {
		n = strcspn(tags, " ");
		struct fault ignored; /* a row that is not ours loses what is no tag */
		if (read_word(tags, n, word, &ignored) && !put(&set, word, false, &ignored))
			break;
	}
	/* What is taken away makes room for what is added, whatever is said first. */
	for (int turn = 0; turn < 2; turn++) {
		const char *at = change;
		for (size_t n; *(at += strspn(at, BLANKS)) != '\0'; at += n) {
			bool away = *at == '-';
			at += *at == '-' || *at == '+';
			n = strcspn(at, BLANKS);
			any = true;
			if (!read_word(at, n, word, fault) || (away == (turn == 0) && !put(&set, word, away, fault)))
				return false;
		}
	}
	if (!any)
		return fault_set(fault, FAULT_USAGE, "%s", _("say which tags: +fraud -test"));
	qsort(set.words, set.n, sizeof set.words[0], by_name);
	out[0] = '\0';
	for (size_t i = 0, used = 0; i < set.n; i++)
		used += (size_t)snprintf(out + used, TAGS_TEXT - used, "%s%s", i > 0 ? " " : "", set.words[i]);
	return true;
}
