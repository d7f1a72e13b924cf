/* SPDX-License-Identifier: Apache-2.0
 *
 * Any receiver, signed as Standard Webhooks (www.standardwebhooks.com): the key of
 * the message is webhook-id, the same in each attempt; webhook-signature is
 * "v1," and HMAC-SHA256 over "id.timestamp.body", in base64. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "notify/format.h"

#define PREFIX	   "whsec_"
#define LEAST_KEY  24 /* bytes: the specification's least */
#define MOST_KEY   64

/* The key of a secret: base64 after whsec_. Returns its bytes, 0: it is none. */
static size_t key_of(const char *secret, unsigned char key[MOST_KEY + 3])
{
	size_t n = strlen(secret), n_prefix = strlen(PREFIX);
	if (!text_starts_with(secret, PREFIX) || (n -= n_prefix) % 4 != 0 || n == 0 || n / 4 * 3 > MOST_KEY + 2)
		return 0;
	int got = EVP_DecodeBlock(key, (const unsigned char *)secret + n_prefix, (int)n);
	for (const char *end = secret + n_prefix + n; got > 0 && end[-1] == '='; end--)
		got--;
	return got >= LEAST_KEY && got <= MOST_KEY ? (size_t)got : 0;
}

static bool sign(struct text *out, const char *secret, const char *key, int64_t seconds, const char *body, struct fault *fault)
{
	unsigned char room[MOST_KEY + 3], digest[EVP_MAX_MD_SIZE], encoded[64];
	unsigned n_digest = 0;
	size_t n = key_of(secret, room);
	if (n == 0)
		return fault_set(fault, FAULT_USAGE, "%s", _("the signing secret is not one of Standard Webhooks: whsec_ and 24 to 64 bytes in base64"));
	struct text all = { 0 };
	text_printf(&all, "%s.%lld.%s", key, (long long)seconds, body);
	HMAC(EVP_sha256(), room, (int)n, (const unsigned char *)all.bytes, all.n, digest, &n_digest);
	EVP_EncodeBlock(encoded, digest, (int)n_digest);
	text_printf(out, "webhook-signature: v1,%s", (const char *)encoded);
	mem_wipe(room, sizeof room);
	text_clear(&all);
	return true;
}

static bool pack_webhook(const struct destination *to, const struct secrets *secrets, const struct parcel *parcel, int64_t now_ms, struct wire *wire, struct fault *fault)
{
	int64_t seconds = now_ms / SECOND_MS;
	UNUSED(to);
	wire->method = "POST";
	text_puts(&wire->url, secrets->url);
	text_puts(wire_header(wire), "Content-Type: application/json");
	text_printf(wire_header(wire), "webhook-id: %s", parcel->key);
	text_printf(wire_header(wire), "webhook-timestamp: %lld", (long long)seconds);
	return *secrets->secret == '\0' || sign(wire_header(wire), secrets->secret, parcel->key, seconds, parcel->body, fault);
}

const struct notify_kind notify_webhook = {
	.name = "webhook", .help = N_("any receiver: JSON of the alert, OCSF or ECS, signed as Standard Webhooks"),
	.needs = { "url" }, .takes = { "secret", "format" }, .way = WAY_HTTP, .at_once = 8,
	.formats = 1u << FORMAT_ALERT | 1u << FORMAT_OCSF | 1u << FORMAT_ECS, .write = format_write, .pack = pack_webhook,
};
