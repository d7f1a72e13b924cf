/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything a person can order, in one list: enum, the name that `:` and key
 * files use, a word for the key line, a sentence for help and palette. */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include "base/i18n.h"

#define COMMANDS(row)                                                                          \
	row(CMD_OPEN, "open", N_("open"), N_("Open what is under the cursor"))                 \
	row(CMD_BACK, "back", N_("back"), N_("Close this view"))                               \
	row(CMD_NEXT_PANE, "next-pane", N_("next pane"), N_("To the next pane"))               \
	row(CMD_PREV_PANE, "prev-pane", N_("pane before"), N_("To the pane before"))           \
	row(CMD_PANE_1, "locations", N_("locations"), N_("Locations: traffic and alerts by site")) \
	row(CMD_PANE_2, "live", N_("live"), N_("Live calls: what is up now"))                  \
	row(CMD_PANE_3, "scores", N_("scores"), N_("Scores: who stands out"))                  \
	row(CMD_PANE_4, "queue", N_("queue"), N_("Queue: alerts that wait for somebody"))      \
	row(CMD_ZOOM, "zoom", N_("zoom"), N_("One pane on the whole screen, or all again"))    \
	row(CMD_ACK, "ack", N_("acknowledge"), N_("Acknowledge: seen; mine, if it was nobody's"))              \
	row(CMD_CLAIM, "claim", N_("claim"), N_("Claim: mine, or I am told whose"))            \
	row(CMD_ASSIGN, "assign", N_("assign"), N_("Assign to somebody"))                      \
	row(CMD_RELEASE, "release", N_("release"), N_("Release: nobody's again"))              \
	row(CMD_NOTE, "note", N_("note"), N_("Write a note"))                                  \
	row(CMD_EDIT_NOTE, "edit-note", N_("long note"), N_("Write a long note in your editor ($EDITOR)")) \
	row(CMD_SNOOZE, "snooze", N_("snooze"), N_("Snooze for a while, with a reason"))       \
	row(CMD_WAKE, "wake", N_("wake"), N_("End the snooze"))                                \
	row(CMD_ESCALATE, "escalate", N_("escalate"), N_("Escalate: severity one up, with a note")) \
	row(CMD_CLOSE, "close", N_("close"), N_("Close with a resolution"))                    \
	row(CMD_REOPEN, "reopen", N_("reopen"), N_("Reopen what was closed"))                  \
	row(CMD_SILENCE, "silence", N_("silence"), N_("Silence alerts like it for a while")) \
	row(CMD_UNSILENCE, "unsilence", N_("hear again"), N_("Hear alerts like it again"))             \
	row(CMD_TAG, "tag", N_("tag"), N_("Tag: put words on it, or take them off"))           \
	row(CMD_LINK, "link", N_("link"), N_("Link: into the case of another alert"))          \
	row(CMD_UNLINK, "unlink", N_("unlink"), N_("Unlink: out of its case"))                 \
	row(CMD_MERGE, "merge", N_("merge"), N_("Merge: close as a duplicate of another alert")) \
	row(CMD_TUNE, "tune", N_("tune"), N_("Tune: which change of the rules would have avoided this alert")) \
	row(CMD_CONTAIN, "contain", N_("contain"), N_("Contain its line at Webex, or give it back")) \
	row(CMD_REPEAT, "repeat", N_("repeat"), N_("Repeat the last act here, or on marked rows")) \
	row(CMD_UNDO, "undo", N_("undo"), N_("Undo the last act"))                             \
	row(CMD_REDO, "redo", N_("redo"), N_("Redo what was undone"))                          \
	row(CMD_NEW_ALERT, "new-alert", N_("new alert"), N_("Raise an alert by hand: the hotline rang")) \
	row(CMD_MARK, "mark", N_("mark"), N_("Mark or unmark, one down"))                      \
	row(CMD_MARK_MATCHING, "mark-matching", N_("take all"), N_("Take all that pass the filter, listed or not, for the next act")) \
	row(CMD_MARK_ALL, "mark-all", N_("mark all"), N_("Mark every row, or none"))           \
	row(CMD_FILTER, "filter", N_("filter"), N_("Filter this list"))                        \
	row(CMD_CLEAR_FILTER, "clear-filter", N_("no filter"), N_("Show every row again"))     \
	row(CMD_FILTER_BACK, "filter-back", N_("less"), N_("Take the last part of the filter away")) \
	row(CMD_FILTER_PART, "filter-part", N_("part"), N_("Choose a part of the filter to take away")) \
	row(CMD_SAVED_FILTERS, "saved-filters", N_("saved"), N_("Filter with a saved filter"))  \
	row(CMD_PIVOT, "pivot", N_("pivot"), N_("Filter by a value of this row, or see what else has it"))  \
	row(CMD_SORT, "sort", N_("sort"), N_("Sort by the next column"))                       \
	row(CMD_SORT_BY, "sort-by", N_("sort by"), N_("Sort by one of the columns, which are named")) \
	row(CMD_FREEZE, "freeze", N_("freeze"), N_("Freeze or thaw this list"))                \
	row(CMD_GROUP, "group", N_("group"), N_("One row for each case, alert, person, rule or site")) \
	row(CMD_UNFOLD, "unfold", N_("unfold"), N_("Show what is in this row, or put it away")) \
	row(CMD_SHOW_CLOSED, "show-closed", N_("closed too"), N_("Show closed alerts too, or not")) \
	row(CMD_TICK, "tick", N_("tick"), N_("Tick a step of the playbook, or open it again"))  \
	row(CMD_RAW, "raw", N_("raw record"), N_("The record as Webex sent it"))               \
	row(CMD_PROFILE, "profile", N_("profile"), N_("Who is this: habits, today, colleagues"))  \
	row(CMD_NUMBER, "number", N_("number"), N_("The number at the other end: who of us talks with it")) \
	row(CMD_RELATED, "related", N_("profiles"), N_("Profiles of what it names, its site too")) \
	row(CMD_CALLS_OF, "calls-of", N_("its calls"), N_("Its calls, all of them, in the explorer"))  \
	row(CMD_CASE, "case", N_("case"), N_("The case: its alerts, and what happened when")) \
	row(CMD_EXPORT, "export", N_("export"), N_("Write this into a new file, as Markdown or JSON (.json)")) \
	row(CMD_DAY, "day", N_("day"), N_("The last day in pictures, beside what is usual"))     \
	row(CMD_HANDOVER, "handover", N_("hand over"), N_("Hand-over: what the shift saw, did and leaves"))  \
	row(CMD_EARLIER, "earlier", N_("earlier"), N_("As it was an hour before; the shift before"))  \
	row(CMD_LATER, "later", N_("later"), N_("As it was an hour after; the shift after"))    \
	row(CMD_DAY_EARLIER, "day-earlier", N_("a day earlier"), N_("As it was a day before"))  \
	row(CMD_DAY_LATER, "day-later", N_("a day later"), N_("As it was a day after"))         \
	row(CMD_MOMENT, "moment", N_("moment"), N_("As it was at a moment: 3h ago, 03:00, a day")) \
	row(CMD_CALLS, "calls", N_("calls"), N_("Calls explorer"))                             \
	row(CMD_SYNC, "sync", N_("sync"), N_("Sync health: how complete the records are"))     \
	row(CMD_SYNC_NOW, "sync-now", N_("ask now"), N_("Ask Webex now"))                      \
	row(CMD_LOG, "log", N_("log"), N_("What the program did"))                             \
	row(CMD_SIGN_IN, "sign-in", N_("sign in"), N_("Sign in to Webex"))                    \
	row(CMD_IMPORT, "import", N_("import"), N_("Import records from a file"))              \
	row(CMD_DEMO, "demo", N_("demo"), N_("Look around in a simulated organisation"))       \
	row(CMD_DOCTOR, "doctor", N_("doctor"), N_("Check this machine"))                      \
	row(CMD_AUDIT, "audit", N_("audit"), N_("Audit log: who did what"))                    \
	row(CMD_SETTINGS, "settings", N_("settings"), N_("Settings: what is in force; change it")) \
	row(CMD_ORGANISATIONS, "organisations", N_("organisations"), N_("Organisations: how it stands with each; go to one")) \
	row(CMD_SILENCES, "silences", N_("silences"), N_("Silences: what is silent, why, until when, and what it hides")) \
	row(CMD_SILENCE_NEW, "silence-new", N_("new one"), N_("Begin a silence of what a filter says, tried on 30 days before")) \
	row(CMD_SILENCE_EXTEND, "silence-extend", N_("extend"), N_("Extend this silence"))     \
	row(CMD_SILENCE_END, "silence-end", N_("end it"), N_("End this silence now"))          \
	row(CMD_RULES, "rules", N_("rules"), N_("Rules: what each raised, and trials of them"))  \
	row(CMD_REPLAY, "replay", N_("replay"), N_("Replay the rules on stored history"))      \
	row(CMD_REHEARSE, "rehearse", N_("rehearse"), N_("Rehearse an attack among your people")) \
	row(CMD_CANCEL, "cancel", N_("cancel"), N_("Cancel the trial that runs; else go back")) \
	row(CMD_MASK, "mask", N_("mask"), N_("Hide or show the middle of numbers"))            \
	row(CMD_ZONE, "zone", N_("zone"), N_("Times in the next site's zone, or UTC"))         \
	row(CMD_THEME, "theme", N_("theme"), N_("Theme: look at them, choose one"))                                 \
	row(CMD_LAYOUT, "layout", N_("layout"), N_("Layout of the four panes: choose, save"))   \
	row(CMD_WIDER, "wider", N_("wider"), N_("This pane wider"))                            \
	row(CMD_NARROWER, "narrower", N_("narrower"), N_("This pane narrower"))                \
	row(CMD_TALLER, "taller", N_("taller"), N_("This pane taller"))                        \
	row(CMD_LOWER, "lower", N_("lower"), N_("This pane lower"))                            \
	row(CMD_COLUMNS, "columns", N_("columns"), N_("Columns of this list: which, in which order, how wide")) \
	row(CMD_ROOMY, "roomy", N_("roomy"), N_("Rows with room between them, or without"))     \
	row(CMD_MOUSE, "mouse", N_("mouse"), N_("Mouse on or off"))                            \
	row(CMD_COPY, "copy", N_("copy"), N_("Copy what is under the cursor"))                 \
	row(CMD_COPY_AS, "copy-as", N_("copy as"), N_("Copy as text, JSON or number"))         \
	row(CMD_REDRAW, "redraw", N_("redraw"), N_("Draw the screen anew"))                    \
	row(CMD_PALETTE, "palette", N_("commands"), N_("Every command that is possible here")) \
	row(CMD_PROMPT, "command", N_("command"), N_("Type a command's name"))                 \
	row(CMD_RECORD, "record", N_("record"), N_("Record keys under a letter, or end it"))   \
	row(CMD_PLAY, "play", N_("play"), N_("Play the macro of a letter"))                    \
	row(CMD_HELP, "help", N_("help"), N_("Keys and what they do here"))                    \
	row(CMD_QUIT, "quit", N_("quit"), N_("Leave the program"))                            \
	row(CMD_UP, "up", N_("up"), N_("One row up"))                                          \
	row(CMD_DOWN, "down", N_("down"), N_("One row down"))                                  \
	row(CMD_PAGE_UP, "page-up", N_("page up"), N_("A page up"))                            \
	row(CMD_PAGE_DOWN, "page-down", N_("page down"), N_("A page down"))                    \
	row(CMD_NEXT_SECTION, "next-section", N_("section"), N_("To the next section of this text"))  \
	row(CMD_PREV_SECTION, "prev-section", N_("section before"), N_("To the section before"))  \
	row(CMD_TOP, "top", N_("top"), N_("To the first row"))                                 \
	row(CMD_BOTTOM, "bottom", N_("end"), N_("To the last row"))

enum command {
	CMD_NONE,
#define COMMAND_ENUM(id, name, word, help) id,
	COMMANDS(COMMAND_ENUM)
#undef COMMAND_ENUM
	N_COMMANDS
};

const char *command_name(enum command);
const char *command_word(enum command); /* translated */
const char *command_help(enum command); /* translated */
/* In the language that is not in force; "" until it was learned. */
const char *command_other_word(enum command);
const char *command_other_help(enum command);
/* Learn the other language's words. Once, where no other thread asks for texts yet: the
 * language changes for a moment. */
void command_learn(void);
bool command_named(const char *name, enum command *);

#endif
