/* SPDX-License-Identifier: Apache-2.0
 *
 * OAuth as Webex does it: the authorize page, codes with PKCE, refreshing,
 * Service App tokens. The device grant is in cloud_device.c, what a token is
 * in cloud_tokens.c. */
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_parts.h"
#include "webex/ids.h"

#define ALL_SCOPES    ((1u << CLOUD_N_SCOPES) - 1)
#define SERVICE_SCOPES                                                                \
	(SCOPE(CDR_READ) | SCOPE(ORGANIZATIONS_READ) | SCOPE(LOCATIONS_READ) |         \
	    SCOPE(PEOPLE_READ) | SCOPE(PEOPLE_WRITE) | SCOPE(TELEPHONY_READ) |          \
	    SCOPE(TELEPHONY_WRITE) | SCOPE(CALLS_READ) | SCOPE(CALLS_WRITE))

/* Wording met in the field (webex-js-sdk). */
static const char bad_refresh[] =
    "The refresh token provided is expired, revoked, malformed, or invalid.";

static int64_t life_s(const struct cloud *cloud, enum cloud_client client, bool by_device)
{
	if (client == CLOUD_SERVICE_APP)
		return cloud->options.service_access_life_s;
	if (client == CLOUD_PORTAL)
		return cloud->options.personal_life_s;
	return by_device ? cloud->options.device_access_life_s : cloud->options.access_life_s;
}

static void write_token(struct cloud *cloud, bool is_refresh, enum cloud_client client,
    enum cloud_owner owner, unsigned scopes, bool by_device, int64_t expires_ms,
    char out[static CLOUD_TOKEN_BYTES])
{
	struct cloud_token token = { .is_refresh = is_refresh, .owner = owner, .client = client,
		.by_device = by_device, .scopes = scopes, .expires_ms = expires_ms,
		.serial = cloud_serial(cloud) };
	cloud_token_write(cloud, &token, out);
}

void cloud_oauth_init(struct cloud *cloud)
{
	const struct cloud_options *o = &cloud->options;
	/* From the midnight before, so that the same day gives the same text. */
	int64_t now = cloud_now_ms(cloud), day = now - now % DAY_MS;
	write_token(cloud, true, CLOUD_SERVICE_APP, CLOUD_OWNER_SERVICE, SERVICE_SCOPES, false,
	    day + DAY_MS + o->refresh_life_s * SECOND_MS, cloud->service_refresh);
	write_token(cloud, false, CLOUD_SERVICE_APP, CLOUD_OWNER_SERVICE, SERVICE_SCOPES, false,
	    day + DAY_MS + o->service_access_life_s * SECOND_MS, cloud->service_access);
	write_token(cloud, false, CLOUD_PORTAL, CLOUD_OWNER_ADMIN, ALL_SCOPES, false,
	    now + o->personal_life_s * SECOND_MS, cloud->personal);
	/* Tokens of earlier runs must not be told from those of this one by serial. */
	cloud->n_serials = (uint64_t)now << 16;
	while ((size_t)cloud->admin + 1 < cloud->org->n_people &&
	    cloud->org->people[cloud->admin].is_place)
		cloud->admin++;
}

static void code_clear(struct auth_code *code)
{
	free(code->redirect_uri);
	free(code->challenge);
	*code = (struct auth_code){ 0 };
}

void cloud_oauth_clear(struct cloud *cloud)
{
	for (size_t i = 0; i < COUNT_OF(cloud->codes); i++)
		code_clear(&cloud->codes[i]);
	map_clear(&cloud->spent_refreshes);
	map_clear(&cloud->complained);
}

/* Add the fields of 1.1 of "Login with Webex" to `out`, as a whole object.
 * keep_refresh NULL: a new refresh token; "": none is told. */
void cloud_add_tokens(struct cloud *cloud, struct text *out, enum cloud_client client,
    enum cloud_owner owner, unsigned scopes, bool by_device, const char *keep_refresh,
    int64_t keep_refresh_until_ms)
{
	char access[CLOUD_TOKEN_BYTES], refresh[CLOUD_TOKEN_BYTES];
	int64_t now = cloud_now_ms(cloud), access_s = life_s(cloud, client, by_device);
	int64_t refresh_s = cloud->options.refresh_life_s;
	write_token(cloud, false, client, owner, scopes, by_device, now + access_s * SECOND_MS,
	    access);
	if (keep_refresh == NULL)
		write_token(cloud, true, client, owner, scopes, by_device,
		    now + refresh_s * SECOND_MS, refresh);
	else
		snprintf(refresh, sizeof refresh, "%s", keep_refresh);
	text_printf(out, "{\"access_token\":\"%s\",\"expires_in\":%lld", access, (long long)access_s);
	if (refresh[0] != '\0')
		text_printf(out, ",\"refresh_token\":\"%s\",\"refresh_token_expires_in\":%lld", refresh,
		    (long long)(keep_refresh == NULL ? refresh_s
						     : (keep_refresh_until_ms - now) / SECOND_MS));
	text_puts(out, ",\"token_type\":\"Bearer\"");
	if (client != CLOUD_SERVICE_APP) {
		text_puts(out, ",\"scope\":\"");
		cloud_scopes_add(out, scopes);
		text_putc(out, '"');
	}
	text_putc(out, '}');
	mem_wipe(access, sizeof access);
	mem_wipe(refresh, sizeof refresh);
}

/* ---------------------------------------------------------- authorize page */

struct wish { /* what the query (or the form that repeats it) asks for */
	char redirect_uri[CLOUD_WORD_BYTES], state[CLOUD_WORD_BYTES], challenge[CLOUD_WORD_BYTES];
	char scope[CLOUD_WORD_BYTES];
	unsigned scopes;
	bool s256;
};

/* Registered are loopback addresses of any port and path, and the helpers of
 * the device grant: nowhere else may a code be sent. */
static bool is_registered(const char *redirect_uri)
{
	static const char *const helpers[] = { "https://oauth-helper-a.wbx2.com",
		"https://oauth-helper-r.wbx2.com", "https://oauth-helper-k.wbx2.com",
		"https://oauth-helper-d.wbx2.com" };
	struct url url;
	if (strpbrk(redirect_uri, "#\r\n") != NULL || !url_read(redirect_uri, &url, NULL))
		return false;
	if (!url.is_https && url_is_loopback(&url))
		return true;
	for (size_t i = 0; i < COUNT_OF(helpers); i++)
		if (text_starts_with(redirect_uri, helpers[i]) &&
		    strcmp(redirect_uri + strlen(helpers[i]),
			"/helperservice/v1/actions/device/callback") == 0)
			return true;
	return false;
}

static void reply_page(struct cloud_request *request, int status, const char *title,
    struct text *inside)
{
	struct text page = { 0 };
	text_printf(&page,
	    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>"
	    "<style>body{font:16px sans-serif;max-width:36em;margin:4em auto}</style></head>"
	    "<body><h1>%s</h1>%s</body></html>\n",
	    title, title, text_string(inside));
	text_clear(inside);
	cloud_reply_html(request, status, &page);
}

static void redirect(struct cloud_request *request, const struct wish *wish, const char *name,
    const char *value, const char *description)
{
	struct text pairs = { 0 };
	url_add_pair(&pairs, name, value);
	if (description != NULL)
		url_add_pair(&pairs, "error_description", description);
	if (wish->state[0] != '\0')
		url_add_pair(&pairs, "state", wish->state);
	cloud_header(request, "Location: %s%c%s", wish->redirect_uri,
	    strchr(wish->redirect_uri, '?') == NULL ? '?' : '&', text_string(&pairs));
	text_clear(&pairs);
	cloud_reply_nothing(request, 302);
}

/* Read and judge the wish. False: it was answered. */
static bool read_wish(struct cloud_request *request, bool from_form, struct wish *wish)
{
	const char *(*get)(const struct cloud_request *, const char *,
	    char out[static CLOUD_WORD_BYTES]) = from_form ? cloud_form : cloud_query;
	char word[CLOUD_WORD_BYTES], method[CLOUD_WORD_BYTES];
	struct text why = { 0 };
	memset(wish, 0, sizeof *wish);
	get(request, "redirect_uri", wish->redirect_uri);
	get(request, "state", wish->state);
	get(request, "scope", wish->scope);
	get(request, "code_challenge", wish->challenge);
	get(request, "code_challenge_method", method);
	get(request, "client_id", word);
	/* To a wrong client or address nothing may be redirected. */
	if (!cloud_secret_equal(word, request->cloud->client_id)) {
		text_puts(&why, "<p>The requested client_id is unknown.</p>");
		reply_page(request, 400, "Invalid client", &why);
		return false;
	}
	if (!is_registered(wish->redirect_uri)) {
		text_puts(&why, "<p>The redirect_uri is not registered for this integration.</p>");
		reply_page(request, 400, "Invalid redirect_uri", &why);
		return false;
	}
	if (strcmp(get(request, "response_type", word), "code") != 0) {
		redirect(request, wish, "error", "invalid_request", "response_type must be code");
		return false;
	}
	if (!cloud_scopes_read(wish->scope, &wish->scopes)) {
		redirect(request, wish, "error", "invalid_scope",
		    "A requested scope is unknown or not ticked for this integration");
		return false;
	}
	wish->s256 = strcmp(method, "S256") == 0;
	if ((method[0] != '\0' && !wish->s256 && strcmp(method, "plain") != 0) ||
	    (wish->challenge[0] == '\0') != (method[0] == '\0') ||
	    (wish->challenge[0] != '\0' &&
		(strlen(wish->challenge) < 43 || strlen(wish->challenge) > 128))) {
		redirect(request, wish, "error", "invalid_request", "The code challenge is invalid");
		return false;
	}
	return true;
}

static void add_hidden(struct text *out, const char *name, const char *value)
{
	text_printf(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	cloud_html_escape(out, value);
	text_puts(out, "\">");
}

static void grant(struct cloud_request *request, const struct wish *wish)
{
	struct cloud *cloud = request->cloud;
	struct auth_code *code = &cloud->codes[cloud->n_codes++ % COUNT_OF(cloud->codes)];
	code_clear(code);
	cloud_hex(cloud, "code", cloud_serial(cloud), 64, code->code);
	code->redirect_uri = mem_strdup(wish->redirect_uri);
	code->challenge = wish->challenge[0] == '\0' ? NULL : mem_strdup(wish->challenge);
	code->s256 = wish->s256;
	code->scopes = wish->scopes;
	code->until_ms = cloud_patience_ms(cloud) + cloud->options.code_life_s * SECOND_MS;
	redirect(request, wish, "code", code->code, NULL);
}

void serve_authorize_page(struct cloud_request *request)
{
	struct wish wish;
	if (!read_wish(request, false, &wish))
		return;
	if (request->cloud->options.auto_grant_browser) {
		grant(request, &wish);
		return;
	}
	struct text form = { 0 };
	text_puts(&form, "<p>Centinela asks for:</p><ul>");
	for (unsigned i = 0; i < CLOUD_N_SCOPES; i++)
		if (wish.scopes & 1u << i) {
			text_puts(&form, "<li>");
			cloud_scopes_add(&form, 1u << i);
			text_puts(&form, "</li>");
		}
	text_puts(&form, "</ul><form method=\"post\" action=\"/v1/authorize\">");
	add_hidden(&form, "client_id", request->cloud->client_id);
	add_hidden(&form, "response_type", "code");
	add_hidden(&form, "redirect_uri", wish.redirect_uri);
	add_hidden(&form, "scope", wish.scope);
	add_hidden(&form, "state", wish.state);
	if (wish.challenge[0] != '\0') {
		add_hidden(&form, "code_challenge", wish.challenge);
		add_hidden(&form, "code_challenge_method", wish.s256 ? "S256" : "plain");
	}
	text_puts(&form, "<button name=\"decision\" value=\"accept\">Accept</button> "
			 "<button name=\"decision\" value=\"decline\">Decline</button></form>");
	reply_page(request, 200, "Sign in to the simulator", &form);
}

void serve_authorize_decision(struct cloud_request *request)
{
	struct wish wish;
	char decision[CLOUD_WORD_BYTES];
	if (!read_wish(request, true, &wish))
		return;
	if (strcmp(cloud_form(request, "decision", decision), "accept") == 0)
		grant(request, &wish);
	else
		redirect(request, &wish, "error", "access_denied",
		    "The resource owner denied the request");
}

/* ------------------------------------------------------------ access_token */

static bool basic_read(const struct cloud_request *request, char id[static CLOUD_WORD_BYTES],
    char secret[static CLOUD_WORD_BYTES])
{
	const char *header = http_visit_header(request->visit, "Authorization");
	unsigned char bytes[1024];
	if (header == NULL || strncasecmp(header, "Basic ", 6) != 0)
		return false;
	header += 6;
	int64_t n = base64_decode(header, strlen(header), bytes, sizeof bytes - 1);
	if (n < 0)
		return false;
	bytes[n] = '\0';
	char *colon = strchr((char *)bytes, ':');
	if (colon == NULL)
		return false;
	*colon = '\0';
	snprintf(id, CLOUD_WORD_BYTES, "%s", (char *)bytes);
	snprintf(secret, CLOUD_WORD_BYTES, "%s", colon + 1);
	return true;
}

bool cloud_client_is_right(struct cloud_request *request, enum cloud_client *out, bool basic_only)
{
	const struct cloud *cloud = request->cloud;
	char id[CLOUD_WORD_BYTES] = "", secret[CLOUD_WORD_BYTES] = "";
	if (!basic_read(request, id, secret) && !basic_only) {
		cloud_form(request, "client_id", id);
		cloud_form(request, "client_secret", secret);
	}
	bool right = true;
	if (cloud_secret_equal(id, cloud->client_id) &&
	    cloud_secret_equal(secret, cloud->client_secret))
		*out = CLOUD_INTEGRATION;
	else if (cloud_secret_equal(id, cloud->service_client_id) &&
	    cloud_secret_equal(secret, cloud->service_client_secret))
		*out = CLOUD_SERVICE_APP;
	else
		right = false;
	mem_wipe(secret, sizeof secret);
	if (!right)
		cloud_reply_oauth_error(request, 401, "invalid_client",
		    "The client credentials are invalid.");
	return right;
}

static bool verifier_fits(const struct auth_code *code, const char *verifier)
{
	size_t n = strlen(verifier);
	if (code->challenge == NULL)
		return true;
	if (n < 43 || n > 128)
		return false;
	if (!code->s256)
		return cloud_secret_equal(verifier, code->challenge);
	unsigned char digest[32];
	char text[48];
	SHA256((const unsigned char *)verifier, n, digest);
	base64_encode(digest, sizeof digest, true, false, text);
	return cloud_secret_equal(text, code->challenge);
}

static void spend_code(struct cloud_request *request)
{
	struct cloud *cloud = request->cloud;
	char text[CLOUD_WORD_BYTES], uri[CLOUD_WORD_BYTES], verifier[CLOUD_WORD_BYTES];
	struct auth_code *code = NULL;
	cloud_form(request, "code", text);
	cloud_form(request, "redirect_uri", uri);
	cloud_form(request, "code_verifier", verifier);
	for (size_t i = 0; i < COUNT_OF(cloud->codes); i++)
		if (cloud->codes[i].code[0] != '\0' && cloud_secret_equal(text, cloud->codes[i].code))
			code = &cloud->codes[i];
	const char *why = NULL;
	if (code == NULL || code->used || cloud_patience_ms(cloud) >= code->until_ms)
		why = "The authorization code is invalid, expired or was used.";
	else if (strcmp(uri, code->redirect_uri) != 0)
		why = "The redirect_uri does not match the one of the authorization request.";
	else if (!verifier_fits(code, verifier))
		why = "The code_verifier does not match the code_challenge.";
	if (code != NULL)
		code->used = true; /* a wrong try spends it too */
	if (why != NULL) {
		cloud_reply_oauth_error(request, 400, "invalid_grant", why);
		return;
	}
	struct text body = { 0 };
	cloud_add_tokens(cloud, &body, CLOUD_INTEGRATION, CLOUD_OWNER_ADMIN, code->scopes, false,
	    NULL, 0);
	cloud_reply_json(request, 200, &body);
}

static void refresh(struct cloud_request *request, enum cloud_client client)
{
	struct cloud *cloud = request->cloud;
	char text[CLOUD_WORD_BYTES], serial[40];
	struct cloud_token token;
	bool good = cloud_token_read(cloud, cloud_form(request, "refresh_token", text), &token) &&
	    token.is_refresh && token.client == client && cloud_now_ms(cloud) < token.expires_ms;
	if (good) {
		snprintf(serial, sizeof serial, "%llu", (unsigned long long)token.serial);
		good = map_get(&cloud->spent_refreshes, serial) == NULL;
	}
	if (good && (cloud->faults.mask & SIM_FAULT_BIT(SIM_FAULT_DEAD_REFRESH))) {
		bool is_new; /* each refresh token is called dead once, at most */
		map_put(&cloud->complained, serial, &is_new);
		if (is_new && sim_faults_pick(&cloud->faults, 2) == 0) {
			cloud->faults.n_struck[SIM_FAULT_DEAD_REFRESH]++;
			good = false;
		}
	}
	if (!good) {
		cloud_reply_oauth_error(request, 400, "invalid_grant", bad_refresh);
		return;
	}
	struct text body = { 0 };
	if (cloud->options.rotate_refresh) {
		map_put(&cloud->spent_refreshes, serial, NULL)->number = 1;
		cloud_add_tokens(cloud, &body, client, token.owner, token.scopes, token.by_device,
		    NULL, 0);
	} else {
		/* Webex says the full life again; the token's text cannot, so the old
		 * one's own end is told. */
		cloud_add_tokens(cloud, &body, client, token.owner, token.scopes, token.by_device,
		    cloud->options.omit_refresh ? "" : text, token.expires_ms);
	}
	mem_wipe(text, sizeof text);
	cloud_reply_json(request, 200, &body);
}

void serve_access_token(struct cloud_request *request)
{
	enum cloud_client client;
	char type[CLOUD_WORD_BYTES];
	cloud_form(request, "grant_type", type);
	if (type[0] == '\0') {
		cloud_reply_oauth_error(request, 400, "invalid_request", "grant_type is required.");
		return;
	}
	if (!cloud_client_is_right(request, &client, false))
		return;
	if (strcmp(type, "refresh_token") == 0)
		refresh(request, client);
	else if (strcmp(type, "authorization_code") == 0 && client == CLOUD_INTEGRATION)
		spend_code(request);
	else
		cloud_reply_oauth_error(request, 400, "unsupported_grant_type",
		    "The grant_type is not supported.");
}

/* ------------------------------------------------- Service App, remaining life */

void serve_application_token(struct cloud_request *request)
{
	struct cloud *cloud = request->cloud;
	size_t n;
	const char *bytes = http_visit_body(request->visit, &n);
	json_auto_t *body = NULL;
	if (!json_parse(bytes, n, &body, NULL) || !json_is_object(body)) {
		cloud_reply_error(request, 400, "The request body is not JSON.");
		return;
	}
	if (strcmp(request->segment[0], cloud->service_application_id) != 0 &&
	    strcmp(request->segment[0], cloud->service_client_id) != 0) {
		cloud_reply_error(request, 404, "The application was not found.");
		return;
	}
	if (!cloud_secret_equal(json_str(body, "clientId", ""), cloud->service_client_id) ||
	    !cloud_secret_equal(json_str(body, "clientSecret", ""), cloud->service_client_secret)) {
		cloud_reply_oauth_error(request, 401, "invalid_client",
		    "The client credentials are invalid.");
		return;
	}
	char uuid[UUID_BYTES];
	if (!webex_id_uuid(json_str(body, "targetOrgId", ""), uuid) ||
	    strcmp(uuid, cloud->org->uuid) != 0) {
		cloud_reply_error(request, 403, "The Service App is not authorized in this organization.");
		return;
	}
	struct text out = { 0 };
	cloud_add_tokens(cloud, &out, CLOUD_SERVICE_APP, CLOUD_OWNER_SERVICE, SERVICE_SCOPES, false,
	    NULL, 0);
	cloud_reply_json(request, 200, &out);
}

void serve_token_expiry(struct cloud_request *request)
{
	struct text body = { 0 };
	text_printf(&body, "{\"exp\":%lld}", (long long)request->token.expires_ms);
	cloud_reply_json(request, 200, &body);
}
