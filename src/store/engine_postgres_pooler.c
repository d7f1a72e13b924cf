/* SPDX-License-Identifier: Apache-2.0
 *
 * A pooler that keeps a server's connection for a transaction alone (PgBouncer's
 * pool_mode = transaction) hands the same one to two of ours that are both open, or two to
 * one: that is asked of two connections, and seen in which process of the server answers. */
#include <stdlib.h>
#include <string.h>

#include "net/late.h"
#include "store/engine_postgres.h"

#define WHICH "SELECT pg_backend_pid()"
#define TIMES 4 /* it may hand them out by turns */

static bool compare(struct session *one, struct session *other, bool *pooled, struct fault *fault)
{
	char *first = NULL, *second = NULL, *again = NULL;
	bool ok = pg_ask(one, WHICH, &first, fault) && pg_exec(other, "BEGIN", fault) && pg_ask(other, WHICH, &second, fault) &&
	    pg_ask(one, WHICH, &again, fault) && pg_exec(other, "ROLLBACK", fault);
	*pooled = ok && (strcmp(first, second) == 0 || strcmp(first, again) != 0);
	free(first);
	free(second);
	free(again);
	return ok;
}

bool pg_is_pooled(const char *rest, bool *pooled, struct fault *fault)
{
	struct session one = { .mode = OPEN_READ }, other = { .mode = OPEN_READ };
	*pooled = false;
	bool ok = late_pq(fault) && pg_address_read(rest, &one.address, fault) && pg_address_read(rest, &other.address, fault) &&
	    pg_connect(&one, fault) && pg_connect(&other, fault);
	for (int i = 0; ok && !*pooled && i < TIMES; i++)
		ok = compare(&one, &other, pooled, fault);
	pg_session_clear(&one);
	pg_session_clear(&other);
	return ok;
}
