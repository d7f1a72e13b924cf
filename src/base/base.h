/* SPDX-License-Identifier: Apache-2.0
 *
 * The few words every file may use. Knows nothing of telephony. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE	    __attribute__((warn_unused_result))
#define NEVER_NULL	    __attribute__((returns_nonnull))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define COUNT_OF(array)	    (sizeof(array) / sizeof *(array))
#define UNUSED(x)	    ((void)(x))
#ifndef MIN /* <sys/param.h>, which <uv.h> brings, has them too */
#define MIN(a, b)	    ((a) < (b) ? (a) : (b))
#define MAX(a, b)	    ((a) > (b) ? (a) : (b))
#endif

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS	  (60 * MINUTE_MS)
#define DAY_MS	  (24 * HOUR_MS)

#endif
