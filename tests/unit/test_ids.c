/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/base.h"
#include "webex/ids.h"

#define DANA "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"
#define DANA_ID "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81YjFmMGM2YS0yZjc3LTRhMzktOGQwZS02YjhmMWEyYzNkNGU"

TEST(G3_a_person_id_holds_the_uuid_of_the_record)
{
	struct webex_id id;
	REQUIRE(webex_id_read(DANA_ID, &id));
	CHECK_STR(id.kind, "PEOPLE");
	CHECK_STR(id.uuid, DANA);
	char made[WEBEX_ID_BYTES];
	webex_id_make("PEOPLE", DANA, made);
	CHECK_STR(made, DANA_ID);
}

TEST(G10_padding_may_be_there_or_not)
{
	char uuid[UUID_BYTES];
	/* 16 + 36 bytes: the standard form of LOCATION needs padding. */
	CHECK(webex_id_uuid("Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzdjNmI1YTQ5LTM4MjctNDE2NS1hMGIxLWMyZDNlNGY1MDYxNw", uuid));
	CHECK_STR(uuid, "7c6b5a49-3827-4165-a0b1-c2d3e4f50617");
	CHECK(webex_id_uuid("Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzdjNmI1YTQ5LTM4MjctNDE2NS1hMGIxLWMyZDNlNGY1MDYxNw==", uuid));
	CHECK_STR(uuid, "7c6b5a49-3827-4165-a0b1-c2d3e4f50617");
}

TEST(F5_audit_ids_are_the_bare_uuid)
{
	char uuid[UUID_BYTES];
	CHECK(webex_id_uuid("NWIxZjBjNmEtMmY3Ny00YTM5LThkMGUtNmI4ZjFhMmMzZDRl", uuid));
	CHECK_STR(uuid, DANA);
	CHECK(webex_id_uuid("5B1F0C6A-2F77-4A39-8D0E-6B8F1A2C3D4E", uuid));
	CHECK_STR(uuid, DANA);
}

TEST(J10_a_call_id_names_the_records_local_call_id)
{
	char local[32], made[WEBEX_ID_BYTES];
	CHECK(webex_id_local_call("Y2lzY29zcGFyazovL3VzL0NBTEwvY2FsbGhhbGYtNDg4MTUxNjI6MA", local, sizeof local));
	CHECK_STR(local, "48815162:0");
	webex_id_make("CALL", "BCLD/callhalf-488:0", made);
	CHECK(webex_id_local_call(made, local, sizeof local));
	CHECK_STR(local, "488:0");
	webex_id_make("CALL", "callhalf-488:0x", made);
	CHECK(!webex_id_local_call(made, local, sizeof local));
	CHECK(!webex_id_local_call(DANA_ID, local, sizeof local));
	CHECK(!webex_id_local_call("Y2lzY29zcGFyazovL3VzL0NBTEwvY2FsbGhhbGYtNDg4MTUxNjI6MA", local, 5));
}

TEST(a_cluster_other_than_us_is_read_too)
{
	char text[WEBEX_ID_BYTES];
	const char *plain = "ciscospark://urn:TEAM:us-east-2_a/ROOM/" DANA;
	base64_encode(plain, strlen(plain), true, true, text);
	struct webex_id id;
	REQUIRE(webex_id_read(text, &id));
	CHECK_STR(id.kind, "ROOM");
	CHECK_STR(id.uuid, DANA);
}

TEST(what_is_not_an_id_is_refused)
{
	char bell[WEBEX_ID_BYTES], longest[WEBEX_ID_BYTES];
	base64_encode("ciscospark://us/PEOPLE/\x07", 24, false, false, bell);
	base64_encode("ciscospark://us/PEOPLEPEOPLEPEOPLEPEOPLE/x", 43, false, false, longest);
	const char *const bad[] = { "", "=", "A", "====", "dana@example.com", "Dana Example", "****",
		bell, longest, "Y2lzY29zcGFyazovL3Vz", /* ciscospark://us */
		"5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct webex_id id;
		CHECK(!webex_id_read(bad[i], &id));
	}
}

TEST(base64_goes_both_ways)
{
	static const unsigned char bytes[] = { 0xFB, 0xFF, 0xBF, 0x00, 0x01 };
	char text[16];
	unsigned char back[8];
	base64_encode(bytes, 5, true, false, text);
	CHECK_STR(text, "-_-_AAE");
	CHECK_INT(base64_decode(text, 7, back, sizeof back), 5);
	CHECK(memcmp(back, bytes, 5) == 0);
	base64_encode(bytes, 5, false, true, text);
	CHECK_STR(text, "+/+/AAE=");
	CHECK_INT(base64_decode(text, 8, back, 4), -1);
	CHECK_INT(base64_decode("AA\nA", 4, back, sizeof back), -1);
	base64_encode("", 0, false, true, text);
	CHECK_STR(text, "");
}

TESTS(T(G3_a_person_id_holds_the_uuid_of_the_record), T(G10_padding_may_be_there_or_not),
    T(F5_audit_ids_are_the_bare_uuid), T(J10_a_call_id_names_the_records_local_call_id),
    T(a_cluster_other_than_us_is_read_too), T(what_is_not_an_id_is_refused),
    T(base64_goes_both_ways))
