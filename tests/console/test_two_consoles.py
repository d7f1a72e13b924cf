# SPDX-License-Identifier: Apache-2.0
"""Two processes on one store: one asks Webex, the other follows and takes
over; of two who claim, one wins, and the other is told who."""
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import time
import unittest

import harness

RECORDS = ("GET /v1/cdr_feed", "GET /v1/cdr_stream")
STRANGER = "nobody"  # an OS user beside the one who runs the tests


def me():
    return subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()


def holder(place):
    try:
        return place.sql("SELECT holder FROM lease")[0][0]
    except sqlite3.OperationalError:
        return ""  # not made yet


def connections(pid, port):
    """How many TCP connections the process has to that port of this machine."""
    ours = set()
    for fd in os.listdir("/proc/%d/fd" % pid):
        try:
            found = re.match(r"socket:\[(\d+)\]", os.readlink("/proc/%d/fd/%s" % (pid, fd)))
        except OSError:
            continue
        if found:
            ours.add(found.group(1))
    n = 0
    with open("/proc/%d/net/tcp" % pid) as f:
        for line in f.read().splitlines()[1:]:
            word = line.split()
            n += word[9] in ours and int(word[2].split(":")[1], 16) == port
    return n


def console(place, config, name="main", cols=120, rows=36):
    """A console in tmux; its process."""
    tmux = harness.Tmux(place, "'%s' console --config '%s' --lang en 2>'%s'" % (
        harness.PROGRAM, config, place.file(name + ".err")), cols, rows)
    tmux.wait(r"CENTINELA")
    return tmux, tmux.pid()


class Lease(unittest.TestCase):
    """One asks and the other follows, as two consoles of one analyst do."""
    make_place = harness.Place

    @classmethod
    def setUpClass(cls):
        cls.place = place = cls.make_place()
        cls.sim = harness.Simulator(place, "--users", "60", "--seed", "5", "--speed", "60")  # a minute of Webex is a second
        cls.port = int(cls.sim.url.rsplit(":", 1)[1])
        cls.config = cls.sim.config(sync={"interval": "120s", "page_interval": "12s", "backfill": "1d",
            "clock_speed": 60, "clock_from": cls.sim.where["real_base_ms"] // 1000})
        ran = place.run("login", "--config", cls.config)
        assert ran.code == 0, ran

    @classmethod
    def tearDownClass(cls):
        assert cls.sim.stop() == 0

    def windows(self):
        return self.place.sql("SELECT count(*) FROM windows")[0][0]

    def records_asked(self):
        return self.sim.asked(*RECORDS)

    def figures(self, follower):
        """From an act that was committed to the follower's screen, in seconds."""
        took = []
        for alert in self.place.run("alerts", "list", "--json").json()[:5]:
            self.assertEqual(self.place.run("alerts", "claim", alert["id"]).code, 0)
            since = time.monotonic()
            follower.wait(r"4 Queue .* %d mine" % (len(took) + 1))
            took.append(time.monotonic() - since)
        return took

    def test_one_asks_the_other_follows_and_takes_over(self):
        first, first_pid = console(self.place, self.config, "first")
        harness.wait_for(lambda: holder(self.place).endswith(":%d" % first_pid), "the first to hold the lease")
        second, second_pid = console(self.place, self.config, "second")
        second.wait(r"following")
        # Who asks: the first has connections to Webex, the second never one.
        begun = self.records_asked()

        def asked_by_the_first():
            self.assertEqual(connections(second_pid, self.port), 0, "the one who follows asks Webex")
            return self.records_asked() >= begun + 3 and connections(first_pid, self.port) > 0
        harness.wait_for(asked_by_the_first, "requests of the first")
        first.wait(r"following", gone=True)
        # What the first committed is on the second's screen.
        second.wait(r"4 Queue .* \d+ open")
        took = self.figures(second)
        harness.log("followed after %s s (median %.2f)" % (
            " ".join("%.2f" % s for s in took), statistics.median(took)))
        self.assertEqual(len(took), 5)
        self.assertEqual(connections(second_pid, self.port), 0)
        # The first dies where it stands.
        windows = self.windows()
        os.kill(first_pid, signal.SIGKILL)
        since = time.monotonic()
        harness.wait_for(lambda: holder(self.place).endswith(":%d" % second_pid), "the second to hold the lease")
        harness.log("took over after %.1f s" % (time.monotonic() - since))
        harness.wait_for(lambda: self.windows() > windows and connections(second_pid, self.port) > 0,
            "a window that the second asked for")
        second.wait(r"following", gone=True)
        # Orderly ends: the lease is given back, and nobody waits.
        second.keys("Q")
        code = second.wait_end()
        for name in ("first", "second"):
            with open(self.place.file(name + ".err")) as f:
                self.assertEqual(f.read(), "")
        self.assertEqual(code, 0)
        self.assertEqual(self.place.sql("SELECT until_ms FROM lease"), [(0,)])
        self.assertEqual(self.sim.status()["limited"], 0, "Webex had to say: too often")
        n, n_different = self.place.sql("SELECT count(*), count(DISTINCT report_id) FROM legs")[0]
        self.assertEqual(n, n_different, "a record is there twice")
        self.assertIs(self.place.run("audit", "--json").json()["chain_holds"], True)


class Presence(unittest.TestCase):
    """Two consoles of one analyst: each sees what the other has open."""

    def test_who_looks_at_what_is_seen_within_a_second_or_so(self):
        place = harness.Place()
        folder = place.file("days")
        self.assertEqual(place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5").code, 0)
        self.assertEqual(place.run("import", folder + "/cdrs.jsonl").code, 0)
        command = "'%s' console --store '%s' --lang es 2>'%s'"
        first, second = (harness.Tmux(place, command % (harness.PROGRAM, place.store, place.file(name + ".err")), 80, 24)
                         for name in ("first", "second"))
        second.wait("4 Cola")
        first.wait("4 Cola", r"▸")
        first.keys("Enter")
        first.wait(r"#\d+ · ")
        since = time.monotonic()
        second.wait(r"◉")
        took = time.monotonic() - since
        harness.log("seen by the other after %.2f s" % took)
        second.keys("Enter")
        second.wait("◉ usted en otra consola está viendo esto")
        first.wait("◉ usted en otra consola está viendo esto")
        # Whoever goes is gone.
        first.keys("q")
        since = time.monotonic()
        second.wait("◉", gone=True)
        harness.log("gone after %.2f s" % (time.monotonic() - since))
        second.keys("Q")
        self.assertEqual(second.wait_end(), 0)
        harness.wait_for(lambda: place.sql("SELECT count(*) FROM viewers") == [(0,)], "nobody to look any more")
        first.keys("Q")
        self.assertEqual(first.wait_end(), 0)


class Race(unittest.TestCase):
    """Two reach for the same alert."""

    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        folder = place.file("days")
        assert place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5").code == 0
        assert place.run("import", folder + "/cdrs.jsonl").code == 0
        cls.ids = [a["id"] for a in place.run("alerts", "list", "--json").json()]
        cls.env = place.environment()
        cls.stranger = {}
        # Another person of this machine, with a right to the store.
        if os.getuid() == 0 and cls.can_be(STRANGER):
            cls.stranger = {"user": STRANGER, "group": "nogroup", "extra_groups": []}
            os.chmod(place.path, 0o777)
            for name in ("", "-wal", "-shm"):
                if os.path.exists(place.store + name):
                    os.chmod(place.store + name, 0o666)

    @classmethod
    def can_be(cls, user):
        try:
            return subprocess.run([harness.PROGRAM, "--version"], user=user, group="nogroup", extra_groups=[],
                capture_output=True, env=cls.env).returncode == 0
        except (OSError, LookupError, PermissionError):
            return False

    def setUp(self):
        if not self.stranger:
            self.skipTest("two OS users need root, and a build that %s may read" % STRANGER)

    def claim(self, id_, **who):
        return subprocess.Popen([harness.PROGRAM, "alerts", "claim", str(id_), "--store", self.place.store],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env, cwd="/", umask=0, **who)

    def one(self, id_):
        return self.place.run("alerts", "show", id_, "--json").json()

    def claims(self, id_):
        return [row["who"] for row in self.place.run("audit", "--json", "--limit", "10000").json()["rows"]
                if row["alert_id"] == id_ and row["act"] == "claim"]

    def test_of_two_claims_one_wins(self):
        won = {me(): 0, STRANGER: 0}
        for i, id_ in enumerate(self.ids[:8]):
            both = {me(): {}, STRANGER: self.stranger}
            order = sorted(both, reverse=bool(i % 2))
            racing = {who: self.claim(id_, **both[who]) for who in order}
            said = {who: process.communicate(timeout=harness.DEADLINE) for who, process in racing.items()}
            codes = {who: process.returncode for who, process in racing.items()}
            self.assertEqual(sorted(codes.values()), [0, 1], (codes, said))
            winner = next(who for who in codes if codes[who] == 0)
            loser = next(who for who in codes if codes[who] == 1)
            won[winner] += 1
            self.assertEqual(said[winner][1], b"")
            self.assertEqual(said[loser][1].decode(), "centinela: %s was first: alert %s is theirs\n" % (winner, id_))
            self.assertEqual(self.one(id_)["assignee"], winner)
            self.assertEqual(self.claims(id_), [winner])
        harness.log("won: %r" % won)

    def open(self, tmux, id_):
        """The alert, through the queue's filter."""
        tmux.wait("4 Queue")
        tmux.keys("/", "C-u")
        tmux.type("id = %s" % id_)
        tmux.keys("Enter")
        tmux.wait(r"/id = %s" % id_)
        tmux.keys("Enter")
        tmux.wait(r"#%s · " % id_)

    def test_console_against_command_line(self):
        tmux = harness.Tmux(self.place, "'%s' console --store '%s' --lang en 2>'%s'" % (
            harness.PROGRAM, self.place.store, self.place.file("race.err")), 80, 24)
        tmux.wait(r"4 Queue")
        second, first = self.ids[8:10]
        # The other is clearly first, and this screen may not know yet.
        self.open(tmux, first)
        other = self.claim(first, **self.stranger)
        self.assertEqual(other.communicate(timeout=harness.DEADLINE)[1], b"")
        tmux.keys("C")
        tmux.wait(r"%s was first" % STRANGER)
        self.assertEqual(self.one(first)["assignee"], STRANGER)
        self.assertEqual(self.place.run("alerts", "claim", first, "--lang", "es").err,
            "centinela: %s llegó primero: la alerta %s es suya\n" % (STRANGER, first))
        # Both at once: whoever it is, both sides say the same.
        tmux.keys("q")
        self.open(tmux, second)
        other = self.claim(second, **self.stranger)
        tmux.keys("C")
        screen = tmux.wait(r"%s was first|Claimed: #%s" % (STRANGER, second))
        sentence = other.communicate(timeout=harness.DEADLINE)[1].decode()
        winner = me() if "Claimed" in screen else STRANGER
        self.assertEqual(sentence, "" if winner == STRANGER else
            "centinela: %s was first: alert %s is theirs\n" % (winner, second))
        self.assertEqual(self.one(second)["assignee"], winner)
        self.assertEqual(self.claims(second), [winner])
        self.assertIs(self.place.run("audit", "--json").json()["chain_holds"], True)


if __name__ == "__main__":
    harness.main()
