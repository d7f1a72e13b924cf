/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/fact.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "detect/fact_wire.h"

static void text(struct fact_value *out, const char *s)
{
	out->text = (struct span){ s, (uint32_t)strlen(s) };
	out->present = out->text.n > 0;
}

static void count(struct fact_value *out, int64_t number, bool present)
{
	out->number = number;
	out->present = present;
}

/* Readers of derived facts: R(function, expression that fills `o` from v). */
#define R(name, ...)                                                           \
	static void name(const struct fact_view *v, struct fact_value *o)      \
	{                                                                      \
		const struct leg_facts *f = v->leg;                            \
		UNUSED(f);                                                     \
		__VA_ARGS__;                                                   \
	}

static bool outward(const struct leg_facts *f)
{
	return !(f->flags & LEG_INBOUND);
}

static const struct number *far(const struct leg_facts *f)
{
	return outward(f) ? &f->called : &f->calling;
}

static void number_text(const struct fact_view *v, const struct number *number,
    enum cdr_field field, struct fact_value *o)
{
	if (number->e164[0] != '\0') {
		text(o, number->e164);
	} else {
		o->text = v->cdr->field[field];
		o->present = o->text.n > 0;
	}
}

static void block_text(const struct number *number, struct fact_value *o)
{
	size_t n = strlen(number->e164);
	o->text = (struct span){ number->e164, n > 5 ? (uint32_t)n - 2 : 0 };
	o->present = n > 5;
}

/* Ten thousand numbers: what a carrier or a thief is given at once. */
static void range_text(const struct number *number, struct fact_value *o)
{
	size_t n = strlen(number->e164);
	o->text = (struct span){ number->e164, n > 8 ? (uint32_t)n - 4 : 0 };
	o->present = n > 8;
}

/* Country calling codes have no code within another: the digits of the code
 * are where the number begins. */
static void prefix_text(const struct number *number, struct fact_value *o)
{
	int digits = number->country_code >= 100 ? 3 : number->country_code >= 10 ? 2 : 1;
	o->present = number->country_code > 0 && number->e164[0] == '+';
	o->text = (struct span){ number->e164, o->present ? (uint32_t)digits + 1 : 0 };
}

static const char *const directions[] = { "internal", "outbound", "inbound", "emergency" };

static int direction_of(const struct leg_facts *f)
{
	return f->flags & LEG_EXTERNAL_OUT ? 1 : f->flags & LEG_INBOUND ? 2 :
	    f->flags & LEG_EMERGENCY ? 3 : 0;
}

R(r_direction, o->number = direction_of(f); text(o, directions[o->number]))
R(r_dst_number, number_text(v, &f->called, CDR_F_CALLED_NUMBER, o))
R(r_dst_country, text(o, f->country))
R(r_dst_code, count(o, f->called.country_code, f->called.country_code > 0))
R(r_dst_prefix, prefix_text(&f->called, o))
R(r_dst_block, block_text(&f->called, o))
R(r_dst_range, range_text(&f->called, o))
R(r_src_range, range_text(&f->calling, o))
R(r_dst_class, o->number = (int64_t)f->called.class; text(o, number_class_name(f->called.class)))
R(r_dst_tier, o->number = (int64_t)f->called.tier; text(o, risk_tier_name(f->called.tier)))
R(r_dst_rate, count(o, f->called.rate_micro_usd, f->called.rate_micro_usd > 0))
R(r_src_number, number_text(v, &f->calling, CDR_F_CALLING_NUMBER, o))
R(r_src_country, text(o, f->calling.country))
R(r_src_class, o->number = (int64_t)f->calling.class; text(o, number_class_name(f->calling.class)))
R(r_src_block, block_text(&f->calling, o))
R(r_src_tier, o->number = (int64_t)f->calling.tier; text(o, risk_tier_name(f->calling.tier)))
R(r_far_number, number_text(v, far(f), outward(f) ? CDR_F_CALLED_NUMBER : CDR_F_CALLING_NUMBER, o))
R(r_far_country, text(o, outward(f) ? f->country : f->calling.country))
R(r_far_tier, o->number = (int64_t)far(f)->tier; text(o, risk_tier_name(far(f)->tier)))
R(r_home, text(o, f->home))
R(r_service, o->number = f->service; text(o, service_kind_name((enum service_kind)f->service)))
R(r_duration, count(o, v->cdr->duration_s, true))
R(r_ring, count(o, v->cdr->ring_s, true))
R(r_hold, count(o, v->cdr->hold_s, true))
R(r_cost, count(o, f->cost_micro, true))
R(r_minute, count(o, f->local_minute, f->local_minute >= 0))
R(r_hour, count(o, f->local_minute / 60, f->local_minute >= 0))
R(r_weekday, count(o, f->weekday, f->weekday >= 0))
R(r_edge, count(o, f->edge_minutes, f->local_minute >= 0))
R(r_start, count(o, v->cdr->start_ms, true))
R(r_report, count(o, v->cdr->report_ms, v->cdr->report_ms != 0))
R(r_end, count(o, f->end_ms, true))
R(r_team, text(o, f->team))
R(r_forward_by, o->text = v->cdr->field[CDR_F_REDIRECTING_PARTY_UUID]; o->present = o->text.n > 0)
R(r_forward_reason,
    o->text = v->cdr->field[v->cdr->field[CDR_F_RELATED_REASON].n > 0 ? CDR_F_RELATED_REASON :
									CDR_F_REDIRECT_REASON];
    o->present = o->text.n > 0)
R(r_user, o->text = v->cdr->field[CDR_F_USER]; o->present = o->text.n > 0)
R(r_user_uuid, o->text = v->cdr->field[CDR_F_USER_UUID]; o->present = o->text.n > 0)
R(r_user_number, o->text = v->cdr->field[CDR_F_USER_NUMBER]; o->present = o->text.n > 0)
R(r_user_type, o->text = v->cdr->field[CDR_F_USER_TYPE]; o->present = o->text.n > 0)
R(r_location, o->text = v->cdr->field[CDR_F_LOCATION]; o->present = o->text.n > 0)
R(r_line,
    o->text = v->cdr->field[v->cdr->field[CDR_F_CALLED_NUMBER].n > 0 ? CDR_F_CALLED_NUMBER :
								       CDR_F_USER_NUMBER];
    o->present = o->text.n > 0)
R(r_trunk,
    o->text = v->cdr->field[v->cdr->field[CDR_F_INBOUND_TRUNK].n > 0 ? CDR_F_INBOUND_TRUNK :
								       CDR_F_OUTBOUND_TRUNK];
    o->present = o->text.n > 0)

#define S(name, member, present) \
	R(name, if (v->state != NULL) count(o, v->state->member, present))
S(s_overlap, overlap, v->state->overlap > 0)
S(s_overlap_abroad, overlap_abroad, v->state->overlap_abroad > 0)
S(s_run, run, v->state->run > 0)
S(s_run_failed, run_failed, v->state->run > 0)
S(s_watched, watched_days, true)
S(s_number_days, number_days, v->state->number_days >= 0)
S(s_range_days, range_days, v->state->range_days >= 0)
S(s_range_user_days, range_user_days, v->state->range_user_days >= 0)
S(s_country_days, country_days, v->state->country_days >= 0)
S(s_country_user_days, country_user_days, v->state->country_user_days >= 0)
S(s_nights, nights, v->state->nights >= 0)
S(s_wangiri, wangiri_lines, v->state->wangiri_lines > 0)
S(s_client_days, client_days, v->state->client_days >= 0)
S(s_client_turns, client_turns, v->state->client_days >= 0)
S(s_client_overlaps, client_overlaps, v->state->client_days >= 0)
S(s_crowd_number, crowd_number, true)
S(s_crowd_unusual, crowd_unusual, true)
S(s_crowd_closed, crowd_closed, true)
R(s_src_ours, if (v->state != NULL) count(o, v->state->src_ours, true))
R(s_dst_ours, if (v->state != NULL) count(o, v->state->dst_country_ours, true))
R(s_new_a_day, if (v->state != NULL) count(o, v->state->usual_new_milli / 1000, v->state->usual_new_milli >= 0))
R(s_budget, if (v->state != NULL && v->state->usual_rate_milli >= 0 && v->state->budget_milli > 0) count(o, (int64_t)v->state->usual_rate_milli * 100 / v->state->budget_milli, true))

static const char *const whats[] = {
#define WHAT_EN(id, en, es) en,
	USUAL_WHATS(WHAT_EN)
#undef WHAT_EN
};
static const char *const whats_es[] = {
#define WHAT_ES(id, en, es) es,
	USUAL_WHATS(WHAT_ES)
#undef WHAT_ES
};
static const char *const amounts[] = {
#define AMOUNT_EN(id, en, es) en,
	USUAL_AMOUNTS(AMOUNT_EN)
#undef AMOUNT_EN
};
static const char *const amounts_es[] = {
#define AMOUNT_ES(id, en, es) es,
	USUAL_AMOUNTS(AMOUNT_ES)
#undef AMOUNT_ES
};

static const struct usual *usual_of(const struct fact_view *v, enum usual_whose whose)
{
	return v->state != NULL && v->state->usual[whose].surprise >= 0 ? &v->state->usual[whose] : NULL;
}

/* The same six facts of each of those whose habits are kept: a person or service, a site, a trunk. */
#define U(prefix, whose, words)                                                                                           \
	R(prefix##_surprise, const struct usual *u = usual_of(v, whose); if (u != NULL) count(o, u->surprise / 10, true)) \
	R(                                                                                                                \
	    prefix##_what, const struct usual *u = usual_of(v, whose);                                                    \
	    if (u != NULL) { o->number = u->what; text(o, words[u->what]); })                                                                                           \
	R(prefix##_count, const struct usual *u = usual_of(v, whose); if (u != NULL) count(o, u->count, true))            \
	R(prefix##_expected, const struct usual *u = usual_of(v, whose); if (u != NULL) text(o, u->expected))             \
	R(prefix##_window, const struct usual *u = usual_of(v, whose); if (u != NULL) count(o, u->window_s, true))        \
	R(prefix##_days, if (v->state != NULL) count(o, v->state->usual[whose].days, v->state->usual[whose].days >= 0))
U(u_own, USUAL_OWNER, whats)
U(u_site, USUAL_SITE, whats)
U(u_trunk, USUAL_TRUNK, whats)
U(u_amount, USUAL_AMOUNT, amounts)

#define SEEN(name, bit) \
	R(name, if (v->state != NULL) count(o, (v->state->seen & (bit)) != 0, true))
SEEN(s_in, SEEN_IN)
SEEN(s_out, SEEN_OUT)
SEEN(s_out_abroad, SEEN_OUT_ABROAD)
SEEN(s_out_premium, SEEN_OUT_PREMIUM)
SEEN(s_out_chargeable, SEEN_OUT_CHARGEABLE)
SEEN(s_attendant, SEEN_ATTENDANT)
SEEN(s_voicemail, SEEN_VOICEMAIL)
SEEN(s_queue, SEEN_QUEUE)
SEEN(s_forward_out, SEEN_FORWARD_OUT)

#define WORD_OF(id, name) name,
static const char *const classes[] = { NUMBER_CLASSES(WORD_OF) };
static const char *const tiers[] = { RISK_TIERS(WORD_OF) };
static const char *const kinds[] = { SERVICE_KINDS(WORD_OF) };
#undef WORD_OF

static const char *const tiers_es[] = { "ninguno", "bajo", "medio", "alto", "extremo" };
static const char *const classes_es[] = { "desconocido", "extensión", "servicio", "fijo", "móvil",
	"fijo o móvil", "gratuito", "tarifa especial", "costo compartido", "personal", "VoIP",
	"buscapersonas", "UAN", "satélite", "red global", "URI", "oculto" };
static_assert(COUNT_OF(tiers_es) == COUNT_OF(tiers), "a tier has no Spanish name");
static_assert(COUNT_OF(classes_es) == COUNT_OF(classes), "a class has no Spanish name");

#define ROW(n, k, fn, en, es) { .name = n, .kind = k, .help_en = en, .help_es = es, .field = CDR_N_FIELDS, .read = fn }
#define STATE(n, k, fn, en, es) \
	{ .name = n, .kind = k, .help_en = en, .help_es = es, .field = CDR_N_FIELDS, .stateful = true, .read = fn }
#define FLAG(n, bit, en, es) \
	{ .name = n, .kind = FACT_BOOL, .help_en = en, .help_es = es, .field = CDR_N_FIELDS, .flag = bit }
#define LIST(n, list, es_list, fn, en, es)                                      \
	{ .name = n, .kind = FACT_ENUM, .help_en = en, .help_es = es, .field = CDR_N_FIELDS, \
	  .words = list, .words_es = es_list, .n_words = (int)COUNT_OF(list), .read = fn }
#define WIRE(id, wire_name, wire_kind) \
	{ .name = FACT_NAME_##id, .wire = wire_name, .kind = WIRE_##wire_kind, .field = CDR_F_##id, \
	  .help_en = "as Webex reports it", .help_es = "tal como lo informa Webex" },
#define WIRE_CDR_TEXT	FACT_TEXT
#define WIRE_CDR_NAME	FACT_TEXT
#define WIRE_CDR_TIME	FACT_TIME
#define WIRE_CDR_BOOL	FACT_BOOL
#define WIRE_CDR_COUNT	FACT_NUMBER
#define WIRE_CDR_SIGNED FACT_NUMBER

#define USUAL(pre, fn, en, es, list)                                                                                                                                                                                                                                     \
	STATE(pre ".surprise", FACT_NUMBER, fn##_surprise, "how unusual " en ": 6 is one such hour or day in a million", "qué tan inusual " es ": 6 es una hora o día así en un millón"),                                                                                \
	    { .name = pre ".what", .kind = FACT_ENUM, .help_en = "what is most unusual " en, .help_es = "qué es lo más inusual " es, .field = CDR_N_FIELDS, .stateful = true, .words = list, .words_es = list##_es, .n_words = (int)COUNT_OF(list), .read = fn##_what }, \
	    STATE(pre ".count", FACT_NUMBER, fn##_count, "how many of that there were", "cuántas de esas hubo"),                                                                                                                                                         \
	    STATE(pre ".expected", FACT_TEXT, fn##_expected, "how many there usually are " en, "cuántas hay de costumbre " es),                                                                                                                                          \
	    STATE(pre ".window", FACT_DURATION, fn##_window, "in what time: an hour or a day", "en qué tiempo: una hora o un día"),                                                                                                                                      \
	    STATE(pre ".days", FACT_NUMBER, fn##_days, "days that the habits are known " en, "días que se conocen los hábitos " es),

static const struct fact facts[] = {
	LIST("call.direction", directions, NULL, r_direction, "internal, outbound, inbound or emergency", "interna, saliente, entrante o emergencia"),
	FLAG("call.external_out", LEG_EXTERNAL_OUT, "calls the public network (never an emergency)", "llama a la red pública (nunca una emergencia)"),
	FLAG("call.inbound", LEG_INBOUND, "comes from the public network", "viene de la red pública"),
	FLAG("call.internal", LEG_INTERNAL, "stays within the organisation", "queda dentro de la organización"),
	FLAG("call.emergency", LEG_EMERGENCY, "an emergency call", "llamada de emergencia"),
	FLAG("call.originating", LEG_ORIGINATING, "the leg of the one who calls", "el tramo de quien llama"),
	FLAG("call.chargeable", LEG_CHARGEABLE, "an outside call that costs money", "llamada externa que cuesta dinero"),
	FLAG("call.international", LEG_INTERNATIONAL, "to another country than the site's, whatever Webex calls it", "a otro país que el de la sede, como sea que Webex la llame"),
	FLAG("call.answered", LEG_ANSWERED, "was answered, if only by a service", "fue contestada, aunque sea por un servicio"),
	FLAG("call.answered_by_person", LEG_BY_PERSON, "was answered by a person or a room", "la contestó una persona o una sala"),
	FLAG("call.answered_elsewhere", LEG_ELSEWHERE, "another agent answered", "la contestó otro agente"),
	FLAG("call.refused", LEG_REFUSED, "outcome Refusal or Failure", "resultado Refusal o Failure"),
	FLAG("call.unassigned", LEG_UNASSIGNED, "nobody has the called number", "nadie tiene el número marcado"),
	FLAG("call.service", LEG_SERVICE, "the record belongs to a service, not a person", "el registro es de un servicio, no de una persona"),
	FLAG("call.auth_code", LEG_AUTH_CODE, "an authorisation code was used", "se usó un código de autorización"),
	FLAG("call.trunk_transit", LEG_TRUNK_TRANSIT, "came in by a trunk and left to the public network", "entró por una troncal y salió a la red pública"),
	LIST("call.service_kind", kinds, NULL, r_service, "kind of service the record belongs to", "tipo de servicio dueño del registro"),
	ROW("call.trunk", FACT_TEXT, r_trunk, "trunk the call used", "troncal que usó la llamada"),
	STATE("call.has_inbound", FACT_BOOL, s_in, "another leg of the call came from outside", "otro tramo de la llamada vino de fuera"),
	STATE("call.has_outbound", FACT_BOOL, s_out, "a leg of the call went outside", "un tramo de la llamada salió"),
	STATE("call.has_international", FACT_BOOL, s_out_abroad, "a leg of the call went abroad", "un tramo de la llamada salió al extranjero"),
	STATE("call.has_premium", FACT_BOOL, s_out_premium, "a leg of the call went to a premium number", "un tramo fue a un número de tarifa especial"),
	STATE("call.has_chargeable", FACT_BOOL, s_out_chargeable, "a leg of the call cost money", "un tramo de la llamada costó dinero"),
	STATE("call.via_attendant", FACT_BOOL, s_attendant, "the call passed an auto attendant", "la llamada pasó por una operadora automática"),
	STATE("call.via_voicemail", FACT_BOOL, s_voicemail, "the call passed the voice portal", "la llamada pasó por el portal de voz"),
	STATE("call.via_queue", FACT_BOOL, s_queue, "the call passed a queue or hunt group", "la llamada pasó por una cola o grupo"),
	STATE("call.has_forward_out", FACT_BOOL, s_forward_out, "the call was forwarded to the outside", "la llamada fue desviada al exterior"),

	ROW("dst.number", FACT_TEXT, r_dst_number, "called number, E.164 where understood", "número marcado, E.164 si se entiende"),
	ROW("dst.country", FACT_TEXT, r_dst_country, "country of the called number (ISO, two letters)", "país del número marcado (ISO, dos letras)"),
	ROW("dst.code", FACT_NUMBER, r_dst_code, "country code of the called number", "código de país del número marcado"),
	ROW("dst.prefix", FACT_TEXT, r_dst_prefix, "country code with +", "código de país con +"),
	ROW("dst.block", FACT_TEXT, r_dst_block, "called number without its last two digits", "número marcado sin sus dos últimas cifras"),
	ROW("dst.range", FACT_TEXT, r_dst_range, "called number without its last four digits", "número marcado sin sus cuatro últimas cifras"),
	LIST("dst.class", classes, classes_es, r_dst_class, "kind of the called number", "clase del número marcado"),
	LIST("dst.tier", tiers, tiers_es, r_dst_tier, "fraud risk of the called number", "riesgo de fraude del número marcado"),
	ROW("dst.rate", FACT_MONEY, r_dst_rate, "estimated price of a minute, USD", "precio estimado del minuto, USD"),
	FLAG("dst.look_alike", LEG_LOOK_ALIKE, "looks domestic and is not", "parece nacional y no lo es"),
	FLAG("dst.premium", LEG_PREMIUM, "a premium-rate number", "número de tarifa especial"),
	FLAG("dst.toll_free", LEG_TOLL_FREE, "a toll-free number", "número gratuito"),
	FLAG("dst.mobile", LEG_MOBILE, "an outside mobile number", "número móvil externo"),
	FLAG("dst.understood", LEG_CALLED_KNOWN, "the called number was understood", "el número marcado se entendió"),
	ROW("src.number", FACT_TEXT, r_src_number, "calling number, E.164 where understood", "número que llama, E.164 si se entiende"),
	ROW("src.country", FACT_TEXT, r_src_country, "country of the calling number", "país del número que llama"),
	ROW("src.block", FACT_TEXT, r_src_block, "calling number without its last two digits", "número que llama sin sus dos últimas cifras"),
	ROW("src.range", FACT_TEXT, r_src_range, "calling number without its last four digits", "número que llama sin sus cuatro últimas cifras"),
	LIST("src.class", classes, classes_es, r_src_class, "kind of the calling number", "clase del número que llama"),
	LIST("src.tier", tiers, tiers_es, r_src_tier, "fraud risk of the calling number", "riesgo de fraude del número que llama"),
	FLAG("src.international", LEG_CALLER_ABROAD, "the caller is in another country", "quien llama está en otro país"),
	FLAG("src.neighbour", LEG_NEIGHBOUR, "the caller's number looks like the site's own", "el número que llama se parece a los de la sede"),
	FLAG("src.withheld", LEG_CALLER_WITHHELD, "the caller hides the number", "quien llama oculta su número"),
	FLAG("src.understood", LEG_CALLING_KNOWN, "the calling number was understood", "el número que llama se entendió"),
	ROW("far.number", FACT_TEXT, r_far_number, "the number on the other side", "el número del otro lado"),
	ROW("far.country", FACT_TEXT, r_far_country, "its country", "su país"),
	LIST("far.tier", tiers, tiers_es, r_far_tier, "its fraud risk", "su riesgo de fraude"),

	FLAG("forward.any", LEG_FORWARDED, "the leg exists because of a redirection", "el tramo existe por una redirección"),
	FLAG("forward.out", LEG_FORWARD_OUT, "a line forwarded to the public network", "una línea desviada a la red pública"),
	ROW("forward.by", FACT_TEXT, r_forward_by, "UUID of who redirected", "UUID de quien redirigió"),
	ROW("forward.reason", FACT_TEXT, r_forward_reason, "why it was redirected", "por qué se redirigió"),

	ROW("duration", FACT_DURATION, r_duration, "time talked", "tiempo hablado"),
	ROW("ring", FACT_DURATION, r_ring, "time rung", "tiempo de timbre"),
	ROW("hold", FACT_DURATION, r_hold, "time on hold", "tiempo en espera"),
	ROW("cost", FACT_MONEY, r_cost, "estimated cost of the leg, USD", "costo estimado del tramo, USD"),
	ROW("time.start", FACT_TIME, r_start, "when it began (UTC)", "cuándo empezó (UTC)"),
	ROW("time.end", FACT_TIME, r_end, "when it ended (UTC)", "cuándo terminó (UTC)"),
	ROW("time.report", FACT_TIME, r_report, "when Webex reported it (UTC)", "cuándo lo informó Webex (UTC)"),
	FLAG("local.known", LEG_LOCAL_KNOWN, "the site's local time is known", "se conoce la hora local de la sede"),
	FLAG("local.closed", LEG_CLOSED, "outside the site's business hours", "fuera del horario de la sede"),
	FLAG("local.holiday", LEG_HOLIDAY, "a public holiday at the site", "festivo en la sede"),
	FLAG("local.weekend", LEG_WEEKEND, "Saturday or Sunday at the site", "sábado o domingo en la sede"),
	FLAG("local.night", LEG_NIGHT, "between 22:00 and 06:00 at the site", "entre las 22:00 y las 06:00 en la sede"),
	ROW("local.hour", FACT_NUMBER, r_hour, "hour at the site, 0-23", "hora en la sede, 0-23"),
	ROW("local.minute", FACT_NUMBER, r_minute, "minute of the day at the site, 0-1439", "minuto del día en la sede, 0-1439"),
	ROW("local.weekday", FACT_NUMBER, r_weekday, "weekday at the site, 0 = Sunday", "día de la semana en la sede, 0 = domingo"),
	ROW("local.edge", FACT_NUMBER, r_edge, "closed: minutes to the nearest opening or closing", "cerrada: minutos hasta la apertura o el cierre más cercano"),

	ROW("user.name", FACT_TEXT, r_user, "whose record this is", "de quién es el registro"),
	ROW("user.uuid", FACT_TEXT, r_user_uuid, "UUID of the owner", "UUID del dueño"),
	ROW("user.number", FACT_TEXT, r_user_number, "number of the owner", "número del dueño"),
	ROW("user.type", FACT_TEXT, r_user_type, "kind of owner in Webex's words", "tipo de dueño según Webex"),
	ROW("user.team", FACT_TEXT, r_team, "department of the person", "área de la persona"),
	ROW("user.line", FACT_TEXT, r_line, "the line that was rung", "la línea que timbró"),
	ROW("site.name", FACT_TEXT, r_location, "name of the site", "nombre de la sede"),
	ROW("site.country", FACT_TEXT, r_home, "country of the site", "país de la sede"),

	STATE("overlap.external", FACT_NUMBER, s_overlap, "answered external calls of the person up at once", "llamadas externas contestadas de la persona a la vez"),
	STATE("overlap.international", FACT_NUMBER, s_overlap_abroad, "… of those, to another country", "… de ellas, a otro país"),
	STATE("sequence.run", FACT_NUMBER, s_run, "neighbouring numbers called in order within three hours", "números vecinos llamados en orden en tres horas"),
	STATE("sequence.failed", FACT_NUMBER, s_run_failed, "… of those, refused, unanswered or under 8 s", "… de ellos, rechazados, sin respuesta o de menos de 8 s"),
	STATE("known.watched_days", FACT_NUMBER, s_watched, "days this program has been looking", "días que este programa lleva mirando"),
	STATE("known.number_days", FACT_NUMBER, s_number_days, "days since the far number was first met", "días desde que se vio por primera vez el número del otro lado"),
	STATE("known.range_days", FACT_NUMBER, s_range_days, "days since its range was first called", "días desde la primera llamada a su rango"),
	STATE("known.range_user_days", FACT_NUMBER, s_range_user_days, "… by this person", "… por esta persona"),
	STATE("known.country_days", FACT_NUMBER, s_country_days, "days since the country was first called", "días desde la primera llamada al país"),
	STATE("known.country_user_days", FACT_NUMBER, s_country_user_days, "… by this person", "… por esta persona"),
	STATE("known.nights", FACT_NUMBER, s_nights, "other days of the last 28 on which the person called outside deep in closed hours", "otros días de los últimos 28 en que la persona llamó fuera a horas muy cerradas"),
	STATE("wangiri.lines", FACT_NUMBER, s_wangiri, "our lines the far number rang once within 15 min, in the last 3 days", "líneas nuestras a las que ese número timbró una vez en 15 min, en los últimos 3 días"),
	STATE("known.client_user_days", FACT_NUMBER, s_client_days, "days since the person first called with such a client", "días desde que la persona llamó por primera vez con un cliente así"),
	STATE("client.turns", FACT_NUMBER, s_client_turns, "how often the line changed between clients in the last six hours (up to 8)", "cuántas veces cambió la línea de cliente en las últimas seis horas (hasta 8)"),
	STATE("client.overlaps", FACT_NUMBER, s_client_overlaps, "talks of the last 24 hours while the line talked by another client, this one included (up to 8); 0 where this one is none", "conversaciones de las últimas 24 horas mientras la línea hablaba por otro cliente, incluida esta (hasta 8); 0 si esta no lo es"),
	STATE("crowd.number", FACT_NUMBER, s_crowd_number, "people of ours who called that number in the last twelve hours (up to 8)", "personas nuestras que llamaron a ese número en las últimas doce horas (hasta 8)"),
	STATE("crowd.closed", FACT_NUMBER, s_crowd_closed, "others of the site who call outside while it is closed, within three hours, and seldom do (up to 7)", "otros de la sede que llaman afuera con ella cerrada, en tres horas, y rara vez lo hacen (hasta 7)"),
	STATE("crowd.unusual", FACT_NUMBER, s_crowd_unusual, "others of the site whose calls out are unusual too, in the last six hours (up to 7)", "otros de la sede cuyas llamadas salientes también son inusuales, en las últimas seis horas (hasta 7)"),
	STATE("usual.budget", FACT_NUMBER, s_budget, "how often somebody here is as unusual as its owner now, in percent of the alert budget (setting alert_budget)", "con qué frecuencia alguien de aquí es tan inusual como su dueño ahora, en porcentaje del presupuesto de alertas (ajuste alert_budget)"),
	STATE("src.ours", FACT_BOOL, s_src_ours, "comes from outside and shows the number of one of our lines", "viene de fuera y muestra el número de una de nuestras líneas"),
	STATE("dst.country_ours", FACT_BOOL, s_dst_ours, "abroad, to a country where we have a site", "al extranjero, a un país donde tenemos una sede"),
	STATE("usual.new_a_day", FACT_NUMBER, s_new_a_day, "calls with new numbers that its owner usually makes on a working day", "llamadas con números nuevos que su dueño suele hacer en un día hábil"),
	USUAL("usual", u_own, "for its owner", "para su dueño", whats)
	    USUAL("usual_site", u_site, "for the site", "para la sede", whats)
		USUAL("usual_trunk", u_trunk, "for the trunk", "para la troncal", whats)
		    USUAL("usual_amount", u_amount, "in minutes or money of a person", "en minutos o dinero de una persona", amounts)
			CDR_FIELDS(WIRE)
};

size_t fact_count(void)
{
	return COUNT_OF(facts);
}

const struct fact *fact_at(size_t i)
{
	return &facts[i];
}

/* By name in lower case: reports ask for the same dozen again and again. */
#define N_PLACES 512
static uint16_t places[N_PLACES]; /* 1 + index; 0 free */
static pthread_once_t places_made = PTHREAD_ONCE_INIT;
static_assert(COUNT_OF(facts) * 2 < N_PLACES, "the table of names is too full");

static uint64_t hash_nocase(const char *name)
{
	uint64_t hash = 0;
	for (; *name != '\0'; name++) {
		char c = *name >= 'A' && *name <= 'Z' ? (char)(*name | 32) : *name;
		hash = hash * 31 + (unsigned char)c;
	}
	return hash_mix(hash);
}

static size_t place_of(const char *name)
{
	size_t at = hash_nocase(name) % N_PLACES;
	while (places[at] != 0 && !text_equal_nocase(facts[places[at] - 1].name, name))
		at = (at + 1) % N_PLACES;
	return at;
}

static void make_places(void)
{
	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		size_t at = place_of(facts[i].name);
		if (places[at] == 0) /* of two the first: "duration" is the derived one */
			places[at] = (uint16_t)(i + 1);
	}
}

const struct fact *fact_named(const char *name)
{
	pthread_once(&places_made, make_places);
	size_t at = place_of(name);
	if (places[at] != 0)
		return &facts[places[at] - 1];
	enum cdr_field field = cdr_field_named(name, strlen(name));
	return field == CDR_N_FIELDS ? NULL : &facts[COUNT_OF(facts) - CDR_N_FIELDS + field];
}

const char *fact_nearest(const char *name)
{
	const char *best = NULL;
	int least = 1 + (int)MIN(strlen(name), (size_t)18) / 3;
	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		/* "country" for "dst.country" is a near miss too. */
		const char *tail = strrchr(facts[i].name, '.');
		int distance = text_distance(name, facts[i].name);
		if (tail != NULL && text_equal_nocase(tail + 1, name))
			distance = 1;
		if (facts[i].wire != NULL)
			distance = MIN(distance, text_distance(name, facts[i].wire));
		if (distance < least) {
			least = distance;
			best = facts[i].name;
		}
	}
	return best;
}

static void read_wire(const struct fact *fact, const struct fact_view *v, struct fact_value *o)
{
	const struct cdr *cdr = v->cdr;
	o->text = cdr->field[fact->field];
	o->present = o->text.n > 0;
	if (fact->kind == FACT_TEXT || !o->present)
		return;
	switch ((int)fact->field) {
	case CDR_F_START_TIME: o->number = cdr->start_ms; return;
	case CDR_F_REPORT_TIME: o->number = cdr->report_ms; return;
	case CDR_F_ANSWER_TIME: o->number = cdr->answer_ms; break;
	case CDR_F_RELEASE_TIME: o->number = cdr->release_ms; break;
	case CDR_F_CALL_TRANSFER_TIME: o->number = cdr->transfer_ms; break;
	case CDR_F_DURATION: o->number = cdr->duration_s; return;
	case CDR_F_RING_DURATION: o->number = cdr->ring_s; return;
	case CDR_F_HOLD_DURATION: o->number = cdr->hold_s; return;
	case CDR_F_SITE_TIMEZONE: o->number = cdr->site_utc_minutes; return;
	case CDR_F_ANSWERED: o->number = (cdr->flags & CDR_ANSWERED) != 0; return;
	default: {
		char digits[24];
		o->present = text_to_int(span_copy(o->text, digits, sizeof digits), INT32_MIN,
		    INT32_MAX, &o->number);
		return;
	}
	}
	o->present = o->number != 0;
}

void fact_read(const struct fact *fact, const struct fact_view *view, struct fact_value *out)
{
	out->present = false;
	out->number = 0;
	out->text = (struct span){ NULL, 0 };
	if (fact->flag != 0)
		count(out, (view->leg->flags & fact->flag) != 0, true);
	else if (fact->read != NULL)
		fact->read(view, out);
	else
		read_wire(fact, view, out);
}
