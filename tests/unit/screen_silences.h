/* SPDX-License-Identifier: Apache-2.0
 *
 * Silences of the fixed board (screen_board.h), as a person would have them. */
#ifndef SCREEN_SILENCES_H
#define SCREEN_SILENCES_H

static struct {
	struct silence_row rows[12];
	size_t n;
	struct kept_row kept[4];
	struct silence_act act; /* the last one; its texts below */
	char filter[512], reason[512], previewed[512];
	size_t n_acts, n_previews;
	bool later; /* an act waits for fake_silence_done */
	void (*on_done)(void *, int64_t, const struct fault *);
	void *arg;
} silent;

/* So many of these, from the first. */
static inline void fake_silences(size_t n)
{
	static const struct silence_row rows[] = {
		{ .kind = SILENCE_SNOOZE, .id = 415, .filter = "", .rule = "extension_scan", .title_en = "Outside sweep of our lines", .title_es = "Barrido externo de nuestras líneas", .subject_name = "+50688885501", .subject_kind = SUBJECT_NUMBER, .location = "Costa Rica", .owner = "luis", .reason = "espero al proveedor", .created_ms = NOW_MS - HOUR_MS, .until_ms = NOW_MS + 3 * HOUR_MS, .broken = "" },
		{ .kind = SILENCE_FILTER, .id = 7, .filter = "location == \"Guatemala Mesa\" and title ~ \"closed\"", .rule = "", .title_en = "", .title_es = "", .subject_name = "", .location = "", .owner = "ana", .reason = "inventario nocturno con la sede", .created_ms = NOW_MS - 9 * DAY_MS, .begin_ms = NOW_MS - 9 * DAY_MS, .until_ms = NOW_MS + 20 * HOUR_MS, .hits = 34, .day_hits = 6, .last_hit_ms = NOW_MS - 40 * MINUTE_MS, .worst = SEVERITY_MEDIUM, .broken = "" },
		{ .kind = SILENCE_ALIKE, .id = 399, .filter = "", .rule = "first_country", .title_en = "First call to a new country", .title_es = "Primera llamada a un país nuevo", .subject_name = "Ana Bernal", .location = "Colombia", .owner = "ana", .reason = "viaje aprobado", .created_ms = NOW_MS - DAY_MS, .begin_ms = NOW_MS - DAY_MS, .until_ms = NOW_MS + 6 * DAY_MS, .hits = 2, .day_hits = 0, .last_hit_ms = NOW_MS - 26 * HOUR_MS, .worst = SEVERITY_LOW, .broken = "" },
		{ .kind = SILENCE_MAINTENANCE, .id = 9, .filter = "subject.kind == trunk and location == Denver", .rule = "", .title_en = "", .title_es = "", .subject_name = "", .location = "", .owner = "eva", .reason = "cambio de troncal", .created_ms = NOW_MS - 2 * HOUR_MS, .begin_ms = NOW_MS + 2 * DAY_MS, .until_ms = NOW_MS + 2 * DAY_MS + 8 * HOUR_MS, .broken = "" },
		{ .kind = SILENCE_FILTER, .id = 4, .filter = "subject.name ~ \"marcador\"", .rule = "", .title_en = "", .title_es = "", .subject_name = "", .location = "", .owner = "luis", .reason = "campaña de cobranza", .created_ms = NOW_MS - 3 * DAY_MS, .begin_ms = NOW_MS - 3 * DAY_MS, .until_ms = NOW_MS + 27 * DAY_MS, .hits = 1840, .day_hits = 612, .last_hit_ms = NOW_MS - 2 * MINUTE_MS, .worst = SEVERITY_HIGH, .broken = "" },
		{ .kind = SILENCE_FILTER, .id = 2, .filter = "location == ((((", .rule = "", .title_en = "", .title_es = "", .subject_name = "", .location = "", .owner = "mallory", .reason = "", .created_ms = NOW_MS - DAY_MS, .begin_ms = NOW_MS - DAY_MS, .until_ms = NOW_MS + 28 * DAY_MS, .broken = "a value was expected" },
		{ .kind = SILENCE_EXCEPTION, .id = 81235, .filter = "", .rule = "", .title_en = "Exception from \"Premium\": Ana Bernal with any number of LV", .title_es = "Excepción de «Prémium»: Ana Bernal con cualquier número de LV", .subject_name = "", .location = "", .owner = "ana", .reason = "", .created_ms = NOW_MS - 40 * DAY_MS, .begin_ms = NOW_MS - 40 * DAY_MS, .until_ms = SILENCE_NEVER_ENDS, .hits = 912, .day_hits = 71, .last_hit_ms = NOW_MS - 7 * MINUTE_MS, .file = "exception-00c0ffee.yml", .broken = "" },
	};
	static const struct kept_row kept[] = {
		{ 1, 512, NOW_MS - 2 * MINUTE_MS, NOW_MS - DAY_MS, NOW_MS - 5 * MINUTE_MS, SEVERITY_MEDIUM, 52, SUBJECT_PERSON, "u-marcador", "Marcador Cobranza 1", "Colombia",
		    "outbound_fanout", "Many numbers called from one line", "Muchos números llamados desde una línea" },
		{ 2, 98, NOW_MS - 9 * MINUTE_MS, NOW_MS - DAY_MS, NOW_MS - 9 * MINUTE_MS, SEVERITY_HIGH, 74, SUBJECT_NUMBER, "+50688885501", "+50688885501", "Costa Rica",
		    "extension_scan", "Outside sweep of our lines", "Barrido externo de nuestras líneas" },
		{ 3, 2, NOW_MS - 3 * HOUR_MS, NOW_MS - 4 * HOUR_MS, NOW_MS - 3 * HOUR_MS, SEVERITY_LOW, 31, SUBJECT_PERSON, "u-ana", "Ana Bernal", "Colombia", "first_country",
		    "First call to a new country", "Primera llamada a un país nuevo" },
	};
	memset(&silent, 0, sizeof silent);
	silent.n = MIN(n, COUNT_OF(rows));
	for (size_t i = 0; i < silent.n; i++) {
		silent.rows[i] = rows[i];
		silent.rows[i].file = or_empty(rows[i].file);
	}
	memcpy(silent.kept, kept, sizeof kept);
}

void history_silences(struct history *h, void (*on_answer)(void *, const struct silence_list *, const struct fault *), void *arg)
{
	struct silence_list list = { silent.rows, silent.n };
	UNUSED(h);
	if (!fake.silent)
		on_answer(arg, fake.fault.code == FAULT_NONE ? &list : NULL, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

void history_kept_back(struct history *h, enum silence_kind kind, int64_t id, void (*on_answer)(void *, const struct kept_list *, const struct fault *), void *arg)
{
	struct kept_list list = { .items = silent.kept, .n = 0 };
	struct fault fault = { 0 };
	UNUSED(h);
	for (size_t i = 0; i < silent.n; i++) {
		if (silent.rows[i].kind == kind && silent.rows[i].id == id) {
			list.silence = silent.rows[i];
			list.n = silent.rows[i].hits > 2 ? 3 : 0;
			on_answer(arg, &list, NULL);
			return;
		}
	}
	fault_fill(&fault, FAULT_NOT_FOUND, "there is no such silence");
	on_answer(arg, NULL, &fault);
}

void history_silence_preview(struct history *h, const char *filter, void (*on_answer)(void *, const struct silence_preview *, const struct fault *), void *arg)
{
	bool mild = strstr(filter, "score < 10") != NULL;
	struct silence_preview preview = { .days = 30, .n = mild ? 0 : 31, .n_true = mild ? 0 : 2, .n_false = mild ? 0 : 17, .n_open = mild ? 0 : 9, .n_critical = mild ? 0 : 1, .worst = SEVERITY_HIGH, .n_all = 412, .newest = &fake.alerts[2], .n_newest = mild ? 0 : MIN(fake.n_alerts, (size_t)5) };
	UNUSED(h);
	snprintf(silent.previewed, sizeof silent.previewed, "%s", filter);
	silent.n_previews++;
	if (!fake.silent)
		on_answer(arg, fake.fault.code == FAULT_NONE ? &preview : NULL, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

/* Three organisations: one in need, one that is calm, one that cannot be read. */
void history_organisations(struct history *h, void (*on_answer)(void *, const struct organisation_overview *, const struct fault *), void *arg)
{
	static struct organisation_standing items[] = {
		{ .key = "acme", .name = "Acme Telecomunicaciones y Servicios de Colombia S.A.S.", .n_open = { 3, 12, 4, 2 }, .unclaimed_ms = NOW_MS - 3 * HOUR_MS, .unclaimed = SEVERITY_CRITICAL, .last_page_ms = NOW_MS - 40 * SECOND_MS, .complete_until_ms = NOW_MS - 6 * MINUTE_MS },
		{ .key = "bodegas", .name = "Bodegas \u00d1and\u00fa", .last_page_ms = NOW_MS - 50 * SECOND_MS, .complete_until_ms = NOW_MS - 2 * HOUR_MS },
		{ .key = "nueva", .name = "Nueva" },
		{ .key = "zeta-2", .name = "Zeta", .fault = "the store postgresql://db.example.org/soc does not answer" },
	};
	static struct organisation_alert alerts[8];
	struct organisation_overview all = { .items = items, .n = fake.n_alerts > 0 ? COUNT_OF(items) : 0, .alerts = alerts, .at_ms = NOW_MS };
	UNUSED(h);
	for (size_t i = 0; i < fake.n_alerts && all.n_alerts < COUNT_OF(alerts); i++)
		if (fake.alerts[i].severity >= SEVERITY_HIGH)
			alerts[all.n_alerts++] = (struct organisation_alert){ i % 2, fake.alerts[i] };
	if (!fake.silent)
		on_answer(arg, fake.fault.code == FAULT_NONE ? &all : NULL, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

void history_silence_debt(struct history *h, void (*on_answer)(void *, const struct silence_debt *, const struct fault *), void *arg)
{
	struct silence_debt debt = { 0 };
	UNUSED(h);
	for (size_t i = 0; i < silent.n; i++) {
		if (silent.rows[i].kind == SILENCE_EXCEPTION)
			continue;
		debt.n_in_force += silent.rows[i].kind != SILENCE_SNOOZE && silent.rows[i].begin_ms <= NOW_MS;
		debt.day_hits += silent.rows[i].day_hits;
		debt.worst = MAX(debt.worst, silent.rows[i].worst);
	}
	if (!fake.silent)
		on_answer(arg, &debt, NULL);
}

void desk_silence(struct desk *d, const struct silence_act *act, void (*on_done)(void *, int64_t, const struct fault *), void *arg)
{
	UNUSED(d);
	silent.act = *act;
	silent.n_acts++;
	snprintf(silent.filter, sizeof silent.filter, "%s", or_empty(act->filter));
	snprintf(silent.reason, sizeof silent.reason, "%s", or_empty(act->reason));
	if (silent.later) {
		silent.on_done = on_done;
		silent.arg = arg;
		return;
	}
	for (size_t i = 0; fake.fault.code == FAULT_NONE && i < silent.n; i++) {
		struct silence_row *row = &silent.rows[i];
		if (act->deed == SILENCE_BEGIN || row->kind != act->kind || row->id != act->id)
			continue;
		if (act->deed == SILENCE_END) {
			int64_t hits = row->hits;
			silent.n--;
			memmove(row, row + 1, (silent.n - i) * sizeof *row);
			fake.board.alerts_version++;
			on_done(arg, hits, NULL);
			return;
		}
		row->until_ms = NOW_MS + (act->until_ms - act->now_ms);
	}
	if (fake.fault.code == FAULT_NONE && act->deed == SILENCE_BEGIN && silent.n < COUNT_OF(silent.rows))
		silent.rows[silent.n++] = (struct silence_row){ .kind = act->kind, .id = 12, .filter = silent.filter, .rule = "", .title_en = "", .title_es = "", .subject_name = "", .location = "", .owner = "ana", .reason = silent.reason, .begin_ms = NOW_MS, .until_ms = NOW_MS + (act->until_ms - act->now_ms), .broken = "" };
	fake.board.alerts_version++;
	on_done(arg, act->deed == SILENCE_BEGIN ? 12 : 0, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

#endif
