/* SPDX-License-Identifier: Apache-2.0
 *
 * A person's configuration, any bytes, one value of it changed: either it is
 * refused, or every byte but that value's is there, in its place. */
#include <stdint.h>
#include <string.h>

#include "base/yaml_edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const keys[] = { "store", "console.theme", "console.keys", "sync.backfill" };
	static const char *const values[] = { "x", "", "a b # c", "\"\\'", "\xC3\xB1: [" };
	static const char *const before[] = { "theme", "attention", NULL };
	if (n < 2 || n > 4096)
		return 0;
	const char *text = (const char *)bytes + 2;
	struct text out = { 0 };
	struct fault fault = { 0 };
	n -= 2;
	if (yaml_edit("f", text, n, keys[bytes[0] % COUNT_OF(keys)], values[bytes[1] % COUNT_OF(values)], before, &out, &fault)) {
		size_t head = 0, tail = 0, again = 0;
		while (head < n && head < out.n && text[head] == out.bytes[head])
			head++;
		while (tail < n - head && tail < out.n - head && text[n - 1 - tail] == out.bytes[out.n - 1 - tail])
			tail++;
		/* What went is one line's: a value stands on one. */
		for (size_t i = head; i < n - tail; i++)
			if (text[i] == '\n')
				again++;
		if (again > 0 || (n - head - tail > 0 && out.n < head + tail))
			__builtin_trap();
	} else if (fault.text[0] == '\0' || out.n > 0) {
		__builtin_trap();
	}
	text_clear(&out);
	return 0;
}
