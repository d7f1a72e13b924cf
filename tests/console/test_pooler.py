# SPDX-License-Identifier: Apache-2.0
"""What doctor says of a store: that it opens and is of today, in a file and on a server; and that
a pooler which gives each transaction another connection stands before it."""
import os
import shutil
import subprocess
import unittest

import harness
import soak

POOLER = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


def checks(place, store):
    ran = place.run("doctor", "--offline", "--json", "--store", store, "--lang", "en")
    return {check["name"]: check for check in ran.json()["checks"]}


class Doctor(unittest.TestCase):
    def opens(self, place):
        self.addCleanup(place.clean)
        self.assertEqual(place.run("alerts", "new", "--title", "a", "--subject", "+573001112233").code, 0)
        found = checks(place, place.store)
        self.assertEqual(found["store"]["status"], "ok", found["store"])
        self.assertNotIn("store_pooler", found)
        return place

    def test_a_file_opens(self):
        self.opens(soak.FilePlace())

    @unittest.skipUnless(soak.has_server(), "PostgreSQL is not installed: apt-get install postgresql")
    def test_a_server_opens(self):
        self.opens(soak.ServerPlace())

    @unittest.skipUnless(soak.has_server() and POOLER, "PgBouncer is not installed: apt-get install pgbouncer")
    def test_a_pooler_of_transactions_is_told_from_one_of_sessions(self):
        place = self.opens(soak.ServerPlace())
        os.chmod(place.path, 0o711)
        for mode in ("session", "transaction"):
            port = harness.free_port()
            config = place.file(mode + ".ini", """
[databases]
* = host=127.0.0.1 port=%d user=centinela
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = %s
""" % (place.port, port, mode), mode=0o644)
            words = ["-u", "nobody"] if os.getuid() == 0 else []
            log = open(place.file(mode + ".log"), "wb")
            self.addCleanup(log.close)
            pooler = subprocess.Popen([POOLER, *words, config], stdout=log, stderr=log)
            place.processes.append(pooler)
            store = "postgresql://centinela@127.0.0.1:%d/postgres" % port
            harness.wait_for(lambda: checks(place, store)["store"]["status"] == "ok", "the pooler's door")
            self.assertEqual("store_pooler" in checks(place, store), mode == "transaction")
            pooler.terminate()
            pooler.wait()


if __name__ == "__main__":
    harness.main()
