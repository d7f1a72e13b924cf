/* SPDX-License-Identifier: Apache-2.0
 *
 * The client's end of a request: gone, or there and waiting. */
#include "net/http_server_parts.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

struct http_end http_visit_end_of(const struct http_visit *visit)
{
	const struct guest *guest = visit->connection == NULL ? NULL : http_guest_of(visit->connection);
	return (struct http_end){ .socket = guest == NULL ? -1 : guest->fd, .hears = visit->hears };
}

/* libmicrohttpd looks away from a connection whose answer is being made.
 *
 * Who left (close) and who closed only the one way (shutdown) look the same from here: there is
 * nothing more to read. So it is told something, once, which a client must take before any answer
 * (RFC 9110, 15.2): where nobody is, its system answers with a reset, and that is seen. */
bool http_end_is_gone(struct http_end *end)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct pollfd seen = { .fd = end->socket, .events = POLLRDHUP };
	if (end->socket < 0 || poll(&seen, 1, 0) <= 0)
		return false;
	if ((seen.revents & (POLLHUP | POLLERR)) != 0 || !end->hears)
		return true;
	if (!end->called) {
		ssize_t n = send(end->socket, go_on, sizeof go_on - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return false; /* it has answers of before to take yet: another time */
		if (n >= 0 && n < (ssize_t)sizeof go_on - 1)
			shutdown(end->socket, SHUT_RDWR); /* no answer can come after half a one */
		if (n != (ssize_t)sizeof go_on - 1)
			return true;
	}
	end->called = true;
	return poll(&seen, 1, 0) > 0 && (seen.revents & (POLLHUP | POLLERR)) != 0;
}
