/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/read_spans.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void span_insert(struct spans *spans, size_t i, struct read_span span)
{
	spans->at = mem_grow(spans->at, spans->n, &spans->room, sizeof *spans->at);
	memmove(spans->at + i + 1, spans->at + i, (spans->n - i) * sizeof *spans->at);
	spans->at[i] = span;
	spans->n++;
}

static void span_remove(struct spans *spans, size_t i)
{
	memmove(spans->at + i, spans->at + i + 1, (spans->n - i - 1) * sizeof *spans->at);
	spans->n--;
}

void spans_add(struct spans *spans, struct read_span span)
{
	for (size_t i = 0; i < spans->n && span.from_ms < span.to_ms;) {
		struct read_span old = spans->at[i];
		if (old.to_ms <= span.from_ms) {
			i++;
			continue;
		}
		if (old.from_ms >= span.to_ms)
			break;
		if (old.read_ms > span.read_ms) {
			/* The later reading stands in the middle: go round it. */
			if (span.from_ms < old.from_ms) {
				span_insert(spans, i, (struct read_span){ span.from_ms, old.from_ms,
				    span.read_ms });
				i++;
			}
			span.from_ms = old.to_ms;
			i++;
			continue;
		}
		span_remove(spans, i);
		if (old.from_ms < span.from_ms) {
			span_insert(spans, i, (struct read_span){ old.from_ms, span.from_ms, old.read_ms });
			i++;
		}
		if (old.to_ms > span.to_ms)
			span_insert(spans, i, (struct read_span){ span.to_ms, old.to_ms, old.read_ms });
	}
	if (span.from_ms >= span.to_ms)
		return;
	size_t i = 0;
	while (i < spans->n && spans->at[i].from_ms < span.from_ms)
		i++;
	span_insert(spans, i, span);
}

void spans_join(struct spans *spans)
{
	for (size_t i = 0; i + 1 < spans->n;) {
		if (spans->at[i].to_ms < spans->at[i + 1].from_ms) {
			i++;
			continue;
		}
		spans->at[i].to_ms = MAX(spans->at[i].to_ms, spans->at[i + 1].to_ms);
		span_remove(spans, i + 1);
	}
}

void spans_forget(struct spans *spans, int64_t before_ms, size_t keep)
{
	while (spans->n > keep && spans->at[0].to_ms <= before_ms)
		span_remove(spans, 0);
}

void spans_clear(struct spans *spans)
{
	free(spans->at);
	*spans = (struct spans){ 0 };
}
