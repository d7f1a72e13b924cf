/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/live_recorded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "webex/ids.h"

/* As the store finds which record is whose: store/live_rows.c. */
#define SAME_ID_MS   MINUTE_MS
#define SAME_CALL_S  2

/* "uuid number second" */
#define PLACE_BYTES 160
static const char *place_of(const char *person, size_t n_person, const char *number, int64_t second, char out[static PLACE_BYTES])
{
	snprintf(out, PLACE_BYTES, "%.*s %.60s %lld", (int)MIN(n_person, (size_t)60), person, number, (long long)second);
	return out;
}

static void file_legs(const struct page *page, struct map *by_half, struct map *by_place)
{
	char place[PLACE_BYTES];
	for (size_t i = 0; i < page->n_legs; i++) {
		const struct page_leg *leg = &page->legs[i];
		struct span half = leg->cdr.field[CDR_F_LOCAL_CALL_ID], person = leg->cdr.field[CDR_F_USER_UUID];
		if (half.n > 0)
			map_put_n(by_half, half.p, half.n, NULL)->pointer = &page->legs[i];
		if (person.n > 0 && leg->leg.far[0] != '\0')
			map_put(by_place, place_of(person.p, person.n, leg->leg.far, leg->leg.start_ms / SECOND_MS, place), NULL)->pointer = &page->legs[i];
	}
}

static const struct page_leg *record_of(const struct live_call *call, const struct map *by_half, const struct map *by_place)
{
	char half[40], place[PLACE_BYTES];
	const union map_value *found = webex_id_local_call(call->call_id, half, sizeof half) ? map_get(by_half, half) : NULL;
	const struct page_leg *leg = found != NULL ? found->pointer : NULL;
	/* Such ids are counted anew now and then: only near the start it is the same. Where
	 * that was not told, the record is at least of a call that could be this one. */
	bool same = leg != NULL && (call->created_ms > 0 ? llabs(leg->leg.start_ms - call->created_ms) <= SAME_ID_MS :
							   leg->leg.start_ms <= call->event_ms + SAME_ID_MS && leg->leg.start_ms > call->event_ms - DAY_MS);
	if (same)
		return leg;
	for (int64_t s = -SAME_CALL_S; s <= SAME_CALL_S && call->person_uuid[0] != '\0' && call->created_ms > 0; s++) {
		place_of(call->person_uuid, strlen(call->person_uuid), live_call_number(call), call->created_ms / SECOND_MS + s, place);
		if ((found = map_get(by_place, place)) != NULL)
			return found->pointer;
	}
	return NULL;
}

size_t live_recorded(struct live_calls *live, const struct page *page)
{
	struct map by_half = { 0 }, by_place = { 0 };
	size_t n = 0;
	if (live_calls_count(live) == 0 || page->n_legs == 0)
		return 0;
	file_legs(page, &by_half, &by_place);
	for (size_t i = live_calls_count(live); i-- > 0;) {
		const struct page_leg *leg = record_of(live_calls_at(live, i), &by_half, &by_place);
		if (leg == NULL)
			continue;
		live_calls_end(live, i, LIVE_ENDED, leg->leg.end_ms);
		n++;
	}
	map_clear(&by_half);
	map_clear(&by_place);
	return n;
}
