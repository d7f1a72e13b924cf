# SPDX-License-Identifier: Apache-2.0
"""A store goes from a file to a server and back, killed on the way each time: it goes on where it
ended, and in the end all three say the same. tests/bench/bench_move.py does it with a million calls."""
import hashlib
import os
import re
import signal
import sqlite3
import subprocess
import time
import unittest

import harness
from soak import ServerPlace, has_server

SAID = ("export calls", "export legs", "export alerts", "audit --json --limit 10000")


def fill(place, days, users):
    """A store that is a file, with records and what people did; its path."""
    path, folder = place.file("first.db"), place.file("days")
    # Through a pipe: a million calls would be five gigabytes in between.
    os.mkdir(folder)
    os.mkfifo(os.path.join(folder, "cdrs.jsonl"))
    days = place.start("sim", "--export", folder, "--days", str(days), "--users", str(users), "--seed", "5", "--epoch", "2026-07-06T00:00:00Z",
        stdout=subprocess.DEVNULL)
    ran = place.run("import", os.path.join(folder, "cdrs.jsonl"), "--store", path, timeout=3600)
    assert (ran.code, days.wait()) == (0, 0), ran
    for words in (["claim"], ["note", "--note", "said by «ana»; it's \\ odd"], ["close", "--resolution", "legitimate"]):
        ran = place.run("alerts", words[0], "--filter", "score >= 0", *words[1:], "--store", path)
        assert ran.code == 0, ran
    return path


def begun(address, place):
    """Are there calls in the store at an address by now?"""
    if address.startswith("postgresql:"):
        return bool(place.ask("SELECT 1 FROM calls LIMIT 1"))
    try:
        return bool(place.sql_file("SELECT 1 FROM calls LIMIT 1", address))
    except sqlite3.OperationalError:  # not made yet
        return False


class Mover:
    """`store migrate` until it has ended well, killed n times once calls are there."""

    def __init__(self, place, source, target, n_kills):
        self.place, self.words, self.target, self.n_kills = place, ["store", "migrate", "--from", source, "--to", target], target, n_kills
        self.seconds, self.peak_mb, self.n_killed, self.tables = [], 0.0, 0, {}

    def run(self, after_s=0.0):
        while True:
            began = time.monotonic()
            with open(self.place.file("moved"), "w+b") as out, open(self.place.file("moved.err"), "w+b") as errors:
                process = self.place.start(*self.words, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
                killed = False
                while process.poll() is None:
                    self.weigh(process)
                    if self.n_killed < self.n_kills and time.monotonic() - began > after_s and begun(self.target, self.place):
                        process.send_signal(signal.SIGKILL)
                        killed = process.wait() == -signal.SIGKILL
                        break
                    harness.breathe(0.02)
                self.seconds.append(time.monotonic() - began)
                out.seek(0)
                said = out.read().decode()
                errors.seek(0)
                told = errors.read().decode("utf-8", "replace")
            if killed:
                self.n_killed += 1
                continue
            assert process.returncode == 0, told + said
            assert "Both stores hold the same." in said, said
            self.tables = {name: (int(n), digest) for name, n, digest in re.findall(r"^(\w+) +(\d+)  ([0-9a-f]{16})$", said, re.M)}
            return self

    def weigh(self, process):
        try:
            with open("/proc/%d/status" % process.pid) as f:
                found = re.search(r"VmHWM:\s+(\d+)", f.read())
        except OSError:
            return
        self.peak_mb = max(self.peak_mb, int(found.group(1)) / 1024 if found else 0)


def told(place, address, question):
    """A digest of all that a store says to a question, and its bytes."""
    process = subprocess.Popen([harness.PROGRAM, *question.split(), "--store", address], stdout=subprocess.PIPE, env=place.environment(), cwd=place.path)
    digest, n = hashlib.sha256(), 0
    for piece in iter(lambda: process.stdout.read(1 << 20), b""):
        digest.update(piece)
        n += len(piece)
    assert process.wait() == 0, question
    return digest.hexdigest(), n


class MovePlace(ServerPlace):
    """A server, and files beside it."""

    def sql_file(self, statement, path):
        return harness.Place.sql(self, statement, store=path)


@unittest.skipUnless(has_server(), "PostgreSQL is not installed: apt-get install postgresql")
class ThereAndBack(unittest.TestCase):
    def test_killed_on_the_way_it_goes_on_and_nothing_differs(self):
        place = MovePlace()
        self.addCleanup(place.clean)
        first, server, back = fill(place, 2, 120), place.store, place.file("back.db")
        there = Mover(place, first, server, 1).run()
        again = Mover(place, server, back, 1).run()
        self.assertGreater(there.n_killed + again.n_killed, 0)
        self.assertEqual(there.tables, again.tables)
        self.assertGreater(there.tables["legs"][0], 1000)
        for question in SAID:
            digests = [told(place, address, question) for address in (first, server, back)]
            self.assertGreater(digests[0][1], 1000, question)
            self.assertEqual(digests, [digests[0]] * 3, question)


if __name__ == "__main__":
    harness.main()
