/* SPDX-License-Identifier: Apache-2.0
 *
 * A site as filters read it: traffic and open alerts, put together by a query. */
#include "filter/filter.h"
#include "store/query.h"

void query_read_location(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	const struct location_row *site = row;
	UNUSED(now_ms);
	switch ((enum location_field)field) {
	case LOCATION_FIELD_NAME: cell->text = site->name; break;
	case LOCATION_FIELD_ID: cell->text = site->uuid; break;
	case LOCATION_FIELD_ZONE: cell->text = site->zone_name; break;
	case LOCATION_FIELD_HOUR: cell->number = site->calls_last_hour; break;
	case LOCATION_FIELD_CALLS: cell->number = site->calls_today; break;
	case LOCATION_FIELD_MINUTES: cell->number = site->minutes_today; break;
	case LOCATION_FIELD_COST: cell->number = site->cost_today_micro; break;
	case LOCATION_FIELD_ALERTS: cell->number = site->n_open[0] + site->n_open[1] + site->n_open[2] + site->n_open[3]; break;
	case LOCATION_FIELD_CRITICAL: cell->number = site->n_open[SEVERITY_CRITICAL]; break;
	case LOCATION_FIELD_HIGH: cell->number = site->n_open[SEVERITY_HIGH]; break;
	}
}
