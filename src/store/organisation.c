/* SPDX-License-Identifier: Apache-2.0 */
#include "store/organisation.h"

#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/engine.h"

#define MARK "#organisation="

bool organisation_key_check(const char *key, struct fault *fault)
{
	size_t n = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-");
	bool ok = *key >= 'a' && *key <= 'z' && key[n] == '\0' && n < ORGANISATION_KEY_BYTES && strcmp(key, ORGANISATION_ALL) != 0;
	char shown[40];
	text_printable(shown, sizeof shown, key, strlen(key));
	return ok || fault_set(fault, FAULT_USAGE, _("\"%s\" is no key of an organisation: a small letter, then at most 30 small letters, digits and hyphens; not \"all\""), shown);
}

const char *organisation_in(const char *address, size_t *n_rest)
{
	const char *mark = strstr(address, MARK);
	*n_rest = mark != NULL ? (size_t)(mark - address) : strlen(address);
	return mark != NULL ? mark + strlen(MARK) : "";
}

char *organisation_address(const char *address, const char *key)
{
	size_t n;
	(void)organisation_in(address, &n);
	return mem_printf("%.*s%s%s", (int)n, address, *key != '\0' ? MARK : "", key);
}

char *store_file(const char *address)
{
	const char *path;
	size_t n;
	if (engine_for(address, &path) != &engine_sqlite)
		return NULL;
	const char *key = organisation_in(path, &n);
	if (*key == '\0' || strncmp(path, ":memory:", n) == 0)
		return mem_strndup(path, n);
	bool db = n > 3 && memcmp(path + n - 3, ".db", 3) == 0;
	return mem_printf("%.*s.%s%s", (int)(n - (db ? 3 : 0)), path, key, db ? ".db" : "");
}

bool organisation_found(const char *address, struct fault *fault)
{
	const char *rest;
	size_t n;
	char shown[80];
	const struct store_engine *engine = engine_for(address, &rest);
	store_address_shown(address, shown, sizeof shown);
	if (engine == NULL)
		return fault_set(fault, FAULT_USAGE, _("no store is opened by the address %s; use sqlite:PATH or postgresql://USER@HOST/DATABASE"), shown);
	return organisation_key_check(organisation_in(rest, &n), fault) && engine->found(rest, fault);
}
