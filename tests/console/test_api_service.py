# SPDX-License-Identifier: Apache-2.0
"""The service as it is run: beside a Webex that it signs in to, under what stands in for
systemd, with masked numbers, stopped and begun again."""
import datetime
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

import harness
import service
import stores


SCOPES = {"scopes": '"spark-admin:calling_cdr_read spark-admin:people_read spark-admin:locations_read spark-admin:organizations_read'
    ' spark-admin:telephony_config_read spark-admin:calls_read"'}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class SignedIn(unittest.TestCase):
    def setUp(self):
        self.place = stores.a_place()
        # An attack that began half an hour ago: calls are up at any time of the day.
        begun = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.sim = harness.Simulator(self.place, "--users", "300", "--scenario", "mixed", "--epoch", begun, "--no-rate-limits")
        config = self.sim.config(api={"listen": '"127.0.0.1:0"'}, sync={"interval": "300ms", "page_interval": "10ms", "backfill": "1d"},
            webex=SCOPES, live={"listen": '"127.0.0.1:0"', "secret_file": self.place.file("webhook-secret", "a secret of thirty bytes and more")})
        self.service = service.Service(self.place, config=config)

    def tearDown(self):
        self.assertEqual(self.service.stop(), 0, self.service.said())
        self.assertEqual(self.sim.stop(), 0)
        self.place.clean()

    def at_webex(self, url):
        """As a browser goes there, and is sent back."""
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.sim.ca)), NoRedirect)
        try:
            return opener.open(url, timeout=harness.DEADLINE)
        except urllib.error.HTTPError as answer:
            return answer

    def test_from_the_sign_in_to_records_and_live_calls(self):
        s = self.service
        ready = s.ask("GET", "/health/ready")
        self.assertEqual((ready.status, ready.json()["checks"]["token"]), (503, "missing"))
        self.assertEqual(s.ask("POST", "/api/v1/cdrs/sync", scope="admin").status, 409)
        first = s.ask("GET", "/auth/login", scope="admin")
        login = s.ask("GET", "/auth/login", scope="admin")  # the second takes its place
        self.assertEqual((first.status, login.status), (302, 302), login)
        self.assertEqual(login.json()["authorization_url"], login.headers["Location"])
        wished = urllib.parse.parse_qs(urllib.parse.urlparse(login.headers["Location"]).query)
        self.assertEqual(wished["redirect_uri"], ["http://localhost:%d/auth/callback" % s.port])
        self.assertEqual(wished["code_challenge_method"], ["S256"])
        # Another's code, and one of the sign-in that was given up.
        for query in ("code=x&state=y", "code=x", "", "error=access_denied&state=z", "code=x&state=" + urllib.parse.parse_qs(urllib.parse.urlparse(first.headers["Location"]).query)["state"][0]):
            self.assertEqual(s.ask("GET", "/auth/callback?" + query).status, 400, query)
        back = self.at_webex(login.headers["Location"])
        self.assertEqual(back.status, 302)
        where = urllib.parse.urlparse(back.headers["Location"])
        done = s.ask("GET", where.path + "?" + where.query)
        self.assertEqual(done.status, 200, done)
        self.assertEqual(s.ask("GET", where.path + "?" + where.query).status, 400)  # once
        status = s.ask("GET", "/auth/status", scope="viewer").json()
        self.assertEqual((status["authenticated"], status["state"]), (True, "ready"))
        self.assertNotIn(wished["state"][0], s.said())
        job = s.ask("POST", "/api/v1/cdrs/sync", scope="admin")
        self.assertEqual(job.status, 202, job)
        harness.wait_for(lambda: s.ask("GET", job.headers["Location"], scope="viewer").json()["status"] == "done", "the sync to be done",
            also=lambda: repr(s.ask("GET", "/api/v1/cdrs/status", scope="viewer")))
        harness.wait_for(lambda: s.ask("GET", "/api/v1/cdrs/?limit=5", scope="viewer").json()["count"] == 5, "records")
        harness.wait_for(lambda: s.ask("GET", "/health/ready").status == 200, "the service to be ready", also=lambda: repr(s.ask("GET", "/health/ready")))
        self.assertEqual(s.ask("POST", "/auth/refresh", scope="admin").json()["authenticated"], True)
        self.live_calls()
        self.assertEqual(s.ask("POST", "/auth/logout", scope="admin").json()["authenticated"], False)
        harness.wait_for(lambda: s.ask("GET", "/health/ready").status == 503, "the service to miss its token")

    def live_calls(self):
        s = self.service
        connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=harness.DEADLINE)
        connection.request("GET", "/api/v1/calls/live/stream", headers={"Authorization": "Bearer " + s.tokens["viewer"] if "viewer" in s.tokens else ""})
        stream = connection.getresponse()
        self.assertEqual((stream.status, stream.headers["Content-Type"]), (200, "text/event-stream"))
        known, ready = {}, False
        schemas = s.ask("GET", "/openapi.json").json()["components"]["schemas"]
        while not ready or not known:
            event, data = stream.readline(), stream.readline()
            if event.startswith(b":"):
                continue
            self.assertEqual(stream.readline(), b"\n")
            event, data = event.split(b": ", 1)[1].strip().decode(), json.loads(data.split(b": ", 1)[1])
            ready |= event == "ready"
            if event == "call":
                self.assertIsNone(service.wrong_with(schemas["LiveCall"], data, schemas))
                known[data["call_id"]] = data
            elif event == "gone":
                known.pop(data["call_id"], None)
        listed = s.ask("GET", "/api/v1/calls/live", scope="viewer").json()
        self.assertGreater(listed["total"], 0)
        made = self.place.run("token", "create", "listener")
        harness.wait_for(lambda: s.ask("GET", "/auth/status", headers={"Authorization": "Bearer " + made.out.strip()}).status == 200, "the listener's token to be known")
        other = http.client.HTTPConnection("127.0.0.1", s.port, timeout=harness.DEADLINE)
        other.request("GET", "/api/v1/calls/live/stream", headers={"Authorization": "Bearer " + made.out.strip()})
        listening = other.getresponse()
        self.assertEqual(listening.status, 200)
        self.assertEqual(self.place.run("token", "revoke", "listener").code, 0)
        while listening.read1(65536):  # it ends: who was let in by that token hears no more
            pass
        other.close()
        total = lambda query: s.ask("GET", "/api/v1/calls/live" + query, scope="viewer").json()["total"]
        # Calls come and go meanwhile.
        harness.wait_for(lambda: total("?filter=" + urllib.parse.quote("direction == outbound")) <= total(""), "fewer calls that pass than there are")
        connection.close()


class Readiness(unittest.TestCase):
    """503 says why, by itself, and no longer than it is so."""

    def checks(self, s):
        answer = s.ask("GET", "/health/ready")
        said = answer.json()
        self.assertEqual((answer.status, said["status"]), (200, "ready") if not said["reasons"] else (503, "not_ready"), answer)
        return said

    def test_live_sources_and_messages_count(self):
        place = stores.a_place()
        self.addCleanup(place.clean)
        begun = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
        sim = harness.Simulator(place, "--users", "60", "--epoch", begun, "--no-rate-limits")
        routes = place.file("notify.yaml", """destinations:
  siem: {kind: webhook, url: "http://127.0.0.1:%d/hook", secret: {file: %s}}
routes:
  - {to: [siem], tell: [raised]}
""" % (harness.free_port(), place.file("hook-secret", "a secret of thirty bytes and more")))
        live = {"listen": '"127.0.0.1:0"', "secret_file": place.file("webhook-secret", "a secret of thirty bytes and more") + ".none"}
        more = {"api": {"listen": '"127.0.0.1:0"', "ready_live": "1s", "ready_outbox": "1s"}, "sync": {"interval": "300ms", "page_interval": "10ms", "backfill": "1d"}, "webex": SCOPES}
        config = sim.config(live=live, **more)
        s = service.Service(place, config=config)
        # Until it is known whether somebody else collects, nobody has looked for a sign-in.
        harness.wait_for(lambda: self.checks(s)["checks"]["sync"] == "no_login", "no sign-in")
        said = self.checks(s)
        self.assertEqual((said["complete_until"], said["lag_s"], said["checks"]["live"]), (None, None, "none"))
        self.assertNotIn(b"centinela_sync_lag_seconds", s.ask("GET", "/metrics", scope="admin").bytes)
        self.assertIsNone(s.ask("GET", "/api/v1/cdrs/status", scope="viewer").json()["lag_s"])
        self.assertEqual(s.stop(), 0, s.said())
        ran = place.run("login", "--config", config)
        self.assertEqual(ran.code, 0, ran)
        s = service.Service(place, config=config)
        harness.wait_for(lambda: self.checks(s)["reasons"] == ["a source of live calls does not work: api.ready_live"], "the source to be down for too long", also=lambda: repr(s.ask("GET", "/health/ready")))
        self.assertEqual(s.ask("GET", "/health/ready").json()["checks"]["live"], "down")
        self.assertEqual(s.stop(), 0, s.said())
        live["secret_file"] = live["secret_file"][:-5]
        s = service.Service(place, config=sim.config(live=live, **more))
        harness.wait_for(lambda: self.checks(s)["checks"]["live"] == "webhook" and not self.checks(s)["reasons"], "it to be ready", also=lambda: repr(s.ask("GET", "/health/ready")) + s.said())
        said = self.checks(s)
        self.assertEqual((said["checks"], said["lag_s"] >= 0), ({"store": "ok", "token": "ok", "sync": said["checks"]["sync"], "live": "webhook", "outbox": "off"}, True))
        self.assertEqual(s.stop(), 0, s.said())
        s = service.Service(place, config=sim.config(live=live, notify=routes, **more))
        self.assertEqual(s.ask("POST", "/api/v1/alerts/", {"title": "For the SIEM"}, scope="lead").status, 201)
        harness.wait_for(lambda: self.checks(s)["reasons"] == ["messages wait to be sent: api.ready_outbox"], "the message to wait for too long", also=lambda: repr(s.ask("GET", "/health/ready")))
        self.assertEqual(self.checks(s)["checks"]["outbox"], "late")
        self.assertEqual(s.stop(), 0, s.said())
        self.assertEqual(sim.stop(), 0)


    def test_who_does_not_collect_is_ready_by_what_others_read(self):
        place = stores.a_place()
        self.addCleanup(place.clean)
        begun = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
        sim = harness.Simulator(place, "--users", "60", "--epoch", begun, "--no-rate-limits")
        config = sim.config(api={"listen": '"127.0.0.1:0"'}, sync={"interval": "300ms", "page_interval": "10ms", "backfill": "1d"}, webex=SCOPES)
        alone = place.file("alone.yaml", "api: {listen: \"127.0.0.1:0\"}\n")
        reader = place.file("reader.yaml", "api: {listen: \"127.0.0.1:0\"}\nconsole: {read_only: true}\n")
        s = service.Service(place, config=alone)
        said = self.checks(s)
        self.assertEqual((said["checks"]["token"], said["checks"]["sync"], said["complete_until"]), ("missing", "no_login", None))
        self.assertEqual(s.stop(), 0, s.said())
        s = service.Service(place, config=reader)
        self.assertEqual(self.checks(s)["reasons"], ["no record was read yet"])
        self.assertEqual(s.stop(), 0, s.said())
        ran = place.run("login", "--config", config)
        self.assertEqual(ran.code, 0, ran)
        collector = service.Service(place, config=config)
        harness.wait_for(lambda: not self.checks(collector)["reasons"], "the collector to be ready", also=lambda: repr(collector.ask("GET", "/health/ready")))
        collector.token("admin")
        for config in (reader, alone):
            s = service.Service(place, config=config)
            s.tokens = collector.tokens
            harness.wait_for(lambda: not self.checks(s)["reasons"], "who does not collect to be ready", also=lambda: repr(s.ask("GET", "/health/ready")))
            said = self.checks(s)
            self.assertEqual((said["checks"]["sync"], said["checks"]["token"], said["lag_s"] >= 0), ("following", "ok", True))
            # Whoever is asked says the same; and it is not asked to collect.
            self.assertEqual(s.ask("GET", "/api/v1/cdrs/status", scope="admin").json()["status"], "following")
            self.assertIn("\ncentinela_sync_ok 1\n", s.ask("GET", "/metrics", scope="viewer").bytes.decode())
            asked = s.ask("POST", "/api/v1/cdrs/sync", scope="admin")
            self.assertEqual((asked.status, asked.json()["detail"]), (409, "this service asks Webex for nothing: it follows whoever does"))
            self.assertEqual(s.stop(), 0, s.said())
        # Webex is away: what was read is fresh, and it is asked again.
        self.assertEqual(sim.stop(), 0)
        harness.wait_for(lambda: self.checks(collector)["checks"]["sync"] == "fault", "Webex to be missed", also=lambda: repr(collector.ask("GET", "/health/ready")))
        self.assertEqual(self.checks(collector)["reasons"], [])
        self.assertEqual(collector.stop(), 0, collector.said())
        # Nobody asks Webex any more: who has no sign-in of its own is not ready.
        s = service.Service(place, config=alone)
        self.assertIn("there is no sign-in to Webex in force", self.checks(s)["reasons"])
        self.assertEqual(s.stop(), 0, s.said())


class Masked(unittest.TestCase):
    def test_whole_numbers_are_for_analysts_and_written_down(self):
        place = stores.a_place()
        self.addCleanup(place.clean)
        folder = harness.days_until_now(place, 1, "--days", "2", "--users", "60", "--seed", "5")
        self.assertEqual(place.run("import", folder + "/cdrs.jsonl").code, 0)
        s = service.Service(place, config=place.file("serve.yaml", "api: {listen: \"127.0.0.1:0\"}\nconsole: {mask_numbers: true}\n"))
        path = "/api/v1/calls/?limit=200&filter=" + urllib.parse.quote("direction == outbound")
        masked, whole = s.ask("GET", path, scope="viewer").json()["items"], s.ask("GET", path + "&numbers=whole", scope="analyst").json()["items"]
        shown = [(m["far_number"], w["far_number"]) for m, w in zip(masked, whole) if w["far_number"].startswith("+")]
        self.assertTrue(shown)
        for m, w in shown:
            self.assertNotEqual(m, w)
            self.assertEqual(m[:3], w[:3])
        self.assertEqual(s.ask("GET", path + "&numbers=whole", scope="viewer").status, 403)
        self.assertEqual(place.sql("SELECT who, act, note FROM audit WHERE act = 'unmask'"), [("analyst-test", "unmask", "/api/v1/calls/")])
        # By a filter nobody learns a number digit by digit, unless it is written down.
        number = next(w for _, w in shown)
        ask = lambda path, text, scope: s.ask("GET", path + "?filter=" + urllib.parse.quote(text), scope=scope)
        for where, text in (("calls/", 'dst.number = "%s*"'), ("calls/", 'not number ~ "%s"'), ("calls/", 'far.name ~ "%s"'), ("calls/", '"%s"'), ("calls/live", "number ~ %s"),
                ("alerts/", 'subject.id ~ "%s"'), ("alerts/", '(score > 1 or why ~ "%s")'), ("alerts/", 'title in [a, "%s*"]'), ("scores/", 'subject.name = "%s*"'), ("persons/", "number ~ %s"),
                ("cdrs/people", "number ~ %s"), ("silences/preview", 'subject.id = "%s*"')):
            answer = ask("/api/v1/" + where, text % number[:5], "viewer")
            self.assertEqual((answer.status, "digits" in answer.json()["detail"]), (403, True), (where, text, answer))
        for path in ("/api/v1/numbers/" + number, "/api/v1/cdrs/?number=" + urllib.parse.quote(number)):
            self.assertEqual(s.ask("GET", path, scope="viewer").status, 403, path)
        for where, text in (("calls/", "dst.country == CU"), ("alerts/", "score > 60 and raised > -2d"), ("alerts/", 'subject.id == "2b7e1516-28ae-42a6-ab7f-000000000001"'), ("calls/", "user.name ~ ana")):
            self.assertEqual(ask("/api/v1/" + where, text, "viewer").status, 200, text)
        self.assertEqual(place.sql("SELECT count(*) FROM audit WHERE act = 'unmask'"), [(1,)])
        text = 'dst.number = "%s*"' % number[:5]
        self.assertEqual(ask("/api/v1/calls/", text, "analyst").status, 200)
        self.assertEqual(s.ask("POST", "/api/v1/alerts/bulk", {"act": "note", "note": "x", "filter": 'subject.id ~ "57"', "preview": True}, scope="analyst").status, 200)
        self.assertEqual(place.sql("SELECT who, became, note FROM audit WHERE act = 'unmask' ORDER BY seq DESC LIMIT 2"), [("analyst-test", "asked", '/api/v1/alerts/bulk: subject.id ~ "57"'),
            ("analyst-test", "asked", "/api/v1/calls/: " + text)])
        # An act that answers with whole numbers is written down, too; its answer is nobody's who asked for masked ones.
        act, key = "/api/v1/alerts/1/note", {"Idempotency-Key": "k"}
        self.assertEqual(s.ask("POST", act + "?numbers=whole", {"note": "x"}, scope="analyst", headers=key).status, 200)
        self.assertEqual(place.sql("SELECT count(*) FROM audit WHERE act = 'unmask'"), [(4,)])
        self.assertIsNone(s.ask("POST", act, {"note": "x"}, scope="analyst", headers=key).headers["Idempotency-Replayed"])
        # What the service gave out to be asked for again is no number.
        first = s.ask("GET", "/api/v1/calls/?limit=3", scope="viewer").json()
        second = s.ask("GET", "/api/v1/calls/?limit=3&cursor=" + first["next_cursor"], scope="viewer")
        self.assertEqual((second.status, len(second.json()["items"])), (200, 3))
        self.assertEqual(s.ask("GET", "/api/v1/calls/" + first["items"][0]["id"], scope="viewer").json()["id"], first["items"][0]["id"])
        alerts = s.ask("GET", "/api/v1/alerts/?page_size=2", scope="viewer").json()
        self.assertEqual(s.ask("GET", "/api/v1/alerts/?page_size=2&cursor=" + alerts["next_cursor"], scope="viewer").status, 200)
        whole_numbers = {w for _, w in shown}
        for path in ("/api/v1/alerts/?page_size=500", "/api/v1/cdrs/?limit=1000", "/api/v1/scores/", "/api/v1/audit/", "/api/v1/alerts/1"):
            said = s.ask("GET", path, scope="admin").bytes.decode()
            self.assertEqual([n for n in whole_numbers if n in said], [], path)
        self.assertEqual(s.stop(), 0)


class Run(unittest.TestCase):
    def setUp(self):
        self.place = stores.a_place()
        self.addCleanup(self.place.clean)
        self.told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.told.bind(self.place.file("notify"))
        self.told.settimeout(harness.DEADLINE)

    def until(self, words):
        while True:
            said = self.told.recv(4096).decode()
            if words in said:
                return said

    def test_systemd_hears_of_it(self):
        env = self.place.environment(NOTIFY_SOCKET=self.place.file("notify"), WATCHDOG_USEC="200000")
        s = service.Service(self.place, env=env)
        self.until("READY=1")
        for _ in range(3):
            self.until("WATCHDOG=1")
        s.process.terminate()
        self.until("STOPPING=1")
        self.assertEqual(s.stop(), 0)

    def test_on_hangup_it_begins_again_as_configured_now(self):
        sock = self.place.file("one.sock")
        config = self.place.file("serve.yaml", 'api: {listen: "", socket: "%s"}\n' % sock)
        s = service.Service(self.place, config=config, env=self.place.environment(NOTIFY_SOCKET=self.place.file("notify")))
        self.until("READY=1")
        self.place.file("serve.yaml", "api: {lissten: 1}\n")
        s.process.send_signal(signal.SIGHUP)  # a mistake: it goes on as it was
        harness.wait_for(lambda: "lissten" in s.said(), "the mistake to be told")
        self.assertEqual(s.ask("GET", "/health", connection=service.UnixConnection(sock)).status, 200)
        other = self.place.file("two.sock")
        self.place.file("serve.yaml", 'api: {listen: "", socket: "%s"}\n' % other)
        pid = s.process.pid
        s.process.send_signal(signal.SIGHUP)
        self.until("RELOADING=1")
        self.until("READY=1")
        self.assertEqual((s.process.pid, s.process.poll()), (pid, None))
        self.assertEqual(s.ask("GET", "/health", connection=service.UnixConnection(other)).status, 200)
        self.assertFalse(os.path.exists(sock))
        self.assertEqual(s.stop(), 0)

    def test_the_log_file_is_followed_and_refused(self):
        log, link = self.place.file("log/c.log"), self.place.file("log/link.log")
        os.makedirs(os.path.dirname(log))
        words = "api: {listen: \"127.0.0.1:0\"}\nown_rules: %s\nlog: {file: \"%s\"}\n"
        config = self.place.file("serve.yaml", words % (self.place.file("rules"), log))
        s = service.Service(self.place, config=config, env=self.place.environment(NOTIFY_SOCKET=self.place.file("notify")))
        self.until("READY=1")
        self.assertEqual(os.stat(log).st_mode & 0o7777, 0o600)
        self.place.file("serve.yaml", "api: {lissten: 1}\n")
        s.process.send_signal(signal.SIGHUP)
        harness.wait_for(lambda: "lissten" in open(log).read(), "the mistake in the file")
        os.rename(log, log + ".1")
        s.process.send_signal(signal.SIGHUP)  # by itself it finds that the file was moved
        harness.wait_for(lambda: os.path.exists(log) and "lissten" in open(log).read(), "a new file")
        # A file that cannot be the log is no reason to stop.
        os.symlink(log, link)
        self.place.file("serve.yaml", words % (self.place.file("rules"), link))
        s.process.send_signal(signal.SIGHUP)
        harness.wait_for(lambda: "is a link" in open(log).read(), "the refusal")
        self.assertIsNone(s.process.poll())
        self.assertEqual(s.stop(), 0)
        for command in (["serve"], ["console"]):
            ran = self.place.run(*command, "--config", self.place.file("serve.yaml"))
            self.assertNotEqual(ran.code, 0)
            self.assertIn("is a link: name the file itself in log.file", ran.err)
            self.assertEqual(ran.err.strip().count("\n"), 0)

    def test_what_was_begun_is_done_before_it_stops(self):
        s = service.Service(self.place)
        s.token("admin")
        codes, errors = [], []

        def ask(i):
            try:
                codes.append(s.ask("POST", "/api/v1/alerts/", {"title": "Story %d" % i, "subject": "+5760155%05d" % i}, scope="admin").status)
            except (ConnectionError, http.client.HTTPException, OSError):
                errors.append(i)  # it came when the door was shut: nothing was promised
        askers = [threading.Thread(target=ask, args=(i,)) for i in range(200)]
        for i, asker in enumerate(askers):
            asker.start()
            if i == 100:
                s.process.terminate()
        for asker in askers:
            asker.join()
        self.assertEqual(s.stop(), 0)
        self.assertEqual(set(codes) - {201, 503}, set())
        self.assertEqual(self.place.sql("SELECT count(*) FROM alerts")[0][0], codes.count(201))

    def test_two_services_and_a_command_share_a_store(self):
        one, two = service.Service(self.place), service.Service(self.place, config=self.place.file("two.yaml", "api: {listen: \"127.0.0.1:0\"}\n"))
        two.tokens = one.tokens
        made = one.ask("POST", "/api/v1/alerts/", {"title": "Seen by both"}, scope="admin").json()
        harness.wait_for(lambda: two.ask("GET", "/api/v1/alerts/%d" % made["id"], scope="admin").status == 200, "the other to see it")
        self.assertEqual(self.place.run("alerts", "note", made["id"], "--note", "by a command").code, 0)
        harness.wait_for(lambda: two.ask("GET", "/api/v1/alerts/", scope="admin").json()["items"][0]["notes"] == 1, "the note")
        self.assertEqual((one.stop(), two.stop()), (0, 0))

    def test_the_unit_says_what_the_program_does(self):
        for name in ("centinela.service", "centinela@.service"):
            self.unit(name)

    def unit(self, name):
        with open(os.path.join(harness.SOURCE, "data/systemd", name), encoding="utf-8") as file:
            unit = file.read()
        for line in ("Type=notify", "DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "LoadCredentialEncrypted=", "WatchdogSec=", "ExecReload=/bin/kill -HUP"):
            self.assertIn(line, unit)
        tool = subprocess.run(["which", "systemd-analyze"], capture_output=True).returncode == 0
        if tool:
            done = subprocess.run(["systemd-analyze", "verify", os.path.join(harness.SOURCE, "data/systemd", name)], capture_output=True, text=True)
            wrong = [line for line in done.stderr.splitlines() if "centinela" in line and "not executable" not in line and "Command" not in line]
            self.assertEqual(wrong, [])
            # What is left is what it needs: the network, a Unix socket, the host's files to read.
            done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", os.path.join(harness.SOURCE, "data/systemd/centinela.service")],
                capture_output=True, text=True)
            if "unrecognized option" not in done.stderr:  # before systemd 250
                self.assertEqual(done.returncode, 0, done.stdout[-400:] + done.stderr)


if __name__ == "__main__":
    harness.main()
