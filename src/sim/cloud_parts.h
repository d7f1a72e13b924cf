/* SPDX-License-Identifier: Apache-2.0
 *
 * What the cloud*.c files share and nobody else sees: the server's state, a
 * request while it is served, and the ways to answer it. */
#ifndef SIM_CLOUD_PARTS_H
#define SIM_CLOUD_PARTS_H

#include "base/map.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/lane.h"
#include "sim/certificate.h"
#include "sim/cloud.h"

#define CLOUD_WORD_BYTES  2048 /* a form or query value */
#define CLOUD_TOKEN_BYTES 160
#define CLOUD_CODE_BYTES  80
#define CLOUD_URL_BYTES	  256
#define CLOUD_MAX_ROUTES  48

/* ----------------------------------------------------------------- scopes */

#define CLOUD_SCOPES(row)                                                     \
	row(CDR_READ, "spark-admin:calling_cdr_read")                         \
	row(ORGANIZATIONS_READ, "spark-admin:organizations_read")             \
	row(LOCATIONS_READ, "spark-admin:locations_read")                     \
	row(PEOPLE_READ, "spark-admin:people_read")                           \
	row(PEOPLE_WRITE, "spark-admin:people_write")                         \
	row(TELEPHONY_READ, "spark-admin:telephony_config_read")              \
	row(TELEPHONY_WRITE, "spark-admin:telephony_config_write")            \
	row(CALLS_READ, "spark-admin:calls_read")                             \
	row(CALLS_WRITE, "spark-admin:calls_write")                           \
	row(AUDIT_READ, "audit:events_read")                                  \
	row(ANALYTICS, "analytics:read_all")                                  \
	row(TOKENS_READ, "identity:tokens_read")                              \
	row(TOKENS_WRITE, "identity:tokens_write")                            \
	row(APPLICATIONS_TOKEN, "spark:applications_token")                   \
	row(MESSAGES_WRITE, "spark:messages_write")                           \
	row(KMS, "spark:kms")                                                 \
	row(PEOPLE_READ_SELF, "spark:people_read")                            \
	row(ALL, "spark:all")                                                 \
	row(OPENID, "openid") row(EMAIL, "email") row(PROFILE, "profile")

enum cloud_scope {
#define CLOUD_SCOPE_ENUM(id, name) CLOUD_SCOPE_##id,
	CLOUD_SCOPES(CLOUD_SCOPE_ENUM)
#undef CLOUD_SCOPE_ENUM
	CLOUD_N_SCOPES
};
#define SCOPE(id) (1u << CLOUD_SCOPE_##id)

/* "a b" → a mask; false when one is unknown. */
bool cloud_scopes_read(const char *list, unsigned *scopes) MUST_USE;
void cloud_scopes_add(struct text *out, unsigned scopes);

/* ----------------------------------------------------------------- tokens */

enum cloud_owner { CLOUD_OWNER_ADMIN, CLOUD_OWNER_SERVICE };
enum cloud_client { CLOUD_INTEGRATION, CLOUD_SERVICE_APP, CLOUD_PORTAL };

/* What a token says, readable from its text: a simulator that was started
 * again with its seed still knows the tokens it gave out. */
struct cloud_token {
	bool is_refresh;
	enum cloud_owner owner;
	enum cloud_client client;
	bool by_device;
	unsigned scopes;
	int64_t expires_ms;
	uint64_t serial;
};

void cloud_token_write(const struct cloud *, const struct cloud_token *,
    char out[static CLOUD_TOKEN_BYTES]);
/* False when it is not ours. Does not look at the time. */
bool cloud_token_read(const struct cloud *, const char *text, struct cloud_token *out) MUST_USE;

/* ---------------------------------------------------------------- request */

struct cloud_request;
typedef void (*cloud_serve_fn)(struct cloud_request *);

enum {
	ROUTE_TOKEN = 1 << 0,	/* needs a bearer, and one of .scopes when not 0 */
	ROUTE_RECORDS = 1 << 1, /* errors in the shape of the CDR hosts */
	ROUTE_FORM = 1 << 2,	/* takes a form or shows a page: no faults on its body */
	ROUTE_QUIET = 1 << 3,	/* never a fault */
};

struct cloud_route {
	const char *method, *pattern; /* "/v1/people/{}" */
	cloud_serve_fn serve;
	unsigned flags;
	unsigned scopes; /* any of these will do; 0: any token */
};

#define CLOUD_MAX_SEGMENTS 3
struct cloud_request {
	struct cloud *cloud;
	struct http_visit *visit;
	const struct cloud_route *route; /* NULL: unknown path */
	bool other_region;		 /* came in by the other port */
	char segment[CLOUD_MAX_SEGMENTS][512];
	struct cloud_token token;
	char tracking_id[100];
	const char *query, *form; /* form: "" unless urlencoded */
	struct text headers;	  /* more of the answer's, lines ended by '\n' */
};

/* A query or form value; "" when absent or when it does not fit. */
const char *cloud_query(const struct cloud_request *, const char *name,
    char out[static CLOUD_WORD_BYTES]);
const char *cloud_form(const struct cloud_request *, const char *name,
    char out[static CLOUD_WORD_BYTES]);

/* Our address as the client knows it: links must lead where it came from. */
const char *cloud_own_url(const struct cloud_request *, char out[static CLOUD_URL_BYTES]);

/* Each takes the request; `body`'s memory is taken and the text emptied. */
void cloud_reply_json(struct cloud_request *, int status, struct text *body);
void cloud_reply_html(struct cloud_request *, int status, struct text *body);
void cloud_reply_nothing(struct cloud_request *, int status);
void cloud_reply_error(struct cloud_request *, int status, const char *sentence);
/* error: RFC 6749's word. Body in one of the two shapes, or in turns. */
void cloud_reply_oauth_error(struct cloud_request *, int status, const char *error,
    const char *sentence);

/* Which of the `allowed` faults strikes this request, or SIM_N_FAULTS. */
enum sim_fault cloud_strike(struct cloud_request *, unsigned allowed);

void cloud_header(struct cloud_request *, const char *format, ...) PRINTF_LIKE(2, 3);
void cloud_add_string(struct text *out, const char *name, const char *value); /* and a comma */
void cloud_html_escape(struct text *out, const char *string);
void cloud_id(const char *kind, const char *uuid, struct text *out); /* with quotes */

/* ------------------------------------------------------------- the server */

struct device_grant;
struct day_cache;
struct sim_legs;
struct live;

/* A code of the authorize page, until it is spent. */
struct auth_code {
	char code[CLOUD_CODE_BYTES];
	char *redirect_uri, *challenge; /* challenge NULL: no PKCE */
	bool s256, used;
	unsigned scopes;
	int64_t until_ms;
};

struct rate {
	int64_t initial_ms;	 /* when the last initial call was */
	int64_t page_ms[64];	 /* a ring of the last page calls */
	size_t n_pages;
};

struct cloud {
	struct cloud_options options;
	struct clock real_clock;
	uv_loop_t *loop;
	struct certificate certificate;
	struct http_server *server, *other_server;
	struct traffic *traffic;
	const struct sim_org *org;
	struct sim_faults faults;
	int64_t skew_ms;
	unsigned char key[32]; /* of tokens */
	uint64_t n_serials, n_answers, n_errors;
	uint64_t n_asked[CLOUD_MAX_ROUTES]; /* requests, by route */
	uint64_t n_limited; /* … for records, refused because they came too soon */
	char org_id[200];
	int admin; /* in org->people */

	char client_id[80], client_secret[80], service_client_id[80], service_client_secret[80];
	char service_application_id[200];
	char service_refresh[CLOUD_TOKEN_BYTES], service_access[CLOUD_TOKEN_BYTES];
	char personal[CLOUD_TOKEN_BYTES];
	struct cloud_credentials credentials;

	struct auth_code codes[64]; /* the oldest goes first */
	size_t n_codes;
	struct device_grant *device_grants;
	struct map spent_refreshes; /* serials of refresh tokens that were rotated away */
	struct map complained;	    /* dead_refresh has struck these serials */
	struct map settings;	    /* "UUID/feature" → json_t, of lines that somebody asked for */

	struct rate rates[2]; /* by owner */
	struct lane *lane;
	struct day_cache *days; /* the lane's */
	struct live *live;

	int n_stopping;
	void (*on_stopped)(void *);
	void *stopped_arg;
};

/* For what a person waits for: real time, unless the clock stands still. */
int64_t cloud_patience_ms(const struct cloud *);
/* A simulated wait in whole seconds a client should sleep, at least 1. */
int64_t cloud_real_seconds(const struct cloud *, int64_t simulated_ms);
uint64_t cloud_serial(struct cloud *);
/* n hexadecimal digits from the seed and a serial. */
void cloud_hex(const struct cloud *, const char *purpose, uint64_t serial, size_t n, char *out);
void cloud_uuid(const struct cloud *, const char *purpose, uint64_t serial, char out[static 37]);

/* cloud_door.c: a visitor at our port, or at the other region's. */
void cloud_home_visit(struct http_visit *, void *cloud);
void cloud_other_visit(struct http_visit *, void *cloud);

/* cloud_oauth.c, cloud_device.c */
void cloud_oauth_init(struct cloud *);
void cloud_oauth_clear(struct cloud *);
void serve_authorize_page(struct cloud_request *);
void serve_authorize_decision(struct cloud_request *);
void serve_access_token(struct cloud_request *);
void serve_application_token(struct cloud_request *);
void serve_token_expiry(struct cloud_request *);
void cloud_add_tokens(struct cloud *, struct text *out, enum cloud_client client,
    enum cloud_owner owner, unsigned scopes, bool by_device, const char *keep_refresh,
    int64_t keep_refresh_until_ms);
/* Client id and secret of a form or a Basic header. False: it was answered. */
bool cloud_client_is_right(struct cloud_request *, enum cloud_client *out, bool basic_only);
bool cloud_secret_equal(const char *a, const char *b);
void cloud_device_clear(struct cloud *);
void serve_device_authorize(struct cloud_request *);
void serve_device_token(struct cloud_request *);
void serve_verify_page(struct cloud_request *);
void serve_verify_decision(struct cloud_request *);

/* cloud_people.c */
void serve_people(struct cloud_request *);
void serve_person(struct cloud_request *);
void serve_me(struct cloud_request *);
void serve_organizations(struct cloud_request *);
void serve_organization(struct cloud_request *);
void serve_locations(struct cloud_request *);
void serve_telephony_locations(struct cloud_request *);

/* cloud_settings.c */
void serve_setting(struct cloud_request *);
void serve_setting_update(struct cloud_request *);
void cloud_settings_clear(struct cloud *);

/* cloud_cdr.c, cloud_days.c */
void serve_cdr_feed(struct cloud_request *);
void serve_cdr_stream(struct cloud_request *);
struct day_cache *day_cache_new(void);
void day_cache_free(struct day_cache *);
/* Lane only. late_only: what arrived after the day was over will do. Makes the
 * day when it is not there; good until a call with another first..last: the
 * days that one request needs, none of which is evicted. */
const struct sim_legs *day_cache_get(struct day_cache *, const struct traffic *, int64_t day,
    bool late_only, int64_t first, int64_t last);

/* cloud_audit.c */
void serve_admin_audit(struct cloud_request *);

/* cloud_live.c, cloud_webhooks.c */
bool live_start(struct cloud *, struct fault *) MUST_USE;
void live_free(struct cloud *); /* when the lane is closed */
void live_stop(struct cloud *, void (*on_stopped)(struct cloud *));
void serve_member_calls(struct cloud_request *);
void serve_member_call(struct cloud_request *);
void serve_member_hangup(struct cloud_request *);
void serve_webhooks(struct cloud_request *);
void serve_webhook_create(struct cloud_request *);
void serve_webhook(struct cloud_request *);
void serve_webhook_update(struct cloud_request *);
void serve_webhook_delete(struct cloud_request *);
void serve_interests(struct cloud_request *);
void serve_interests_register(struct cloud_request *);
void serve_interests_delete(struct cloud_request *);

#endif
