/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

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
	CHECK(tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, "5 hello", 7, NULL, &fault));
	CHECK(tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, much, n, NULL, &fault));
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
		CHECK(!tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, "5 hello", 7, NULL, &fault));
		CHECK_INT(fault.code, FAULT_NETWORK);
	}
	CHECK_INT(peer.taken.n, 0);
	peer_stop(&peer);
}

TEST(a_stranger_is_told_nothing)
{
	peer_start(&peer, PEER_SYSLOG, "DNS:siem.bank.example");
	CHECK(!tls_send("127.0.0.1", peer.port_text, peer.made.ca_file, "5 hello", 7, NULL, &fault)); /* another's name */
	CHECK(strstr(fault.text, "not trusted") != NULL);
	CHECK(!tls_send("127.0.0.1", peer.port_text, NULL, "5 hello", 7, NULL, &fault)); /* nobody's certificate */
	CHECK(strstr(fault.text, "not trusted") != NULL);
	CHECK(!tls_send("127.0.0.1", peer.port_text, "/nonexistent/ca.pem", "5 hello", 7, NULL, &fault));
	CHECK(strstr(fault.text, "/nonexistent/ca.pem") != NULL);
	CHECK_INT(peer.taken.n, 0);
	peer_stop(&peer);
}

static int listening;
static atomic_bool give_up;

static void *leave(void *arg)
{
	struct pollfd one = { .fd = listening, .events = POLLIN };
	while (poll(&one, 1, -1) != 1)
		; /* a signal */
	atomic_store(&give_up, true); /* it is connected and waits for a word */
	return arg;
}

TEST(who_is_silent_is_not_waited_for_when_the_program_ends)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof at;
	char port[8];
	pthread_t thread;
	listening = socket(AF_INET, SOCK_STREAM, 0);
	REQUIRE(bind(listening, (struct sockaddr *)&at, sizeof at) == 0 && listen(listening, 1) == 0 && getsockname(listening, (struct sockaddr *)&at, &size) == 0);
	snprintf(port, sizeof port, "%d", ntohs(at.sin_port));
	REQUIRE(pthread_create(&thread, NULL, leave, NULL) == 0);
	CHECK(!tls_send("127.0.0.1", port, NULL, "5 hello", 7, &give_up, &fault));
	CHECK_INT(fault.code, FAULT_CANCELLED); /* and not "did not answer in time" */
	pthread_join(thread, NULL);
	close(listening);
}

TEST(where_nobody_listens_is_said)
{
	CHECK(!tls_send("127.0.0.1", "1", NULL, "5 hello", 7, NULL, &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK(strstr(fault.text, "127.0.0.1 port 1") != NULL);
}

TESTS(T(what_was_sent_was_taken), T(a_connection_that_breaks_is_no_delivery), T(a_stranger_is_told_nothing), T(who_is_silent_is_not_waited_for_when_the_program_ends), T(where_nobody_listens_is_said))
