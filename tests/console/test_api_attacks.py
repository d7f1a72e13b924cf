# SPDX-License-Identifier: Apache-2.0
"""Attacks on the API: who has no token or a wrong one, who sends too much, too slowly or
what is no request, who comes from another page or by another name."""
import http.client
import json
import os
import random
import re
import socket
import stat
import subprocess
import unittest

import harness
import service
import stores


def setUpModule():
    global place, s
    place = stores.a_place()
    folder = harness.days_until_now(place, 1, "--days", "2", "--users", "60", "--seed", "5")
    assert place.run("import", folder + "/cdrs.jsonl").code == 0
    config = place.file("serve.yaml", "api: {listen: \"127.0.0.1:0\", origins: \"https://soc.example\", hosts: \"centinela.example\"}\n")
    s = service.Service(place, config=config)
    s.token("admin"), s.token("viewer")


def tearDownModule():
    assert s.stop() == 0, s.said()
    place.clean()


class Doors(unittest.TestCase):
    def test_without_a_token_in_force_nothing_is_said(self):
        made = place.run("token", "create", "old", "--for", "1s")
        taken = place.run("token", "create", "taken")
        self.assertEqual((made.code, taken.code, place.run("token", "revoke", "taken").code), (0, 0, 0))
        good, later = s.tokens["viewer"], place.run("token", "create", "later").out.strip()
        # Who knows the last of them knows of the others.
        harness.wait_for(lambda: s.ask("GET", "/auth/status", headers={"Authorization": "Bearer " + later}).status == 200, "the tokens to be known")
        harness.wait_for(lambda: s.ask("GET", "/auth/status", headers={"Authorization": "Bearer " + made.out.strip()}).status in (401, 429), "the token to end")
        wrong = ["", "Bearer", "Bearer ", "Basic " + good, good, "Bearer " + good[:-1], "Bearer " + good + "x", "Bearer " + good[:13] + "A" * 43,
            "Bearer cnt_AAAAAAAA_" + good[13:], "Bearer " + good.upper(), "Bearer " + made.out.strip(), "Bearer " + taken.out.strip(), "Bearer " + "x" * 5000,
            "Bearer \x01", "Bearer cnt_'; DROP TABLE tokens;--"]
        for path in ("/api/v1/alerts/", "/api/v1/cdrs/", "/metrics", "/auth/status", "/auth/login", "/api/v1/calls/live/stream"):
            for header in wrong:
                answer = s.ask("GET", path, headers={"Authorization": header} if header else {})
                self.assertIn(answer.status, (401, 429), (path, header, answer))
                self.assertNotIn(b"items", answer.bytes)
            self.assertEqual(s.ask("GET", path, scope="viewer").status if "stream" not in path and "login" not in path else 200, 200)
        answer = None
        for _ in range(100):
            answer = s.ask("GET", "/api/v1/alerts/")
        self.assertEqual(answer.status, 429)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.assertEqual(s.ask("GET", "/api/v1/alerts/", scope="viewer").status, 200)  # who has one is let in all the same

    def test_another_address_of_this_host_is_no_other_guest(self):
        """There are millions of them, each with tries of its own and a place in the table of who tried."""
        for i in range(2000):
            connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=harness.DEADLINE, source_address=("127.9.%d.%d" % (i // 250, 1 + i % 250), 0))
            answer = s.ask("GET", "/api/v1/alerts/", headers={"Authorization": "Bearer x"}, connection=connection)
            connection.close()
            if answer.status == 429:
                return
            self.assertEqual(answer.status, 401)
        self.fail("2000 tries, and none too many")

    def test_a_scope_lets_do_what_it_says_and_no_more(self):
        for method, path, body in (("POST", "/api/v1/alerts/", {"title": "x"}), ("PATCH", "/api/v1/alerts/1", {"status": "open"}), ("DELETE", "/api/v1/alerts/1", None),
                ("POST", "/api/v1/cdrs/sync", None), ("POST", "/auth/refresh", None), ("POST", "/auth/logout", None), ("GET", "/auth/login", None),
                ("POST", "/api/v1/silences/", {}), ("GET", "/api/v1/audit/", None), ("POST", "/api/v1/alerts/1/claim", {})):
            answer = s.ask(method, path, body, scope="viewer")
            self.assertEqual((answer.status, answer.json()["code"]), (403, "forbidden"), (method, path))

    def test_a_token_is_told_once_and_kept_nowhere(self):
        made = place.run("token", "create", "secret-keeper", "--json")
        secret = made.json()["token"]
        self.assertRegex(secret, r"^cnt_[\w-]{8}_[\w-]{43}$")
        store = place.all_bytes()
        self.assertIn(b"secret-keeper", store)
        self.assertNotIn(secret[13:].encode(), store)
        self.assertNotIn(secret[13:], place.run("token", "list", "--json").out + place.run("audit", "--json").out + s.said())
        for words in (("create", "secret-keeper"), ("create", "two words"), ("create", ""), ("create", "x" * 41), ("create", "1x"), ("create", "a", "--scope", "root"),
                ("create", "a", "--for", "401d"), ("create", "a", "--for", "0s"), ("revoke", "nobody"), ("create",), ("dance", "x")):
            ran = place.run("token", *words)
            harness.is_sentence(self, ran, ran.code)
            self.assertIn(ran.code, (1, 2), words)

    def test_another_name_is_not_ours(self):
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "centinela.example.evil", "[::2]"):
            answer = s.ask("GET", "/health", headers={"Host": host})
            self.assertEqual(answer.status, 421, host)
        for host in ("localhost", "LOCALHOST:8719", "127.0.0.1", "[::1]:8719", "centinela.example:443"):
            self.assertEqual(s.ask("GET", "/health", headers={"Host": host}).status, 200, host)
        self.assertIn(b" 421 ", s.raw(b"GET /health HTTP/1.0\r\n\r\n"))

    def test_another_page_can_do_nothing(self):
        evil = {"Origin": "https://evil.example"}
        answer = s.ask("GET", "/api/v1/alerts/", scope="viewer", headers=evil)
        self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
        for origin in ("https://evil.example", "null", "https://soc.example.evil", "http://soc.example"):
            self.assertEqual(s.ask("POST", "/api/v1/alerts/", {"title": "x"}, scope="admin", headers={"Origin": origin}).status, 403, origin)
            self.assertEqual(s.ask("OPTIONS", "/api/v1/alerts/", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}).status, 403)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):  # what a form can send
            self.assertEqual(s.ask("POST", "/api/v1/alerts/", b'{"title":"x"}', scope="admin", headers={"Content-Type": kind}).status, 415)
        own = {"Origin": "https://soc.example"}
        before = s.ask("OPTIONS", "/api/v1/alerts/1", headers={**own, "Access-Control-Request-Method": "PATCH"})
        self.assertEqual((before.status, before.headers["Access-Control-Allow-Origin"]), (204, "https://soc.example"))
        self.assertIn("PATCH", before.headers["Access-Control-Allow-Methods"])
        self.assertEqual(s.ask("GET", "/api/v1/alerts/", scope="viewer", headers=own).headers["Access-Control-Allow-Origin"], "https://soc.example")

    def test_paths_lead_nowhere_else(self):
        for path in ("/../etc/passwd", "/api/v1/alerts/../../auth/status", "/api//v1/alerts/", "/api/v1/alerts/%2e%2e", "/api/v1/alerts/1/", "/api/v1/alerts/01",
                "/api/v1/alerts/+1", "/api/v1/alerts/1%00", "/api/v1/alerts/9223372036854775808", "/health/../metrics", "/HEALTH", "/api/v1/alerts/1/claim/", "//health",
                "/api/v1/alerts/stats", "/" + "a" * 4000):
            answer = s.ask("GET", path, scope="admin")
            self.assertIn(answer.status, (404, 405) if path != "/api/v1/alerts/1/" else (200, 404), path)
        self.assertEqual(s.ask("GET", "/health/", scope="admin").status, 200)

    def test_headers_are_not_answers(self):
        for name in ("X-Request-Id", "Origin", "Host"):
            got = s.raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + name.encode() + b": a\r\n\tSet-Cookie: x=1\r\n\r\n")
            self.assertNotIn(b"\nSet-Cookie", got)
        answer = s.ask("GET", "/health", headers={"X-Request-Id": "mine-1"})
        self.assertEqual(answer.headers["X-Request-Id"], "mine-1")
        self.assertNotIn("<", s.ask("GET", "/health", headers={"X-Request-Id": "<b>"}).headers["X-Request-Id"])
        for header in ("X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "Cache-Control"):
            self.assertIsNotNone(answer.headers[header])

    def test_what_is_no_request_is_answered_or_cut(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 100 + b"\x00",
                b"GET /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\n0\r\n\r\n",
                b"POST /api/v1/alerts/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"POST /api/v1/alerts/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"):
            sock = socket.create_connection(("127.0.0.1", s.port), harness.DEADLINE)
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            sock.settimeout(harness.DEADLINE)
            got = b""
            try:
                while True:
                    piece = sock.recv(65536)
                    if not piece:
                        break
                    got += piece
            except ConnectionResetError:
                pass
            sock.close()
            self.assertNotIn(b" 500 ", got)
        self.assertEqual(s.ask("GET", "/health").status, 200)

    def test_too_much_is_refused(self):
        # Refused before it is whole, it is told in the same form as everything else.
        head = b"POST /api/v1/alerts/ HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: refused-1\r\nContent-Type: application/json\r\n"
        for rest, status, why in ((b"Content-Length: 70000\r\n\r\n" + b" " * 70000, 413, "the body is too large"),
                (b"Content-Length: 99999999\r\n\r\n", 413, "the body is too large"),
                (b"Content-Length: 2\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n{}", 400, "a header that stands once is there twice")):
            top, _, body = s.raw(head + rest).partition(b"\r\n\r\n")
            lines = top.decode().split("\r\n")
            self.assertEqual(int(lines[0].split()[1]), status)
            for line in ("X-Request-Id: refused-1", "Content-Type: application/problem+json", "X-Content-Type-Options: nosniff", "Connection: close"):
                self.assertIn(line, lines)
            problem = json.loads(body)
            self.assertEqual((problem["status"], problem["detail"], problem["request_id"]), (status, why, "refused-1"))
        got = s.raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 1000) for i in range(40)) + b"\r\n")
        self.assertIn(got[:12], (b"HTTP/1.1 431", b"HTTP/1.1 400", b""))
        deep = b'{"title":' + b"[" * 20000 + b"]" * 20000 + b"}"
        self.assertEqual(s.ask("POST", "/api/v1/alerts/", deep, scope="admin").status, 400)
        many = b"{" + b",".join(b'"k%d":1' % i for i in range(6000)) + b"}"
        self.assertIn(s.ask("POST", "/api/v1/alerts/", many[:60000], scope="admin").status, (400, 413))
        self.assertEqual(s.ask("GET", "/api/v1/alerts/?filter=" + "(" * 1500 + "x" + ")" * 1500, scope="viewer").status, 400)
        self.assertEqual(s.ask("GET", "/health").status, 200)

    def test_who_has_said_all_and_listens_is_answered(self):
        for path in (b"/health/ready", b"/api/v1/alerts/?page_size=1"):
            with socket.create_connection(("127.0.0.1", s.port), harness.DEADLINE) as sock:
                sock.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + s.tokens["viewer"].encode() + b"\r\n\r\n")
                sock.shutdown(socket.SHUT_WR)
                got = sock.makefile("rb").read()
            self.assertNotIn(b"nobody waits", got)
            self.assertIn(b"\r\n\r\n{", got)

    def test_who_is_slow_is_in_nobodys_way(self):
        slow = []
        for i in range(150):
            sock = socket.create_connection(("127.0.0.1", s.port), harness.DEADLINE)
            sock.sendall(b"GET /api/v1/alerts/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * i)
            slow.append(sock)
        for _ in range(20):
            self.assertEqual(s.ask("GET", "/api/v1/alerts/", scope="viewer").status, 200)
        for sock in slow:
            sock.close()


class Parsing(unittest.TestCase):
    """What two readers of one request could understand in two ways is no request."""

    def head(self, method="POST", path="/api/v1/alerts/", *headers):
        lines = ["%s %s HTTP/1.1" % (method, path), "Host: localhost", "Authorization: Bearer " + s.tokens["admin"], *headers]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def statuses(self, data):
        """Of every answer that came, in order; what is cut has none. The service ends it."""
        got = b""
        with socket.create_connection(("127.0.0.1", s.port), harness.DEADLINE) as sock:
            sock.settimeout(harness.DEADLINE)
            try:
                sock.sendall(data)
                while piece := sock.recv(65536):
                    got += piece
            except (ConnectionResetError, BrokenPipeError):
                pass
        return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d+) ", got)]

    def alerts(self):
        return place.sql("SELECT count(*) FROM alerts")[0][0]

    def test_a_header_that_stands_once_is_there_once(self):
        body, n = b'{"title":"Twice"}', self.alerts()
        for twice in (("Host: localhost",), ("Host: evil.example",), ("Authorization: Bearer x",), ("authorization: Bearer x",), ("Content-Length: 2",), ("Content-Length: 17",),
                ("Content-Type: text/plain",), ("Transfer-Encoding: chunked",), ("Origin: https://soc.example", "Origin: https://evil.example"),
                ("Idempotency-Key: a", "Idempotency-Key: b"), ("If-Match: *", 'If-Match: "1"')):
            # What follows is never taken for a request of its own.
            data = self.head("POST", "/api/v1/alerts/", "Content-Type: application/json", "Content-Length: 17", *twice) + body + self.head("GET", "/health", "Connection: close")
            self.assertIn(self.statuses(data), ([400], []), twice)
        self.assertEqual(self.alerts(), n)

    def test_requests_in_a_row_are_answered_in_their_order(self):
        data = self.head("GET", "/api/v1/alerts/?page_size=1") + self.head("GET", "/health") + self.head("GET", "/api/v1/alerts/999999") + self.head("GET", "/health", "Connection: close")
        self.assertEqual(self.statuses(data), [200, 200, 404, 200])

    def test_a_body_in_pieces(self):
        head = self.head("POST", "/api/v1/alerts/", "Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close")
        body, n = b'{"title":"In pieces"}', self.alerts()
        good = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(body[i:i + 5]), body[i:i + 5]) for i in range(0, len(body), 5)) + b"0\r\nX-Trailer: 1\r\n\r\n"
        self.assertEqual(self.statuses(head + good), [201])
        self.assertEqual(self.alerts(), n + 1)
        for bad in (b"-1\r\nabc", b"zz\r\nabc", b"15\r\n" + body + b"XX0\r\n\r\n"):
            self.assertIn(self.statuses(head + bad), ([400], []), bad)
        for cut in (b"ffffffffffffffff\r\nabc", b"5\r\n{\"tit", good[:-9], b"5", b""):  # who leaves in the middle has asked for nothing
            with socket.create_connection(("127.0.0.1", s.port), harness.DEADLINE) as sock:
                sock.sendall(head + cut)
        self.assertEqual(self.statuses(head + b"0\r\n\r\n"), [400])
        large = b"ffff\r\n" + b" " * 0xffff + b"\r\n" + b"ffff\r\n" + b" " * 0xffff + b"\r\n0\r\n\r\n"
        self.assertEqual(self.statuses(head + large), [413])
        self.assertEqual(self.alerts(), n + 1)

    def test_methods_and_targets_that_are_none_of_ours(self):
        for method, path, status in (("TRACE", "/health", 405), ("CONNECT", "evil.example:443", 404), ("get", "/health", 405), ("A" * 3000, "/health", 405), ("OPTIONS", "*", 404),
                ("GET", "http://evil.example/health", 404), ("GET", "/health#x", 404), ("GET", "/health;x=1", 404), ("GET", "/%68ealth", 404), ("GET", "/api\\v1\\alerts", 404),
                ("GET", "/api/v1/alerts/%EF%BC%91", 404), ("GET", "/api/v1/sites/%C0%AE", 404), ("GET", "/api/v1/alerts/?location=%ED%A0%80", 400),
                ("GET", "/api/v1/alerts/?filter=" + "a" * 9000, 400), ("OPTIONS", "/api/v1/alerts/", 403)):
            self.assertEqual(self.statuses(self.head(method, path, "Connection: close")), [status], (method[:10], path[:60]))
        self.assertEqual(self.statuses(b"GET /health HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\nGET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"), [200, 200])
        for data in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /health\r\n\r\n", b"GET /health HTTP/1.1\r\nHost : localhost\r\nConnection: close\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: loc\r\n alhost\r\nConnection: close\r\n\r\n"):
            self.assertNotIn(200, self.statuses(data), data)
        self.assertEqual(s.ask("GET", "/health").status, 200)

    def test_head_says_what_get_says_and_gives_nothing(self):
        for path in ("/health", "/metrics", "/openapi.json", "/api/v1/alerts/", "/api/v1/alerts/1", "/api/v1/alerts/999999", "/api/v1/cdrs/", "/nothing", "/auth/login", "/api/v1/audit/"):
            got, head = s.ask("GET", path, scope="admin"), s.ask("HEAD", path, scope="admin")
            self.assertEqual((head.status, head.bytes, head.headers["Content-Type"]), (got.status, b"", got.headers["Content-Type"]), path)
        self.assertEqual(s.ask("HEAD", "/api/v1/alerts/").status, 401)
        # A stream has no end, but its head has.
        self.assertEqual(s.ask("HEAD", "/api/v1/calls/live/stream", scope="viewer").status, 200)
        harness.wait_for(lambda: b"\ncentinela_api_streams 0\n" in s.ask("GET", "/metrics", scope="viewer").bytes, "the stream to be gone")

    def test_a_tag_is_one_tag(self):
        made = s.ask("POST", "/api/v1/alerts/", {"title": "Tagged", "subject": "+576015551234"}, scope="admin")
        path, tag = made.headers["Location"], made.headers["ETag"]
        for wrong in ("W/" + tag, tag[1:-1], tag + ", " + tag, tag + ',"1"', '""', "", '"', '"+1"', '"-1"', '"9223372036854775808"', '"' + "9" * 40 + '"', '"é"', "**"):
            self.assertEqual(s.ask("PATCH", path, {"resolution_notes": "x"}, scope="admin", headers={"If-Match": wrong.encode("latin-1")}).status, 412, wrong)
        self.assertEqual(s.ask("GET", path, scope="admin").headers["ETag"], tag)
        for right in (tag, "*"):
            self.assertEqual(s.ask("PATCH", path, {"resolution_notes": "x"}, scope="admin", headers={"If-Match": right}).status, 200, right)

    def test_a_key_is_of_one_request(self):
        made = s.ask("POST", "/api/v1/alerts/", {"title": "Keyed", "subject": "+576015554321"}, scope="admin").json()["id"]
        key, path = {"Idempotency-Key": "é-1".encode("latin-1")}, "/api/v1/alerts/%d/note" % made
        first = s.ask("POST", path, {"note": "a"}, scope="admin", headers=key)
        self.assertEqual((first.status, first.json()["notes"]), (200, 1))
        for body in ({"note": "b"}, {"note": "a", "x": 1}, {"note": "a "}):
            self.assertIn(s.ask("POST", path, body, scope="admin", headers=key).status, (400, 422), body)
        self.assertEqual(s.ask("POST", path, {"note": "a"}, scope="admin", headers=key).headers["Idempotency-Replayed"], "true")
        # Of another path, with another question, of another's token: another request.
        self.assertIsNone(s.ask("POST", path + "?numbers=masked", {"note": "a"}, scope="admin", headers=key).headers["Idempotency-Replayed"])
        self.assertIsNone(s.ask("POST", path, {"note": "a"}, scope="analyst", headers=key).headers["Idempotency-Replayed"])
        self.assertEqual(s.ask("GET", "/api/v1/alerts/%d" % made, scope="admin").json()["notes"], 3)
        for wrong in ("", "k" * 201):
            self.assertEqual(s.ask("POST", path, {"note": "a"}, scope="admin", headers={"Idempotency-Key": wrong}).status, 400)

    def test_json_is_json(self):
        for kind, status in (("application/json", 201), ("application/json; charset=utf-8", 201), ("APPLICATION/JSON", 201), ("application/jsonp", 415), ("application/json-seq", 415),
                ("text/plain; application/json", 415), ("application/x-json", 415), ("", 415)):
            answer = s.ask("POST", "/api/v1/alerts/", json.dumps({"title": "Of a kind", "subject": "+5760%08d" % random.randrange(10 ** 8)}).encode(), scope="admin", headers={"Content-Type": kind})
            self.assertEqual(answer.status, status, kind)
        for body in (b'\xef\xbb\xbf{"title":"x"}', b'{"title":"\\ud800"}', b'{"title":"x"} {}', b'{"title":1e400}', b'{"\\u0000":1}', b'{"title":"\xc0\x80"}', b'{"title":"\xed\xa0\x80"}',
                b'{"title":"x","title":"y"}', b'{"title":"x","ti\\u0074le":"y"}',
                b"{'title':'x'}", b'{"title":NaN}', b'{"title":"a\nb"}', b"{,}", b'{"title":"x",}'):
            self.assertEqual(s.ask("POST", "/api/v1/alerts/", body, scope="admin").status, 400, body)


class Words(unittest.TestCase):
    def test_a_name_that_cannot_be_shown_is_nobodys(self):
        made = s.ask("POST", "/api/v1/alerts/", {"title": "To whom", "subject": "+576015550177"}, scope="admin").json()["id"]
        path = "/api/v1/alerts/%d" % made
        for name in ("x\x1fforged", "\x1b[31mx", "a\tb", "a\nb", "x\u202ey", "x\x7f", "x\u009b31m"):
            for method, to, body in (("POST", path + "/assign", {"assignee": name}), ("PATCH", path, {"assignee": name}),
                    ("POST", "/api/v1/alerts/bulk", {"act": "assign", "alerts": [made], "assignee": name})):
                answer = s.ask(method, to, body, scope="admin")
                self.assertEqual((answer.status, answer.json()["code"] in ("input", "usage")), (400, True), (to, name, answer))
            ran = place.run("alerts", "assign", str(made), "--to", name)
            harness.is_sentence(self, ran, ran.code)
            self.assertNotEqual(ran.code, 0)
        self.assertEqual(place.sql("SELECT count(*) FROM audit WHERE alert_id = %d AND act = 'assign'" % made), [(0,)])

    def test_what_stands_in_the_store_already_is_printed_tame(self):
        made = s.ask("POST", "/api/v1/alerts/", {"title": "Of before", "subject": "+576015550178"}, scope="admin").json()["id"]
        raw = "c\x1b[31m\x1f\u202e\nz"
        place.change("UPDATE alerts SET assignee = ? WHERE id = ?", raw, made)
        place.change("UPDATE audit SET became = ? WHERE alert_id = ?", raw, made)
        said = [place.run("alerts", "show", str(made)).out, place.run("alerts", "show", str(made), "--json").out, place.run("audit", "--limit", "1").out,
            place.run("export", "alerts", "--format", "csv").out, s.ask("GET", "/api/v1/alerts/%d" % made, scope="admin").bytes.decode(),
            s.ask("GET", "/api/v1/alerts/?page_size=500", scope="admin").bytes.decode(), s.ask("GET", "/api/v1/audit/?limit=1", scope="admin").bytes.decode()]
        for text in said:
            self.assertIn("c\ufffd[31m\ufffd", text)
            for sign in ("\x1b", "\x1f", "\u202e", "\\u001b", "\\u001f", "\\u202e", "\ufffd\nz"):
                self.assertNotIn(sign, text)


class Bodies(unittest.TestCase):
    def test_a_body_is_read_as_it_came_or_not_at_all(self):
        body = {"title": "Packed", "subject": "+576015550188"}
        for coding, status in (("gzip", 415), ("deflate", 415), ("br", 415), ("x", 415), ("gzip, identity", 415), ("identity", 201), ("", 200)):
            self.assertEqual(s.ask("POST", "/api/v1/alerts/", body, scope="admin", headers={"Content-Encoding": coding}).status, status, coding)

    def test_what_is_no_number_is_no_subject(self):
        for subject in ("+", "+ -", "()", "+" + "5" * 33, "5" * 200, "+57 (1) " + "5" * 31):
            answer = s.ask("POST", "/api/v1/alerts/", {"title": "Of nobody", "subject": subject}, scope="admin")
            self.assertEqual((answer.status, "1 to 32 digits" in answer.json()["detail"]), (400, True), (subject, answer))
        for subject in ("4021", "+5760155501" * 2, "Ana 1"):
            self.assertIn(s.ask("POST", "/api/v1/alerts/", {"title": "Of somebody", "subject": subject}, scope="admin").status, (200, 201), subject)

    def test_a_refusal_is_a_sentence(self):
        for scope, words in (("viewer", "viewer-test is a viewer: "), ("analyst", "analyst-test is an analyst: ")):
            answer = s.ask("GET", "/api/v1/audit/", scope=scope)
            self.assertEqual((answer.status, answer.json()["detail"].startswith(words)), (403, True), answer)


class Listeners(unittest.TestCase):
    def test_one_token_takes_no_place_of_another(self):
        made = {}
        for i in range(7):
            made[i] = place.run("token", "create", "ear-%d" % i).out.strip()
        harness.wait_for(lambda: s.ask("GET", "/auth/status", headers={"Authorization": "Bearer " + made[6]}).status == 200, "the tokens to be known")
        held = []

        def listen(i):
            connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=harness.DEADLINE)
            connection.request("GET", "/api/v1/calls/live/stream", headers={"Authorization": "Bearer " + made[i]})
            held.append(connection)
            return connection.getresponse()
        try:
            self.assertEqual([listen(0).status for _ in range(8)], [200] * 8)
            refused = listen(0)
            self.assertEqual((refused.status, int(refused.headers["Retry-After"]) > 0, b"8 streams already" in refused.read()), (429, True, True))
            for i in range(1, 6):
                self.assertEqual({listen(i).status for _ in range(8)}, {200})
            # What is left is for those who have none.
            self.assertEqual((listen(6).status, listen(6).status), (200, 503))
        finally:
            for connection in held:
                connection.close()


class Often(unittest.TestCase):
    """How often one token may change something. What is waited for is a refusal, so that it is none of the machine's speed."""

    def test_changes_are_counted_apart_from_reads(self):
        few = service.Service(place, config=place.file("few.yaml", "api: {listen: \"127.0.0.1:0\", write_rate: 1, rate: 100000}\nconsole: {mask_numbers: true}\n"))
        few.tokens = {scope: s.token(scope) for scope in ("admin", "analyst", "viewer")}
        try:
            made = few.ask("POST", "/api/v1/alerts/", {"title": "Counted"}, scope="admin").json()["id"]
            note = lambda scope, path="/api/v1/alerts/%d/note" % made, **more: few.ask("POST", path, {"note": "x"}, scope=scope, **more)
            refused = []
            harness.wait_for(lambda: refused.append(note("admin")) or refused[-1].status == 429, "a change too many")
            problem = refused[-1]
            self.assertEqual(problem.headers["Content-Type"], "application/problem+json")
            self.assertEqual((problem.json()["code"], problem.json()["detail"]), ("limit", "more than 1 changes a second"))
            self.assertEqual(problem.headers["Retry-After"], "1")
            n = place.sql("SELECT count(*) FROM audit WHERE act = 'note'")[0][0]
            # Reads go on, and so do the changes of others.
            for _ in range(20):
                self.assertEqual(few.ask("GET", "/api/v1/alerts/?page_size=1", scope="admin").status, 200)
            self.assertEqual(note("analyst").status, 200)
            self.assertEqual(place.sql("SELECT count(*) FROM audit WHERE act = 'note'")[0][0], n + 1)
            harness.wait_for(lambda: note("admin").status == 200, "the next one to be in time")
            # Whole numbers write to the log: that is a change. What a viewer may not do at all is not counted.
            harness.wait_for(lambda: few.ask("GET", "/api/v1/calls/?limit=1&numbers=whole", scope="admin").status == 429, "too many unmaskings")
            self.assertEqual(note("viewer").status, 403)
            self.assertEqual(few.ask("GET", "/api/v1/calls/?limit=1", scope="admin").status, 200)
        finally:
            self.assertEqual(few.stop(), 0, few.said())


class Elsewhere(unittest.TestCase):
    def refused(self, config, words):
        ran = place.run("serve", "--config", place.file("bad.yaml", config))
        harness.is_sentence(self, ran, ran.code)
        self.assertIn(ran.code, (1, 2))
        self.assertIn(words, ran.err)

    def test_not_in_the_clear_over_a_network(self):
        self.refused('api: {listen: "0.0.0.0:0"}\n', "certificate")
        self.refused('api: {listen: "[::]:0"}\n', "certificate")
        self.refused('api: {listen: "nowhere"}\n', "ADDRESS:PORT")
        self.refused('api: {listen: "127.0.0.1:99999"}\n', "ADDRESS:PORT")
        self.refused('api: {listen: "127.0.0.1:%d"}\n' % s.port, "cannot listen")
        self.refused('api: {listen: "", socket: "%s", socket_scope: king}\n' % place.file("x.sock"), "socket_scope")
        self.refused('api: {listen: "127.0.0.1:0", certificate_file: "/nowhere", key_file: "/nowhere"}\n', "/nowhere")

    def test_localhost_is_here(self):
        other = service.Service(place, config=place.file("name.yaml", 'api: {listen: "localhost:0"}\n'))
        self.assertTrue(other.where.startswith("http://127.0.0.1:"), other.where)
        self.assertEqual(other.ask("GET", "/health", headers={"Host": "localhost"}).status, 200)
        self.assertEqual(other.stop(), 0, other.said())
        self.refused('api: {listen: "localhost.example:0"}\n', "certificate")

    def test_with_a_certificate_it_is_tls_and_nothing_else(self):
        certificate, key = harness.certificate(place, "api", "DNS:localhost", "IP:127.0.0.1")
        os.chmod(key, 0o644)
        config = 'api: {listen: "127.0.0.1:0", certificate_file: "%s", key_file: "%s"}\n' % (certificate, key)
        self.refused(config, "chmod 600")
        os.chmod(key, 0o600)
        tls = service.Service(place, config=place.file("tls.yaml", config))
        self.assertTrue(tls.url.startswith("https://127.0.0.1:"))
        got = subprocess.run(["curl", "-s", "-i", "--noproxy", "*", "--cacert", certificate, tls.url + "/health"], capture_output=True)
        self.assertIn(b" 200 ", got.stdout)
        self.assertIn(b"Strict-Transport-Security", got.stdout)
        self.assertNotEqual(subprocess.run(["curl", "-s", "--noproxy", "*", tls.url + "/health"], capture_output=True).returncode, 0)
        self.assertNotEqual(subprocess.run(["curl", "-s", "--noproxy", "*", "--cacert", certificate, "--tls-max", "1.1", tls.url + "/health"], capture_output=True).returncode, 0)
        self.assertNotIn(b" 200 ", subprocess.run(["curl", "-s", "-i", "--noproxy", "*", tls.url.replace("https", "http") + "/health"], capture_output=True).stdout)
        self.assertEqual(tls.stop(), 0)

    def test_by_the_socket_the_system_says_who_it_is(self):
        path = place.file("api.sock")
        local = service.Service(place, config=place.file("socket.yaml", 'api: {listen: "", socket: "%s"}\n' % path))
        self.assertEqual(local.where, "unix:" + path)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        answer = local.ask("POST", "/api/v1/alerts/", {"title": "By the socket"}, connection=service.UnixConnection(path))
        self.assertEqual(answer.status, 201, answer)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
        self.assertEqual(answer.json()["assignee"], user)
        if os.geteuid() == 0:  # another user of the machine, where there can be one
            os.chmod(path, 0o666)
            os.chmod(place.path, 0o755)
            code = ("import http.client,socket,sys\nc=http.client.HTTPConnection('localhost')\nc.sock=socket.socket(socket.AF_UNIX)\nc.sock.connect(sys.argv[1])\n"
                "c.request(sys.argv[2],sys.argv[3],b'{}',{'Content-Type':'application/json'})\nprint(c.getresponse().status)")
            for method, target, status in (("GET", "/api/v1/alerts/", "200"), ("POST", "/api/v1/alerts/1/claim", "403")):
                ran = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "python3", "-c", code, path, method, target], capture_output=True, text=True, cwd="/")
                self.assertEqual(ran.stdout.strip(), status, ran.stderr)
        self.assertEqual(local.stop(), 0)
        self.assertFalse(os.path.exists(path))


if __name__ == "__main__":
    harness.main()
