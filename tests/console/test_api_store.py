# SPDX-License-Identifier: Apache-2.0
"""The API and its store, a file or on a server: who searches is in nobody's way, and a store
that is away is said to be."""
import contextlib
import http.client
import os
import re
import select
import signal
import socket
import sqlite3
import time
import unittest
import urllib.parse

import harness
import service
import stores
import test_team_store

# So many that a search lasts some seconds: a server takes its time over each.
ROWS = {False: 100000, True: 8000}


def grow(place):
    """Many closed alerts like the first one: a search that goes through them takes a while."""
    names = [row[0] for row in (place.ask("SELECT column_name FROM information_schema.columns WHERE table_name = 'alerts'") if place.is_server else place.sql("SELECT name FROM pragma_table_info('alerts')"))]
    values = {"id": "id + n.i", "fingerprint": "fingerprint + n.i", "rank": "0", "state": "3", "resolution": "3"}
    statement = ("WITH RECURSIVE n(i) AS (SELECT 1000000 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO alerts (%s) SELECT %s FROM (SELECT * FROM alerts ORDER BY id LIMIT 1) AS a, n"
        % (1000000 + ROWS[place.is_server], ", ".join(names), ", ".join(values.get(name, name) for name in names)))
    if place.is_server:
        place.ask(statement)
    else:
        with contextlib.closing(sqlite3.connect(place.store, timeout=harness.DEADLINE)) as db, db:
            db.execute(statement)


class Searches:
    """Of one engine."""

    def setUp(self):
        self.place = self.make_place()
        self.addCleanup(self.place.clean)
        folder = harness.days_until_now(self.place, 1, "--days", "2", "--users", "60", "--seed", "5")
        self.assertEqual(self.place.run("import", folder + "/cdrs.jsonl").code, 0)
        self.s = service.Service(self.place)
        self.s.token("viewer"), self.s.token("admin")

    def tearDown(self):
        self.assertEqual(self.s.stop(), 0, self.s.said())

    def begin(self, n, scope="viewer", words=40):
        """Searches that nothing passes, each another one."""
        begun = []
        for i in range(n):
            text = "(%s) and title ~ n%dn" % (" or ".join("why ~ z%dq%d" % (j, i) for j in range(words)), i)
            connection = http.client.HTTPConnection("127.0.0.1", self.s.port, timeout=harness.DEADLINE)
            connection.request("GET", "/api/v1/alerts/?page_size=1&filter=" + urllib.parse.quote(text), headers={"Authorization": "Bearer " + self.s.tokens[scope]})
            begun.append(connection)
        return begun

    def words_of_a_second(self):
        """So many words make a search last one here: a sanitizer, or what else runs, may make it ten times slower."""
        begun = time.monotonic()
        answer = self.begin(1, "admin", words=1)[0].getresponse()
        self.assertEqual(answer.status, 200, answer.read())
        return max(1, min(12, int(1 / (time.monotonic() - begun))))

    def under_way(self):
        lines = self.s.ask("GET", "/metrics", scope="viewer").bytes.decode().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("centinela_api_searches ")))

    def test_one_token_is_in_nobodys_way_and_who_leaves_leaves_nothing(self):
        grow(self.place)
        begun = self.begin(40)
        harness.wait_for(lambda: self.under_way() == 8, "as many as one may have")
        # Those above that are told so, and when to come again.
        told = set()
        while len(told) < 32:
            ready, _, _ = select.select([connection for connection in (c.sock for c in begun) if connection not in told], [], [], harness.DEADLINE)
            self.assertTrue(ready)
            told.update(ready)
        for answer in [connection.getresponse() for connection in begun if connection.sock in told]:
            self.assertEqual((answer.status, answer.headers["Retry-After"]), (429, "1"))
            self.assertIn(b"8 searches of this token are on their way", answer.read())
        # Others are answered meanwhile, whatever waits; and so is what is no search.
        self.assertEqual(self.s.ask("GET", "/api/v1/scores/", scope="admin").status, 200)
        self.assertEqual(self.s.ask("GET", "/api/v1/alerts/?page_size=1", scope="viewer").status, 200)
        self.assertGreater(self.under_way(), 0)
        # All leave: nothing is searched for nobody.
        for connection in begun:
            connection.close()
        harness.wait_for(lambda: self.under_way() == 0, "the searches to end")
        self.assertEqual(self.s.ask("GET", "/api/v1/scores/?limit=1", scope="viewer").status, 200)

    def test_what_was_taken_away_is_counted_nowhere(self):
        ask = lambda path: self.s.ask("GET", "/api/v1/" + path, scope="admin").json()
        raised = lambda title: self.s.ask("POST", "/api/v1/alerts/", {"title": title, "subject": "+576015550155" if title == "Takenaway" else "+576015550166"}, scope="admin").json()["id"]
        stays = raised("Staying")
        gone = raised("Takenaway")
        self.assertEqual(self.s.ask("POST", "/api/v1/alerts/%d/link" % gone, {"other": stays}, scope="admin").status, 200)
        self.assertEqual(self.s.ask("POST", "/api/v1/alerts/%d/note" % gone, {"note": "! Takenaway"}, scope="admin").status, 200)
        case = self.s.ask("GET", "/api/v1/alerts/%d" % gone, scope="admin").json()["case"]
        before = ask("alerts/stats/summary")
        places = ("alerts/?page_size=500", "cases/%d" % case, "alerts/%d/related" % stays, "reports/summary", "reports/handover", "scores/?limit=1000", "silences/preview?filter=score%3E0",
            "numbers/+576015550155", "rules/")
        self.assertTrue(any("Takenaway" in self.s.ask("GET", "/api/v1/" + path, scope="admin").bytes.decode() for path in places))
        self.assertEqual(self.s.ask("DELETE", "/api/v1/alerts/%d" % gone, scope="admin").status, 204)
        for path in places:
            said = self.s.ask("GET", "/api/v1/" + path, scope="admin").bytes.decode()
            self.assertNotIn("Takenaway", said, path)
            self.assertNotIn('"id":%d,' % gone, said, path)
        after = ask("alerts/stats/summary")
        for name in ("total", "raised_24h", "open_unassigned"):
            self.assertEqual(after[name], before[name] - (name != "open_unassigned"), name)
        for name in ("by_severity", "by_status", "by_state", "by_resolution"):
            self.assertEqual(sum(after[name].values()), sum(before[name].values()) - (name != "by_resolution"), name)
        self.assertEqual(after["total"], ask("alerts/?page_size=1")["total"])
        self.assertEqual(self.place.run("report", "--json").out.count("Takenaway"), 0)
        self.assertEqual(self.place.run("report", "handover").out.count("Takenaway"), 0)
        self.assertEqual(self.s.ask("GET", "/api/v1/alerts/%d" % gone, scope="admin").status, 410)
        # Commands list it where it is asked for, and change nothing of it any more.
        listed = lambda *words: [one["id"] for one in self.place.run("alerts", *words, "--json").json()]
        for words in ((), ("--all",), ("--all", "--filter", "title ~ Takenaway"), ("--silenced",)):
            self.assertNotIn(gone, listed(*words), words)
        self.assertEqual((len(listed("--all")), listed("--deleted"), stays in listed("--all")), (after["total"], [gone], True))
        exported = self.place.run("export", "alerts").out
        self.assertEqual(("Takenaway" in exported, len(exported.splitlines())), (False, after["total"]))
        self.assertNotIn("Takenaway", self.place.run("export", "alerts", "--format", "csv").out)
        n = self.place.sql("SELECT count(*) FROM audit")
        for words in (("reopen", str(gone)), ("note", str(gone), "--note", "x"), ("note", "--all", "--filter", "title ~ Takenaway", "--note", "x")):
            ran = self.place.run("alerts", *words, "--lang", "en")
            self.assertIn("0 done" if "--filter" in words else "alert %d was taken away by admin-test" % gone, ran.out + ran.err, words)
        for act in ("link", "merge"):  # nor is anything joined to it
            answer = self.s.ask("POST", "/api/v1/alerts/%d/%s" % (stays, act), {"other": gone}, scope="admin")
            self.assertEqual((answer.status, "taken away by admin-test" in answer.json()["detail"]), (409, True), answer)
        self.assertEqual(self.place.sql("SELECT count(*) FROM audit"), n)

    def test_who_closes_its_own_end_is_answered(self):
        """Who has said all and listens (shutdown) waits for a search as anybody; who is gone does not."""
        grow(self.place)
        words = self.words_of_a_second()
        begun = self.begin(1, words=words)[0]
        begun.sock.shutdown(socket.SHUT_WR)
        harness.wait_for(lambda: self.under_way() == 1 or select.select([begun.sock], [], [], 0)[0], "the search")
        answer = begun.getresponse()
        said = answer.read()
        self.assertEqual((answer.status, b'"total":0' in said), (200, True), said)
        begun.close()
        # Twice in a row on one connection: what it is told to wait is no answer to anything.
        first = self.begin(1, words=words)[0]
        first.sock.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        first.sock.shutdown(socket.SHUT_WR)
        got = b""
        while piece := first.sock.recv(65536):
            got += piece
        self.assertEqual([int(code) for code in re.findall(rb"HTTP/1\.1 (\d+) ", got) if code != b"100"], [200, 200], got)
        first.close()

    def test_who_asks_the_same_goes_on_when_the_first_leaves(self):
        grow(self.place)
        words = min(4, self.words_of_a_second())
        first, second = self.begin(1, words=words)[0], self.begin(1, "admin", words=words)[0]
        harness.wait_for(lambda: self.under_way() == 1 or select.select([first.sock], [], [], 0)[0], "one search for both")
        first.close()
        answer = second.getresponse()
        said = answer.read()
        self.assertEqual((answer.status, b'"total":0' in said), (200, True), said)
        second.close()


class OnFile(Searches, unittest.TestCase):
    make_place = stores.FilePlace


@unittest.skipUnless(stores.has_server(), "no PostgreSQL here")
class OnServer(Searches, unittest.TestCase):
    make_place = stores.ServerPlace

    def test_what_cannot_be_written_now_is_not_written_later(self):
        """The server's process for who writes is halted: its socket stands, and nobody says so."""
        made = self.s.ask("POST", "/api/v1/alerts/", {"title": "Before"}, scope="admin").json()["id"]
        note = ("POST", "/api/v1/alerts/%d/note" % made, {"note": "x"})
        n_notes = lambda: self.place.sql("SELECT count(*) FROM audit WHERE act = 'note'")[0][0]
        before = n_notes()
        # Who looks after the store asks who looks at what, in the end.
        writers = lambda: [pid for pid, in self.place.sql("SELECT pid FROM pg_stat_activity WHERE state = 'idle' AND query LIKE '%FROM viewers%'")]
        harness.wait_for(lambda: len(writers()) == 1, "who writes to rest")
        writer = writers()[0]
        os.kill(writer, signal.SIGSTOP)
        try:
            harness.wait_for(lambda: "does not answer" in (self.s.ask("GET", "/api/v1/cdrs/status", scope="admin").json()["fault"] or ""), "the service to know")
            # It is answered while that is so: it waits nowhere. What is read, is.
            answer = self.s.ask(*note, scope="admin")
            self.assertEqual((answer.status, answer.json()["title"]), (503, "The store does not answer"), answer)
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
            self.assertNotIn(self.place.server, answer.bytes.decode())
            self.assertEqual(self.s.ask("GET", "/api/v1/alerts/%d" % made, scope="admin").status, 200)
        finally:
            os.kill(writer, signal.SIGCONT)
        harness.wait_for(lambda: self.s.ask(*note, scope="admin").status == 200, "the store")
        self.assertEqual(n_notes(), before + 1)

    def test_a_store_that_hangs_is_said_to_be_away(self):
        """The whole server is halted: not even who asks can be known."""
        made = self.s.ask("POST", "/api/v1/alerts/", {"title": "Before"}, scope="admin").json()["id"]
        note = ("POST", "/api/v1/alerts/%d/note" % made, {"note": "x"})
        before = self.place.sql("SELECT count(*) FROM audit")[0][0]
        test_team_store.Stopped.signal(self, signal.SIGSTOP)
        try:
            # It needs no more of the store than to know who asks; the first wait until it is clear that nobody says.
            harness.wait_for(lambda: self.s.ask("GET", "/api/v1/cdrs/status", scope="admin").status == 503, "the service to know")
            for question in (("GET", "/api/v1/alerts/?page_size=1"), ("GET", "/api/v1/scores/"), note):
                answer = self.s.ask(*question, scope="admin")
                self.assertEqual((answer.status, answer.json()["title"]), (503, "The store does not answer"), answer)
            ready = self.s.ask("GET", "/health/ready")
            self.assertEqual((ready.status, ready.json()["checks"]["store"]), (503, "fault"), ready)
            # Nor does it hang when it is told to end.
            self.assertEqual(self.s.stop(), 1)
            self.assertIn("does not answer: what was still to be written to it is not done", self.s.said())
        finally:
            test_team_store.Stopped.signal(self, signal.SIGCONT)
        tokens, self.s = self.s.tokens, service.Service(self.place)
        self.s.tokens = tokens
        self.assertEqual(self.s.ask(*note, scope="admin").status, 200)
        self.assertEqual(self.place.sql("SELECT count(*) FROM audit")[0][0], before + 1)

    def test_a_store_that_is_away_is_said_to_be_and_comes_back(self):
        made = self.s.ask("POST", "/api/v1/alerts/", {"title": "Before"}, scope="admin").json()["id"]
        questions = (("GET", "/api/v1/alerts/?page_size=1", None), ("GET", "/api/v1/scores/", None), ("POST", "/api/v1/alerts/%d/note" % made, {"note": "x"}), ("GET", "/health/ready", None))
        schemas = self.s.ask("GET", "/openapi.json").json()["components"]["schemas"]
        self.place.do("end")
        for method, path, body in questions:
            answer = self.s.ask(method, path, body, scope="admin")
            said = answer.bytes.decode()
            self.assertEqual(answer.status, 503, answer)
            self.assertNotIn(self.place.server, said)
            if path != "/health/ready":
                self.assertNotIn("Webex", said)
                self.assertEqual(answer.json()["title"], "The store does not answer", answer)
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
                continue
            said = answer.json()  # it tells this like the rest
            self.assertIsNone(service.wrong_with(schemas["Ready"], said, schemas))
            self.assertEqual((answer.headers["Content-Type"], said["status"], said["checks"]["store"]), ("application/json", "not_ready", "fault"))
            self.assertIn("the store does not answer", said["reasons"])
            self.assertNotIn("no record was read yet", said["reasons"])
        self.place.do("restart")
        for method, path, body in questions[:3]:
            harness.wait_for(lambda: self.s.ask(method, path, body, scope="admin").status == 200, path)
        harness.wait_for(lambda: self.s.ask("GET", "/health/ready").json()["checks"]["store"] == "ok", "it to say so")


if __name__ == "__main__":
    harness.main()
