/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/words.h"

#include <string.h>

static const char *const words[][2] = {
#define WORD_ROW(id, en, es) [id] = { en, es },
	TELL_WORDS(WORD_ROW)
#undef WORD_ROW
};

const char *tell_word(enum tell_word word, bool es)
{
	return words[word][es];
}

const char *tell_severity(enum severity severity, bool es)
{
	static const char *const names[][2] = { [SEVERITY_LOW] = { "low", "baja" }, [SEVERITY_MEDIUM] = { "medium", "media" },
		[SEVERITY_HIGH] = { "high", "alta" }, [SEVERITY_CRITICAL] = { "critical", "crítica" } };
	return names[severity][es];
}

const char *tell_state(enum alert_state state, bool es)
{
	static const char *const names[][2] = { [ALERT_NEW] = { "new", "nueva" }, [ALERT_IN_PROGRESS] = { "in progress", "en curso" },
		[ALERT_SNOOZED] = { "snoozed", "pospuesta" }, [ALERT_CLOSED] = { "closed", "cerrada" } };
	return names[state][es];
}

const char *tell_resolution(enum resolution resolution, bool es)
{
	static const char *const names[][2] = { [RESOLUTION_NONE] = { "", "" },
		[RESOLUTION_TRUE_IMPACT] = { "true positive, with impact", "verdadero positivo, con impacto" },
		[RESOLUTION_TRUE_NO_IMPACT] = { "true positive, without impact", "verdadero positivo, sin impacto" },
		[RESOLUTION_FALSE_POSITIVE] = { "false positive", "falso positivo" },
		[RESOLUTION_LEGITIMATE] = { "legitimate", "legítima" }, [RESOLUTION_DUPLICATE] = { "duplicate", "duplicada" },
		[RESOLUTION_UNKNOWN] = { "unknown", "desconocida" } };
	return names[resolution][es];
}

const char *tell_subject_kind(enum subject_kind kind, bool es)
{
	static const char *const names[][2] = { [SUBJECT_PERSON] = { "person", "persona" }, [SUBJECT_NUMBER] = { "number", "número" },
		[SUBJECT_DEVICE] = { "device", "dispositivo" }, [SUBJECT_TRUNK] = { "trunk", "troncal" }, [SUBJECT_SITE] = { "site", "sede" },
		[SUBJECT_SERVICE] = { "service", "servicio" }, [SUBJECT_ORG] = { "organisation", "organización" } };
	return kind <= SUBJECT_ORG ? names[kind][es] : "";
}

const char *tell_act(const char *act, bool es)
{
	static const char *const acts[][3] = { { "claim", "claimed", "tomada" }, { "ack", "acknowledged", "reconocida" },
		{ "assign", "assigned", "asignada" }, { "release", "released", "liberada" }, { "note", "a note", "una nota" },
		{ "snooze", "snoozed", "pospuesta" }, { "wake", "awake again", "activa otra vez" }, { "escalate", "escalated", "escalada" },
		{ "close", "closed", "cerrada" }, { "reopen", "open again", "reabierta" }, { "silence", "its like silenced", "silenciadas las similares" },
		{ "unsilence", "its like raised again", "activas otra vez las similares" }, { "tag", "tags changed", "etiquetas cambiadas" },
		{ "link", "joined a case", "unida a un caso" }, { "unlink", "left its case", "separada de su caso" },
		{ "merge", "closed as a duplicate", "cerrada como duplicada" }, { "undo", "an act undone", "acción deshecha" },
		{ "redo", "an act redone", "acción rehecha" } };
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		if (strcmp(acts[i][0], act) == 0)
			return acts[i][1 + es];
	}
	return act;
}
