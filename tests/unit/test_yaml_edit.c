/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/text.h"
#include "base/yaml_edit.h"

/* The settings that come before this one. */
static const char *const *before(const char *key)
{
	static const char *const none[] = { NULL }, *const keys[] = { "theme", NULL }, *const attention[] = { "theme", "keys", NULL };
	return strcmp(key, "console.keys") == 0 ? keys : strcmp(key, "console.attention") == 0 ? attention : none;
}

static const struct {
	const char *was, *key, *value, *is; /* is NULL: refused */
} cases[] = {
	/* A value where it stands, with all that is around it. */
	{ "# mine\nconsole:\n  theme:   mono   # at night\n\n  keys: k.yaml\n", "console.theme", "davivienda_light",
	    "# mine\nconsole:\n  theme:   davivienda_light   # at night\n\n  keys: k.yaml\n" },
	{ "console: {theme: mono, keys: \"a, b\"} # c\n", "console.keys", "x", "console: {theme: mono, keys: x} # c\n" },
	{ "console: {theme: mono, keys: \"a, b\"}\n", "console.theme", "", "console: {theme: \"\", keys: \"a, b\"}\n" },
	{ "{store: a, language: es}\n", "store", "b", "{store: b, language: es}\n" },
	{ "store: 'it''s' # x\n", "store", "/tmp/a b", "store: \"/tmp/a b\" # x\n" },
	{ "store: \"a\\\"b\"   \n", "store", "say \"\\\"", "store: \"say \\\"\\\\\\\"\"   \n" },
	{ "console:\r\n  theme: mono\r\n  # end\r\n", "console.theme", "x", "console:\r\n  theme: x\r\n  # end\r\n" },
	{ "store: a\n---\nstore: b\n", "store", "c", "store: a\n---\nstore: c\n" }, /* the last one is meant */
	{ "# \xC3\xB1\nsites: \xC3\xB1o\xC3\xB1o # \xC3\xB1\n", "sites", "\xC3\xA1", "# \xC3\xB1\nsites: \"\xC3\xA1\" # \xC3\xB1\n" },
	{ "console:\n  theme:\n  keys: k\n", "console.theme", "mono", "console:\n  theme: mono\n  keys: k\n" },
	{ "console:\n  theme:   # none yet\n  keys: k\n", "console.theme", "mono", "console:\n  theme: mono   # none yet\n  keys: k\n" },
	{ "console:\n  theme: a#b\n", "console.theme", "c", "console:\n  theme: c\n" },
	{ "\"console\":\n  'theme' : a\n", "console.theme", "c", "\"console\":\n  'theme' : c\n" },
	/* A new one at its place: comments stay with what they are of. */
	{ "console:\n  # dark\n  theme: mono\n  # loud\n  attention: bell\n", "console.keys", "k",
	    "console:\n  # dark\n  theme: mono\n  keys: k\n  # loud\n  attention: bell\n" },
	{ "console:\n    # loud\n    attention: bell", "console.theme", "x", "console:\n    theme: x\n    # loud\n    attention: bell" },
	{ "console:\n  theme: x", "console.keys", "k", "console:\n  theme: x\n  keys: k\n" },
	{ "console: {}\n", "console.theme", "x", "console: {theme: x}\n" },
	{ "console: { keys: k } # c\nstore: s\n", "console.theme", "x", "console: {theme: x,  keys: k } # c\nstore: s\n" },
	{ "console:\nstore: s\n", "console.theme", "x", "console:\n  theme: x\nstore: s\n" },
	{ "store: s # here", "console.theme", "x", "store: s # here\nconsole:\n  theme: x\n" },
	{ "", "console.theme", "x", "console:\n  theme: x\n" },
	{ "# only words\n", "console.theme", "x", "# only words\nconsole:\n  theme: x\n" },
	{ "a: b\n", "store", "x", "store: x\na: b\n" },
	{ "{a: b}\n", "console.theme", "x", "{a: b}\n---\nconsole:\n  theme: x\n" },
	{ "console:\n  theme: |\n    x\n  z: 1\n", "console.attention", "a", "console:\n  attention: a\n  theme: |\n    x\n  z: 1\n" },
	/* What is not understood is refused. */
	{ "console:\n  theme: |\n    mono\n", "console.theme", "x", NULL },
	{ "console:\n  theme:\n    mono\n", "console.theme", "x", NULL },
	{ "console:\n  theme: \"mo\n    no\"\n", "console.theme", "x", NULL },
	{ "console:\n  theme: mo\n    no\n", "console.theme", "x", NULL },
	{ "console:\n  theme: !!str mono\n", "console.theme", "x", NULL },
	{ "console:\n  theme: [a, b]\n", "console.theme", "x", NULL },
	{ "console: text\n", "console.theme", "x", NULL },
	{ "- a\n", "console.theme", "x", "- a\n---\nconsole:\n  theme: x\n" }, /* the reader refuses the rest of it */
	{ "store: a\n...\n", "console.theme", "x", NULL },
	{ "console: {theme: mono\n", "console.theme", "x", NULL },
	{ "a: b: c\n", "console.theme", "x", NULL },
	{ "a: &b c\nd: *b\n", "console.theme", "x", NULL },
	{ "store: a\n", "store", "two\nlines", NULL },
	{ "store: \xff\n", "store", "x", NULL },
};

TEST(only_the_value_changes)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct text out = { 0 };
		struct fault fault = { 0 };
		bool ok = yaml_edit("c.yaml", cases[i].was, strlen(cases[i].was), cases[i].key, cases[i].value, before(cases[i].key), &out, &fault);
		if (ok != (cases[i].is != NULL) || (ok && strcmp(text_string(&out), cases[i].is) != 0)) {
			printf("%zu: %s\nbecame\n%s(%s)\n", i, cases[i].was, text_string(&out), fault.text);
			CHECK(false);
		}
		CHECK(ok || (fault.text[0] != '\0' && out.n == 0));
		text_clear(&out);
	}
}

/* Cut and bent files: what comes out is right, or nothing does; never a crash. */
TEST(no_file_is_damaged)
{
	static const char whole[] = "# a\nstore: \"x\" # b\nconsole:\n  # c\n  theme: mono\n  z: {a: 1, theme: 2}\n---\nconsole: {keys: 'k'}\n";
	size_t n_edited = 0;
	for (size_t cut = 0; cut < sizeof whole; cut++) {
		for (int bend = 0; bend < 6; bend++) {
			char text[sizeof whole];
			memcpy(text, whole, sizeof whole);
			text[cut] = "\0\n:{\"#"[bend];
			size_t n = bend == 0 ? cut : sizeof whole - 1;
			struct text out = { 0 };
			struct fault fault = { 0 };
			if (!yaml_edit("c.yaml", text, n, "console.theme", "other", NULL, &out, &fault)) {
				text_clear(&out);
				continue;
			}
			n_edited++;
			/* All bytes are there but those of one value, in their order. */
			size_t head = 0, tail = 0;
			while (head < n && head < out.n && text[head] == out.bytes[head])
				head++;
			while (tail < n - head && tail < out.n - head && text[n - 1 - tail] == out.bytes[out.n - 1 - tail])
				tail++;
			CHECK(n - head - tail <= strlen("mono"));
			CHECK(out.n + strlen("mono") >= n);
			text_clear(&out);
		}
	}
	CHECK(n_edited > 100);
}

TESTS(T(only_the_value_changes), T(no_file_is_damaged))
