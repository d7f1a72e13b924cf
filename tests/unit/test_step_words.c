/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps of playbooks, which the store has in English, as their reader has them. */
#include "test.h"

#include "screen_rig.h"
#include "ui/step_words.h"

#define EN "Block the range in the outgoing permissions"
#define ES "Bloquee el rango en los permisos"

static struct screen *begin(const char *language, const char *act)
{
	fake_start(7, 10);
	fake.events[0][fake.n_events[0]++] = (struct alert_event){ NOW_MS, "ana", act, "", "", rule_steps_en[1] };
	fake.steps[fake.n_steps++] = (struct alert_step){ "Do what no rule says any more", "ana", NOW_MS };
	return screen_begin(language, 60, 200, &(struct screen_options){ 0 });
}

TEST(a_step_is_read_in_ones_own_language_wherever_the_log_is)
{
	static const char *const keys[] = { "Enter G", "D", "i G" };
	static const char *const acts[] = { "step", "unstep" };
	for (size_t i = 0; i < 2 * COUNT_OF(keys); i++) {
		struct screen *screen = begin("es", acts[i % 2]);
		press(screen, keys[i / 2]);
		CHECK(screen_says(screen, ES));
		CHECK(!screen_says(screen, EN));
		end(screen);
		screen = begin("en", acts[i % 2]);
		press(screen, keys[i / 2]);
		CHECK(screen_says(screen, EN));
		CHECK(!screen_says(screen, ES));
		end(screen);
	}
}

/* What a person wrote is nobody's to translate, and what no rule says is itself. */
TEST(only_steps_are_translated)
{
	struct screen *screen = begin("es", "note");
	press(screen, "Enter");
	CHECK(screen_says(screen, EN));
	CHECK(screen_says(screen, "Do what no rule says any more"));
	end(screen);
	CHECK_STR(step_words(rule_steps_en[1]), rule_steps_en[1]); /* after the screen nothing is known */
	i18n_init("es");
	struct rule_words en = { rule_steps_en, 3 }, es = { rule_steps_es, 2 };
	struct rule_page page = { .id = "x", .playbook_en = en, .playbook_es = es };
	step_words_take(&(struct rule_book){ .rules = &page, .n = 1 });
	CHECK_STR(step_words(rule_steps_en[0]), rule_steps_en[0]); /* which is which is not known */
	step_words_clear();
}

TESTS(T(a_step_is_read_in_ones_own_language_wherever_the_log_is), T(only_steps_are_translated))
