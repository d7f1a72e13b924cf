# SPDX-License-Identifier: Apache-2.0
"""The command line as scripts rely on it: exit statuses, sentences, JSON."""
import collections
import csv
import datetime
import gzip
import io
import json
import os
import re
import sqlite3
import stat
import subprocess
import unittest
import zipfile

import harness

COMMANDS = ["console", "demo", "sim", "login", "logout", "status", "sync", "import", "alerts", "calls",
            "scores", "locations", "people", "rules", "audit"]
ISO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
MEMBERS = ["id", "rule", "title", "severity", "score", "state", "resolution", "subject", "location",
           "first_time", "last_time", "raised_time", "count", "report_ids", "reasons", "cost", "assignee", "notes"]


def leg_line(**fields):
    """A record with what none may lack; the rest as given."""
    record = {"Start time": "2026-03-02T15:00:00.000Z", "Report time": "2026-03-02T15:01:00.000Z",
              "Report ID": "11111111-2222-4333-8444-555555555555", "Duration": 10, "Direction": "ORIGINATING",
              "Correlation ID": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "Answered": "true"}
    record.update({k.replace("_", " "): v for k, v in fields.items()})
    return json.dumps(record)


class Words(unittest.TestCase):
    """Words that are understood, and words that are not."""

    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()

    def test_help_lists_every_command(self):
        ran = self.place.run("--help")
        self.assertEqual((ran.code, ran.err), (0, ""))
        for name in COMMANDS:
            self.assertRegex(ran.out, r"(?m)^  %s +\S" % name)

    def test_help_on_every_command(self):
        for name in COMMANDS:
            ran = self.place.run(name, "--help", store=False)
            self.assertEqual((ran.code, ran.err), (0, ""), ran)
            self.assertTrue(ran.out.startswith("centinela %s" % name), ran)
        self.assertFalse(os.path.exists(self.place.store), "--help made a store")

    def test_help_settings_names_every_setting(self):
        ran = self.place.run("help", "settings", store=False)
        self.assertEqual(ran.code, 0)
        for key in ("store", "webex.client_id", "network.ca_file", "sync.backfill", "console.theme"):
            self.assertRegex(ran.out, r"(?m)^%s +\S" % re.escape(key))

    @unittest.skipUnless(os.path.exists(harness.SOURCE + "/data/po/es.po"), "no Spanish catalogue")
    def test_help_is_spanish_when_asked(self):
        here, there = (self.place.run("--help", "--lang", lang, store=False).out for lang in ("en", "es"))
        self.assertIn("usage: centinela", here)
        self.assertIn("uso: centinela", there)

    def test_version(self):
        self.assertRegex(self.place.run("--version", store=False).out, r"^centinela \d+\.\d+\.\d+\n$")

    def test_unknown_command(self):
        harness.is_sentence(self, self.place.run("alertas", store=False), 2)

    def test_unknown_words_are_refused(self):
        for words in (["status", "now"], ["status", "--verbose"], ["alerts", "list", "--state"],
                      ["alerts", "frobnicate"], ["calls", "show"], ["calls", "delete", "1"],
                      ["calls", "--limit", "many"], ["scores", "--limit", "0"], ["rules", "burn"],
                      ["sim", "--frobnicate"], ["sim", "--faults", "gremlins"], ["import"], ["login", "--retina"],
                      ["login", "--browser", "--paste"], ["sync"], ["demo", "--speed", "warp"],
                      ["alerts", "close", "1", "--resolution", "boring"], ["alerts", "claim", "one"],
                      ["alerts", "snooze", "1", "--for", "ever"], ["alerts", "claim"]):
            with self.subTest(words=words):
                harness.is_sentence(self, self.place.run(*words), 2)

    def test_an_unknown_theme_or_language_names_those_there_are(self):
        for command in ("console", "demo"):
            ran = self.place.run(command, "--theme", "nope", store=False)
            self.assertEqual(ran.code, 2, ran)
            self.assertRegex(ran.err, r'no theme "nope"; there are: .*davivienda, .*high_contrast')
        path = self.place.file("french.yaml", "language: fr\n")
        for words, where in ((["--lang", "fr"], ""), (["--lang", "english"], ""), (["--config", path], path + ":1:1: ")):
            ran = self.place.run("help", "settings", *words, store=False)
            self.assertEqual((ran.code, ran.out), (2, ""), ran)
            self.assertIn(where + "language is es or en", ran.err)
        self.assertEqual(self.place.run("help", "settings", "--lang", "es_CO.UTF-8", store=False).code, 0)

    def test_an_unknown_scenario_names_those_there_are(self):
        for words in (["demo", "--scenario", "nada"], ["sim", "--export", self.place.file("none"), "--scenario", "nada"]):
            ran = self.place.run(*words, store=False)
            self.assertEqual(ran.code, 1, ran)
            self.assertRegex(ran.err, r'there is no scenario "nada"; there are: breakout, .*wangiri\n$')
            self.assertNotIn("/scenarios/", ran.err)

    @unittest.skipUnless(os.path.exists(harness.SOURCE + "/data/po/es.po"), "no Spanish catalogue")
    def test_what_goes_wrong_is_said_in_spanish_when_asked(self):
        place = harness.Place()
        bad = place.file("bad.jsonl", leg_line() + "\n" + leg_line(Start_time="soon") + "\n[1\n")
        ran = place.run("import", bad, "--lang", "es")
        self.assertRegex(ran.err, r'Start time "soon" no es una hora')
        unread = place.file("unread.yaml", "consol:\n  mouse: true\n")
        late = place.file("late.yaml", "language: es\nsync:\n  interval: soon\n")
        nobody = place.file("nobody.yaml", "organisation: ../../etc\nlanguage: es\n")
        for words, said in ((["alerts", "show", "99999", "--lang", "es"], "no hay alerta 99999"),
                            (["alerts", "--limit", "0", "--lang", "es"], "--limit es un número"),
                            (["calls", "--limit", "0", "--lang", "es"], "--limit es un número"),
                            (["alerts", "close", "1", "--resolution", "x", "--lang", "es"], "--resolution es "),
                            (["alerts", "new", "--title", "x", "--subject", "+1", "--severity", "x", "--lang", "es"], "--severity es "),
                            (["status", "--verbose", "--lang", "es"], "no se entiende aquí"),
                            (["status", "--config", unread, "--lang", "es"], "no hay ajuste"),
                            (["status", "--config", late], "es una duración"),
                            (["status", "--config", nobody], "no es clave de una organización"),
                            (["alerts", "--store", place.file("none.db"), "--lang", "es"], "todavía no hay base")):
            with self.subTest(words=words):
                ran = place.run(*words, store="--store" not in words)
                self.assertNotEqual(ran.code, 0)
                self.assertIn(said, ran.err)

    def test_what_is_wrong_is_named(self):
        section = self.place.file("section.yaml", "consol:\n  mouse: true\n")
        for words, said in ((["status", "--config", section], 'no setting "consol"; is "console" meant'),
                            (["alerts", "--filter", "--lang", "es"], '"--filter" no se entiende aquí (o le falta su valor)'),
                            (["alerts", "tag", "150", "fra ude"], '"fra ude" is neither the number of an alert nor +TAG'),
                            (["alerts", "snooze", "150", "--reason", "x", "--note", "y"], "--reason is --note by another name")):
            with self.subTest(words=words):
                ran = self.place.run(*words, store=False)
                self.assertEqual(ran.code, 2, ran)
                self.assertIn(said, ran.err)

    def test_escapes_in_words_are_not_sent_back(self):
        ran = self.place.run("status", "\x1b]0;owned\x07\u202e", store=False)
        harness.is_sentence(self, ran, 2)
        self.assertNotRegex(ran.err, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")

    def test_unwritable_output_is_no_success(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE,
                env=self.place.environment())
        self.assertEqual(done.returncode, 1, done.stderr)


class Configuration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()

    def refused(self, text, sentence):
        path = self.place.file("bad.yaml", text)
        for ran in (self.place.run("status", "--config", path),
                    self.place.run("status", env=self.place.environment(CENTINELA_CONFIG=path))):
            self.assertIn(ran.code, (1, 2), ran)
            self.assertEqual(len(ran.err.strip().split("\n")), 1, ran)
            self.assertRegex(ran.err, re.escape(path) + sentence)

    def test_unknown_setting_names_line_column_and_the_nearest(self):
        self.refused("language: en\nwebex:\n  cliet_id: x\n", r":3:3: .*webex\.cliet_id.*webex\.client_id")

    def test_wrong_kind_names_line_and_column(self):
        self.refused("sync:\n  interval: soon\n", r":2:3: .*sync\.interval")
        self.refused("console:\n  mouse: perhaps\n", r":2:3: .*console\.mouse")
        self.refused("sync:\n  page_size: [1, 2]\n", r":2:3: .*sync\.page_size")
        self.refused("store: {}\n", r":1:1: .*store is one value, not a map")
        self.refused("sync:\n  interval: {}\n", r":2:3: .*sync\.interval is one value")
        self.refused("synk: {}\n", r":1:1: .*no setting .*synk")

    def test_broken_yaml_names_line_and_column(self):
        self.refused("sync: [1\n", r":\d+:\d+: ")
        self.refused("just words\n", r":1:1: ")

    def test_a_file_that_others_may_write_is_not_read(self):
        path = self.place.file("shared.yaml", "language: en\n")
        for mode, code in ((0o666, 1), (0o620, 1), (0o602, 1), (0o644, 0), (0o600, 0)):
            os.chmod(path, mode)
            ran = self.place.run("help", "settings", "--config", path, store=False)
            self.assertEqual(ran.code, code, ran)
            if code != 0:
                self.assertIn("chmod go-w '%s'" % path, ran.err)

    def test_a_typed_store_in_no_folder_is_told_and_nothing_is_made(self):
        nowhere = self.place.file("nowhere")
        for words in (["console"], [], ["import", "-"], ["alerts", "list"], ["sync", "--once"]):
            ran = self.place.run(*words, "--store", nowhere + "/x.db", stdin=leg_line().encode())
            harness.is_sentence(self, ran, 2)
            self.assertIn("no folder " + nowhere, ran.err)
            self.assertFalse(os.path.exists(nowhere))

    def test_missing_file_is_told(self):
        harness.is_sentence(self, self.place.run("status", "--config", self.place.file("absent.yaml")), 1)

    def test_good_file_by_flag_and_by_environment(self):
        store = self.place.file("elsewhere.db")
        path = self.place.file("good.yaml", "# ours\nlanguage: es\nstore: %s\n" % store)
        for words, env in ((["--config", path], None), ([], self.place.environment(CENTINELA_CONFIG=path))):
            ran = self.place.run("import", "-", *words, env=env, store=False, stdin=leg_line().encode())
            self.assertEqual(ran.code, 0, ran)
            self.assertTrue(os.path.exists(store))
            self.assertEqual(stat.S_IMODE(os.stat(store).st_mode), 0o600)
            os.unlink(store)


class Secrets(unittest.TestCase):
    """Tokens stay where they are."""

    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()
        cls.sim = harness.Simulator(cls.place, "--users", "20", "--scenario", "quiet_day")
        cls.config = cls.sim.config()
        cls.login = cls.place.run("login", "--config", cls.config)

    @classmethod
    def tearDownClass(cls):
        assert cls.sim.stop() == 0

    def test_login_keeps_tokens_to_itself(self):
        self.assertEqual(self.login.code, 0, self.login)
        path = self.place.file("token.json")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path) as f:
            token = json.load(f)
        secrets = [v for k, v in token.items() if isinstance(v, str) and "token" in k and len(v) > 16]
        self.assertGreaterEqual(len(secrets), 2, "no tokens in the token file?")
        secrets.append(self.sim.where["client_secret"])
        said = self.login.out + self.login.err
        for ran in (self.place.run("status", "--config", self.config),
                    self.place.run("status", "--json", "--config", self.config)):
            self.assertEqual(ran.code, 0, ran)
            said += ran.out + ran.err
        for secret in secrets:
            self.assertNotIn(secret, said)

    def test_status_tells_both_lives(self):
        status = self.place.run("status", "--json", "--config", self.config).json()
        self.assertIs(status["signed_in"], True)
        for key in ("access_expires", "refresh_expires"):
            self.assertRegex(status[key], ISO)

    def test_token_file_others_may_read_is_refused(self):
        with open(self.place.file("token.json"), "rb") as f:
            open_file = self.place.file("open.json", f.read(), mode=0o640)
        config = self.sim.config("open.yaml", webex={"token_file": open_file})
        for words in (["status"], ["sync", "--once"]):
            ran = self.place.run(*words, "--config", config)
            self.assertEqual(ran.code, 1, ran)
            self.assertRegex(ran.err, r"chmod (600|go-rwx|g-rwx,o-rwx|0600) '?%s" % re.escape(open_file))

    def test_a_sync_that_cannot_begin_ends_with_the_reason(self):
        config = self.sim.config("nohost.yaml", webex={"cdr_host": '"no/host"'})
        ran = self.place.run("sync", "--once", "--config", config, timeout=harness.DEADLINE)
        self.assertEqual(ran.code, 2, ran)
        self.assertIn("a CDR host is a name", ran.err)

    def test_secret_in_the_configuration_is_refused(self):
        path = self.place.file("loud.yaml", "webex:\n  client_secret: hunter2hunter2\n")
        ran = self.place.run("status", "--config", path)
        self.assertEqual(ran.code, 2, ran)
        self.assertNotIn("hunter2", ran.out + ran.err)

    def test_logout_forgets(self):
        place = harness.Place()
        token = place.file("token.json", open(self.place.file("token.json"), "rb").read())
        config = self.sim.config("leave.yaml", webex={"token_file": token})
        self.assertEqual(place.run("logout", "--config", config).code, 0)
        self.assertFalse(os.path.exists(token))
        self.assertIs(place.run("status", "--json", "--config", config).json()["signed_in"], False)


class Import(unittest.TestCase):
    def setUp(self):
        self.place = harness.Place()

    def tearDown(self):
        self.place.clean()

    def counts(self, *words, code=0, **more):
        ran = self.place.run("import", *words, "--json", **more)
        self.assertEqual(ran.code, code, ran)
        self.err = ran.err
        return ran.json()

    def check(self, counts, records, new, seen=0, rejected=0):
        self.assertEqual([counts[k] for k in ("records", "new", "seen", "rejected")],
            [records, new, seen, rejected], counts)

    def test_empty(self):
        self.check(self.counts(self.place.file("empty", "")), 0, 0)
        self.check(self.counts("-", stdin=b""), 0, 0)
        self.check(self.counts(self.place.file("page.json", '{"items":[]}')), 0, 0)

    def test_absent_file_is_told_once(self):
        ran = self.place.run("import", "/nonexistent/cdrs.jsonl")
        harness.is_sentence(self, ran, 1)
        self.assertEqual(ran.err.count("/nonexistent/cdrs.jsonl"), 1, ran)

    def test_garbage_is_no_success(self):
        for i, garbage in enumerate((b"this is not a call record\n", b"\x00\xff\xfe" * 500, b"[[[[[[" * 1000,
                                     b'{"items":{"0":[]}}', b'"', b"PK\x03\x04rest", b"\x1f\x8bxx", b"(\xb5/\xfdxx")):
            with self.subTest(garbage=garbage[:20]):
                ran = self.place.run("import", self.place.file("garbage-%d" % i, garbage))
                self.assertEqual(ran.code, 1, ran)
                self.assertIn("garbage-%d" % i, ran.err)
                self.assertNotRegex(ran.err, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")

    def test_bad_records_are_named_and_the_rest_is_kept(self):
        path = self.place.file("mixed.jsonl", "\n".join([
            leg_line(), "{}", leg_line(Report_ID="21111111-2222-4333-8444-555555555555", Start_time="yesterday"),
            "no json", leg_line(Report_ID="31111111-2222-4333-8444-555555555555")]) + "\n")
        self.check(self.counts(path), 5 - 3, 2, rejected=3)
        for line in (2, 3, 4):
            self.assertRegex(self.err, r"(?m)^%s:%d: \S" % (re.escape(path), line))

    def test_same_through_every_wrapping(self):
        lines = [leg_line(Report_ID="%08d-2222-4333-8444-555555555555" % i, User="Señora %d" % i,
                          Start_time="2026-03-02T15:%02d:00.000Z" % i) for i in range(30)]
        plain = ("\n".join(lines) + "\n").encode()
        page = ('{"items":[' + ",".join(lines) + "]}").encode()
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("report.jsonl", plain)
        table = io.StringIO()
        keys = list(json.loads(lines[0]))
        writer = csv.DictWriter(table, keys, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(map(json.loads, lines))
        csv_bytes = b"\xef\xbb\xbf" + table.getvalue().encode()
        csv_zipped = io.BytesIO()
        with zipfile.ZipFile(csv_zipped, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("Detailed_Call_History.csv", csv_bytes)
        forms = {"plain.jsonl": plain, "page.json": page, "x.jsonl.gz": gzip.compress(plain),
                 "page.json.gz": gzip.compress(page), "x.zip": zipped.getvalue(), "table.csv": csv_bytes,
                 "table.csv.gz": gzip.compress(csv_bytes), "table.zip": csv_zipped.getvalue()}
        if harness.have("zstd"):
            forms["x.jsonl.zst"] = subprocess.run(["zstd", "-q", "-c"], input=plain, capture_output=True).stdout
        self.check(self.counts("-", stdin=plain), 30, 30)
        for name, data in forms.items():
            with self.subTest(name=name):
                self.check(self.counts(self.place.file(name, data)), 30, 0, seen=30)
        self.check(self.counts("-", stdin=forms["x.zip"][:0] + gzip.compress(plain)), 30, 0, seen=30)
        self.assertEqual(self.place.sql("SELECT count(*) FROM legs"), [(30,)])

    def test_a_start_does_not_load_what_only_the_network_needs(self):
        """libcurl and libmicrohttpd bring thirty libraries along: half of the time to a first frame."""
        linked = subprocess.run(["ldd", harness.PROGRAM], capture_output=True, text=True).stdout
        self.assertIn("libsqlite3", linked)
        for library in ("libcurl", "libmicrohttpd", "libgnutls"):
            self.assertNotIn(library, linked)

    def test_what_is_no_character_reaches_no_terminal(self):
        """Names of many combining marks are cut between characters; a lone 0x9B, which opens a
        sequence on a terminal of eight bits, is not exported."""
        line = leg_line(Report_ID="%08d-2222-4333-8444-555555555555" % 7, User="NAME", Start_time="2026-03-02T15:01:00.000Z").encode()
        marks, control = "xx" + 120 * "\u0301", b"a\x9b31mb"
        plain = line.replace(b"NAME", marks.encode()) + b"\n" + line.replace(b"NAME", control).replace(b"0007-", b"0008-") + b"\n"
        self.check(self.counts("-", stdin=plain), 2, 2)
        for words in (["calls"], ["export", "legs"], ["export", "calls", "--format", "csv"]):
            self.place.run(*words).bytes.decode("utf-8")
        self.assertIn(b"a?31mb", self.place.run("export", "legs").bytes)

    def test_wrapping_alone_is_enough(self):
        """Each form into a store of its own: new there, and the same in all."""
        lines = [leg_line(Report_ID="%08d-2222-4333-8444-555555555555" % i, User="Señora %d" % i,
                          Start_time="2026-03-02T15:%02d:00.000Z" % i) for i in range(5)]
        keys = list(json.loads(lines[0]))
        table = io.StringIO()
        writer = csv.DictWriter(table, keys, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(map(json.loads, lines))
        seen = []
        for name, data in (("a.jsonl", "\n".join(lines)), ("b.csv", table.getvalue()),
                           ("c.csv", "\ufeff" + table.getvalue())):
            store = self.place.file(name + ".db")
            self.check(self.counts(self.place.file(name, data), "--store", store), 5, 5)
            calls = self.place.run("calls", "--json", "--store", store).json()
            for call in calls:
                del call["id"], call["journey_id"]
            seen.append(calls)
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])


class Sample(unittest.TestCase):
    """A real page: what comes out is what went in."""

    @classmethod
    def setUpClass(cls):
        cls.path = os.path.join(harness.SHARED, "samples", "cdr_feed_page.json")
        if not os.path.exists(cls.path):
            raise unittest.SkipTest("no sample page beside this checkout")
        cls.place = harness.Place()
        with open(cls.path) as f:
            cls.items = json.load(f)["items"]
        cls.first = cls.place.run("import", cls.path, "--json").json()
        cls.again = cls.place.run("import", cls.path, "--json").json()
        cls.legs = harness.stored_records(cls.place)
        cls.calls = cls.place.run("calls", "--json", "--limit", "100000").json()

    def test_721_legs_and_again_not_one_more(self):
        self.assertEqual((self.first["new"], self.first["rejected"]), (721, 0))
        self.assertEqual((self.again["new"], self.again["seen"], self.again["rejected"]), (0, 721, 0))
        self.assertEqual(self.place.sql("SELECT count(*), count(DISTINCT report_id) FROM legs"), [(721, 721)])

    def test_totals_are_those_of_the_page(self):
        by_word = """SELECT coalesce(w.text, ''), count(*), sum(duration_s) FROM legs l
            LEFT JOIN words w ON w.id = l.%s GROUP BY 1"""
        for column, field in (("location_id", "Location"), ("call_type_id", "Call type"),
                              ("client_type_id", "Client type"), ("outcome_id", "Call outcome")):
            want = collections.defaultdict(lambda: [0, 0])
            for item in self.items:
                value = item.get(field, "")
                want["" if value in ("NA", "na") else value][0] += 1
                want["" if value in ("NA", "na") else value][1] += item["Duration"]
            have = {name: [n, s] for name, n, s in self.place.sql(by_word % column)}
            self.assertEqual(have, dict(want), field)
        directions = collections.Counter(item["Direction"] for item in self.items)
        records = [json.loads(raw) for _, _, raw in self.legs]
        self.assertEqual(collections.Counter(r["Direction"] for r in records), directions)

    def test_calls_and_hours_count_each_call_once(self):
        correlations = {item["Correlation ID"] for item in self.items}
        self.assertEqual({c["correlation_id"] for c in self.calls}, correlations)
        self.assertEqual(len(self.calls), len(correlations))
        self.assertEqual(sum(c["legs"] for c in self.calls), 721)
        self.assertEqual(self.place.sql("SELECT sum(n_calls), sum(talk_s) FROM hours"),
            [(len(correlations), sum(c["talk_s"] for c in self.calls))])

    def test_every_field_of_every_record_comes_back(self):
        self.assertEqual({report: json.loads(raw) for _, report, raw in self.legs},
            {item["Report ID"]: item for item in self.items})

    def test_calls_show_gives_the_records(self):
        original = {item["Report ID"]: item for item in self.items}
        ids = sorted((c["id"] for c in self.calls), key=lambda i: int(i) * 2654435761 % 1009)
        for call in ids[:25]:
            shown = self.place.run("calls", "show", call, "--json").json()
            self.assertTrue(shown["records"])
            for leg in shown["records"]:
                self.assertEqual(leg["record"], original[leg["report_id"]])
                self.assertRegex(leg["start_time"], ISO)
                self.assertEqual(leg["record"]["Correlation ID"], shown["correlation_id"])


class Queue(unittest.TestCase):
    """The alerts of some simulated days, and everything the queue does."""

    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()
        folder = cls.place.file("days")
        assert cls.place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5").code == 0
        cls.records = {}
        with open(folder + "/cdrs.jsonl") as f:
            for line in f:
                record = json.loads(line)
                cls.records[record["Report ID"]] = record
        cls.done = cls.place.run("import", folder + "/cdrs.jsonl", "--json").json()
        cls.alerts = cls.place.run("alerts", "list", "--json").json()

    def one(self, id_):
        return self.place.run("alerts", "show", id_, "--json").json()

    def act(self, *words, code=0):
        ran = self.place.run("alerts", *words)
        self.assertEqual(ran.code, code, ran)
        return ran

    def fresh(self):
        """An alert no test has touched."""
        Queue.taken = getattr(Queue, "taken", -1) + 1
        return self.alerts[Queue.taken]["id"]

    def test_alerts_have_every_member(self):
        self.assertGreater(len(self.alerts), 10)
        self.assertEqual(self.done["alerts_raised"], len(self.alerts))
        for a in self.alerts:
            for member in MEMBERS:
                self.assertIn(member, a)
            self.assertIn(a["severity"], ("low", "medium", "high", "critical"))
            self.assertIn(a["state"], ("new", "in_progress", "snoozed", "closed"))
            self.assertTrue(0 <= a["score"] <= 100)
            self.assertEqual(set(a["subject"]), {"kind", "id", "name"})
            self.assertEqual(set(a["cost"]), {"amount", "currency", "per_hour", "estimate"})
            self.assertIs(a["cost"]["estimate"], True)
            self.assertTrue(a["title"])
            self.assertTrue(a["reasons"])
            for reason in a["reasons"]:
                self.assertEqual(set(reason), {"fact", "value", "expected", "points", "text"})
                self.assertTrue(reason["text"])
            for key in ("first_time", "last_time", "raised_time"):
                self.assertRegex(a[key], ISO)
            self.assertLessEqual(a["first_time"], a["last_time"])
            self.assertGreater(a["count"], 0)

    def test_report_ids_are_records_and_raised_time_is_of_one(self):
        for a in self.alerts:
            self.assertTrue(a["report_ids"])
            self.assertEqual(len(set(a["report_ids"])), len(a["report_ids"]))
            self.assertLessEqual(set(a["report_ids"]), set(self.records))
            self.assertIn(a["raised_time"], {r["Report time"] for r in self.records.values()})

    def test_plain_list_has_one_line_an_alert(self):
        ran = self.place.run("alerts", "list")
        self.assertEqual(ran.code, 0)
        self.assertEqual(len(ran.out.strip().split("\n")), len(self.alerts))
        ran.bytes.decode("utf-8")  # no sign is cut in two

    def test_spanish_titles(self):
        spanish = self.place.run("alerts", "list", "--json", "--lang", "es").json()
        self.assertEqual([a["id"] for a in spanish], [a["id"] for a in self.alerts])
        self.assertTrue(all(s["title"] != e["title"] for s, e in zip(spanish, self.alerts)))

    def test_filter_language(self):
        critical = self.place.run("alerts", "list", "--json", "--filter", "severity = critical").json()
        self.assertEqual({a["id"] for a in critical}, {a["id"] for a in self.alerts if a["severity"] == "critical"})
        self.assertTrue(0 < len(critical) < len(self.alerts))
        harness.is_sentence(self, self.place.run("alerts", "list", "--filter", "severity ="), 2)
        # A flag says of itself that it is true.
        both = [self.place.run("calls", "--json", "--filter", f).json() for f in ("answered and duration > 60", "answered = true and duration > 60")]
        self.assertTrue(both[0] and both[0] == both[1])
        self.assertEqual(self.place.run("calls", "--json", "--filter", "not answered and answered").json(), [])
        spanish = self.place.run("calls", "--lang", "es", "--filter", "nosuch = 1")
        self.assertIn("no existe el campo nosuch", spanish.err)
        harness.is_sentence(self, self.place.run("calls", "--filter", "nosuch = 1"), 2)
        for mean in ("(" * 100000, "not " * 400, "x " * 900, "\"ana", "ana\udcff", "\x1b[31m", "legs = " + "9" * 400, "@" * 300, "[" * 900):
            for words in (["calls"], ["alerts", "list"], ["scores"], ["export", "calls"]):
                harness.is_sentence(self, self.place.run(*words, "--filter", mean), 2)

    def test_several_are_shown_one_after_another(self):
        ids = [str(a["id"]) for a in self.alerts[:2]]
        text = self.place.run("alerts", "show", *ids).out
        self.assertEqual(re.findall(r"(?m)^#(\d+)  ", text), ids)
        both, one = (self.place.run("alerts", "show", *these, "--json").json() for these in (ids, ids[:1]))
        self.assertEqual(both[0], one)
        harness.is_sentence(self, self.place.run("alerts", "show", ids[0], "99999"), 1)
        harness.is_sentence(self, self.place.run("alerts", "show", ids[0], "x"), 2)

    def test_alerts_come_in_the_order_that_is_asked_for(self):
        rank = {"new": 0, "in_progress": 0, "snoozed": 1, "closed": 2}
        minutes = {"new": {"critical": 5, "high": 30, "medium": 120, "low": 480}, "in_progress": {"critical": 240, "high": 480, "medium": 1440, "low": 4320}}

        def seconds(text):
            return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()

        def due(alert):
            if alert["state"] == "snoozed":
                return seconds(alert["snoozed_until"])
            return 0 if alert["state"] == "closed" else seconds(alert["raised_time"]) + 60 * minutes[alert["state"]][alert["severity"]]

        keys = {"sla": due, "score": lambda a: -a["score"], "time": lambda a: -seconds(a["raised_time"]), "owner": lambda a: a["assignee"] or ""}
        for order, key in keys.items():
            for more in ([], ["--all"]):
                alerts = self.place.run("alerts", "--json", "--sort", order, *more).json()
                self.assertGreater(len(alerts), 10)
                places = [(rank[a["state"]], key(a)) for a in alerts]
                self.assertEqual(places, sorted(places), order)
        ids = [a["id"] for a in self.place.run("alerts", "list", "--json", "--sort", "sla").json()]
        self.assertNotEqual(ids, [a["id"] for a in self.place.run("alerts", "list", "--json").json()])
        self.assertEqual([int(i) for i in re.findall(r"(?m)^#(\d+) ", self.place.run("alerts", "--sort", "sla", "--limit", "5").out)], ids[:5])
        ran = self.place.run("alerts", "--sort", "colour")
        harness.is_sentence(self, ran, 2)
        self.assertIn("--sort is one of: severity, time, sla, score, who, what, site, hits, cost, state, owner", ran.err)

    def test_a_table_has_headings_on_a_terminal_alone(self):
        for words, heading in ((["alerts"], r"alert +level +pts +time"), (["locations"], r"site +calls +today +cost today"),
                               (["scores"], r"pts +who +site"), (["calls", "--limit", "3"], r"call +time +way +talk +person +number"),
                               (["people"], r"name +ext\. +number")):
            with self.subTest(words=words):
                self.assertNotRegex(self.place.run(*words, "--lang", "en").out, heading)
                terminal = harness.Terminal(self.place, [*words, "--lang", "en", "--store", self.place.store], cols=200)
                harness.wait_for(lambda: terminal.drink() and False or re.search(heading.encode(), terminal.bytes), heading)
                terminal.process.wait(timeout=harness.DEADLINE)

    def test_a_person_reads_words_and_a_script_names(self):
        one = next(a for a in self.alerts if a["severity"] in ("critical", "high"))
        word = {"critical": "crítica", "high": "alta"}[one["severity"]]
        shown = self.place.run("alerts", "show", str(one["id"]), "--lang", "es").out
        self.assertRegex(shown, r"^#%d +%s +\d+ +\S" % (one["id"], word))
        self.assertRegex(shown, r"(?m)^  \d{4}\S+  \S+ +generada ")
        self.assertIn(" %s " % word, self.place.run("alerts", "--all", "--limit", "1000", "--lang", "es").out)
        self.assertRegex(self.place.run("calls", "--limit", "300", "--lang", "es").out, r" (saliente|entrante) ")
        status = self.place.run("status", "--lang", "es").out
        self.assertRegex(status, r"(?m)^completo hasta +\S")
        self.assertRegex(status, r"(?m)^alertas abiertas +\d+$")
        self.assertNotRegex(status, "null|_until|open_alerts")
        self.assertEqual(self.place.run("alerts", "show", str(one["id"]), "--lang", "es", "--json").json()["severity"], one["severity"])

    def test_life_of_an_alert(self):
        id_ = self.fresh()
        self.act("claim", id_)
        a = self.one(id_)
        self.assertEqual(a["state"], "in_progress")
        self.assertTrue(a["assignee"])
        self.assertRegex(a["acknowledged_time"], ISO)
        self.act("note", id_, "--note", "llamé al sitio")
        self.act("close", id_, code=2)
        self.assertEqual(self.one(id_)["state"], "in_progress")
        self.act("close", id_, "--resolution", "false_positive", "--note", "prueba")
        a = self.one(id_)
        self.assertEqual((a["state"], a["resolution"], a["notes"]), ("closed", "false_positive", 2))
        self.assertNotIn(id_, [x["id"] for x in self.place.run("alerts", "--json").json()])
        self.assertIn(id_, [x["id"] for x in self.place.run("alerts", "list", "--all", "--json").json()])
        self.act("claim", id_, code=1)
        self.act("reopen", id_)
        a = self.one(id_)
        self.assertEqual((a["state"], a["resolution"]), ("in_progress", None))
        self.assertEqual([e["act"] for e in a["timeline"]][-4:], ["claim", "note", "close", "reopen"])

    def test_snooze_needs_a_reason_and_ends(self):
        id_ = self.fresh()
        self.act("snooze", id_, "--for", "1h", code=2)
        self.act("snooze", id_, "--for", "90d", "--note", "x", code=2)
        self.act("snooze", id_, "--for", "1h", "--note", "mantenimiento")
        a = self.one(id_)
        self.assertEqual(a["state"], "snoozed")
        self.assertRegex(a["snoozed_until"], ISO)
        self.act("wake", id_)
        self.assertEqual(self.one(id_)["state"], "in_progress")

    def test_many_at_once_and_some_refused(self):
        ids = [self.fresh(), self.fresh()]
        ran = self.place.run("alerts", "ack", *ids, 999999999, "--json")
        self.assertEqual(ran.code, 1, ran)
        self.assertEqual(ran.json(), {"done": 2, "failed": 1, "refused": [{"why": "not there", "n": 1}]})
        self.assertEqual(len(ran.err.strip().split("\n")), 1)

    def test_unknown_alert(self):
        harness.is_sentence(self, self.place.run("alerts", "show", "999999999"), 1)

    def test_audit_names_who_and_holds(self):
        id_ = self.fresh()
        self.act("ack", id_)
        audit = self.place.run("audit", "--json", "--limit", "10000").json()
        self.assertIs(audit["chain_holds"], True)
        mine = [r for r in audit["rows"] if r["alert_id"] == id_ and r["act"] == "acknowledge" or
                r["alert_id"] == id_ and r["act"] == "ack"]
        self.assertEqual(len(mine), 1)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
        self.assertEqual(mine[0]["who"], user)

    def test_an_option_with_its_value_needs_no_command(self):
        # There is no terminal here: the console says so, and not that there is no command of that name.
        for words in (["--session-log", "shift.cast"], ["--alert", "254"], ["--session-log", "other.cast", "--linear"], ["--linear", "--alert", "254"]):
            ran = self.place.run(*words)
            harness.is_sentence(self, ran, 1)
            self.assertIn("/dev/tty", ran.err)
        ran = self.place.run("--limit", "3", "alerts")
        self.assertEqual(ran.code, 0, ran)
        harness.is_sentence(self, self.place.run("--alert", "x"), 2)
        harness.is_sentence(self, self.place.run("shift.cast"), 2)

    def test_a_filter_says_where_it_is_wrong(self):
        for words, filter_, says in ((("alerts", "list"), "score > 5 and sverity = high", r"no field sverity; is it severity\? \(character 15 of the filter: sverity = high\)"),
                (("alerts", "list"), "score >", r"missing \(at the end of the filter\)"), (("calls",), "user.name = ñandú and cuntry = x", r"\(character 23 of the filter: cuntry = x\)"),
                (("export", "calls"), "dst.tier = hihg", r"\(character 12 "), (("scores",), "zzz = 1", r"\(character 1 "), (("locations",), "zzz = 1", r"\(character 1 "),
                (("people",), "zzz = 1", r"\(character 1 "), (("alerts", "ack"), "score > x", r"\(character 9 "), (("silences", "try"), "score > x", r"\(character 9 "),
                (("alerts", "list"), "cost > 5 COP", r"US dollars, not in COP \(character 10 ")):
            ran = self.place.run(*words, "--filter", filter_)
            harness.is_sentence(self, ran, 2)
            self.assertRegex(ran.err, says)
        self.assertEqual(self.place.run("alerts", "list", "--filter", "cost >= 0 USD", "--json").json(), self.place.run("alerts", "list", "--filter", "cost >= 0", "--json").json())

    def test_audit_that_was_changed_is_told(self):
        import shutil
        import sqlite3
        copy = self.place.file("tampered.db")
        source, target = sqlite3.connect(self.place.store), sqlite3.connect(copy)
        source.backup(target)
        target.execute("UPDATE audit SET who = 'nobody' WHERE seq = 2")
        target.commit()
        source.close()
        target.close()
        for limit in ("1", "100"):
            ran = self.place.run("audit", "--json", "--store", copy, "--limit", limit)
            self.assertEqual(ran.code, 1, ran)
            self.assertIs(ran.json()["chain_holds"], False)
            self.assertEqual(ran.json()["broken_at"], 2)
            self.assertIn("at line 2", ran.err)

    def test_audit_that_lost_its_last_lines_is_told(self):
        import sqlite3
        self.act("ack", self.fresh())
        before = self.place.run("audit", "--json").json()
        self.assertEqual(self.place.run("audit", "--expect", before["end"]).code, 0)
        copy = self.place.file("shortened.db")
        source, target = sqlite3.connect(self.place.store), sqlite3.connect(copy)
        source.backup(target)
        target.execute("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
        target.commit()
        ran = self.place.run("audit", "--json", "--store", copy)
        self.assertEqual((ran.code, ran.json()["chain_holds"], ran.json()["broken_at"]), (1, False, before["lines"]), ran)
        # Who made all of it anew, its end too, is found by an end that was noted elsewhere.
        target.execute("UPDATE audit_end SET (seq, hash) = (SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1)")
        target.commit()
        source.close()
        target.close()
        self.assertEqual(self.place.run("audit", "--store", copy).code, 0)
        ran = self.place.run("audit", "--json", "--store", copy, "--expect", before["end"])
        self.assertEqual((ran.code, ran.json()["chain_holds"]), (1, False), ran)
        harness.is_sentence(self, self.place.run("audit", "--expect", "12"), 2)

    def test_spanish_reads_a_comma_and_machines_a_point(self):
        run = self.place.run
        for lang, point, other in (("es", ",", "."), ("en", ".", ",")):
            shown = run("locations", "--lang", lang).out
            self.assertRegex(shown, r"\d\%s\d\d USD " % point)
            self.assertNotRegex(shown, r"\d\%s\d\d USD " % other)
            report = run("report", "--since", "3650d", "--lang", lang).out
            self.assertRegex(report, r"\d\%s\d\d USD" % point)
            self.assertNotRegex(report, r"\d\%s\d\d USD" % other)
        for words in (("locations", "--json"), ("report", "--since", "3650d", "--json"), ("export", "calls"), ("export", "calls", "--format", "csv"), ("export", "alerts", "--format", "csv")):
            spanish, english = (run(*words, "--lang", lang) for lang in ("es", "en"))
            self.assertEqual((spanish.code, english.code), (0, 0), spanish)
            if "csv" in words:
                sums = [[row["cost_usd"] for row in csv.DictReader(io.StringIO(ran.out))] for ran in (spanish, english)]
                self.assertEqual(sums[0], sums[1])
                self.assertTrue(any(re.fullmatch(r"\d+\.\d+", cost) for cost in sums[0]), sums[0][:5])
            elif words[0] == "export":  # the same bytes, whoever asks
                self.assertEqual(spanish.bytes, english.bytes)
            else:
                self.assertRegex(spanish.out, r'"amount": ?\d+\.\d')
        asked = [run("calls", "--lang", lang, "--filter", "cost > 0.01", "--json").json() for lang in ("es", "en")]
        self.assertEqual(asked[0], asked[1])
        self.assertTrue(asked[0])

    def test_scores_locations_people(self):
        for name, members in (("scores", {"score", "subject", "location", "why", "last_time", "alert_id"}),
                              ("locations", {"name", "zone", "calls_today", "open_alerts"}), ("people", {"name", "uuid"})):
            ran = self.place.run(name, "--json")
            self.assertEqual((ran.code, ran.err), (0, ""), ran)
            for row in ran.json():
                self.assertLessEqual(members, set(row))
        scores = self.place.run("scores", "--json").json()
        self.assertTrue(scores)
        most = max(s["score"] for s in scores)
        self.assertEqual(self.place.run("scores", "--json", "--filter", f"score >= {most}").json(), [s for s in scores if s["score"] == most])
        harness.is_sentence(self, self.place.run("scores", "--filter", "severity = high"), 2)

    def test_numbers_survive_readers_with_doubles(self):
        """jq and JavaScript read numbers as doubles: ids must come back whole."""
        call = self.place.run("calls", "--json", "--limit", "1").out
        id_ = json.loads(call, parse_int=lambda digits: int(float(digits)))[0]["id"]
        self.assertEqual(self.place.run("calls", "show", str(id_), "--json").code, 0)


class Store(unittest.TestCase):
    def test_absent_store_is_told_as_such(self):
        place = harness.Place()
        for command in ("alerts", "calls", "scores", "locations", "people", "audit"):
            ran = place.run(command, "--store", place.file("absent.db"))
            harness.is_sentence(self, ran, 1)
            self.assertNotIn("cannot be written", ran.err)
            self.assertFalse(os.path.exists(place.file("absent.db")))

    def test_file_that_is_no_store_is_told(self):
        place = harness.Place()
        path = place.file("notes.txt", "dear diary\n" * 100)
        harness.is_sentence(self, place.run("alerts", "--store", path), 1)
        harness.is_sentence(self, place.run("import", "--store", path, "-", stdin=leg_line().encode()), 1)
        with open(path) as f:
            self.assertEqual(f.read(), "dear diary\n" * 100)


if __name__ == "__main__":
    harness.main()
