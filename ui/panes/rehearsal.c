/* SPDX-License-Identifier: Apache-2.0
 *
 * What the last rehearsal came to: of each incident, which rule spoke first,
 * after how many minutes, and what it had cost until then. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "ui/screen.h"

struct rehearsal_view {
	struct document document;
	uint64_t made_of; /* the lab's version */
};

static const struct target nowhere = { TARGET_NONE, 0 };

static void sum_up(struct document *d, const struct rehearsal *r)
{
	size_t n_attacks = 0, n_caught = 0, n_benign = 0, n_disturbed = 0;
	char day[ISO_TIME_BYTES];
	for (size_t i = 0; i < r->n; i++) {
		bool benign = rehearsal_is_benign(&r->incidents[i]), spoken = r->incidents[i].n_spoken > 0;
		n_attacks += !benign;
		n_caught += !benign && spoken;
		n_benign += benign;
		n_disturbed += benign && spoken;
	}
	document_line(d, nowhere);
	document_printf(d, 1, -1, ROLE_STRONG, _("%s, from %.10s on, played by people of the store"), r->scenario,
	    iso_time_format(r->epoch_ms, day));
	document_line(d, nowhere);
	document_printf(d, 1, -1, n_caught < n_attacks ? ROLE_ERROR : ROLE_OK, _("Attacks: %zu; noticed %zu, missed %zu"),
	    n_attacks, n_caught, n_attacks - n_caught);
	if (n_benign == 0)
		return;
	document_line(d, nowhere);
	document_printf(d, 1, -1, n_disturbed > 0 ? ROLE_WARN : ROLE_OK, _("Harmless stories: %zu; false alarms in %zu"),
	    n_benign, n_disturbed);
}

static void lay_out_spoken(struct document *d, const struct rehearsal_spoken *s, bool first, bool benign)
{
	char money[SHORT_BYTES], minutes[SHORT_BYTES], records[SHORT_BYTES];
	double after = (double)s->after_ms / MINUTE_MS;
	snprintf(minutes, sizeof minutes, after < 100 ? _("%.1f min") : _("%.0f min"), after);
	in_decimals(minutes);
	snprintf(records, sizeof records, "%zu", s->n_records);
	document_line(d, (struct target){ TARGET_RULE, (int64_t)(hash_text(s->rule) >> 1) });
	document_printf(d, 2, 12, first && !benign ? ROLE_STRONG : ROLE_TEXT, "%12s", minutes);
	document_printf(d, 15, 10, ROLE_NUMBER, "%10s", records);
	document_printf(d, 26, 10, ROLE_MONEY, "%10s", format_money(s->cost_micro, money));
	document_put(d, 38, -1, !first ? ROLE_DIM : benign ? ROLE_WARN : ROLE_OK, in_language(s->title_en, s->title_es));
}

static void lay_out_incident(struct document *d, const struct rehearsal_incident *incident)
{
	bool benign = rehearsal_is_benign(incident);
	char heading[200], money[SHORT_BYTES];
	snprintf(heading, sizeof heading, ngettext("%s: %zu record, \u2248 %s USD in all", "%s: %zu records, \u2248 %s USD in all",
	    incident->n_records), incident->kind, incident->n_records, format_money(incident->cost_micro, money));
	document_heading(d, heading);
	document_line(d, nowhere);
	if (incident->n_spoken == 0) {
		document_put(d, 2, -1, benign ? ROLE_OK : ROLE_ERROR,
		    benign ? _("no rule speaks, and none should") : _("no rule speaks!"));
		return;
	}
	document_printf(d, 2, 12, ROLE_COLUMN, "%12s", _("after"));
	document_printf(d, 15, 10, ROLE_COLUMN, "%10s", _("records"));
	document_printf(d, 26, 10, ROLE_COLUMN, "%10s", "USD");
	document_put(d, 38, -1, ROLE_COLUMN, _("rule"));
	for (size_t k = 0; k < incident->n_spoken; k++)
		lay_out_spoken(d, &incident->spoken[k], k == 0, benign);
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct rehearsal_view *view = pane->memory;
	struct document *d = &view->document;
	const struct lab *lab = pane_board(pane)->lab;
	const struct rehearsal *r = lab != NULL ? lab_rehearsed(lab) : NULL;
	if (r == NULL) {
		canvas_text(canvas, 1, 2, canvas->clip.cols - 3, ROLE_DIM, _("Nothing was rehearsed yet."));
		return;
	}
	if (d->width != canvas->clip.cols || view->made_of != lab_version(lab)) {
		document_begin(d, canvas->clip.cols);
		sum_up(d, r);
		for (size_t i = 0; i < r->n; i++)
			lay_out_incident(d, &r->incidents[i]);
		document_end(d);
		view->made_of = lab_version(lab);
	}
	document_draw(d, canvas, focused);
}

static void close_rehearsal(struct pane *pane)
{
	document_clear(&((struct rehearsal_view *)pane->memory)->document);
}

const struct pane_type view_rehearsal = {
	.name = "rehearsal", .title = N_("Rehearsal"), .place = PLACE_TEXT, .memory = sizeof(struct rehearsal_view),
	.document = PANE_DOCUMENT(rehearsal_view), .close = close_rehearsal, .draw = draw,
};
