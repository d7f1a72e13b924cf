# SPDX-License-Identifier: Apache-2.0
"""Everything from outside is hostile, from end to end: records whose every text
tries to speak to the terminal, and files that are not what they should be."""
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import unittest

import harness

PAYLOADS = (
    "\x1b]0;HOSTILE\x07", "\x1b[2J\x1b[31mRED", "\x1b]52;c;SE9TVElMRQ==\x07", "\x9b31mC1", "\x90q\x9c",
    "a\u202eevil\u202c", "\u2066iso\u2069", "zero\u200b\u200d\ufeffwidth", "back\x08\x08space", "bell\x07",
    "line\r\nbreak", "nul\x00", "del\x7f", "\ufeff", "e\u0301\u0301\u0301\u0301", "漢字🙂" * 40, "A" * 5000,
    "=cmd|' /C calc'!A0", "| a | b |", "<script>", "%s%n%x", "\ud83d", "</alert>", "\x0e\x0f", "\x1bP+q\x1b\\",
)
INVALID = b"\xff\xfe\xc3\x28\xed\xa0\x80\xf8\x88\x80\x80\x80"
# Times, counts and ids keep their form, so that calls and alerts arise at all.
KEPT = re.compile(r"time$|Duration|duration|ID$|UUID|Direction|Answered|Call type|timezone|Report")
NAMES = ("User", "Calling line ID", "Called line ID", "Location", "Department ID", "Model", "Client version")
WALK = ("1", "j", "Enter", "q", "2", "j", "Enter", "q", "3", "j", "Enter", "q", "4", "j", "j", "Enter", "j", "J", "q", "q",
        "L", "j", "Enter", "Enter", "j", "q", "q", "q", "S", "q", "D", "q", "E", "q", "?", "q", "#", "T", "t", "j", "Enter", "o", "O", "j", "q", "F", "q", "2", "|", "q", "Y", "q")
# What must never stand in what people read, besides the program's own sequences.
STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\x80-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SEQUENCE = re.compile(r"\x1b\[[<=>?]?[\d;:]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-Z]|\x1b[^\[\]()P]|\x1b.")


def hostile_copy(source, target):
    """Every record with a hostile name, and hostile in one more text of it."""
    with open(source, encoding="utf-8") as lines, open(target, "wb") as out:
        for i, line in enumerate(lines):
            record = json.loads(line)
            for k, name in enumerate(NAMES):
                if name in record:
                    record[name] = (record[name] or "x") + PAYLOADS[(i + k) % len(PAYLOADS)]
            texts = [k for k, v in record.items() if isinstance(v, str) and not KEPT.search(k) and k not in NAMES]
            field = texts[i % len(texts)]
            if i % 2:  # the other half keeps its numbers, or nothing would be risky
                record[field] += PAYLOADS[i % len(PAYLOADS)]
            # As escapes in one record, as raw bytes in the next.
            raw = json.dumps(record, ensure_ascii=i % 3 != 0).encode("utf-8", "surrogatepass")
            if i % 7 == 0:
                raw = raw.replace(b'"User": "', b'"User": "' + INVALID, 1)
            out.write(raw + b"\n")


def shapes(stream):
    """The control sequences of a terminal's bytes by their form: final and
    private bytes, and the number of a mode that is switched."""
    found = set()
    for s in SEQUENCE.findall(stream):
        m = re.fullmatch(r"\x1b\[([<=>?]?)([\d;:]*)([ -/]*[@-~])", s)
        found.add(("CSI", m[1], m[3], m[2] if m[3] in "hl" else "") if m else (s[:2], s[2:] if s[1] in "()" else ""))
    return found


def walk(place, store, lang):
    """Every pane and view, seen by the terminal alone; what was written."""
    terminal = harness.Terminal(place, ["console", "--store", store, "--lang", lang], 36, 120,
        place.environment(COLORTERM="truecolor"))
    terminal.wait(b"\x1b[?1049h")
    terminal.wait(re.compile(rb"\d+ (open|abiertas)"))
    for key in WALK:
        terminal.keys({"Enter": "\r"}.get(key, key))
        terminal.drink(0.05)
        before = len(terminal.bytes)
        terminal.keys("\x0c")  # drawn anew: an answer comes, whatever the key did
        harness.wait_for(lambda: (terminal.drink(0.05), len(terminal.bytes) > before + 500)[1], "an answer to %r" % key,
            also=terminal.said)
    terminal.keys("\x03")
    assert terminal.wait_end() == 0, terminal.said()
    return terminal.bytes


class Records(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        folder = place.file("days")
        assert place.run("sim", "--export", folder, "--days", "1", "--users", "60", "--seed", "5").code == 0
        hostile_copy(folder + "/cdrs.jsonl", place.file("hostile.jsonl"))
        cls.clean = place.file("clean.db")
        assert place.run("import", folder + "/cdrs.jsonl", "--store", cls.clean).code == 0
        ran = place.run("import", place.file("hostile.jsonl"), "--json")
        assert ran.code == 0, ran
        cls.counts = ran.json()
        with open(folder + "/cdrs.jsonl") as f:
            cls.n = sum(1 for _ in f)
        shutil.rmtree(folder)

    def printable(self, text, where):
        found = STRANGE.search(text)
        self.assertIsNone(found, "%s: %r" % (where, text[max(0, found.start() - 60):found.end() + 60] if found else ""))

    def test_all_are_kept_and_alerts_arise(self):
        self.assertEqual((self.counts["new"], self.counts["rejected"]), (self.n, 0))
        self.assertGreater(self.place.sql("SELECT count(*) FROM alerts")[0][0], 0)

    def test_the_terminal_is_told_nothing_that_the_program_did_not_mean(self):
        for lang in ("en", "es"):
            with self.subTest(lang):
                meant = shapes(walk(self.place, self.clean, lang).decode("utf-8"))
                stream = walk(self.place, self.place.store, lang).decode("utf-8")  # strictly
                self.assertEqual(shapes(stream) - meant, set())
                self.assertNotIn("\x1b]0;", stream)
                self.assertNotIn("\x1b]52;", stream)
                self.printable(SEQUENCE.sub("", stream), "the console in " + lang)

    def test_what_commands_print_is_printable(self):
        id_ = self.place.run("alerts", "list", "--json").json()[0]["id"]
        call = self.place.run("calls", "--json").json()[0]["id"]
        for words in (["alerts", "list"], ["alerts", "show", id_], ["calls"], ["calls", "show", call], ["scores"],
                ["locations"], ["people"], ["audit"], ["report"], ["report", "--format", "md"], ["status"]):
            for lang in ("en", "es"):
                with self.subTest(words + [lang]):
                    ran = self.place.run(*words, "--lang", lang)
                    self.assertEqual(ran.code, 0, ran)
                    self.printable(ran.bytes.decode("utf-8"), words)

    def test_what_machines_read_has_no_control_byte(self):
        id_ = self.place.run("alerts", "list", "--json").json()[0]["id"]
        for words in (["alerts", "list", "--json"], ["alerts", "show", id_, "--json"], ["calls", "--json"],
                ["scores", "--json"], ["locations", "--json"], ["audit", "--json"], ["report", "--json"],
                ["export", "calls", "--format", "csv"], ["export", "alerts", "--format", "csv"],
                ["export", "calls"], ["export", "legs"], ["export", "alerts"]):
            with self.subTest(words):
                ran = self.place.run(*words)
                self.assertEqual(ran.code, 0, ran)
                self.assertGreater(len(ran.bytes), 2)
                self.assertIsNone(re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]", ran.bytes))
                if "csv" in words:  # no cell begins as a formula
                    self.assertIsNone(re.search(rb'(?m)(^|,)"?[=@]', ran.bytes))


class Terminals(unittest.TestCase):
    """What a terminal may do to the console."""

    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        folder = place.file("days")
        assert place.run("sim", "--export", folder, "--days", "1", "--users", "30", "--seed", "5").code == 0
        assert place.run("import", folder + "/cdrs.jsonl").code == 0

    def console(self, rows=24, cols=80):
        terminal = harness.Terminal(self.place, ["console", "--store", self.place.store], rows, cols)
        terminal.wait(b"\x1b[?1049h")
        return terminal

    def send(self, terminal, what):
        while what:
            try:
                what = what[os.write(terminal.master, what[:4000]):]
            except BlockingIOError:
                pass
            while terminal.drink(0):
                terminal.bytes = terminal.bytes[-65536:]

    def ends(self, terminal):
        """In order, with the terminal as it was."""
        terminal.process.send_signal(signal.SIGTERM)
        self.assertEqual(terminal.wait_end(), 0, terminal.said())
        self.assertIn(b"\x1b[?1049l", terminal.bytes[-200:])
        self.assertEqual(terminal.modes_now(), terminal.before)
        self.assertEqual(terminal.said(), "")

    def answers(self, terminal):
        """It hears keys still: two Esc end whatever is open, and all is drawn anew."""
        for key in ("\x1b", "\x1b"):
            terminal.keys(key)
            while terminal.drink(0.1):  # an Esc alone takes its time
                pass
        terminal.bytes = b""

        def drawn():  # the first may have come so soon behind the Esc that both were one key
            self.send(terminal, b"\x0c")
            while terminal.drink(0.2):
                pass
            return b"CENTINELA" in terminal.bytes
        harness.wait_for(drawn, "all of it drawn anew", also=terminal.said)

    def test_of_any_size(self):
        for rows, cols in ((1, 1), (0, 0), (2, 2), (1, 65535), (65535, 1), (65535, 65535)):
            with self.subTest((rows, cols)):
                terminal = self.console(rows, cols)
                for key in ("j", "\r", "q", "?", "q", ":", "x", "\x1b", "/", "x", "\x1b", " ", "\x1b", "L", "j", "\r", "q", "q", "S", "q"):
                    self.send(terminal, key.encode())
                    terminal.drink(0.03)
                self.ends(terminal)

    def test_whatever_it_answers(self):
        """Replies that nobody asked for, that do not end or are no replies at all."""
        terminal = self.console()
        for reply in (b"\x1b]11;rgb:" + b"f" * 100000, b"\x1b[?" + b"1;" * 5000 + b"c", b"\x1bP" + b"x" * 100000 + b"\x1b\\", b"\x1b[200~" + b"A" * 2000000 + b"\x1b[201~",
                b"\x1b" * 5000, b"\x00" * 5000, b"\xf0\x9f" * 5000, b"\x1b[<" + b"9" * 300 + b";1;1M", b"\x1b_" + bytes(range(1, 7)) * 1000, b"\x1b[" * 3000):
            with self.subTest(reply[:12]):
                self.send(terminal, reply)
                while terminal.drink(0.1):
                    pass
                self.answers(terminal)
        self.ends(terminal)

    def test_signals_in_any_order(self):
        r = random.Random(3)
        terminal = self.console()
        for _ in range(300):
            terminal.process.send_signal(r.choice((signal.SIGWINCH, signal.SIGCONT)))
            terminal.resize(r.choice((1, 80, 200)), r.choice((1, 24, 60)))
            self.send(terminal, r.choice((b"j", b"k", b"?", b"q")))
        for _ in range(30):
            terminal.process.send_signal(signal.SIGTSTP)
            terminal.process.send_signal(signal.SIGCONT)
            terminal.drink(0.01)
        terminal.resize(80, 24)
        terminal.process.send_signal(signal.SIGCONT)
        at = len(terminal.bytes)
        terminal.keys("\x0c")
        terminal.wait("CENTINELA", at)
        self.ends(terminal)

    def test_ended_while_it_is_stopped(self):
        terminal = self.console()
        terminal.process.send_signal(signal.SIGTSTP)
        terminal.wait_stop()
        terminal.process.send_signal(signal.SIGTERM)
        terminal.process.send_signal(signal.SIGCONT)
        self.assertEqual(terminal.wait_end(), 0, terminal.said())
        self.assertEqual(terminal.modes_now(), terminal.before)


class Files(unittest.TestCase):
    """Files that are not what they should be end in one sentence."""

    def setUp(self):
        self.place = harness.Place()

    def refused(self, ran, *patterns):
        self.assertIn(ran.code, (1, 2), ran)
        self.assertRegex(ran.err, r"\Acentinela: [^\n]{10,400}\n\Z")
        self.assertIsNone(STRANGE.search(ran.err.rstrip("\n")), repr(ran.err))
        for pattern in patterns:
            self.assertRegex(ran.err, pattern)

    def test_stores(self):
        good = self.place.file("good.db")
        self.assertEqual(self.place.run("alerts", "list", "--store", good).code in (0, 1), True)
        folder = self.place.file("one")
        self.place.run("sim", "--export", folder, "--days", "1", "--users", "20")
        self.assertEqual(self.place.run("import", folder + "/cdrs.jsonl", "--store", good).code, 0)
        with open(good, "rb") as f:
            data = f.read()
        text = self.place.file("text.db", "this is \x1b[2J no database\n" * 500)
        self.refused(self.place.run("calls", "--store", text), "not a store|damaged")
        self.refused(self.place.run("import", folder + "/cdrs.jsonl", "--store", text), "not a store|damaged")
        cut = self.place.file("cut.db", data[:len(data) // 3])
        ran = self.place.run("calls", "--store", cut)
        if ran.code:  # what can still be read may be shown
            self.refused(ran)
        later = self.place.file("later.db", data)
        db = sqlite3.connect(later)
        db.execute("INSERT INTO migrations (number, name) VALUES (9999, 'from the future')")
        db.commit()
        db.close()
        self.refused(self.place.run("import", folder + "/cdrs.jsonl", "--store", later), "later version")
        self.refused(self.place.run("calls", "--store", self.place.path), ".")  # a folder
        os.symlink("/etc/passwd", self.place.file("link.db"))
        self.refused(self.place.run("calls", "--store", self.place.file("link.db")), ".")

    def test_token_files(self):
        target = self.place.file("elsewhere.json", '{"access_token": "SECRET-VALUE"}')
        os.symlink(target, self.place.file("token.json"))
        config = self.place.file("c.yaml", "webex:\n  client_id: C1\n  token_file: %s\n" % self.place.file("token.json"))
        ran = self.place.run("status", "--config", config)
        self.assertNotIn("SECRET-VALUE", ran.out + ran.err)
        os.unlink(self.place.file("token.json"))
        self.place.file("token.json", '{"access_token": "SECRET-VALUE"}', mode=0o640)
        ran = self.place.run("sync", "--once", "--config", config)
        self.assertEqual(ran.code, 1, ran)
        self.assertRegex(ran.err, r"(?m)^centinela: .*others can read it.*chmod 600")
        self.place.file("token.json", "\x00\xff{{{")
        ran = self.place.run("status", "--config", config)
        self.assertIsNone(STRANGE.search(ran.out + ran.err), ran)

    def test_configurations(self):
        for body in ("\x00\x01\x02", "webex: [", "a: &a [*a, *a]\n", "? {x: y}\n: z\n",
                "webex:\n  cliend_id: x\n", "- 1\n- 2\n", "x" * 3000000, "{" * 20000, "!!python/object:os.system x\n"):
            with self.subTest(body[:30]):
                self.refused(self.place.run("status", "--config", self.place.file("c.yaml", body)))

    def test_themes(self):
        folder = self.place.file("one")
        self.place.run("sim", "--export", folder, "--days", "1", "--users", "20")
        self.place.run("import", folder + "/cdrs.jsonl")
        for body in ("\x1b]0;x\x07", "palette: {red: '#zzzzzz'}\n", "roles: 7\n", "palette:\n  a: '\x1b[31m'\n", "x: " + "[" * 9000):
            with self.subTest(body[:30]):
                theme = self.place.file("evil.yaml", body)
                terminal = harness.Terminal(self.place, ["console", "--theme", theme, "--store", self.place.store], 24, 80)
                seen = harness.wait_for(lambda: terminal.process.poll() is not None or (terminal.drink(0.01) and
                    b"\x1b[?1049h" in terminal.bytes), "a console or a sentence")
                self.assertTrue(seen)
                if terminal.process.poll() is None:
                    terminal.keys("\x03")
                self.assertIn(terminal.wait_end(), (0, 1, 2))
                self.assertNotIn(b"\x1b]0;", terminal.bytes)

    def test_rules(self):
        folder = self.place.file("rules")
        os.mkdir(folder)
        for i, body in enumerate(("\x00" * 100, "title: [", "title: \x1b[2J\nid: x\n", "detection:\n  a: {b: c}\n  condition: (((((\n",
                "title: x\n" * 50000, "detection: {a: {'Call type|re': '(a+)+$'}, condition: a}\n")):
            self.place.file("rules/%d.yml" % i, body)
        ran = self.place.run("rules", "check", folder)
        self.assertEqual(ran.code, 1, ran)
        said = ran.out + ran.err
        self.assertIsNone(STRANGE.search(said), repr(said[:2000]))
        for i in range(5):
            self.assertRegex(said, r"(?m)/%d\.yml:(\d+:\d+:)? \S" % i)


if __name__ == "__main__":
    harness.main()
