/* SPDX-License-Identifier: Apache-2.0
 *
 * _("text") is what a person reads, in the language asked for; N_("text")
 * marks a table's text, translated where it is shown. English is the msgid. */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

#include "base/base.h"

#define _(text)	  gettext(text)
#define N_(text) text

/*
 * Choose the language: "es", "en", or NULL for the environment's. Works on a
 * host that has only C.UTF-8, because LANGUAGE is heeded in any locale but
 * plain C. Call once, before any thread starts.
 */
void i18n_init(const char *language);
/*
 * Another language from now on ("": the environment's), while the program runs. Texts
 * that were given before stay valid, in their language. The way of gettext's manual:
 * LANGUAGE is set, and setting the domain makes it look again. Other threads may ask
 * for texts meanwhile: glibc puts the new value in the old one's place and frees neither.
 */
void i18n_change(const char *language);
const char *i18n_language(void);
/* es, en, and with a country or a character set: es_CO.UTF-8. */
bool i18n_knows(const char *language) MUST_USE; /* "es" or "en" */
/* The one of the two that this person reads; never NULL. */
const char *in_language(const char *en, const char *es);
/* A number with its decimal point as this person writes it, in place (text_comma). */
char *in_decimals(char *number);

#endif
