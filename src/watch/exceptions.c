/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/exceptions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "detect/rule_folder.h"
#include "detect/sigma/rule.h"
#include "net/file.h"
#include "store/alert_rows.h"

#define ACCEPTED "# Accepted "

void exceptions_clear(struct exceptions *kept)
{
	if (kept->read)
		arena_clear(&kept->arena);
	*kept = (struct exceptions){ 0 };
}

static const char *printable(struct arena *arena, const char *text, size_t n)
{
	char *out = arena_alloc(arena, 4 * n + 1);
	text_printable(out, 4 * n + 1, text, n);
	return out;
}

/* Where a line of the document begins with that key; NULL: none does. */
static const char *line_of(const char *bytes, const char *key)
{
	for (const char *line = bytes; line != NULL && *line != '\0'; line = strchr(line, '\n'), line += line != NULL) {
		if (strncmp(line, key, strlen(key)) == 0)
			return line;
	}
	return NULL;
}

/* A rule file as text; NULL and a fault. Free it. */
static char *read_text(const char *path, struct fault *fault)
{
	char *bytes, *text = NULL;
	size_t n;
	if (!rule_file_bytes(path, &bytes, &n, fault))
		return NULL;
	if (memchr(bytes, '\0', n) == NULL)
		text = mem_strndup(bytes, n);
	else
		fault_fill(fault, FAULT_INPUT, "%s: is no text", path);
	free(bytes);
	return text;
}

/* "# Accepted 2026-10-05 by ana.", which whoever accepted it left there. */
static void read_accepted(const char *path, struct arena *arena, struct silence_row *row)
{
	char day[32];
	struct fault ignored;
	char *bytes = read_text(path, &ignored);
	if (bytes == NULL)
		return;
	const char *at = line_of(bytes, ACCEPTED);
	if (at != NULL) {
		at += strlen(ACCEPTED);
		size_t line = strcspn(at, "\n");
		const char *by = strstr(at, " by ");
		snprintf(day, sizeof day, "%.10sT00:00:00Z", at);
		if (!iso_time_parse(day, strlen(day), &row->created_ms))
			row->created_ms = 0;
		if (by != NULL && by < at + line) {
			size_t length = MIN((size_t)(at + line - by) - strlen(" by "), (size_t)63);
			by += strlen(" by ");
			row->owner = printable(arena, by, length - (length > 0 && by[length - 1] == '.'));
		}
	}
	free(bytes);
}

static const char *name_in_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

static void read_one(struct exceptions *kept, struct silence_row *row, const struct sigma_filter *filter, const char *path)
{
	const char *file = name_in_folder(path);
	*row = (struct silence_row){ .kind = SILENCE_EXCEPTION, .id = (int64_t)filter->key, .filter = "", .rule = "", .subject_name = "", .location = "",
		.title_en = printable(&kept->arena, filter->title, strlen(filter->title)), .owner = "", .reason = "", .until_ms = filter->until_ms,
		.file = printable(&kept->arena, file, strlen(file)), .broken = "" };
	row->title_es = printable(&kept->arena, filter->title_es, strlen(filter->title_es));
	read_accepted(path, &kept->arena, row);
	row->begin_ms = row->created_ms;
}

static bool read_anew(struct exceptions *kept, const struct judge_options *options)
{
	struct judge *judge;
	struct fault ignored;
	const struct sigma_filter *filter;
	const char *path;
	uint64_t looked = rule_folders_look(options->rules_folder, options->own_folder, options->lists_file);
	if (kept->read && kept->looked == looked)
		return true;
	exceptions_clear(kept);
	if (!judge_open(options, &judge, &ignored))
		return false;
	arena_init(&kept->arena);
	kept->read = true;
	kept->looked = looked;
	while (judge_own_filter(judge, kept->n, &path) != NULL)
		kept->n++;
	kept->rows = arena_zalloc(&kept->arena, (kept->n + 1) * sizeof *kept->rows);
	for (size_t i = 0; (filter = judge_own_filter(judge, i, &path)) != NULL; i++)
		read_one(kept, &kept->rows[i], filter, path);
	judge_free(judge);
	return true;
}

/* What was read may be read anew before the answer is looked at. */
static struct silence_row copy_of(const struct silence_row *row, struct arena *arena)
{
	struct silence_row copy = *row;
	copy.title_en = arena_strdup(arena, row->title_en);
	copy.title_es = arena_strdup(arena, row->title_es);
	copy.owner = arena_strdup(arena, row->owner);
	copy.file = arena_strdup(arena, row->file);
	return copy;
}

bool exceptions_add(struct exceptions *kept, const struct judge_options *options, struct db *db, int64_t now_ms, struct arena *arena,
    struct silence_list *list, struct fault *fault)
{
	if (options->own_folder == NULL || *options->own_folder == '\0' || !read_anew(kept, options) || kept->n == 0)
		return true;
	struct silence_row *rows = arena_alloc(arena, (list->n + kept->n) * sizeof *rows);
	size_t n = list->n;
	if (n > 0)
		memcpy(rows, list->items, n * sizeof *rows);
	for (size_t i = 0; i < kept->n; i++) {
		if (kept->rows[i].until_ms > now_ms)
			rows[n++] = copy_of(&kept->rows[i], arena);
	}
	if (!query_exemptions(db, now_ms, rows + list->n, n - list->n, fault))
		return false;
	*list = (struct silence_list){ rows, n };
	return true;
}

/* ---- ended, extended ------------------------------------------------------------------- */

/* With another end: in place of the line that says it, else before the title. */
static char *with_end(const char *bytes, int64_t until_ms)
{
	char until[ISO_TIME_BYTES];
	const char *expires = line_of(bytes, "expires:"), *title = line_of(bytes, "title:");
	iso_time_format(until_ms, until);
	if (expires != NULL)
		return mem_printf("%.*sexpires: %s%s", (int)(expires - bytes), bytes, until, expires + strcspn(expires, "\n"));
	return title == NULL ? NULL : mem_printf("%.*sexpires: %s\n%s", (int)(title - bytes), bytes, until, title);
}

static bool rewrite(const struct judge_options *options, const struct silence_row *row, int64_t until_ms, struct exception_before *before,
    struct fault *fault)
{
	char *path = mem_printf("%s/%s", options->own_folder, row->file), *bytes = read_text(path, fault), *other = NULL;
	bool ok = bytes != NULL;
	if (ok && (line_of(bytes, "---") != NULL || (other = with_end(bytes, until_ms)) == NULL))
		ok = fault_set(fault, FAULT_CONFLICT, _("%s holds more than this exception: change its `expires` by hand"), row->file);
	ok = ok && file_write(path, other, strlen(other), 0600, fault);
	if (ok && before != NULL) {
		before->id = row->id;
		before->file = arena_strdup(before->arena, row->file);
		before->title = arena_strdup(before->arena, in_language(row->title_en, row->title_es));
		before->was = arena_strdup(before->arena, bytes);
		before->stands = arena_strdup(before->arena, other);
	}
	free(path);
	free(bytes);
	free(other);
	return ok;
}

static bool log_it(struct store *store, const struct alert_event *event, struct fault *fault)
{
	int64_t ignored;
	return db_begin(&store->db, fault) &&
	    db_end(&store->db, audit_row_add(store, 0, event, fault) && counter_next(store, "revision", &ignored, fault), fault);
}

static bool say(struct store *store, const struct exception_order *order, const struct silence_row *row, struct fault *fault)
{
	char before[ISO_TIME_BYTES] = "", after[ISO_TIME_BYTES] = "", ref[SILENCE_REF_BYTES], note[1000];
	bool ends = order->until_ms <= order->now_ms;
	struct alert_event event = { order->now_ms, order->who, ends ? "silence_end" : "silence_extend",
		row->until_ms != SILENCE_NEVER_ENDS ? iso_time_format(row->until_ms, before) : "", ends ? "" : iso_time_format(order->until_ms, after), note };
	snprintf(note, sizeof note, "%s %.200s: %.600s", silence_ref(SILENCE_EXCEPTION, row->id, ref), row->file, in_language(row->title_en, row->title_es));
	return log_it(store, &event, fault);
}

bool exception_until(struct store *store, const struct judge_options *options, const struct exception_order *order, int64_t *kept,
    struct exception_before *before, struct fault *fault)
{
	struct exceptions all = { 0 };
	struct silence_list list = { 0 };
	struct arena arena;
	const struct silence_row *row = NULL;
	char ref[SILENCE_REF_BYTES];
	*kept = 0;
	if (order->until_ms > order->now_ms + SILENCE_LONGEST_MS)
		return fault_set(fault, FAULT_USAGE, "%s", _("a silence ends between now and 30 days from now"));
	arena_init(&arena);
	bool ok = exceptions_add(&all, options, &store->db, order->now_ms, &arena, &list, fault);
	for (size_t i = 0; ok && i < list.n && row == NULL; i++)
		row = list.items[i].id == order->id ? &list.items[i] : NULL;
	if (ok && row == NULL)
		ok = fault_set(fault, FAULT_NOT_FOUND, _("there is no silence %s"), silence_ref(SILENCE_EXCEPTION, order->id, ref));
	/* The file first: what the log lacks can be seen, what the rules lack cannot. */
	ok = ok && rewrite(options, row, order->until_ms, before, fault) && say(store, order, row, fault);
	if (ok)
		*kept = row->hits;
	exceptions_clear(&all);
	arena_clear(&arena);
	return ok;
}

bool exception_swap(struct store *store, const struct judge_options *options, struct exception_before *before, const char *act, const char *who,
    int64_t now_ms, struct fault *fault)
{
	char ref[SILENCE_REF_BYTES], note[1000];
	char *path = mem_printf("%s/%s", options->own_folder, before->file), *bytes = read_text(path, fault);
	bool ok = bytes != NULL;
	silence_ref(SILENCE_EXCEPTION, before->id, ref);
	bool is_back = ok && strcmp(bytes, before->was) == 0; /* by a try whose line could not be written */
	if (ok && !is_back && strcmp(bytes, before->stands) != 0)
		ok = fault_set(fault, FAULT_CONFLICT, _("silence %s changed since: it stays as it is"), ref);
	ok = ok && (is_back || file_write(path, before->was, strlen(before->was), 0600, fault));
	free(path);
	free(bytes);
	snprintf(note, sizeof note, "%s %.200s: %.600s", ref, before->file, before->title);
	struct alert_event event = { now_ms, who, act, "", "", note };
	if (!ok || !log_it(store, &event, fault))
		return false;
	const char *was = before->was;
	before->was = before->stands;
	before->stands = was;
	return true;
}
