/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a TZif file; offsets of what was accepted stay on Earth. */
#include <stdlib.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone *zone;
	if (!zone_parse("x", data, size, &zone, NULL))
		return 0;
	for (int64_t ms = -100 * 365 * DAY_MS; ms < 300 * 365 * DAY_MS; ms += 97 * DAY_MS + 12345) {
		const char *name;
		int32_t s = zone_offset_s(zone, ms, &name);
		if (s < -200000 || s > 200000 || name == NULL)
			abort();
	}
	zone_free(zone);
	return 0;
}
