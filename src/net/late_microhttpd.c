/* SPDX-License-Identifier: Apache-2.0 */
#include <microhttpd.h>
#include <stdarg.h>

#include "base/places.h"
#include "net/late.h"

#define PROCEDURES(row)                                                              \
	row(MHD_destroy_response, (struct MHD_Response *response), (response))       \
	row(MHD_resume_connection, (struct MHD_Connection *connection), (connection)) \
	row(MHD_stop_daemon, (struct MHD_Daemon *daemon), (daemon))                  \
	row(MHD_suspend_connection, (struct MHD_Connection *connection), (connection))

#define FUNCTIONS(row)                                                                                \
	row(enum MHD_Result, MHD_add_response_header, (struct MHD_Response *response, const char *header, \
		const char *content), (response, header, content))                                    \
	row(struct MHD_Response *, MHD_create_response_from_buffer, (size_t n, void *bytes,           \
		enum MHD_ResponseMemoryMode mode), (n, bytes, mode))                                  \
	row(struct MHD_Response *, MHD_create_response_from_callback, (uint64_t n, size_t block,      \
		MHD_ContentReaderCallback reader, void *arg, MHD_ContentReaderFreeCallback done),     \
		(n, block, reader, arg, done))                                                        \
	row(int, MHD_get_connection_values, (struct MHD_Connection *connection, enum MHD_ValueKind kind, \
		MHD_KeyValueIterator each, void *arg), (connection, kind, each, arg))                 \
	row(enum MHD_Result, MHD_get_timeout, (struct MHD_Daemon *daemon, MHD_UNSIGNED_LONG_LONG *ms), (daemon, ms)) \
	row(const char *, MHD_lookup_connection_value, (struct MHD_Connection *connection,            \
		enum MHD_ValueKind kind, const char *key), (connection, kind, key))                   \
	row(enum MHD_Result, MHD_queue_response, (struct MHD_Connection *connection, unsigned status, \
		struct MHD_Response *response), (connection, status, response))                       \
	row(enum MHD_Result, MHD_run, (struct MHD_Daemon *daemon), (daemon))                          \
	row(struct MHD_Daemon *, MHD_start_daemon_va, (unsigned flags, uint16_t port,                 \
		MHD_AcceptPolicyCallback accepts, void *accepts_arg, MHD_AccessHandlerCallback serve, \
		void *serve_arg, va_list options), (flags, port, accepts, accepts_arg, serve, serve_arg, options))

/* What follows the kind of information is not used by any that we ask for. */
#define ARGUED(row)                                                                                   \
	row(const union MHD_ConnectionInfo *, MHD_get_connection_info, struct MHD_Connection *, enum MHD_ConnectionInfoType) \
	row(const union MHD_DaemonInfo *, MHD_get_daemon_info, struct MHD_Daemon *, enum MHD_DaemonInfoType)

#define LIBRARY CENTINELA_LIBMICROHTTPD
#include "net/late_table.h"

bool late_microhttpd(struct fault *fault)
{
	return loads(fault);
}

#define DEFINE_QUESTION(type, name, handle, kind) \
	type name(handle of, kind which, ...)     \
	{                                         \
		need();                           \
		return real.name(of, which);      \
	}
ARGUED(DEFINE_QUESTION)

struct MHD_Daemon *MHD_start_daemon(unsigned flags, uint16_t port, MHD_AcceptPolicyCallback accepts,
    void *accepts_arg, MHD_AccessHandlerCallback serve, void *serve_arg, ...)
{
	va_list options;
	va_start(options, serve_arg);
	struct MHD_Daemon *daemon = MHD_start_daemon_va(flags, port, accepts, accepts_arg, serve, serve_arg, options);
	va_end(options);
	return daemon;
}
