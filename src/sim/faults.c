/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

#define CHANCE_IN	4     /* one request in four meets a fault, when there are any */
#define MAX_ON_TARGET	2
#define MAX_IN_A_ROW	2
#define MAX_REMEMBERED	20000 /* targets: then start afresh */
#define HOSTILE_DEPTH	100000

static const struct {
	const char *name;
} kinds[] = {
#define SIM_FAULT_ROW(id, name, sentence) { name },
	SIM_FAULTS(SIM_FAULT_ROW)
#undef SIM_FAULT_ROW
};

const char *sim_fault_name(enum sim_fault fault)
{
	return kinds[fault].name;
}

bool sim_faults_read(const char *list, unsigned *mask, struct fault *fault)
{
	*mask = 0;
	while (*list != '\0') {
		size_t n = strcspn(list, ","), i;
		for (i = 0; i < SIM_N_FAULTS; i++)
			if (strlen(kinds[i].name) == n && memcmp(kinds[i].name, list, n) == 0)
				break;
		if (i < SIM_N_FAULTS) {
			*mask |= 1u << i;
		} else if (n == 3 && memcmp(list, "all", 3) == 0) {
			*mask = SIM_FAULTS_ALL;
		} else if (n > 0) {
			char word[40];
			text_printable(word, sizeof word, list, n);
			return fault_set(fault, FAULT_USAGE,
			    _("there is no fault named \"%s\"; --help lists them"), word);
		}
		list += n + (list[n] == ',');
	}
	return true;
}

void sim_faults_init(struct sim_faults *faults, unsigned mask, uint64_t seed)
{
	*faults = (struct sim_faults){ .mask = mask, .seed = seed };
}

void sim_faults_clear(struct sim_faults *faults)
{
	map_clear(&faults->by_target);
	map_clear(&faults->by_endpoint);
	map_clear(&faults->storms);
}

uint64_t sim_faults_pick(struct sim_faults *faults, uint64_t n)
{
	faults->n_asked++;
	return hash_mix(hash_mix(faults->seed) ^ faults->n_asked * UINT64_C(0x9E3779B97F4A7C15)) % n;
}

enum sim_fault sim_faults_strike(struct sim_faults *faults, unsigned allowed,
    const char *endpoint, const char *target)
{
	allowed &= faults->mask;
	if (allowed == 0)
		return SIM_N_FAULTS;
	if (faults->by_target.n > MAX_REMEMBERED) {
		map_clear(&faults->by_target);
		faults->by_target = (struct map){ 0 };
	}
	int64_t *in_a_row = &map_put(&faults->by_endpoint, endpoint, NULL)->number;
	int64_t *storm = &map_put(&faults->storms, endpoint, NULL)->number;
	int64_t *on_target = &map_put(&faults->by_target, target, NULL)->number;
	enum sim_fault fault = SIM_N_FAULTS;
	if (*storm > 0 && (allowed & SIM_FAULT_BIT(SIM_FAULT_STORM429))) {
		(*storm)--;
		fault = SIM_FAULT_STORM429;
	} else if (*in_a_row < MAX_IN_A_ROW && *on_target < MAX_ON_TARGET &&
	    sim_faults_pick(faults, CHANCE_IN) == 0) {
		uint64_t nth = sim_faults_pick(faults, (uint64_t)__builtin_popcount(allowed));
		for (unsigned i = 0; i < SIM_N_FAULTS; i++)
			if ((allowed & 1u << i) && nth-- == 0)
				fault = (enum sim_fault)i;
		if (fault == SIM_FAULT_STORM429)
			*storm = (int64_t)sim_faults_pick(faults, 3);
	}
	if (fault == SIM_N_FAULTS) {
		*in_a_row = 0;
	} else {
		(*in_a_row)++;
		(*on_target)++;
		faults->n_struck[fault]++;
	}
	return fault;
}

/* ------------------------------------------------------- documents that hurt */

/* Not records, whatever reads them: no Start time that is a time. */
static const char *const broken_items[] = {
	"null", "17", "-0.0", "\"a string\"", "[]", "[[[[[]]]]]", "{}", "true",
	"{\"Report ID\":null,\"Start time\":null}",
	"{\"Report ID\":17,\"Start time\":{\"a\":1},\"Duration\":\"\"}",
	"{\"Report ID\":[\"x\"],\"Start time\":\"yesterday\",\"Duration\":99999999999999999999}",
	"{\"Start time\":\"2026-02-31T25:61:61.000Z\",\"Report ID\":\"\",\"Report ID\":\"\"}",
	"{\"\":\"\",\"\\u0000\":\"\\u0000\",\"Start time\":\"\\ud800\"}",
	"{\"Start time\":1e400,\"Duration\":-1e-400}",
	"{\"Start time\":\"0000-00-00T00:00:00.000Z\",\"Duration\":-5}",
};

static char *with_broken_items(struct sim_faults *faults, const char *bytes, size_t n,
    size_t *n_out)
{
	struct text out = { 0 };
	const char *items = memmem(bytes, n, "[", 1);
	size_t head = items == NULL ? 0 : (size_t)(items - bytes) + 1;
	bool empty = items == NULL || memmem(items, n - head, "{", 1) == NULL;
	text_add(&out, bytes, head);
	for (int i = 0; i < 6; i++)
		text_printf(&out, "%s%s", i > 0 ? "," : "",
		    broken_items[sim_faults_pick(faults, COUNT_OF(broken_items))]);
	if (!empty)
		text_putc(&out, ',');
	text_add(&out, bytes + head, n - head);
	*n_out = out.n;
	return out.bytes;
}

static char *deep(size_t *n_out)
{
	struct text out = { 0 };
	text_puts(&out, "{\"items\":");
	for (int i = 0; i < HOSTILE_DEPTH; i++)
		text_puts(&out, "[");
	for (int i = 0; i < HOSTILE_DEPTH; i++)
		text_puts(&out, "]");
	text_puts(&out, "}");
	*n_out = out.n;
	return out.bytes;
}

/* `bytes` with `with` put over what is at `at`: over the document's own frame,
 * never over a record, or a reader that skips what it cannot read would lose
 * that record and not know. */
static char *with_bytes_at(const char *bytes, size_t n, size_t at, const char *with,
    size_t n_with, size_t *n_out)
{
	char *copy = mem_dup(bytes, n);
	if (at < n)
		memcpy(copy + at, with, MIN(n_with, n - at));
	*n_out = n;
	return copy;
}

char *sim_faults_spoil(struct sim_faults *faults, enum sim_fault fault, const char *bytes,
    size_t n, size_t *n_out)
{
	size_t middle = n / 2;
	if (fault == SIM_FAULT_HOSTILE) {
		switch (sim_faults_pick(faults, 5)) {
		case 0:
			return deep(n_out);
		case 1: /* raw NULs */
			return with_bytes_at(bytes, n, 1, "\0\0\0\0", 4, n_out);
		case 2:
			*n_out = strlen("{\"items\":{\"0\":[]}}");
			return mem_strdup("{\"items\":{\"0\":[]}}");
		default:
			return with_broken_items(faults, bytes, n, n_out);
		}
	}
	switch (sim_faults_pick(faults, 5)) {
	case 0: /* ends too soon, though the length agrees */
		*n_out = middle;
		return mem_dup(bytes, middle);
	case 1: {
		struct text out = { 0 };
		text_add(&out, bytes, n);
		text_puts(&out, "}]");
		*n_out = out.n;
		return out.bytes;
	}
	case 2:
		return with_bytes_at(bytes, n, 0, "<", 1, n_out);
	case 3:
		*n_out = 0;
		return mem_strdup("");
	default:
		return with_bytes_at(bytes, n, 1, "\xFF\xFE\"\"{", 5, n_out);
	}
}
