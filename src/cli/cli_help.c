/* SPDX-License-Identifier: Apache-2.0
 *
 * help: topics, the manual page, and the parts of the README. Keys stand in
 * help_keys.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/places.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "detect/fact.h"
#include "net/file.h"
#include "filter/field.h"
#include "ui/setting_forms.h"
#include "webex/apis.h"
#include "webex/oauth.h"

/* ---- forms -------------------------------------------------------------------- */

static void troff_text(struct text *out, const char *text)
{
	bool line_start = true;
	for (; *text != '\0'; text++) {
		if (line_start && (*text == '.' || *text == '\''))
			text_puts(out, "\\&");
		line_start = *text == '\n';
		if (*text == '\\')
			text_puts(out, "\\e");
		else if (*text == '-')
			text_puts(out, "\\-");
		else
			text_putc(out, *text);
	}
}

static void cell(struct text *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '|')
			text_putc(out, '\\');
		text_putc(out, *text);
	}
}

void sheet_heading(struct sheet *sheet, const char *title)
{
	switch (sheet->form) {
	case FORM_PLAIN:
		text_printf(&sheet->out, "%s%s\n", sheet->out.n > 0 ? "\n" : "", title);
		break;
	case FORM_MARKDOWN:
		text_printf(&sheet->out, "%s**%s**\n\n", sheet->out.n > 0 ? "\n" : "", title);
		break;
	case FORM_TROFF:
		text_puts(&sheet->out, ".SS ");
		troff_text(&sheet->out, title);
		text_putc(&sheet->out, '\n');
		break;
	}
}

void sheet_entries(struct sheet *sheet, const char *term, const char *meaning)
{
	if (sheet->form == FORM_MARKDOWN)
		text_printf(&sheet->out, "| %s | %s |\n| --- | --- |\n", term, meaning);
}

void sheet_entry(struct sheet *sheet, const char *term, const char *meaning)
{
	switch (sheet->form) {
	case FORM_PLAIN:
		text_printf(&sheet->out, "  %s", term);
		for (int i = text_width(term); i < 30; i++)
			text_putc(&sheet->out, ' ');
		text_printf(&sheet->out, " %s\n", meaning);
		break;
	case FORM_MARKDOWN:
		text_puts(&sheet->out, "| `");
		cell(&sheet->out, term);
		text_puts(&sheet->out, "` | ");
		cell(&sheet->out, meaning);
		text_puts(&sheet->out, " |\n");
		break;
	case FORM_TROFF:
		text_puts(&sheet->out, ".TP\n\\fB");
		troff_text(&sheet->out, term);
		text_puts(&sheet->out, "\\fR\n");
		troff_text(&sheet->out, meaning);
		text_putc(&sheet->out, '\n');
		break;
	}
}

/* ---- topics ------------------------------------------------------------------- */

static size_t add_options(struct sheet *sheet, const char *command)
{
	size_t n = 0;
	for (const struct command_option *o = command_options; o->command != NULL; o++) {
		if (strcmp(o->command, command) != 0)
			continue;
		if (n++ == 0)
			sheet_entries(sheet, _("option"), _("does"));
		sheet_entry(sheet, o->name, _(o->help));
	}
	return n;
}

void help_commands(struct sheet *sheet)
{
	sheet_entries(sheet, _("command"), _("does"));
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
		sheet_entry(sheet, c->name, _(c->help));
}

void help_settings(struct sheet *sheet)
{
	static const struct {
		const char *key, *otherwise, *allows, *help;
	} rows[] = {
#define SETTING(key, member, kind, otherwise, allows, help) { key, otherwise, allows, help },
		OPTION_ROWS(SETTING)
#undef SETTING
	};
	sheet_entries(sheet, _("setting"), _("means"));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *help = setting_described(rows[i].help, rows[i].otherwise, rows[i].allows, sheet->form == FORM_MARKDOWN ? "`" : "");
		sheet_entry(sheet, rows[i].key, help);
		free(help);
	}
}

void help_filter(struct sheet *sheet)
{
	static const struct {
		enum filter_of of;
		const char *title;
	} parts[] = { { FILTER_CALLS, N_("Fields of calls") }, { FILTER_ALERTS, N_("Fields of alerts") },
		{ FILTER_LIVE, N_("Fields of live calls") }, { FILTER_SCORES, N_("Fields of scores") },
		{ FILTER_LOCATIONS, N_("Fields of locations") }, { FILTER_PEOPLE, N_("Fields of people") } };
	for (size_t k = 0; k < COUNT_OF(parts); k++) {
		sheet_heading(sheet, _(parts[k].title));
		sheet_entries(sheet, _("field"), _("means"));
		const struct filter_field *field;
		for (size_t i = 0; (field = filter_field_at(parts[k].of, i)) != NULL; i++)
			sheet_entry(sheet, field->name, _(field->help));
	}
}

static void add_filter_rules(struct sheet *sheet)
{
	static const struct {
		const char *written, *means;
	} rows[] = {
		{ "= != < <= > >=", N_("compare; == is = too") },
		{ "~", N_("contains, for text; * in a text stands for anything, \\* in quotes for itself") },
		{ "in [CU, LV]", N_("one of these; not in: none of them") },
		{ "in 10..20", N_("from one to the other, both included; 10.. and ..20 are open") },
		{ "and or not ( )", N_("combine") },
		{ "Bogota = BOGOT\u00C1", N_("capitals and accents do not count") },
		{ "severidad = cr\u00EDtica", N_("what the screen says in Spanish is understood in either language") },
		{ "@night", N_("a filter that was saved under this name") },
		{ "bernal", N_("a word alone looks into names, numbers and sites; \"two words\" in quotes") },
		{ "20m 1h 30d", N_("durations; times are 2026-10-05T09:00, or -2h for two hours ago") },
		{ "dst.country in [CU, LV] and duration > 20m and not user.team == \"ventas\"", N_("an example") },
	};
	sheet_heading(sheet, _("How a filter is written"));
	sheet_entries(sheet, _("written"), _("means"));
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		sheet_entry(sheet, rows[i].written, _(rows[i].means));
}

/* The names a rule may use besides the record's own fields. */
void help_facts(struct sheet *sheet)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	sheet_entries(sheet, _("fact"), _("means"));
	for (size_t i = 0; i < fact_count(); i++) {
		const struct fact *fact = fact_at(i);
		if (fact->wire != NULL)
			continue;
		char *text = mem_printf("%s (%s)", es ? fact->help_es : fact->help_en, fact_kind_name(fact->kind));
		sheet_entry(sheet, fact->name, text);
		free(text);
	}
}

void help_scopes(struct sheet *sheet)
{
	static const enum webex_api shown[] = { API_CDR, API_PEOPLE, API_LOCATIONS, API_CALLING_LOCATIONS, API_ORGANIZATIONS, API_CALLS, API_WEBHOOKS, API_AUDIT };
	sheet_entries(sheet, _("scope"), _("for what, and what else is needed"));
	for (size_t i = 0; i < COUNT_OF(shown); i++) {
		const struct webex_api_row *row = webex_api_row(shown[i]);
		char *text = mem_printf("%s: %s", row->name, row->role);
		sheet_entry(sheet, row->scopes, text);
		free(text);
	}
}

void help_redirects(struct sheet *sheet)
{
	for (size_t i = 0; i < COUNT_OF(login_device_redirects); i++) {
		if (sheet->form == FORM_MARKDOWN)
			text_printf(&sheet->out, "    %s\n", login_device_redirects[i]);
		else
			sheet_entry(sheet, login_device_redirects[i], "");
	}
}

/* ---- parts of the README ------------------------------------------------------ */

static void part_keys(struct sheet *sheet)
{
	struct fault fault;
	bool ok = help_keys(sheet, NULL, &fault);
	assert(ok);
	UNUSED(ok);
}

static void part_filter(struct sheet *sheet)
{
	add_filter_rules(sheet);
	help_filter(sheet);
}

static void part_options(struct sheet *sheet)
{
	add_options(sheet, "");
}

static const struct {
	const char *name;
	void (*write)(struct sheet *);
} parts[] = {
	{ "commands", help_commands }, { "options", part_options }, { "settings", help_settings }, { "keys", part_keys },
	{ "filter", part_filter }, { "facts", help_facts }, { "scopes", help_scopes }, { "redirects", help_redirects },
	{ "routes", help_routes },
	{ "destinations", help_destinations },
};

const char *help_part_name(size_t i)
{
	return i < COUNT_OF(parts) ? parts[i].name : NULL;
}

bool help_part(const char *name, struct text *out)
{
	struct sheet sheet = { .form = FORM_MARKDOWN };
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (strcmp(parts[i].name, name) != 0)
			continue;
		parts[i].write(&sheet);
		text_add(out, sheet.out.bytes, sheet.out.n);
		text_clear(&sheet.out);
		return true;
	}
	return false;
}

bool help_renew(const char *readme, struct text *out, struct fault *fault)
{
	static const char opening[] = "<!-- part ", closing[] = " -->\n";
	const char *p = readme, *mark;
	while ((mark = strstr(p, opening)) != NULL) {
		const char *name_at = mark + strlen(opening), *name_end = strstr(name_at, closing);
		if (name_end == NULL || name_end - name_at > 20)
			return fault_set(fault, FAULT_INPUT, _("a part's mark does not end"));
		char *name = mem_strndup(name_at, (size_t)(name_end - name_at)), *last = mem_printf("<!-- end %s -->\n", name);
		const char *rest = strstr(name_end, last);
		const char *body = name_end + strlen(closing);
		text_add(out, p, (size_t)(body - p));
		text_putc(out, '\n');
		bool known = rest != NULL && help_part(name, out);
		text_putc(out, '\n');
		if (!known)
			fault_set(fault, FAULT_INPUT, rest == NULL ? _("the part %s has no end mark") : _("there is no part %s"), name);
		free(name);
		free(last);
		if (!known)
			return false;
		p = rest;
	}
	text_puts(out, p);
	return true;
}

/* ---- manual page -------------------------------------------------------------- */

static void chapter(struct text *out, const char *title)
{
	text_puts(out, ".SH ");
	troff_text(out, title);
	text_putc(out, '\n');
}

static void paragraph(struct text *out, const char *words)
{
	text_puts(out, ".PP\n");
	troff_text(out, words);
	text_putc(out, '\n');
}

static void man_commands(struct sheet *sheet)
{
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		size_t n = strcspn(c->usage, "\n");
		char *usage = mem_strndup(c->usage, n), *term = mem_printf("%s %s", c->name, usage);
		sheet_entry(sheet, term, _(c->help));
		text_puts(&sheet->out, ".RS\n");
		if (c->usage[n] != '\0') {
			text_puts(&sheet->out, ".nf\n");
			troff_text(&sheet->out, c->usage + n + 1);
			text_puts(&sheet->out, ".fi\n");
		}
		add_options(sheet, c->name);
		text_puts(&sheet->out, ".RE\n");
		free(usage);
		free(term);
	}
}

static void man_places(struct sheet *sheet)
{
	sheet_entry(sheet, "~/.config/centinela/centinela.yaml", _("configuration; XDG_CONFIG_HOME moves it"));
	sheet_entry(sheet, "~/.config/centinela/filters.yaml", _("saved filters, for their owner alone"));
	sheet_entry(sheet, "~/.config/centinela/looks.yaml", _("what was arranged in the console: columns, layouts, macros"));
	sheet_entry(sheet, "~/.local/share/centinela/centinela.db", _("store; XDG_DATA_HOME moves it"));
	sheet_entry(sheet, "~/.local/share/centinela/token.json", _("sign-in, for its owner alone"));
	sheet_entry(sheet, CENTINELA_INSTALL_SHARE, _("rules, themes, numbers, calendars and scenarios that came along"));
}

static void man_environment(struct sheet *sheet)
{
	sheet_entry(sheet, "CENTINELA_CONFIG", _("the configuration, where --config names none"));
	sheet_entry(sheet, "CENTINELA_CLIENT_SECRET", _("the client secret, where no setting names a file or a command"));
	sheet_entry(sheet, "CENTINELA_SERVICE_APP_BEARER", _("a bearer with spark:applications_token, for login --service-app"));
	sheet_entry(sheet, "HTTPS_PROXY, NO_PROXY", _("proxy, where network.proxy names none"));
	sheet_entry(sheet, "LANGUAGE, LC_ALL, LANG", _("language, where neither --lang nor the setting says"));
	sheet_entry(sheet, "NO_COLOR", _("no colours"));
	sheet_entry(sheet, "TERM, COLORTERM", _("what the terminal can show"));
}

/* What must be set at developer.webex.com before a sign-in can work. */
static void add_what_webex_needs(struct sheet *sheet)
{
	sheet_heading(sheet, _("Redirect addresses, all four registered in the integration"));
	help_redirects(sheet);
	sheet_heading(sheet, _("Scopes, for what, and what else is needed"));
	help_scopes(sheet);
}

void help_man(struct text *out)
{
	struct sheet sheet = { .form = FORM_TROFF };
	struct text *t = &sheet.out;
	struct fault fault;
	text_puts(t, ".TH CENTINELA 1 \"\" \"centinela " CENTINELA_VERSION "\"\n");
	chapter(t, _("NAME"));
	troff_text(t, "centinela - ");
	troff_text(t, _("a security console for Webex Calling"));
	text_putc(t, '\n');
	chapter(t, _("SYNOPSIS"));
	text_puts(t, "\\fBcentinela\\fR [COMMAND] [OPTION]...\n");
	chapter(t, _("DESCRIPTION"));
	paragraph(t, _("Centinela reads call records from Webex Calling, judges them by rules, and puts what matters into one queue of alerts that is worked off by keys. Without a command it opens the console."));
	chapter(t, _("COMMANDS"));
	man_commands(&sheet);
	chapter(t, _("OPTIONS"));
	add_options(&sheet, "");
	chapter(t, _("SETTINGS"));
	paragraph(t, _("Dots are nesting in the YAML file: webex.client_id is client_id under webex. The default stands in brackets."));
	help_settings(&sheet);
	chapter(t, _("SIGNING IN"));
	add_what_webex_needs(&sheet);
	chapter(t, _("FILTERS"));
	part_filter(&sheet);
	chapter(t, _("FACTS"));
	paragraph(t, _("What a rule may use besides the fields of the record by their wire names."));
	help_facts(&sheet);
	chapter(t, _("KEYS"));
	bool ok = help_keys(&sheet, NULL, &fault);
	assert(ok);
	UNUSED(ok);
	chapter(t, _("FILES"));
	man_places(&sheet);
	chapter(t, _("ENVIRONMENT"));
	man_environment(&sheet);
	chapter(t, _("EXIT STATUS"));
	sheet_entry(&sheet, "0", _("done"));
	sheet_entry(&sheet, "1", _("failed; one sentence on standard error says why and what to do"));
	sheet_entry(&sheet, "2", _("wrong usage"));
	text_add(out, t->bytes, t->n);
	text_clear(t);
}

/* ---- commands ----------------------------------------------------------------- */

void cli_print_usage(FILE *out)
{
	struct sheet sheet = { .form = FORM_PLAIN };
	text_printf(&sheet.out, "%s\n\n%s\n", _("centinela: a security console for Webex Calling"), _("usage: centinela [COMMAND] [OPTION]…"));
	sheet_heading(&sheet, _("Commands"));
	help_commands(&sheet);
	sheet_heading(&sheet, _("Options of every command"));
	add_options(&sheet, "");
	text_printf(&sheet.out, "\n%s\n", _("centinela COMMAND --help lists a command's options; centinela help settings, keys, filter, facts and man say more."));
	fputs(text_string(&sheet.out), out);
	text_clear(&sheet.out);
}

void cli_print_command(const struct cli_command *command)
{
	struct sheet sheet = { .form = FORM_PLAIN };
	text_printf(&sheet.out, "centinela %s %s\n\n%s\n", command->name, command->usage, _(command->help));
	text_putc(&sheet.out, '\n');
	if (add_options(&sheet, command->name) == 0)
		sheet.out.bytes[--sheet.out.n] = '\0';
	if (strcmp(command->name, "login") == 0)
		add_what_webex_needs(&sheet);
	if (strcmp(command->name, "settings") == 0) { /* help settings names them all */
		text_putc(&sheet.out, '\n');
		options_describe(&sheet.out);
	}
	fputs(text_string(&sheet.out), stdout);
	text_clear(&sheet.out);
}

static bool print_topic(const struct options *options, const char *topic, const char *name, struct fault *fault)
{
	struct sheet sheet = { .form = FORM_PLAIN };
	char *readme;
	size_t n;
	bool ok = true;
	if (strcmp(topic, "filter") == 0) {
		part_filter(&sheet);
	} else if (strcmp(topic, "facts") == 0) {
		help_facts(&sheet);
	} else if (strcmp(topic, "keys") == 0) {
		ok = help_keys(&sheet, options->keys_file, fault);
	} else if (strcmp(topic, "man") == 0) {
		help_man(&sheet.out);
	} else if (strcmp(topic, "readme-part") == 0 && name != NULL) {
		ok = help_part(name, &sheet.out) || fault_set(fault, FAULT_USAGE, _("there is no part \"%.40s\" of the README"), name);
	} else if (strcmp(topic, "readme") == 0 && name != NULL) {
		ok = file_read(name, 1 << 20, &readme, &n, fault);
		if (ok) {
			ok = help_renew(readme, &sheet.out, fault);
			free(readme);
		}
	} else {
		ok = fault_set(fault, FAULT_USAGE, "%s", _("help knows settings, keys, filter, facts, man, and the name of a command"));
	}
	if (ok)
		fputs(text_string(&sheet.out), stdout);
	text_clear(&sheet.out);
	return ok;
}

int cli_help(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	const char *topic = args_next(args), *name = args_next(args);
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (topic == NULL) {
		cli_print_usage(stdout);
		return EXIT_DONE;
	}
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		if (strcmp(c->name, topic) == 0) {
			cli_print_command(c);
			return EXIT_DONE;
		}
	}
	return print_topic(options, topic, name, &fault) ? EXIT_DONE : cli_fail(&fault);
}
