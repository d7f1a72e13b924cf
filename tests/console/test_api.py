# SPDX-License-Identifier: Apache-2.0
"""The HTTP API as its clients know it: paths, fields and status words, with good and bad
input, and every route of its description with what is right and what is chance."""
import datetime
import http.client
import json
import random
import re
import unittest
import urllib.parse

import harness
import service
import stores

PROBLEM = ("type", "title", "status", "code", "detail", "request_id")


def setUpModule():
    global place, s, everything
    place = stores.a_place()
    folder = harness.days_until_now(place, 2, "--days", "3", "--users", "120", "--seed", "5")
    assert place.run("import", folder + "/cdrs.jsonl").code == 0
    s = service.Service(place, config=place.file("serve.yaml", "api: {listen: \"127.0.0.1:0\", write_rate: 0}\n"))
    everything = s.ask("GET", "/openapi.json").json()
    s.token("admin"), s.token("lead"), s.token("analyst"), s.token("viewer")


def tearDownModule():
    assert s.stop() == 0, s.said()
    place.clean()


def iso(hours):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Contract(unittest.TestCase):
    def good(self, method, path, body=None, status=200, scope="admin", **more):
        answer = s.ask(method, path, body, scope=scope, **more)
        self.assertEqual(answer.status, status, answer)
        if answer.bytes:
            wrong = self.wrong(method, path, answer)
            self.assertIsNone(wrong, wrong)
            example = self.responses(method, path)[str(status)]["content"][answer.headers["Content-Type"].split(";")[0]]["example"]
            self.alike(example, answer.json() if "json" in answer.headers["Content-Type"] else "", path)
        return answer

    def alike(self, example, real, at):
        """What is in the answer is in its example; what of the answer is of no said form is left."""
        if isinstance(example, dict) and isinstance(real, dict) and example:
            if at.endswith(".record"):
                return
            self.assertLessEqual(set(real), set(example), at)
            for name in real:
                self.alike(example[name], real[name], at + "." + name)
        elif isinstance(example, list) and isinstance(real, list):
            self.assertEqual(len(example), 1, at)
            for one in real[:20]:
                self.alike(example[0], one, at + "[]")
        elif real is not None and not isinstance(real, str):
            self.assertIsInstance(example, (int, float) if isinstance(real, (int, float)) else type(real), at)

    def bad(self, method, path, status, body=None, scope="admin", field=None, **more):
        answer = s.ask(method, path, body, scope=scope, **more)
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        problem = answer.json()
        for member in PROBLEM:
            self.assertIn(member, problem)
        self.assertEqual(problem["status"], status)
        self.assertEqual(problem["request_id"], answer.headers["X-Request-Id"])
        if field:
            self.assertEqual(problem["errors"][0]["field"], field, answer)
        said = self.responses(method, path).get(str(status))
        if said is not None:  # its example is one as this
            example = said["content"]["application/problem+json"]["example"]
            self.assertEqual((set(problem) - {"errors"}, problem["title"], problem["status"]), (set(example) - {"errors"}, example["title"], example["status"]), answer)
        return problem

    def responses(self, method, path):
        """Of the route that it is, as it is described; none: it is no route."""
        bare = path.split("?")[0].rstrip("/")
        fits = [said for pattern, said in everything["paths"].items() if method.lower() in said and
            re.fullmatch(re.sub(r"\\{name\\}", "[^/]+", re.sub(r"\\{id\\}", r"(\\d+|{id})", re.escape(pattern.rstrip("/")))), bare)]
        return fits[0][method.lower()]["responses"] if fits else {}

    def wrong(self, method, path, answer):
        """Against the description of the route that it is."""
        responses = self.responses(method, path)
        content = responses.get(str(answer.status), responses["default"]).get("content", {})
        kind = answer.headers["Content-Type"].split(";")[0]
        if kind not in content:
            return "%s is answered with %s, and said to be %s" % (path, kind, list(content))
        if "json" not in kind:
            return None
        return service.wrong_with(content[kind]["schema"], answer.json(), everything["components"]["schemas"])

    def first_alert(self):
        """One that allows every act: a critical one is never silenced."""
        return self.good("GET", "/api/v1/alerts/?open=true&order=time&filter=" + urllib.parse.quote("severity < critical")).json()["items"][0]["id"]

    def test_health_needs_no_token_and_tells_nothing(self):
        answer = s.ask("GET", "/health")
        self.assertEqual((answer.status, answer.json()["status"]), (200, "ok"))
        ready = s.ask("GET", "/health/ready")
        self.assertEqual((ready.status, ready.json()["status"], ready.json()["checks"]["store"]), (503, "not_ready", "ok"))
        self.assertEqual(s.ask("HEAD", "/health").bytes, b"")
        self.bad("POST", "/health", 405)
        self.assertEqual(s.ask("DELETE", "/health").headers["Allow"], "GET")

    def test_figures_are_prometheus(self):
        answer = s.ask("GET", "/metrics", scope="viewer")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        for line in answer.bytes.decode().splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) centinela_\w+ .+|centinela_\w+(\{\w+="\w+"\})? -?[\d.e+]+)$')
        self.assertIn(b'centinela_alerts_open{severity="critical"}', answer.bytes)

    def test_records_are_of_the_last_day_and_come_by_pages(self):
        page = self.good("GET", "/api/v1/cdrs/?limit=7").json()
        self.assertEqual(page["count"], 7)
        begun = [one["start_time"] for one in page["items"]]
        self.assertEqual(begun, sorted(begun, reverse=True))
        self.assertGreaterEqual(min(begun), page["start_time"])
        seen, path = [], "/api/v1/cdrs/?limit=400&start_time=%s&end_time=%s" % (iso(-72), iso(30))
        cursor = ""
        while True:
            page = self.good("GET", path + cursor).json()
            seen += [one["report_id"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = "&cursor=" + page["next_cursor"]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(len(seen), place.sql("SELECT count(*) FROM legs")[0][0])
        oldest = self.good("GET", path + "&order=oldest").json()["items"]
        self.assertEqual(oldest[0]["report_id"], seen[-1])
        site = oldest[0]["location"]
        some = self.good("GET", path + "&location=" + urllib.parse.quote(site)).json()["items"]
        self.assertEqual({one["location"] for one in some}, {site})
        self.assertEqual(self.good("GET", path + "&location=nowhere").json()["items"], [])

    def test_a_record_comes_with_what_webex_sent(self):
        one = self.good("GET", "/api/v1/cdrs/?limit=1").json()["items"][0]
        whole = self.good("GET", "/api/v1/cdrs/" + one["id"]).json()
        self.assertEqual(whole["record"]["Report ID"], one["report_id"])
        self.bad("GET", "/api/v1/cdrs/1", 404)

    def test_bad_questions_of_records(self):
        for query, field in (("limit=0", "limit"), ("limit=1001", "limit"), ("limit=ten", "limit"), ("limit=-1", "limit"), ("limit=1&limit=2", "limit"),
                ("start_time=yesterday", "start_time"), ("start_time=2026-02-31T00:00:00Z", "start_time"), ("cursor=x", "cursor"), ("order=up", "order"),
                ("start_time=2026-10-06T00:00:00Z&end_time=2026-10-05T00:00:00Z", "start_time"), ("location=" + "x" * 201, "location"), ("nonsense=1", "nonsense")):
            self.bad("GET", "/api/v1/cdrs/?" + query, 400, field=field)
        for query in ("limit=%00", "location=%zz", "location=a%1bb", "x" * 5000, "location=%ff", "location=%c0%80", "%ed%a0%80=1"):
            self.bad("GET", "/api/v1/cdrs/?" + query, 400)

    def test_places_people_and_the_sync(self):
        sites = self.good("GET", "/api/v1/cdrs/locations").json()["items"]
        self.assertGreater(len(sites), 3)
        self.good("GET", "/api/v1/cdrs/people")
        self.assertEqual(self.good("GET", "/api/v1/cdrs/status").json()["status"], "no_login")
        self.assertEqual(self.good("GET", "/auth/status").json()["authenticated"], False)
        self.bad("POST", "/api/v1/cdrs/sync", 409)
        self.bad("GET", "/api/v1/jobs/1", 404)
        self.bad("GET", "/auth/login", 409)
        self.bad("POST", "/auth/refresh", 409)
        self.bad("GET", "/auth/callback?code=x&state=y", 400)

    def test_alerts_come_by_pages_with_a_total(self):
        first = self.good("GET", "/api/v1/alerts/").json()
        self.assertEqual((first["page"], first["page_size"]), (1, 50))
        self.assertEqual(first["total"], place.sql("SELECT count(*) FROM alerts WHERE id NOT IN (SELECT alert_id FROM tombstones)")[0][0])
        for order in ("severity", "time", "sla", "score", "hits", "cost"):
            ids, by_cursor, cursor = [], [], ""
            for page in range(1, 1 + -(-first["total"] // 7)):
                ids += [one["id"] for one in self.good("GET", "/api/v1/alerts/?order=%s&page_size=7&page=%d" % (order, page)).json()["items"]]
            self.assertEqual(len(ids), first["total"])
            self.assertEqual(len(set(ids)), first["total"])
            while cursor is not None:
                page = self.good("GET", "/api/v1/alerts/?order=%s&page_size=7%s" % (order, cursor)).json()
                by_cursor += [one["id"] for one in page["items"]]
                cursor = "&cursor=" + page["next_cursor"] if page["next_cursor"] else None
            self.assertEqual(by_cursor, ids)
        self.assertEqual(self.good("GET", "/api/v1/alerts/?page=999").json()["items"], [])

    def test_who_asks_at_the_same_time_is_answered_what_was_asked(self):
        ids = [a["id"] for a in self.good("GET", "/api/v1/alerts/").json()["items"]]
        n = len(ids)
        asked = [("/api/v1/alerts/%d" % i, 200) for i in ids] + [("/api/v1/alerts/%d" % (10 ** 9 + i), 404) for i in ids]
        asked += [("/api/v1/alerts/?page_size=1&page=%d" % (1 + i), 200) for i in range(n)] + [("/api/v1/alerts/?severity=%s&page_size=7" % w, 200) for w in ("low", "high")]
        random.Random(3).shuffle(asked)
        connections = []
        for path, _ in asked:
            connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=harness.DEADLINE)
            connection.request("GET", path, headers={"Authorization": "Bearer " + s.token("viewer")})
            connections.append(connection)
        for (path, status), connection in zip(asked, connections):
            response = connection.getresponse()
            answer = json.loads(response.read())
            connection.close()
            self.assertEqual(response.status, status, (path, answer))
            if "severity" in path:
                self.assertEqual({a["severity"] for a in answer["items"]} - {path.split("severity=")[1].split("&")[0]}, set())
            elif "?" in path:
                self.assertEqual([a["id"] for a in answer["items"]], [ids[int(path.rsplit("=", 1)[1]) - 1]])
            elif status == 200:
                self.assertEqual(answer["id"], int(path.rsplit("/", 1)[1]))
    def test_a_cursor_goes_on_with_the_question_it_was_given_for(self):
        quoted = urllib.parse.quote
        of_alerts = self.good("GET", "/api/v1/alerts/?page_size=2&order=score&filter=" + quoted("score > 1")).json()["next_cursor"]
        of_calls = self.good("GET", "/api/v1/calls/?limit=2&filter=" + quoted("direction == outbound")).json()["next_cursor"]
        of_records = self.good("GET", "/api/v1/cdrs/?limit=2&order=oldest&start_time=2020-01-01T00:00:00Z").json()["next_cursor"]
        for path, cursor in (("alerts/?page_size=3&filter=%s&order=score" % quoted("score > 1"), of_alerts), ("calls/?limit=7&filter=" + quoted("direction == outbound"), of_calls),
                ("cdrs/?start_time=2020-01-01T00:00:00Z&order=oldest", of_records)):
            self.good("GET", "/api/v1/" + path + "&cursor=" + cursor)
        for path, cursor in (("alerts/?order=score", of_alerts), ("alerts/?filter=%s" % quoted("score > 1"), of_alerts), ("alerts/?order=score&filter=%s" % quoted("score > 2"), of_alerts),
                ("alerts/?order=time&filter=%s" % quoted("score > 1"), of_alerts), ("alerts/?order=score&open=true&filter=%s" % quoted("score > 1"), of_alerts),
                ("calls/?limit=2", of_calls), ("calls/?filter=" + quoted("direction == inbound"), of_calls), ("calls/?filter=" + quoted("direction == outbound"), of_calls[:-1]),
                ("cdrs/?start_time=2020-01-01T00:00:00Z&order=newest", of_records), ("cdrs/?order=oldest", of_records), ("calls/?limit=2", of_records)):
            answer = s.ask("GET", "/api/v1/" + path + "&cursor=" + cursor, scope="viewer")
            self.assertEqual((answer.status, answer.json().get("errors", [{}])[0].get("field")), (400, "cursor"), (path, answer))

    def test_how_far_pages_go_is_said(self):
        page = self.good("GET", "/api/v1/alerts/?page_size=2").json()
        self.assertEqual(page["last_page"], -(-page["total"] // 2))
        self.good("GET", "/api/v1/alerts/?page_size=2&page=%d" % page["last_page"])
        found = self.good("GET", "/api/v1/alerts/?page_size=500&filter=" + urllib.parse.quote("score > 0")).json()
        self.assertEqual(found["last_page"], max(-(-found["total"] // 500), 1))
        self.good("GET", "/api/v1/alerts/?page_size=500&page=40&filter=" + urllib.parse.quote("score > 0"))
        too_far = s.ask("GET", "/api/v1/alerts/?page_size=500&page=41&filter=" + urllib.parse.quote("score > 0"), scope="viewer")
        self.assertEqual((too_far.status, too_far.json()["errors"][0]["field"], "40 is the last" in too_far.json()["detail"]), (400, "page", True))

    def test_alerts_are_found_by_what_they_are(self):
        total = self.good("GET", "/api/v1/alerts/").json()["total"]
        by = {w: self.good("GET", "/api/v1/alerts/?severity=" + w).json() for w in ("low", "medium", "high", "critical")}
        self.assertEqual(sum(one["total"] for one in by.values()), total)
        for word, found in by.items():
            self.assertEqual({one["severity"] for one in found["items"]} - {word}, set())
        self.assertEqual(self.good("GET", "/api/v1/alerts/?filter=" + urllib.parse.quote("severity == critical")).json()["total"], by["critical"]["total"])
        self.assertEqual(self.good("GET", "/api/v1/alerts/?assignee=").json()["total"], self.good("GET", "/api/v1/alerts/?filter=assignee%3D%3D%22%22").json()["total"])
        paged = [one["id"] for page in (1, 2, 3) for one in self.good("GET", "/api/v1/alerts/?severity=critical&page_size=3&page=%d" % page).json()["items"]]
        self.assertEqual(paged, [one["id"] for one in by["critical"]["items"]][:9])
        for query, field in (("page=0", "page"), ("page_size=501", "page_size"), ("status=closed", "status"), ("severity=urgent", "severity"),
                ("state=open", "state"), ("cursor=1.2", "cursor"), ("cursor=a.b.c.d", "cursor"), ("open=yes", "open"),
                ("cursor=-1.0.0.0&open=true", "cursor"), ("cursor=-5.0.0.0", "cursor"), ("cursor=3.0.0.0", "cursor"), ("cursor=1.2.3.4.5", "cursor"), ("cursor=1.2.3.4.", "cursor"),
                ("filter=" + urllib.parse.quote("score >= 0) or (score >= 0"), "filter"), ("filter=)(", "filter")):
            self.bad("GET", "/api/v1/alerts/?" + query, 400, field=field)
        self.bad("GET", "/api/v1/alerts/?filter=severity%20%3D%3D", 400)
        self.bad("GET", "/api/v1/alerts/?severity=low&page=1000&page_size=500", 400)
        # A name with signs of the language is a name.
        self.assertEqual(self.good("GET", "/api/v1/alerts/?location=" + urllib.parse.quote('" or severity == critical or location == "')).json()["total"], 0)

    def test_an_alert_is_raised_changed_and_taken_away(self):
        made = self.good("POST", "/api/v1/alerts/", {"title": "The hotline rang", "severity": "high", "location": "Denver", "note": "two\nlines"}, 201, scope="analyst")
        alert = made.json()
        path = "/api/v1/alerts/%d" % alert["id"]
        self.assertEqual((made.headers["Location"], alert["status"], alert["assignee"]), (path, "investigating", "analyst-test"))
        tag = made.headers["ETag"]
        self.assertEqual(tag, '"%d"' % alert["revision"])
        self.assertEqual(self.good("GET", path).headers["ETag"], tag)
        self.assertEqual(s.ask("GET", path, scope="viewer", headers={"If-None-Match": tag}).status, 304)
        # Two writers: the second learns of it, and nothing is lost.
        first = self.good("PATCH", path, {"status": "resolved", "resolution_notes": "it was nothing"}, headers={"If-Match": tag})
        self.assertEqual((first.json()["state"], first.json()["resolution"], first.json()["status"]), ("closed", "unknown", "resolved"))
        problem = self.bad("PATCH", path, 412, {"status": "open"}, headers={"If-Match": tag})
        self.assertIn("changed since", problem["detail"])
        self.bad("PATCH", path, 412, {"status": "open"}, headers={"If-Match": "W/\"1\""})
        for status, state, resolution in (("open", "in_progress", None), ("open", "in_progress", None), ("investigating", "in_progress", None),
                ("false_positive", "closed", "false_positive"), ("false_positive", "closed", "false_positive"), ("resolved", "closed", "unknown")):
            got = self.good("PATCH", path, {"status": status}).json()
            self.assertEqual((got["state"], got["resolution"], got["status"]), (state, resolution, status))
        self.good("POST", path + "/reopen"), self.good("POST", path + "/snooze", {"for": "1h", "note": "x"})
        for status in ("investigating", "open", "resolved", "investigating"):
            self.assertEqual(self.good("PATCH", path, {"status": status}).json()["status"], status)
        got = self.good("PATCH", path, {"status": "resolved", "resolution": "true_positive_impact"}).json()
        self.assertEqual(got["resolution"], "true_positive_impact")
        self.assertEqual(got["timeline"][-1]["who"], "admin-test")
        for body, field in (({"status": "closed"}, "status"), ({"state": "new"}, "state"), ({"status": 3}, "status"), ({"resolution": "duplicate"}, "resolution"),
                ({}, None), ({"resolution_notes": "x" * 4001}, "resolution_notes")):
            self.bad("PATCH", path, 400, body, field=field)
        # A word of theirs hides nothing.
        self.good("POST", path + "/tag", {"tags": "+deleted"}, scope="analyst")
        self.assertIn(alert["id"], [one["id"] for one in self.good("GET", "/api/v1/alerts/?page_size=500").json()["items"]])
        self.assertEqual(s.ask("DELETE", path, scope="analyst").status, 403)
        self.good("DELETE", path, status=204)
        self.assertEqual(self.bad("GET", path, 410)["detail"], "alert %d was taken away by admin-test" % alert["id"])
        self.bad("PATCH", path, 410, {"status": "open"})
        self.bad("POST", path + "/note", 410, {"note": "more"})
        listed = self.good("GET", "/api/v1/alerts/?page_size=500").json()
        self.assertNotIn(alert["id"], [one["id"] for one in listed["items"]])
        self.assertEqual(len(listed["items"]), listed["total"])
        self.assertEqual(place.run("audit", "--lang", "en").code, 0)
        self.assertIn(("delete", "admin-test"), place.sql("SELECT act, who FROM audit WHERE alert_id = ?", alert["id"]))

    def test_an_alert_is_refused_that_says_nothing(self):
        for body, field in (({}, "title"), ({"title": "  "}, "title"), ({"title": "x", "severity": "red"}, "severity"), ({"title": "x" * 401}, "title"),
                ({"title": "x", "who": "root"}, "who"), ({"title": ["x"]}, "title")):
            self.bad("POST", "/api/v1/alerts/", 400, body, field=field)
        for body in (b"[]", b"{", b"null", b'{"title": "a\\u0000b"}', b"\xff\xfe", b"[" * 30000):
            self.bad("POST", "/api/v1/alerts/", 400, body)
        self.bad("POST", "/api/v1/alerts/", 415, b"title=x", headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.bad("POST", "/api/v1/alerts/", 403, {"title": "x"}, scope="viewer")

    def test_a_request_that_comes_again_is_carried_out_once(self):
        key = {"Idempotency-Key": "k-%d" % random.getrandbits(60)}
        body = {"title": "Asked twice", "subject": "+576015559999"}
        n = place.sql("SELECT count(*) FROM alerts")[0][0]
        first = self.good("POST", "/api/v1/alerts/", body, 201, headers=key)
        again = self.good("POST", "/api/v1/alerts/", body, 201, headers=key)
        self.assertEqual((first.bytes, first.headers["Location"], first.headers["ETag"]), (again.bytes, again.headers["Location"], again.headers["ETag"]))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(place.sql("SELECT count(*) FROM alerts")[0][0], n + 1)
        self.bad("POST", "/api/v1/alerts/", 422, {"title": "Another"}, headers=key)
        # Another's key is another key.
        self.assertIsNone(self.good("POST", "/api/v1/alerts/", body, 200, scope="analyst", headers=key).headers["Idempotency-Replayed"])
        path = first.headers["Location"] + "/note"
        notes = [self.good("POST", path, {"note": "once"}, headers={"Idempotency-Key": "n1"}).json()["notes"] for _ in range(3)]
        self.assertEqual(len(set(notes)), 1)
        self.bad("POST", path, 400, {"note": "x"}, headers={"Idempotency-Key": "k" * 201})

    def test_every_act_of_the_queue(self):
        path = "/api/v1/alerts/%d" % self.first_alert()
        other = self.good("POST", "/api/v1/alerts/", {"title": "Another story", "subject": "+576015558888"}, 201).json()["id"]

        def act(word, body=None, status=200):
            return (self.good if status == 200 else lambda m, p, b, status: self.bad(m, p, status, b))("POST", path + "/" + word, body or {}, status=status)
        self.assertEqual(act("claim").json()["assignee"], "admin-test")
        self.assertIn("was first", s.ask("POST", path + "/claim", {}, scope="analyst").json()["detail"])
        self.assertEqual(act("assign", {"assignee": "luis"}).json()["assignee"], "luis")
        self.assertIsNone(act("release").json()["assignee"])
        self.assertEqual(act("ack").json()["state"], "in_progress")
        act("note", {"note": "one\ntwo"})
        act("note", {}, 400), act("note", {"note": " "}, 400)
        self.assertEqual(act("snooze", {"for": "4h", "note": "until the audit is over"}).json()["state"], "snoozed")
        self.assertEqual(act("wake").json()["state"], "in_progress")
        act("snooze", {"for": "soon", "note": "x"}, 400), act("snooze", {"for": "31d", "note": "x"}, 400), act("snooze", {"for": "4h"}, 400)
        self.assertEqual(act("tag", {"tags": "+fraude vip"}).json()["tags"], ["fraude", "vip"])
        self.assertEqual(act("tag", {"tags": "-vip"}).json()["tags"], ["fraude"])
        self.assertIsNotNone(act("silence", {"for": "1h", "note": "tests"}).json()["silenced_until"])
        act("unsilence")
        self.assertEqual(act("link", {"other": other}).json()["case"], other)
        act("unlink"), act("link", {"other": 999999}, 404), act("link", {"other": 0}, 400)
        self.assertEqual(act("close", {"resolution": "legitimate", "note": "a fair"}).json()["status"], "resolved")
        act("close", {"resolution": "legitimate"}, 409), act("close", {"resolution": "done"}, 400), act("close", {}, 400)
        self.assertEqual(act("reopen").json()["state"], "in_progress")
        self.assertEqual(act("merge", {"other": other}).json()["duplicate_of"], other)
        self.bad("POST", "/api/v1/alerts/999999/claim", 404, {})
        self.bad("POST", path + "/dance", 404, {})
        self.assertEqual(place.run("audit", "--lang", "en").code, 0)

    def some(self, n, **more):
        """Alerts that a person raised, each of a subject of its own."""
        return [self.good("POST", "/api/v1/alerts/", {"title": "One of many", "subject": "+5760%09d" % random.randrange(10 ** 9), **more}, 201, scope="lead").json() for _ in range(n)]

    def state_of(self, alert):
        got = self.good("GET", "/api/v1/alerts/%d" % alert["id"]).json()
        return got["state"], got["resolution"], got["assignee"], got["tags"], got["severity"]

    def test_one_act_on_many_and_back(self):
        many = self.some(6)
        ids = [one["id"] for one in many]
        self.good("POST", "/api/v1/alerts/%d/close" % ids[1], {"resolution": "legitimate"})
        self.good("POST", "/api/v1/alerts/%d/tag" % ids[2], {"tags": "+seen"})
        self.good("DELETE", "/api/v1/alerts/%d" % ids[3], status=204)
        before = {i: self.state_of(one) for i, one in zip(ids, many) if i != ids[3]}
        body = {"act": "close", "resolution": "false_positive", "note": "a test of the carrier",
            "alerts": [ids[0], ids[1], {"id": ids[2], "revision": many[2]["revision"]}, {"id": ids[3]}, {"id": ids[4], "revision": many[4]["revision"]}, ids[5], 999999]}
        # What it would be of, and nothing is done.
        seen = self.good("POST", "/api/v1/alerts/bulk", {**body, "preview": True}, scope="analyst").json()
        self.assertEqual((seen["preview"], seen["act_id"], seen["done"], seen["failed"], seen["matched"]), (True, None, 0, 0, 6))
        self.assertEqual(seen["others"], [{"who": "lead-test", "alerts": seen["others_total"]}])
        self.assertEqual({i: self.state_of(one) for i, one in zip(ids, many) if i != ids[3]}, before)
        key = {"Idempotency-Key": "bulk-%d" % random.getrandbits(60)}
        did = self.good("POST", "/api/v1/alerts/bulk", body, scope="analyst", headers=key).json()
        self.assertEqual((did["done"], did["failed"]), (3, 4))
        why = {one["id"]: one["why"] for one in did["failures"]}
        self.assertEqual(sorted(why), sorted([ids[1], ids[2], ids[3], 999999]))
        self.assertIn("closed already", why[ids[1]])
        self.assertIn("changed since: it is at revision", why[ids[2]])
        self.assertEqual((why[ids[3]], why[999999]), ("taken away", "not there"))
        for i in (ids[0], ids[4], ids[5]):
            self.assertEqual(self.good("GET", "/api/v1/alerts/%d" % i).json()["resolution"], "false_positive")
        # Asked again it is told again, and done once.
        n = place.sql("SELECT count(*) FROM audit")[0][0]
        again = self.good("POST", "/api/v1/alerts/bulk", body, scope="analyst", headers=key)
        self.assertEqual((again.json(), again.headers["Idempotency-Replayed"], place.sql("SELECT count(*) FROM audit")[0][0]), (did, "true", n))
        self.bad("POST", "/api/v1/alerts/bulk", 422, {**body, "note": "other"}, scope="analyst", headers=key)
        # Somebody goes on with one: that one stays, the others come back.
        undo = "/api/v1/acts/%d/undo" % did["act_id"]
        self.good("POST", "/api/v1/alerts/%d/reopen" % ids[5])
        back = self.good("POST", undo, scope="analyst", headers=key).json()
        self.assertEqual((back["undone"], back["done"], back["failed"], [one["id"] for one in back["failures"]]), (True, 2, 1, [ids[5]]))
        self.assertEqual({i: self.state_of(one) for i, one in zip(ids, many) if i in (ids[0], ids[4])}, {i: before[i] for i in (ids[0], ids[4])})
        self.assertEqual(self.good("POST", undo, scope="analyst", headers=key).json(), back)
        self.bad("POST", undo, 409, scope="analyst")
        self.assertEqual(self.good("POST", undo.replace("undo", "redo"), scope="analyst").json()["done"], 2)
        self.assertEqual(self.state_of(many[0])[:2], ("closed", "false_positive"))
        self.bad("POST", undo.replace("undo", "redo"), 409, scope="analyst")
        self.assertEqual(place.run("audit", "--lang", "en").code, 0)

    def test_many_by_a_filter(self):
        many, tag = self.some(4), "t%d" % random.getrandbits(40)
        for one in many:
            self.good("POST", "/api/v1/alerts/%d/tag" % one["id"], {"tags": "+" + tag})
        closed = many.pop()
        self.good("POST", "/api/v1/alerts/%d/close" % closed["id"], {"resolution": "legitimate"})
        body = {"act": "assign", "assignee": "luis", "filter": "tag == " + tag}
        seen = self.good("POST", "/api/v1/alerts/bulk", {**body, "preview": True}).json()
        self.assertEqual((seen["matched"], sum(seen["by_severity"].values()), seen["by_state"]["closed"]), (3, 3, 0))
        self.bad("POST", "/api/v1/alerts/bulk", 409, {**body, "expect": 2})
        did = self.good("POST", "/api/v1/alerts/bulk", {**body, "expect": 3}).json()
        self.assertEqual((did["done"], did["failed"], did["failures"]), (3, 0, []))
        self.assertEqual({self.state_of(one)[2] for one in many}, {"luis"})
        self.assertEqual(self.good("POST", "/api/v1/acts/%d/undo" % did["act_id"]).json()["done"], 3)
        self.assertEqual({self.state_of(one)[2] for one in many}, {"lead-test"})
        self.assertEqual(self.good("POST", "/api/v1/alerts/bulk", {"act": "note", "note": "x", "filter": "tag == " + tag, "closed_too": True}).json()["done"], 4)
        self.good("DELETE", "/api/v1/alerts/%d" % many[0]["id"], status=204)
        self.assertEqual(self.good("POST", "/api/v1/alerts/bulk", {"act": "note", "note": "x", "filter": "tag == " + tag}).json()["done"], 2)
        none = self.good("POST", "/api/v1/alerts/bulk", {"act": "note", "note": "x", "filter": "tag == nothing-has-it"}).json()
        self.assertEqual((none["matched"], none["done"], none["act_id"]), (0, 0, None))

    def test_bad_bulks(self):
        one = self.some(1)[0]["id"]
        for body, field in (({}, "act"), ({"act": "dance", "alerts": [one]}, "act"), ({"act": "claim"}, "alerts"), ({"act": "claim", "alerts": [one], "filter": "score > 1"}, "alerts"),
                ({"act": "claim", "alerts": []}, "alerts"), ({"act": "claim", "alerts": [one, one]}, "alerts"), ({"act": "claim", "alerts": [0]}, "alerts"),
                ({"act": "claim", "alerts": [one, "2"]}, "alerts"), ({"act": "claim", "alerts": {"id": one}}, "alerts"), ({"act": "claim", "alerts": [{"revision": 1}]}, "alerts"),
                ({"act": "claim", "alerts": [{"id": one, "revision": "3"}]}, "alerts"), ({"act": "claim", "alerts": [{"id": one, "etag": 3}]}, "alerts"),
                ({"act": "claim", "alerts": [one] * 5001}, "alerts"), ({"act": "claim", "alerts": [1.5]}, "alerts"), ({"act": "claim", "alerts": [2 ** 63]}, None),
                ({"act": "claim", "filter": ")("}, "filter"), ({"act": "claim", "filter": "  "}, "alerts"), ({"act": "note", "alerts": [one]}, None),
                ({"act": "snooze", "alerts": [one], "for": "31d", "note": "x"}, None), ({"act": "snooze", "alerts": [one], "for": "soon", "note": "x"}, "for"),
                ({"act": "close", "alerts": [one], "resolution": "done"}, "resolution"), ({"act": "claim", "alerts": [one], "expect": -1}, "expect"),
                ({"act": "claim", "alerts": [one], "preview": "yes"}, "preview")):
            self.bad("POST", "/api/v1/alerts/bulk", 400, body, field=field)
        self.bad("POST", "/api/v1/alerts/bulk", 404, {"act": "merge", "alerts": [one], "other": 999999})
        self.bad("POST", "/api/v1/alerts/bulk", 403, {"act": "claim", "alerts": [one]}, scope="viewer")
        self.bad("GET", "/api/v1/alerts/bulk", 405)
        self.bad("POST", "/api/v1/acts/999999/undo", 404), self.bad("POST", "/api/v1/acts/0/undo", 404), self.bad("POST", "/api/v1/acts/999999/undo", 403, scope="viewer")
        self.assertEqual(self.state_of({"id": one})[0], "in_progress")

    def test_an_act_on_one_is_taken_back_by_who_did_it_or_a_lead(self):
        made = self.some(1)[0]
        path = "/api/v1/alerts/%d" % made["id"]
        was = self.state_of(made)
        for send in (lambda: self.good("POST", path + "/close", {"resolution": "legitimate"}, scope="lead"), lambda: self.good("PATCH", path, {"status": "false_positive", "assignee": "luis"}, scope="lead"),
                lambda: self.good("POST", path + "/escalate", {"note": "x"}, scope="lead"), lambda: self.good("POST", path + "/tag", {"tags": "+odd"}, scope="lead")):
            act = send().json()["act_id"]
            self.assertNotEqual(self.state_of(made), was)
            self.bad("POST", "/api/v1/acts/%d/undo" % act, 403, scope="analyst")
            self.good("POST", "/api/v1/acts/%d/undo" % act, scope="lead")
            self.assertEqual(self.state_of(made), was)
        self.assertIsNone(self.good("GET", path).json()["act_id"])
        self.assertIsNone(self.good("PATCH", path, {"status": "investigating"}).json()["act_id"])  # it was so: nothing was done
        # One that was raised is closed by it; one that somebody went on with stays, and so does one that was taken away.
        raised = self.good("POST", "/api/v1/alerts/", {"title": "A mistake", "subject": "+576015550077"}, 201, scope="analyst").json()
        self.good("POST", "/api/v1/acts/%d/undo" % raised["act_id"], scope="admin")
        self.assertEqual(self.state_of(raised)[0], "closed")
        act = self.good("POST", path + "/note", {"note": "x"}, scope="analyst").json()["act_id"]
        self.good("POST", path + "/note", {"note": "y"}, scope="lead")
        self.assertIn("changed since", self.bad("POST", "/api/v1/acts/%d/undo" % act, 409, scope="analyst")["detail"])
        act = self.good("POST", path + "/close", {"resolution": "legitimate"}, scope="analyst").json()["act_id"]
        self.good("DELETE", path, status=204)
        self.bad("POST", "/api/v1/acts/%d/undo" % act, 409, scope="analyst")
        self.bad("GET", path, 410)

    def test_a_step_of_the_playbook(self):
        path = "/api/v1/alerts/%d" % self.some(1)[0]["id"]
        done = self.good("POST", path + "/step", {"step": "Ask the person by another way"}, scope="analyst").json()
        self.assertEqual([(one["step"], one["who"]) for one in done["steps"]], [("Ask the person by another way", "analyst-test")])
        self.bad("POST", path + "/step", 409, {"step": "Ask the person by another way"})
        self.assertEqual(self.good("POST", path + "/step", {"step": "Ask the person by another way", "done": False}).json()["steps"], [])
        for body in ({}, {"step": " "}, {"step": "x" * 501}, {"step": "x", "done": "yes"}):
            self.bad("POST", path + "/step", 400, body)
        self.bad("POST", "/api/v1/alerts/999999/step", 404, {"step": "x"})

    def test_sums_say_what_the_list_says(self):
        sums = self.good("GET", "/api/v1/alerts/stats/summary").json()
        self.assertEqual(sums["total"], sum(sums["by_severity"].values()))
        for status in ("open", "investigating", "resolved", "false_positive"):
            listed = self.good("GET", "/api/v1/alerts/?page_size=1&status=" + status).json()["total"]
            gone = place.sql("SELECT count(*) FROM tombstones")[0][0]
            self.assertLessEqual(abs(sums["by_status"][status] - listed), gone, status)

    def test_calls_scores_rules_silences_and_the_log(self):
        calls = self.good("GET", "/api/v1/calls/?limit=5&filter=" + urllib.parse.quote("direction == outbound")).json()
        self.assertEqual({one["direction"] for one in calls["items"]}, {"outbound"})
        more = self.good("GET", "/api/v1/calls/?limit=5&cursor=" + calls["next_cursor"] + "&filter=" + urllib.parse.quote("direction == outbound")).json()
        self.assertEqual({one["id"] for one in more["items"]} & {one["id"] for one in calls["items"]}, set())
        self.assertEqual(self.good("GET", "/api/v1/calls/" + calls["items"][0]["id"]).json()["id"], calls["items"][0]["id"])
        self.bad("GET", "/api/v1/calls/7", 404)
        self.bad("GET", "/api/v1/calls/?filter=nonsense%20%3D%3D%201", 400)
        self.assertEqual(self.good("GET", "/api/v1/calls/live").json(), {"items": [], "total": 0})
        self.assertGreater(len(self.good("GET", "/api/v1/scores/").json()["items"]), 0)
        self.assertGreater(len(self.good("GET", "/api/v1/rules/").json()["items"]), 10)
        begun = self.good("POST", "/api/v1/silences/", {"filter": "severity == low", "reason": "carrier tests", "for": "2h"}, 201, scope="lead").json()
        self.assertIn(begun["id"], [one["id"] for one in self.good("GET", "/api/v1/silences/").json()["items"]])
        self.good("DELETE", "/api/v1/silences/" + begun["id"][1:])
        self.bad("DELETE", "/api/v1/silences/" + begun["id"][1:], 404)
        for body in ({"filter": "severity == low", "reason": "x", "for": "31d"}, {"filter": "severity ==", "reason": "x", "for": "1h"}, {"filter": "", "reason": "x", "for": "1h"},
                {"filter": "severity == low", "for": "1h"}):
            self.bad("POST", "/api/v1/silences/", 400, body)
        log = self.good("GET", "/api/v1/audit/").json()
        self.assertTrue(log["chain_holds"])
        self.assertIn("lead-test", [one["who"] for one in log["items"]])

    def test_the_log_comes_by_pages_to_its_first_line(self):
        alert = self.good("GET", "/api/v1/alerts/?page_size=1").json()["items"][0]["id"]
        for i in range(9):
            self.good("POST", "/api/v1/alerts/%d/note" % alert, {"note": "line %d" % i})
        newest = self.good("GET", "/api/v1/audit/?limit=10000").json()["items"]
        seen, cursor = [], None
        while cursor or not seen:
            page = self.good("GET", "/api/v1/audit/?limit=7" + ("&cursor=" + cursor if cursor else "")).json()
            # The whole log is checked with the first page, not with each.
            self.assertEqual((page["chain_holds"], page["lines"]), (None, None) if cursor else (True, newest[0]["seq"]))
            self.assertLessEqual(len(page["items"]), 7)
            seen += page["items"]
            cursor = page["next_cursor"]
            if cursor:  # lines that come meanwhile do not move those of the pages
                self.good("POST", "/api/v1/alerts/%d/note" % alert, {"note": "meanwhile"}) if len(seen) == 7 else None
        self.assertEqual(seen, newest)
        self.assertEqual([one["seq"] for one in seen], list(range(seen[0]["seq"], 0, -1)))
        for cursor in ("", "x", "-1", "0", "1", "1.5", "9" * 30):
            self.bad("GET", "/api/v1/audit/?cursor=" + cursor, 400, field="cursor")

    def test_who_somebody_is_and_was(self):
        """Of each kind one that has calls: what the console's stories are made of."""
        call = next(one for one in self.good("GET", "/api/v1/calls/?limit=1000&numbers=whole&filter=" + urllib.parse.quote("direction == outbound")).json()["items"]
            if one["user_id"] and one["far_number"].startswith("+") and one["start_time"] < iso(-1))  # the days go on after now
        person = self.good("GET", "/api/v1/persons/" + call["user_id"]).json()
        self.assertEqual((person["subject"]["id"], person["subject"]["kind"], person["subject"]["name"]), (call["user_id"], "person", call["user_name"]))
        self.assertIn(call["user_id"], {one["user_id"] for one in person["recent"]})
        self.assertEqual((len(person["today"]), len(person["by_hour"]), len(person["days"])), (24, 7, 14))
        self.assertEqual({one["subject"]["kind"] for one in person["contacts"]}, {"number"})
        for path in ("/api/v1/numbers/" + call["far_number"], "/api/v1/numbers/" + urllib.parse.quote(call["far_number"], "")):
            number = self.good("GET", path + "?numbers=whole").json()
            self.assertEqual((number["subject"]["id"], number["country"]), (call["far_number"], call["country"]))
            self.assertGreater(len(number["recent"]), 0)
        site = self.good("GET", "/api/v1/sites/" + urllib.parse.quote(call["location"])).json()
        self.assertEqual(site["subject"]["name"], call["location"])
        leg = next(one for one in self.good("GET", "/api/v1/cdrs/?limit=1000").json()["items"] if one["device_mac"])
        device = self.good("GET", "/api/v1/devices/" + leg["device_mac"]).json()
        self.assertEqual(device["subject"]["kind"], "device")
        trunk = next((one["trunk"] for one in self.good("GET", "/api/v1/calls/?limit=1000").json()["items"] if one["trunk"]), None)
        if trunk:
            self.assertEqual(self.good("GET", "/api/v1/trunks/" + urllib.parse.quote(trunk, "")).json()["subject"]["kind"], "trunk")
        for path in ("persons/nobody", "numbers/+999", "sites/nowhere", "trunks/none", "devices/AABBCCDDEEFF", "persons/%20", "persons/..", "sites/a%2Fb", "rules/none"):
            self.bad("GET", "/api/v1/" + path, 404)
        for path in ("persons/%00", "persons/%zz", "persons/%ff", "persons/" + "x" * 201, "persons/a/b", "persons/%0a"):
            self.assertEqual(s.ask("GET", "/api/v1/" + path, scope="viewer").status, 404, path)
        self.bad("POST", "/api/v1/persons/x", 405)
        self.assertGreater(self.good("GET", "/api/v1/sites/" + urllib.parse.quote(call["location"])).json()["subject"]["id"], "")
        listed = self.good("GET", "/api/v1/persons/?limit=1").json()
        self.assertEqual(listed, self.good("GET", "/api/v1/cdrs/people?limit=1").json())

    def test_how_those_seen_before_ended(self):
        alert = next(one for one in self.good("GET", "/api/v1/alerts/?page_size=500&open=true").json()["items"] if one["subject"]["kind"] == "person")
        self.good("POST", "/api/v1/alerts/%d/close" % alert["id"], {"resolution": "legitimate"}, scope="analyst")
        before = self.good("GET", "/api/v1/persons/" + alert["subject"]["id"]).json()["seen_before"]
        ended = next(one for one in before if one["id"] == alert["id"])
        self.assertEqual((ended["state"], ended["resolution"], ended["closed_by"]), ("closed", "legitimate", "analyst-test"))
        story = self.good("GET", "/api/v1/cases/%d" % alert["case"]).json()
        self.assertIn(alert["id"], [one["id"] for one in story["alerts"]])
        self.assertIn(("close", "analyst-test"), [(one.get("act"), one.get("who")) for one in story["timeline"]])
        self.assertGreater(len([one for one in story["timeline"] if one["kind"] == "call"]), 0)
        self.bad("GET", "/api/v1/cases/999999", 404)

    def test_a_report_is_what_the_command_prints(self):
        ran = place.run("report", "--format", "json")
        self.assertEqual(ran.code, 0, ran)
        said, got = json.loads(ran.out), self.good("GET", "/api/v1/reports/summary?numbers=whole").json()
        self.assertEqual(sorted(got), sorted(said))
        self.assertEqual((got["destinations"], got["total"]), (said["destinations"], said["total"]))
        self.assertEqual(sorted(got["sync"]), sorted(said["sync"]))  # its times go on
        self.assertEqual([one["location"] for one in got["traffic"]], [one["location"] for one in said["traffic"]])
        shift = self.good("GET", "/api/v1/reports/handover").json()
        self.assertEqual(sum(shift["open_by_severity"].values()), shift["open"])
        past = self.good("GET", "/api/v1/reports/handover?start_time=%s&end_time=%s" % (iso(-20), iso(-12))).json()
        self.assertTrue(past["over"])
        self.bad("GET", "/api/v1/reports/summary?start_time=" + iso(1), 400, field="start_time")
        self.bad("GET", "/api/v1/reports/summary?end_time=" + iso(0), 400, field="end_time")
        for query in ("start_time=%s&end_time=%s" % (iso(-1), iso(-2)), "start_time=2020-01-01T00:00:00Z"):
            self.bad("GET", "/api/v1/reports/handover?" + query, 400, field="start_time")

    def test_one_rule_one_silence_and_what_it_would_keep_back(self):
        rules = self.good("GET", "/api/v1/rules/").json()["items"]
        self.assertEqual(self.good("GET", "/api/v1/rules/" + rules[3]["id"]).json(), rules[3])
        scope = urllib.parse.quote("severity == low or severity == medium")
        preview = self.good("GET", "/api/v1/silences/preview?filter=" + scope).json()
        self.assertGreater(preview["alerts"], 0)
        self.assertLessEqual(preview["alerts"], preview["of"])
        for query in ("", "?filter=", "?filter=%29%28", "?filter=" + urllib.parse.quote("duration >")):
            self.bad("GET", "/api/v1/silences/preview" + query, 400, field="filter")
        begun = self.good("POST", "/api/v1/silences/", {"filter": "severity == low", "reason": "carrier tests", "for": "2h"}, 201, scope="lead").json()
        one = self.good("GET", "/api/v1/silences/" + begun["id"][1:]).json()
        self.assertEqual((one["id"], one["reason"], one["owner"], one["findings"]), (begun["id"], "carrier tests", "lead-test", []))
        self.bad("GET", "/api/v1/silences/%s?kind=snooze" % begun["id"][1:], 404)
        self.good("DELETE", "/api/v1/silences/" + begun["id"][1:])

    def test_large_answers_are_packed_where_that_is_understood(self):
        import gzip
        path = "/api/v1/alerts/?page_size=40"
        plain, packed = s.ask("GET", path, scope="viewer"), s.ask("GET", path, scope="viewer", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.bytes), plain.bytes)
        self.assertLess(len(packed.bytes), len(plain.bytes) // 2)
        for accepts, packs in (("gzip;q=0", False), ("gzip; q=0", False), ("br, gzip ;q=0.000, *", False), ("gzipped", False), ("x-gzip", False), ("", False), (",", False),
                ("br;q=1.0, gzip;q=0.5", True), ("GZIP", True), ("deflate,gzip", True), ("gzip;q=0.001", True), ("gzip;", True)):
            self.assertEqual(s.ask("GET", path, scope="viewer", headers={"Accept-Encoding": accepts}).headers["Content-Encoding"], "gzip" if packs else None, accepts)
        # A piece is not given of what changes while it is asked for.
        ranged = s.ask("GET", path, scope="viewer", headers={"Range": "bytes=0-9", "Accept-Encoding": "gzip"})
        self.assertEqual((ranged.status, ranged.headers["Content-Range"], gzip.decompress(ranged.bytes) == plain.bytes), (200, None, True))
        self.assertEqual(s.ask("GET", path, scope="viewer", headers={"If-None-Match": plain.headers["ETag"]}).status, 304)

    def test_every_answer_has_an_example(self):
        schemas, n = everything["components"]["schemas"], 0
        for path, methods in everything["paths"].items():
            for method, operation in methods.items():
                responses = operation["responses"]
                self.assertEqual([code for code, said in responses.items() if "content" not in said], ["204"] if method == "delete" and "alerts" in path else [], path)
                for code, said in responses.items():
                    for kind, content in said.get("content", {}).items():
                        n += 1
                        example = content["example"]
                        if "json" in kind:
                            self.assertIn("$ref", content["schema"])
                            self.assertIsNone(service.wrong_with(content["schema"], example, schemas), (path, code))
                        else:
                            self.assertEqual((content["schema"]["type"], type(example)), ("string", str))
                        if "problem" in kind:
                            self.assertEqual(example["status"], 503 if code == "default" else int(code))
        self.assertGreater(n, 200)
        figures = everything["paths"]["/metrics"]["get"]["responses"]["200"]["content"]["text/plain"]["example"].splitlines()
        self.assertEqual(s.ask("GET", "/metrics", scope="viewer").bytes.decode().splitlines()[:2], figures[:2])

    def test_what_is_not_as_described_is_seen(self):
        """The checks of this file themselves."""
        answer = s.ask("GET", "/api/v1/alerts/?page_size=2", scope="viewer")
        whole = json.loads(answer.bytes)
        self.assertIsNone(self.wrong("GET", "/api/v1/alerts/", answer))

        def spoilt(spoil):
            mine = json.loads(json.dumps(whole))
            spoil(mine)
            answer.bytes = json.dumps(mine).encode()
            return self.wrong("GET", "/api/v1/alerts/", answer)
        for spoil in (lambda a: a.pop("total"), lambda a: a["items"][1].pop("score"), lambda a: a.update(more=1), lambda a: a["items"][0].update(more=1),
                lambda a: a["items"][0].update(severity="red"), lambda a: a["items"][0].update(score="7"), lambda a: a["items"][0].update(score=True),
                lambda a: a["items"][0].update(raised_time="yesterday"), lambda a: a.update(items={}), lambda a: a["items"][0].update(title=None)):
            self.assertIsNotNone(spoilt(spoil))
        answer.headers.replace_header("Content-Type", "text/html")
        self.assertIsNotNone(spoilt(lambda a: None))
        with self.assertRaises(AssertionError):
            self.alike({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 1}]}, "")

    def real_path(self, path, name):
        """With something in it that is there, and is as the route wants it."""
        first = lambda which: self.good("GET", "/api/v1/%s/?limit=1" % which).json()["items"][0]["id"]
        if "alerts/{id}" in path:
            alert = self.some(1)[0]["id"]
            before = {"wake_alert": ("snooze", {"for": "1h", "note": "x"}), "unsilence_alert": ("silence", {"for": "1h", "note": "x"}), "reopen_alert": ("close", {"resolution": "legitimate"}),
                "unlink_alert": ("link", {"other": self.some(1)[0]["id"]}), "claim_alert": ("release", {"note": "x"})}  # who raised it has it
            if name in before:
                self.good("POST", "/api/v1/alerts/%d/%s" % (alert, before[name][0]), before[name][1])
            return path.replace("{id}", str(alert))
        if "acts/{id}" in path:
            act = self.good("POST", "/api/v1/alerts/bulk", {"act": "note", "note": "x", "alerts": [self.some(1)[0]["id"]]}).json()["act_id"]
            if name == "redo":
                self.good("POST", "/api/v1/acts/%d/undo" % act)
            return path.replace("{id}", str(act))
        if "silences/{id}" in path:
            begun = self.good("POST", "/api/v1/silences/", {"filter": "severity == low and title ~ nothing", "reason": "x", "for": "2h"}, 201)
            return path.replace("{id}", begun.json()["id"][1:])
        if "cases/{id}" in path:
            return path.replace("{id}", str(self.some(1)[0]["id"]))
        if "cdrs/{id}" in path or "calls/{id}" in path:
            return path.replace("{id}", first(path.split("/")[3]))
        if "rules/{name}" in path:
            return path.replace("{name}", self.good("GET", "/api/v1/rules/").json()["items"][0]["id"])
        return path.replace("{id}", "1").replace("{name}", "Denver")

    def test_every_route_by_right_and_by_chance(self):
        """Whatever is sent: an answer as described, never a failure of the service. First as the description's
        own examples say it, then by chance."""
        r = random.Random(1)
        ids = [one["id"] for one in self.good("GET", "/api/v1/alerts/?page_size=20").json()["items"]] + [0, 999999, "x", "1e3", "-1", 2 ** 63]
        names = ["x", "+576015550101", "Denver", "wangiri", "..", "a/b", "\u202e\u00f1", "%", "'; --", "AABBCCDDEEFF", "a" * 199]
        connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=harness.DEADLINE)
        skip = {"stream_live"}  # an answer without an end

        def value_of(schema):
            if r.random() < 0.3:
                return r.choice(["", "x", "-1", "0", "true", "\u202e\u00f1", "a" * 300, "2026-10-05T09:00:00Z", "1 or 1=1", "'; --", "%s%n", "[", "{\"a\":1}", "9" * 30])
            if "enum" in schema:
                return r.choice(schema["enum"])
            if schema.get("type") == "array":
                return [r.choice([r.choice(ids), {"id": r.choice(ids)}, {"id": r.choice(ids), "revision": r.randrange(-1, 400)}]) for _ in range(r.randrange(4))]
            if schema.get("format") == "date-time":
                return iso(r.randrange(-100, 100))
            if schema["type"] == "integer":
                return r.randrange(schema.get("minimum", 0), min(schema.get("maximum", 100), 1000) + 1)
            if schema["type"] == "boolean":
                return r.choice([True, False])
            return r.choice(["4h", "ana", "severity == low", "score > 50", "+fraud", "Denver", "x"])
        n, by_right, seen = 0, set(), set()
        for path, methods in sorted(everything["paths"].items()):
            for method, operation in sorted(methods.items()):
                if operation["operationId"] in skip:
                    continue
                said = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
                right = {p["name"]: p["example"] for p in operation["parameters"] if p["in"] == "query" and p["required"]}
                where = self.real_path(path, operation["operationId"]) + ("?" + urllib.parse.urlencode(right) if right else "")
                if said and "other" in said:
                    said["other"] = ids[0]
                answer = s.ask(method.upper(), where, said, scope="admin", connection=connection)
                if answer.status < 400:
                    self.assertIsNone(self.wrong(method, path, answer) if answer.bytes else None, (where, answer))
                    by_right.add(operation["operationId"])
                seen.add(answer.status)
                for i in range(12):
                    fields = [p for p in operation["parameters"] if p["in"] == "query" and r.random() < 0.4]
                    query = urllib.parse.urlencode([(p["name"], {True: "true", False: "false"}.get(v, v) if isinstance(v, bool) else v) for p in fields for v in [value_of(p["schema"])]])
                    body = None
                    if "requestBody" in operation:
                        said = operation["requestBody"]["content"]["application/json"]["schema"]
                        body = {name: value_of(one) for name, one in said["properties"].items() if name in said["required"] or r.random() < 0.4}
                        if r.random() < 0.1:
                            body = r.choice([b"", b"[", b"{}", b"\xff", b'{"a":' * 2000])
                    where = path.replace("{id}", str(r.choice(ids))).replace("{name}", urllib.parse.quote(r.choice(names), "")) + ("?" + query if query else "")
                    answer = s.ask(method.upper(), where, body, scope=r.choice(["admin", "admin", "analyst", "viewer", "lead"]), connection=connection)
                    n += 1
                    seen.add(answer.status)
                    self.assertTrue(answer.status < 500 or (answer.status == 503 and path == "/health/ready"), (method, where, body, answer))
                    if answer.bytes and "json" in answer.headers["Content-Type"]:
                        wrong = self.wrong(method, path, answer) if answer.status != 404 or "{" in path else None
                        self.assertIsNone(wrong, (method, where, body, wrong))
        # It is no proof to have been refused at the door every time.
        names = {operation["operationId"] for methods in everything["paths"].values() for operation in methods.values()}
        without_webex = {"login", "callback", "refresh", "logout", "sync", "show_job", "ready"}
        self.assertEqual(names - by_right, without_webex | skip)
        self.assertLessEqual({200, 201, 204, 400, 403, 404, 409}, seen)
        self.assertEqual(n, 12 * (len(names) - len(skip)))
        print("%d requests by chance" % n)
        self.assertEqual(s.ask("GET", "/health").status, 200)
        self.assertEqual(place.run("audit", "--lang", "en").code, 0)

    def test_each_example_of_a_filter_is_understood_there(self):
        n = 0
        for path, methods in s.ask("GET", "/openapi.json").json()["paths"].items():
            for parameter in methods.get("get", {}).get("parameters", []):
                if parameter["name"] == "filter":
                    n += 1
                    self.good("GET", path + "?filter=" + urllib.parse.quote(parameter["example"]))
        self.assertGreater(n, 6)

    def test_what_may_be_answered_is_listed(self):
        paths = s.ask("GET", "/openapi.json").json()["paths"]
        raised = paths["/api/v1/alerts/"]["post"]["responses"]
        self.assertEqual(sorted(set(raised) & {"200", "201", "409", "422", "429"}), ["200", "201", "409", "422", "429"])
        self.assertEqual(raised["200"]["content"], raised["201"]["content"])
        self.assertIn("409", paths["/api/v1/alerts/{id}"]["patch"]["responses"])
        self.assertNotIn("422", paths["/api/v1/alerts/{id}"]["patch"]["responses"])
        self.assertIn("last_page", paths["/api/v1/alerts/"]["get"]["parameters"][0]["description"])

    def test_the_description_is_whole(self):
        self.assertEqual(everything["openapi"], "3.1.0")
        names = [operation["operationId"] for methods in everything["paths"].values() for operation in methods.values()]
        self.assertEqual(len(names), len(set(names)))
        for path in ("/health", "/auth/login", "/auth/callback", "/auth/status", "/auth/refresh", "/auth/logout", "/api/v1/cdrs/", "/api/v1/cdrs/status",
                "/api/v1/cdrs/locations", "/api/v1/cdrs/people", "/api/v1/cdrs/sync", "/api/v1/alerts/", "/api/v1/alerts/{id}", "/api/v1/alerts/stats/summary"):
            self.assertIn(path, everything["paths"])

        def refs(value):
            if isinstance(value, dict):
                if "$ref" in value:
                    yield value["$ref"]
                for one in value.values():
                    yield from refs(one)
            elif isinstance(value, list):
                for one in value:
                    yield from refs(one)
        for ref in refs(everything):
            self.assertIn(ref.rsplit("/", 1)[1], everything["components"]["schemas"])


if __name__ == "__main__":
    harness.main()
