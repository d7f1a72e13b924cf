/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: much at once. A page of records is some thousand rows, and asking
 * for each whether it went well takes longer than writing them: rows go by COPY,
 * statements without rows one behind the other, and what went wrong is said by
 * whoever asks next. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/engine_postgres.h"

bool pg_settle(struct session *session, struct fault *fault)
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

bool pg_later(struct session *session)
{
	return session->n_later > 0 || PQenterPipelineMode(session->conn);
}

bool pg_copy(struct session *session, const char *into, const struct copy *copy, struct fault *fault)
{
	static const char header[19] = "PGCOPY\n\377\r\n"; /* with its NUL, no flags, nothing more */
	static const char trailer[2] = "\377\377";
	bool ok = true;
	PGresult *result;
	char *sql = mem_printf("COPY %s FROM STDIN (FORMAT binary)", into);
	int sent = PQsendQuery(session->conn, sql);
	free(sql);
	if (!sent)
		return pg_complain(session, NULL, fault);
	result = pg_result(session);
	if (result == NULL || PQresultStatus(result) != PGRES_COPY_IN) {
		pg_complain(session, result, fault);
		ok = false;
	} else {
		PQclear(result);
		/* In pieces: libpq would else keep a second copy of all of it. */
		ok = PQputCopyData(session->conn, header, sizeof header) == 1;
		for (size_t at = 0, n; ok && at < copy->rows.n; at += n) {
			n = MIN(copy->rows.n - at, (size_t)1 << 16);
			ok = PQputCopyData(session->conn, copy->rows.bytes + at, (int)n) == 1;
		}
		ok = ok && PQputCopyData(session->conn, trailer, sizeof trailer) == 1 && PQputCopyEnd(session->conn, NULL) == 1;
		if (!ok)
			pg_complain(session, NULL, fault);
	}
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
