# SPDX-License-Identifier: Apache-2.0
"""A process whose packets vanish in the middle of a transaction, as when a cable is pulled: the
server lets go of what it held."""
import os
import subprocess
import unittest

import soak
from wires import Wire


@unittest.skipUnless(soak.has_server(), "PostgreSQL is not installed: apt-get install postgresql")
class Vanished(unittest.TestCase):
    def test_a_writer_whose_packets_vanish_keeps_the_others_for_half_a_minute_at_most(self):
        place = soak.ServerPlace()
        self.addCleanup(place.clean)
        folder = place.file("days")
        self.assertEqual(place.run("sim", "--export", folder, "--days", "2", "--users", "1000", "--seed", "5", store=False).code, 0)
        self.assertEqual(place.run("alerts", "new", "--title", "a", "--subject", "+573001112233").code, 0)
        wire = Wire(("127.0.0.1", place.port))
        self.addCleanup(wire.close)
        with open(place.file("import.err"), "w+b") as errors:
            imports = place.start("import", os.path.join(folder, "cdrs.jsonl"), "--store", "postgresql://centinela@127.0.0.1:%d/postgres" % wire.port,
                stdout=subprocess.DEVNULL, stderr=errors)
            soak.harness.wait_for(lambda: place.ask("SELECT 1 FROM legs LIMIT 1") and place.ask("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"),
                "an import in the middle of a transaction")
            wire.hole()
            soak.harness.wait_for(lambda: place.run("alerts", "note", "1", "--note", "b").code == 0, "another writer's turn")
            # It was not dead, and finds out by itself.
            self.assertEqual(imports.wait(soak.harness.DEADLINE), 1)
            errors.seek(0)
            self.assertRegex(errors.read().decode(), "broke off")


if __name__ == "__main__":
    soak.harness.main()
