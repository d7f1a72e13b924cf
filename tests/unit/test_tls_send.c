/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>

#include "base/mem.h"
#include "net/tls_send.h"
#include "tls_peer.h"

static struct tls_peer peer;
static struct fault fault;

TEST(what_was_sent_was_taken)
{
	peer_start(&peer, PEER_SYSLOG, "IP:127.0.0.1");
	size_t n = 300000;
	char *much = mem_alloc(n);
	memset(much, 'x', n);
	CHECK(tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, "5 hello", 7, &fault));
	CHECK(tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, much, n, &fault));
	peer_stop(&peer);
	free(much);
}

static bool always(int connection)
{
	UNUSED(connection);
	return true;
}

TEST(a_connection_that_breaks_is_no_delivery)
{
	peer_start(&peer, PEER_SYSLOG, "IP:127.0.0.1");
	peer.fails = always;
	for (int i = 0; i < 4; i++) {
		CHECK(!tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, "5 hello", 7, &fault));
		CHECK_INT(fault.code, FAULT_NETWORK);
	}
	CHECK_INT(peer.taken.n, 0);
	peer_stop(&peer);
}

TEST(a_stranger_is_told_nothing)
{
	peer_start(&peer, PEER_SYSLOG, "DNS:siem.bank.example");
	CHECK(!tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, "5 hello", 7, &fault)); /* another's name */
	CHECK(strstr(fault.text, "not trusted") != NULL);
	CHECK(!tls_send("127.0.0.1", peer.port_text, NULL, "5 hello", 7, &fault)); /* nobody's certificate */
	CHECK(strstr(fault.text, "not trusted") != NULL);
	CHECK(!tls_send("127.0.0.1", peer.port_text, "/nonexistent/ca.pem", "5 hello", 7, &fault));
	CHECK(strstr(fault.text, "/nonexistent/ca.pem") != NULL);
	CHECK_INT(peer.taken.n, 0);
	peer_stop(&peer);
}

TEST(where_nobody_listens_is_said)
{
	CHECK(!tls_send("127.0.0.1", "1", NULL, "5 hello", 7, &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK(strstr(fault.text, "127.0.0.1 port 1") != NULL);
}

TESTS(T(what_was_sent_was_taken), T(a_connection_that_breaks_is_no_delivery), T(a_stranger_is_told_nothing), T(where_nobody_listens_is_said))
