/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/clip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mask.h"
#include "base/mem.h"

#define NUMBER_DIGITS 7 /* shorter ones are extensions */
#define MASKED_MIDDLE "\u00B7\u00B7\u00B7"

const char *clip_name(enum clip_as as)
{
	static const char *const names[N_CLIPS] = { "text", "json", "number" };
	return names[as];
}

/* ---- numbers --------------------------------------------------------------------------- */

static bool is_word(char c)
{
	return c == '-' || c == '_' || c == '.' || c == ':' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

/* The next telephone number: digits alone, a plus before them or not. */
static const char *find_number(const char *text, size_t *n)
{
	for (const char *p = text; *p != '\0'; p++) {
		size_t plus = *p == '+', digits = strspn(p + plus, "0123456789");
		if (digits == 0)
			continue;
		const char *end = p + plus + digits;
		if (strncmp(end, MASKED_MIDDLE, strlen(MASKED_MIDDLE)) == 0) { /* as the line shows it */
			size_t rest = strspn(end + strlen(MASKED_MIDDLE), "0123456789");
			digits += rest > 0 ? NUMBER_DIGITS : 0;
			end += rest > 0 ? strlen(MASKED_MIDDLE) + rest : 0;
		}
		if (digits >= NUMBER_DIGITS && digits <= 20 && !is_word(*end) && (p == text || !is_word(p[-1]))) {
			*n = (size_t)(end - p);
			return p;
		}
		p = end - 1;
	}
	return NULL;
}

/* Numbers without their middle; "#1234567" is that of an alert. */
static void add_masked(struct text *out, const char *text)
{
	for (const char *p = text; *p != '\0';) {
		size_t n = strcspn(p, "#");
		char *part = mem_strndup(p, n);
		mask_text(part, out);
		free(part);
		p += n;
		n = *p == '#' ? 1 + strspn(p + 1, "0123456789") : 0;
		text_add(out, p, n);
		p += n;
	}
}

/* ---- a row -------------------------------------------------------------------------------- */

/* What the list has under its cursor, for a reader of fields; NULL. */
static const void *row_of(struct pane *pane)
{
	const struct pane_type *type = pane->type;
	const struct list *list = pane_list(pane);
	if (type->row == NULL || list == NULL || list->selected >= list->n)
		return NULL;
	if (pane_document(pane) != NULL && type->selected == NULL) /* its cursor is on a line, not on a row */
		return NULL;
	return type->selected != NULL ? type->selected(pane) : type->row(pane, list->selected);
}

static void add_json_value(struct text *out, const struct filter_field *field, const struct filter_cell *cell, bool masked)
{
	char time[ISO_TIME_BYTES];
	struct text text = { 0 };
	switch (field->kind) {
	case FIELD_TEXT:
		if (masked)
			add_masked(&text, or_empty(cell->text));
		json_quote(out, masked ? text_string(&text) : or_empty(cell->text));
		text_clear(&text);
		break;
	case FIELD_NUMBER: case FIELD_SECONDS:
		text_printf(out, "%lld", (long long)cell->number);
		break;
	case FIELD_MONEY:
		text_printf(out, "%.6f", (double)cell->number / 1e6);
		break;
	case FIELD_TIME:
		json_quote(out, cell->number == 0 ? "" : iso_time_format(cell->number, time));
		break;
	case FIELD_FLAG:
		text_puts(out, cell->number != 0 ? "true" : "false");
		break;
	case FIELD_ENUM:
		json_quote(out, cell->number >= 0 && (size_t)cell->number < field->n_values ? field->values[cell->number] : "");
		break;
	}
}

static void add_json(struct text *out, struct pane *pane, const void *row)
{
	const struct filter_field *field;
	text_putc(out, '{');
	for (size_t i = 0; (field = filter_field_at(pane->type->filter_of, i)) != NULL; i++) {
		struct filter_cell cell = { 0 };
		pane->type->read_row(row, field->id, pane_now(pane), &cell);
		if (i > 0)
			text_puts(out, ", ");
		json_quote(out, field->name);
		text_puts(out, ": ");
		add_json_value(out, field, &cell, pane->screen->masked);
	}
	text_putc(out, '}');
}

/* Of a pane that has no line of its own to be copied: the row's texts. */
static void add_texts(struct text *out, struct pane *pane, const void *row)
{
	const struct filter_field *field;
	for (size_t i = 0; (field = filter_field_at(pane->type->filter_of, i)) != NULL; i++) {
		struct filter_cell cell = { 0 };
		if (field->kind != FIELD_TEXT)
			continue;
		pane->type->read_row(row, field->id, pane_now(pane), &cell);
		if (*or_empty(cell.text) != '\0')
			text_printf(out, "%s%s", out->n > 0 ? "  " : "", cell.text);
	}
}

static void add_number(struct text *out, struct pane *pane, const void *row, const char *line)
{
	size_t n;
	const struct filter_field *field = row != NULL ? filter_field_named(pane->type->filter_of, "number") : NULL;
	for (size_t i = 0; row != NULL; i++) { /* the far end's, else whatever is one */
		struct filter_cell cell = { 0 };
		const struct filter_field *asked = field != NULL && i == 0 ? field : filter_field_at(pane->type->filter_of, field != NULL ? i - 1 : i);
		if (asked == NULL)
			break;
		if (asked->kind != FIELD_TEXT)
			continue;
		pane->type->read_row(row, asked->id, pane_now(pane), &cell);
		const char *found = find_number(or_empty(cell.text), &n);
		if (found != NULL) {
			text_add(out, found, n);
			return;
		}
	}
	const char *found = find_number(line, &n);
	if (found != NULL)
		text_add(out, found, n);
}

/* What is under the cursor. */
static void add_row(struct screen *screen, struct pane *pane, enum clip_as as, struct text *out)
{
	static char line[CLIPBOARD_LINE];
	struct text added = { 0 };
	const void *row = row_of(pane);
	size_t n = pane_text(pane, line, sizeof line - 1);
	line[MIN(n, sizeof line - 1)] = '\0';
	if (as == CLIP_JSON && row != NULL)
		add_json(&added, pane, row);
	else if (as == CLIP_NUMBER)
		add_number(&added, pane, row, line);
	else if (as == CLIP_TEXT && (n > 0 || row == NULL))
		text_puts(&added, line);
	else if (as == CLIP_TEXT)
		add_texts(&added, pane, row);
	if (added.n > 0 && out->n > 0)
		text_putc(out, '\n');
	/* A record as Webex sent it is whole on the screen, too; a number
	 * that is asked for by itself never is. */
	if (screen->masked && (as == CLIP_NUMBER || (pane_document(pane) == NULL && as != CLIP_JSON))) /* there its texts are */
		add_masked(out, text_string(&added));
	else
		text_puts(out, text_string(&added));
	text_clear(&added);
}

void clip_copy(struct screen *screen, enum clip_as as)
{
	struct pane *pane = screen_focused(screen);
	struct list *list = pane_document(pane) == NULL ? pane_list(pane) : NULL;
	struct text *out = &screen->wishes.copy;
	size_t n_rows = 0;
	text_reset(out);
	if (list != NULL && list_n_marked(list) > 0) {
		size_t selected = list->selected;
		for (size_t i = 0; i < list->n; i++) {
			if (!list->rows[i].marked)
				continue;
			list->selected = i; /* a pane knows the row under its cursor alone */
			add_row(screen, pane, as, out);
			n_rows++;
		}
		list->selected = selected;
	} else {
		add_row(screen, pane, as, out);
		n_rows = 1;
	}
	if (out->n == 0)
		screen_refuse(screen, "%s", as == CLIP_NUMBER ? _("There is no number here to copy.") : as == CLIP_JSON ? _("This is no row that JSON could be made of.") : _("There is nothing here to copy."));
	else if (list != NULL && list->n_marked_beyond > 0)
		screen_refuse(screen, ngettext("Copied: %zu row; those marked farther away are not among them.", "Copied: %zu rows; those marked farther away are not among them.", n_rows), n_rows);
	else
		clip_sent(screen, n_rows);
}

static int64_t row_under_cursor(struct pane *pane)
{
	const struct list *list = pane_list(pane);
	return list == NULL ? 0 : pane_document(pane) != NULL ? (int64_t)list->selected : list_selected_id(list);
}

void clip_sent(struct screen *screen, size_t n_rows)
{
	char key[KEY_NAME_BYTES];
	struct pane *pane = screen_focused(screen);
	text_reset(&screen->copied.text);
	text_add(&screen->copied.text, screen->wishes.copy.bytes, screen->wishes.copy.n);
	screen->copied.pane = pane;
	screen->copied.row = row_under_cursor(pane);
	screen->copied.just = true;
	screen_key_name(screen, CMD_COPY, key);
	if (n_rows > 1)
		screen_message(screen, ROLE_OK, ngettext("Copied to the terminal: %zu row; if nothing arrives, %s again writes a file.",
		    "Copied to the terminal: %zu rows; if nothing arrives, %s again writes a file.", n_rows), n_rows, key);
	else
		screen_message(screen, ROLE_OK, _("Copied to the terminal; if nothing arrives, %s again writes a file."), key);
}

bool clip_once_more(struct screen *screen)
{
	struct pane *pane = screen_focused(screen);
	if (!screen->copied.just || screen->copied.pane != pane || screen->copied.row != row_under_cursor(pane))
		return false;
	screen->copied.just = false; /* then it is copied again */
	clip_to_file(screen, screen->copied.text.bytes, screen->copied.text.n, true);
	return true;
}

static void on_choice(struct screen *screen, void *arg, const struct menu_item *item)
{
	UNUSED(arg);
	clip_copy(screen, (enum clip_as)item->value);
}

void clip_menu(struct screen *screen)
{
	struct menu *menu = screen_menu(screen, _("Copy as"), on_choice, NULL);
	menu_add(menu, 't', CLIP_TEXT, _("text"));
	menu_add(menu, 'j', CLIP_JSON, "JSON");
	menu_add(menu, 'n', CLIP_NUMBER, _("number"));
}

/* ---- into a file ------------------------------------------------------------------------------ */

struct clip_file {
	struct errand errand;
	struct text text;
	bool asked;
	char *path;
	struct fault fault;
};

static void file_work(struct errand *errand)
{
	struct clip_file *file = (struct clip_file *)errand;
	/* Gone with the session, where there is such a folder: it names people. */
	const char *run = getenv("XDG_RUNTIME_DIR"), *temporary = getenv("TMPDIR");
	const char *folder = run != NULL && *run == '/' && access(run, W_OK) == 0 ? run : temporary != NULL && *temporary == '/' ? temporary : "/tmp";
	file->path = mem_printf("%s/centinela-copy-XXXXXX", folder);
	int fd = mkostemp(file->path, O_CLOEXEC); /* mode 0600 */
	size_t done = 0;
	while (fd >= 0 && done < file->text.n) {
		ssize_t n = write(fd, file->text.bytes + done, file->text.n - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += (size_t)n;
	}
	if (fd < 0 || done < file->text.n)
		fault_set(&file->fault, FAULT_SYSTEM, "%s: %s", file->path, strerror(errno));
	if (fd >= 0 && close(fd) != 0 && file->fault.code == FAULT_NONE)
		fault_set(&file->fault, FAULT_SYSTEM, "%s: %s", file->path, strerror(errno));
	if (fd >= 0 && file->fault.code != FAULT_NONE)
		unlink(file->path);
}

static void file_done(struct errand *errand, struct screen *screen)
{
	struct clip_file *file = (struct clip_file *)errand;
	if (screen != NULL && file->fault.code != FAULT_NONE)
		screen_message(screen, ROLE_ERROR, _("not copied: %s"), file->fault.text);
	else if (screen != NULL)
		screen_message(screen, ROLE_OK, file->asked ? _("%s has it, for you alone.") : _("%s has it, for you alone: this terminal's clipboard does not take it."), file->path);
	text_clear(&file->text);
	free(file->path);
	free(file);
}

void clip_to_file(struct screen *screen, const char *bytes, size_t n, bool asked)
{
	struct clip_file *file = mem_zalloc(sizeof *file);
	file->errand = (struct errand){ .work = file_work, .done = file_done };
	file->asked = asked;
	text_add(&file->text, bytes, n);
	screen_errand(screen, &file->errand);
}
