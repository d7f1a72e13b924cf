/* SPDX-License-Identifier: Apache-2.0
 *
 * What late_curl.c, late_microhttpd.c and late_pq.c have in common. Included once by each,
 * after it has said PROCEDURES(row), FUNCTIONS(row) and ARGUED(row), the last
 * for functions with arguments after the second, and LIBRARY, its file name. */
#include <pthread.h>

#include "net/late.h"

static struct {
#define MEMBER_PROCEDURE(name, parameters, arguments) __typeof__(name) *name;
#define MEMBER(type, name, ...) __typeof__(name) *name;
	PROCEDURES(MEMBER_PROCEDURE) FUNCTIONS(MEMBER) ARGUED(MEMBER)
} real;

static const char *const names[] = {
#define NAME_PROCEDURE(name, parameters, arguments) #name,
#define NAME(type, name, ...) #name,
	PROCEDURES(NAME_PROCEDURE) FUNCTIONS(NAME) ARGUED(NAME)
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char *why_not;

static void load(void)
{
	why_not = late_load(LIBRARY, names, &real, COUNT_OF(names));
}

static bool loads(struct fault *fault)
{
	pthread_once(&once, load);
	return why_not == NULL || fault_set(fault, FAULT_SYSTEM, "%s", why_not);
}

static void need(void)
{
	pthread_once(&once, load);
	assert(why_not == NULL); /* whoever began asked before (late.h) */
}

#define DEFINE_PROCEDURE(name, parameters, arguments) \
	void name parameters                          \
	{                                             \
		need();                               \
		real.name arguments;                  \
	}
#define DEFINE_FUNCTION(type, name, parameters, arguments) \
	type name parameters                               \
	{                                                  \
		need();                                    \
		return real.name arguments;                \
	}
PROCEDURES(DEFINE_PROCEDURE)
FUNCTIONS(DEFINE_FUNCTION)
