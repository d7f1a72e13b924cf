/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/places.h"
#include "base/text.h"

/* Lanes ask, too. */
static const char *_Atomic chosen = "en";
static const char *environment; /* what it said before LANGUAGE was set here */

static const char *from_environment(void)
{
	static const char *const names[] = { "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return strncmp(value, "es", 2) == 0 ? "es" : "en";
	}
	return "en";
}

static void choose(const char *language)
{
	chosen = strncmp(language, "es", 2) == 0 ? "es" : "en";
	setenv("LANGUAGE", chosen, 1);
}

void i18n_init(const char *language)
{
	if (environment == NULL || language == NULL || *language == '\0')
		environment = from_environment();
	choose(language != NULL && *language != '\0' ? language : environment);
	/* C.UTF-8 is built into glibc since 2.35, so this cannot miss on
	 * Debian 12; numbers keep the C form for files and --json. */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "C.UTF-8");
	const char *catalogues = access(CENTINELA_BUILD_LOCALE, R_OK) == 0 ?
	    CENTINELA_BUILD_LOCALE : CENTINELA_INSTALL_LOCALE;
	bindtextdomain("centinela", catalogues);
	bind_textdomain_codeset("centinela", "UTF-8");
	textdomain("centinela");
}

void i18n_change(const char *language)
{
	choose(*language != '\0' ? language : environment);
	textdomain("centinela");
}

bool i18n_knows(const char *language)
{
	return (strncmp(language, "es", 2) == 0 || strncmp(language, "en", 2) == 0) && (language[2] == '\0' || strchr("_-.@", language[2]) != NULL);
}

const char *i18n_language(void)
{
	return chosen;
}

const char *in_language(const char *en, const char *es)
{
	bool spanish = strcmp(i18n_language(), "es") == 0;
	const char *first = spanish ? es : en, *second = spanish ? en : es;
	if (first != NULL && *first != '\0')
		return first;
	return second != NULL ? second : "";
}

char *in_decimals(char *number)
{
	return strcmp(i18n_language(), "es") == 0 ? text_comma(number) : number;
}
