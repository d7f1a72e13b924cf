# SPDX-License-Identifier: Apache-2.0
"""Some minutes of what tests/bench/soak_team.py plays for a whole day: collectors that are killed, a
database that is restarted, wires that are cut, and analysts who act meanwhile. On a server with
consoles, and on a file with a collector alone."""
import unittest

import soak

FAULTS = "cut,malformed,duplicates"


class Team(unittest.TestCase):
    def play(self, place, **how):
        shift = soak.Soak(place, 0.25, 40, users=100, faults=FAULTS, **how)
        self.addCleanup(shift.stop)
        shift.begin()
        shift.run()
        shift.end()
        shift.check(self)
        soak.harness.log(shift.figures())
        return shift

    def test_a_file_and_a_collector_that_is_killed(self):
        shift = self.play(soak.FilePlace(), collectors=1, consoles=0, kill_every_s=4, cuts=1)
        self.assertGreater(shift.counts["killed active"] + shift.counts["killed otherwise"], 2)

    @unittest.skipUnless(soak.has_server(), "PostgreSQL is not installed: apt-get install postgresql")
    def test_a_server_two_collectors_and_two_consoles(self):
        shift = self.play(soak.ServerPlace(), collectors=2, consoles=2, kill_every_s=8, restarts=1, cuts=3)
        self.assertEqual(shift.counts["restarts immediate"], 1)
        self.assertGreater(shift.counts["acts confirmed"], 0)


if __name__ == "__main__":
    soak.harness.main()
