# SPDX-License-Identifier: Apache-2.0
"""Every fault of the simulator at once, and a kill -9 again and again: what is
in the store at the end is what Webex had, record for record.

KILLS=50 USERS=300 DAYS=14 is the long run; the default is for every day."""
import os
import random
import signal
import sqlite3
import subprocess
import time
import unittest

import harness
import truth
from truth import DAY, HOUR, ms

KILLS = int(os.environ.get("KILLS", "8"))
USERS = os.environ.get("USERS_SIMULATED", os.environ.get("USERS", "100"))
DAYS = int(os.environ.get("DAYS", "3"))
SEED = int(os.environ.get("SEED", "11"))
SPEED = 40
BASE = "2026-10-12T18:00:00Z"

BASE_MS = ms(BASE)
FROM_MS = BASE_MS - DAYS * DAY
EPOCH = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime((FROM_MS - DAY) // 1000))


class Sync(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        same = ["--seed", str(SEED), "--users", USERS, "--epoch", EPOCH, "--base", BASE]
        cls.truth_file = place.file("truth")
        ran = place.run("sim", "--export", cls.truth_file, "--days", str(DAYS + 3), "--faults", "all", *same)
        assert ran.code == 0, ran
        cls.sim = harness.Simulator(place, "--faults", "all", "--speed", str(SPEED), "--no-rate-limits",
            "--token-life", "1800", *same)
        cls.config = cls.sim.config(sync={"clock_speed": SPEED,
            "clock_from": cls.sim.where["real_base_ms"] // 1000})
        cls.sign_in()
        cls.kill_often()

    @classmethod
    def tearDownClass(cls):
        assert cls.sim.stop() == 0, cls.sim.said()

    @classmethod
    def sign_in(cls):
        for _ in range(8):  # a gateway's bad moment ends a sign-in; a person tries again
            ran = cls.place.run("login", "--config", cls.config)
            if ran.code == 0:
                return
        raise AssertionError(ran)

    @classmethod
    def rows(cls, statement):
        try:
            return cls.place.sql(statement)
        except sqlite3.OperationalError:
            return []  # not made yet

    @classmethod
    def progress(cls):
        """Grows with all that a sync writes."""
        if not os.path.exists(cls.place.store):
            return 0
        legs = cls.rows("SELECT count(*) FROM legs")
        windows = cls.rows("SELECT count(*) FROM windows")
        return (legs[0][0] if legs else 0) + (windows[0][0] if windows else 0)

    @classmethod
    def kill_often(cls):
        """Start, wait for a marker, kill; the marker is another each time."""
        rng = random.Random(SEED)
        cls.n_killed = cls.n_moved = 0
        for turn in range(KILLS):
            before = cls.progress()
            marker = rng.choice(["store", "lease", "log", "rows", "rows", "rows"])
            looks = rng.randrange(60)
            wal = cls.place.store + "-wal"
            size = os.path.getsize(wal) if os.path.exists(wal) else 0
            with open(cls.place.file("sync.err"), "w+b") as errors:
                sync = cls.place.start("sync", "--since", "%dd" % DAYS, "--config", cls.config,
                    stdout=subprocess.DEVNULL, stderr=errors)

                def look():
                    if sync.poll() is not None:
                        return True
                    if marker == "store":
                        return os.path.exists(cls.place.store)
                    if marker == "lease":
                        holder = cls.rows("SELECT holder FROM lease")
                        return holder and holder[0][0].endswith(":%d" % sync.pid)
                    if marker == "log":
                        return os.path.exists(wal) and os.path.getsize(wal) != size
                    errors.seek(0)
                    return cls.progress() > before or b"centinela login" in errors.read()
                harness.wait_for(look, "a sync that moves (%s)" % marker)
                for _ in range(looks):  # some instant after it
                    os.path.exists(wal)
                    sync.poll()
                sync.send_signal(signal.SIGKILL)
                code = sync.wait()
                errors.seek(0)
                said = errors.read().decode("utf-8", "replace")
            harness.refuse_crash(said, 0)
            assert code == -signal.SIGKILL, "the sync ended by itself with %d: %s" % (code, said)
            cls.n_killed += 1
            cls.n_moved += cls.progress() > before
            if "centinela login" in said:
                cls.sign_in()
            if turn > 0:  # the first time the next one waits it out
                cls.end_lease()

    @classmethod
    def end_lease(cls):
        """The dead one's ten seconds are over."""
        if not os.path.exists(cls.place.store):
            return
        db = sqlite3.connect(cls.place.store, timeout=30)
        try:
            db.execute("UPDATE lease SET until_ms = 0")
            db.commit()
        except sqlite3.OperationalError:
            pass  # killed before the tables were there
        finally:
            db.close()

    @classmethod
    def finish(cls):
        for _ in range(4):  # a refresh token that is called expired needs a person
            ran = cls.place.run("sync", "--once", "--since", "%dd" % DAYS, "--config", cls.config,
                timeout=4 * harness.DEADLINE)
            if ran.code == 0:
                return ran
            assert "login" in ran.err, ran
            cls.sign_in()
        raise AssertionError(ran)

    def test_store_equals_the_export(self):
        self.assertEqual(self.n_killed, KILLS)
        self.assertGreater(self.n_moved, KILLS // 4, "the kills never met a sync at work")
        self.finish()
        # All that had arrived; a late one arrives six hours after its call.
        wanted = truth.Truth(self.truth_file, ms(EPOCH), FROM_MS, BASE_MS - 7 * HOUR)
        self.assertGreater(len(wanted.due), 500)
        wanted.agrees(self, self.place)
        self.nothing_new()

    def nothing_new(self):
        """The same again adds nothing of before."""
        count = "SELECT count(*), count(DISTINCT report_id) FROM legs WHERE id < %d" % ((BASE_MS - 7 * HOUR) << 20)
        before = self.place.sql(count)
        self.finish()
        self.assertEqual(self.place.sql(count), before)


if __name__ == "__main__":
    harness.main()
