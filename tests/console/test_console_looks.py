# SPDX-License-Identifier: Apache-2.0
"""How the console looks and is set, as a person does it: in a terminal."""
import base64
import json
import os
import re
import shlex
import signal
import stat
import unittest

import harness


class Looks(unittest.TestCase):
    def setUp(self):
        self.place = harness.Place()

    def console(self, *words, config=None, rows=24, cols=80, **more):
        path = self.place.file("c.yaml", config if config is not None else "language: en\n")
        terminal = harness.Terminal(self.place, ["console", "--store", self.place.store, "--config", path, *words],
            rows, cols, self.place.environment(**more))
        return terminal, path

    def filled(self):
        """A store with a few days in it."""
        folder = self.place.file("days")
        assert self.place.run("sim", "--export", folder, "--days", "1", "--users", "60", "--seed", "5").code == 0
        assert self.place.run("import", folder + "/cdrs.jsonl").code == 0

    def leave(self, terminal):
        terminal.keys("Q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_a_setting_is_changed_in_the_file_and_the_rest_of_it_stays(self):
        config = "# Ana's own\nlanguage: en   # not es\n\nconsole:\n  # at night\n  theme: mono\n# the end"
        terminal, path = self.console(config=config)
        terminal.wait("Space")
        terminal.keys("O")
        terminal.wait("in force")
        terminal.keys("/console.theme\r")
        terminal.wait("/console.theme")
        terminal.keys("\r")
        terminal.wait("davivienda_light")
        terminal.keys("k\r")
        terminal.wait("console.theme is set, and kept in")
        with open(path) as f:
            self.assertEqual(f.read(), config.replace("theme: mono", "theme: high_contrast"))
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.leave(terminal)

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_the_language_is_another_while_the_console_runs(self):
        self.filled()
        path = self.place.file("c.yaml", "language: en\n")
        tmux = harness.Tmux(self.place, shlex.join([harness.PROGRAM, "console", "--store", self.place.store, "--config", path]), 120, 40)
        self.addCleanup(tmux.kill)
        tmux.wait("4 Queue", "▸")
        tmux.keys("Enter")
        tmux.wait("assignee +nobody", "What was done")
        tmux.keys("O")
        tmux.wait("in force", r"line 1")
        tmux.keys("/")
        tmux.type("language")
        tmux.keys("Enter")
        tmux.wait("/language")
        tmux.keys("Enter")
        tmux.wait("what the environment says")
        tmux.type("1")
        tmux.wait("en vigor", r"language .*c\.yaml", "Espacio órdenes")
        with open(path) as f:
            self.assertEqual(f.read(), "language: es\n")
        tmux.type("q")
        tmux.wait("nadie", "Qué se hizo", "Espacio órdenes")
        tmux.type("q")
        tmux.wait("4 Cola", "1 Ubicaciones")
        tmux.type("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def test_a_row_is_copied_through_screen_and_where_no_terminal_takes_it(self):
        self.filled()
        terminal, _ = self.console("--lang", "en", STY="1.pts-0.host")
        terminal.wait(re.compile(rb"\d+ open"))
        terminal.keys("Yj")
        end = terminal.wait("Copied to the terminal")
        strings = re.findall(rb"\x1bP(.*?)\x1b\\", terminal.bytes[:end], re.S)
        self.assertTrue(all(len(s) + 4 <= 768 for s in strings), [len(s) for s in strings])
        command = b"".join(strings)
        self.assertTrue(command.startswith(b"\x1b]52;c;") and command.endswith(b"\x07"), command[:40])
        row = json.loads(base64.b64decode(command[len(b"\x1b]52;c;"):-1]))
        self.assertIn(row["severity"], ("low", "medium", "high", "critical"))
        self.leave(terminal)
        terminal, _ = self.console("--lang", "en", TERM="linux", XDG_RUNTIME_DIR=self.place.path)
        terminal.wait(re.compile(rb"\d+ open"))
        terminal.keys("Yj")
        terminal.wait("centinela-copy-")
        self.assertNotIn(b"\x1b]52", terminal.bytes)
        path, = (p for p in os.listdir(self.place.path) if p.startswith("centinela-copy-"))
        path = self.place.file(path)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path) as f:
            self.assertEqual(json.load(f), row)
        self.leave(terminal)

    def test_in_tmux_it_arrives_or_one_more_key_writes_a_file(self):
        self.filled()
        for clipboard in ("on", "off"):
            env = self.place.environment(XDG_RUNTIME_DIR=self.place.path)
            tmux = harness.Tmux(self.place, "%s --lang es --store %s" % (harness.PROGRAM, self.place.store), env=env)
            self.addCleanup(tmux.kill)
            tmux.call("set", "-s", "set-clipboard", clipboard)
            tmux.call("set-buffer", "what was there")
            tmux.wait(r"\d+ abiertas")
            tmux.type("y")
            tmux.wait("Copiado a la terminal; si no llega, y otra vez lo deja en un archivo")
            tmux.type("y")
            tmux.wait("centinela-copy-\\w+ lo tiene, solo para usted")
            path = re.search(r"/\S+centinela-copy-\w+", tmux.screen()).group()
            with open(path) as f:
                row = f.read()
            self.assertRegex(row, r"^#\d+ ")
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertEqual(tmux.call("show-buffer"), row if clipboard == "on" else "what was there")
            tmux.type("Q")
            self.assertEqual(tmux.wait_end(), 0)

    def test_the_console_is_lines_for_who_hears_it(self):
        folder = self.place.file("days")
        assert self.place.run("sim", "--export", folder, "--days", "1", "--users", "60", "--seed", "5").code == 0
        with open(folder + "/cdrs.jsonl") as f:
            calm = [line for line in f if '"SIP_ENTERPRISE"' in line][:10]
        self.place.file("calm.jsonl", "".join(calm))
        assert self.place.run("import", self.place.file("calm.jsonl")).code == 0
        terminal, _ = self.console("--linear")
        terminal.wait(re.compile(rb"Queue: \d open"))
        self.assertNotIn(b"critical", terminal.bytes)
        # Somebody else imports what is bad: it is told, on a line.
        assert self.place.run("import", folder + "/cdrs.jsonl").code == 0
        terminal.wait(re.compile(rb"Centinela: \d+ critical"))
        terminal.wait(re.compile(rb"New critical alert: \w[^\x1b]*\x1b\[K"))
        terminal.wait(re.compile(rb"Queue: \d+ open"))
        # Down is the cursor's move, and hardly more.
        since = len(terminal.bytes)
        terminal.keys("gj")
        terminal.wait("\x1b[5;1H", since)
        self.assertLess(len(terminal.bytes) - since, 400)
        # Commands, menus and prompts work.
        since = len(terminal.bytes)
        terminal.keys("x1")  # each alert a row: of more than one is asked
        terminal.wait("Each alert is a row.", since)
        terminal.keys("C")
        terminal.wait("Claimed: ", since)
        terminal.keys("n")
        terminal.wait("note:", since)
        terminal.keys("heard\r")
        terminal.wait("Noted: ", since)
        terminal.keys("c")
        terminal.wait("false positive", since)
        terminal.keys("3")
        terminal.wait("Closed: ", since)
        terminal.keys(":sync\r")
        terminal.wait("Sync", since)
        terminal.keys("q1")
        terminal.wait("Locations: ", since)
        self.leave(terminal)
        self.assertNotIn(b"\x1b[?1049h", terminal.bytes)
        self.assertNotIn(b"\x1b[?25l", terminal.bytes)
        self.assertIsNone(re.search("[\u2500-\u25ff]", terminal.bytes.decode("utf-8")))
        self.assertIsNone(re.search(rb"\x1b\[[0-9;]*[1-9][0-9;]*m", terminal.bytes))  # nor colour

    def test_who_unmasks_is_in_the_audit_log(self):
        self.filled()
        terminal, _ = self.console(config="language: en\nconsole: {mask_numbers: true}\n")
        terminal.wait(re.compile(rb"\d+ open"))
        terminal.keys("3#")
        terminal.wait("the audit log says who saw them")
        line = self.place.sql("SELECT who, act, was, became, note, alert_id FROM audit ORDER BY seq DESC LIMIT 1")[0]
        self.assertEqual(line[1:], ("unmask", "masked", "shown", "scores", 0))
        self.assertTrue(line[0])
        since = len(terminal.bytes)
        terminal.keys("#")
        terminal.wait("masked.", since)
        self.leave(terminal)
        self.assertTrue(self.place.run("audit", "--json").json()["chain_holds"])
        # Who may only look may not make a line: the numbers stay masked.
        terminal, _ = self.console("--read-only", config="language: en\nconsole: {mask_numbers: true}\n")
        terminal.wait(re.compile(rb"\d+ open"))
        terminal.keys("#")
        terminal.wait("Numbers stay masked: this console is read-only")
        self.leave(terminal)
        self.assertEqual(self.place.sql("SELECT count(*) FROM audit WHERE act = 'unmask'"), [(1,)])

    def test_a_session_is_a_film_without_keys(self):
        self.filled()
        film = self.place.file("shift.cast")
        terminal, _ = self.console("--session-log", film, config="language: en\nconsole: {mask_numbers: true}\n")
        terminal.wait(re.compile(rb"\d+ open"))
        terminal.keys("2")
        terminal.wait("Live calls")
        terminal.keys("4n")
        terminal.wait("note:")
        since = len(terminal.bytes)
        terminal.keys("hush\x03")  # typed, taken back
        terminal.wait("snooze", since)
        terminal.keys("y")
        terminal.wait("Copied to the terminal")
        since = len(terminal.bytes)
        terminal.resize(100, 30)
        os.kill(terminal.process.pid, signal.SIGWINCH)
        terminal.wait("hits", since)  # a column for which there is room now
        terminal.keys(":log\r")
        terminal.wait("Log")
        self.leave(terminal)
        self.assertEqual(stat.S_IMODE(os.stat(film).st_mode), 0o600)
        with open(film, encoding="utf-8") as f:
            head, *events = [json.loads(line) for line in f]
        self.assertEqual((head["version"], head["width"], head["height"]), (2, 80, 24))
        self.assertEqual(sorted(event[0] for event in events), [event[0] for event in events])
        commands = [data for _, kind, data in events if kind == "m"]
        self.assertEqual(commands[:4], ["live", "queue", "note", "copy"])
        self.assertIn("log", commands)
        self.assertEqual(commands[-1], "quit")
        self.assertEqual({kind for _, kind, _ in events}, {"o", "m", "r"})
        self.assertIn("100x30", [data for _, kind, data in events if kind == "r"])
        shown = "".join(data for _, kind, data in events if kind == "o")
        self.assertIn("open", shown)
        self.assertNotIn("\x1b]52", shown)  # nothing that a player would do to whoever looks
        for _, kind, data in events[1:]:  # each picture is what the terminal got
            self.assertTrue(kind != "o" or data.encode() in terminal.bytes)
        # It is never written over anything.
        ran = self.place.run("console", "--session-log", film)
        harness.is_sentence(self, ran, 1)
        self.assertIn("File exists", ran.err)

    def test_settings_are_changed_from_a_script(self):
        config = self.place.file("c.yaml", "# mine\nconsole: {theme: mono} # here\n")
        run = lambda *words: self.place.run("settings", *words, "--config", config, "--lang", "en")
        self.assertRegex(run().out, r"(?m)^console\.theme +file +mono$")
        self.assertRegex(run("list", "sync.backfill").out, r"^sync\.backfill +default +30d\n$")
        rows = {row["key"]: row for row in run("--json").json()}
        self.assertEqual(rows["console.theme"], {"key": "console.theme", "value": "mono", "source": "file", "secret": False})
        self.assertEqual(rows["language"]["source"], "command line")
        ran = run("set", "console.theme", "davivienda")
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(run("set", "sync.backfill", "7d").code, 0)
        with open(config) as f:
            self.assertEqual(f.read(), "# mine\nconsole: {theme: davivienda} # here\nsync:\n  backfill: 7d\n")
        for words, says in ((("set", "sync.backfill", "soon"), "is a duration"), (("set", "console.thame", "x"), 'is "console.theme" meant'),
                (("set", "language", "fr"), "es or en"), (("set", "console.attention", "shout"), 'not "shout"'), (("set", "store"), "wants a key and a value"),
                (("lost",), "list"), (("set", "network.proxy", "http://me:word@proxy"), "no place for one"), (("list", "nothing"), "there is no setting")):
            ran = run(*words)
            harness.is_sentence(self, ran, 2)
            self.assertIn(says, ran.err)
        for key, value, says in (("sync.keep_raw", "1s", "from 1d to"), ("sync.interval", "0s", "from 10ms"), ("sync.page_size", "0", "from 500"),
                ("sync.clock_speed", "0", "from 1 to 1000"), ("api.listen", "garbage", "ADDRESS:PORT"), ("live.url", "ftp://x", "by https"),
                ("webex.redirect_port", "99999", "65535"), ("console.theme", "nope", "nope"), ("console.shift", "99d", "from 1h to 7d"), ("organisation", "../../etc", "organisation")):
            before = open(config).read()
            ran = run("set", key, value)
            harness.is_sentence(self, ran, 2)
            self.assertIn(says, ran.err)
            self.assertEqual(open(config).read(), before)
        os.chmod(config, 0o400)
        ran = run("set", "console.theme", "mono")
        harness.is_sentence(self, ran, 1)
        self.assertIn("write-protected", ran.err)

    def test_what_is_wrong_in_the_file_is_told_and_mended(self):
        for name, (text, key, good) in enumerate((("sync: {page_size: 0}\n", "sync.page_size", "900"), ("organisation: ../../etc\n", "organisation", "bank"),
                ("sync: {keep_raw: 1s}\n", "sync.keep_raw", "30d"))):
            config = self.place.file("wrong-%d.yaml" % name, text)
            ran = self.place.run("settings", "list", "--config", config)
            harness.is_sentence(self, ran, 2)
            self.assertIn(":1:", ran.err)
            harness.is_sentence(self, self.place.run("alerts", "--config", config), 2)
            checks = {check["name"]: check for check in self.place.run("doctor", "--json", "--config", config).json()["checks"]}
            self.assertEqual(checks["configuration"]["status"], "failed", checks["configuration"])
            ran = self.place.run("settings", "set", key, good, "--config", config)
            self.assertEqual(ran.code, 0, ran)
            self.assertEqual(self.place.run("settings", "list", key, "--config", config, store=False).code, 0)
        # What was typed wrong is not mended in a file.
        for words in (("--organisation", "../.."), ("--organisation", "")):
            harness.is_sentence(self, self.place.run("settings", "set", "console.mouse", "true", *words, "--config", config), 2)
        config = self.place.file("theme.yaml", "console: {theme: nope}\n")
        checks = {check["name"]: check for check in self.place.run("doctor", "--json", "--config", config).json()["checks"]}
        self.assertIn("nope", checks["theme"]["text"])


if __name__ == "__main__":
    harness.main()
