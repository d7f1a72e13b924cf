/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/text.h"
#include "ui/keys.h"

static char heard[512];

static void on_key(void *arg, const struct key_event *event)
{
	(void)arg;
	char name[KEY_NAME_BYTES];
	size_t n = strlen(heard);
	if (event->key == KEY_PASTE)
		snprintf(heard + n, sizeof heard - n, "<%.*s>", (int)event->n, event->paste);
	else if (event->key == KEY_CLICK || event->key == KEY_WHEEL_UP || event->key == KEY_WHEEL_DOWN)
		snprintf(heard + n, sizeof heard - n, "@%d,%d ", event->row, event->col);
	else
		snprintf(heard + n, sizeof heard - n, "%s ", key_name(event->key, name));
}

static struct input input;
static const char *hear_n(const char *bytes, size_t n, bool timeout)
{
	heard[0] = '\0';
	input_feed(&input, bytes, n);
	if (timeout)
		input_timeout(&input);
	return heard;
}

static const char *hear(const char *bytes)
{
	return hear_n(bytes, strlen(bytes), true);
}

TEST(sequences_of_many_terminals_are_keys)
{
	input_init(&input, on_key, NULL);
	CHECK_STR(hear("aZ\xC3\xB1\xE2\x82\xAC"), "a Z \xC3\xB1 \xE2\x82\xAC ");
	CHECK_STR(hear("\x1b[A\x1bOB\x1b[C\x1bOD"), "Up Down Right Left ");
	CHECK_STR(hear("\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~"), "Home End Home End Home End ");
	CHECK_STR(hear("\x1b[5~\x1b[6~\x1b[2~\x1b[3~\x1b[Z"), "PgUp PgDn Ins Del S-Tab ");
	CHECK_STR(hear("\x1bOP\x1b[11~\x1b[[A\x1b[15~\x1b[24~"), "F1 F1 F1 F5 F12 ");
	CHECK_STR(hear("\x1b[1;5A\x1b[1;3B\x1b[3;5~"), "C-Up M-Down C-Del ");
	CHECK_STR(hear("\r\t\x7f\x03\x1bx"), "Enter Tab Backspace C-c M-x ");
	CHECK_STR(hear("\x1b"), "Esc ");
	CHECK_STR(hear("\x1b\x1b[A"), "Esc Up ");
}

TEST(a_sequence_may_come_in_pieces)
{
	input_init(&input, on_key, NULL);
	CHECK_STR(hear_n("\x1b", 1, false), "");
	CHECK(input_is_waiting(&input));
	CHECK_STR(hear_n("[", 1, false), "");
	CHECK_STR(hear_n("A", 1, false), "Up ");
	CHECK(!input_is_waiting(&input));
	CHECK_STR(hear_n("\xC3", 1, false), "");
	CHECK_STR(hear_n("\xB1", 1, false), "\xC3\xB1 ");
}

TEST(replies_of_terminals_type_nothing)
{
	input_init(&input, on_key, NULL);
	CHECK_STR(hear("\x1b[?62;4c\x1b[>41;354;0c\x1b[12;40R\x1b[?1;2y"), "");
	CHECK_STR(hear("\x1b]11;rgb:0000/0000/0000\x07" "a"), "a ");
	CHECK_STR(hear("\x1b]11;rgb:0000/0000\x1b\\" "b"), "b ");
	CHECK_STR(hear("\x1bP1$r0m\x1b\\" "c"), "c ");
	CHECK_STR(hear("\x1b[?999999999999999999999999999999999999999999999999999999999999999999999d" "e"), "e ");
	CHECK_STR(hear("\xff\xfe\xC3" "e\xE2\x82" "f"), "e f ");
}

TEST(a_paste_is_one_text_and_bounded)
{
	input_init(&input, on_key, NULL);
	CHECK_STR(hear("\x1b[200~q\x1b[A;rm\x1b[201~z"), "<q\x1b[A;rm>z ");
	for (size_t i = 0; i < sizeof input.paste; i++) /* it may have been a secret */
		CHECK_INT(input.paste[i], 0);
	input_feed(&input, "\x1b[200~", 6);
	for (int i = 0; i < 3 * PASTE_BYTES; i++)
		input_feed(&input, "x", 1);
	heard[0] = '\0';
	input_feed(&input, "\x1b[201~k", 7);
	CHECK_INT(strlen(heard), sizeof heard - 1); /* cut by this test's buffer */
	CHECK_STR(hear("k"), "k ");
}

TEST(the_wheel_and_clicks_have_places)
{
	input_init(&input, on_key, NULL);
	CHECK_STR(hear("\x1b[<0;5;3M\x1b[<0;5;3m\x1b[<64;1;1M\x1b[<65;10;20M"), "@2,4 @0,0 @19,9 ");
}

TEST(names_and_keys_are_the_same_thing)
{
	static const char *const names[] = { "a", "Z", "?", "Space", "Enter", "F12", "C-r", "M-x",
		"C-M-Up", "\xC3\xB1", "S-Tab", "PgDn", "-" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		uint32_t key;
		char name[KEY_NAME_BYTES];
		CHECK(key_named(names[i], &key));
		CHECK_STR(key_name(key, name), names[i]);
	}
	uint32_t key;
	CHECK(!key_named("", &key));
	CHECK(!key_named("ab", &key));
	CHECK(!key_named("\x1b", &key));
	CHECK(!key_named("Hyper-x", &key));
}

TEST(the_table_has_no_key_twice_and_no_lonely_function_key)
{
	struct keys keys;
	keys_init(&keys);
	for (size_t i = 0; i < keys.n; i++) {
		const struct binding *a = &keys.bindings[i];
		for (size_t j = 0; j < i; j++)
			CHECK(keys.bindings[j].place != a->place || keys.bindings[j].key != a->key);
		if (a->key < KEY_F1 || a->key > KEY_F12)
			continue;
		bool twin = false;
		for (size_t j = 0; j < keys.n; j++)
			twin |= keys.bindings[j].command == a->command && keys.bindings[j].key < 0x7F;
		CHECK(twin);
	}
	/* Every command but a few that the palette alone has can be reached. */
	for (int command = 1; command < N_COMMANDS; command++) {
		bool bound = false;
		for (size_t i = 0; i < keys.n; i++)
			bound |= keys.bindings[i].command == (enum command)command;
		if (!bound)
			printf("no key for %s\n", command_name((enum command)command));
		CHECK(bound);
	}
	keys_clear(&keys);
}

/* Spanish and Latin American keyboards have these with AltGr, or not at all. */
TEST(what_latin_keyboards_lack_has_a_twin)
{
	struct keys keys;
	keys_init(&keys);
	for (size_t i = 0; i < keys.n; i++) {
		const struct binding *a = &keys.bindings[i];
		if (a->key > 0x7F || strchr("[]{}~@#\\|^`", (int)a->key) == NULL)
			continue;
		bool twin = false;
		for (size_t j = 0; j < keys.n; j++)
			twin |= keys.bindings[j].place == a->place && keys.bindings[j].command == a->command &&
			    (keys.bindings[j].key > 0x7F || strchr("[]{}~@#\\|^`", (int)keys.bindings[j].key) == NULL);
		if (!twin)
			printf("%s has %c alone\n", command_name(a->command), (char)a->key);
		CHECK(twin);
	}
	keys_clear(&keys);
}

TEST(the_nearer_place_wins)
{
	struct keys keys;
	keys_init(&keys);
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'c'), CMD_CLOSE);
	CHECK_INT(keys_command(&keys, PLACE_LIVE, 'c'), CMD_NONE);
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'j'), CMD_DOWN);
	CHECK_INT(keys_command(&keys, PLACE_ALERT, 'a'), CMD_ACK);
	CHECK_INT(keys_command(&keys, PLACE_GLOBAL, 'j'), CMD_NONE);
	char names[64];
	CHECK_STR(keys_names(&keys, PLACE_QUEUE, CMD_DOWN, names, sizeof names), "j Down");
	keys_clear(&keys);
}

TEST(a_persons_file_lies_over_it)
{
	static const char file[] = "keys:\n  queue: {K: ack, m: \"\"}\n  everywhere:\n    C-x: quit\n    o: help\n";
	struct keys keys;
	struct fault fault = { 0 };
	keys_init(&keys);
	REQUIRE(keys_parse(&keys, "k.yaml", file, sizeof file - 1, &fault));
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'K'), CMD_ACK);
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'm'), CMD_NONE);
	CHECK_INT(keys_command(&keys, PLACE_LIVE, KEY_CTRL | 'x'), CMD_QUIT);
	CHECK_INT(keys_of(&keys, PLACE_QUEUE, CMD_ACK), 'K');
	CHECK_INT(keys_of(&keys, PLACE_LIVE, CMD_HELP), 'o'); /* also one that had another use */
	CHECK_INT(keys_command(&keys, PLACE_LIVE, 'o'), CMD_HELP);

	/* A default said again, or moved to another key, stays in the key line. */
	static const char again[] = "keys: {alerts: {a: ack, C: note, x: close}}";
	REQUIRE(keys_parse(&keys, "k.yaml", again, sizeof again - 1, &fault));
	size_t n_foot = 0;
	for (size_t i = 0; i < keys.n; i++)
		n_foot += keys.bindings[i].place == PLACE_ALERTS && keys.bindings[i].foot &&
		    ((keys.bindings[i].command == CMD_ACK && keys.bindings[i].key == 'a') ||
			(keys.bindings[i].command == CMD_CLOSE && keys.bindings[i].key == 'x'));
	CHECK_INT(n_foot, 2);

	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "keys: {queue: {K: fly}}", "k.yaml:1:19: no such command" },
		{ "keys: {queue: {Hyper: ack}}", "no such key" },
		{ "keys: {moon: {K: ack}}", "no such place" },
		{ "keys: 5", "a map \"keys\"" },
		{ "[", "k.yaml" },
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CHECK(!keys_parse(&keys, "k.yaml", bad[i].text, strlen(bad[i].text), &fault));
		CHECK(strstr(fault.text, bad[i].says) != NULL);
		CHECK_INT(keys_of(&keys, PLACE_QUEUE, CMD_ACK), 'K');
	}
	keys_clear(&keys);
}

static bool lay(struct keys *keys, const char *text, struct fault *fault)
{
	keys_clear(keys);
	keys_init(keys);
	return keys_parse(keys, "k.yaml", text, strlen(text), fault);
}

TEST(a_command_has_the_keys_that_a_person_lists)
{
	struct keys keys = { 0 };
	struct fault fault = { 0 };
	char names[64];
	REQUIRE(lay(&keys, "commands:\n  ack: [v, F9]\n  mark: []\n  sort: O\n  queue: {freeze: [V]}\n  queue: {}\n"
	    "  close false_positive: [f]\n", &fault) == false); /* a key twice in a map */
	REQUIRE(lay(&keys, "commands:\n  ack: [v, F9]\n  mark: []\n  sort: O\n  queue: [C-q]\n  live: {freeze: [V]}\n"
	    "  close false_positive: [f]\n  group: z\n", &fault));
	/* These alone, the first of them shown first and at the foot. */
	CHECK_STR(keys_names(&keys, PLACE_QUEUE, CMD_ACK, names, sizeof names), "v F9");
	CHECK_STR(keys_names(&keys, PLACE_ALERT, CMD_ACK, names, sizeof names), "v F9");
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'a'), CMD_NONE);
	size_t n_foot = 0;
	for (size_t i = 0; i < keys.n; i++)
		n_foot += keys.bindings[i].foot && keys.bindings[i].command == CMD_ACK;
	CHECK_INT(n_foot, 1);
	CHECK_INT(keys_of(&keys, PLACE_QUEUE, CMD_MARK), 0);
	CHECK(keys_belongs(PLACE_QUEUE, CMD_MARK)); /* it is still there, for `:` and the palette */
	/* Wherever the table has it, or in one place. */
	static const enum place sorted[] = { PLACE_QUEUE, PLACE_LIVE, PLACE_LOCATIONS, PLACE_SCORES, PLACE_RULES };
	for (size_t i = 0; i < COUNT_OF(sorted); i++) {
		CHECK_INT(keys_of(&keys, sorted[i], CMD_SORT), 'O');
		CHECK_INT(keys_command(&keys, sorted[i], 's'), CMD_NONE);
	}
	CHECK_INT(keys_of(&keys, PLACE_LIVE, CMD_FREEZE), 'V');
	CHECK_INT(keys_of(&keys, PLACE_CALLS, CMD_FREEZE), 'Z');
	/* What follows tells a command from a place of that name. */
	CHECK_INT(keys_of(&keys, PLACE_GLOBAL, CMD_PANE_4), KEY_CTRL | 'q');
	/* With what it would have asked, beside the command itself. */
	const struct binding *f = keys_binding(&keys, PLACE_ALERT, 'f');
	REQUIRE(f != NULL);
	CHECK_INT(f->command, CMD_CLOSE);
	CHECK_STR(f->argument, "false_positive");
	CHECK_STR(keys_names(&keys, PLACE_QUEUE, CMD_CLOSE, names, sizeof names), "c F8");
	/* The table's z (snooze, on alerts) gives way where both would work. */
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'z'), CMD_GROUP);
	CHECK_INT(keys_command(&keys, PLACE_ALERT, 'z'), CMD_SNOOZE);
	keys_clear(&keys);
}

TEST(a_persons_key_beats_the_tables_wherever_both_would_work)
{
	struct keys keys = { 0 };
	struct fault fault = { 0 };
	REQUIRE(lay(&keys, "commands: {close: [x], help: [j]}", &fault));
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'x'), CMD_CLOSE); /* not: take cases apart */
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'j'), CMD_HELP);
	REQUIRE(lay(&keys, "commands: {close: [x], queue: {group: [x]}}", &fault)); /* said in so many words */
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, 'x'), CMD_GROUP);
	CHECK_INT(keys_command(&keys, PLACE_ALERT, 'x'), CMD_CLOSE);
	/* What no terminal tells apart is the key it arrives as. */
	REQUIRE(lay(&keys, "commands: {zoom: [C-M], copy: [C-Y]}", &fault));
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, KEY_ENTER), CMD_ZOOM);
	CHECK_INT(keys_command(&keys, PLACE_QUEUE, KEY_CTRL | 'y'), CMD_COPY);
	keys_clear(&keys);
}

TEST(what_a_key_file_gets_wrong_is_one_sentence_with_its_line)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "commands:\n  akc: [a]", "k.yaml:2:3: no such command: akc; is \"ack\" meant?" },
		{ "commands:\n  ack: [Retrun]", "k.yaml:2:9: no such key: Retrun; is \"Enter\" meant?" },
		{ "commands:\n  ack: [PgUpp]", "is \"PgUp\" meant?" },
		{ "commands:\n  ack: [Ctrl-a]", "is \"C-x\" meant?" },
		{ "commands:\n  ack: [C-1]", "k.yaml:2:9: no terminal sends this key: C-1" },
		{ "commands:\n  ack: [C-z]", "suspends the program" },
		{ "commands:\n  qeue: {ack: [a]}", "k.yaml:2:3: no such place: qeue; is \"queue\" meant?" },
		{ "keys:\n  qeue: {a: ack}", "is \"queue\" meant?" },
		{ "commands:\n  ack: [b]\n  note: [b]", "k.yaml:3:10: in \"alerts\" the key b would be both note and ack (line 2); give one of them another" },
		{ "commands:\n  close: [x]\n  group: [x]", "k.yaml:3:11: in \"queue\" the key x would be both group and close (line 2)" },
		{ "commands:\n  group: [x]\n  close: [x]", "k.yaml:3:11: in \"queue\" the key x would be both close and group (line 2)" },
		{ "keys: {queue: {a: note}}\ncommands: {queue: {ack: a}}", "k.yaml:2:25: in \"queue\" the key a would be both ack and note (line 1)" },
		{ "commands: {close false: [f]}", "no such resolution: false; is \"false_positive\" meant?" },
		{ "commands: {snooze long: [f]}", "for how long" },
		{ "commands: {snooze 31d: [f]}", "for how long" },
		{ "commands: {ack now: [f]}", "ack takes nothing more" },
		{ "commands: {assign ana maria: [f]}", "assign takes one word" },
		{ "commands: {quit: []}", "no key is left for \"quit\"" },
		{ "commands: {back: []}", "no key is left for \"back\"" },
		{ "commands: {queue: {open: [Q, F10, C-c]}}", "no key is left for \"quit\" in \"queue\"" },
		{ "commands: {ack: [[a]]}", "a key is a name" },
		{ "commands: {ack: {a: b}}", "no such place: ack" },
		{ "commands: [ack]", "\"commands\" is a map" },
		{ "macros: {A: [down]}", "k.yaml:1:10: a macro's name is" },
		{ "macros: {a: down}", "k.yaml:1:13: no such key: down; is \"Down\" meant?" },
		{ "macros: {a: {b: c}}", "a macro is a list" },
		{ "macros:\n  a: [ack, fly]", "k.yaml:2:12: no such command: fly" },
		{ "macros:\n  a: [[ack]]", "a command is a name" },
		{ "macros:\n  lunch: [play dinner]", "k.yaml:2:11: no such macro: dinner; is \"lunch\" meant?" },
		{ "macros: {lunch: [ack]}\ncommands:\n  play lunhc: [F5]", "k.yaml:3:16: no such macro: lunhc; is \"lunch\" meant?" },
		{ "commands: {3 down: [J]}", "a count stands before" },
		{ "keyz: {}", "a map \"keys\"" },
		{ "keys: {}\nother: 1", "k.yaml:2:1: a key file has" },
		{ "commands: {\"\\e[31m\": a}", "no such command: \xEF\xBF\xBD[31m" },
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct keys keys = { 0 };
		struct fault fault = { 0 };
		CHECK(!lay(&keys, bad[i].text, &fault));
		if (strstr(fault.text, bad[i].says) == NULL)
			printf("%zu: \"%s\" is not in \"%s\"\n", i, bad[i].says, fault.text);
		CHECK(strstr(fault.text, bad[i].says) != NULL);
		CHECK(strchr(fault.text, '\n') == NULL && strchr(fault.text, 0x1b) == NULL);
		CHECK_INT(keys_of(&keys, PLACE_QUEUE, CMD_ACK), 'a'); /* nothing is changed */
		keys_clear(&keys);
	}
}

/* Keys the table has not: Alt with letters, what is left of Ctrl and of signs, Greek. */
static uint32_t other_key(const struct keys *table, size_t i)
{
	uint32_t pool[256];
	size_t n = 0;
	for (uint32_t key = 'A'; key <= 'z'; key += key == 'Z' ? 'a' - 'Z' : 1)
		pool[n++] = key | KEY_ALT;
	for (const char *other = "adegknopqstuvwx"; *other != '\0'; other++)
		pool[n++] = (uint32_t)*other | KEY_CTRL;
	for (uint32_t key = '!'; key < 0x7F; key++)
		if (key != '"' && key != '\'' && key != ',')
			pool[n++] = key;
	for (uint32_t key = 0x391; key <= 0x3C9; key++)
		pool[n++] = key;
	for (size_t k = 0; k < n; k++) {
		bool taken = false;
		for (size_t b = 0; b < table->n; b++)
			taken |= table->bindings[b].key == pool[k];
		if (!taken && i-- == 0)
			return pool[k];
	}
	return 0;
}

TEST(every_command_can_have_another_key_and_none_of_the_tables)
{
	struct keys table, keys = { 0 };
	struct fault fault = { 0 };
	struct text file = { 0 };
	keys_init(&table);
	text_puts(&file, "commands:\n");
	for (int command = 1; command < N_COMMANDS; command++) {
		char name[KEY_NAME_BYTES];
		uint32_t key = other_key(&table, (size_t)command - 1);
		REQUIRE(key != 0);
		text_printf(&file, "  %s: [\"%s\"]\n", command_name((enum command)command), key_name(key, name));
	}
	bool ok = lay(&keys, text_string(&file), &fault);
	if (!ok)
		printf("%s\n", fault.text);
	REQUIRE(ok);
	for (size_t i = 0; i < table.n; i++) {
		const struct binding *old = &table.bindings[i];
		CHECK_INT(keys_command(&keys, old->place, old->key), CMD_NONE);
		CHECK_INT(keys_of(&keys, old->place, old->command), other_key(&table, (size_t)old->command - 1));
		bool foot = false;
		for (size_t k = 0; k < keys.n; k++)
			foot |= keys.bindings[k].place == old->place && keys.bindings[k].command == old->command && keys.bindings[k].foot;
		CHECK_INT(foot, keys_at_foot(old->place, old->command));
	}
	keys_clear(&table);
	keys_clear(&keys);
	text_clear(&file);
}

TEST(a_flood_of_keys_is_refused)
{
	struct text text = { 0 };
	struct keys keys = { 0 };
	struct fault fault = { 0 };
	text_puts(&text, "commands:\n");
	for (int i = 0; i < 2000; i++)
		text_printf(&text, "  note %d: [%s%c]\n", i, i % 2 ? "M-" : "C-M-", 'a' + i % 26);
	CHECK(!lay(&keys, text_string(&text), &fault));
	CHECK(fault.text[0] != '\0');
	keys_clear(&keys);
	text_clear(&text);
}

TEST(no_order_stands_twice_at_the_foot)
{
	struct keys keys;
	keys_init(&keys);
	for (int place = 0; place < N_PLACES; place++) {
		enum place chain[PLACES_DEEP];
		size_t n = place_chain((enum place)place, chain);
		int times[N_COMMANDS] = { 0 };
		for (size_t k = 0; k < n; k++)
			for (size_t i = 0; i < keys.n; i++)
				times[keys.bindings[i].command] += keys.bindings[i].place == chain[k] && keys.bindings[i].foot;
		for (int i = 1; i < N_COMMANDS; i++) {
			CHECK(times[i] <= 1);
			for (int other = 1; other < i; other++)
				if (times[i] > 0 && times[other] > 0)
					CHECK(strcmp(command_word((enum command)i), command_word((enum command)other)) != 0);
		}
		/* Of an alert that is nobody's both do the same. */
		CHECK(times[CMD_ACK] + times[CMD_CLAIM] <= 1);
	}
	keys_clear(&keys);
}

TESTS(T(a_command_has_the_keys_that_a_person_lists), T(a_persons_key_beats_the_tables_wherever_both_would_work),
    T(what_a_key_file_gets_wrong_is_one_sentence_with_its_line), T(every_command_can_have_another_key_and_none_of_the_tables),
    T(a_flood_of_keys_is_refused), T(sequences_of_many_terminals_are_keys), T(a_sequence_may_come_in_pieces),
    T(replies_of_terminals_type_nothing), T(a_paste_is_one_text_and_bounded),
    T(the_wheel_and_clicks_have_places), T(names_and_keys_are_the_same_thing),
    T(the_table_has_no_key_twice_and_no_lonely_function_key), T(what_latin_keyboards_lack_has_a_twin), T(the_nearer_place_wins),
    T(a_persons_file_lies_over_it),
    T(no_order_stands_twice_at_the_foot))
