/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <uv.h>

#include "base/mem.h"
#include "net/http_client.h"
#include "tls_peer.h"

static struct tls_peer peer;
static uv_loop_t loop;

static void on_done(struct http_response *response, void *arg)
{
	struct http_response *out = arg;
	out->fault = response->fault;
	out->status = response->status;
}

#define MAIL "From: <a@bank.example>\r\nSubject: x\r\n\r\n.first line is a dot\r\nlast\r\n"

static struct http_response send_mail(const char *scheme, const struct http_mail *mail, const char *ca_file)
{
	struct http_response got = { 0 };
	char url[64];
	snprintf(url, sizeof url, "%s://127.0.0.1:%d", scheme, peer.port);
	uv_loop_init(&loop);
	struct http_client *client = http_client_new(&loop, &(struct http_client_options){ 0 }, NULL);
	REQUIRE(client != NULL);
	http_client_send(client, &(struct http_request){ .url = url, .body = MAIL, .body_n = strlen(MAIL), .mail = mail, .ca_file = ca_file, .timeout_ms = 20000 }, on_done, &got);
	uv_run(&loop, UV_RUN_DEFAULT);
	http_client_close(client, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	return got;
}

static const char *const to[] = { "soc@bank.example", "noc@bank.example" };
static const struct http_mail plain = { .from = "a@bank.example", .to = to, .n_to = 2 };

TEST(a_mail_arrives_whole_at_all_it_is_for)
{
	for (int starttls = 0; starttls < 2; starttls++) {
		peer_start(&peer, starttls ? PEER_SMTP_STARTTLS : PEER_SMTPS, "IP:127.0.0.1");
		struct http_response got = send_mail(starttls ? "smtp" : "smtps", &plain, peer.made.ca_file);
		CHECK_INT(got.fault.code, FAULT_NONE);
		CHECK_INT(got.status, 250);
		CHECK(strstr(text_string(&peer.taken), "MAIL FROM:<a@bank.example>") != NULL);
		CHECK(strstr(text_string(&peer.taken), "RCPT TO:<soc@bank.example>\r\nRCPT TO:<noc@bank.example>") != NULL);
		CHECK(strstr(text_string(&peer.taken), "\r\n..first line is a dot\r\nlast\r\n") != NULL);
		peer_stop(&peer);
	}
}

TEST(without_tls_nothing_is_said)
{
	peer_start(&peer, PEER_SMTPS, "IP:127.0.0.1"); /* offers no STARTTLS that works here */
	struct http_response got = send_mail("smtps", &plain, NULL);
	CHECK_INT(got.fault.code, FAULT_NETWORK);
	CHECK(strstr(got.fault.text, "not trusted") != NULL);
	CHECK_INT(peer.n_taken, 0);
	peer_stop(&peer);
}

TEST(the_password_is_asked_for_and_a_wrong_one_is_said)
{
	struct http_mail mail = plain;
	mail.user = "soc";
	mail.password = "secreto";
	peer_start(&peer, PEER_SMTPS, "IP:127.0.0.1");
	snprintf(peer.wanted_login, sizeof peer.wanted_login, "AHNvYwBzZWNyZXRv"); /* \0soc\0secreto */
	CHECK_INT(send_mail("smtps", &mail, peer.made.ca_file).fault.code, FAULT_NONE);
	CHECK_INT(peer.n_taken, 1);
	mail.password = "otra";
	struct http_response got = send_mail("smtps", &mail, peer.made.ca_file);
	CHECK_INT(got.fault.code, FAULT_AUTH);
	CHECK(strstr(got.fault.text, "otra") == NULL);
	CHECK_INT(peer.n_taken, 1);
	peer_stop(&peer);
}

TEST(for_good_and_for_now_are_told_apart)
{
	peer_start(&peer, PEER_SMTPS, "IP:127.0.0.1");
	peer.says = "550 no such house\r\n";
	struct http_response got = send_mail("smtps", &plain, peer.made.ca_file);
	CHECK_INT(got.fault.code, FAULT_REFUSED);
	CHECK(strstr(got.fault.text, "550") != NULL);
	peer.says = "451 later\r\n";
	CHECK_INT(send_mail("smtps", &plain, peer.made.ca_file).fault.code, FAULT_NETWORK);
	peer_stop(&peer);
}

TEST(one_mailbox_that_is_gone_keeps_no_mail_from_the_others)
{
	static const char *const some[] = { "gone@bank.example", "soc@bank.example" };
	const struct http_mail to_some = { .from = "a@bank.example", .to = some, .n_to = 2 }, to_none = { .from = "a@bank.example", .to = some, .n_to = 1 };
	peer_start(&peer, PEER_SMTPS, "IP:127.0.0.1");
	CHECK_INT(send_mail("smtps", &to_some, peer.made.ca_file).fault.code, FAULT_NONE);
	CHECK(strstr(text_string(&peer.taken), "RCPT TO:<soc@bank.example>") != NULL);
	CHECK_INT(peer.n_taken, 1);
	CHECK_INT(send_mail("smtps", &to_none, peer.made.ca_file).fault.code, FAULT_REFUSED);
	CHECK_INT(peer.n_taken, 1);
	peer_stop(&peer);
}

TEST(nobody_smuggles_a_command_in)
{
	static const char *const bad[] = { "a@b>\r\nRCPT TO:<evil@x", "a b@c", "nobody", "" };
	peer_start(&peer, PEER_SMTPS, "IP:127.0.0.1");
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct http_mail mail = { .from = "a@bank.example", .to = &bad[i], .n_to = 1 };
		CHECK_INT(send_mail("smtps", &mail, peer.made.ca_file).fault.code, FAULT_INPUT);
		mail = (struct http_mail){ .from = bad[i], .to = to, .n_to = 1 };
		CHECK_INT(send_mail("smtps", &mail, peer.made.ca_file).fault.code, FAULT_INPUT);
	}
	CHECK_INT(send_mail("smtps", &(struct http_mail){ .from = "a@b" }, peer.made.ca_file).fault.code, FAULT_INPUT);
	CHECK_INT(send_mail("file", &plain, peer.made.ca_file).fault.code, FAULT_INPUT);
	CHECK_INT(peer.n_connections, 0);
	peer_stop(&peer);
}

TESTS(T(a_mail_arrives_whole_at_all_it_is_for), T(without_tls_nothing_is_said), T(the_password_is_asked_for_and_a_wrong_one_is_said),
    T(for_good_and_for_now_are_told_apart), T(one_mailbox_that_is_gone_keeps_no_mail_from_the_others), T(nobody_smuggles_a_command_in))
