/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panes/trials.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/iso_time.h"
#include "ui/chart.h"
#include "ui/screen.h"

#define LAST_RESULT (-1) /* of the menu: not a scenario but what the last one came to */

/* ---- the two lines -------------------------------------------------------------------- */

/* The day, as it is in the zone of the screen. */
static char *day_of(const struct pane *pane, int64_t ms, char out[static LONG_BYTES])
{
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	format_moment(zone, label, ms, out);
	out[MIN(strlen(out), (size_t)10)] = '\0';
	return out;
}

static void name_replay(const struct pane *pane, int64_t since_ms, const char *folder, char *out, size_t capacity)
{
	char day[LONG_BYTES];
	day_of(pane, since_ms, day);
	if (*folder == '\0')
		snprintf(out, capacity, _("Replay since %s"), day);
	else
		snprintf(out, capacity, _("Replay since %s, rules of %s"), day, folder);
}

static void name_trial(const struct pane *pane, const struct lab_trial *trial, char *out, size_t capacity)
{
	switch (trial->kind) {
	case LAB_REPLAY:
		name_replay(pane, trial->since_ms, trial->folder, out, capacity);
		break;
	case LAB_REHEARSAL:
		snprintf(out, capacity, _("Rehearsal of %s"), trial->scenario);
		break;
	case LAB_TUNING:
		snprintf(out, capacity, _("Changes after alert #%lld"), (long long)trial->alert_id);
		break;
	}
}

static void draw_idle(struct pane *pane, struct canvas *canvas)
{
	int cols = canvas->clip.cols - 2;
	char key[KEY_NAME_BYTES];
	if (pane_board(pane)->lab == NULL) {
		canvas_text(canvas, 0, 1, cols, ROLE_DIM, _("Rules cannot be tried here."));
	} else {
		canvas_printf(canvas, 0, 1, cols, ROLE_DIM,
		    _("%s replays stored records: what these rules would raise, how that ended."),
		    screen_key_name(pane->screen, CMD_REPLAY, key));
		canvas_printf(canvas, 1, 1, cols, ROLE_DIM,
		    _("%s rehearses an attack among your people: who speaks first, and when."),
		    screen_key_name(pane->screen, CMD_REHEARSE, key));
	}
}

void trials_draw_running(struct pane *pane, struct canvas *canvas, int row, const char *name)
{
	const struct lab_trial *trial = lab_trial(pane_board(pane)->lab);
	char percent[SHORT_BYTES], keys[64];
	int cols = canvas->clip.cols - 2;
	snprintf(percent, sizeof percent, "%3d %%", trial->percent);
	int used = canvas_text(canvas, row, 1, cols - 8, ROLE_STRONG, name) + 2;
	int bar = MIN(cols - used - 7, 50);
	if (bar > 0 && !canvas->plain) {
		canvas_fill(canvas, (struct box){ row, 1 + used, 1, bar }, ROLE_DIM, 0xB7);
		chart_bar(canvas, row, 1 + used, bar, ROLE_CHART, trial->percent, 100);
		used += bar;
	}
	canvas_text(canvas, row, 2 + used, 5, ROLE_NUMBER, percent);
	if (trial->cancelling) {
		canvas_text(canvas, row + 1, 1, cols, ROLE_WARN, _("It is being cancelled\u2026"));
		return;
	}
	canvas_printf(canvas, row + 1, 1, cols, ROLE_DIM, _("%s cancels. Meanwhile everything else goes on."),
	    keys_names(&pane->screen->keys, pane->type->place, CMD_CANCEL, keys, sizeof keys));
}

static void draw_replayed(struct pane *pane, struct canvas *canvas)
{
	const struct replay_result *r = lab_replayed(pane_board(pane)->lab);
	int cols = canvas->clip.cols - 2;
	size_t raised = 0, as_before = 0, fresh = 0, gone = 0;
	for (size_t i = 0; i < r->n_rules; i++) {
		raised += r->rules[i].raised;
		as_before += r->rules[i].as_before;
		fresh += r->rules[i].fresh;
		gone += r->rules[i].gone;
	}
	char name[LONG_BYTES * 2];
	name_replay(pane, r->since_ms, r->folder, name, sizeof name);
	int used = canvas_text(canvas, 0, 1, cols, ROLE_STRONG, name);
	used += canvas_printf(canvas, 0, 1 + used, cols - used, ROLE_TEXT, _(": %lld records judged"), (long long)r->n_legs);
	if (r->n_lost > 0)
		canvas_printf(canvas, 0, 1 + used, cols - used, ROLE_WARN,
		    _(", %lld left out: their raw record is not kept any more"), (long long)r->n_lost);
	canvas_printf(canvas, 1, 1, cols, fresh + gone > 0 ? ROLE_WARN : ROLE_OK,
	    _("Alerts now: %zu; as before %zu, new ones %zu; gone %zu"), raised, as_before, fresh, gone);
}

static void draw_rehearsed(struct pane *pane, struct canvas *canvas)
{
	const struct rehearsal *r = lab_rehearsed(pane_board(pane)->lab);
	size_t n_attacks = 0, n_caught = 0;
	char key[KEY_NAME_BYTES];
	for (size_t i = 0; i < r->n; i++) {
		n_attacks += !rehearsal_is_benign(&r->incidents[i]);
		n_caught += !rehearsal_is_benign(&r->incidents[i]) && r->incidents[i].n_spoken > 0;
	}
	int cols = canvas->clip.cols - 2;
	int used = canvas_printf(canvas, 0, 1, cols, ROLE_STRONG, _("Rehearsal of %s"), r->scenario);
	canvas_printf(canvas, 0, 1 + used, cols - used, n_caught < n_attacks ? ROLE_ERROR : ROLE_OK,
	    _(": of %zu attacks, %zu noticed"), n_attacks, n_caught);
	canvas_printf(canvas, 1, 1, cols, ROLE_DIM, _("%s shows it again, and rehearses others."),
	    screen_key_name(pane->screen, CMD_REHEARSE, key));
}

static void draw_trial(struct pane *pane, struct canvas *canvas, const struct lab_trial *trial)
{
	char name[LONG_BYTES * 2];
	int cols = canvas->clip.cols - 2;
	if (trial == NULL || trial->state == LAB_IDLE) {
		draw_idle(pane, canvas);
		return;
	}
	switch (trial->state) {
	case LAB_IDLE:
		break;
	case LAB_RUNNING:
		name_trial(pane, trial, name, sizeof name);
		trials_draw_running(pane, canvas, 0, name);
		break;
	case LAB_DONE:
		switch (trial->kind) {
		case LAB_REPLAY: draw_replayed(pane, canvas); break;
		case LAB_REHEARSAL: draw_rehearsed(pane, canvas); break;
		case LAB_TUNING: draw_idle(pane, canvas); break; /* it has a view of its own */
		}
		break;
	case LAB_FAILED: case LAB_CANCELLED:
		name_trial(pane, trial, name, sizeof name);
		canvas_text(canvas, 0, 1, cols, ROLE_STRONG, name);
		if (trial->state == LAB_FAILED)
			canvas_text(canvas, 1, 1, cols, ROLE_ERROR, trial->fault.text);
		else
			canvas_text(canvas, 1, 1, cols, ROLE_WARN, _("Cancelled before its end: nothing came of it."));
		break;
	}
}

void trials_draw(struct pane *pane, struct canvas *canvas, const char *complaints)
{
	const struct lab *lab = pane_board(pane)->lab;
	const struct lab_trial *trial = lab != NULL ? lab_trial(lab) : NULL;
	draw_trial(pane, canvas, trial);
	bool busy = trial != NULL && (trial->state == LAB_RUNNING || trial->state == LAB_FAILED);
	if (*complaints == '\0' || busy)
		return;
	/* Matters more than a hint: a rule that is not in force. */
	canvas_fill(canvas, (struct box){ 1, 0, 1, canvas->clip.cols }, ROLE_TEXT, ' ');
	canvas_printf(canvas, 1, 1, canvas->clip.cols - 2, ROLE_WARN, "%.*s", (int)strcspn(complaints, "\n"), complaints);
}

/* ---- beginning and end ------------------------------------------------------------------ */

static bool runs(const struct lab *lab)
{
	return lab_trial(lab)->state == LAB_RUNNING;
}

static void say_busy(struct screen *screen)
{
	char key[KEY_NAME_BYTES];
	screen_message(screen, ROLE_WARN, _("One trial at a time; %s cancels the one that runs."),
	    screen_key_name(screen, CMD_CANCEL, key));
}

/* "30d", or "30d /etc/centinela/new-rules": since when, and with which rules. */
static bool read_replay(const char *text, int64_t now_ms, int64_t *since_ms, const char **folder)
{
	char since[64];
	size_t n = strcspn(text, " ");
	*folder = text + n + strspn(text + n, " ");
	return n < sizeof since && snprintf(since, sizeof since, "%.*s", (int)n, text) >= 0 && iso_time_since(since, now_ms, since_ms);
}

static bool check_since(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	const struct pane *pane = arg;
	const char *folder;
	int64_t ms;
	if (read_replay(text, pane_now(pane), &ms, &folder))
		return true;
	*offset = strcspn(text, " ");
	return fault_set(fault, FAULT_USAGE, "%s", _("a duration (24h, 30d), a day or a time (2026-10-05); after it a folder of rules, or those in force"));
}

static void on_since(struct screen *screen, void *arg, const char *text)
{
	const char *folder;
	int64_t since_ms;
	UNUSED(arg);
	if (text != NULL && read_replay(text, clock_now_ms(screen->board->clock), &since_ms, &folder) &&
	    !lab_replay(screen->board->lab, since_ms, folder))
		say_busy(screen);
}

static void on_scenario(struct screen *screen, void *arg, const struct menu_item *item)
{
	UNUSED(arg);
	if (item->value == LAST_RESULT)
		screen_open(screen, &view_rehearsal, 0);
	else if (!lab_rehearse(screen->board->lab, item->label))
		say_busy(screen);
}

static void choose_scenario(struct screen *screen, const char *const *scenarios, size_t n)
{
	const struct rehearsal *last = lab_rehearsed(screen->board->lab);
	if (n == 0 && last == NULL) {
		screen_message(screen, ROLE_WARN, "%s", _("There is no attack to rehearse: data/scenarios is empty."));
		return;
	}
	struct menu *menu = screen_menu(screen, _("Rehearse which attack?"), on_scenario, NULL);
	if (last != NULL) {
		char label[sizeof menu->items[0].label];
		snprintf(label, sizeof label, _("what came of %s"), last->scenario);
		menu_add(menu, '0', LAST_RESULT, label);
	}
	/* Without the letters that move in a menu. */
	static const char keys[] = "123456789abcdefghilmnoprstuvwxyz";
	for (size_t i = 0; i < n; i++)
		menu_add(menu, i < sizeof keys - 1 ? (uint32_t)keys[i] : 0, (int64_t)i, scenarios[i]);
}

void trials_begin(struct screen *screen, enum command command, const char *answer)
{
	if (screen->board->lab == NULL) {
		screen_refuse(screen, "%s", _("Rules cannot be tried here."));
		return;
	}
	screen_open(screen, &view_rules, 0);
	screen->trial.command = command;
	snprintf(screen->trial.answer, sizeof screen->trial.answer, "%s", answer);
	struct pane *rules = screen_focused(screen);
	rules->type->refresh(rules);
}

bool trials_command(struct pane *pane, enum command command, const char *const *scenarios, size_t n_scenarios)
{
	struct screen *screen = pane->screen;
	struct lab *lab = screen->board->lab;
	if (command == CMD_CANCEL) {
		if (lab != NULL && runs(lab))
			lab_cancel(lab);
		else
			screen_close_view(screen); /* the pane is gone with it */
		return true;
	}
	if (lab == NULL || (command != CMD_REPLAY && command != CMD_REHEARSE))
		return false;
	if (runs(lab))
		say_busy(screen);
	else if (command == CMD_REPLAY)
		screen_prompt(screen, _("replay since:"), "30d", NULL, check_since, pane, on_since, NULL);
	else
		choose_scenario(screen, scenarios, n_scenarios);
	return true;
}
