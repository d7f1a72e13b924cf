/* SPDX-License-Identifier: Apache-2.0 */
#include <libpq-fe.h>

#include "base/places.h"
#include "net/late.h"

#define PROCEDURES(row)                                                \
	row(PQclear, (PGresult *result), (result))                     \
	row(PQconninfoFree, (PQconninfoOption *options), (options))    \
	row(PQfinish, (PGconn *conn), (conn))                          \
	row(PQfreeCancel, (PGcancel *cancel), (cancel))                \
	row(PQfreemem, (void *memory), (memory))

#define FUNCTIONS(row)                                                                              \
	row(char *, PQcmdStatus, (PGresult *result), (result))                                      \
	row(char *, PQcmdTuples, (PGresult *result), (result))                                      \
	row(PGconn *, PQconnectdbParams, (const char *const *words, const char *const *values, int expand), \
		(words, values, expand))                                                            \
	row(PQconninfoOption *, PQconninfo, (PGconn *conn), (conn))                                 \
	row(PQconninfoOption *, PQconninfoParse, (const char *address, char **why), (address, why)) \
	row(int, PQconsumeInput, (PGconn *conn), (conn))                                            \
	row(char *, PQerrorMessage, (const PGconn *conn), (conn))                                   \
	row(Oid, PQftype, (const PGresult *result, int column), (result, column))                   \
	row(PGcancel *, PQgetCancel, (PGconn *conn), (conn))                                        \
	row(int, PQcancel, (PGcancel *cancel, char *why, int size), (cancel, why, size))            \
	row(PGresult *, PQgetResult, (PGconn *conn), (conn))                                        \
	row(int, PQenterPipelineMode, (PGconn *conn), (conn))                                       \
	row(int, PQexitPipelineMode, (PGconn *conn), (conn))                                        \
	row(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column)) \
	row(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column)) \
	row(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column)) \
	row(int, PQisBusy, (PGconn *conn), (conn))                                                  \
	row(int, PQnfields, (const PGresult *result), (result))                                     \
	row(PGnotify *, PQnotifies, (PGconn *conn), (conn))                                         \
	row(int, PQpipelineSync, (PGconn *conn), (conn))                                            \
	row(int, PQputCopyData, (PGconn *conn, const char *bytes, int n), (conn, bytes, n))         \
	row(int, PQputCopyEnd, (PGconn *conn, const char *why), (conn, why))                        \
	row(const char *, PQparameterStatus, (const PGconn *conn, const char *name), (conn, name))  \
	row(char *, PQresultErrorField, (const PGresult *result, int field), (result, field))       \
	row(ExecStatusType, PQresultStatus, (const PGresult *result), (result))                     \
	row(int, PQsendPrepare, (PGconn *conn, const char *name, const char *sql, int n, const Oid *types), \
		(conn, name, sql, n, types))                                                        \
	row(int, PQsendQuery, (PGconn *conn, const char *sql), (conn, sql))                         \
	row(int, PQsendQueryParams, (PGconn *conn, const char *sql, int n, const Oid *types,        \
		const char *const *values, const int *lengths, const int *formats, int form),       \
		(conn, sql, n, types, values, lengths, formats, form))                              \
	row(int, PQsendQueryPrepared, (PGconn *conn, const char *name, int n,                       \
		const char *const *values, const int *lengths, const int *formats, int form),       \
		(conn, name, n, values, lengths, formats, form))                                    \
	row(int, PQserverVersion, (const PGconn *conn), (conn))                                     \
	row(PQnoticeReceiver, PQsetNoticeReceiver, (PGconn *conn, PQnoticeReceiver receiver, void *arg), \
		(conn, receiver, arg))                                                              \
	row(int, PQsetSingleRowMode, (PGconn *conn), (conn))                                        \
	row(int, PQsocket, (const PGconn *conn), (conn))                                            \
	row(ConnStatusType, PQstatus, (const PGconn *conn), (conn))                                 \
	row(PGTransactionStatusType, PQtransactionStatus, (const PGconn *conn), (conn))

#define ARGUED(row)

#define LIBRARY CENTINELA_LIBPQ
#include "net/late_table.h"

bool late_pq(struct fault *fault)
{
	return loads(fault);
}
