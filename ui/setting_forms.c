/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/setting_forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/organisation.h"
#include "store/token_rows.h"
#include "ui/attention.h"

bool setting_duration(const char *value, int64_t *ms)
{
	size_t n = strlen(value);
	if (n <= 2 || strcmp(value + n - 2, "ms") != 0)
		return text_to_duration_ms(value, ms);
	char *digits = mem_strndup(value, n - 2);
	bool ok = text_to_int(digits, 0, INT32_MAX, ms);
	free(digits);
	return ok;
}

/* ---- ranges -------------------------------------------------------------------------- */

struct range {
	int64_t low, high;
	char low_text[16], high_text[16];
	bool zero; /* which stands for "not at all" or "for ever" */
};

static bool read_end(const char *text, bool duration, int64_t *out)
{
	return duration ? setting_duration(text, out) : text_to_int(text, 0, INT64_MAX, out);
}

/* The table's own text: test_options reads each of them. */
static bool read_range(const char *allows, bool duration, struct range *range)
{
	char zero[8] = "";
	*range = (struct range){ 0 };
	if (sscanf(allows, "%15[0-9a-z]..%15[0-9a-z] or %7s", range->low_text, range->high_text, zero) < 2)
		return false;
	range->zero = strcmp(zero, "0") == 0;
	return read_end(range->low_text, duration, &range->low) && read_end(range->high_text, duration, &range->high) && range->low < range->high;
}

bool setting_number_fits(const char *key, const char *allows, int64_t value, bool duration, struct fault *fault)
{
	struct range range;
	if (*allows == '\0')
		return true;
	bool known = read_range(allows, duration, &range);
	assert(known);
	UNUSED(known);
	if ((value >= range.low && value <= range.high) || (range.zero && value == 0))
		return true;
	return fault_set(fault, FAULT_USAGE, range.zero ? _("%s is from %s to %s, or 0") : _("%s is from %s to %s"), key, range.low_text, range.high_text);
}

/* ---- forms of texts -------------------------------------------------------------------- */

#define AFTER_COMMA(id, word) ", " word
static const char ways[] = ATTENTION_WAYS(AFTER_COMMA), scopes[] = TOKEN_SCOPES(AFTER_COMMA);
#undef AFTER_COMMA
enum { FIRST = 2 }; /* of these: behind a comma and a blank */

static bool is_address(const char *key, const char *value, struct fault *fault)
{
	const char *colon = strrchr(value, ':');
	int64_t port;
	bool bracketed = *value == '[' && colon != NULL && colon > value && colon[-1] == ']';
	size_t n = colon == NULL ? 0 : (size_t)(colon - value);
	bool ok = n > (bracketed ? 2u : 0u) && n < 64 && text_to_int(colon + 1, 0, 65535, &port);
	return ok || fault_set(fault, FAULT_USAGE, _("%s is ADDRESS:PORT, as 127.0.0.1:8719 is, not \"%.60s\""), key, value);
}

/* With a host, and with nothing in it that ends a line or a word. */
static bool is_url(const char *value, bool https)
{
	const char *host = text_starts_with(value, "https://") ? value + 8 : !https && text_starts_with(value, "http://") ? value + 7 : "";
	if (*host == '\0' || *host == '/' || *host == ':')
		return false;
	for (const char *p = host; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == '"' || *p == '\\')
			return false;
	return true;
}

static bool is_any_url(const char *key, const char *value, struct fault *fault)
{
	return is_url(value, false) || fault_set(fault, FAULT_USAGE, _("%s is an address such as https://host/path"), key);
}

static bool is_https_url(const char *key, const char *value, struct fault *fault)
{
	return is_url(value, true) || fault_set(fault, FAULT_USAGE, _("%s is an address such as https://host/path, by https"), key);
}

static bool is_language(const char *key, const char *value, struct fault *fault)
{
	UNUSED(key);
	return i18n_knows(value) || fault_set(fault, FAULT_USAGE, "%s", _("language is es or en"));
}

static bool is_ways(const char *key, const char *value, struct fault *fault)
{
	struct attention attention;
	UNUSED(key);
	return attention_init(&attention, value, false, fault);
}

static bool is_scope(const char *key, const char *value, struct fault *fault)
{
	enum token_scope scope;
	return token_scope_named(value, &scope) || fault_set(fault, FAULT_USAGE, _("%s is one of %s"), key, scopes + FIRST);
}

static bool is_organisation(const char *key, const char *value, struct fault *fault)
{
	UNUSED(key);
	return strcmp(value, ORGANISATION_ALL) == 0 || organisation_key_check(value, fault);
}

static const struct {
	const char *name;
	bool (*fits)(const char *key, const char *value, struct fault *);
	const char *says; /* NULL: what the setting means says it */
} forms[] = {
	{ "address", is_address, NULL },
	{ "url", is_any_url, N_("http:// or https://") },
	{ "https url", is_https_url, "https://" },
	{ "language", is_language, N_("es or en") },
	{ "ways", is_ways, ways + FIRST },
	{ "scope", is_scope, scopes + FIRST },
	{ "organisation", is_organisation, NULL },
};

bool setting_text_fits(const char *key, const char *allows, const char *value, struct fault *fault)
{
	if (*allows == '\0' || *value == '\0')
		return true;
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (strcmp(forms[i].name, allows) == 0)
			return forms[i].fits(key, value, fault);
	assert(false); /* the table names another form */
	return false;
}

/* ---- for people --------------------------------------------------------------------------- */

static void say_allowed(const char *allows, struct text *out)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if (strcmp(forms[i].name, allows) != 0)
			continue;
		if (forms[i].says != NULL)
			text_puts(out, _(forms[i].says));
		return;
	}
	size_t n = strlen(allows);
	if (text_ends_with(allows, " or 0"))
		text_printf(out, _("%.*s or 0"), (int)(n - 5), allows);
	else
		text_puts(out, allows);
}

char *setting_described(const char *help, const char *otherwise, const char *allows, const char *quote)
{
	struct text allowed = { 0 }, out = { 0 };
	bool plain = *quote == '\0', known = *otherwise != '\0';
	say_allowed(allows, &allowed);
	text_puts(&out, _(help));
	if (known || allowed.n > 0)
		text_printf(&out, " %s%s%s%s%s%s%s", plain ? "[" : "(", known ? quote : "", otherwise, known ? quote : "",
		    known && allowed.n > 0 ? "; " : "", text_string(&allowed), plain ? "]" : ")");
	char *said = mem_strdup(text_string(&out));
	text_clear(&allowed);
	text_clear(&out);
	return said;
}
