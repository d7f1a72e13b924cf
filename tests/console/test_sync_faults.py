# SPDX-License-Identifier: Apache-2.0
"""Every fault of the simulator at once, and a kill -9 again and again: what is
in the store at the end is what Webex had, record for record.

KILLS=50 USERS=300 DAYS=14 is the long run; the default is for every day."""
import collections
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time
import unittest

import harness

KILLS = int(os.environ.get("KILLS", "8"))
USERS = os.environ.get("USERS_SIMULATED", os.environ.get("USERS", "100"))
DAYS = int(os.environ.get("DAYS", "3"))
SEED = int(os.environ.get("SEED", "11"))
SPEED = 40
BASE = "2026-10-12T18:00:00Z"
HOUR = 3600 * 1000
DAY = 24 * HOUR


def ms(text):
    """The wire's times, as ms since 1970."""
    date, fraction = text.rstrip("Z").split(".") if "." in text else (text.rstrip("Z"), "0")
    return (int(time.mktime(time.strptime(date, "%Y-%m-%dT%H:%M:%S"))) - time.timezone) * 1000 + int(
        fraction.ljust(3, "0")[:3])


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
        truth = {}
        with open(self.truth_file + "/cdrs.jsonl", "rb") as f:
            for line in f:
                line = line.rstrip(b"\n")
                report = re.search(rb'"Report ID": ?"([^"]+)"', line).group(1).decode()
                self.assertNotIn(report, truth)
                truth[report] = line
        stored = harness.stored_records(self.place)
        by_report = {report: raw for _, report, raw in stored}
        self.assertEqual(len(stored), len(by_report), "a record is there twice")

        # All that had arrived; a late one arrives six hours after its call.
        due = set()
        for report, line in truth.items():
            start, release = (re.search(rb'"%s": ?"([^"]*)"' % name, line).group(1).decode()
                              for name in (b"Start time", b"Release time"))
            if release and ms(start) >= FROM_MS + 3 * HOUR and ms(release) < BASE_MS - 7 * HOUR:
                due.add(report)
        self.assertGreater(len(due), 500)
        self.assertEqual(sorted(due - set(by_report)), [], "records are missing")
        unknown = [r for _, r, raw in stored if r not in truth and ms(json.loads(
            raw.decode("utf-8", "replace"))["Start time"]) >= ms(EPOCH) + 3 * HOUR]
        self.assertEqual(unknown, [], "records that Webex never had")
        for report in by_report.keys() & truth.keys():
            self.assertEqual(by_report[report], truth[report], "a record was changed")
        self.columns_agree(stored)
        self.sums_agree()
        self.calls_agree(stored)
        self.alerts_agree()
        self.nothing_new()

    def columns_agree(self, stored):
        columns = {row[0]: row[1:] for row in self.place.sql(
            "SELECT id, duration_s, report_ms, answer_ms, release_ms FROM legs")}
        for leg, _, raw in stored:
            record = json.loads(raw.decode("utf-8", "replace"))
            duration, report, answer, release = columns[leg]
            self.assertEqual(leg >> 20, ms(record["Start time"]))
            self.assertEqual(duration, record["Duration"])
            self.assertEqual(report, ms(record["Report time"]))
            self.assertEqual(answer, ms(record["Answer time"]) if record["Answer time"] not in ("", "NA") else None)
            self.assertEqual(release, ms(record["Release time"]) if record["Release time"] not in ("", "NA") else None)

    def sums_agree(self):
        """The hourly sums are those of the calls, whatever was killed between."""
        want = self.place.sql("""SELECT start_ms / 3600000, coalesce(location_id, 0), direction, count(*),
            sum(flags & 1), sum(talk_s), sum(cost_micro) FROM calls GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""")
        have = self.place.sql("""SELECT hour, location_id, direction, n_calls, n_answered, talk_s, cost_micro
            FROM hours WHERE n_calls != 0 ORDER BY 1, 2, 3""")
        self.assertEqual(have, want)
        self.assertEqual(self.place.sql("SELECT count(*) FROM hours WHERE n_calls = 0 AND (talk_s != 0 OR cost_micro != 0)"),
            [(0,)])

    def calls_agree(self, stored):
        legs_of = collections.Counter()
        for _, _, raw in stored:
            record = json.loads(raw.decode("utf-8", "replace"))
            legs_of[record["Correlation ID"]] += 1
        have = {}
        for correlation, n in self.place.sql("SELECT correlation, n_legs FROM calls"):
            h = correlation.hex()
            name = "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
            self.assertNotIn(name, have, "a call is there twice")
            have[name] = n
        self.assertEqual(have, dict(legs_of))
        self.assertEqual(self.place.sql(
            "SELECT count(*) FROM legs WHERE call_id NOT IN (SELECT id FROM calls)"), [(0,)])

    def alerts_agree(self):
        self.assertGreater(self.place.sql("SELECT count(*) FROM alerts")[0][0], 0)
        self.assertEqual(self.place.sql("""SELECT a.id FROM alerts a WHERE a.n_legs !=
            (SELECT count(*) FROM evidence e WHERE e.alert_id = a.id)"""), [])
        self.assertEqual(self.place.sql("SELECT count(*) FROM evidence WHERE leg_id NOT IN (SELECT id FROM legs)"), [(0,)])
        self.assertEqual(self.place.sql(
            "SELECT fingerprint FROM alerts WHERE rank > 0 GROUP BY fingerprint HAVING count(*) > 1"), [])
        audit = self.place.run("audit", "--json", "--limit", "10000")
        self.assertIs(audit.json()["chain_holds"], True)

    def nothing_new(self):
        """The same again adds nothing of before."""
        count = "SELECT count(*), count(DISTINCT report_id) FROM legs WHERE id < %d" % ((BASE_MS - 7 * HOUR) << 20)
        before = self.place.sql(count)
        self.finish()
        self.assertEqual(self.place.sql(count), before)


if __name__ == "__main__":
    harness.main()
