/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "webex/retry_after.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *value = malloc(n + 1);
	memcpy(value, bytes, n);
	value[n] = '\0';
	int64_t wait_ms = retry_after_ms(value, INT64_C(1790000000000));
	if (wait_ms < 1000 || wait_ms > 300000)
		abort();
	free(value);
	return 0;
}
