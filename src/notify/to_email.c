/* SPDX-License-Identifier: Apache-2.0
 *
 * Mail: plain text, in UTF-8 as base64, so that no line of a stranger's is read as a
 * header or an end. Headers hold only what was checked or what is encoded
 * (RFC 2047). Message-ID is made of the message's key: the same in each attempt. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "notify/say.h"
#include "notify/words.h"

#define WORD_BYTES 42 /* of UTF-8 in an encoded word: 75 characters at most */
#define LINE_BYTES 57 /* of a line of base64: 76 characters */

static void base64(struct text *out, const char *bytes, size_t n)
{
	unsigned char encoded[4 * 64];
	EVP_EncodeBlock(encoded, (const unsigned char *)bytes, (int)n);
	text_puts(out, (const char *)encoded);
}

/* "Subject: =?UTF-8?B?…?=", in as many words as it takes: each of them is read by itself, so
 * none ends within a letter (RFC 2047, 5). */
static void put_subject(struct text *out, const char *subject)
{
	text_puts(out, "Subject:");
	for (size_t left = cut_whole(subject, 400), n; (n = cut_whole(subject, MIN(left, (size_t)WORD_BYTES))) > 0; left -= n) {
		text_puts(out, out->bytes[out->n - 1] == ':' ? " =?UTF-8?B?" : "\r\n =?UTF-8?B?");
		base64(out, subject, n);
		text_puts(out, "?=");
		subject += n;
	}
	text_puts(out, "\r\n");
}

static void put_body(struct text *out, const struct text *plain)
{
	for (size_t at = 0; at < plain->n; at += LINE_BYTES) {
		base64(out, plain->bytes + at, MIN((size_t)LINE_BYTES, plain->n - at));
		text_puts(out, "\r\n");
	}
}

/* "Fri, 27 Nov 2026 02:03:04 +0000" */
static void put_date(struct text *out, int64_t ms)
{
	char date[ISO_TIME_BYTES];
	http_date_format(ms, date);
	text_printf(out, "Date: %.25s +0000\r\n", date);
}

static void put_headers(const struct destination *to, const struct telling *telling, const char *subject, struct text *out)
{
	const char *host = strchr(to->from, '@') + 1;
	text_printf(out, "From: Centinela <%s>\r\nTo: ", to->from);
	for (size_t i = 0; i < to->to.n; i++)
		text_printf(out, "%s<%s>", i > 0 ? ",\r\n " : "", to->to.items[i]);
	text_puts(out, "\r\n");
	put_date(out, telling->now_ms);
	text_printf(out, "Message-ID: <%s@%s>\r\n", telling->key, host);
	/* What is of one case stands together in the reader's list. */
	if (!telling->gathered && telling->n > 0)
		text_printf(out, "References: <case-%lld@%s>\r\n", (long long)telling->notices[0].alert.case_id, host);
	put_subject(out, subject);
	text_puts(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
		       "Content-Transfer-Encoding: base64\r\n");
	text_printf(out, "Content-Language: %s\r\n\r\n", to->es ? "es" : "en");
}

static void write_email(const struct destination *to, const struct telling *telling, struct text *body)
{
	struct arena arena;
	struct say say;
	struct text plain = { 0 };
	arena_init(&arena);
	say_make(to, telling, &arena, &say);
	text_printf(&plain, "%s\r\n\r\n", say.headline);
	for (size_t i = 0; i < say.n; i++)
		text_printf(&plain, "%s%s%s\r\n", say.lines[i].label, *say.lines[i].label != '\0' ? ": " : "    ", say.lines[i].value);
	text_printf(&plain, "\r\n%s\r\n-- \r\nCentinela · Webex Calling\r\n", say.foot);
	put_headers(to, telling, say.headline, body);
	put_body(body, &plain);
	text_clear(&plain);
	arena_clear(&arena);
}

const struct notify_kind notify_email = {
	.name = "email", .help = N_("mail, by SMTP over TLS"),
	.needs = { "server", "from", "to" }, .takes = { "user", "password" }, .way = WAY_MAIL, .for_people = true, .at_once = 1, .write = write_email,
};
