/* SPDX-License-Identifier: Apache-2.0
 *
 * Where in an order of alerts the one stands that has so many before it, though alerts
 * come and change all the while.
 *
 * An order is cut into stretches of some hundred alerts; of each it is known how many are
 * in it, and of each alert in which one it is. One that has changed leaves its old stretch
 * and goes into its new one, so that nothing is counted off twice however often something
 * is committed. How far an order is cut is as far as was asked for. */
#ifndef STORE_ORDER_MAP_H
#define STORE_ORDER_MAP_H

#include "store/engine.h"
#include "store/query.h"

struct order_map;
/* Of an order by number, or by time. */
struct order_map *order_map_new(enum alert_order);
void order_map_free(struct order_map *);
/* All of it: of those that are gone nobody knows where they were. */
void order_map_forget(struct order_map *);

/* As the alert stands now. Whoever has a map tells it of all that has changed before asking. */
void order_map_move(struct order_map *, const struct alert_mark *now);

enum placed { PLACED, PLACED_NOWHERE, PLACED_LATER };

/* The mark of the alert that has `skip` others of its rank before it; NOWHERE: there are not so
 * many. The order is read on as far as that takes, a piece at least, until `until_ns` (clock_steady_ns;
 * 0: without end): then it is LATER, and asking again goes on. */
bool order_map_find(struct db *, struct order_map *, int rank, int64_t skip, int64_t until_ns, struct alert_mark *out, enum placed *,
    struct fault *) MUST_USE;

#endif
