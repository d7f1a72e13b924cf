# SPDX-License-Identifier: Apache-2.0
"""How the console looks and is set, as a person does it: in a terminal."""
import os
import stat
import unittest

import harness


class Looks(unittest.TestCase):
    def setUp(self):
        self.place = harness.Place()

    def console(self, *words, config=None, rows=24, cols=80, **more):
        path = self.place.file("c.yaml", config if config is not None else "language: en\n")
        terminal = harness.Terminal(self.place, ["console", "--store", self.place.store, "--config", path, *words],
            rows, cols, self.place.environment(**more))
        return terminal, path

    def leave(self, terminal):
        terminal.keys("Q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_a_setting_is_changed_in_the_file_and_the_rest_of_it_stays(self):
        config = "# Ana's own\nlanguage: en   # not es\n\nconsole:\n  # at night\n  theme: mono\n# the end"
        terminal, path = self.console(config=config)
        terminal.wait("Space")
        terminal.keys("O")
        terminal.wait("in force")
        terminal.keys("/console.theme\r")
        terminal.wait("/console.theme")
        terminal.keys("\r")
        terminal.wait("davivienda_light")
        terminal.keys("4")
        terminal.wait("console.theme is set, and kept in")
        with open(path) as f:
            self.assertEqual(f.read(), config.replace("theme: mono", "theme: high_contrast"))
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.leave(terminal)


if __name__ == "__main__":
    harness.main()
