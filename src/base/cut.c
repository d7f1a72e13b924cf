/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cut.h"

#include <string.h>

size_t cut_whole(const char *text, size_t n)
{
	size_t all = strnlen(text, n + 1);
	if (all <= n)
		return all;
	while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	return n;
}

size_t cut_points(const char *text, size_t n)
{
	const char *at = text;
	for (; *at != '\0' && n > 0; n--) {
		for (at++; ((unsigned char)*at & 0xC0) == 0x80;)
			at++;
	}
	return (size_t)(at - text);
}
