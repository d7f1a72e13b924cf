/* SPDX-License-Identifier: Apache-2.0 */
#include "net/budget.h"

#include <string.h>

/* "1 initial and 10 page requests a minute per user token" (Webex, 2026);
 * clients in the field keep a second more. */
#define EVERY_INITIAL (61 * SECOND_MS)
#define EVERY_PAGE    (6500)
#define HOLD_MIN      (60 * SECOND_MS)
#define HOLD_MOST     (310 * SECOND_MS)

void budget_init(struct budget *budget, const struct budget_options *options)
{
	static const struct budget_options none;
	if (options == NULL)
		options = &none;
	memset(budget, 0, sizeof *budget);
	budget->every_ms[BUDGET_INITIAL] = options->every_ms[BUDGET_INITIAL] > 0 ?
	    options->every_ms[BUDGET_INITIAL] : EVERY_INITIAL;
	budget->every_ms[BUDGET_PAGE] = options->every_ms[BUDGET_PAGE] > 0 ?
	    options->every_ms[BUDGET_PAGE] : EVERY_PAGE;
	budget->hold_min_ms = options->hold_min_ms > 0 ? options->hold_min_ms : HOLD_MIN;
}

void budget_restore(struct budget *budget, const struct budget_state *state, int64_t now_ms)
{
	budget->state = *state;
	for (int i = 0; i < BUDGET_N_KINDS; i++)
		budget->state.next_ms[i] = MIN(state->next_ms[i], now_ms + budget->every_ms[i]);
	budget->state.held_until_ms = MIN(state->held_until_ms, now_ms + HOLD_MOST);
}

int64_t budget_wait_ms(const struct budget *budget, enum budget_kind kind, int64_t now_ms)
{
	int64_t at_ms = MAX(budget->state.next_ms[kind], budget->state.held_until_ms);
	return MAX(0, at_ms - now_ms);
}

void budget_spend(struct budget *budget, enum budget_kind kind, int64_t now_ms)
{
	budget->state.next_ms[kind] = now_ms + budget->every_ms[kind];
}

void budget_hold(struct budget *budget, int64_t wait_ms, int64_t now_ms, uint32_t chance)
{
	int64_t until_ms = now_ms + MAX(wait_ms, budget->hold_min_ms) + 1000 + chance % 1000;
	budget->state.held_until_ms = MAX(budget->state.held_until_ms, until_ms);
}

int64_t backoff_ms(int n, uint32_t chance)
{
	int64_t whole_ms = MIN((int64_t)2000 << MIN(MAX(n, 0), 6), 60 * SECOND_MS);
	return whole_ms / 2 + chance % (uint32_t)(whole_ms / 2);
}
