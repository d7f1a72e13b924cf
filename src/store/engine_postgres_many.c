/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: much at once. A page of records is some thousand rows, and asking
 * for each whether it went well takes longer than writing them: rows go by COPY,
 * statements without rows one behind the other, and what went wrong is said by
 * whoever asks next. A COPY goes on while more rows for the same place come, so that
 * the server writes the first while the next are made. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/engine_postgres.h"

static bool settle_statements(struct session *session, struct fault *fault)
{
	struct fault more;
	bool ok = true, over = false;
	if (session->n_later == 0)
		return true;
	session->n_later = 0;
	if (!PQpipelineSync(session->conn))
		return pg_complain(session, NULL, fault);
	while (!over) {
		PGresult *result = pg_result(session);
		if (result == NULL) { /* the end of one, or of all there was */
			over = pg_is_lost(session);
			ok = ok && (!over || pg_complain(session, NULL, fault));
			continue;
		}
		ExecStatusType status = PQresultStatus(result);
		over = status == PGRES_PIPELINE_SYNC;
		if (status == PGRES_FATAL_ERROR) { /* those behind it were not even tried */
			pg_complain(session, result, ok ? fault : &more);
			ok = false;
			continue;
		}
		PQclear(result);
	}
	PQexitPipelineMode(session->conn);
	return ok;
}

/* The rows have all been sent: what became of them? */
static bool settle_rows(struct session *session, struct fault *fault)
{
	static const char trailer[2] = "\377\377";
	bool ok = true;
	PGresult *result;
	if (session->into == NULL)
		return true;
	free(session->into);
	session->into = NULL;
	if (PQputCopyData(session->conn, trailer, sizeof trailer) != 1 || PQputCopyEnd(session->conn, NULL) != 1)
		ok = pg_complain(session, NULL, fault);
	while ((result = pg_result(session)) != NULL) {
		struct fault more;
		if (PQresultStatus(result) == PGRES_COMMAND_OK) {
			PQclear(result);
			continue;
		}
		bool stuck = PQresultStatus(result) == PGRES_COPY_IN;
		pg_complain(session, result, ok ? fault : &more);
		ok = false;
		if (stuck)
			break; /* nothing could be sent: the connection is lost */
	}
	return ok && (!pg_is_lost(session) || pg_complain(session, NULL, fault));
}

bool pg_settle(struct session *session, struct fault *fault)
{
	return settle_rows(session, fault) && settle_statements(session, fault);
}

bool pg_later(struct session *session, struct fault *fault)
{
	if (session->n_later > 0)
		return true;
	return settle_rows(session, fault) && (PQenterPipelineMode(session->conn) || pg_complain(session, NULL, fault));
}

static bool begin_rows(struct session *session, const char *into, struct fault *fault)
{
	static const char header[19] = "PGCOPY\n\377\r\n"; /* with its NUL, no flags, nothing more */
	char *sql = mem_printf("COPY %s FROM STDIN (FORMAT binary)", into);
	int sent = PQsendQuery(session->conn, sql);
	free(sql);
	if (!sent)
		return pg_complain(session, NULL, fault);
	PGresult *result = pg_result(session);
	if (result == NULL || PQresultStatus(result) != PGRES_COPY_IN) {
		pg_complain(session, result, fault);
		while ((result = pg_result(session)) != NULL)
			PQclear(result);
		return false;
	}
	PQclear(result);
	session->into = mem_strdup(into);
	return PQputCopyData(session->conn, header, sizeof header) == 1 || pg_complain(session, NULL, fault);
}

bool pg_copies_into(const struct session *session, const char *into)
{
	return session->into != NULL && strcmp(session->into, into) == 0;
}

bool pg_copy(struct session *session, const char *into, const struct copy *copy, struct fault *fault)
{
	if (!pg_copies_into(session, into) && !(pg_settle(session, fault) && begin_rows(session, into, fault)))
		return false;
	/* In pieces: libpq would else keep a second copy of all of it. */
	for (size_t at = 0, n; at < copy->rows.n; at += n) {
		n = MIN(copy->rows.n - at, (size_t)1 << 16);
		if (PQputCopyData(session->conn, copy->rows.bytes + at, (int)n) != 1)
			return pg_complain(session, NULL, fault);
	}
	return true;
}
