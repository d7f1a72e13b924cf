# SPDX-License-Identifier: Apache-2.0
"""A service on a file, alone, killed again and again while it asks Webex and tells a receiver that
fails half of the time: test_soak_team.py has the rest."""
import unittest

import soak
import test_soak_team


class File(unittest.TestCase):
    def test_a_collector_that_is_killed(self):
        shift = test_soak_team.play(self, soak.FilePlace(), collectors=1, consoles=0, kill_every_s=4, cuts=1)
        self.assertGreater(shift.counts["killed active"] + shift.counts["killed otherwise"], 2)


if __name__ == "__main__":
    soak.harness.main()
