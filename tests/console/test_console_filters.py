# SPDX-License-Identifier: Apache-2.0
"""Filters in the real program: typed, completed, saved, and there the next time,
in the console and on the command line."""
import os
import shlex
import shutil
import unittest

import harness


@unittest.skipUnless(harness.have("tmux"), "no tmux")
class Filters(unittest.TestCase):
    def setUp(self):
        self.place = harness.Place()
        folder = self.place.file("days")
        assert self.place.run("sim", "--export", folder, "--days", "1", "--users", "60", "--seed", "5").code == 0
        assert self.place.run("import", folder + "/cdrs.jsonl").code == 0
        shutil.rmtree(folder)
        self.file = os.path.join(self.place.path, "config", "centinela", "filters.yaml")

    def console(self, *more):
        words = [harness.PROGRAM, "console", "--store", self.place.store, "--lang", "en", *more]
        tmux = harness.Tmux(self.place, shlex.join(words), 120, 36)
        self.addCleanup(tmux.kill)
        tmux.wait("4 Queue")
        return tmux

    def quit(self, tmux):
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def test_a_filter_is_saved_and_stands_by_its_name_everywhere(self):
        tmux = self.console()
        tmux.type("/seve")
        tmux.wait(r"filter: seve\s*\n\s+severity")
        tmux.keys("Tab")
        tmux.type(">= h")
        tmux.keys("Tab")
        tmux.wait(r"filter: severity >= high")
        tmux.keys("C-s")
        tmux.wait(r"save the filter as @", r"4 Queue.*/severity >= high")
        tmux.type("worst")
        tmux.keys("Enter")
        tmux.wait(r"Saved: @worst")
        self.quit(tmux)  # what was promised is done before the end
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)
        with open(self.file) as f:
            self.assertIn('"worst": "severity >= high"', f.read())
        tmux = self.console()
        tmux.type("/@wo")
        tmux.keys("Tab", "Enter")
        tmux.wait(r"4 Queue.*/@worst")
        self.quit(tmux)
        by_name = self.place.run("alerts", "--json", "--filter", "@worst and state = new").json()
        self.assertTrue(by_name)
        self.assertEqual(by_name, self.place.run("alerts", "--json", "--filter", "severity >= high and state = new").json())
        ran = self.place.run("calls", "--filter", "@worst")
        self.assertEqual((ran.code, ran.err), (2, "centinela: @worst: there is no field severity (character 1 of the filter: @worst)\n"))
        ran = self.place.run("calls", "--filter", "@nosuch")
        self.assertEqual((ran.code, ran.err), (2, "centinela: there is no saved filter @nosuch (character 1 of the filter: @nosuch)\n"))

    def test_a_view_begins_with_its_filter(self):
        os.makedirs(os.path.dirname(self.file))
        config = os.path.join(os.path.dirname(self.file), "centinela.yaml")
        with open(config, "w") as f:
            f.write("console:\n  sticky_filters: true\n")
        with open(os.open(self.file, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write("saved:\n  queue: severity >= high\n")
        tmux = self.console()
        tmux.wait(r"4 Queue.*/severity >= high")
        tmux.type("/")
        tmux.keys("C-u")
        tmux.type("score in 50..100")
        tmux.keys("Enter")
        tmux.wait(r"4 Queue.*/score in 50..100")
        self.quit(tmux)
        tmux = self.console()
        tmux.wait(r"4 Queue.*/score in 50..100")
        tmux.keys("BSpace")
        tmux.wait(r"/score in 50..100", gone=True)
        self.quit(tmux)

    def test_a_file_that_is_no_book_is_said_and_left_alone(self):
        os.makedirs(os.path.dirname(self.file))
        for content, mode, words in (("saved: [x]\n", 0o600, "filters.yaml:1: names with their filters belong here"),
                                     ("saved:\n  a: \"\\e[31m\"\n", 0o600, "holds a byte that is no text"),
                                     ("saved: {}\n", 0o644, "others can read it")):
            with open(self.file, "w") as f:
                f.write(content)
            os.chmod(self.file, mode)
            tmux = self.console()
            tmux.wait(words)
            tmux.type("/answered")
            tmux.keys("C-u")
            tmux.type("score > 1")
            tmux.keys("C-s")
            tmux.wait("save the filter as @")
            tmux.type("a")
            tmux.keys("Enter")
            tmux.wait("not kept: ")
            self.quit(tmux)
            with open(self.file) as f:
                self.assertEqual(f.read(), content)


if __name__ == "__main__":
    harness.main()
