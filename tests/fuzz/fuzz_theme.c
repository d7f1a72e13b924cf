/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a theme: refused with a sentence, or a theme that resolves. */
#include "ui/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct theme theme;
	struct style_sheet sheet;
	struct fault fault = { 0 };
	if (theme_parse("fuzz.yaml", (const char *)bytes, n, &theme, &fault)) {
		theme_resolve(&theme, n % 2 ? DEPTH_TRUE : DEPTH_8, &sheet); /* 256 is slow */
	} else if (fault.text[0] == '\0') {
		__builtin_trap(); /* refused without a word */
	}
	return 0;
}
