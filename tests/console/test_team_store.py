# SPDX-License-Identifier: Apache-2.0
"""Two processes on one store that is a PostgreSQL: what test_two_consoles.py
asks of a file, at a server's pace; and a server that goes and comes back."""
import os
import re
import signal
import socket
import subprocess
import unittest

import harness
import test_two_consoles

SERVER = os.path.join(harness.SOURCE, "tests", "postgres.sh")


class Place(harness.Place):
    """A place whose store is on a server of its own."""

    def __init__(self):
        super().__init__()
        self.server = "/tmp/centinela-pg-team-%d-%d" % (os.getpid(), id(self) % 9973)
        self.do("start")
        self.store = "postgresql:///postgres?host=%s&user=centinela" % self.server

    def do(self, act):
        subprocess.run(["bash", SERVER, act, self.server], check=True)

    def sql(self, statement, *parameters, store=None):
        said = subprocess.run(["psql", "-XAt", "-F", "\x1f", "-h", self.server, "-U", "centinela", "-d", "postgres",
            "-c", statement], capture_output=True, text=True)
        if said.returncode != 0:
            return [("",)]  # not made yet
        return [tuple(int(word) if word.isdigit() else word for word in line.split("\x1f")) for line in said.stdout.splitlines()]

    def clean(self):
        super().clean()
        if os.path.isdir(self.server):
            self.do("stop")


class Lease(test_two_consoles.Lease):
    make_place = Place


class Answers(unittest.TestCase):
    """Whatever is asked on the command line, both engines say the same."""
    QUESTIONS = ("alerts list --all --json", "alerts list --all --filter rule~a", "alerts show {alert} --json", "calls list --limit 300 --json",
        "calls list --filter number~37 --limit 50", "calls show {call}", "scores --json", "locations --json", "people --json", "report --since 20000d --json",
        "report --since 20000d", "report handover --since 20000d --format json", "export calls", "export legs", "export alerts", "export calls --format csv",
        "export case {alert}", "rules report --since 20000d", "rules replay --since 20000d", "rules tune {alert} --since 20000d", "rehearse wangiri",
        "audit --json", "silences list --all", "silences try --filter rule~a", "status --json")

    def test_what_moved_answers_as_before(self):
        place = Place()
        server, place.store = place.store, place.file("test.db")
        folder = place.file("days")
        self.assertEqual(place.run("sim", "--export", folder, "--days", "3", "--users", "80", "--seed", "5", "--epoch", "2026-10-05T00:00:00Z").code, 0)
        self.assertEqual(place.run("import", os.path.join(folder, "cdrs.jsonl")).code, 0)
        ran = place.run("store", "migrate", "--to", server)
        self.assertIn("Both stores hold the same.", ran.out, ran)
        self.assertEqual(place.run("store", "migrate", "--to", server).code, 1)
        ids = {"alert": place.run("alerts", "list", "--json").json()[0]["id"], "call": place.run("calls", "list", "--json").json()[0]["id"]}
        for question in self.QUESTIONS:
            words = question.format(**ids).split()
            answers = [place.run(*words, "--store", store) for store in (place.store, server)]
            said = [re.sub(r"[0-9]{4}-[0-9-]{5}[T ][0-9:.]+Z", "", answer.out) if "report" in question else answer.out for answer in answers]
            self.assertEqual((answers[0].code, answers[0].err), (answers[1].code, answers[1].err), question)
            self.assertEqual(answers[0].code, 0, answers[0])
            self.assertEqual(said[0], said[1], question)
        place.clean()


class Outage(unittest.TestCase):
    def test_the_console_says_so_keeps_showing_and_comes_back(self):
        place = Place()
        folder = place.file("days")
        self.assertEqual(place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5").code, 0)
        self.assertEqual(place.run("import", os.path.join(folder, "cdrs.jsonl")).code, 0)
        alert = place.run("alerts", "list", "--json").json()[0]["id"]
        config = place.file("c.yaml", "store: %s\n" % place.store)
        screen, _ = test_two_consoles.console(place, config)
        screen.wait(r"4 Queue .* \d+ open")
        before = place.sql("SELECT count(*) FROM audit")
        screen.keys("4", "x", "1")
        screen.wait("Each alert is a row")
        place.do("end")
        self.assertRegex(screen.wait(r"store fails"), r"4 Queue .* \d+ open")
        # An act is refused, not kept for later.
        screen.keys("C")
        screen.wait(r"broke off|does not answer")
        self.assertNotEqual(place.run("alerts", "claim", alert).code, 0)
        place.do("restart")
        screen.wait(r"store fails", gone=True)
        self.assertEqual(place.sql("SELECT count(*) FROM audit"), before)
        self.assertEqual(place.run("alerts", "claim", alert).code, 0)
        screen.wait(r"4 Queue .* 1 mine")
        screen.keys("Q")
        self.assertEqual(screen.wait_end(), 0)
        place.clean()


class Stopped(unittest.TestCase):
    """A server that answered, and then does not, while its socket stands: nobody says so."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.clean)
        folder = self.place.file("days")
        self.assertEqual(self.place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5").code, 0)
        self.assertEqual(self.place.run("import", os.path.join(folder, "cdrs.jsonl")).code, 0)
        self.screen, self.pid = test_two_consoles.console(self.place, self.place.file("c.yaml", "store: %s\n" % self.place.store))
        self.addCleanup(self.screen.kill)
        self.screen.wait(r"4 Queue .* [1-9]\d* open")
        self.screen.keys("4", "x", "1")
        self.screen.wait("Each alert is a row")

    def signal(self, number):
        with open(os.path.join(self.place.server, "data", "postmaster.pid")) as f:
            server = int(f.readline())
        os.kill(server, number)  # first: halted, it makes no more of them
        for pid in subprocess.run(["pgrep", "-P", str(server)], capture_output=True, text=True).stdout.split():
            try:
                os.kill(int(pid), number)
            except ProcessLookupError:
                pass  # it had ended

    def halt(self):
        self.signal(signal.SIGSTOP)
        self.addCleanup(self.signal, signal.SIGCONT)

    def test_it_is_said_nothing_is_kept_for_later_and_it_comes_back(self):
        before = self.place.sql("SELECT count(*) FROM audit")
        self.halt()
        self.assertRegex(self.screen.wait(r"store fails"), r"4 Queue .* \d+ open")
        self.screen.keys("C")
        self.screen.wait(r"does not answer: nothing of this was done")
        self.screen.keys("?")
        self.screen.wait(r"On alerts")
        self.screen.keys("Escape")
        self.signal(signal.SIGCONT)
        self.screen.wait(r"store fails", gone=True)
        self.assertEqual(self.place.sql("SELECT count(*) FROM audit"), before)
        self.screen.keys("C")
        self.screen.wait(r"4 Queue .* 1 mine")
        self.screen.keys("Q")
        self.assertEqual(self.screen.wait_end(), 0)

    def test_who_leaves_is_not_held(self):
        self.halt()
        self.screen.wait(r"store fails")
        self.screen.keys("Q")
        self.assertEqual(self.screen.wait_end(), 1)
        with open(self.place.file("main.err")) as f:
            self.assertIn("does not answer", f.read())


class Silence(unittest.TestCase):
    """A server that takes a connection and says nothing: no key waits for it."""

    def setUp(self):
        self.place = Place()
        folder = self.place.file("days")
        self.assertEqual(self.place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5").code, 0)
        self.assertEqual(self.place.run("import", os.path.join(folder, "cdrs.jsonl")).code, 0)
        # Where the console looks for it, first somebody else is.
        self.door = self.place.server + "-door"
        os.mkdir(self.door)
        self.path = os.path.join(self.door, ".s.PGSQL.5432")
        self.silent = socket.socket(socket.AF_UNIX)
        self.silent.bind(self.path)
        self.silent.listen(16)
        config = self.place.file("c.yaml", "store: postgresql:///postgres?host=%s&user=centinela\n" % self.door)
        self.screen, _ = test_two_consoles.console(self.place, config)

    def tearDown(self):
        self.screen.keys("Q")
        self.assertEqual(self.screen.wait_end(), 0)
        self.silent.close()
        os.unlink(self.path)
        os.rmdir(self.door)
        self.place.clean()

    def answer(self):
        """The server itself stands there now, and who waits is sent away."""
        os.unlink(self.path)
        os.symlink(os.path.join(self.place.server, ".s.PGSQL.5432"), self.path)
        self.silent.setblocking(False)
        while True:
            try:
                self.silent.accept()[0].close()
            except BlockingIOError:
                return

    def test_keys_are_answered_and_the_console_says_what_it_waits_for(self):
        self.screen.wait(r"store fails")
        for _ in range(3):
            self.screen.keys("?")
            self.screen.wait(r"On alerts")
            self.screen.keys("Escape")
            self.screen.wait(r"4 Queue")
        self.screen.keys("S")
        self.screen.wait(r"has not answered yet|does not answer")

    def test_when_it_answers_everything_is_there(self):
        self.screen.wait(r"store fails")
        self.answer()
        self.screen.wait(r"store fails", gone=True)
        self.screen.wait(r"4 Queue .* [1-9]\d* open")
        self.screen.keys("4", "x", "1", "C")
        self.screen.wait(r"4 Queue .* \d+ mine")


if __name__ == "__main__":
    harness.main()
