/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole screens as two planes, letters and roles, against tests/screens.
 * UPDATE=1 rewrites them for the reviewer to see in the diff. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "screen_rig.h"
#include "screen_golden.h"

/* name, rows, cols, language, alerts, calls, keys, options: m masked, a ascii, r read-only,
 * s silent, h a fault from the history, n nothing set up, c a code to be had, e its end, d its
 * success, N names that are hard to fit, B what is left without colour, F few days are known, P nothing new is,
 * Y of an alert something was before, p the trial that was begun is at its end, f at a bad one, l there is no lab,
 * R no rule is in force, S silences are, J calls are of a journey, Z a reason came when the score was at its end, W others look at some, O it is of one organisation of several */
/* A SIEM hears of everything, a room of what is closed and of what gets worse. */
static void told_outside(void *arg, enum triage_act act, const struct alert *alert, enum severity worst, struct told *out)
{
	UNUSED(arg), UNUSED(alert), UNUSED(worst);
	out->people = act == TRIAGE_CLOSE || act == TRIAGE_ESCALATE;
	out->n = out->people ? 2 : 1;
	snprintf(out->names, sizeof out->names, "%ssiem", out->people ? "soc-room, " : "");
}

static const struct {
	const char *name;
	int rows, cols;
	const char *language;
	size_t alerts, calls;
	const char *keys, *options;
} cases[] = {
	{ "queue", 24, 80, "en", 7, 10, "", "" },
	{ "queue", 24, 80, "es", 7, 10, "", "" },
	{ "pick", 24, 80, "es", 7, 10, "4 M-l", "" },
	{ "pick-narrowed", 36, 120, "en", 7, 10, "d p e", "" },
	{ "pick", 60, 200, "es", 7, 10, "j M-l", "m" },
	{ "panes", 36, 120, "en", 7, 10, "", "" },
	{ "panes", 36, 120, "es", 7, 10, "", "" },
	{ "panes", 60, 200, "es", 7, 10, "", "" },
	{ "panes-lots", 24, 80, "es", 120, 200, "j j m m", "" },
	{ "panes-lots", 36, 120, "es", 120, 200, "j j m m", "" },
	{ "panes-lots", 60, 200, "en", 120, 200, "j j m m G", "" },
	{ "panes-none", 36, 120, "en", 0, 0, "", "" },
	{ "panes-none", 24, 80, "es", 0, 0, "", "" },
	{ "panes-waiting", 24, 80, "en", 7, 10, "", "s" },
	{ "panes-fault", 24, 80, "en", 7, 10, "", "h" },
	{ "panes-ascii", 36, 120, "es", 7, 10, "", "a" },
	{ "locations", 24, 80, "es", 7, 10, "1", "" },
	{ "live", 24, 80, "es", 7, 10, "2", "" },
	{ "live-masked", 36, 120, "en", 7, 10, "2 o", "m" },
	{ "scores", 24, 80, "es", 7, 10, "3", "" },
	{ "alert", 24, 80, "es", 7, 10, "Enter", "" },
	{ "alert", 36, 120, "en", 7, 10, "Enter", "" },
	{ "alert-section", 24, 80, "es", 7, 10, "Enter C-n C-n C-n", "" },
	{ "alert-section", 36, 120, "en", 7, 10, "Enter 5 C-n C-p", "" },
	{ "alert-section", 60, 200, "es", 7, 10, "Enter C-n C-n", "Y" },
	{ "alert-at-its-end", 24, 80, "es", 7, 10, "Enter", "Z" },
	{ "alert-at-its-end", 36, 120, "en", 7, 10, "Enter", "Z" },
	{ "alert-claimed", 36, 120, "es", 7, 10, "C Enter", "" },
	{ "alert-evidence", 36, 120, "en", 7, 10, "Enter PgDn", "" },
	{ "calls", 24, 80, "en", 7, 10, "L", "" },
	{ "calls", 36, 120, "es", 7, 40, "L j", "" },
	{ "call", 24, 80, "es", 7, 10, "L Enter", "" },
	{ "call-forwarded", 36, 120, "en", 7, 10, "L j j j Enter j", "" },
	{ "call-queue", 24, 80, "es", 7, 10, "L j j Enter j j", "" },
	{ "call-queue", 36, 120, "en", 7, 10, "L j j Enter", "" },
	{ "call-queue", 60, 200, "es", 7, 10, "L j j Enter j", "" },
	{ "raw", 24, 80, "en", 7, 10, "L Enter Enter", "" },
	{ "sync", 36, 120, "es", 7, 10, "S", "" },
	{ "sync", 24, 80, "en", 7, 10, "S", "" },
	{ "audit", 36, 120, "es", 7, 10, "C D", "" },
	{ "help-queue", 60, 200, "en", 7, 10, "?", "" },
	{ "help-queue", 36, 120, "es", 7, 10, "?", "" },
	{ "palette", 24, 80, "es", 7, 10, "Space", "" },
	{ "palette-narrowed", 36, 120, "en", 7, 10, "Space s n o", "" },
	{ "close-menu", 24, 80, "es", 7, 10, "c", "" },
	{ "close-menu-marked", 36, 120, "es", 7, 10, "m m c", "" },
	{ "closed", 36, 120, "es", 7, 10, "c 3", "" },
	{ "steps", 36, 120, "es", 7, 10, "Enter x", "" },
	{ "steps-ascii", 60, 200, "en", 7, 10, "Enter x x", "a" },
	{ "seen", 24, 80, "es", 7, 10, "", "W" },
	{ "seen", 36, 120, "en", 7, 10, "Enter", "W" },
	{ "seen-alert", 24, 80, "es", 7, 10, "Enter", "W" },
	{ "seen-ascii", 24, 80, "es", 7, 10, "Enter", "Wa" },
	{ "seen-no-colour", 24, 80, "en", 7, 10, "", "WB" },
	{ "alert-past", 60, 200, "es", 7, 10, "Enter", "Y" },
	{ "tagged", 24, 80, "es", 7, 10, "= f r a u d e Space v i p Enter j = v i p Enter", "" },
	{ "tagged", 36, 120, "en", 7, 10, "= f r a u d e Space v i p Enter Enter", "" },
	{ "tagged", 60, 200, "es", 7, 10, "o = f r a u d e Space v i p Enter", "" },
	{ "taken", 24, 80, "es", 120, 200, "&", "" },
	{ "taken", 36, 120, "en", 120, 200, "& j", "" },
	{ "preview", 24, 80, "es", 120, 200, "& c 3", "" },
	{ "preview", 36, 120, "en", 120, 200, "m m m m m m z 2 x Enter", "" },
	{ "preview", 60, 200, "es", 120, 200, "& C", "" },
	{ "preview-ascii", 24, 80, "es", 120, 200, "& c 3", "a" },
	{ "preview-no-colour", 24, 80, "en", 120, 200, "& a", "B" },
	{ "preview-told", 24, 80, "es", 120, 200, "& c 3", "T" },
	{ "close-menu-told", 36, 120, "en", 7, 10, "c", "T" },
	{ "snooze-menu", 24, 80, "en", 7, 10, "z", "" },
	{ "prompt-note", 24, 80, "es", 7, 10, "n h o l a", "" },
	{ "silence-critical", 24, 80, "es", 7, 10, "K", "" },
	{ "silence-case", 24, 80, "es", 7, 10, "j j j M-l 4 1 2 Enter g K", "" },
	{ "silence-case", 36, 120, "en", 7, 10, "j j j M-l 4 1 2 Enter g K 2 x Enter", "" },
	{ "silence-case", 60, 200, "es", 7, 10, "o j j j M-l 4 1 2 Enter g K 2 x Enter", "" },
	{ "prompt-refused", 24, 80, "es", 7, 10, "e e s Space p e o r Left Left Enter", "" },
	{ "prompt-refused", 36, 120, "en", 7, 10, ": e s c a l a t e Space w o r s e Enter", "" },
	{ "prompt-note-lines", 36, 120, "en", 7, 10, "n c a l l e d Space t h e m M-Enter M-Enter t h e y Space k n e w", "" },
	{ "prompt-filter-wrong", 24, 80, "en", 7, 10, "/ s t a t e Space = Space w r o n g", "" },
	{ "prompt-filter-tab", 24, 80, "es", 7, 10, "/ s c o r e Space > Space 4 0 Space a n d Space s e v e r i t y Space > = Space Tab Tab", "" },
	{ "prompt-filter-fields", 36, 120, "en", 7, 10, "2 / n o t Space a n s w e r e d Space a n d Space d s t", "" },
	{ "filter-parts", 24, 80, "es", 7, 10, "/ s c o r e Space > Space 4 0 Space s t a t e Space = Space n e w Enter -", "" },
	{ "filter-parts", 36, 120, "en", 7, 10, "2 / d u r a t i o n Space > Space 1 m Space d i r e c t i o n Space = Space o u t b o u n d Enter", "" },
	{ "conflict", 24, 80, "en", 7, 10, "j j r", "" },
	{ "read-only", 24, 80, "es", 7, 10, "c", "r" },
	{ "unknown-key", 24, 80, "es", 7, 10, "%", "" },
	{ "first-run", 24, 80, "es", 0, 0, "", "n" },
	{ "first-run", 36, 120, "en", 0, 0, "", "n" },
	{ "sign-in", 24, 80, "es", 0, 0, "", "c" },
	{ "sign-in", 36, 120, "es", 0, 0, "", "c" },
	{ "sign-in-expired", 24, 80, "es", 0, 0, "", "ce" },
	{ "sign-in-done", 24, 80, "en", 0, 0, "", "cd" },
	{ "sign-in-ascii", 24, 80, "en", 0, 0, "", "ca" },
	{ "sign-in-secret", 24, 80, "es", 0, 0, "Enter C 1 2 Enter s e c r e t", "n" },
	{ "no-colour", 24, 80, "es", 7, 10, "j m", "B" },
	{ "no-colour", 36, 120, "en", 7, 10, "m m", "B" },
	{ "no-colour", 60, 200, "es", 7, 10, "", "B" },
	{ "no-colour-alert", 24, 80, "es", 7, 10, "Enter", "B" },
	{ "queue-ascii", 24, 80, "en", 7, 10, "j m", "a" },
	{ "panes-ascii", 60, 200, "en", 7, 10, "", "a" },
	{ "alert-ascii", 24, 80, "es", 7, 10, "Enter", "a" },
	{ "call-ascii", 24, 80, "es", 7, 10, "L j j Enter j j", "a" },
	{ "palette-ascii", 24, 80, "es", 7, 10, "Space", "a" },
	{ "names", 24, 80, "es", 7, 10, "", "N" },
	{ "names", 36, 120, "es", 7, 10, "", "N" },
	{ "names", 60, 200, "en", 7, 10, "", "N" },
	{ "names-alert", 24, 80, "es", 7, 10, "j Enter", "N" },
	{ "names-calls", 24, 80, "es", 7, 10, "L", "N" },
	{ "names-call", 24, 80, "es", 7, 10, "L j j Enter", "N" },
	{ "names-ascii", 24, 80, "es", 7, 10, "", "Na" },
	{ "locations", 60, 200, "en", 7, 10, "1 o", "" },
	{ "live", 60, 200, "en", 7, 10, "2 o", "" },
	{ "scores", 60, 200, "en", 7, 10, "3 o", "" },
	{ "queue", 60, 200, "en", 7, 10, "o", "" },
	{ "alert", 60, 200, "es", 7, 10, "Enter", "" },
	{ "calls", 60, 200, "es", 7, 40, "L", "" },
	{ "raw", 60, 200, "en", 7, 10, "L Enter Enter", "" },
	{ "sync", 60, 200, "en", 7, 10, "S", "" },
	{ "audit", 24, 80, "es", 7, 10, "C D", "" },
	{ "help-queue", 24, 80, "es", 7, 10, "?", "" },
	{ "palette", 60, 200, "en", 7, 10, "Space", "" },
	{ "panes-lots", 100, 300, "es", 120, 200, "", "" },
	{ "person", 24, 80, "es", 7, 10, "3 p", "" },
	{ "person", 36, 120, "en", 7, 10, "3 p", "" },
	{ "person", 60, 200, "es", 7, 10, "3 p", "" },
	{ "person-lower", 24, 80, "en", 7, 10, "3 p G k k k k k k k k k k k k k k k k k k k", "" },
	{ "person-lower", 24, 80, "es", 7, 10, "3 p G", "m" },
	{ "person-ascii", 36, 120, "es", 7, 10, "3 p", "a" },
	{ "person-mono", 36, 120, "en", 7, 10, "3 p", "B" },
	{ "person-new", 36, 120, "en", 7, 10, "3 p", "F" },
	{ "person-past", 60, 200, "en", 7, 10, "3 p", "P" },
	{ "person-names", 24, 80, "en", 7, 10, "3 p", "N" },
	{ "person-very-many", 24, 80, "es", 7, 10, "3 p", "V" },
	{ "person-changed", 24, 80, "es", 7, 10, "3 p", "C" },
	{ "person-changed", 36, 120, "en", 7, 10, "3 p", "CN" },
	{ "person-admin", 50, 80, "es", 7, 10, "3 p G", "Cm" },
	{ "person-admin", 60, 200, "en", 7, 10, "3 p", "C" },
	{ "person", 50, 40, "es", 7, 10, "3 p", "" },
	{ "person-lower", 50, 40, "en", 7, 10, "3 p G", "" },
	{ "site", 24, 80, "es", 7, 10, "1 p", "" },
	{ "site", 36, 120, "en", 7, 10, "1 p", "" },
	{ "site", 60, 200, "es", 7, 10, "1 p", "" },
	{ "site-lower", 24, 80, "en", 7, 10, "1 p G", "m" },
	{ "site-lower", 36, 120, "es", 7, 10, "1 p PgDn PgDn PgDn", "" },
	{ "site", 50, 40, "es", 7, 10, "1 p", "" },
	{ "site-lower", 50, 40, "en", 7, 10, "1 p G", "" },
	{ "site-ascii", 36, 120, "es", 7, 10, "1 p", "a" },
	{ "site-mono", 36, 120, "en", 7, 10, "1 p", "B" },
	{ "site-names", 24, 80, "en", 7, 10, "1 p", "N" },
	{ "site-very-many", 36, 120, "en", 7, 10, "1 p", "V" },
	{ "site-past", 24, 80, "es", 7, 10, "1 p", "P" },
	{ "related-call", 24, 80, "es", 7, 10, "L j j Enter v", "" },
	{ "related-alert", 36, 120, "en", 7, 10, "Enter v", "m" },
	{ "trunk", 24, 80, "en", 7, 10, "L j j Enter v t", "" },
	{ "device", 24, 80, "es", 7, 10, "3 G k p", "" },
	{ "device", 36, 120, "en", 7, 10, "3 G k p", "" },
	{ "number", 24, 80, "en", 7, 10, "L j P G", "" },
	{ "number", 60, 200, "en", 7, 10, "L j P", "m" },
	{ "rules", 24, 80, "es", 7, 10, "B", "" },
	{ "rules", 36, 120, "en", 7, 10, "B j", "r" },
	{ "rules", 60, 200, "es", 7, 10, "B s", "" },
	{ "rules-ascii", 24, 80, "en", 7, 10, "B", "a" },
	{ "rules-none", 24, 80, "en", 7, 10, "B", "Rl" },
	{ "rules-fault", 24, 80, "es", 7, 10, "B", "h" },
	{ "rules-since", 24, 80, "es", 7, 10, "B r x", "" },
	{ "rules-replaying", 24, 80, "es", 7, 10, "B r Enter", "" },
	{ "rules-replaying-ascii", 24, 80, "en", 7, 10, "B r Enter", "a" },
	{ "rules-replaying", 60, 200, "en", 7, 10, "B r Enter", "" },
	{ "rules-replayed", 24, 80, "es", 7, 10, "B r Enter", "p" },
	{ "rules-replayed", 24, 80, "en", 7, 10, "B r Enter", "p" },
	{ "rules-replayed", 36, 120, "es", 7, 10, "B r Enter", "p" },
	{ "rules-replayed", 60, 200, "en", 7, 10, "B r Enter", "p" },
	{ "rules-replayed-no-colour", 24, 80, "es", 7, 10, "B r Enter", "pB" },
	{ "rules-cancelled", 24, 80, "es", 7, 10, "B r Enter Esc", "" },
	{ "rules-failed", 24, 80, "en", 7, 10, "B r Enter", "f" },
	{ "rules-scenarios", 24, 80, "es", 7, 10, "B e", "" },
	{ "rules-rehearsing", 36, 120, "es", 7, 10, "B e 2", "" },
	{ "rehearsal", 24, 80, "es", 7, 10, "B e 2", "p" },
	{ "rehearsal", 36, 120, "en", 7, 10, "B e 2", "p" },
	{ "rehearsal", 60, 200, "es", 7, 10, "B e 2", "p" },
	{ "rehearsal-ascii", 24, 80, "es", 7, 10, "B e 2", "pa" },
	{ "rehearsal-no-colour", 36, 120, "es", 7, 10, "B e 2", "pB" },
	{ "tuning-running", 24, 80, "es", 7, 10, "f", "" },
	{ "tuning", 24, 80, "es", 7, 10, "f", "p" },
	{ "tuning", 36, 120, "en", 7, 10, "f", "p" },
	{ "tuning", 60, 200, "es", 7, 10, "f J", "p" },
	{ "tuning-no-colour", 24, 80, "es", 7, 10, "f", "pB" },
	{ "tuning-ascii", 24, 80, "en", 7, 10, "f", "pa" },
	{ "tuning-failed", 24, 80, "en", 7, 10, "f", "f" },
	{ "rule", 24, 80, "es", 7, 10, "B j Enter", "" },
	{ "rule", 36, 120, "en", 7, 10, "B j Enter", "" },
	{ "rule", 60, 200, "es", 7, 10, "B j Enter", "" },
	{ "rule-silent", 24, 80, "en", 7, 10, "B G Enter", "" },
	{ "rule-gone", 24, 80, "es", 7, 10, "B j j Enter", "a" },
	{ "silence-menu", 24, 80, "es", 7, 10, "j j j K", "S" },
	{ "silences", 24, 80, "es", 7, 10, "V", "S" },
	{ "silences", 24, 80, "en", 7, 10, "V j", "S" },
	{ "silences", 36, 120, "en", 7, 10, "V j s", "S" },
	{ "silences", 60, 200, "es", 7, 10, "V j j j", "S" },
	{ "silences-ascii", 24, 80, "es", 7, 10, "V j", "Sa" },
	{ "silences-no-colour", 36, 120, "es", 7, 10, "V G", "SB" },
	{ "silences", 50, 40, "es", 7, 10, "V", "Sm" },
	{ "silences-none", 24, 80, "es", 7, 10, "V", "" },
	{ "silences-fault", 24, 80, "en", 7, 10, "V", "h" },
	{ "silence", 24, 80, "es", 7, 10, "V j j j j Enter", "S" },
	{ "silence", 36, 120, "en", 7, 10, "V j j j j Enter", "S" },
	{ "silence", 60, 200, "es", 7, 10, "V j Enter", "Sm" },
	{ "silence-exception", 24, 80, "es", 7, 10, "V G Enter", "S" },
	{ "silence-new-filter", 24, 80, "es", 7, 10, "V n s c o r e Space > Space 4 0 Space a n d Space s t a t e Space = Space n e w Enter", "S" },
	{ "silence-new", 24, 80, "es", 7, 10, "V n s c o r e Space > Space 4 0 Enter", "S" },
	{ "silence-new", 36, 120, "en", 7, 10, "V n s c o r e Space > Space 4 0 Enter", "S" },
	{ "silence-new", 60, 200, "es", 7, 10, "V n s c o r e Space > Space 4 0 Enter", "S" },
	{ "silence-new-for", 24, 80, "es", 7, 10, "V n s c o r e Space > Space 4 0 Enter Enter x Enter", "S" },
	{ "silence-extend", 24, 80, "en", 7, 10, "V j x", "S" },
	{ "silent-panes", 24, 80, "es", 7, 10, "", "S" },
	{ "silent-panes", 24, 80, "en", 7, 10, "", "Sr" },
	{ "silent-panes", 36, 120, "en", 7, 10, "", "S" },
	{ "silent-panes", 36, 120, "es", 7, 10, "", "Sa" },
	{ "silent-panes", 60, 200, "es", 7, 10, "", "S" },
	{ "case", 24, 80, "es", 7, 10, "j j i", "" },
	{ "case", 36, 120, "en", 7, 10, "j j i", "m" },
	{ "case", 60, 200, "es", 7, 10, "j j i", "" },
	{ "case-lower", 24, 80, "en", 7, 10, "i G", "" },
	{ "case-names", 36, 120, "es", 7, 10, "j j i", "N" },
	{ "case-ascii", 24, 80, "es", 7, 10, "j j i", "a" },
	{ "case-no-colour", 36, 120, "en", 7, 10, "j j i", "B" },
	{ "case-export", 24, 80, "es", 7, 10, "i W", "" },
	{ "call-live", 24, 80, "es", 7, 10, "L Enter G k", "C" },
	{ "call-live", 36, 120, "en", 7, 10, "L Enter", "Cm" },
	{ "call-journey", 24, 80, "es", 7, 10, "L Enter j j j j j j j", "J" },
	{ "call-journey", 36, 120, "en", 7, 10, "L Enter j j j j j j j", "Jm" },
	{ "call-journey", 60, 200, "es", 7, 10, "L Enter G", "J" },
	{ "call-journey-ascii", 36, 120, "es", 7, 10, "L Enter", "Ja" },
	{ "call-journey-no-colour", 24, 80, "en", 7, 10, "L Enter", "JB" },
	{ "past", 24, 80, "es", 7, 10, "[", "" },
	{ "past", 36, 120, "en", 7, 10, "{ [", "" },
	{ "past-calls-ascii", 24, 80, "es", 7, 10, "L [", "a" },
	{ "past-refused-no-colour", 24, 80, "en", 7, 10, "[ a", "B" },
	{ "past", 8, 40, "es", 7, 10, "[", "" },
	{ "pivot", 24, 80, "es", 7, 10, "=", "" },
	{ "pivot-deeds", 36, 120, "en", 7, 10, "L = 5", "m" },
	{ "day", 24, 80, "es", 7, 10, "M-d", "" },
	{ "day", 36, 120, "en", 7, 10, "M-d", "" },
	{ "day", 60, 200, "es", 7, 10, "M-d", "m" },
	{ "day", 50, 40, "es", 7, 10, "M-d", "" },
	{ "day-lower", 24, 80, "es", 7, 10, "M-d G", "" },
	{ "day-ascii", 36, 120, "es", 7, 10, "M-d", "a" },
	{ "day-no-colour", 24, 80, "en", 7, 10, "M-d G", "B" },
	{ "day-none", 24, 80, "es", 0, 0, "M-d", "" },
	{ "organisations", 24, 80, "es", 7, 10, "M-o", "O" },
	{ "organisations", 36, 120, "en", 7, 10, "M-o j", "O" },
	{ "organisations", 60, 200, "es", 7, 10, "M-o", "O" },
	{ "organisations-no-colour", 24, 80, "en", 7, 10, "M-o j j j j", "OB" },
	{ "organisations-ascii", 36, 120, "es", 7, 10, "M-o", "Oam" },
	{ "organisations-names", 24, 80, "es", 7, 10, "M-o", "ON" },
	{ "organisations-alone", 24, 80, "en", 0, 0, "M-o", "" },
	{ "handover", 24, 80, "es", 7, 10, "H", "" },
	{ "handover", 36, 120, "en", 7, 10, "H", "m" },
	{ "handover", 60, 200, "es", 7, 10, "H", "" },
	{ "handover-before", 24, 80, "en", 7, 10, "H [ [ G", "" },
	{ "handover-calm", 24, 80, "es", 0, 0, "H", "" },
	{ "handover-ascii", 36, 120, "es", 7, 10, "H", "a" },
	{ "handover-no-colour", 24, 80, "en", 7, 10, "H", "B" },
	{ "command", 24, 80, "es", 7, 10, ": s i l", "" },
	{ "command-argument", 36, 120, "en", 7, 10, ": c l o s e Space f Tab", "" },
	{ "command-wrong", 24, 80, "en", 7, 10, ": c l o s e Space x y Enter", "" },
	{ "palette-why-not", 24, 80, "es", 7, 10, "1 Space p o s p o n e r", "" },
	{ "recording", 24, 80, "es", 7, 10, "; a j j", "" },
	{ "help-macros", 36, 120, "es", 7, 10, "; a c 3 j ; ? / m a c r o Enter", "" },
	{ "smallest", 8, 40, "es", 7, 10, "", "" },
	{ "too-small", 5, 30, "en", 7, 10, "", "" },
};

static struct {
	int n;
	enum leave leave;
	char text[64], secret[64];
} left;

static void on_leave(void *arg, enum leave leave, const char *text, const char *secret)
{
	UNUSED(arg);
	left.n++;
	left.leave = leave;
	snprintf(left.text, sizeof left.text, "%s", or_empty(text));
	snprintf(left.secret, sizeof left.secret, "%s", or_empty(secret));
}

static struct screen *make(size_t i)
{
	i18n_init(cases[i].language);
	fake_start(cases[i].alerts, cases[i].calls);
	fake.read_only = strchr(cases[i].options, 'r') != NULL;
	fake.silent = strchr(cases[i].options, 's') != NULL;
	if (strchr(cases[i].options, 'h') != NULL)
		fault_set(&fake.fault, FAULT_STORE, "the store is locked by another program");
	fake.journey = strchr(cases[i].options, 'J') != NULL;
	fake.few_days = strchr(cases[i].options, 'F') != NULL;
	fake.past = strchr(cases[i].options, 'P') != NULL;
	fake.very_many = strchr(cases[i].options, 'V') != NULL;
	fake.with_changes = strchr(cases[i].options, 'C') != NULL;
	if (strchr(cases[i].options, 'W') != NULL)
		fake.viewers = (struct viewers){ .n = 3, .items = { { fake.alerts[0].id, "luis" }, { fake.alerts[0].id, "eva" }, { fake.alerts[2].id, "eva" } } };
	if (strchr(cases[i].options, 'T') != NULL)
		fake.board.told_of = told_outside;
	fake.with_past = strchr(cases[i].options, 'Y') != NULL;
	if (fake.with_past)
		for (size_t k = 4; k < 7; k++)
			fake.alerts[k].state = ALERT_CLOSED, fake.alerts[k].resolution = RESOLUTION_FALSE_POSITIVE, fake.alerts[k].closed_by = k == 4 ? "luis" : "eva";
	if (strchr(cases[i].options, 'N') != NULL)
		fake_names();
	static const struct reason at_its_end[] = { { "overlap.international", "3", "1", 92, "3 international calls up at once", "3 llamadas internacionales a la vez" },
		{ "dst.tier", "extreme", "", 8, "destination of extreme fraud risk", "destino de riesgo de fraude extremo" },
		{ "cost", "35.20 USD", "", 0, "estimated cost per hour", "costo estimado por hora" } };
	if (strchr(cases[i].options, 'Z') != NULL)
		fake.alerts[0].reasons = at_its_end;
	fake.no_rules = strchr(cases[i].options, 'R') != NULL;
	if (strchr(cases[i].options, 'S') != NULL)
		fake_silences(7);
	if (strchr(cases[i].options, 'l') != NULL)
		fake.board.lab = NULL;
	bool first = strpbrk(cases[i].options, "nc") != NULL;
	if (first)
		fake_first_run(strchr(cases[i].options, 'c') != NULL);
	struct screen_options options = { .organisation = "Davivienda", .one_of_several = strchr(cases[i].options, 'O') != NULL,
		.on_leave = first ? on_leave : NULL,
		.masked = strchr(cases[i].options, 'm') != NULL,
		.ascii = strchr(cases[i].options, 'a') != NULL };
	struct screen *screen = screen_begin(cases[i].language, cases[i].rows, cases[i].cols, &options);
	if (strchr(cases[i].options, 'e') != NULL) {
		fake.sign_in.step = SIGN_IN_FAILED;
		fake.sign_in.expires_ms = NOW_MS - 1;
	}
	if (strchr(cases[i].options, 'd') != NULL) {
		fake.sign_in.step = SIGN_IN_DONE;
		fake.health.sync = SYNC_FOLLOWING;
	}
	press(screen, cases[i].keys);
	if (strpbrk(cases[i].options, "pf") != NULL) {
		fake_end_trial(strchr(cases[i].options, 'f') != NULL ? "the store is locked by another program" : NULL);
		press(screen, "");
		screen_tick(screen, screen->steady_ms + 1000);
		screen_draw(screen);
	}
	return screen;
}

TEST(screens_are_as_they_were)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct screen *screen = make(i);
		CHECK(is_as_it_was(screen, cases[i].name, cases[i].language, strchr(cases[i].options, 'B') != NULL));
		screen_free(screen);
		fake_stop();
	}
}

/* ---- behaviour ----------------------------------------------------------------------- */

static struct screen *begin(size_t alerts, size_t calls)
{
	fake_start(alerts, calls);
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

TEST(a_false_positive_takes_three_keys)
{
	struct screen *screen = begin(7, 10);
	press(screen, "c 3");
	CHECK_INT(fake.alerts[0].state, ALERT_CLOSED);
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	CHECK(strstr(screen->message, "#412") != NULL);
	end(screen);
}

TEST(C6_the_audit_view_tells_of_the_whole_chain)
{
	struct screen *screen = begin(7, 10);
	fake.chain = (struct audit_chain){ .n = 1053, .ready = true };
	press(screen, "C D");
	CHECK(screen_says(screen, "of 1053 \u00B7 chain intact"));
	fake.chain.broken_at = 5;
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_says(screen, "of 1053 \u00B7 CHAIN BROKEN"));
	end(screen);
}

TEST(what_nobody_has_read_yet_is_not_calm)
{
	struct screen *screen = begin(0, 0);
	CHECK(screen_says(screen, "All is calm."));
	fake.health.backfill_done = 3;
	CHECK(!screen_says(screen, "calm"));
	CHECK(screen_says(screen, "records are still being read"));
	fake.health.backfill_done = fake.health.backfill_total;
	CHECK(screen_says(screen, "sync 12s"));
	fake.health.complete_until_ms = 0;
	screen->dirt++;
	CHECK(screen_says(screen, "sync \xE2\x80\x94"));
	CHECK(!screen_says(screen, "calm")); /* it waits, but for its first answer */
	fake.health.sync = SYNC_STARTING;
	CHECK(!screen_says(screen, "calm"));
	end(screen);
}

TEST(where_nobody_signed_in_webex_is_not_asked_now)
{
	struct screen *screen = begin(0, 0);
	fake.health.sync = SYNC_NO_LOGIN;
	screen_command(screen, CMD_SYNC_NOW);
	CHECK_STR(screen->message, "Nobody has signed in: Webex cannot be asked.");
	end(screen);
}

TEST(what_never_was_has_a_dash_in_sync_health)
{
	struct screen *screen = begin(0, 0);
	fake.health = (struct health){ .sync = SYNC_NO_LOGIN };
	screen_open(screen, &view_sync, 0);
	CHECK(!screen_says(screen, "0s"));
	CHECK(screen_says(screen, "behind by                \xE2\x80\x94"));
	CHECK(screen_says(screen, "last page                \xE2\x80\x94"));
	CHECK(screen_says(screen, "asked by                 \xE2\x80\x94"));
	end(screen);
}

TEST(marks_then_act_then_undo)
{
	struct screen *screen = begin(7, 10);
	press(screen, "m j m C Enter");
	CHECK_STR(fake.alerts[0].assignee, "ana");
	CHECK_INT(fake.alerts[1].state, ALERT_NEW);
	CHECK_INT(fake.alerts[2].state, ALERT_IN_PROGRESS);
	press(screen, "u");
	CHECK(strstr(screen->message, "Undone: claim") != NULL);
	press(screen, "u");
	CHECK(strstr(screen->message, "nothing to undo") != NULL);
	end(screen);
}

TEST(undo_and_redo_name_what_they_do)
{
	struct screen *screen = begin(7, 10);
	press(screen, "C-y");
	CHECK(says(screen, "There is nothing to redo."));
	CHECK_STR(screen_help(screen, CMD_UNDO), "Undo the last act");
	CHECK(screen_why_not(screen, CMD_REDO) != NULL);
	press(screen, "c 3");
	CHECK_STR(screen_help(screen, CMD_UNDO), "Undo: close #412");
	screen_resize(screen, 80, 120);
	press(screen, "?");
	CHECK(screen_says(screen, "Undo: close #412"));
	press(screen, "q u");
	CHECK(says(screen, "(C-y does it again)"));
	CHECK(screen_why_not(screen, CMD_REDO) == NULL);
	press(screen, "Space r e d o");
	CHECK(screen_says(screen, "Redo: close #412"));
	press(screen, "Enter");
	CHECK(says(screen, "Done again: close #412"));
	CHECK_INT(fake.alerts[0].state, ALERT_CLOSED);
	end(screen);
}

TEST(a_false_alarm_like_others_offers_to_keep_them_back)
{
	struct screen *screen = begin(7, 10);
	struct alert *before = &fake.alerts[6];
	for (size_t k = 0; k < 7; k++)
		fake.alerts[k].severity = MIN(fake.alerts[k].severity, SEVERITY_HIGH);
	press(screen, "c 3");
	CHECK(strstr(screen->message, "Closed: ") != NULL && strstr(screen->message, "K silences") == NULL); /* the one before is open */
	/* A change of the rules is offered in any case, of the one that was closed. */
	CHECK(strstr(screen->message, "; f tunes the rule") != NULL);
	int64_t tuned = screen->closed.tune_id;
	CHECK(tuned != 0);
	press(screen, "f");
	CHECK_INT(fake.lab.trial.alert_id, tuned);
	press(screen, "q j f"); /* whoever goes on means what is under the cursor */
	CHECK(fake.lab.trial.alert_id != tuned);
	press(screen, "q");
	static const struct {
		enum resolution before;
		const char *keys;
		bool offers;
	} rows[] = { { RESOLUTION_FALSE_POSITIVE, "c 3", true }, { RESOLUTION_LEGITIMATE, "c 4", true }, { RESOLUTION_TRUE_IMPACT, "c 3", false },
		{ RESOLUTION_DUPLICATE, "c 3", false }, { RESOLUTION_FALSE_POSITIVE, "c 1", false }, { RESOLUTION_FALSE_POSITIVE, "n", false } };
	before->state = ALERT_CLOSED;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		before->resolution = rows[i].before;
		press(screen, "u");
		press(screen, rows[i].keys);
		bool offers = strstr(screen->message, "K silences such alerts, f tunes the rule; 1 like it was false before") != NULL;
		CHECK(offers == rows[i].offers);
		int64_t closed = screen->closed.offered_id;
		CHECK((closed != 0) == offers);
		if (offers) { /* the cursor has left it: the silence is of what was closed all the same */
			char title[40];
			snprintf(title, sizeof title, ": #%" PRId64, closed);
			press(screen, "K");
			CHECK_INT(screen->modal, MODAL_MENU);
			CHECK(strstr(screen->menu.title, title) != NULL);
		}
		screen_drop_modal(screen);
	}
	/* A critical one is never kept back. */
	press(screen, "u");
	for (size_t k = 0; k < 6; k++)
		fake.alerts[k].severity = SEVERITY_CRITICAL;
	before->resolution = RESOLUTION_FALSE_POSITIVE;
	press(screen, "c 3");
	CHECK(strstr(screen->message, "Closed: ") != NULL && strstr(screen->message, "K silences") == NULL);
	end(screen);
}

TEST(a_case_is_one_row_and_an_act_on_it_is_on_all_of_it)
{
	struct screen *screen = begin(7, 10);
	struct list *list = pane_list(screen->panes[3]);
	for (size_t i = 0; i < 7; i++)
		fake.alerts[i].case_id = fake.alerts[i].id;
	size_t first = 0, other = 0;
	for (size_t i = 0; i < 7; i++) { /* the worst, and another that is not closed */
		first = fake.alerts[i].severity > fake.alerts[first].severity ? i : first;
		other = fake.alerts[i].severity < SEVERITY_CRITICAL && fake.alerts[i].state == ALERT_NEW ? i : other;
	}
	fake.alerts[first].case_id = fake.alerts[other].case_id = 400;
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(list->n, 6);
	CHECK(screen_says(screen, "+1"));
	CHECK(screen_says(screen, "6 cases"));
	press(screen, "g");
	CHECK_INT(list_selected_id(list), 400);
	/* Sorted by time the other one may lead: the badge is still the worst's. */
	press(screen, "s");
	const char *worst = severity_badge(SEVERITY_CRITICAL);
	size_t n_worst = 0;
	screen_draw(screen);
	for (size_t i = 0; i < 7; i++)
		n_worst += fake.alerts[i].severity == SEVERITY_CRITICAL;
	CHECK(n_worst > 0 && screen_says(screen, worst));
	press(screen, "s s s s s s s s s s g"); /* round, to severity again */
	CHECK_INT(list_selected_id(list), 400);
	/* The cursor stays on its alert when cases are taken apart and put together. */
	press(screen, "j x 1");
	int64_t apart = list_selected_id(list);
	press(screen, "x 2");
	CHECK_INT(list_selected_id(list), apart);
	press(screen, "g C"); /* of the one row, but of more than one sees there: it is said of which */
	CHECK(screen->modal == MODAL_MENU && *fake.alerts[other].assignee == '\0');
	press(screen, "Enter");
	CHECK_STR(fake.alerts[first].assignee, "ana");
	CHECK_STR(fake.alerts[other].assignee, "ana");
	press(screen, "x 1");
	CHECK_INT(list->n, 7);
	CHECK(!screen_says(screen, "6 cases"));
	press(screen, "x 2 g Enter");
	CHECK(screen_focused(screen)->type == &view_alert);
	CHECK_INT(screen_focused(screen)->id, fake.alerts[first].id);
	end(screen);
}

TEST(a_refusal_is_one_sentence)
{
	struct screen *screen = begin(7, 10);
	press(screen, "r"); /* what is not closed cannot be reopened */
	CHECK_INT(screen->message_role, ROLE_ERROR);
	CHECK(screen->message[0] != '\0');
	CHECK_INT(fake.alerts[0].state, ALERT_NEW);
	end(screen);
}

TEST(a_snooze_needs_a_reason_and_ends)
{
	struct screen *screen = begin(7, 10);
	press(screen, "z 2 Enter");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK_INT(fake.alerts[0].state, ALERT_NEW);
	press(screen, "x Enter");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	int64_t for_ms = fake.alerts[0].snooze_until_ms - clock_real_ms();
	CHECK(for_ms > 3 * HOUR_MS && for_ms <= 4 * HOUR_MS);
	end(screen);
}

TEST(a_read_only_desk_acts_on_nothing)
{
	struct screen *screen = begin(7, 10);
	fake.read_only = true;
	press(screen, "a c z u C");
	CHECK_INT(fake.alerts[0].state, ALERT_NEW);
	CHECK(strstr(screen->message, "read-only") != NULL);
	end(screen);
}

TEST(the_queue_holds_still_when_alerts_arrive)
{
	struct screen *screen = begin(60, 10);
	press(screen, "j j");
	struct list *list = pane_list(screen->panes[3]);
	int64_t before = list_selected_id(list);
	fake.alerts[fake.n_alerts] = fake.alerts[0];
	fake.alerts[fake.n_alerts].id = fake.alerts[fake.n_alerts].case_id = 9000;
	fake.alerts[fake.n_alerts++].raised_ms = NOW_MS;
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	screen_draw(screen);
	CHECK_INT(list_selected_id(list), before);
	CHECK_INT(list_n_fresh_above(list), 1);
	press(screen, "Z");
	fake.n_alerts = 3;
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(list->n, 61);
	press(screen, "Z");
	CHECK_INT(list->n, 3);
	end(screen);
}

TEST(who_it_is_opens_from_wherever_it_is_named)
{
	struct screen *screen = begin(7, 10);
	press(screen, "p"); /* the queue's first alert is of a person */
	CHECK(screen_focused(screen)->type == &view_profile);
	CHECK(screen_says(screen, "Person  ext 4021"));
	press(screen, "q Enter p");
	CHECK(screen_focused(screen)->type == &view_profile);
	press(screen, "q P"); /* of the alert's newest record */
	CHECK(screen_says(screen, "Number  +88216555044"));
	press(screen, "q q 3 j j j p"); /* the fourth score is a number's */
	CHECK(screen_says(screen, "Number  +50688885501"));
	press(screen, "q 2 P");
	CHECK(screen_says(screen, "Number  +88216555044"));
	press(screen, "q p");
	CHECK(screen_says(screen, "Person  person-0"));
	press(screen, "q L p");
	CHECK(screen_says(screen, "Person  u"));
	press(screen, "q Enter P");
	CHECK(screen_says(screen, "Number  +88216555044"));
	press(screen, "q q q 3 G k p"); /* a device, too */
	CHECK(screen_says(screen, "Device  Sala Andes"));
	press(screen, "q 1 p");
	CHECK(screen_says(screen, "Site  "));
	press(screen, "q"); /* what has no name has no profile, and a sentence says so */
	fake.locations[0].name = fake.locations[0].uuid = "";
	fake.n_locations = 1;
	fake.board.calls_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	press(screen, "p");
	CHECK_INT(screen->n_views, 0);
	CHECK(strstr(screen->message, "no profile") != NULL);
	end(screen);
}

TEST(every_line_of_a_profile_leads_on)
{
	struct screen *screen = begin(7, 10);
	press(screen, "p");
	struct pane *profile = screen_focused(screen);
	press(screen, "G Enter"); /* its last call */
	CHECK(screen_focused(screen)->type == &view_call);
	press(screen, "q G k k k k k k k k");
	press(screen, "Enter"); /* past the heading: a number */
	CHECK(screen_focused(screen)->type == &view_profile && screen_focused(screen) != profile);
	CHECK(screen_says(screen, "Number  +576015550177"));
	press(screen, "G k k k k k k k k");
	press(screen, "Enter"); /* and who of ours talks with it */
	CHECK(screen_says(screen, "Person  Marta"));
	press(screen, "q q");
	CHECK(screen_focused(screen) == profile);
	press(screen, "/ I R S F Enter g j j j j j"); /* headings stay, and the alert under its own */
	press(screen, "Enter");
	CHECK(screen_focused(screen)->type == &view_alert);
	end(screen);
}

/* Whatever names somebody leads to who it is, and back. */
TEST(what_is_named_has_its_profile_one_key_away)
{
	static const struct {
		const char *keys, *title;
	} ways[] = { { "L j j Enter v p", "Service  u" }, { "L j j Enter v P", "Number  +576015550177" }, { "L j j Enter v s", "Site  PoC Banco Davivienda" },
		{ "L j j Enter v t", "Trunk  Troncal Bogot" }, { "L j j j Enter v d", "Device  A1B2C3D4E5F6" },
		{ "L v s", "Site  Colombia" }, { "v p", "Person  ext 4021" }, { "v s", "Site  " }, { "v j Enter", "Site  " }, { "Enter v s", "Site  " },
		{ "Enter v P", "Number  +88216555044" }, { "2 v p", "Person  person-0" }, { "2 v s", "Site  Colombia" }, { "3 v s", "Site  " } };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct screen *screen = begin(7, 10);
		press(screen, ways[i].keys);
		if (!screen_says(screen, ways[i].title))
			printf("%s: no %s\n", ways[i].keys, ways[i].title);
		CHECK(screen_says(screen, ways[i].title));
		CHECK_INT(screen->modal, MODAL_NONE);
		size_t n = screen->n_views;
		press(screen, "Esc");
		CHECK_INT(screen->n_views, n - 1);
		end(screen);
	}
	struct screen *screen = begin(7, 10); /* another is asked for, or none */
	press(screen, "v Esc");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(screen->n_views, 0);
	fake.alerts[0].subject_kind = SUBJECT_ORG;
	fake.alerts[0].location = "";
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	press(screen, "g v");
	CHECK(strstr(screen->message, "Nothing is named") != NULL);
	end(screen);
}

TEST(all_calls_of_a_profile_are_in_the_explorer)
{
	static const struct {
		const char *keys, *filter;
	} ways[] = { { "p c", "user.id == \"ext 4021\"" }, { "L P c", "number == \"+88216555044\"" }, { "1 p c", "location == \"Colombia\"" },
		{ "L j j Enter v t c", "trunk == \"Troncal Bogotá\"" } };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct screen *screen = begin(7, 10);
		press(screen, ways[i].keys);
		struct pane *calls = screen_focused(screen);
		REQUIRE(calls->type == &view_calls);
		CHECK_STR(pane_filter(calls), ways[i].filter);
		press(screen, "q");
		CHECK(screen_focused(screen)->type == &view_profile);
		end(screen);
	}
	struct screen *screen = begin(7, 10);
	press(screen, "3 G k p c"); /* a device's are not told apart there */
	CHECK(screen_focused(screen)->type == &view_profile);
	CHECK(strstr(screen->message, "cannot tell") != NULL);
	press(screen, "v s");
	CHECK(screen_says(screen, "Site  Colombia"));
	press(screen, "v p");
	CHECK(screen_says(screen, "Person  Ana Bernal"));
	press(screen, "v d");
	CHECK(screen_says(screen, "Device  A1B2C3D4E5F6"));
	end(screen);
}

/* On the wire a number is dialled as people dial: what is known of it is filed under its whole form. */
TEST(the_number_of_an_alert_is_looked_up_in_full)
{
	struct screen *screen = begin(7, 10);
	fake.legs[0][0].called = "90088216555044";
	press(screen, "Enter P");
	CHECK(screen_says(screen, "Number  +88216555044"));
	press(screen, "q");
	fake.legs[0][0].far = ""; /* of a record whose other end nobody could read */
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	press(screen, "P");
	CHECK(screen_says(screen, "Number  90088216555044"));
	end(screen);
}

/* From a site to a person of it, to that person's device, to its site; and back the way one came. */
TEST(a_site_leads_to_its_people_and_they_to_their_devices)
{
	struct screen *screen = begin(7, 10);
	screen_resize(screen, 100, 200);
	press(screen, "1 p");
	struct pane *site = screen_focused(screen);
	press(screen, "/ B e r n a l Enter g");
	for (int i = 0; i < 12 && screen_focused(screen) == site; i++)
		press(screen, "j Enter");
	CHECK(screen_says(screen, "Person  Ana Bernal"));
	struct pane *person = screen_focused(screen);
	press(screen, "/ A 1 B 2 Enter g");
	for (int i = 0; i < 12 && screen_focused(screen) == person; i++)
		press(screen, "j Enter");
	CHECK(screen_says(screen, "Device  A1B2C3D4E5F6"));
	press(screen, "j Enter");
	CHECK(screen_says(screen, "Site  Colombia"));
	CHECK_INT(screen->n_views, 4);
	press(screen, "Esc");
	CHECK(screen_says(screen, "Device  A1B2C3D4E5F6"));
	press(screen, "Esc");
	CHECK(screen_focused(screen) == person);
	press(screen, "Esc");
	CHECK(screen_focused(screen) == site);
	press(screen, "Esc");
	CHECK_INT(screen->n_views, 0);
	end(screen);
}

/* On a first day, and in a house where one day is more than is read. */
TEST(a_place_without_a_whole_day_counts_no_days)
{
	struct screen *screen = begin(7, 10);
	screen_resize(screen, 100, 200);
	fake.no_days = true;
	press(screen, "1 p");
	CHECK(screen_says(screen, "first met today"));
	CHECK(screen_says(screen, "in all"));
	CHECK(!screen_says(screen, "0 days"));
	fake.very_many = true;
	fake.board.calls_version++;
	screen_tick(screen, screen->steady_ms + 30000);
	screen_draw(screen);
	CHECK(screen_says(screen, "of today alone"));
	CHECK(!screen_says(screen, "0 days"));
	end(screen);
}

/* Days are gone through for it: however much comes in, it asks three times a minute. */
TEST(a_site_is_asked_for_less_often_than_a_person)
{
	static const char *const ways[] = { "1 p", "p" };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct screen *screen = begin(7, 10);
		press(screen, ways[i]);
		struct pane *pane = screen_focused(screen);
		int64_t first = pane->asked_ms;
		fake.board.calls_version++;
		screen_tick(screen, first + 6000);
		CHECK((pane->asked_ms > first) == (i == 1));
		screen_tick(screen, first + 21000);
		CHECK(pane->asked_ms > first);
		end(screen);
	}
}

TEST(a_masked_profile_shows_no_number_whole_not_even_in_its_title)
{
	struct screen *screen = begin(7, 10);
	screen_resize(screen, 100, 200);
	press(screen, "L j P");
	CHECK(screen_says(screen, "+573105550221"));
	press(screen, "#");
	CHECK(!screen_says(screen, "5550221"));
	CHECK(screen_says(screen, "Number  +57310\xC2\xB7\xC2\xB7\xC2\xB7" "221"));
	press(screen, "q p");
	CHECK(!screen_says(screen, "5550142"));
	CHECK(!screen_says(screen, "16555044"));
	end(screen);
}

TEST(a_profile_waits_and_says_what_went_wrong)
{
	struct screen *screen = begin(7, 10);
	fake.silent = true;
	press(screen, "p");
	CHECK(screen_says(screen, "\xE2\x80\xA6"));
	CHECK(screen_focused(screen)->waiting);
	press(screen, "q");
	fake.silent = false;
	fault_set(&fake.fault, FAULT_STORE, "the store is locked by another program");
	press(screen, "p");
	CHECK(screen_says(screen, "locked by another program"));
	end(screen);
}

TEST(every_red_thing_leads_to_its_record)
{
	struct screen *screen = begin(7, 10);
	press(screen, "Enter");
	CHECK(screen_focused(screen)->type == &view_alert);
	for (int i = 0; i < 21; i++)
		press(screen, "j");
	press(screen, "Enter");
	CHECK(screen_focused(screen)->type == &view_call);
	press(screen, "Enter");
	CHECK(screen_focused(screen)->type == &view_raw);
	press(screen, "q q q");
	CHECK_INT(screen->n_views, 0);
	end(screen);
}

/* What is opened asks for itself alone: the rows of the pane that opens it stay
 * where they are until it is done. */
TEST(opening_a_live_call_leaves_the_live_rows_alone)
{
	struct screen *screen = begin(7, 10);
	press(screen, "2 g");
	struct list *list = pane_list(screen->panes[1]);
	size_t before = list->n;
	REQUIRE(before > 0);
	for (size_t i = 0; i < 40; i++)
		fake_live(100 + i, LIVE_CONNECTED, 1, "+573105550100", "CO", NUMBER_MOBILE, TIER_NONE, 0, true);
	screen->steady_ms += 1000; /* they are due to be shown */
	screen_key(screen, &(struct key_event){ .key = KEY_ENTER });
	struct pane *view = screen_focused(screen);
	CHECK(view->type == &view_calls);
	CHECK_INT(list->n, before);
	CHECK(strstr(view->type->filter(view), "user.name == \"") != NULL);
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(list->n, before + 40);
	end(screen);
}

TEST(alerts_like_a_false_alarm_are_silenced_for_a_reason)
{
	struct screen *screen = begin(7, 10);
	int64_t id = list_selected_id(pane_list(screen->panes[3]));
	press(screen, "K"); /* critical, the first of the queue: it is said before anything is asked */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "#412 is critical, and such are never silenced: z snoozes it."));
	press(screen, "G K 2");
	CHECK(screen_says(screen, "why they may be silent:"));
	press(screen, "Enter"); /* no reason: it goes on asking */
	CHECK(screen->modal == MODAL_PROMPT);
	press(screen, "t e s t Enter");
	CHECK(strstr(screen->message, "silenced") != NULL);
	const struct alert *alert = NULL;
	for (size_t i = 0; i < fake.n_alerts; i++)
		alert = fake.alerts[i].silence_until_ms > 0 ? &fake.alerts[i] : alert;
	REQUIRE(alert != NULL && alert->id != id);
	int64_t for_ms = alert->silence_until_ms - clock_real_ms();
	CHECK(for_ms > 6 * DAY_MS && for_ms <= 7 * DAY_MS);
	press(screen, "Enter");
	CHECK(screen_says(screen, "silence "));
	CHECK(screen_says(screen, "0 findings kept back"));
	end(screen);
}

/* An attack goes on while it is read: records join above the cursor, which stays
 * on its own. */
TEST(the_cursor_stays_on_its_record_when_others_join)
{
	struct screen *screen = begin(7, 10);
	press(screen, "g Enter");
	struct pane *view = screen_focused(screen);
	REQUIRE(view->type == &view_alert);
	char before[400], after[400];
	for (int i = 0; i < 60; i++) { /* down to a record */
		press(screen, "j");
		pane_text(view, before, sizeof before);
		if (strstr(before, "\u2192") != NULL || strstr(before, "\u2190") != NULL)
			break;
	}
	for (size_t i = 0; i < 3; i++) { /* the story raises three more */
		fake.alerts[i + 1].case_id = fake.alerts[0].case_id = 400;
		fake.board.alerts_version++;
		screen_tick(screen, screen->steady_ms + 11000);
		screen_draw(screen);
		pane_text(view, after, sizeof after);
		CHECK_STR(after, before);
		CHECK(!screen_says(screen, "\u2191")); /* they are no rows that somebody waits for */
	}
	end(screen);
}

/* A hand that knows the way: alert, its call, the record, before any of it came. */
TEST(keys_typed_ahead_of_the_rows_wait_for_them)
{
	struct screen *screen = begin(7, 10);
	press(screen, "L g"); /* the calls */
	REQUIRE(screen_focused(screen)->type == &view_calls);
	fake.later = true;
	press(screen, "Enter Enter");
	CHECK(screen_focused(screen)->type == &view_call); /* on its way; the second waits */
	fake_answer_call();
	screen_tick(screen, screen->steady_ms + 1);
	CHECK(screen_focused(screen)->type == &view_raw);
	/* Who goes back has thought better of it. */
	press(screen, "q q");
	REQUIRE(screen_focused(screen)->type == &view_calls);
	fake.later = true;
	press(screen, "Enter Enter q Enter");
	fake_answer_call();
	screen_tick(screen, screen->steady_ms + 1);
	CHECK(screen_focused(screen)->type == &view_call);
	CHECK_INT(screen->n_ahead, 0);
	/* What follows a key that waits waits too; a flood is not done by half. */
	press(screen, "q");
	fake.later = true;
	press(screen, "Enter j ?");
	CHECK(screen_focused(screen)->type == &view_call);
	fake_answer_call();
	screen_tick(screen, screen->steady_ms + 1);
	CHECK(screen_focused(screen)->type == &view_help);
	press(screen, "q q");
	fake.later = true;
	press(screen, "Enter");
	for (int i = 0; i < AHEAD_MAX + 1; i++)
		press(screen, "j");
	CHECK_INT(screen->n_ahead, 0);
	CHECK(strstr(screen->message, "typed ahead is not done") != NULL);
	fake_answer_call();
	screen_tick(screen, screen->steady_ms + 1);
	CHECK(screen_focused(screen)->type == &view_call);
	end(screen);
}

/* A note is typed behind a queue that is not there yet: its letters are no
 * commands, whatever they would be elsewhere. */
TEST(words_typed_ahead_are_words)
{
	fake_start(7, 10);
	fake.silent = true;
	struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ 0 });
	press(screen, "g n h a q Q h u");
	CHECK(!screen->wishes.quit);
	CHECK_INT(screen->n_ahead, 8);
	fake_answer_alerts();
	screen_tick(screen, screen->steady_ms + 1);
	CHECK(screen->modal == MODAL_PROMPT);
	CHECK_STR(screen->prompt.text, "haqQhu");
	press(screen, "Enter");
	CHECK_STR(fake.events[0][fake.n_events[0] - 1].note, "haqQhu");
	CHECK(!screen->wishes.quit);
	end(screen);
}

static const char *title_line(struct screen *screen)
{
	static struct text line;
	screen_draw(screen);
	text_reset(&line);
	for (int col = 0; col < screen->canvas.cols; col++)
		add_cell(&line, canvas_at(&screen->canvas, 1, col)->point);
	return text_string(&line);
}

TEST(the_explorer_pages_to_the_last_call_and_back)
{
	struct screen *screen = begin(7, 2600);
	static bool seen[2600];
	press(screen, "L");
	screen->zoomed = true;
	struct pane *pane = screen_focused(screen);
	struct list *list = pane_list(pane);
	CHECK(strstr(title_line(screen), " 500+ ") != NULL);
	memset(seen, 0, sizeof seen);
	for (size_t i = 0; i < COUNT_OF(seen); i++) { /* every call once, in order */
		if (list_selected_id(list) != fake.calls[i].id) {
			printf("call %zu is not under the cursor\n", i);
			CHECK(false);
			break;
		}
		press(screen, "j");
		if (list->n > 1000)
			CHECK(false); /* memory is bounded */
	}
	CHECK(strstr(title_line(screen), "1601\u20132600 ") != NULL);
	press(screen, "j j");
	CHECK_INT(list_selected_id(list), fake.calls[2599].id);
	for (size_t i = COUNT_OF(seen); i-- > 0;) {
		if (list_selected_id(list) != fake.calls[i].id) {
			printf("on the way back call %zu is not under the cursor\n", i);
			CHECK(false);
			break;
		}
		press(screen, "k");
	}
	CHECK(strstr(title_line(screen), " 1000+ ") != NULL);
	CHECK_INT(list_n_fresh_above(list), 0); /* a turned page is no news */
	/* What came is, and stays so when more comes, until it is seen. */
	press(screen, "PgDn PgDn");
	for (int i = 1; i <= 2; i++) {
		memmove(fake.calls + 1, fake.calls, (fake.n_calls - 1) * sizeof fake.calls[0]);
		fake.calls[0].id = fake.calls[1].id + 1;
		fake.board.calls_version++;
		screen_tick(screen, screen->steady_ms + 2000);
		screen_draw(screen);
		CHECK_INT(list_n_fresh_above(list), i);
	}
	end(screen);
}

TEST(the_explorer_jumps_to_the_end_and_home)
{
	struct screen *screen = begin(7, 2600);
	press(screen, "L G");
	struct pane *pane = screen_focused(screen);
	struct list *list = pane_list(pane);
	CHECK_INT(list_selected_id(list), fake.calls[2599].id);
	CHECK(strstr(title_line(screen), "the oldest 500") != NULL);
	for (int i = 0; i < 600; i++)
		press(screen, "k");
	CHECK_INT(list_selected_id(list), fake.calls[1999].id);
	press(screen, "g");
	CHECK_INT(list_selected_id(list), fake.calls[0].id);
	CHECK(strstr(title_line(screen), " 500+ ") != NULL);
	press(screen, "/ M a r t a Enter G"); /* the end of what passes a filter */
	CHECK_STR(fake.calls[2599].user_name, "Marta Peña");
	CHECK_INT(list_selected_id(list), fake.calls[2599].id);
	end(screen);
}

TEST(the_explorer_holds_still_when_calls_come)
{
	struct screen *screen = begin(7, 2600);
	press(screen, "L j j j");
	struct pane *pane = screen_focused(screen);
	struct list *list = pane_list(pane);
	int64_t id = list_selected_id(list);
	memmove(fake.calls + 1, fake.calls, 2600 * sizeof fake.calls[0]);
	fake.calls[0].id += 1 << 20;
	fake.n_calls++;
	fake.board.calls_version++;
	screen_tick(screen, screen->steady_ms + 5000);
	screen_draw(screen);
	CHECK_INT(list_selected_id(list), id);
	CHECK_INT(list->n, 501); /* what was held stays */
	CHECK_INT(list->rows[0].id, fake.calls[0].id);
	/* Far down, what comes above moves nothing and is not even asked for. */
	press(screen, "G");
	size_t asked = fake.n_asked;
	fake.board.calls_version++;
	screen_tick(screen, screen->steady_ms + 5000);
	screen_draw(screen);
	CHECK_INT(fake.n_asked - asked, 0);
	CHECK_INT(list_selected_id(list), fake.calls[2600].id);
	end(screen);
}

/* n more calls, newer than all. */
static void more_calls(size_t n)
{
	memmove(fake.calls + n, fake.calls, fake.n_calls * sizeof fake.calls[0]);
	for (size_t i = 0; i < n; i++) {
		fake.calls[i] = fake.calls[n];
		fake.calls[i].id = fake.calls[n].id + (int64_t)(n - i);
	}
	fake.n_calls += n;
	fake.board.calls_version++;
}

static void check_no_hole(const struct list *list)
{
	size_t first = 0;
	while (first < fake.n_calls && fake.calls[first].id != list->rows[0].id)
		first++;
	REQUIRE(list->n > 0 && first + list->n <= fake.n_calls);
	for (size_t i = 0; i < list->n; i++)
		if (list->rows[i].id != fake.calls[first + i].id) {
			printf("row %zu does not follow the one above it\n", i);
			CHECK(false);
			return;
		}
}

TEST(the_explorer_has_no_hole_when_many_calls_come_at_once)
{
	static const size_t bursts[] = { 1, 499, 500, 501, 700 };
	for (size_t k = 0; k < COUNT_OF(bursts); k++) {
		struct screen *screen = begin(7, 1200);
		press(screen, "L j j j");
		struct list *list = pane_list(screen_focused(screen));
		int64_t id = list_selected_id(list);
		for (int i = 0; i < 2; i++) {
			more_calls(bursts[k]);
			screen_tick(screen, screen->steady_ms + 5000);
			screen_draw(screen);
			CHECK_INT(list_selected_id(list), id);
			check_no_hole(list);
		}
		for (size_t i = 0; i < 2 * bursts[k] + 3; i++) /* and every new one is reached */
			press(screen, "k");
		CHECK_INT(list_selected_id(list), fake.calls[0].id);
		check_no_hole(list);
		end(screen);
	}
}

/* All calls were held once: that others came at the far end is seen all the same. */
TEST(the_explorer_reaches_calls_that_a_backfill_brought)
{
	struct screen *screen = begin(7, 490);
	press(screen, "L");
	struct list *list = pane_list(screen_focused(screen));
	CHECK_INT(list->n, 490);
	for (int i = 0; i < 2; i++) {
		more_calls(20);
		screen_tick(screen, screen->steady_ms + 5000);
		screen_draw(screen);
	}
	for (size_t i = 0; i < 900; i++, fake.n_calls++) {
		fake.calls[fake.n_calls] = fake.calls[fake.n_calls - 1];
		fake.calls[fake.n_calls].id--;
	}
	more_calls(1);
	screen_tick(screen, screen->steady_ms + 5000);
	screen_draw(screen);
	press(screen, "G");
	CHECK_INT(list_selected_id(list), fake.calls[fake.n_calls - 1].id);
	end(screen);
}

TEST(a_page_that_comes_late_takes_nobody_along)
{
	struct screen *screen = begin(7, 2600);
	press(screen, "L");
	struct list *list = pane_list(screen_focused(screen));
	for (size_t i = 0; i < 850; i++)
		press(screen, "j");
	CHECK_INT(list->n, 1000);
	fake.later = true;
	for (size_t i = 0; i < 60; i++) /* near the end: the next page is asked for */
		press(screen, "j");
	press(screen, "g");
	CHECK_INT(list_selected_id(list), fake.calls[0].id);
	fake_answer_calls();
	screen_draw(screen);
	CHECK_INT(list_selected_id(list), fake.calls[0].id);
	check_no_hole(list);
	press(screen, "G"); /* and the other way: a newer page, while the end is looked at */
	for (size_t i = 0; i < 900; i++)
		press(screen, "k");
	size_t here = list->selected;
	CHECK(here >= 100);
	fake.later = true;
	for (; list->selected >= 100;)
		press(screen, "k");
	press(screen, "PgDn");
	while (list->selected + 1 < list->n)
		press(screen, "j");
	int64_t id = list_selected_id(list);
	fake_answer_calls();
	screen_draw(screen);
	CHECK_INT(list_selected_id(list), id);
	check_no_hole(list);
	end(screen);
}

TEST(a_fault_moves_nobody_in_the_explorer)
{
	static const char *const ways[] = { "G", "g" };
	for (size_t k = 0; k < COUNT_OF(ways); k++) {
		struct screen *screen = begin(7, 2600);
		press(screen, "L");
		struct list *list = pane_list(screen_focused(screen));
		for (size_t i = 0; i < 1300; i++)
			press(screen, "j");
		int64_t id = list_selected_id(list);
		fault_set(&fake.fault, FAULT_STORE, "the store is busy");
		press(screen, ways[k]);
		CHECK_INT(list_selected_id(list), id);
		fake.fault = (struct fault){ 0 };
		for (int i = 0; i < 3; i++) { /* it asks again, and what it says goes away */
			more_calls(1);
			screen_tick(screen, screen->steady_ms + 5000);
			screen_draw(screen);
			CHECK_INT(list_selected_id(list), id);
			check_no_hole(list);
		}
		CHECK_INT(screen_focused(screen)->fault.code, FAULT_NONE);
		end(screen);
	}
}

static struct screen *begin_first_run(bool set_up)
{
	i18n_init("en");
	fake_start(0, 0);
	fake_first_run(set_up);
	memset(&left, 0, sizeof left);
	struct screen *screen = screen_new(&(struct screen_options){ .on_leave = on_leave }, &fake.board);
	screen_tick(screen, 1000);
	screen_tick(screen, 2000);
	return screen;
}

TEST(the_first_run_leads_to_a_sign_in)
{
	struct screen *screen = begin_first_run(true);
	CHECK(screen_focused(screen)->type == &view_sign_in);
	CHECK_INT(fake.n_sign_ins, 1); /* asked by itself, and once */
	screen_tick(screen, 3000);
	CHECK_INT(fake.n_sign_ins, 1);
	fake.sign_in.step = SIGN_IN_FAILED;
	press(screen, "Enter");
	CHECK_INT(fake.n_sign_ins, 2);
	fake.sign_in.step = SIGN_IN_DONE;
	fake.health.sync = SYNC_FOLLOWING;
	press(screen, "Enter");
	CHECK_INT(screen->n_views, 0);
	CHECK_INT(fake.n_sign_ins, 2);
	screen_tick(screen, 9000); /* and it does not come again by itself */
	CHECK_INT(screen->n_views, 0);
	end(screen);
}

TEST(a_token_that_died_leads_to_a_second_sign_in)
{
	struct screen *screen = begin_first_run(true);
	fake.sign_in.step = SIGN_IN_DONE;
	fake.health.sync = SYNC_FOLLOWING;
	press(screen, "Enter");
	fake.health.sync = SYNC_NO_LOGIN; /* weeks later */
	screen_command(screen, CMD_SIGN_IN);
	CHECK(screen_focused(screen)->type == &view_sign_in);
	CHECK_INT(fake.n_sign_ins, 2);
	fake.sign_in.step = SIGN_IN_DONE; /* and while the view stays open */
	press(screen, "Enter");
	CHECK_INT(fake.n_sign_ins, 3);
	CHECK_INT(screen->n_views, 1);
	end(screen);
}

TEST(what_is_typed_after_leaving_is_not_done)
{
	struct screen *screen = begin(7, 10);
	press(screen, "Q");
	CHECK(screen->wishes.quit);
	press(screen, "C");
	CHECK_INT(fake.alerts[0].state, ALERT_NEW);
	end(screen);
}

TEST(a_hidden_text_that_is_given_up_leaves_no_trace)
{
	struct screen *screen = begin_first_run(false);
	press(screen, "Enter C 1 Enter s 3 c r");
	screen_drop_modal(screen);
	CHECK_INT(left.n, 0);
	for (size_t i = 0; i + 4 <= sizeof screen->prompt; i++)
		CHECK(memcmp((char *)&screen->prompt + i, "s3cr", 4) != 0);
	end(screen);
}

TEST(keys_in_sentences_are_those_that_are_bound)
{
	char keys_file[] = "/tmp/centinela-keys-XXXXXX";
	int fd = mkstemp(keys_file);
	static const char yaml[] = "keys:\n  alerts: {u: \"\", C-u: undo}\n  everywhere: {u: \"\", Q: \"\", C-u: undo, C-x: quit}\n";
	REQUIRE(fd >= 0 && write(fd, yaml, sizeof yaml - 1) == (ssize_t)sizeof yaml - 1);
	close(fd);
	fake_start(7, 10);
	struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ .keys_file = keys_file });
	press(screen, "C");
	CHECK(strstr(screen->message, "(C-u undoes)") != NULL);
	press(screen, "Esc");
	CHECK(strstr(screen->message, "C-x leaves") != NULL);
	unlink(keys_file);
	end(screen);
}

TEST(what_webex_needs_is_typed_in_the_console)
{
	struct screen *screen = begin_first_run(false);
	CHECK_INT(fake.n_sign_ins, 0);
	press(screen, "Enter C 1 ! Enter"); /* no such sign in a client ID */
	CHECK(screen->modal == MODAL_PROMPT && !screen->prompt.hidden);
	press(screen, "Backspace Enter s 3 c r Enter");
	CHECK_INT(left.n, 1);
	CHECK_INT(left.leave, LEAVE_SET_UP);
	CHECK_STR(left.text, "C1");
	CHECK_STR(left.secret, "s3cr");
	CHECK(screen->wishes.quit);
	for (size_t i = 0; i < sizeof screen->prompt; i++) /* no trace stays */
		CHECK(memcmp((char *)&screen->prompt + MIN(i, sizeof screen->prompt - 4), "s3cr", 4) != 0);
	end(screen);
}

TEST(there_is_something_to_do_without_webex)
{
	static const struct {
		const char *keys;
		enum leave leave;
		const char *text;
	} ways[] = { { "i x . c s v Enter", LEAVE_IMPORT, "x.csv" }, { "d", LEAVE_DEMO, "" },
		{ "T", LEAVE_DOCTOR, "" } };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct screen *screen = begin_first_run(false);
		press(screen, ways[i].keys);
		CHECK_INT(left.n, 1);
		CHECK_INT(left.leave, ways[i].leave);
		CHECK_STR(left.text, ways[i].text);
		end(screen);
	}
}

TEST(records_are_shown_though_nobody_signed_in)
{
	i18n_init("en");
	fake_start(7, 10);
	fake_first_run(true);
	struct screen *screen = screen_new(&(struct screen_options){ 0 }, &fake.board);
	screen_tick(screen, 1000);
	screen_tick(screen, 2000);
	CHECK_INT(screen->n_views, 0);
	press(screen, "I"); /* but one may */
	CHECK(screen_focused(screen)->type == &view_sign_in);
	end(screen);
}

TEST(an_answer_after_the_screen_is_gone_hurts_nobody)
{
	struct screen *screen = begin(7, 10);
	fake.silent = true;
	press(screen, "Enter L D S E ?");
	CHECK_INT(screen->n_views, 6);
	end(screen);
}

TEST(views_are_bounded)
{
	struct screen *screen = begin(7, 10);
	for (int i = 0; i < 40; i++)
		press(screen, i % 2 ? "L" : "D");
	CHECK_INT(screen->n_views, VIEWS_MAX);
	for (int i = 0; i < 40; i++)
		press(screen, "q");
	CHECK_INT(screen->n_views, 0);
	CHECK(!screen->wishes.quit);
	press(screen, "Q");
	CHECK(screen->wishes.quit);
	end(screen);
}

TEST(every_command_can_be_given_everywhere)
{
	static const char *const places[] = { "", "1", "2", "3", "Enter", "L", "L Enter", "L Enter Enter",
		"S", "E", "D", "?", "Space", ":", "/", "c", "z", "B", "B j Enter", "B r", "B r Enter", "B e", "B e 2" };
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		for (int command = 1; command < N_COMMANDS; command++) {
			struct screen *screen = begin(i % 3 ? 7 : 0, i % 3 ? 10 : 0);
			press(screen, places[i]);
			screen_command(screen, (enum command)command);
			screen_draw(screen);
			end(screen);
		}
	}
}

TEST(drawing_one_tile_gives_the_same_picture_as_drawing_all)
{
	static const char *const moves[] = { "j", "j", "PgDn", "G", "k", "g", "1 j", "j", "3 j", "k", "2 G",
		"4 m", "j", "X", "j", "PgUp" };
	struct screen *screen = begin(120, 200);
	screen_draw(screen);
	for (size_t i = 0; i < COUNT_OF(moves); i++) {
		press(screen, moves[i]);
		size_t n = (size_t)screen->canvas.rows * (size_t)screen->canvas.cols * sizeof(struct cell);
		struct cell *one = malloc(n);
		memcpy(one, screen->canvas.cells, n);
		screen->drawn = screen->moved = 0;
		screen_draw(screen);
		CHECK(memcmp(one, screen->canvas.cells, n) == 0);
		free(one);
	}
	end(screen);
}

/* Our own words must not be cut where there is room for them: titles, tabs,
 * keys and menus, in both languages, at the sizes we promise. */
TEST(no_word_of_ours_is_cut)
{
	static const char *const places[] = { "", "1", "2", "3", "L", "S", "D", "?", "Space", "c", "z",
		"B", "B r Enter", "B e", "B e 2" };
	static const int sizes[][2] = { { 24, 80 }, { 36, 120 }, { 60, 200 } };
	for (int language = 0; language < 2; language++) {
		for (size_t i = 0; i < COUNT_OF(places); i++) {
			for (size_t k = 0; k < COUNT_OF(sizes); k++) {
				struct screen *screen = begin(7, 10);
				i18n_init(language ? "es" : "en");
				screen_resize(screen, sizes[k][0], sizes[k][1]);
				press(screen, places[i]);
				if (fake.lab.trial.state == LAB_RUNNING) {
					fake_end_trial(NULL);
					screen_tick(screen, screen->steady_ms + 1000);
					screen_draw(screen);
				}
				for (int cell = 0; cell < screen->canvas.rows * screen->canvas.cols; cell++) {
					const struct cell *c = &screen->canvas.cells[cell];
					bool ours = c->role == ROLE_COLUMN || c->role == ROLE_KEY_TEXT ||
					    c->role == ROLE_TAB || c->role == ROLE_TAB_ON || c->role == ROLE_MENU ||
					    c->role == ROLE_TITLE || (c->role >= ROLE_LOW && c->role <= ROLE_CRITICAL);
					if (!ours || c->point != 0x2026)
						continue;
					printf("cut: %s, keys \"%s\", %dx%d, row %d column %d\n",
					    language ? "es" : "en", places[i], sizes[k][1], sizes[k][0],
					    cell / screen->canvas.cols, cell % screen->canvas.cols);
					CHECK(false);
				}
				end(screen);
			}
		}
	}
}

TEST(any_size_at_any_moment)
{
	static const char *const places[] = { "", "Enter", "L Enter", "Space", "c", "/", "?", "B j Enter", "B r Enter", "B e 2" };
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct screen *screen = begin(30, 40);
		press(screen, places[i]);
		for (int k = 1; k < 400; k++) {
			if (k == 200) {
				fake_end_trial(NULL);
				screen_tick(screen, screen->steady_ms + 1000);
			}
			screen_resize(screen, k * 7919 % 110 + 1, k * 104729 % 310 + 1);
			screen_draw(screen);
		}
		end(screen);
	}
}

/* ---- trials of the rules ------------------------------------------------------------------- */

TEST(a_trial_is_cancelled_before_a_view_is_left)
{
	struct screen *screen = begin(7, 10);
	press(screen, "B r Enter");
	CHECK_INT(fake.lab.trial.state, LAB_RUNNING);
	CHECK_INT(fake.lab.trial.since_ms, NOW_MS - 30 * DAY_MS);
	CHECK(screen_says(screen, "43 %"));
	press(screen, "r"); /* one at a time */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(strstr(screen->message, "One trial at a time") != NULL);
	/* It goes on while one looks at something else. */
	press(screen, "Enter");
	CHECK(screen_focused(screen)->type == &view_rule);
	press(screen, "q q");
	CHECK_INT(screen->n_views, 0);
	CHECK_INT(fake.lab.trial.state, LAB_RUNNING);
	press(screen, "B Esc");
	CHECK_INT(fake.lab.trial.state, LAB_CANCELLED);
	CHECK(screen_focused(screen)->type == &view_rules);
	CHECK(screen_says(screen, "nothing came of it"));
	press(screen, "Esc");
	CHECK_INT(screen->n_views, 0);
	end(screen);
}

TEST(a_replay_asks_since_when_until_it_understands)
{
	struct screen *screen = begin(7, 10);
	press(screen, "B r x Enter");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK_INT(fake.lab.trial.state, LAB_IDLE);
	press(screen, "C-u 7 d Enter");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.lab.trial.since_ms, NOW_MS - 7 * DAY_MS);
	CHECK_STR(fake.lab.trial.folder, "");
	fake_end_trial(NULL);
	press(screen, "");
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_says(screen, "20311 records judged"));
	/* With other rules than those in force. */
	press(screen, "r C-u 7 d Space / x Enter");
	CHECK_INT(fake.lab.trial.since_ms, NOW_MS - 7 * DAY_MS);
	CHECK_STR(fake.lab.trial.folder, "/x");
	CHECK(screen_says(screen, "rules of /x"));
	fake_end_trial(NULL);
	screen_tick(screen, screen->steady_ms + 1000);
	/* Rules that never spoke stand at the end, whatever the order is. */
	struct list *list = pane_list(screen_focused(screen));
	CHECK_INT(list->n, 6);
	press(screen, "s s G");
	int64_t last = list_selected_id(list);
	press(screen, "s G");
	CHECK_INT(list_selected_id(list), last);
	end(screen);
}

TEST(a_rehearsal_opens_when_it_is_over_and_nothing_lies_over_it)
{
	struct screen *screen = begin(7, 10);
	fake.read_only = true; /* it only looks */
	press(screen, "B e 2");
	CHECK_STR(fake.lab.trial.scenario, "irsf_weekend");
	press(screen, ":");
	fake_end_trial(NULL);
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_focused(screen)->type == &view_rules);
	press(screen, "Esc");
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_focused(screen)->type == &view_rehearsal);
	CHECK(screen_says(screen, "12.5 min"));
	press(screen, "j j j j j j Enter"); /* the rule that spoke first */
	CHECK(screen_focused(screen)->type == &view_rule);
	CHECK(screen_says(screen, "IRSF: bursts"));
	press(screen, "q q e 0");
	CHECK(screen_focused(screen)->type == &view_rehearsal);
	end(screen);
}

TEST(a_change_of_the_rules_is_shown_and_accepted)
{
	struct screen *screen = begin(7, 10);
	int64_t ids[1];
	REQUIRE(screen_focused(screen)->type->alerts(screen_focused(screen), TRIAGE_NOTE, ids, 1) == 1);
	press(screen, "f");
	CHECK(screen_focused(screen)->type == &view_tuning);
	CHECK_INT(fake.lab.trial.kind, LAB_TUNING);
	CHECK_INT(fake.lab.trial.alert_id, ids[0]);
	CHECK(screen_says(screen, "61 %"));
	press(screen, "Enter"); /* there is nothing to accept yet */
	CHECK_INT(screen->modal, MODAL_NONE);
	fake_end_trial(NULL);
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_says(screen, "187 alerts in 30 days"));
	CHECK(screen_says(screen, "2 of them were real!"));
	press(screen, "Enter"); /* the first, which the cursor is on */
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "n");
	CHECK_INT(fake.tuned_offer, 0);
	press(screen, "Enter a");
	CHECK_INT(fake.tuned_offer, 1);
	CHECK_INT(fake.tuned_id, ids[0]);
	CHECK(strstr(screen->message, "exception-070fb7434cd93761.yml") != NULL);
	CHECK_INT(fake.tuned_for_ms, 0);
	press(screen, "Enter 3");
	CHECK_INT(fake.tuned_for_ms, 30 * DAY_MS);
	press(screen, "G Enter"); /* a threshold has no end */
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK_INT(screen->menu.n, 2);
	press(screen, "n g j j j j");
	/* The store says no. */
	fault_fill(&fake.fault, FAULT_SYSTEM, "no space left");
	press(screen, "Enter a");
	CHECK_STR(screen->message, "no space left");
	fake.fault = (struct fault){ 0 };
	/* Files are shown, and hidden again. */
	press(screen, "J");
	CHECK(screen_says(screen, "far.number: '+37128084192'"));
	press(screen, "J");
	CHECK(!screen_says(screen, "far.number: '+37128084192'"));
	/* Who only looks may try, and not accept. */
	fake.read_only = true;
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(strstr(screen->message, "read-only") != NULL);
	press(screen, "q");
	CHECK(screen_focused(screen)->type != &view_tuning);
	end(screen);
}

TEST(a_trial_of_changes_waits_for_another_and_is_cancelled)
{
	struct screen *screen = begin(7, 10);
	press(screen, "B r Enter q f");
	CHECK_INT(fake.lab.trial.kind, LAB_REPLAY);
	CHECK(screen_says(screen, "Another trial runs"));
	fake_end_trial(NULL);
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(fake.lab.trial.kind, LAB_TUNING);
	CHECK_INT(fake.lab.trial.state, LAB_RUNNING);
	press(screen, "Esc");
	CHECK_INT(fake.lab.trial.state, LAB_CANCELLED);
	CHECK(screen_focused(screen)->type == &view_tuning);
	CHECK(screen_says(screen, "Cancelled before its end"));
	press(screen, "Esc");
	CHECK(screen_focused(screen)->type != &view_tuning);
	/* Who leaves the view waits for nothing any more. */
	press(screen, "f");
	CHECK_INT(fake.lab.trial.state, LAB_RUNNING);
	press(screen, "q");
	CHECK_INT(fake.lab.trial.state, LAB_CANCELLED);
	end(screen);
}

TEST(an_alert_leads_to_its_rule_by_name)
{
	struct screen *screen = begin(7, 10);
	press(screen, "Enter");
	CHECK(screen_says(screen, "97 / 100"));
	CHECK(!screen_says(screen, "irsf_burst")); /* not by its id */
	press(screen, "j j j j Enter");
	CHECK(screen_focused(screen)->type == &view_rule);
	end(screen);
}

TEST(a_click_falls_on_the_row_it_points_at)
{
	static const char *const ways[] = { "", "3", "L", "L Enter Enter", "B", "B j Enter", "?", "Enter", "p", "S" };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		for (int size = 0; size < 2; size++) {
			struct screen *screen = begin(7, 10);
			screen_resize(screen, size == 0 ? 24 : 36, size == 0 ? 80 : 120);
			press(screen, ways[i]);
			int from = -1, col = 0;
			for (int row = 0; row < screen->canvas.rows; row++) {
				for (int c = 0; from < 0 && c < screen->canvas.cols; c++) {
					if (canvas_at(&screen->canvas, row, c)->attrs & CELL_SELECTED)
						from = row, col = c;
				}
			}
			REQUIRE(from >= 0);
			screen_key(screen, &(struct key_event){ .key = KEY_CLICK, .row = from + 2, .col = col + 3 });
			screen_draw(screen);
			CHECK(!(canvas_at(&screen->canvas, from, col)->attrs & CELL_SELECTED));
			CHECK(canvas_at(&screen->canvas, from + 2, col)->attrs & CELL_SELECTED);
			end(screen);
		}
	}
}

/* Whatever view is text is filtered and copied from alike. */
TEST(every_view_of_text_is_filtered_and_copied)
{
	static const struct {
		const char *way, *filter, *stays, *goes;
	} views[] = { { "S", "/ h o s t Enter", "analytics.webexapis.com", "refused" }, { "?", "/ s n o o z e Enter", "Snooze", "Escalate" },
		{ "p", "/ I R S F Enter", "IRSF", "busiest" } };
	for (size_t i = 0; i < COUNT_OF(views); i++) {
		struct screen *screen = begin(7, 10);
		screen_resize(screen, 100, 200);
		press(screen, views[i].way);
		CHECK(screen_says(screen, views[i].goes));
		press(screen, views[i].filter);
		CHECK(screen_says(screen, views[i].stays));
		CHECK(!screen_says(screen, views[i].goes));
		press(screen, "G y");
		CHECK(screen->wishes.copy.n > 0);
		end(screen);
	}
}

TEST(without_a_lab_nothing_is_tried)
{
	struct screen *screen = begin(7, 10);
	fake.board.lab = NULL;
	press(screen, "B r");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(screen_says(screen, "Rules cannot be tried here."));
	press(screen, "e c");
	CHECK_INT(screen->n_views, 0);
	end(screen);
}

TESTS(T(screens_are_as_they_were), T(a_false_positive_takes_three_keys), T(what_nobody_has_read_yet_is_not_calm), T(where_nobody_signed_in_webex_is_not_asked_now), T(what_never_was_has_a_dash_in_sync_health), T(marks_then_act_then_undo), T(undo_and_redo_name_what_they_do), T(a_false_alarm_like_others_offers_to_keep_them_back),
    T(a_case_is_one_row_and_an_act_on_it_is_on_all_of_it),
    T(a_refusal_is_one_sentence), T(a_snooze_needs_a_reason_and_ends),
    T(a_read_only_desk_acts_on_nothing), T(the_queue_holds_still_when_alerts_arrive),
    T(who_it_is_opens_from_wherever_it_is_named), T(every_line_of_a_profile_leads_on),
    T(what_is_named_has_its_profile_one_key_away), T(all_calls_of_a_profile_are_in_the_explorer),
    T(the_number_of_an_alert_is_looked_up_in_full), T(a_site_leads_to_its_people_and_they_to_their_devices), T(a_site_is_asked_for_less_often_than_a_person),
    T(a_place_without_a_whole_day_counts_no_days),
    T(a_masked_profile_shows_no_number_whole_not_even_in_its_title), T(a_profile_waits_and_says_what_went_wrong),
    T(every_red_thing_leads_to_its_record), T(opening_a_live_call_leaves_the_live_rows_alone),
    T(keys_typed_ahead_of_the_rows_wait_for_them), T(words_typed_ahead_are_words), T(the_cursor_stays_on_its_record_when_others_join),
    T(alerts_like_a_false_alarm_are_silenced_for_a_reason),
    T(an_answer_after_the_screen_is_gone_hurts_nobody),
    T(views_are_bounded), T(every_command_can_be_given_everywhere), T(any_size_at_any_moment), T(the_explorer_pages_to_the_last_call_and_back),
    T(the_explorer_jumps_to_the_end_and_home), T(the_explorer_holds_still_when_calls_come),
    T(the_explorer_has_no_hole_when_many_calls_come_at_once),
    T(the_explorer_reaches_calls_that_a_backfill_brought),
    T(a_page_that_comes_late_takes_nobody_along), T(a_fault_moves_nobody_in_the_explorer),
    T(the_first_run_leads_to_a_sign_in), T(a_token_that_died_leads_to_a_second_sign_in),
    T(what_is_typed_after_leaving_is_not_done), T(a_hidden_text_that_is_given_up_leaves_no_trace),
    T(keys_in_sentences_are_those_that_are_bound), T(what_webex_needs_is_typed_in_the_console),
    T(there_is_something_to_do_without_webex), T(records_are_shown_though_nobody_signed_in),
    T(drawing_one_tile_gives_the_same_picture_as_drawing_all), T(no_word_of_ours_is_cut),
    T(a_trial_is_cancelled_before_a_view_is_left), T(a_replay_asks_since_when_until_it_understands),
    T(an_alert_leads_to_its_rule_by_name), T(a_change_of_the_rules_is_shown_and_accepted), T(a_trial_of_changes_waits_for_another_and_is_cancelled),
    T(a_rehearsal_opens_when_it_is_over_and_nothing_lies_over_it), T(without_a_lab_nothing_is_tried),
    T(a_click_falls_on_the_row_it_points_at), T(C6_the_audit_view_tells_of_the_whole_chain), T(every_view_of_text_is_filtered_and_copied))
