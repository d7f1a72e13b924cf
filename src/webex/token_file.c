/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/token_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/file.h"

enum { MOST = 64 * 1024, MOST_TOKEN = 16 * 1024 };

void token_clear(struct token *token)
{
	mem_free_secret(token->access);
	mem_free_secret(token->refresh);
	free(token->scope);
	free(token->kind);
	memset(token, 0, sizeof *token);
}

void token_copy(struct token *out, const struct token *token)
{
	*out = *token;
	out->access = mem_strdup(token->access);
	out->refresh = mem_strdup(token->refresh);
	out->scope = mem_strdup(token->scope);
	out->kind = mem_strdup(token->kind);
}

bool token_has_expired(const struct token *token, int64_t now_ms)
{
	return token->access_expires_ms != 0 && now_ms >= token->access_expires_ms;
}

bool token_is_due(const struct token *token, int64_t now_ms)
{
	if (token->refresh == NULL)
		return false;
	if (token->access == NULL || now_ms - token->obtained_ms >= 30 * DAY_MS)
		return true;
	if (token->access_expires_ms == 0)
		return false;
	int64_t life_ms = token->access_expires_ms - token->obtained_ms;
	/* A token that lives less than ten minutes: half of its life. */
	int64_t margin_ms = MIN(MAX(5 * MINUTE_MS, life_ms / 10), life_ms / 2);
	return now_ms >= token->access_expires_ms - margin_ms;
}

bool token_needs_person_soon(const struct token *token, int64_t now_ms)
{
	if (token->access == NULL && token->refresh == NULL)
		return true;
	if (token->refresh != NULL)
		return token->refresh_expires_ms != 0 &&
		    now_ms >= token->refresh_expires_ms - 14 * DAY_MS;
	return token->access_expires_ms != 0 && now_ms >= token->access_expires_ms - DAY_MS;
}

/* A token travels in a header: printable ASCII without blanks. NULL: none. */
static bool copy_token(const json_t *object, const char *key, char **out, struct fault *fault)
{
	const char *value = json_str(object, key, "");
	size_t n = strlen(value);
	*out = NULL;
	if (n == 0)
		return true;
	if (n > MOST_TOKEN)
		return fault_set(fault, FAULT_INPUT, _("%s is too long to be a token"), key);
	for (size_t i = 0; i < n; i++)
		if (value[i] <= 0x20 || value[i] >= 0x7F)
			return fault_set(fault, FAULT_INPUT, _("%s holds what no token may hold"), key);
	*out = mem_strdup(value);
	return true;
}

/* Seconds from now on, absent or unreasonable: 0. */
static int64_t expiry_ms(const json_t *object, const char *key, int64_t now_ms)
{
	int64_t seconds = json_int(object, key, 0);
	return seconds > 0 && seconds < INT64_C(10) * 366 * 86400 ? now_ms + seconds * SECOND_MS : 0;
}

bool token_read_answer(const char *bytes, size_t n, const struct token *before, const char *kind,
    int64_t now_ms, struct token *out, struct fault *fault)
{
	json_auto_t *answer = NULL;
	memset(out, 0, sizeof *out);
	if (bytes == NULL || !json_parse(bytes, n, &answer, fault))
		return fault_set(fault, FAULT_NETWORK, _("Webex's answer to a token request is not JSON"));
	if (!copy_token(answer, "access_token", &out->access, fault) ||
	    !copy_token(answer, "refresh_token", &out->refresh, fault)) {
		token_clear(out);
		return false;
	}
	if (out->access == NULL) {
		token_clear(out);
		return fault_set(fault, FAULT_NETWORK, _("Webex's answer to a token request holds no token"));
	}
	out->obtained_ms = now_ms;
	out->access_expires_ms = expiry_ms(answer, "expires_in", now_ms);
	out->refresh_expires_ms = expiry_ms(answer, "refresh_token_expires_in", now_ms);
	if (out->refresh == NULL && before != NULL) {
		out->refresh = mem_strdup(before->refresh);
		if (out->refresh_expires_ms == 0)
			out->refresh_expires_ms = before->refresh_expires_ms;
	}
	const char *scope = json_str(answer, "scope", NULL);
	if (scope == NULL && before != NULL)
		scope = before->scope;
	out->scope = mem_strdup(scope != NULL ? scope : "");
	out->kind = mem_strdup(before != NULL && before->kind != NULL ? before->kind : kind);
	return true;
}

static int64_t time_of(const json_t *object, const char *key)
{
	int64_t ms;
	const char *text = json_str(object, key, "");
	return iso_time_parse(text, strlen(text), &ms) ? ms : 0;
}

bool token_file_read(const char *path, struct token *out, struct fault *fault)
{
	char *bytes;
	size_t n;
	memset(out, 0, sizeof *out);
	if (!file_read_secret(path, MOST, &bytes, &n, fault))
		return false;
	json_auto_t *file = NULL;
	bool good = json_parse(bytes, n, &file, fault) &&
	    copy_token(file, "access_token", &out->access, fault) &&
	    copy_token(file, "refresh_token", &out->refresh, fault);
	mem_wipe(bytes, n);
	free(bytes);
	if (good && out->access == NULL && out->refresh == NULL)
		good = fault_set(fault, FAULT_INPUT, _("it holds no token"));
	if (!good) {
		token_clear(out);
		return fault_context(fault, "the sign-in kept in %s cannot be read", path);
	}
	out->scope = mem_strdup(json_str(file, "scope", ""));
	out->kind = mem_strdup(json_str(file, "kind", ""));
	out->obtained_ms = time_of(file, "obtained");
	out->access_expires_ms = time_of(file, "expires");
	out->refresh_expires_ms = time_of(file, "refresh_expires");
	return true;
}

static void add_time(struct text *text, const char *key, int64_t ms)
{
	char iso[ISO_TIME_BYTES];
	if (ms != 0)
		text_printf(text, ",\n  \"%s\": \"%s\"", key, iso_time_format(ms, iso));
}

static void add_string(struct text *text, const char *key, const char *value)
{
	if (value == NULL)
		return;
	text_printf(text, ",\n  \"%s\": ", key);
	json_quote(text, value);
}

bool token_file_write(const char *path, const struct token *token, struct fault *fault)
{
	/* Large enough at once: growing would leave copies behind. */
	size_t room = MOST + 6 * (token->scope != NULL ? strlen(token->scope) : 0);
	struct text text = { .bytes = mem_zalloc(room), .capacity = room };
	text_puts(&text, "{\n  \"version\": 1");
	add_string(&text, "access_token", token->access);
	add_string(&text, "refresh_token", token->refresh);
	add_string(&text, "scope", token->scope);
	add_string(&text, "kind", token->kind);
	add_time(&text, "obtained", token->obtained_ms);
	add_time(&text, "expires", token->access_expires_ms);
	add_time(&text, "refresh_expires", token->refresh_expires_ms);
	text_puts(&text, "\n}\n");
	bool done = file_make_folders(path, fault) && file_write(path, text.bytes, text.n, 0600, fault);
	mem_wipe(text.bytes, text.capacity);
	text_clear(&text);
	return done;
}

bool token_file_remove(const char *path, struct fault *fault)
{
	if (unlink(path) != 0 && errno != ENOENT)
		return fault_set(fault, FAULT_SYSTEM, _("cannot remove %s: %s"), path, strerror(errno));
	return true;
}

bool token_file_lock(const char *path, int *fd, struct fault *fault)
{
	char *lock = mem_printf("%s.lock", path);
	bool held = false;
	*fd = -1;
	if (!file_make_folders(path, fault))
		goto out;
	*fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		fault_set(fault, FAULT_SYSTEM, _("cannot open %s: %s"), lock, strerror(errno));
	else if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		held = true;
	else if (errno == EWOULDBLOCK)
		fault_set(fault, FAULT_CONFLICT, _("another process is refreshing the sign-in"));
	else
		fault_set(fault, FAULT_SYSTEM, _("cannot lock %s: %s"), lock, strerror(errno));
	if (!held && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
out:
	free(lock);
	return held;
}
