/* SPDX-License-Identifier: Apache-2.0
 *
 * A note that is written in an editor: of which alerts it is, and that its text is
 * never lost. It stays, here and in its file, until the store has it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/act_parts.h"
#include "ui/editor.h"

struct note_edit {
	struct intent *intent;
	char *text; /* what was written and not noted yet; NULL none */
	char *path; /* its file */
};

static struct note_edit *edit_of(struct screen *screen)
{
	if (screen->note_edit == NULL)
		screen->note_edit = mem_zalloc(sizeof *screen->note_edit);
	return screen->note_edit;
}

void note_edit_free(struct screen *screen)
{
	struct note_edit *edit = screen->note_edit;
	if (edit == NULL)
		return;
	free(edit->intent);
	free(edit->text);
	free(edit->path); /* the file stays: it holds what was not noted */
	free(edit);
	screen->note_edit = NULL;
}

void note_edit_start(struct screen *screen, const struct intent *intent)
{
	struct note_edit *edit = edit_of(screen);
	free(edit->intent);
	edit->intent = mem_dup(intent, sizeof *intent + intent->n * sizeof intent->ids[0]);
	edit->intent->edited = true;
	screen->wishes.edit = true;
}

const char *note_draft(struct screen *screen)
{
	const char *text = edit_of(screen)->text;
	return text == NULL ? "" : text;
}

/* It is noted, or was given up. */
static void drop(struct note_edit *edit)
{
	if (edit->path != NULL)
		editor_forget(edit->path);
	free(edit->text);
	free(edit->path);
	edit->text = edit->path = NULL;
}

void note_edited(struct screen *screen, const char *path, const char *text, const struct fault *fault)
{
	struct note_edit *edit = edit_of(screen);
	char note[NOTE_BYTES + 1];
	struct fault why = { 0 };
	if (text == NULL) { /* what there was before it stays, as does the file that the fault names */
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
		return;
	}
	drop(edit);
	edit->text = mem_strdup(text);
	edit->path = mem_strdup(path);
	if (!note_of_lines(text, note, &why)) {
		screen_message(screen, ROLE_ERROR, _("%s: the text is kept, and opened again"), why.text);
		return;
	}
	if (*note == '\0') {
		drop(edit);
		screen_refuse(screen, "%s", _("Nothing was written: nothing is noted."));
		return;
	}
	act_submit(screen, edit->intent, note);
}

void note_edit_done(struct screen *screen, bool noted)
{
	struct note_edit *edit = edit_of(screen);
	size_t n = strlen(screen->message);
	if (noted)
		drop(edit);
	else if (edit->path != NULL && n < sizeof screen->message)
		snprintf(screen->message + n, sizeof screen->message - n, _(" (the text is kept in %s)"), edit->path);
}
