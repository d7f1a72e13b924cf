# SPDX-License-Identifier: Apache-2.0
"""What processes share beside the store: Webex's patience and one sign-in."""
import json
import sqlite3
import subprocess
import unittest

import harness

RECORDS = ("GET /v1/cdr_feed", "GET /v1/cdr_stream")


def holder(place):
    try:
        return place.sql("SELECT holder FROM lease")[0][0]
    except sqlite3.OperationalError:
        return ""  # not made yet


class Budget(unittest.TestCase):
    """Webex counts requests per token, whichever process they come from."""

    def test_budget_goes_with_the_lease(self):
        place = harness.Place()
        # A minute of Webex is six seconds here: longer than it takes to hand over.
        sim = harness.Simulator(place, "--users", "20", "--scenario", "quiet_day", "--speed", "10")
        config = sim.config(sync={"interval": "75s", "page_interval": "7500ms", "backfill": "2d",
            "clock_speed": 10, "clock_from": sim.where["real_base_ms"] // 1000})
        self.assertEqual(place.run("login", "--config", config).code, 0)

        def start():
            return place.start("sync", "--config", config, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def holds(process):
            return lambda: holder(place).endswith(":%d" % process.pid)
        first = start()
        harness.wait_for(holds(first), "the first to hold the lease")
        second = start()
        harness.wait_for(lambda: sim.asked(*RECORDS) > 0, "a request of the first")
        first.terminate()  # it has just asked: the next must wait a minute of Webex
        self.assertEqual(first.wait(harness.DEADLINE), 0)
        harness.wait_for(holds(second), "the second to hold the lease")
        asked = sim.asked(*RECORDS)
        harness.wait_for(lambda: sim.asked(*RECORDS) > asked, "a request of the second")
        second.terminate()  # … and so must whoever starts afresh
        self.assertEqual(second.wait(harness.DEADLINE), 0)
        third = start()
        harness.wait_for(lambda: sim.asked(*RECORDS) > asked + 1, "a request of the third")
        third.terminate()
        self.assertEqual(third.wait(harness.DEADLINE), 0)
        self.assertEqual(sim.status()["limited"], 0, "Webex had to say: too often")
        self.assertEqual(sim.stop(), 0)


class Once(unittest.TestCase):
    def test_once_beside_another_says_who_asks(self):
        place = harness.Place()
        sim = harness.Simulator(place, "--users", "20", "--scenario", "quiet_day", "--no-rate-limits")
        config = sim.config()
        self.assertEqual(place.run("login", "--config", config).code, 0)
        first = place.start("sync", "--since", "1d", "--config", config, stdout=subprocess.DEVNULL)
        harness.wait_for(lambda: holder(place).endswith(":%d" % first.pid), "the first to hold the lease")
        ran = place.run("sync", "--once", "--since", "1d", "--config", config)
        self.assertEqual(ran.code, 1, ran)
        self.assertEqual(ran.err, "centinela: %s syncs this store already (user@host:process); "
            "its progress is in centinela status\n" % holder(place))
        first.terminate()
        self.assertEqual(first.wait(harness.DEADLINE), 0)
        self.assertEqual(place.run("sync", "--once", "--since", "1d", "--config", config).code, 0)
        self.assertEqual(sim.stop(), 0)


class Token(unittest.TestCase):
    """One refresh token, used by all, lost by none."""

    def test_one_refresh_however_many_run(self):
        place = harness.Place()
        sim = harness.Simulator(place, "--users", "20", "--scenario", "quiet_day", "--token-life", "120",
            "--speed", "60", "--no-rate-limits")
        path = place.file("token.json")

        def token():
            with open(path) as f:
                return json.load(f)
        clock = {"clock_speed": 60, "clock_from": sim.where["real_base_ms"] // 1000}
        self.assertEqual(place.run("login", "--config", sim.config(sync=clock)).code, 0)
        # Each with a store of its own: both hold a lease, and both ask.
        configs = [sim.config("%d.yaml" % i, sync=clock, store=place.file("%d.db" % i)) for i in (1, 2, 3)]
        running = [place.start("sync", "--since", "1d", "--config", config, stdout=subprocess.DEVNULL,
            stderr=open(place.file("%d.err" % i), "wb")) for i, config in enumerate(configs)]
        before = sim.asked("POST /v1/access_token")
        seen = [token()]

        def enough():
            now = token()
            if now != seen[-1]:
                seen.append(now)
            return len(seen) > 5
        harness.wait_for(enough, "five refreshes", also=lambda: repr(seen[-1].keys()))
        for process in running:
            self.assertIsNone(process.poll(), "a sync ended by itself")
            process.terminate()
        for process in running:
            self.assertEqual(process.wait(harness.DEADLINE), 0)
        enough()
        # One request for each token that was ever there, though three waited
        # for it: a second use of the same refresh token would be refused.
        self.assertEqual(sim.asked("POST /v1/access_token") - before, len(seen) - 1)
        for key in ("access_token", "refresh_token"):
            self.assertEqual(len({t[key] for t in seen}), len(seen), key)
        for i in range(3):
            with open(place.file("%d.err" % i)) as f:
                self.assertNotRegex(f.read(), "login|refused|invalid")
        # The last one is good.
        ran = place.run("sync", "--once", "--since", "1d", "--config", configs[0])
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(sim.stop(), 0)


if __name__ == "__main__":
    harness.main()
