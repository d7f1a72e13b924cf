/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void fault_fill(struct fault *fault, enum fault_code code, const char *format, ...)
{
	if (fault == NULL)
		return;
	va_list arguments;
	va_start(arguments, format);
	fault->code = code;
	fault->retry_after_ms = 0;
	vsnprintf(fault->text, sizeof fault->text, format, arguments);
	va_end(arguments);
}

bool fault_context(struct fault *fault, const char *format, ...)
{
	if (fault == NULL)
		return false;
	char sentence[sizeof fault->text];
	memcpy(sentence, fault->text, sizeof sentence);
	va_list arguments;
	va_start(arguments, format);
	int n = vsnprintf(fault->text, sizeof fault->text, format, arguments);
	va_end(arguments);
	if (n >= 0 && (size_t)n < sizeof fault->text)
		snprintf(fault->text + n, sizeof fault->text - (size_t)n, ": %s", sentence);
	return false;
}

const char *fault_name(enum fault_code code)
{
	static const char *const names[] = {
#define FAULT_NAME(code, name) name,
		FAULT_CODES(FAULT_NAME)
#undef FAULT_NAME
	};
	return (size_t)code < COUNT_OF(names) ? names[code] : "unknown";
}
