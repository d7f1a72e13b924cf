/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of what is told. Each destination has its language, and gettext has
 * one for the whole program: so both stand here, side by side. */
#ifndef NOTIFY_WORDS_H
#define NOTIFY_WORDS_H

#include "alerts/notice.h"

#define TELL_WORDS(row)                                                                      \
	row(WORD_ALERT, "Alert", "Alerta")                                                   \
	row(WORD_SEVERITY, "Severity", "Severidad")                                          \
	row(WORD_SUBJECT, "Who", "Quién")                                                    \
	row(WORD_SITE, "Site", "Sede")                                                       \
	row(WORD_WHY, "Why", "Por qué")                                                      \
	row(WORD_WHEN, "When", "Cuándo")                                                     \
	row(WORD_RECORDS, "Records", "Registros")                                            \
	row(WORD_COST, "Estimated cost", "Costo estimado")                                   \
	row(WORD_STATE, "State", "Estado")                                                   \
	row(WORD_BY, "By", "Por")                                                            \
	row(WORD_RESOLUTION, "Closed as", "Cerrada como")                                    \
	row(WORD_SEVERITIES, "By severity", "Por severidad")                                 \
	row(WORD_RULES, "By rule", "Por regla")                                              \
	row(WORD_SITES, "By site", "Por sede")                                               \
	row(WORD_STRONGEST, "Strongest", "Las más fuertes")                                  \
	row(WORD_REOPENED, "Open again", "Reabierta")                                        \
	row(WORD_WORSE, "Worse", "Empeoró")                                                  \
	row(WORD_CLOSED, "Closed", "Cerrada")                                                \
	row(WORD_SOMEBODY, "an analyst", "un analista")                                      \
	row(WORD_NOTICES, "notices about", "avisos sobre")                                   \
	row(WORD_ALERTS, "alerts", "alertas")                                                \
	row(WORD_SINCE, "since", "desde")                                                    \
	row(WORD_OTHERS, "others", "otras")                                                  \
	row(WORD_NO_SITE, "no site", "sin sede")                                             \
	row(WORD_TEST, "TEST", "PRUEBA")                                                     \
	row(WORD_SHOW, "More: centinela alerts show", "Más: centinela alerts show")          \
	row(WORD_QUEUE, "More: centinela alerts list", "Más: centinela alerts list")

enum tell_word {
#define WORD_ENUM(id, en, es) id,
	TELL_WORDS(WORD_ENUM)
#undef WORD_ENUM
};

const char *tell_word(enum tell_word, bool es);
const char *tell_severity(enum severity, bool es);
const char *tell_state(enum alert_state, bool es);
const char *tell_resolution(enum resolution, bool es);
const char *tell_subject_kind(enum subject_kind, bool es);
/* An act of the audit log: "claim" → "claimed", "tomada". */
const char *tell_act(const char *act, bool es);

#endif
