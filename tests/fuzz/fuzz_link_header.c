/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "webex/link_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *value = malloc(n + 1);
	memcpy(value, bytes, n);
	value[n] = '\0';
	char out[LINK_BYTES];
	if (link_next(value, out)) {
		/* What is found was there, and can be put into a request. */
		if (strstr(value, out) == NULL || out[0] == '\0' || strpbrk(out, "<>\r\n ") != NULL)
			abort();
	}
	free(value);
	return 0;
}
