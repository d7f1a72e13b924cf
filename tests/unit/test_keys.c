/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

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
	static const char again[] = "keys: {alerts: {a: ack, C: note, x: claim}}";
	REQUIRE(keys_parse(&keys, "k.yaml", again, sizeof again - 1, &fault));
	size_t n_foot = 0;
	for (size_t i = 0; i < keys.n; i++)
		n_foot += keys.bindings[i].place == PLACE_ALERTS && keys.bindings[i].foot &&
		    ((keys.bindings[i].command == CMD_ACK && keys.bindings[i].key == 'a') ||
			(keys.bindings[i].command == CMD_CLAIM && keys.bindings[i].key == 'x'));
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

TESTS(T(sequences_of_many_terminals_are_keys), T(a_sequence_may_come_in_pieces),
    T(replies_of_terminals_type_nothing), T(a_paste_is_one_text_and_bounded),
    T(the_wheel_and_clicks_have_places), T(names_and_keys_are_the_same_thing),
    T(the_table_has_no_key_twice_and_no_lonely_function_key), T(the_nearer_place_wins),
    T(a_persons_file_lies_over_it))
