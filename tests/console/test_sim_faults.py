# SPDX-License-Identifier: Apache-2.0
"""Every entry of `sim --faults`, seen from outside: a client that knows only
sockets and TLS looks at the bytes that come over the wire."""
import json
import re
import socket
import ssl
import time
import unittest
import urllib.parse

import harness

BASE = "2026-10-07T15:00:00Z"
BASE_S = 1791385200
WINDOW = "startTime=2026-10-06T19:00:00.000Z&endTime=2026-10-07T07:00:00.000Z"


class Answer:
    """What came: the status, headers as they stood, the body, and when its pieces came."""

    def __init__(self, raw, arrivals, clean_end):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if lines[0] else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.arrivals = arrivals
        self.clean_end = clean_end

    @property
    def whole(self):
        """As many bytes as were announced."""
        return len(self.body) == int(self.headers.get("content-length", -1))

    def json(self):
        return json.loads(self.body)

    def is_json(self):
        try:
            self.json()
            return True
        except (ValueError, RecursionError):
            return False


class Wire(unittest.TestCase):
    def begin(self, fault, *flags):
        place = harness.Place()
        self.addCleanup(place.clean)
        self.sim = harness.Simulator(place, "--faults", fault, "--base", BASE, "--speed", "0",
            "--no-rate-limits", "--users", "60", "--seed", "3", *flags)
        self.addCleanup(self.sim.stop)
        self.where = self.sim.where
        self.tls = ssl.create_default_context(cafile=self.where["ca"])

    def ask(self, path, method="GET", body=b"", token="service_access_token", form=None):
        url = urllib.parse.urlparse(self.where["url"])
        headers = ["Host: " + url.netloc, "Connection: close"]
        if token:
            headers.append("Authorization: Bearer " + self.where[token])
        if form is not None:
            method, body = "POST", urllib.parse.urlencode(form).encode()
            headers.append("Content-Type: application/x-www-form-urlencoded")
        if body:
            headers.append("Content-Length: %d" % len(body))
        request = "%s %s HTTP/1.1\r\n%s\r\n\r\n" % (method, path, "\r\n".join(headers))
        raw, arrivals, clean = b"", [], True
        with socket.create_connection((url.hostname, url.port), timeout=60) as plain, \
                self.tls.wrap_socket(plain, server_hostname=url.hostname) as wire:
            wire.sendall(request.encode() + body)
            while True:
                try:
                    piece = wire.recv(65536)
                except (ssl.SSLError, ConnectionError):
                    clean = False
                    break
                if not piece:
                    break
                raw += piece
                arrivals.append((time.monotonic(), len(piece)))
        return Answer(raw, arrivals, clean)

    def many(self, n, path="/v1/locations?max=%d"):
        """Different requests each time: one target is struck twice at most."""
        return [self.ask(path % (i + 1)) for i in range(n)]

    def test_storm429_comes_in_bursts_with_every_form_of_retry_after(self):
        self.begin("storm429")
        answers = self.many(100)
        statuses = [a.status for a in answers]
        self.assertEqual(set(statuses), {200, 429})
        self.assertIn("429 429", " ".join(map(str, statuses)))
        forms = set()
        for answer in answers:
            if answer.status != 429:
                continue
            self.assertTrue(answer.json()["message"])
            value = answer.headers.get("retry-after", "none")
            forms.add("number" if value.isdigit() else "date" if value.endswith("GMT") else value)
        self.assertEqual(forms, {"number", "date", "none", "rand(30),add(30)"})

    def test_server5xx_is_each_of_them_and_always_for_large_pages_of_people(self):
        self.begin("server5xx")
        self.assertEqual({a.status for a in self.many(100)}, {200, 500, 503, 504, 423})
        statuses = [self.ask("/v1/people?callingData=true&max=%d" % n).status for n in range(51, 61)]
        self.assertNotIn(200, statuses)
        self.assertIn(504, statuses)
        self.assertIn(200, [self.ask("/v1/people?callingData=true&max=%d" % n).status for n in range(10, 20)])

    def test_slow_body_trickles_and_is_whole(self):
        self.begin("slow_body")
        slowest = []
        for answer in self.many(10, "/v1/people?max=%d"):
            self.assertTrue(answer.whole and answer.is_json())
            times = [at for at, _ in answer.arrivals]
            if not slowest or times[-1] - times[0] > slowest[-1] - slowest[0]:
                slowest = times
        self.assertGreaterEqual(len(slowest), 8)
        self.assertGreater(slowest[-1] - slowest[0], 1)

    def test_cut_ends_in_the_middle_of_a_body(self):
        self.begin("cut")
        answers = self.many(24)
        cut = [a for a in answers if not a.whole]
        self.assertTrue(cut)
        for answer in cut:
            self.assertEqual(answer.status, 200)
            self.assertLess(len(answer.body), int(answer.headers["content-length"]))
        self.assertTrue(all(a.is_json() for a in answers if a.whole))

    def test_malformed_is_no_json_in_every_way(self):
        self.begin("malformed")
        ways = set()
        for answer in self.many(90):
            self.assertEqual(answer.status, 200)
            self.assertTrue(answer.whole)
            if answer.is_json():
                continue
            body = answer.body
            ways.add("empty" if not body else "markup" if body[:1] == b"<" else
                "no utf-8" if b"\xff" in body else "more" if body.endswith(b"}}]") or
                body.endswith(b"]}}]") else "cut short")
        self.assertEqual(ways, {"empty", "markup", "no utf-8", "more", "cut short"})

    def test_hostile_is_deep_or_nul_or_of_the_wrong_type(self):
        self.begin("hostile")
        ways = set()
        for answer in self.many(100):
            self.assertEqual(answer.status, 200)
            body = answer.body
            if b"[" * 50000 in body:
                ways.add("deep")
            elif b"\0" in body:
                ways.add("nul")
            elif answer.is_json() and not isinstance(answer.json()["items"], list):
                ways.add("items are no list")
            elif answer.is_json() and any(not isinstance(i, dict) or "Report ID" in i for i in answer.json()["items"]):
                ways.add("items that are none")
        self.assertEqual(ways, {"deep", "nul", "items are no list", "items that are none"})

    def page_ids(self, answer):
        return [item["Report ID"] for item in answer.json()["items"]]

    def test_duplicates_are_in_a_page_and_over_pages(self):
        self.begin("duplicates", "--page", "200")
        path, pages = "/v1/cdr_feed?max=200&" + WINDOW, []
        while path:
            answer = self.ask(path)
            self.assertEqual(answer.status, 200)
            pages.append(self.page_ids(answer))
            link = re.search(r"<+(https://[^>]+)>", answer.headers.get("link", ""))
            path = link and link.group(1)[len(self.where["url"]):]
        self.assertGreater(len(pages), 1)
        self.assertTrue(any(len(ids) > len(set(ids)) for ids in pages))
        self.assertTrue(any(len(set(a) & set(b)) > 1 for a, b in zip(pages, pages[1:])))

    def test_skew_is_minutes_in_the_date_header(self):
        self.begin("skew")
        answer = self.ask("/v1/people/me")
        there = time.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S GMT")
        self.assertEqual(abs(int(time.mktime(there)) - time.timezone - BASE_S), 420)

    def test_dead_refresh_is_refused_once_and_then_good(self):
        self.begin("dead_refresh", "--no-rotation")
        client = {"client_id": self.where["client_id"], "client_secret": self.where["client_secret"]}
        refused = 0
        for turn in range(12):  # twelve sign-ins: about half of their tokens are called dead
            form = {"grant_type": "refresh_token", "refresh_token": self.refresh_token(client), **client}
            answers = [self.ask("/v1/access_token", token=None, form=form) for _ in range(3)]
            self.assertEqual([a.status for a in answers[1:]], [200, 200])
            if answers[0].status == 200:
                continue
            refused += 1
            self.assertEqual(answers[0].status, 400)
            self.assertRegex(answers[0].body, b"expired, revoked, malformed|invalid_grant")
        self.assertGreater(refused, 0)

    def refresh_token(self, client):
        """By the authorize page, as a browser would."""
        wish = {"client_id": client["client_id"], "response_type": "code", "scope": "spark-admin:people_read",
            "redirect_uri": "http://localhost:6001/redirect", "decision": "accept"}
        went = self.ask("/v1/authorize", token=None, form=wish)
        code = urllib.parse.parse_qs(urllib.parse.urlparse(went.headers["location"]).query)["code"][0]
        got = self.ask("/v1/access_token", token=None, form={"grant_type": "authorization_code", "code": code,
            "redirect_uri": "http://localhost:6001/redirect", **client})
        self.assertEqual(got.status, 200, got.body)
        return got.json()["refresh_token"]

    def test_html502_is_a_gateways_page(self):
        self.begin("html502")
        pages = [a for a in self.many(40) if a.status != 200]
        self.assertTrue(pages)
        for answer in pages:
            self.assertEqual(answer.status, 502)
            self.assertTrue(answer.headers["content-type"].startswith("text/html"))
            self.assertIn(b"<h1>502 Bad Gateway</h1>", answer.body)

    def test_hostile_names_are_in_records_people_and_bytes(self):
        self.begin("hostile_names", "--users", "200")
        page = self.ask("/v1/cdr_feed?" + WINDOW).body
        for what in (b"\\u001b[2J", b"\\u001b]52;c;", b"\xff\xfe", b"\xe2\x80\xae", b"\xe2\x80\x8b",
                b"\xc3\xb1" * 1000, b"\\u0007", b"la jefa"):
            self.assertIn(what, page)
        self.assertIn("\x1b[2J", self.ask("/v1/people?max=1000").body.decode("utf-8", "replace").replace("\\u001b", "\x1b"))

    def test_the_list_is_this_tests_list(self):
        place = harness.Place()
        self.addCleanup(place.clean)
        ran = place.run("sim", "--help")
        names = re.findall(r"^ {4}(\w+) {2,}", ran.out, re.M)
        mine = {name.split("_is_")[0].split("_comes_")[0].split("_trickles")[0].split("_ends_")[0].split("_are_")[0][5:]
            for name in dir(self) if name.startswith("test_")} - {"the_list"}
        self.assertEqual(set(names), mine)

    def test_the_list_is_in_the_language_that_was_asked_for(self):
        place = harness.Place()
        self.addCleanup(place.clean)
        ran = place.run("--lang", "es", "sim", "--help")
        for words in ("--listen ADDR:PORT             dónde escucha", "cut                          conexiones cortadas en la mitad",
                "--days D                       exportación"):
            self.assertIn(words, ran.out)
        self.assertNotRegex(ran.out, r"\b(the|where|which|records|clock)\b")
        ran = place.run("--lang", "es", "sim", "--days", "0")
        self.assertEqual((ran.code, ran.err), (2, "centinela sim: --days lleva un número de 1 a 3660\n"))


if __name__ == "__main__":
    harness.main()
