/* SPDX-License-Identifier: Apache-2.0
 *
 * What the legs of one call have shown so far. Legs are reported when they
 * end, so the way in may be known after the way out: whichever comes second
 * sees both. */
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

struct call_memory {
	struct slot slot;
	uint64_t seen;
};

static void *call_open(void)
{
	return slots_new(sizeof(struct call_memory), 1 << 16);
}

static uint32_t shown_by(const struct leg_facts *leg)
{
	static const struct {
		uint32_t flag, seen;
	} rows[] = {
		{ LEG_INBOUND, SEEN_IN },	  { LEG_EXTERNAL_OUT, SEEN_OUT },
		{ LEG_INTERNATIONAL, SEEN_OUT_ABROAD }, { LEG_PREMIUM, SEEN_OUT_PREMIUM },
		{ LEG_FORWARD_OUT, SEEN_FORWARD_OUT }, { LEG_CHARGEABLE, SEEN_OUT_CHARGEABLE },
	};
	static const uint32_t by_service[SERVICE_N_KINDS] = {
		[SERVICE_ATTENDANT] = SEEN_ATTENDANT, [SERVICE_VOICEMAIL] = SEEN_VOICEMAIL,
		[SERVICE_QUEUE] = SEEN_QUEUE, [SERVICE_HUNT_GROUP] = SEEN_QUEUE,
	};
	uint32_t seen = by_service[leg->service];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		seen |= leg->flags & rows[i].flag ? rows[i].seen : 0;
	return seen;
}

static void call_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg,
    struct state_facts *out)
{
	out->seen = shown_by(leg);
	if (leg->correlation_key == 0)
		return;
	struct call_memory *call = slots_put(memory, leg->correlation_key, cdr->start_ms, NULL);
	call->seen |= out->seen;
	out->seen = (uint32_t)call->seen;
}

const struct fact_source fact_call = {
	.name = "call",
	.open = call_open,
	.close = slots_free,
	.observe = call_observe,
	.bytes = slots_held,
};
