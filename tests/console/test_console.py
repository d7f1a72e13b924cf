# SPDX-License-Identifier: Apache-2.0
"""The console and what a terminal, a shell and a disk can do to it."""
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import termios
import time
import unittest

import harness

GIVE_BACK = b"\x1b[?1049l"


def furnished(place, days=1):
    """A store with some alerts, at place.store."""
    folder = place.file("days")
    assert place.run("sim", "--export", folder, "--days", str(days), "--users", "60", "--seed", "5").code == 0
    assert place.run("import", folder + "/cdrs.jsonl").code == 0
    shutil.rmtree(folder)


def sound(store):
    db = sqlite3.connect(store, timeout=30)
    try:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        db.close()


class Console(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()
        furnished(cls.place)

    def console(self, *more, rows=24, cols=80, **env):
        words = ["console", "--store", self.place.store, "--lang", "en", *more]
        return harness.Terminal(self.place, words, rows, cols, self.place.environment(**env))

    def quit(self, terminal, key="Q"):
        """By a key; the terminal is as it was."""
        terminal.keys(key)
        self.assertEqual(terminal.wait_end(), 0, terminal.said())
        self.given_back(terminal)

    def given_back(self, terminal):
        self.assertEqual(terminal.modes_now(), terminal.before)
        end = terminal.bytes.rstrip()
        self.assertIn(GIVE_BACK, end[-200:])
        self.assertIn(b"\x1b[?25h", end[-200:])
        self.assertEqual(terminal.said(), "")


class Kinds(Console):
    """Terminals and locales as they are met."""

    def test_colours_are_those_the_terminal_has(self):
        for env, has, has_not in (
                ({"COLORTERM": "truecolor"}, rb"\x1b\[[\d;]*38;2;", None),
                ({"TERM": "xterm-256color"}, rb"\x1b\[[\d;]*38;5;", rb"\x1b\[[\d;]*38;2;"),
                ({"TERM": "xterm"}, rb"\x1b\[[\d;]*3\d[;m]", rb"\x1b\[[\d;]*38;[25];"),
                ({"TERM": "linux"}, rb"\x1b\[[\d;]*3\d[;m]", rb"\x1b\[[\d;]*38;[25];"),
                ({"TERM": "vt100"}, rb"\x1b\[[\d;]*[17]m", rb"\x1b\[(?:\d+;)*(?:[34]\d|9\d|10\d)[;m]"),
                ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, rb"\x1b\[[\d;]*[17]m", rb"\x1b\[(?:\d+;)*(?:[34]\d|9\d|10\d)[;m]"),
                ({"TERM": "never-heard-of"}, rb"\x1b\[[\d;]*m", rb"\x1b\[[\d;]*38;[25];")):
            with self.subTest(env):
                terminal = self.console(**env)
                terminal.wait("open")
                terminal.keys("j")
                self.quit(terminal)
                self.assertRegex(terminal.bytes, has)
                if has_not:
                    self.assertNotRegex(terminal.bytes, has_not)

    def test_a_stretch_is_erased_where_the_terminal_can(self):
        """A real VT100 has no ECH: what should be gone would stay."""
        for term, can in (("vt100", False), ("vt220", True), ("linux", True), ("xterm-256color", True)):
            with self.subTest(term):
                terminal = self.console(TERM=term)
                at = terminal.wait("open")
                # Each view is drawn before the next key: two keys in one frame would have nothing to erase.
                for key, sight in (("\r", "Why"), ("q", "level"), ("?", "Keys"), ("q", "level"), ("\x0c", "CENTINELA")):
                    terminal.keys(key)
                    at = terminal.wait(sight, since=at)
                self.quit(terminal)
                self.assertEqual(re.search(rb"\x1b\[\d*X", terminal.bytes) is not None, can)

    def test_a_terminal_that_cannot_is_refused_in_a_sentence(self):
        for term in ("dumb", "", None):
            env = self.place.environment(TERM=term)
            if term is None:
                del env["TERM"]
            terminal = harness.Terminal(self.place, ["console", "--store", self.place.store, "--lang", "en"], env=env)
            self.assertEqual(terminal.wait_end(), 1)
            self.assertRegex(terminal.said(), r"^centinela: TERM says .*\n$")
            self.assertEqual(terminal.bytes, b"")
            self.assertEqual(terminal.modes_now(), terminal.before)

    def test_without_utf8_there_is_ascii(self):
        for env in ({"LANG": "C"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX", "LANG": "C.UTF-8"}):
            with self.subTest(env):
                terminal = self.console("--lang", "es", **env)
                terminal.wait(re.compile(rb"3 Puntajes.*CRIT", re.S))
                for key in ("\r", "q", "?", "q", "L", "q", "S", "q", "c"):
                    terminal.keys(key)
                terminal.wait("Cerrar como")
                terminal.keys("q")
                self.quit(terminal)
                self.assertNotRegex(terminal.bytes, rb"[\x80-\xff]")

    def test_neither_input_nor_output_need_be_the_terminal(self):
        """It opens /dev/tty; without one it says so and writes nothing."""
        for words in ([], ["console"]):
            done = subprocess.run([harness.PROGRAM, *words, "--store", self.place.store, "--lang", "en"],
                stdin=subprocess.DEVNULL, capture_output=True, env=self.place.environment(),
                start_new_session=True, timeout=harness.DEADLINE)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertRegex(done.stderr.decode(), r"^centinela: cannot open /dev/tty: .*needs a terminal\n$")


class Profile(Console):
    """A person, from the store to the screen and back."""

    def test_who_it_is_and_whom_it_calls(self):
        terminal = self.console(rows=100, cols=160)
        terminal.wait("open")
        terminal.keys("3p")
        terminal.wait("by hour and day of the week")
        terminal.wait(re.compile(rb"The last day of records|Today, ", re.S))
        terminal.wait("Last calls")
        terminal.keys("G\r")
        terminal.wait("raw record")  # the call, with the keys of its place
        terminal.keys("P")
        terminal.wait("Our people")
        terminal.keys("qqq")
        self.quit(terminal)


class Attention(Console):
    """Being called when one looks elsewhere."""

    def escalated(self, terminal):
        """A high alert becomes critical, by another hand; what was written since."""
        alert = next(a for a in self.place.run("alerts", "--json").json() if a["severity"] == "high")
        at = len(terminal.bytes)
        self.assertEqual(self.place.run("alerts", "escalate", str(alert["id"]), "--note", "worse").code, 0)
        terminal.wait(re.compile(rb"\x1b\[1;\d+H"), at)  # the counts of the header
        return at

    def test_the_title_and_the_bell(self):
        terminal = self.console()
        terminal.wait("open")
        at = terminal.wait(re.compile("\x1b]2;▲\\d+ ◆\\d+ Centinela\x07".encode()))
        self.assertIn(b"\x1b[22;2t", terminal.bytes)
        self.assertNotIn(b"\x07", terminal.bytes[at:])
        self.escalated(terminal)
        terminal.wait(re.compile(rb"\x1b]2;[^\x07]*\x07\x07"), at)  # and the bell
        self.quit(terminal)
        self.assertIn(b"\x1b[23;2t", terminal.bytes[-300:])

    def test_none_where_it_is_not_wanted_or_not_known(self):
        quiet = self.place.file("quiet.yaml", "console:\n  attention: ''\n")
        for words, env in ((("--config", quiet), {}), ((), {"TERM": "linux"}), ((), {"TERM": "vt100"})):
            terminal = self.console(*words, **env)
            terminal.wait("open")
            at = self.escalated(terminal)
            if not words:
                terminal.wait(b"\x07", at)  # a bell has every terminal
            self.quit(terminal)
            self.assertNotIn(b"\x1b]", terminal.bytes)
            self.assertEqual(b"\x07" in terminal.bytes, not words)

    def test_a_wrong_word_is_a_sentence(self):
        config = self.place.file("horn.yaml", "console:\n  attention: horn\n")
        terminal = self.console("--config", config)
        self.assertEqual(terminal.wait_end(), 2)
        self.assertIn("horn", terminal.said())
        self.assertEqual(terminal.bytes, b"")


class Places(Console):
    """A site, a trunk and a device are known by their calls."""

    def test_from_a_call_to_its_trunk_its_site_and_somebody_of_it(self):
        command = "'%s' console --store '%s' --lang en" % (harness.PROGRAM, self.place.store)
        terminal = harness.Tmux(self.place, command, 120, 36)
        try:
            terminal.wait("4 Queue")
            terminal.keys("L")
            terminal.wait("no filter")
            terminal.keys("/")
            terminal.type('trunk == "GW_Bogota"')
            terminal.keys("Enter")
            terminal.wait("trunk ==", "Colombia")
            terminal.keys("Enter")
            terminal.wait(r"\d legs?")
            terminal.keys("v", "t")
            terminal.wait("Trunk  GW_Bogota", "Who stands out", r"\(estimate\)")
            terminal.keys("v", "s")
            terminal.wait("Site  Colombia", "Who stands out")
            terminal.keys("v", "p")
            terminal.wait("Person  ")
            terminal.keys("c")
            terminal.wait("user.id ==")
            for title in ("Person  ", "Site  Colombia", "Trunk  GW_Bogota", r"\d legs?", "no filter"):
                terminal.keys("q")
                terminal.wait(title)
        finally:
            terminal.kill()


class Ends(Console):
    """However it ends."""

    def test_by_every_key(self):
        for key in ("Q", "\x03", "\x1b[21~"):  # F10
            terminal = self.console()
            terminal.wait("open")
            self.quit(terminal, key)

    def test_by_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            terminal = self.console()
            terminal.wait("open")
            terminal.process.send_signal(number)
            self.assertIn(terminal.wait_end(), (0, -number, 128 + number))
            self.given_back(terminal)

    def died(self, terminal):
        def ended():
            terminal.drink()
            return terminal.process.poll() is not None
        harness.wait_for(ended, "the end")
        terminal.drink()
        return terminal.process.returncode

    def test_by_a_fault_of_its_own(self):
        """The terminal is given back, and a report says what was going on; to its user alone."""
        if harness.sanitized():
            self.skipTest("a sanitizer has its own way to tell")
        folder = self.place.file("data/centinela/reports")
        for number in (signal.SIGSEGV, signal.SIGABRT):
            terminal = self.console()
            terminal.wait("open")
            terminal.process.send_signal(number)
            self.assertEqual(self.died(terminal), -number)
            self.assertIn(GIVE_BACK, terminal.bytes)
            self.assertEqual(terminal.modes_now(), terminal.before)
            path = re.search(rb"report for its developers: (\S+)\r\n", terminal.bytes).group(1).decode()
            self.assertEqual(os.path.dirname(path), folder)
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
            with open(path) as f:
                said = f.read()
            self.assertIn("signal %d\n" % number, said)
            self.assertGreater(len(re.findall(r"^\S+\(.*\)\[0x", said, re.M)), 3, said)  # where it was
            os.remove(path)
        # Nowhere to write: it ends as well, and says nothing that is not so.
        config = self.place.file("nowhere.yaml", "console:\n  reports: ''\n")
        terminal = self.console("--config", config)
        terminal.wait("open")
        terminal.process.send_signal(signal.SIGABRT)
        self.assertEqual(self.died(terminal), -signal.SIGABRT)
        self.assertIn(GIVE_BACK, terminal.bytes)
        self.assertNotIn(b"report", terminal.bytes[-300:])

    def test_when_the_terminal_goes_away(self):
        """SIGHUP: at once, and the store is sound."""
        took = []
        for _ in range(3):
            terminal = self.console()
            terminal.wait("open")
            terminal.keys("x1C")  # something is on its way to the store
            since = time.monotonic()
            os.close(terminal.master)
            terminal.process.wait(harness.DEADLINE)
            took.append(time.monotonic() - since)
            harness.refuse_crash(terminal.said(), terminal.process.returncode)
            os.close(terminal.slave)
        harness.log("hung up: ended after %s ms" % " ".join("%.0f" % (1000 * s) for s in took))
        self.assertTrue(sound(self.place.store))
        self.assertIs(self.place.run("audit", "--json").json()["chain_holds"], True)

    def test_stopped_and_continued(self):
        terminal = self.console()
        terminal.wait("open")
        for _ in range(3):
            at = len(terminal.bytes)
            terminal.process.send_signal(signal.SIGTSTP)
            terminal.wait(GIVE_BACK, at)
            terminal.wait_stop()
            self.assertEqual(terminal.modes_now(), terminal.before)
            at = len(terminal.bytes)
            terminal.process.send_signal(signal.SIGCONT)
            terminal.wait(b"\x1b[?1049h", at)
            terminal.wait("CENTINELA", at)  # drawn anew
            self.assertNotEqual(terminal.modes_now(), terminal.before)
        self.assertFalse(terminal.modes_now()[3] & termios.ECHO)
        self.quit(terminal)

    def test_wrong_words_leave_the_terminal_alone(self):
        terminal = self.console("--frobnicate")
        self.assertEqual(terminal.wait_end(), 2)
        self.assertEqual(terminal.bytes, b"")
        self.assertEqual(len(terminal.said().strip().split("\n")), 1)

    def test_read_only_looks_and_does_not_act(self):
        before = self.place.sql("SELECT count(*), max(seq) FROM audit")
        terminal = self.console("--read-only")
        terminal.wait("READ ONLY")
        terminal.keys("C")
        since = terminal.wait("This console is read-only.")
        since = terminal.wait("commands", since)  # it has been read
        terminal.keys(":import\r")
        terminal.wait("This console is read-only.", since)
        self.quit(terminal)
        self.assertEqual(self.place.sql("SELECT count(*), max(seq) FROM audit"), before)

    def test_read_only_writes_from_no_door(self):
        records = self.place.file("r.jsonl", '{"Start time":"2026-10-06T15:00:00.000Z","Report ID":"ro1","Correlation ID":"c"}\n')
        before = self.place.sql("SELECT count(*) FROM legs")
        config = self.place.file("ro.yaml", "console: {read_only: true}\n")
        for words in (["import", records], ["sync", "--once"], ["alerts", "claim", "1"]):
            ran = self.place.run(*words, "--config", config)
            self.assertEqual(ran.code, 1, ran)
            self.assertIn("console.read_only is set", ran.err)
        self.assertEqual(self.place.sql("SELECT count(*) FROM legs"), before)


class Disk(Console):
    """A disk that is full, or may not be written, on a file system of its own."""

    def setUp(self):
        self.folder = self.place.file("disk")
        os.makedirs(self.folder, exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", self.folder], capture_output=True)
        if done.returncode != 0:
            self.skipTest("no file system may be mounted here: %s" % done.stderr.decode().strip())
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder])

    def fill(self):
        with open(self.folder + "/filler", "wb", buffering=0) as f:
            try:
                while True:
                    f.write(b"x" * 4096)
            except OSError:
                pass

    def test_import_on_a_full_disk(self):
        """One sentence, exit 1; with room the rest comes, and nothing twice. More
        than the disk holds even if all of it is still in the log at the end."""
        days = self.place.file("days")
        self.assertEqual(self.place.run("sim", "--export", days, "--days", "4", "--users", "300").code, 0)
        with open(days + "/cdrs.jsonl", "rb") as f:
            n = sum(1 for _ in f)
        store = self.folder + "/small.db"
        ran = self.place.run("import", days + "/cdrs.jsonl", "--store", store)
        self.assertEqual(ran.code, 1, ran)
        self.assertRegex(ran.err, r"^centinela: .*small\.db.*(full|failed).*\n$")
        subprocess.run(["mount", "-o", "remount,size=200m", self.folder], check=True)
        self.assertTrue(sound(store))
        ran = self.place.run("import", days + "/cdrs.jsonl", "--store", store, "--json")
        self.assertEqual(ran.code, 0, ran)
        counts = ran.json()
        self.assertEqual((counts["new"] + counts["seen"], counts["rejected"]), (n, 0))
        self.assertEqual(self.place.sql("SELECT count(*), count(DISTINCT report_id) FROM legs", store=store), [(n, n)])
        fresh = self.place.file("fresh.db")
        self.assertEqual(self.place.run("import", days + "/cdrs.jsonl", "--store", fresh).code, 0)
        for table in ("calls", "hours", "legs"):
            self.assertEqual(self.place.sql("SELECT count(*) FROM " + table, store=store),
                self.place.sql("SELECT count(*) FROM " + table, store=fresh), table)

    def test_console_on_a_full_disk(self):
        store = self.folder + "/full.db"
        shutil.copy(self.place.store, store)
        tmux = harness.Tmux(self.place, "'%s' console --lang en --store '%s' 2>'%s'" % (
            harness.PROGRAM, store, self.place.file("full.err")))
        tmux.wait(r"\d+ open")
        self.fill()
        tmux.keys("x", "1")  # each alert a row: of more than one is asked
        tmux.wait("Each alert is a row.")
        tmux.keys("g", "C")
        screen = tmux.wait(r"the disk of|Claimed")
        self.assertNotIn("Claimed", screen, "what was not stored is called done")
        tmux.keys("Enter")  # it lives, and shows
        id_ = re.search(r"#(\d+) · new", tmux.wait(r"#\d+ · new")).group(1)
        os.unlink(self.folder + "/filler")
        tmux.keys("C")
        tmux.wait(r"Claimed: #%s" % id_)
        # An undo that found no room can be asked for again.
        self.fill()
        tmux.keys("u")
        tmux.wait(r"the disk of")
        os.unlink(self.folder + "/filler")
        tmux.keys("u")
        tmux.wait(r"Undone")
        acts = [e["act"] for e in self.place.run("alerts", "show", id_, "--json", "--store", store).json()["timeline"]]
        self.assertEqual(acts[-2:], ["claim", "undo"])
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        self.assertTrue(sound(store))
        self.assertIs(self.place.run("audit", "--json", "--store", store).json()["chain_holds"], True)

    def test_store_that_may_not_be_written(self):
        store = self.folder + "/read.db"
        shutil.copy(self.place.store, store)
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)
        for words in (["alerts", "claim", "1"], ["import", "-"]):
            ran = self.place.run(*words, "--store", store)
            self.assertEqual(ran.code, 1, ran)
            self.assertRegex(ran.err, r"^centinela: .*read\.db.*\n$")
        subprocess.run(["mount", "-o", "remount,rw", self.folder], check=True)
        self.assertTrue(sound(store))


if __name__ == "__main__":
    harness.main()
