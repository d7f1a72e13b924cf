/* SPDX-License-Identifier: Apache-2.0
 *
 * The connection to PostgreSQL: made, waited on, given up, made again, and what
 * it complains of as one sentence. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/late.h"
#include "store/engine_postgres.h"

#define ASK_EVERY_MS 20		   /* whether a question is still wanted */
#define RETRY_NS     500000000LL   /* a connection that failed is not tried again sooner */
#define OUTCOME_MS   10000	   /* whether a commit was done is asked so long */
#define OUTCOME_EACH_MS 100
#define OLDEST	     130000

/* Notices (IF NOT EXISTS …) are for nobody. */
static void on_notice(void *arg, const PGresult *result)
{
	UNUSED(arg), UNUSED(result);
}

static bool cannot_connect(struct session *session, const char *why, struct fault *fault)
{
	char text[300];
	text_printable(text, sizeof text, why, strlen(why));
	return fault_set(fault, FAULT_NETWORK, _("the store %s does not answer: %s"), session->address.shown, text_trim(text));
}

static bool suits_us(struct session *session, struct fault *fault)
{
	const char *encoding = PQparameterStatus(session->conn, "server_encoding");
	if (PQserverVersion(session->conn) < OLDEST)
		return fault_set(fault, FAULT_STORE, _("the server of %s is PostgreSQL %d; version %d or a later one is needed"),
		    session->address.shown, PQserverVersion(session->conn) / 10000, OLDEST / 10000);
	if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
		return fault_set(fault, FAULT_STORE, _("the database %s keeps its text as %.20s: make one with ENCODING 'UTF8'"),
		    session->address.shown, encoding == NULL ? "?" : encoding);
	return pg_address_is_safe(&session->address, session->conn, fault);
}

/* The server, too, notices when we are gone and nobody says so (a cable, a firewall):
 * by itself it would keep our locks for two hours, and every other writer waiting. */
#define WE_MAY_BE_GONE "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 6000;"

/* A page of ours is read by its index in a millisecond; where the planner knows little of a
 * table it would start other processes for that, which alone lasts some 20.
 * As SQLite does: whoever waits for another writer waits for 10 s. A writer looks
 * for rows by their keys: a plan made while a table was empty must not walk it
 * when it is full. No transaction of ours waits for anything but the server. */
static bool settle_in(struct session *session, struct fault *fault)
{
	static const char *const as[] = {
		[OPEN_WRITE] = "SET lock_timeout = '10s'; SET enable_seqscan = off; SET idle_in_transaction_session_timeout = '20s'",
		[OPEN_READ] = "SET default_transaction_read_only = on",
		/* What happened since is a table of its own, asked of each alert: it stays in memory. */
		[OPEN_ASIDE] = "SET work_mem = '64MB'",
	};
	/* A connection of ours rests between two questions, and is there for the next. */
	if (PQserverVersion(session->conn) >= 140000 && !pg_exec(session, "SET idle_session_timeout = 0", fault))
		return false;
	return pg_exec(session, WE_MAY_BE_GONE "SET standard_conforming_strings = on; SET bytea_output = hex; SET jit = off; SET max_parallel_workers_per_gather = 0", fault) && pg_exec(session, as[session->mode], fault);
}

bool pg_connect(struct session *session, struct fault *fault)
{
	if (!late_pq(fault))
		return false;
	PQfinish(session->conn);
	session->generation++;
	session->broken = session->in_transaction = session->in_picture = false;
	session->current = NULL;
	session->n_later = 0;
	free(session->into);
	session->into = NULL;
	text_reset(&session->forgotten);
	session->conn = PQconnectdbParams(session->address.words, session->address.values, 0);
	if (PQstatus(session->conn) != CONNECTION_OK) {
		cannot_connect(session, PQerrorMessage(session->conn), fault);
	} else {
		PQsetNoticeReceiver(session->conn, on_notice, NULL);
		if (suits_us(session, fault) && settle_in(session, fault) && pg_enter(session, fault))
			return true;
	}
	pg_disconnect(session);
	session->retry_ns = clock_steady_ns() + RETRY_NS;
	return false;
}

void pg_disconnect(struct session *session)
{
	PQfinish(session->conn);
	session->conn = NULL;
	session->in_transaction = session->in_picture = false;
	free(session->into);
	session->into = NULL;
}

bool pg_is_lost(const struct session *session)
{
	return session->conn == NULL || session->broken || PQstatus(session->conn) != CONNECTION_OK;
}

bool pg_ready(struct session *session, struct fault *fault)
{
	if (!pg_is_lost(session))
		return pg_settle(session, fault);
	if (session->in_transaction || (session->mode == OPEN_ASIDE && session->generation > 0)) /* what was beside went with it */
		return fault_set(fault, FAULT_NETWORK, _("the connection to %s broke off: nothing of this was kept"), session->address.shown);
	if (session->later || clock_steady_ns() < session->retry_ns)
		return fault_set(fault, FAULT_NETWORK, _("the store %s does not answer"), session->address.shown);
	if (!pg_connect(session, fault))
		return false;
	log_info("connected again to %s", session->address.shown);
	return true;
}

void pg_cancel(struct session *session)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(session->conn);
	if (cancel != NULL) {
		session->gave_up = true;
		(void)PQcancel(cancel, why, sizeof why);
	}
	PQfreeCancel(cancel);
}

PGresult *pg_result(struct session *session)
{
	while (PQisBusy(session->conn)) {
		struct pollfd socket = { .fd = PQsocket(session->conn), .events = POLLIN };
		bool asks = session->goes_on != NULL && !session->gave_up;
		int n = poll(&socket, 1, asks ? ASK_EVERY_MS : -1);
		if (n < 0 && errno != EINTR)
			break;
		if (asks && !session->goes_on(session->goes_on_arg))
			pg_cancel(session);
		if (n > 0 && !PQconsumeInput(session->conn))
			break;
	}
	return PQgetResult(session->conn);
}

/* By the class or the whole of an SQLSTATE. */
static enum fault_code code_of(const char *state)
{
	static const struct {
		const char *state;
		enum fault_code code;
	} codes[] = { { "57014", FAULT_CANCELLED }, { "57P0", FAULT_NETWORK }, { "25P03", FAULT_NETWORK }, { "08", FAULT_NETWORK }, { "40", FAULT_CONFLICT },
		{ "55P03", FAULT_CONFLICT }, { "25006", FAULT_READ_ONLY }, { "42501", FAULT_READ_ONLY }, { "53", FAULT_FULL } };
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (text_starts_with(state, codes[i].state))
			return codes[i].code;
	return FAULT_STORE;
}

bool pg_complain(struct session *session, PGresult *result, struct fault *fault)
{
	char text[300];
	const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *said = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (said == NULL)
		said = PQerrorMessage(session->conn);
	text_printable(text, sizeof text, said, strlen(said));
	enum fault_code code = state != NULL ? code_of(state) : pg_is_lost(session) ? FAULT_NETWORK : FAULT_STORE;
	/* Who writes gives nothing up: it was the server's own limit of time. */
	if (code == FAULT_CANCELLED && session->mode == OPEN_WRITE && !session->gave_up)
		code = FAULT_STORE;
	/* It says goodbye before it hangs up. */
	session->broken = session->broken || code == FAULT_NETWORK;
	PQclear(result);
	const char *shown = session->address.shown, *why = text_trim(text);
	switch ((int)code) {
	case FAULT_CANCELLED:
		return fault_set(fault, code, _("the question to %s was given up (%s)"), shown, why);
	case FAULT_NETWORK:
		return fault_set(fault, code, _("the connection to %s broke off (%s)"), shown, why);
	case FAULT_CONFLICT:
		return fault_set(fault, code, _("the store %s is busy: another process writes"), shown);
	case FAULT_READ_ONLY:
		return fault_set(fault, code, _("the store %s does not allow this (%s)"), shown, why);
	case FAULT_FULL:
		return fault_set(fault, code, _("the server of %s has no room left (%s): nothing was lost"), shown, why);
	default:
		return fault_set(fault, code, _("%s: a statement failed (%s)"), shown, why);
	}
}

bool pg_exec(struct session *session, const char *sql, struct fault *fault)
{
	bool ok = true;
	PGresult *result;
	session->gave_up = false;
	if (!PQsendQuery(session->conn, sql))
		return pg_complain(session, NULL, fault);
	while ((result = pg_result(session)) != NULL) {
		ExecStatusType status = PQresultStatus(result);
		/* A transaction that failed is "committed" by being rolled back. */
		bool undone = ok && strcmp(PQcmdStatus(result), "ROLLBACK") == 0 && text_ends_with(sql, "COMMIT");
		if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
			struct fault first;
			pg_complain(session, result, ok ? fault : &first);
			ok = false;
			continue;
		}
		PQclear(result);
		if (undone)
			ok = fault_set(fault, FAULT_STORE, _("%s: a statement failed, and nothing of this was kept"), session->address.shown);
	}
	return ok && (!pg_is_lost(session) || pg_complain(session, NULL, fault));
}

bool pg_ask(struct session *session, const char *sql, char **out, struct fault *fault)
{
	PGresult *result, *row = NULL;
	*out = NULL;
	session->gave_up = false;
	if (!PQsendQuery(session->conn, sql))
		return pg_complain(session, NULL, fault);
	while ((result = pg_result(session)) != NULL) {
		PQclear(row);
		row = result;
	}
	if (row == NULL || PQresultStatus(row) != PGRES_TUPLES_OK)
		return pg_complain(session, row, fault);
	*out = mem_strdup(PQgetvalue(row, 0, 0));
	PQclear(row);
	return true;
}

/* A server that did not see the connection break may still wait for that COMMIT, and
 * holds our lock meanwhile: it is told to end. */
static bool ask_outcome(struct session *session, bool hurry, char **said, struct fault *fault)
{
	char sql[300];
	snprintf(sql, sizeof sql, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_xid = CAST(CAST('%s' AS xid8) AS xid)", session->xid);
	if (hurry && !pg_exec(session, sql, fault))
		return false;
	snprintf(sql, sizeof sql, "SELECT coalesce(pg_xact_status(CAST('%s' AS xid8)), '')", session->xid);
	return pg_ask(session, sql, said, fault);
}

bool pg_was_kept(struct session *session, struct fault *fault)
{
	int64_t patience_ms = session->patience_ms > 0 ? session->patience_ms : OUTCOME_MS, until_ns = clock_steady_ns() + patience_ms * 1000000;
	struct pollfd nothing = { .fd = -1 };
	struct fault why;
	for (int turn = 0; turn == 0 || clock_steady_ns() < until_ns; turn++) {
		char *said = NULL;
		if ((pg_is_lost(session) && !pg_connect(session, &why)) || !ask_outcome(session, turn % 10 == 1, &said, &why) || said == NULL) {
			free(said);
			(void)poll(&nothing, 0, OUTCOME_EACH_MS);
			continue;
		}
		bool kept = strcmp(said, "committed") == 0, undone = strcmp(said, "aborted") == 0;
		free(said);
		if (kept)
			return true;
		if (undone)
			return fault_set(fault, FAULT_NETWORK, _("the connection to %s broke off: nothing of this was kept"), session->address.shown);
		(void)poll(&nothing, 0, OUTCOME_EACH_MS);
	}
	return fault_set(fault, FAULT_NETWORK, _("the connection to %s broke off at the very end: whether this was kept is not known, look before you do it again"), session->address.shown);
}

void pg_session_clear(struct session *session)
{
	if (session->conn != NULL)
		PQfinish(session->conn);
	pg_address_clear(&session->address);
	text_clear(&session->forgotten);
	free(session->into);
}
