# SPDX-License-Identifier: Apache-2.0
"""Some minutes of what tests/bench/soak_team.py plays for a whole day, on a server: collectors that
are killed, a database that is restarted, wires that are cut, and analysts who act meanwhile."""
import unittest

import soak


def play(test, place, **how):
    shift = soak.Soak(place, 0.25, 40, users=100, faults="cut,malformed,duplicates", **how)
    test.addCleanup(shift.stop)
    shift.begin()
    shift.run()
    shift.end()
    shift.check(test)
    soak.harness.log(shift.figures())
    return shift


@unittest.skipUnless(soak.has_server(), "PostgreSQL is not installed: apt-get install postgresql")
class Team(unittest.TestCase):
    def test_two_collectors_and_two_consoles(self):
        shift = play(self, soak.ServerPlace(), collectors=2, consoles=2, kill_every_s=8, restarts=1, cuts=3)
        self.assertEqual(shift.counts["restarts immediate"], 1)
        self.assertGreater(shift.counts["acts confirmed"], 0)


if __name__ == "__main__":
    soak.harness.main()
