/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as a rule file: parse, link, judge a leg, free. Nothing may crash,
 * leak or take long, and every refusal has a sentence. */
#include <stdlib.h>
#include <string.h>

#include "calls/cdr_json.h"
#include "detect/sigma/compile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct fault fault = { 0 };
	struct sigma_file *file;
	struct ruleset *rules;
	size_t blame;
	/* As a rule of another log source first: more of it is understood. */
	static char ana[] = "ana*", *items[] = { ana };
	static const struct sigma_list list = { "a", { items, 1 } };
	const struct sigma_options any = { .any_field = true, .lists = &list, .n_lists = 1 };
	if (sigma_parse("fuzz.yml", (const char *)bytes, n, &any, &file, &fault)) {
		if (ruleset_link(&file, 1, &rules, &blame, &fault))
			ruleset_free(rules);
		sigma_file_free(file);
	}
	fault = (struct fault){ 0 };
	if (!sigma_parse("fuzz.yml", (const char *)bytes, n, NULL, &file, &fault)) {
		if (fault.code == FAULT_NONE || fault.text[0] == '\0')
			abort();
		return 0;
	}
	if (!ruleset_link(&file, 1, &rules, &blame, &fault)) {
		if (fault.text[0] == '\0')
			abort();
		sigma_file_free(file);
		return 0;
	}
	struct cdr cdr = { .start_ms = 1000, .report_ms = 2000, .duration_s = 60 };
	cdr.field[CDR_F_USER] = (struct span){ "Ana Bernal", 10 };
	cdr.field[CDR_F_CALLED_NUMBER] = (struct span){ "+37125550123", 12 };
	struct leg_facts leg = { .flags = LEG_EXTERNAL_OUT | LEG_ORIGINATING };
	struct state_facts state = { 0 };
	struct fact_view view = { &cdr, &leg, &state };
	struct window_event event = { .at_ms = 1000, .leg_id = 1 };
	struct evaluation *evaluation = evaluation_new();
	struct windows *windows = windows_new((size_t)1 << 20, 1000);
	for (int i = 0; i < 3; i++)
		ruleset_judge(rules, evaluation, windows, &view, &event, NULL, NULL);
	windows_free(windows);
	evaluation_free(evaluation);
	ruleset_free(rules);
	sigma_file_free(file);
	return 0;
}
