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

/* What was written and not noted yet. */
struct note_draft {
	struct note_draft *next;
	struct intent *intent; /* of which alerts it is */
	char *text, *path;
	bool ordered; /* the desk has it: it is not to be changed until the answer comes */
};

struct note_edit {
	struct intent *intent;	    /* of what is in the editor */
	struct note_draft *goes_on; /* the draft that it began with; NULL none */
	struct note_draft *drafts;
};

static struct note_edit *edit_of(struct screen *screen)
{
	if (screen->note_edit == NULL)
		screen->note_edit = mem_zalloc(sizeof *screen->note_edit);
	return screen->note_edit;
}

/* The file stays: it holds what was not noted. */
static void let_go(struct note_edit *edit, struct note_draft *draft)
{
	struct note_draft **at = &edit->drafts;
	while (*at != draft)
		at = &(*at)->next;
	*at = draft->next;
	free(draft->intent);
	free(draft->text);
	free(draft->path);
	free(draft);
}

/* It is noted, or was given up. */
static void drop(struct note_edit *edit, struct note_draft *draft)
{
	editor_forget(draft->path);
	let_go(edit, draft);
}

void note_edit_free(struct screen *screen)
{
	struct note_edit *edit = screen->note_edit;
	if (edit == NULL)
		return;
	while (edit->drafts != NULL)
		let_go(edit, edit->drafts);
	free(edit->intent);
	free(edit);
	screen->note_edit = NULL;
}

static struct intent *copy_of(const struct intent *intent)
{
	return mem_dup(intent, sizeof *intent + intent->n * sizeof intent->ids[0]);
}

/* A text is of the alerts that it was written for, and of no others. */
static struct note_draft *draft_for(const struct note_edit *edit, const struct intent *intent)
{
	struct note_draft *draft = edit->drafts;
	while (draft != NULL && (draft->ordered || draft->intent->n != intent->n || memcmp(draft->intent->ids, intent->ids, intent->n * sizeof intent->ids[0]) != 0))
		draft = draft->next;
	return draft;
}

void note_edit_start(struct screen *screen, const struct intent *intent)
{
	struct note_edit *edit = edit_of(screen);
	free(edit->intent);
	edit->intent = copy_of(intent);
	edit->goes_on = draft_for(edit, intent);
	screen->wishes.edit = true;
}

const char *note_draft(struct screen *screen)
{
	const struct note_draft *draft = edit_of(screen)->goes_on;
	return draft == NULL ? "" : draft->text;
}

void note_edited(struct screen *screen, const char *path, const char *text, const struct fault *fault)
{
	screen->wishes.edit = false; /* it is over, whoever granted it */
	struct note_edit *edit = edit_of(screen);
	char note[NOTE_BYTES + 1];
	struct fault why = { 0 };
	if (text == NULL) { /* what there was before it stays, as does the file that the fault names */
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
		return;
	}
	if (edit->goes_on != NULL)
		drop(edit, edit->goes_on);
	edit->goes_on = NULL;
	struct note_draft *draft = mem_zalloc(sizeof *draft);
	*draft = (struct note_draft){ .next = edit->drafts, .intent = copy_of(edit->intent), .text = mem_strdup(text), .path = mem_strdup(path) };
	edit->drafts = draft;
	edit->intent->draft = draft;
	if (!note_of_lines(text, note, &why)) {
		screen_message(screen, ROLE_ERROR, _("%s: the text is kept, and opened again"), why.text);
		return;
	}
	if (*note == '\0') {
		drop(edit, draft);
		screen_refuse(screen, "%s", _("Nothing was written: nothing is noted."));
		return;
	}
	act_submit(screen, edit->intent, note);
}

void note_edit_ordered(struct note_draft *draft)
{
	draft->ordered = true;
}

void note_edit_done(struct screen *screen, struct note_draft *draft, bool noted)
{
	size_t n = strlen(screen->message);
	draft->ordered = false;
	if (noted)
		drop(edit_of(screen), draft);
	else if (n < sizeof screen->message)
		snprintf(screen->message + n, sizeof screen->message - n, _(" (the text is kept in %s)"), draft->path);
}
