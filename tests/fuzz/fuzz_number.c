/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a number; what comes out as E.164 reads as itself. */
#include <stdlib.h>
#include <string.h>

#include "base/places.h"
#include "calls/e164.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const homes[] = { "CO", "US", "SV", "", "BR", "KZ", "IT", "AU" };
	static struct numbering *numbering;
	if (numbering == NULL && !numbering_open(CENTINELA_SOURCE_DATA, &numbering, NULL))
		abort();
	if (size < 2)
		return 0;
	const char *home = homes[data[0] % 8];
	char outside = data[1] % 3 == 0 ? (char)('0' + data[1] / 3 % 10) : '\0';
	struct number first, second;
	number_read(numbering, (struct span){ (const char *)data + 2, (uint32_t)(size - 2) }, home,
	    outside, &first);
	if (memchr(first.e164, '\0', sizeof first.e164) == NULL)
		abort();
	if (first.e164[0] == '\0')
		return 0;
	number_read(numbering, (struct span){ first.e164, (uint32_t)strlen(first.e164) }, home,
	    outside, &second);
	if (strcmp(first.e164, second.e164) != 0 || strcmp(first.country, second.country) != 0 ||
	    first.class != second.class || first.tier != second.tier)
		abort();
	return 0;
}
