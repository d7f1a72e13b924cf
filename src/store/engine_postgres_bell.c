/* SPDX-License-Identifier: Apache-2.0
 *
 * LISTEN: each COMMIT of a writer notifies (engine_postgres.c). */
#include "store/bell.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/late.h"
#include "store/engine_postgres.h"

struct bell {
	struct session session;
	char *ours, *schema; /* what is said of this schema begins so; by this process, is so */
};

static uint64_t token;

static void draw_token(void)
{
	if (getrandom(&token, sizeof token, 0) != (ssize_t)sizeof token)
		token = (uint64_t)(uintptr_t)&token;
}

void pg_process(char out[40])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, draw_token);
	snprintf(out, 40, "%016llx.%ld", (unsigned long long)token, (long)getpid());
}

static bool listen_to(struct session *session, struct fault *fault)
{
	char sql[80];
	snprintf(sql, sizeof sql, "LISTEN %s", session->channel);
	return pg_exec(session, sql, fault);
}

bool bell_open(const char *address, struct bell **out, struct fault *fault)
{
	const char *rest;
	*out = NULL;
	if (engine_for(address, &rest) != &engine_postgres)
		return true;
	struct bell *bell = mem_zalloc(sizeof *bell);
	struct session *session = &bell->session;
	char *schema = NULL;
	if (!late_pq(fault) || !pg_address_read(rest, &session->address, fault) || !pg_connect(session, fault) ||
	    !pg_ask(session, "SELECT current_schema()", &schema, fault) || !listen_to(session, fault)) {
		free(schema);
		bell_close(bell);
		return false;
	}
	bell->schema = mem_printf("%s ", schema);
	char process[40];
	pg_process(process);
	bell->ours = mem_printf("%s %s", schema, process);
	free(schema);
	*out = bell;
	return true;
}

void bell_close(struct bell *bell)
{
	if (bell == NULL)
		return;
	pg_session_clear(&bell->session);
	free(bell->ours);
	free(bell->schema);
	free(bell);
}

int bell_socket(const struct bell *bell)
{
	return PQsocket(bell->session.conn);
}

enum bell_state bell_hear(struct bell *bell)
{
	bool rang = false;
	if (!PQconsumeInput(bell->session.conn))
		return BELL_BROKEN;
	for (PGnotify *said; (said = PQnotifies(bell->session.conn)) != NULL; PQfreemem(said))
		rang |= text_starts_with(said->extra, bell->schema) && strcmp(said->extra, bell->ours) != 0;
	return rang ? BELL_RANG : BELL_QUIET;
}
