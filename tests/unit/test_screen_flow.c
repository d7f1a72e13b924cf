/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs become a flow: who takes part, in which order, and how each leg came to be. */
#include "test.h"

#include "screen_rig.h"

#include "ui/panes/call_flow.h"

static struct arena arena;

static struct flow flow_of(struct call_detail *detail)
{
	struct flow flow;
	i18n_init("en");
	arena_clear(&arena);
	arena_init(&arena);
	flow_make(detail, &arena, &flow);
	return flow;
}

static struct leg_row leg(int64_t id, bool originating, const char *who, const char *kind, const char *calling, const char *called)
{
	return (struct leg_row){ .leg_id = id, .call_id = 1, .start_ms = id * SECOND_MS, .originating = originating, .answered = true, .report_id = "", .user_uuid = who,
		.user_name = who, .user_type = kind, .user_number = "", .location = "", .calling = calling, .called = called, .dialed = "", .call_type = "SIP_ENTERPRISE",
		.client_type = "", .outcome = "", .outcome_reason = "", .redirect_reason = "", .related_reason = "", .redirecting_number = "", .inbound_trunk = "",
		.outbound_trunk = "", .local_call_id = "", .remote_call_id = "", .related_call_id = "", .transfer_call_id = "", .device_mac = "", .caller_name = "",
		.called_name = "", .far = "" };
}

TEST(a_journey_is_one_flow_in_time)
{
	struct call_detail detail;
	fake_start(7, 10);
	fake_flow(&detail);
	struct flow flow = flow_of(&detail);
	static const char *const names[] = { "+576015550177", "Menú principal", "Ventas", "Sofía Castro", "Luis Duarte", "Ana Bernal", "+37125550123" };
	static const enum party_kind of_kind[] = { PARTY_OUTSIDE, PARTY_ATTENDANT, PARTY_QUEUE, PARTY_PERSON, PARTY_PERSON, PARTY_PERSON, PARTY_OUTSIDE };
	static const char *const hows[] = { "attendant", "attendant", "queue", "queue", "queue", "queue", "queue", "transfer", "", "forward" };
	REQUIRE(flow.n_parties == COUNT_OF(names));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CHECK_STR(flow.parties[i].name, names[i]);
		CHECK_INT(flow.parties[i].kind, of_kind[i]);
	}
	REQUIRE(flow.n == COUNT_OF(hows));
	for (size_t i = 0; i < flow.n; i++) {
		CHECK_STR(flow.rows[i].how, hows[i]);
		CHECK_INT(flow.rows[i].call, i >= 7);
		CHECK(i == 0 || flow.rows[i].leg->start_ms >= flow.rows[i - 1].leg->start_ms);
	}
	CHECK_INT(flow.rows[9].from, 5);
	CHECK_INT(flow.rows[9].to, 6);
	fake_stop();
}

TEST(what_webex_says_is_named)
{
	static const struct {
		const char *kind, *redirect, *related, *how;
	} rows[] = {
		{ "User", "Unconditional", "CallForwardAlways", "forward" },
		{ "User", "NoAnswer", "CallForwardNoAnswer", "forward" },
		{ "User", "", "ConsultativeTransfer", "transfer" },
		{ "User", "Unconditional", "ConsultativeTransfer", "transfer" }, /* what triggered it comes first */
		{ "User", "CallQueue", "", "queue" },
		{ "HuntGroup", "", "", "hunt group" },
		{ "VoiceMailRetrieval", "NoAnswer", "CallForwardNoAnswer", "voicemail" },
		{ "AutomatedAttendantVideo", "", "Deflection", "attendant" },
		{ "User", "", "Deflection", "deflected" },
		{ "User", "", "DirectedCallPickup", "pickup" },
		{ "User", "", "CallParkRetrieve", "parked" },
		{ "User", "", "BargeIn", "barge-in" },
		{ "User", "ExplicitId017", "Unrecognized", "" },
		{ "\x1b[31m", "\xff", "\x9b", "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct leg_row one = leg(1, true, "ana", rows[i].kind, "4021", "4022");
		one.redirect_reason = rows[i].redirect;
		one.related_reason = rows[i].related;
		struct call_detail detail = { .legs = &one, .n_legs = 1 };
		struct flow flow = flow_of(&detail);
		CHECK_STR(flow.rows[0].how, rows[i].how);
	}
}

TEST(a_gateway_stands_between_the_trunk_and_the_world)
{
	struct leg_row legs[2] = { leg(1, false, "ana", "User", "+576015550177", "4021"), leg(2, true, "gw", "LocalGateway", "+576015550177", "4021") };
	for (size_t i = 0; i < 2; i++) {
		legs[i].inbound_trunk = "GW_Bogota";
		legs[i].call_type = "SIP_INBOUND";
	}
	struct call_detail detail = { .legs = legs, .n_legs = 2 };
	struct flow flow = flow_of(&detail);
	REQUIRE(flow.n_parties == 3);
	CHECK_STR(flow.parties[0].name, "+576015550177");
	CHECK_INT(flow.parties[0].kind, PARTY_OUTSIDE);
	CHECK_STR(flow.parties[2].name, "GW_Bogota");
	CHECK_INT(flow.rows[1].from, 0); /* in from the world, though the gateway originates */
	CHECK_INT(flow.rows[1].to, 2);
}

/* As Webex reports them: the gateway's leg has the number without its country. */
TEST(a_call_goes_by_the_trunk_in_and_out)
{
	struct leg_row in[2] = { leg(1, false, "ana", "User", "+573157808008", "8210"), leg(2, true, "gw", "LocalGateway", "3157808008", "8210") };
	struct leg_row out[2] = { leg(1, true, "ana", "User", "8210", "+37125550123"), leg(2, false, "gw", "LocalGateway", "8210", "0037125550123") };
	in[0].call_type = "SIP_INBOUND";
	in[0].far = "+573157808008";
	in[1].far = "8210";
	out[0].call_type = "SIP_INTERNATIONAL";
	out[0].far = "+37125550123";
	out[1].far = "8210";
	for (int way = 0; way < 2; way++) {
		struct leg_row *legs = way == 0 ? in : out;
		for (size_t late = 0; late < 2; late++) { /* at once, or the gateway's a second later */
			legs[1].start_ms = legs[0].start_ms + (int64_t)late * SECOND_MS;
			legs[0].local_call_id = legs[1].remote_call_id = "1:2";
			legs[1].local_call_id = legs[0].remote_call_id = "9:2";
			legs[1].inbound_trunk = "GW_Bogota";
			struct call_detail detail = { .legs = legs, .n_legs = 2 };
			struct flow flow = flow_of(&detail);
			REQUIRE(flow.n_parties == 3 && flow.n == 2);
			CHECK_STR(flow.parties[way == 0 ? 0 : 2].name, way == 0 ? "+573157808008" : "+37125550123");
			CHECK_STR(flow.parties[1].name, "GW_Bogota");
			CHECK_STR(flow.parties[way == 0 ? 2 : 0].name, "ana");
			for (size_t i = 0; i < 2; i++)
				CHECK_INT(flow.rows[i].to, flow.rows[i].from + 1);
			CHECK_INT(flow.rows[0].from, late == 1 && way == 0);
		}
	}
	/* Another number than the partner's stays what it is. */
	in[1].calling = "3157808009";
	struct call_detail detail = { .legs = in, .n_legs = 2 };
	CHECK_STR(flow_of(&detail).parties[0].name, "3157808009");
}

TEST(without_a_partner_the_number_tells_who_it_was)
{
	struct leg_row legs[2] = { leg(1, true, "ana", "User", "4021", "4022"), leg(2, false, "luis", "User", "4021", "4022") };
	legs[0].user_number = "4021";
	legs[1].user_number = "4022";
	struct call_detail detail = { .legs = legs, .n_legs = 2 };
	struct flow flow = flow_of(&detail);
	CHECK_INT(flow.n_parties, 2);
	CHECK_INT(flow.rows[0].from, flow.rows[1].from);
	CHECK_INT(flow.rows[0].to, flow.rows[1].to);
	CHECK_STR(flow.parties[1].name, "luis");
}

/* In: from outside to ana, who hands it on to luis. The second call is within, and each of
 * its ends has a record of it. */
TEST(a_hop_of_two_records_is_one_arrow)
{
	for (int blind = 0; blind < 2; blind++) {
		struct leg_row legs[4] = { leg(1, true, "gw", "LocalGateway", "3157808008", "8210"), leg(2, false, "ana", "User", "+573157808008", "8210"),
			leg(3, true, "ana", "User", "8210", "8220"), leg(4, false, "luis", "User", blind ? "+573157808008" : "8210", "8220") };
		legs[0].inbound_trunk = "GW_Bogota";
		legs[0].call_type = legs[1].call_type = "SIP_INBOUND";
		legs[0].local_call_id = legs[1].remote_call_id = "9:2";
		legs[1].local_call_id = legs[0].remote_call_id = "1:2";
		legs[2].local_call_id = legs[3].remote_call_id = "2:1";
		legs[3].local_call_id = legs[2].remote_call_id = "3:1";
		legs[blind ? 3 : 2].related_reason = blind ? "Deflection" : "ConsultativeTransfer";
		if (blind) {
			legs[3].redirect_reason = "BlindTransfer";
		} else { /* each of the two calls names the other */
			legs[1].related_reason = "ConsultativeTransfer";
			legs[1].transfer_call_id = "2:1";
			legs[2].transfer_call_id = "1:2";
		}
		struct call_detail detail = { .legs = legs, .n_legs = 4 };
		struct flow flow = flow_of(&detail);
		REQUIRE(flow.n == 4 && flow.n_parties == 4);
		size_t n_arrows = 0;
		for (size_t i = 0; i < flow.n; i++)
			n_arrows += !flow.rows[i].again;
		CHECK_INT(n_arrows, 3); /* to the trunk, to ana, to luis */
		CHECK(flow.rows[3].again && flow.rows[3].leg == &legs[3]);
		CHECK_STR(flow.rows[1].how, ""); /* it was handed on, and came in as any other */
		CHECK_STR(flow.rows[2].how, "transfer");
		/* On the screen: an arrow, then a sign at its end; in words, who it is. */
		for (int cols = 120; cols > 0; cols -= 80) {
			struct canvas canvas;
			struct flow_place place;
			canvas_init(&canvas, 4, cols);
			flow_layout(&flow, cols, &place);
			CHECK_INT(place.columns, cols == 120);
			for (size_t i = 0; i < flow.n; i++)
				flow_draw(&flow, &place, &canvas, (int)i, i, NULL, false);
			size_t n_heads = 0, n_signs = 0;
			for (int at = 0; at < 4 * cols; at++) {
				n_heads += canvas.cells[at].point == 0x25B6 || canvas.cells[at].point == 0x2192;
				n_signs += canvas.cells[at].point == 0x25CF;
			}
			CHECK_INT(n_heads, 3);
			CHECK_INT(n_signs, 1);
			canvas_clear(&canvas);
		}
	}
}

TEST(two_calls_between_the_same_two_are_two_arrows)
{
	struct leg_row legs[4] = { leg(1, true, "ana", "User", "8210", "8220"), leg(2, false, "luis", "User", "8210", "8220"), leg(3, true, "ana", "User", "8210", "8220"),
		leg(4, false, "luis", "User", "8210", "8220") };
	static const char *const ids[] = { "1:1", "2:1", "3:1", "4:1" };
	for (int named = 0; named < 3; named++) { /* as they should be; by nobody; each names itself */
		for (size_t i = 0; i < 4; i++) {
			legs[i].user_number = i % 2 == 0 ? "8210" : "8220";
			legs[i].local_call_id = named == 1 ? "" : ids[i];
			legs[i].remote_call_id = named == 1 ? "" : ids[named == 2 ? i : i ^ 1];
		}
		struct call_detail detail = { .legs = legs, .n_legs = 4 };
		struct flow flow = flow_of(&detail);
		REQUIRE(flow.n == 4);
		for (size_t i = 0; i < 4; i++)
			CHECK_INT(flow.rows[i].again, named == 0 && i % 2 == 1);
	}
}

TEST(very_many_parties_are_others_and_lines_of_words)
{
	enum { LEGS = 60 };
	static struct leg_row legs[LEGS];
	static char names[LEGS][8];
	for (int i = 0; i < LEGS; i++) {
		snprintf(names[i], sizeof names[i], "p%d", i);
		legs[i] = leg(i + 1, true, names[i], "User", "", "+37125550123");
		legs[i].call_type = "SIP_INTERNATIONAL";
	}
	struct call_detail detail = { .legs = legs, .n_legs = LEGS };
	struct flow flow = flow_of(&detail);
	CHECK_INT(flow.n_parties, FLOW_PARTIES);
	CHECK_INT(flow.parties[FLOW_PARTIES - 1].kind, PARTY_OTHERS);
	CHECK_INT(flow.rows[LEGS - 1].from, FLOW_PARTIES - 1);
	struct flow_place place;
	flow_layout(&flow, 120, &place);
	CHECK(!place.columns);
	flow_layout(&flow, 300, &place);
	CHECK(place.columns);
	/* On the narrowest screen nothing is drawn outside. */
	struct canvas canvas;
	canvas_init(&canvas, 8, 40);
	flow_layout(&flow, 40, &place);
	for (int row = 0; row < 8; row++)
		flow_draw(&flow, &place, &canvas, row, (size_t)row, NULL, false);
	canvas_clear(&canvas);
}

TEST(nobody_and_nothing_is_a_flow_too)
{
	struct call_detail none = { 0 };
	struct flow flow = flow_of(&none);
	struct flow_place place;
	CHECK_INT(flow.n + flow.n_parties, 0);
	flow_layout(&flow, 80, &place);
	struct leg_row empty = leg(1, false, "", "", "", "");
	struct call_detail one = { .legs = &empty, .n_legs = 1 };
	flow = flow_of(&one);
	CHECK_INT(flow.n, 1);
}

/* Enter goes to a record of any call of the journey, and to the call itself. */
TEST(every_row_of_a_flow_leads_on)
{
	fake_start(7, 10);
	fake.journey = true;
	struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ 0 });
	press(screen, "L Enter");
	CHECK(screen_says(screen, "7 legs \xC2\xB7 1 more call"));
	press(screen, "j j j j j j j j j Enter");
	REQUIRE(screen_focused(screen)->type == &view_raw);
	CHECK_INT(screen_focused(screen)->id, 7010);
	press(screen, "q G Enter");
	REQUIRE(screen_focused(screen)->type == &view_call);
	CHECK_INT(screen_focused(screen)->id, 2);
	press(screen, "v");
	CHECK_INT(screen->modal, MODAL_MENU);
	screen_free(screen);
	fake.journey = false;
	fake_stop();
	arena_clear(&arena);
}

TESTS(T(a_journey_is_one_flow_in_time), T(what_webex_says_is_named), T(a_gateway_stands_between_the_trunk_and_the_world), T(a_call_goes_by_the_trunk_in_and_out), T(without_a_partner_the_number_tells_who_it_was),
    T(a_hop_of_two_records_is_one_arrow), T(two_calls_between_the_same_two_are_two_arrows), T(very_many_parties_are_others_and_lines_of_words), T(nobody_and_nothing_is_a_flow_too), T(every_row_of_a_flow_leads_on))
