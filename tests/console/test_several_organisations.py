# SPDX-License-Identifier: Apache-2.0
"""Two organisations in one store, by the real program: what the configuration says of
each, their services side by side, and attempts to reach one through the other."""
import datetime
import hashlib
import hmac
import http.client
import json
import os
import shutil
import socket
import unittest

import harness
import service

CONFIG = """# kept by hand
webex: {client_id: everybody}   # for all
notify: %(shared)s
organisations:
  acme:
    name: Acme S.A.
    webex: {client_id: of-acme}
    sync: {page_size: 700}
    notify: %(acme)s
    api: {listen: "127.0.0.1:0"}
  beta:
    name: Bodegas Ñandú
    notify: %(beta)s
    api: {listen: "127.0.0.1:0"}
"""


class Organisations(unittest.TestCase):
    make_place = harness.Place

    def setUp(self):
        self.place = self.make_place()
        self.addCleanup(self.place.clean)
        self.told = {key: self.place.file("told-%s.jsonl" % key) for key in ("acme", "beta", "shared")}
        routes = {key: self.place.file("notify-%s.yaml" % key, "destinations:\n  log: {kind: file, path: %s}\nroutes:\n  - {to: [log]}\n" % path)
                  for key, path in self.told.items()}
        self.config = self.place.file("centinela.yaml", CONFIG % routes)
        for key in ("acme", "beta"):
            self.of(None, "organisation", "add", key)

    def of(self, key, *words, code=0, env=None):
        ran = self.place.run(*(("--organisation", key) if key else ()), *words, "--config", self.config, "--lang", "en", env=env)
        self.assertEqual(ran.code, code, ran)
        return ran

    def setting(self, key, name):
        return self.of(key, "settings", "list", name, "--json").json()[0]

    def serve(self, key):
        served = service.Service(self.place, "--organisation", key, config=self.config)
        self.addCleanup(served.stop)
        token = self.of(key, "token", "create", "t", "--scope", "admin").out.strip()
        served.tokens["admin"] = token
        harness.wait_for(lambda: served.ask("GET", "/auth/status", scope="admin").status == 200, "the token to be known")
        return served

    def both(self, *words):
        return [self.of(key, *words) for key in ("acme", "beta")]

    def nothing_crosses(self):
        self.of("acme", "alerts", "new", "--title", "Fraud at Acme", "--subject", "Ana Acme", "--severity", "critical")
        self.of("beta", "alerts", "new", "--title", "Fraud at Beta", "--subject", "Bea Beta")
        self.of("beta", "alerts", "new", "--title", "More at Beta", "--subject", "Bob Beta")
        self.of("acme", "alerts", "note", "1", "--note", "only Acme knows")
        self.of("acme", "silences", "add", "--filter", "title~Acme", "--reason", "secret reason", "--for", "1d")
        self.of("acme", "token", "create", "acme-token")
        rules = self.setting("acme", "own_rules")["value"]
        os.makedirs(rules)
        shutil.copy(os.path.join(harness.SOURCE, "data/rules/breakout.yml"), os.path.join(rules, "acme_only.yml"))
        questions = (("alerts", "list", "--all"), ("alerts", "show", "1"), ("audit",), ("silences", "list", "--all"), ("token", "list"), ("people",), ("scores",),
            ("locations",), ("calls",), ("export", "alerts"), ("report",), ("report", "handover"), ("export", "case", "1"), ("notify", "list", "--all"), ("status",),
            ("rules", "check"), ("settings",))
        for words in questions:
            acme, beta = self.both(*words)
            for text in ("Acme", "secret reason", "acme-token", "acme_only"):
                shown = beta.out.replace("organisation=beta", "")
                self.assertNotIn(text, shown, words)
            self.assertNotIn("Beta", acme.out, words)
        # 2 is there in one of them alone.
        for words in (("alerts", "show", "2"), ("alerts", "claim", "2"), ("alerts", "merge", "1", "--to", "2"), ("alerts", "link", "1", "--to", "2"), ("export", "case", "2")):
            self.of("acme", *words, code=1)
        listed = self.of(None, "organisation", "list", "--json").json()
        self.assertEqual([(row["key"], row["name"], row["open"]["critical"], row["open"]["medium"]) for row in listed],
            [("acme", "Acme S.A.", 1, 0), ("beta", "Bodegas Ñandú", 0, 2)])
        self.assertEqual(self.of(None, "alerts", "list", "--all", "--json").json(), [])

    def doors_are_apart(self):
        acme, beta = self.serve("acme"), self.serve("beta")
        one = acme.ask("POST", "/api/v1/alerts/", {"title": "Of Acme"}, scope="admin").json()
        two = beta.ask("POST", "/api/v1/alerts/", {"title": "Of Beta"}, scope="admin").json()
        three = beta.ask("POST", "/api/v1/alerts/", {"title": "More of Beta"}, scope="admin").json()
        self.assertEqual(one["id"], two["id"])
        stranger = {"Authorization": "Bearer " + acme.tokens["admin"]}
        for method, path, body in (("GET", "/api/v1/alerts/", None), ("GET", "/api/v1/alerts/1", None), ("PATCH", "/api/v1/alerts/1", {"status": "resolved"}),
                ("DELETE", "/api/v1/alerts/1", None), ("POST", "/api/v1/alerts/", {"title": "x"}), ("GET", "/metrics", None), ("GET", "/api/v1/cdrs/", None),
                ("POST", "/api/v1/cdrs/sync", {}), ("GET", "/auth/status", None)):
            self.assertEqual(beta.ask(method, path, body, headers=stranger).status, 401, path)
        # Guessed numbers: what is there in the other alone is not there.
        for number in (three["id"], 3, 10 ** 12, -1, "1%2F..%2F2", "../1"):
            answer = acme.ask("GET", "/api/v1/alerts/%s" % number, scope="admin")
            self.assertIn(answer.status, (400, 404), number)
            self.assertNotIn(b"Beta", answer.bytes)
        self.assertNotIn(b"Beta", acme.ask("GET", "/api/v1/alerts/", scope="admin").bytes)
        self.assertEqual(acme.ask("PATCH", "/api/v1/alerts/1", {"status": "resolved", "resolution_notes": "done"}, scope="admin").status, 200)
        self.assertEqual(beta.ask("GET", "/api/v1/alerts/1", scope="admin").json()["status"], "investigating")
        # Both say whose they are.
        self.assertEqual((acme.ask("GET", "/health").json()["organisation"], beta.ask("GET", "/health").json()["organisation"]), ("acme", "beta"))
        for line in acme.ask("GET", "/metrics", scope="admin").bytes.decode().splitlines():
            if not line.startswith("#"):
                self.assertIn('organisation="acme"', line)


class Configuration(Organisations):
    def test_what_is_said_of_one_goes_over_what_is_for_all(self):
        self.assertEqual(self.setting("acme", "webex.client_id")["value"], "of-acme")
        self.assertEqual(self.setting("beta", "webex.client_id")["value"], "everybody")
        self.assertEqual(self.setting(None, "webex.client_id")["value"], "everybody")
        self.assertEqual(self.setting("acme", "sync.page_size")["value"], "700")
        for name in ("webex.token_file", "own_rules", "console.history", "console.reports"):
            values = {self.setting(key, name)["value"] for key in ("acme", "beta", None)}
            self.assertEqual(len(values), 3, name)
        # Who is told, and who may come in, is nobody's but one's own.
        self.of(None, "organisation", "add", "gamma")
        for name in ("notify", "api.listen", "api.socket", "live.listen", "live.url"):
            self.assertEqual(self.setting("gamma", name)["value"], "", name)

    def test_a_change_in_one_is_of_that_one(self):
        self.of("acme", "settings", "set", "sync.page_size", "900")
        self.assertEqual(self.setting("acme", "sync.page_size")["value"], "900")
        self.assertEqual(self.setting("beta", "sync.page_size")["value"], "5000")
        with open(self.config, encoding="utf-8") as file:
            self.assertIn("# kept by hand", file.read())
        own = self.place.file("organisations/acme/centinela.yaml")
        self.assertEqual(os.stat(own).st_mode & 0o777, 0o600)
        # There, nothing is said of others.
        for line in ("organisation: beta\n", "organisations: {beta: {name: x}}\n"):
            with open(own, "w", encoding="utf-8") as file:
                file.write(line)
            self.assertIn(own, self.of("acme", "alerts", code=2).err)
            self.of("beta", "alerts")

    def test_two_with_one_sign_in_are_refused(self):
        token = self.place.file("token.json", "{}")
        os.link(token, self.place.file("other.json"))
        os.makedirs(self.place.file("organisations/beta"))
        self.place.file("organisations/beta/centinela.yaml", "webex: {token_file: %s}\n" % self.place.file("other.json"))
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\norganisations: {acme: {webex: {token_file: %s}}}\n" % token)
        for key in ("acme", "beta"):
            ran = self.of(key, "status", code=2)
            self.assertIn("name the same token file", ran.err)
        self.place.file("organisations/beta/centinela.yaml", "")
        self.of("acme", "alerts")
        # Nor does what is signed for one count with the other; by another name it is the same.
        secret = self.place.file("secret", "of thirty bytes and somewhat more")
        os.link(secret, self.place.file("secret-too"))
        self.place.file("organisations/beta/centinela.yaml", "live: {secret_file: %s}\n" % self.place.file("secret-too"))
        self.of("acme", "alerts")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\norganisations: {acme: {live: {secret_file: %s}}}\n" % secret)
        for key in ("acme", "beta"):
            self.assertIn("have the same webhooks' secret", self.of(key, "status", code=2).err)
        self.place.file("organisations/beta/centinela.yaml", "")
        self.of("acme", "alerts")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\nlive: {secret_file: %s}\n" % self.place.file("secret-too"))
        self.assertIn("secret that is for all", self.of("acme", "status", code=2).err)
        self.of("beta", "alerts")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\norganisations: {acme: {live: {secret_file: %s}}}\n" % self.place.file("secret-of-acme"))
        self.of("acme", "alerts")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\nwebex: {token_file: %s}\n" % token)
        self.assertIn("for all", self.of("acme", "status", code=2).err)

    def test_two_with_one_sign_in_that_changes_lines_are_refused(self):
        token = self.place.file("may-change.json", "{}")
        os.link(token, self.place.file("other-name.json"))
        os.makedirs(self.place.file("organisations/beta"))
        own = self.place.file("organisations/beta/centinela.yaml")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\norganisations: {acme: {webex: {responder_token_file: %s}}}\n" % token)
        # Also where it is the usual one of the other.
        for name in ("responder_token_file", "token_file"):
            with open(own, "w", encoding="utf-8") as file:
                file.write("webex: {%s: %s}\n" % (name, self.place.file("other-name.json")))
            for key in ("acme", "beta"):
                self.assertIn("name the same token file", self.of(key, "status", code=2).err)
        os.remove(own)
        self.of("acme", "alerts")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\nwebex: {responder_token_file: %s}\n" % token)
        self.assertIn("for all", self.of("acme", "status", code=2).err)
        self.of("beta", "alerts")

    def test_what_is_not_understood_is_said_with_its_place(self):
        for text, words in (("organisations: {Acme: {name: x}}", "no key"), ("organisations: [acme]", "organisations are written as"),
                ("organisations: {acme: 5}", "organisations are written as"), ("organisations: {acme: {webx: {client_id: a}}}", "no setting"),
                ("organisations: {acme: {sync: {page_size: many}}}", "whole number"), ("organisations: {acme: {organisation: beta}}", "does not name another"),
                ("organisations: {acme: {organisations: {beta: {}}}}", "no setting"), ("organisations: {../x: {name: x}}", "no key")):
            self.config = self.place.file("bad.yaml", "# first\n" + text + "\n")
            ran = self.of("acme", "alerts", code=2)
            self.assertIn(words, ran.err)
            self.assertIn("bad.yaml:2:", ran.err)

    def test_settings_and_doctor_are_of_one_be_the_file_broken_or_not(self):
        self.assertEqual(self.setting("acme", "sync.page_size")["value"], "700")
        ran = self.of("acme", "doctor", "--offline", "--json")
        self.assertIn("organisations/acme", ran.out)
        self.assertNotIn("organisations/acme", self.of("beta", "doctor", "--offline", "--json").out)
        with open(self.config, encoding="utf-8") as file:
            sound = file.read()
        self.place.file("centinela.yaml", sound + "language: xx\n")
        # What is wrong is said, and the organisation that was named is no wrong word beside it.
        for words in (("settings",), ("settings", "list", "sync.page_size")):
            self.assertRegex(self.of("acme", *words, code=2).err, r"centinela\.yaml:\d+:\d+: language is es or en")
        ran = self.of("acme", "doctor", "--offline", "--json", code=1)
        broken, = [line for line in ran.json()["checks"] if line["status"] == "failed"]
        self.assertIn("language is es or en", json.dumps(broken))
        # It is mended where it stands, and then the organisation's own is written again.
        self.of("acme", "settings", "set", "language", "en")
        self.place.file("centinela.yaml", sound)
        self.of("acme", "settings", "set", "sync.page_size", "900")
        self.assertEqual(self.setting("acme", "sync.page_size")["value"], "900")
        # A word that is no key is refused, also where it mends nothing.
        self.assertIn("no key", self.of("Acme", "settings", code=2).err)

    def test_a_word_the_environment_the_file(self):
        self.of("acme", "alerts", "new", "--title", "Of A", "--subject", "ana")
        env = self.place.environment(CENTINELA_ORGANISATION="acme")
        self.assertIn("Of A", self.of(None, "alerts", env=env).out)
        self.assertNotIn("Of A", self.of("beta", "alerts", env=env).out)
        self.assertNotIn("Of A", self.of(None, "alerts", env=self.place.environment(CENTINELA_ORGANISATION="")).out)
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\norganisation: acme\n")
        self.assertIn("Of A", self.of(None, "alerts").out)
        self.assertNotIn("Of A", self.of(None, "alerts", env=self.place.environment(CENTINELA_ORGANISATION="beta")).out)

    def test_a_key_is_no_path_and_nobody_s_slip_makes_one(self):
        before = sorted(os.listdir(self.place.path))
        for key in ("../acme", "acme/../beta", "/etc/passwd", "acme.db", "Acme", "a" * 32, "", "acme\n", "%2e%2e", "acme#organisation=beta", "all"):
            for words in (("alerts",), ("sync", "--once"), ("token", "create", "t")):
                self.of(key, *words, code=2) if key else self.assertEqual(self.place.run("--organisation=", *words).code, 2, words)
        for words in (("alerts",), ("alerts", "new", "--title", "x", "--subject", "y"), ("token", "create", "t"), ("store", "migrate", "--to", self.place.file("n.db"))):
            self.assertIn("no organisation acmee", self.of("acmee", *words, code=1).err)
        after = [name for name in sorted(os.listdir(self.place.path)) if name not in before and "n.db" not in name]
        self.assertEqual(after, [])


class SideBySide(Organisations):
    """The same numbers in both, everywhere; what is of one stays there."""

    def test_nothing_of_one_is_in_the_other_s_lists(self):
        self.nothing_crosses()

    def test_the_same_records_in_both_are_judged_apart(self):
        folder = self.place.file("days")
        self.place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5", "--epoch", "2026-10-05T00:00:00Z")
        records = os.path.join(folder, "cdrs.jsonl")
        self.of("acme", "import", records)
        before = self.of("acme", "export", "alerts").out
        self.assertEqual(self.of("beta", "calls", "--json").json(), [])
        self.of("beta", "import", records)
        self.assertEqual(self.of("acme", "export", "alerts").out, before)
        calls = [self.of(key, "calls", "--limit", "20", "--json").json() for key in ("acme", "beta")]
        self.assertEqual(calls[0], calls[1])
        # What was seen before, who is usual, what is new: each learnt it from its own alone.
        told = [self.of(key, "export", "alerts").out for key in ("acme", "beta")]
        self.assertEqual(told[0], told[1])
        self.assertEqual(*[self.of(key, "scores", "--json").json() for key in ("acme", "beta")])
        for alert in self.of("beta", "alerts", "--json").json()[:3]:
            self.of("beta", "alerts", "close", alert["id"], "--resolution", "false_positive", "--note", "of beta")
        self.assertEqual(self.of("acme", "export", "alerts").out, before)


    def test_what_one_keeps_quiet_the_other_hears(self):
        folder = self.place.file("days")
        self.place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5", "--epoch", "2026-10-05T00:00:00Z")
        records = os.path.join(folder, "cdrs.jsonl")
        rules = self.setting("acme", "own_rules")["value"]
        os.makedirs(rules)
        self.of("beta", "import", records)
        alerts = self.of("beta", "alerts", "list", "--all", "--json").json()
        self.assertGreater(len(alerts), 0)
        # An overlay of A's rules: what A says of a rule by its id is of A alone.
        for name in os.listdir(os.path.join(harness.SOURCE, "data/rules")):
            if name.endswith(".yml"):
                with open(os.path.join(harness.SOURCE, "data/rules", name), encoding="utf-8") as file:
                    text = file.read().split("\n---\n")[0]
                if "\ncorrelation:" not in text and "\nfilter:" not in text:
                    with open(os.path.join(rules, name), "w", encoding="utf-8") as file:
                        file.write(text.replace("level: high", "level: low").replace("level: critical", "level: low"))
        self.of("acme", "import", records)
        self.assertNotEqual([a["severity"] for a in self.of("acme", "alerts", "list", "--all", "--json").json()], [a["severity"] for a in alerts])
        self.assertEqual(self.of("beta", "alerts", "list", "--all", "--json").json(), alerts)
        self.of("acme", "silences", "add", "--filter", "score >= 0", "--reason", "quiet", "--for", "7d")
        self.assertEqual(self.of("beta", "silences", "list", "--all", "--json").json(), [])


class Webex(Organisations):
    """Each signs in at its own Webex, counts its own requests, and collects beside the other."""

    def test_each_reads_its_own(self):
        sims, lines = {}, ["organisations:"]
        begun = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:00:00Z")
        for key, seed in (("acme", "3"), ("beta", "4")):
            place = harness.Place()
            self.addCleanup(place.clean)
            sims[key] = sim = harness.Simulator(place, "--seed", seed, "--users", "40", "--scenario", "mixed", "--no-rate-limits", "--epoch", begun)
            self.addCleanup(sim.stop)
            lines += ["  %s:" % key, "    webex: {api: \"%s/v1\", cdr_host: \"%s\", client_id: %s, client_secret_file: %s}" % (sim.url, sim.cdr_url[len("https://"):],
                      sim.where["client_id"], place.file("secret", sim.where["client_secret"])),
                      "    network: {ca_file: %s}" % sim.ca, "    sync: {interval: 100ms, page_interval: 10ms, backfill: 2d}"]
        self.config = self.place.file("centinela.yaml", "\n".join(lines) + "\n")
        for key in sims:
            self.of(key, "login")
        tokens = {key: self.setting(key, "webex.token_file")["value"] for key in sims}
        self.assertEqual(len(set(tokens.values())), 2)
        secrets = [open(path, encoding="utf-8").read() for path in tokens.values()]
        self.assertNotEqual(*secrets)
        self.assertEqual([os.stat(path).st_mode & 0o777 for path in tokens.values()], [0o600, 0o600])
        self.assertIn("not signed in", self.of(None, "status").out)
        # Both at once: neither waits for the other's lease.
        running = [self.place.start("--organisation", key, "sync", "--once", "--config", self.config, "--store", self.place.store, stdout=-3, stderr=-3) for key in sims]
        self.assertEqual([process.wait(2 * harness.DEADLINE) for process in running], [0, 0])
        people = {key: {row["name"] for row in self.of(key, "people", "--json").json()} for key in sims}
        records = {key: self.of(key, "export", "legs").out.splitlines() for key in sims}
        for key in sims:
            self.assertGreater(len(records[key]), 50)
            self.assertGreater(len(people[key]), 10)
        # No record of one, byte for byte, is in the other.
        raw = [{record for leg, report, record in harness.stored_records(self.place, self.place.file("test.%s.db" % key))} for key in sims]
        self.assertGreater(min(len(one) for one in raw), 50)
        self.assertEqual(raw[0] & raw[1], set())
        self.assertEqual(self.place.sql("SELECT count(*) FROM legs"), [(0,)])


class Services(Organisations):
    def doors_for_webhooks_are_apart(self):
        """Both services live: each believes what was signed for it, at its own door, alone."""
        ports, secrets = {}, {"acme": "acme's secret, of thirty bytes", "beta": "beta's secret, of thirty bytes"}
        sim = harness.Simulator(self.place, "--users", "20")
        self.addCleanup(sim.stop)
        lines = ["webex: {api: \"%s/v1\", cdr_host: \"%s\"}\nnetwork: {ca_file: %s}\norganisations:" % (sim.url, sim.cdr_url[len("https://"):], sim.ca)]
        for key, secret in secrets.items():
            ports[key] = harness.free_port()
            lines += ["  %s:" % key, "    webex: {client_id: of-%s}" % key, "    api: {listen: \"127.0.0.1:0\"}",
                      "    live: {listen: \"127.0.0.1:%d\", secret_file: %s}" % (ports[key], self.place.file("hook-" + key, secret))]
        self.config = self.place.file("hooks.yaml", "\n".join(lines) + "\n")
        served = {key: self.serve(key) for key in secrets}

        def is_open(door):
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", ports[door])) == 0

        def post(door, signed_for, body, path="/webex"):
            connection = http.client.HTTPConnection("127.0.0.1", ports[door], timeout=harness.DEADLINE)
            connection.request("POST", path, body, {"X-Spark-Signature": hmac.new(secrets[signed_for].encode(), body, hashlib.sha1).hexdigest(),
                "Content-Type": "application/json"})
            status = connection.getresponse().status
            connection.close()
            return status

        def live(key):
            return [one["far_number"] for one in served[key].ask("GET", "/api/v1/calls/live", scope="admin").json()["items"]]
        events = {key: json.dumps({"resource": "telephony_calls", "event": "updated", "data": {"callId": "call-of-" + key, "eventType": "answered",
            "state": "connected", "personality": "originator", "remoteParty": {"number": number, "callType": "external"}}}).encode()
            for key, number in (("acme", "+37125550111"), ("beta", "+37125550222"))}
        for door, stranger in (("acme", "beta"), ("beta", "acme")):
            harness.wait_for(lambda: is_open(door), "the door of " + door, also=served[door].said)
            for path in ("/webex", "/webex/" + stranger, "/webex?organisation=" + stranger, "/organisations/" + stranger):
                self.assertEqual(post(door, stranger, events[stranger], path), 403, path)
            self.assertEqual(live(door), [])
        for key in secrets:
            self.assertEqual(post(key, key, events[key]), 204)
        self.assertEqual((live("acme"), live("beta")), (["+37125550111"], ["+37125550222"]))
        # The same bytes, captured on their way, at the other's door.
        for door, stranger in (("acme", "beta"), ("beta", "acme")):
            self.assertEqual(post(door, stranger, events[stranger]), 403)
        self.assertEqual((live("acme"), live("beta")), (["+37125550111"], ["+37125550222"]))
        self.assertEqual([one.stop() for one in served.values()], [0, 0])

    def test_an_event_signed_for_one_never_reaches_the_other(self):
        self.doors_for_webhooks_are_apart()

    def test_a_token_of_one_opens_no_other_door(self):
        self.doors_are_apart()

    def test_who_is_told_of_one_hears_nothing_of_the_other(self):
        acme, beta = self.serve("acme"), self.serve("beta")
        acme.ask("POST", "/api/v1/alerts/", {"title": "Of Acme"}, scope="admin")
        beta.ask("POST", "/api/v1/alerts/", {"title": "Of Beta"}, scope="admin")

        def said(key):
            try:
                with open(self.told[key], encoding="utf-8") as file:
                    return file.read()
            except FileNotFoundError:
                return ""
        harness.wait_for(lambda: "Of Acme" in said("acme") and "Of Beta" in said("beta"), "both to be told", also=lambda: acme.said() + beta.said())
        self.assertEqual((acme.stop(), beta.stop()), (0, 0))
        self.assertNotIn("Beta", said("acme"))
        self.assertNotIn("Acme", said("beta"))
        self.assertEqual(said("shared"), "")

    def test_a_reload_stays_with_its_organisation(self):
        acme = self.serve("acme")
        self.of("acme", "alerts", "new", "--title", "Of Acme", "--subject", "ana")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("---\norganisations: {acme: {mask: yes}}\n")
        os.kill(acme.process.pid, 1)
        harness.wait_for(lambda: "mask" in acme.said(), "the reason why it goes on as it was")
        self.assertEqual(acme.ask("GET", "/health").json()["organisation"], "acme")


@unittest.skipUnless(harness.have("tmux"), "no tmux")
class Consoles(Organisations):
    def console(self, *words, cols=120, rows=36):
        tmux = harness.Tmux(self.place, "'%s' console --config '%s' --store '%s' --lang en %s 2>'%s'" % (
            harness.PROGRAM, self.config, self.place.store, " ".join(words), self.place.file("console.err")), cols, rows)
        self.addCleanup(tmux.kill)
        return tmux

    def raise_some(self):
        self.of("acme", "alerts", "new", "--title", "Fraud at Acme", "--subject", "Ana Acme", "--severity", "critical")
        self.of("beta", "alerts", "new", "--title", "First at Beta", "--subject", "Bea Beta", "--severity", "low")
        self.of("beta", "alerts", "new", "--title", "Fraud at Beta", "--subject", "Bob Beta", "--severity", "high")

    def test_it_says_whose_screen_it_is_and_goes_to_another(self):
        self.raise_some()
        tmux = self.console("--organisation", "acme")
        tmux.wait(r"CENTINELA +Acme S\.A\.")
        pid = tmux.pid()
        tmux.keys("M-o")
        tmux.wait(r"Organisations", r"Acme S\.A\. +▲1", r"Bodegas Ñandú +◆1 ○1", r"Fraud at Beta", r"Fraud at Acme")
        tmux.keys("j")
        tmux.keys("j")
        tmux.wait(r"▸Bodegas Ñandú +◆ #2|▸Acme S\.A\. +▲ #1")
        if "▸Acme" in tmux.screen():
            tmux.keys("j")
        tmux.wait(r"▸Bodegas Ñandú +◆ #2")
        tmux.keys("Enter")
        tmux.wait(r"CENTINELA +Bodegas Ñandú", r"#2", r"Fraud at Beta")
        self.assertEqual(tmux.pid(), pid)  # the same process, begun anew
        self.assertNotIn("Acme", tmux.screen())
        tmux.keys("n")
        tmux.wait("note")
        tmux.type("seen in beta")
        tmux.keys("Enter")
        harness.wait_for(lambda: "seen in beta" in self.of("beta", "audit").out, "the note")
        self.assertNotIn("seen in beta", self.of("acme", "audit").out)

    def test_where_there_is_little_room_it_says_so_all_the_same(self):
        tmux = self.console("--organisation", "beta", cols=80, rows=24)
        tmux.wait(r"^ Bodegas Ñandú ")

    def test_all_of_them_side_by_side(self):
        self.raise_some()
        tmux = self.console("--organisation", "all")
        tmux.wait(r"all organisations", r"READ ONLY", r"Acme S\.A\. +▲1", r"Bodegas Ñandú +◆1 ○1")
        # One that went meanwhile is said, and nothing ends.
        os.unlink(self.place.file("test.beta.db"))
        tmux.keys("j")
        tmux.wait(r"▸Bodegas")
        tmux.keys("Enter")
        tmux.wait(r"no organisation beta", r"Enter goes back")
        tmux.keys("Enter")
        tmux.wait(r"all organisations", r"Acme S\.A\. +▲1")
        tmux.keys("Enter")
        tmux.wait(r"CENTINELA +Acme S\.A\.")
        self.assertNotIn("READ ONLY", tmux.screen())


if __name__ == "__main__":
    harness.main()
