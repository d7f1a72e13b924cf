# SPDX-License-Identifier: Apache-2.0
"""What the tests of the whole program leave behind: nothing."""
import os
import shutil
import signal
import subprocess
import sys
import unittest

import harness


@unittest.skipUnless(harness.have("tmux"), "tmux is not there")
class Leavings(unittest.TestCase):
    @staticmethod
    def is_gone(pid):
        return not os.path.exists("/proc/%d" % pid)

    def test_a_place_that_is_cleaned_ends_its_terminals(self):
        place = harness.Place()
        servers = []
        for ended in (True, False):  # its program has ended, or goes on
            tmux = harness.Tmux(place, "true" if ended else "cat")
            if ended:
                self.assertEqual(tmux.wait_end(), 0)
            servers.append(int(tmux.ask("#{pid}")))
        for server in servers:
            self.assertFalse(self.is_gone(server))
        place.clean()
        for server in servers:
            harness.wait_for(lambda: self.is_gone(server), "the end of the terminal's server")
        self.assertFalse(os.path.exists(place.path))
        place.clean()  # as at the end of the test's process, once more

    def test_a_terminal_that_did_not_come_up_is_ended_too(self):
        class Broken(harness.Tmux):
            def resize(self, cols, rows):
                servers.append(int(self.ask("#{pid}")))
                raise AssertionError("no")
        place, servers = harness.Place(), []
        with self.assertRaises(AssertionError):
            Broken(place, "cat")
        self.assertFalse(self.is_gone(servers[0]))
        place.clean()
        harness.wait_for(lambda: self.is_gone(servers[0]), "the end of the terminal's server")


    def test_whoever_is_killed_leaves_no_server(self):
        child = subprocess.Popen([sys.executable, "-c", "import harness, sys\n"
            "place = harness.Place()\ntmux = harness.Tmux(place, 'cat')\n"
            "print(place.path, tmux.ask('#{pid}'), flush=True)\nsys.stdin.read()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=os.path.dirname(os.path.abspath(harness.__file__)))
        folder, server = child.stdout.readline().split()
        self.addCleanup(shutil.rmtree, folder)
        self.assertFalse(self.is_gone(int(server)))
        child.send_signal(signal.SIGKILL)
        child.wait(harness.DEADLINE)
        child.stdin.close()
        child.stdout.close()
        harness.wait_for(lambda: self.is_gone(int(server)), "the end of the terminal's server")


if __name__ == "__main__":
    harness.main()
