/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/rule_book.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "detect/judge.h"
#include "detect/rule_folder.h"
#include "detect/sigma/rule.h"

static const char *keep(struct arena *arena, const char *text)
{
	return text == NULL ? "" : arena_strdup(arena, text);
}

static struct rule_words keep_all(struct arena *arena, const struct strings *strings)
{
	const char **items = arena_alloc(arena, (strings->n + 1) * sizeof *items);
	for (size_t i = 0; i < strings->n; i++)
		items[i] = keep(arena, strings->items[i]);
	return (struct rule_words){ items, strings->n };
}

static void fill_page(const struct judge *judge, size_t i, struct arena *arena, struct rule_page *out)
{
	const struct sigma_rule *rule = judge_rule_at(judge, i);
	const char *description_es = rule->description_es != NULL ? rule->description_es : rule->description;
	*out = (struct rule_page){ .id = keep(arena, rule->id), .title_en = keep(arena, rule->title),
		.title_es = keep(arena, rule->title_es != NULL ? rule->title_es : rule->title),
		.description_en = keep(arena, rule->description), .description_es = keep(arena, description_es),
		.status = keep(arena, rule->status), .file = keep(arena, rule->file), .level = rule->level,
		.correlates = rule->correlation != NULL, .n_tests = judge_rule_n_tests(judge, i),
		.tags = keep_all(arena, &rule->tags), .falsepositives_en = keep_all(arena, &rule->falsepositives),
		.falsepositives_es = keep_all(arena, rule->falsepositives_es.n > 0 ? &rule->falsepositives_es : &rule->falsepositives),
		.playbook_en = keep_all(arena, &rule->playbook_en),
		.playbook_es = keep_all(arena, rule->playbook_es.n > 0 ? &rule->playbook_es : &rule->playbook_en) };
}

static int is_scenario(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name), end = strlen(".json");
	return entry->d_name[0] != '.' && n > end && strcmp(entry->d_name + n - end, ".json") == 0;
}

/* None is no fault: the rules can be read without them. */
static void list_scenarios(const char *data_folder, struct arena *arena, struct rule_book *out)
{
	char *folder = mem_printf("%s/scenarios", data_folder);
	struct dirent **entries;
	int n = scandir(folder, &entries, is_scenario, alphasort);
	free(folder);
	out->scenarios = arena_alloc(arena, (size_t)MAX(n, 1) * sizeof *out->scenarios);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		out->scenarios[out->n_scenarios++] = arena_strndup(arena, name, strlen(name) - strlen(".json"));
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

bool rule_book_read(const struct judge_options *options, const char *data_folder, struct arena *arena,
    struct rule_book *out, struct fault *fault)
{
	struct judge *judge;
	*out = (struct rule_book){ 0 };
	if (!judge_open(options, &judge, fault))
		return false;
	size_t n = judge_n_rules(judge);
	out->rules = arena_alloc(arena, (n + 1) * sizeof *out->rules);
	for (size_t i = 0; i < n; i++) {
		if (judge_rule_reports(judge, i))
			fill_page(judge, i, arena, &out->rules[out->n++]);
	}
	out->complaints = keep(arena, judge_complaints(judge));
	list_scenarios(data_folder, arena, out);
	judge_free(judge);
	return true;
}

void rule_shelf_clear(struct rule_shelf *shelf)
{
	if (shelf->read)
		arena_clear(&shelf->arena);
	*shelf = (struct rule_shelf){ 0 };
}

static struct rule_words copy_words(struct arena *arena, struct rule_words words)
{
	const char **items = arena_alloc(arena, (words.n + 1) * sizeof *items);
	for (size_t i = 0; i < words.n; i++)
		items[i] = arena_strdup(arena, words.items[i]);
	return (struct rule_words){ items, words.n };
}

/* The answer is read on another thread than the one that may read the rules anew. */
static void copy_page(struct arena *arena, const struct rule_page *page, struct rule_page *out)
{
	*out = *page;
	const char **const texts[] = { &out->id, &out->title_en, &out->title_es, &out->description_en, &out->description_es, &out->status, &out->file };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_strdup(arena, *texts[i]);
	struct rule_words *const words[] = { &out->tags, &out->falsepositives_en, &out->falsepositives_es, &out->playbook_en, &out->playbook_es };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		*words[i] = copy_words(arena, *words[i]);
}

bool rule_shelf_read(struct rule_shelf *shelf, const struct judge_options *options, const char *data_folder, struct arena *arena,
    struct rule_book *out, struct fault *fault)
{
	uint64_t looked = rule_folders_look(options->rules_folder, options->own_folder, options->lists_file);
	if (!shelf->read || shelf->looked != looked) {
		rule_shelf_clear(shelf);
		arena_init(&shelf->arena);
		if (!rule_book_read(options, data_folder, &shelf->arena, &shelf->book, fault)) {
			arena_clear(&shelf->arena);
			return false;
		}
		shelf->read = true;
		shelf->looked = looked;
	}
	const struct rule_book *book = &shelf->book;
	*out = (struct rule_book){ .n = book->n, .complaints = arena_strdup(arena, book->complaints) };
	out->rules = arena_alloc(arena, (book->n + 1) * sizeof *out->rules);
	for (size_t i = 0; i < book->n; i++)
		copy_page(arena, &book->rules[i], &out->rules[i]);
	list_scenarios(data_folder, arena, out);
	return true;
}
