/* SPDX-License-Identifier: Apache-2.0
 *
 * The board's rules and its lab, where changes of them are tried. Part of screen_board.h. */
#ifndef BOARD_RULES_H
#define BOARD_RULES_H

static struct rule_card cards[] = {
	{ "irsf_burst", "IRSF: bursts to an expensive range", "IRSF: ráfagas a un rango caro", 41, 2, { [RESOLUTION_TRUE_IMPACT] = 21,
	    [RESOLUTION_TRUE_NO_IMPACT] = 9, [RESOLUTION_FALSE_POSITIVE] = 5, [RESOLUTION_LEGITIMATE] = 3, [RESOLUTION_DUPLICATE] = 1 }, 6 * MINUTE_MS, 11 * MINUTE_MS },
	{ "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", 212, 0,
	    { [RESOLUTION_FALSE_POSITIVE] = 118, [RESOLUTION_TRUE_NO_IMPACT] = 84 }, 0, 4 * MINUTE_MS },
	{ "wangiri", "Wangiri: one ring to many people", "Wangiri: un timbrazo a mucha gente", 3, 3, { 0 }, 23 * MINUTE_MS, -1 },
	{ "old_rule", "Calls to a list that nobody keeps any more", "Llamadas a una lista que ya nadie mantiene", 9, 0,
	    { [RESOLUTION_LEGITIMATE] = 9 }, 40 * SECOND_MS, MINUTE_MS },
};

static const char *const rule_tags[] = { "attack.impact", "attack.t1496.003" };
static const char *const rule_causes[] = { "A campaign abroad that nobody announced.", "Tests of a carrier." };
static const char *const rule_causes_es[] = { "Una campaña en el extranjero que nadie anunció.", "Pruebas de un operador." };
static const char *const rule_steps_en[] = { "Ask the person, by another way than this line, whether the calls are theirs.",
	"Block the range in the outgoing permissions of the site, and change the PIN of the voice mailbox.",
	"Write to the carrier within the day: what is disputed early is not paid." };
static const char *const rule_steps_es[] = { "Pregunte a la persona, por otra vía que esta línea, si las llamadas son suyas.",
	"Bloquee el rango en los permisos de salida de la sede y cambie el PIN del buzón.",
	"Escriba al operador el mismo día: lo que se disputa pronto no se paga." };
#define RULE_WORDS(words) { words, COUNT_OF(words) }
#define RULE_EN "Many calls to one range abroad that pays whoever owns it, within minutes and from one line."
#define RULE_ES "Muchas llamadas en minutos, desde una línea, a un rango del exterior que paga a su dueño."
static struct rule_page rule_pages[] = {
	{ "irsf_burst", "IRSF: bursts to an expensive range", "IRSF: ráfagas a un rango caro", RULE_EN, RULE_ES, "stable",
	    "data/rules/irsf_burst.yml", SEVERITY_CRITICAL, true, 5, RULE_WORDS(rule_tags), RULE_WORDS(rule_causes), RULE_WORDS(rule_causes_es),
	    RULE_WORDS(rule_steps_en), RULE_WORDS(rule_steps_es) },
	{ "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", RULE_EN, RULE_ES, "test",
	    "data/rules/night_calls.yml", SEVERITY_MEDIUM, false, 3, RULE_WORDS(rule_tags), { 0 }, { 0 }, { 0 }, { 0 } },
	{ "wangiri", "Wangiri: one ring to many people", "Wangiri: un timbrazo a mucha gente", RULE_EN, RULE_ES, "stable",
	    "data/rules/wangiri.yml", SEVERITY_HIGH, true, 4, RULE_WORDS(rule_tags), { 0 }, { 0 }, { 0 }, { 0 } },
	{ "pin_guessing", "Somebody guesses the PIN of a voice mailbox, again and again, from outside",
	    "Alguien adivina el PIN de un buzón de voz, una y otra vez, desde fuera", RULE_EN, RULE_ES, "experimental",
	    "data/rules/pin_guessing.yml", SEVERITY_HIGH, true, 0, RULE_WORDS(rule_tags), { 0 }, { 0 }, { 0 }, { 0 } },
	{ "no_record", "A site falls silent", "Una sede se queda en silencio", RULE_EN, RULE_ES, "test",
	    "data/rules/no_record.yml", SEVERITY_LOW, true, 2, { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
};

void history_rule_cards(struct history *h, int64_t since_ms,
    void (*on_answer)(void *, const struct rule_cards *, const struct fault *), void *arg)
{
	static struct rule_card copy[COUNT_OF(cards)];
	struct rule_cards list = { copy, fake.no_rules ? 0 : COUNT_OF(cards) };
	UNUSED(h);
	UNUSED(since_ms);
	memcpy(copy, cards, sizeof copy);
	if (!fake.silent)
		on_answer(arg, fake.fault.code != FAULT_NONE ? NULL : &list, fake.fault.code != FAULT_NONE ? &fake.fault : NULL);
}

void history_rule_book(struct history *h, void (*on_answer)(void *, const struct rule_book *, const struct fault *), void *arg)
{
	static const char *scenarios[] = { "breakout", "irsf_weekend", "tdos", "wangiri" };
	struct rule_book book = { rule_pages, fake.no_rules ? 0 : COUNT_OF(rule_pages), scenarios, COUNT_OF(scenarios), "" };
	UNUSED(h);
	if (!fake.silent)
		on_answer(arg, fake.fault.code != FAULT_NONE ? NULL : &book, fake.fault.code != FAULT_NONE ? &fake.fault : NULL);
}

/* ---- lab -------------------------------------------------------------------- */

const struct lab_trial *lab_trial(const struct lab *lab)
{
	return &lab->trial;
}

uint64_t lab_version(const struct lab *lab)
{
	return lab->version;
}

static bool fake_begin(struct lab *lab, const struct lab_trial *trial)
{
	if (lab->trial.state == LAB_RUNNING)
		return false;
	lab->trial = *trial;
	lab->trial.state = LAB_RUNNING;
	lab->version++;
	return true;
}

bool lab_replay(struct lab *lab, int64_t since_ms, const char *folder)
{
	struct lab_trial trial = { .kind = LAB_REPLAY, .since_ms = since_ms, .percent = 43 };
	snprintf(trial.folder, sizeof trial.folder, "%s", folder);
	return fake_begin(lab, &trial);
}

bool lab_rehearse(struct lab *lab, const char *scenario)
{
	struct lab_trial trial = { .kind = LAB_REHEARSAL, .percent = 7 };
	snprintf(trial.scenario, sizeof trial.scenario, "%s", scenario);
	return fake_begin(lab, &trial);
}

bool lab_tune(struct lab *lab, int64_t alert_id, const char *who)
{
	assert(strcmp(who, "ana") == 0); /* the key fuzzer has no checks */
	UNUSED(who);
	return fake_begin(lab, &(struct lab_trial){ .kind = LAB_TUNING, .alert_id = alert_id, .percent = 61 });
}

void lab_cancel(struct lab *lab)
{
	if (lab->trial.state == LAB_RUNNING)
		lab->trial.state = LAB_CANCELLED;
	lab->version++;
}

/* The trial comes to its end; with a sentence: to a bad one. */
static inline void fake_end_trial(const char *sentence)
{
	struct lab *lab = &fake.lab;
	lab->version++;
	if (lab->trial.state != LAB_RUNNING)
		return;
	lab->trial.state = sentence == NULL ? LAB_DONE : LAB_FAILED;
	if (sentence != NULL)
		fault_fill(&lab->trial.fault, FAULT_STORE, "%s", sentence);
	lab->has_replayed |= sentence == NULL && lab->trial.kind == LAB_REPLAY;
	lab->has_tuned |= sentence == NULL && lab->trial.kind == LAB_TUNING;
	lab->has_rehearsed |= sentence == NULL && lab->trial.kind == LAB_REHEARSAL;
}

const struct replay_result *lab_replayed(const struct lab *lab)
{
	static struct replay_rule rules[] = {
		{ "night_calls", "", "", 140, 131, 9, 81, 0, { [RESOLUTION_FALSE_POSITIVE] = 60, [RESOLUTION_TRUE_NO_IMPACT] = 71 } },
		{ "irsf_burst", "", "", 41, 41, 0, 0, 2, { [RESOLUTION_TRUE_IMPACT] = 30, [RESOLUTION_FALSE_POSITIVE] = 8, [RESOLUTION_DUPLICATE] = 1 } },
		{ "wangiri", "", "", 3, 3, 0, 0, 3, { 0 } },
		{ "pin_guessing", "", "", 2, 0, 2, 0, 0, { 0 } },
		{ "no_record", "", "", 0, 0, 0, 0, 0, { 0 } },
		{ "old_rule", NULL, NULL, 0, 0, 0, 9, 0, { 0 } },
	};
	static struct replay_result result = { .rules = rules, .n_rules = COUNT_OF(rules), .n_legs = 20311, .n_lost = 12 };
	result.since_ms = lab->trial.kind == LAB_REPLAY ? lab->trial.since_ms : NOW_MS - 30 * DAY_MS;
	return lab->has_replayed ? &result : NULL;
}

const struct rehearsal *lab_rehearsed(const struct lab *lab)
{
	static struct rehearsal_incident incidents[] = {
		{ "irsf_night", 812400000, 126, { { "irsf_burst", "IRSF: bursts to an expensive range", "IRSF: ráfagas a un rango caro", 12 * MINUTE_MS + 30 * SECOND_MS, 41200000, 8 },
		    { "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", 19 * MINUTE_MS, 77000000, 14 } }, 2 },
		{ "irsf_disguised", 3200000, 20, { { 0 } }, 0 },
		{ "benign_board_call", 1900000, 2, { { 0 } }, 0 },
		{ "benign_holiday_cover", 0, 31, { { "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", 0, 0, 1 } }, 1 },
	};
	static struct rehearsal rehearsal = { .scenario = "irsf_weekend", .incidents = incidents, .n = COUNT_OF(incidents),
		.epoch_ms = NOW_MS / DAY_MS * DAY_MS + DAY_MS };
	return lab->has_rehearsed ? &rehearsal : NULL;
}

const struct tuning *lab_tuned(const struct lab *lab)
{
	static struct tuning tuning = { .rule_en = "IRSF: bursts to an expensive range", .rule_es = "IRSF: ráfagas a un rango caro", .before = 187, .n_legs = 211088,
		.n = 3, .offers = {
		    { { TUNING_EXCEPTION, "exception-070fb7434cd93761.yml", "# Proposed after alert 12.\ntitle: 'Exception'\nfilter:\n    rules:\n        - 'risky_call'\n    selection:\n        far.number: '+37128084192'\n    condition: selection\n",
			"Exception: Paula Benavides Ajú with +37128084192", "Excepción: Paula Benavides Ajú con +37128084192" }, 1, 0, 0, { [RESOLUTION_FALSE_POSITIVE] = 1 }, 0 },
		    { { TUNING_EXCEPTION, "exception-7922ed5ed13c0918.yml", "title: 'Exception'\n", "Exception: Paula Benavides Ajú with any number of LV",
			"Excepción: Paula Benavides Ajú con cualquier número de LV" }, 9, 2, 0, { [RESOLUTION_FALSE_POSITIVE] = 4, [RESOLUTION_TRUE_IMPACT] = 2, [RESOLUTION_LEGITIMATE] = 1 }, 1 },
		    { { TUNING_THRESHOLD, "threshold-irsf_burst.yml", "title: 'IRSF'\n", "Threshold: 9 instead of 5 (this alert counted 8)",
			"Umbral: 9 en vez de 5 (esta alerta contó 8)" }, 1, 0, 0, { [RESOLUTION_FALSE_POSITIVE] = 1 }, 0 } } };
	if (lab->trial.kind == LAB_TUNING)
		tuning.alert_id = lab->trial.alert_id;
	return lab->has_tuned ? &tuning : NULL;
}

#endif
