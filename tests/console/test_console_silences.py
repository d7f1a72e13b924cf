# SPDX-License-Identifier: Apache-2.0
"""Silences in the real program: begun in one console, seen in another, kept over
a restart, and ended from the command line."""
import contextlib
import shlex
import sqlite3
import time
import unittest

import harness


@unittest.skipUnless(harness.have("tmux"), "no tmux")
class Silences(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()
        folder = harness.days_until_now(cls.place, 2, "--days", "1", "--users", "60", "--seed", "5")
        assert cls.place.run("import", folder + "/cdrs.jsonl").code == 0

    def console(self, cols, rows, lang):
        tmux = harness.Tmux(self.place, shlex.join([harness.PROGRAM, "console", "--store", self.place.store, "--lang", lang]), cols, rows)
        self.addCleanup(tmux.kill)
        tmux.wait("4 (Queue|Cola)")
        return tmux

    def quit(self, tmux):
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def test_two_consoles_and_a_restart(self):
        first, second = self.console(80, 24, "en"), self.console(120, 36, "es")
        second.type("V")
        second.wait("Nada está en silencio")
        first.type("V")
        first.wait("Nothing is silent")
        first.type("n")
        first.wait("filter:")
        first.type("score > 3")
        first.keys("Enter")
        first.wait(r"In 30 days it would have kept back [\d.k]+ of [\d.k]+ alerts", r"not in force yet")
        self.assertEqual(self.place.run("silences", "--json").json(), [])
        first.keys("Enter")
        first.wait("why they may be silent:")
        first.type("cambio de planta")
        first.keys("Enter")
        first.wait("Silent from now on, for")
        first.type("2")
        first.wait("Silence s1 for 8h; e ends it", "⊘ 1 silence · 0 hidden/24 h")
        since = time.monotonic()
        second.wait(r"/ score > 3 .*cambio de planta", "⊘ 1 silencio · 0 ocultos/24 h")
        harness.log("the other console saw it after %.2f s" % (time.monotonic() - since))
        self.quit(first)
        first = self.console(80, 24, "en")
        first.wait("⊘ 1 silence · 0 hidden/24 h")
        second.type("x")
        second.wait("Hasta, desde ahora: score > 3")
        second.type("4")
        second.wait(r"Silencio s1: 7d desde ahora  \(u deshace\)")
        until = lambda: self.place.run("silences", "--json").json()[0]["until"]
        extended = until()
        second.type("u")
        second.wait("Deshecho: prorrogar el silencio s1")
        self.assertLess(until(), extended)
        second.keys("C-y")
        second.wait("Hecho de nuevo: prorrogar el silencio s1")
        self.assertEqual(until(), extended)
        second.type("e")
        second.wait("Silencio s1 terminado", "Nada está en silencio")
        second.type("u")
        second.wait("Deshecho: terminar el silencio s1", "cambio de planta")
        (row,) = self.place.run("silences", "--json").json()
        self.assertEqual((row["id"], row["reason"], row["kept_back"]), ("s1", "cambio de planta", 0))
        self.assertEqual(self.place.run("silences", "end", "s1").code, 0)
        first.wait("⊘", gone=True)
        second.wait("Nada está en silencio")
        self.assertEqual([r["act"] for r in self.place.run("audit", "--json").json()["rows"]][:3], ["silence_end", "undo", "silence_end"])
        second.type("q")
        self.quit(first)
        self.quit(second)

    def test_rows_of_a_stranger_are_harmless(self):
        place = harness.Place()
        self.assertEqual(place.run("silences", "add", "--filter", "location == Cali", "--reason", "x", "--for", "1h").code, 0)
        with contextlib.closing(sqlite3.connect(place.store)) as db, db:
            db.execute("UPDATE silences SET filter = '(((', owner = char(27) || '[2J' || char(155) || '31m', reason = char(27) || ']0;x' || char(7)")
        tmux = harness.Tmux(place, shlex.join([harness.PROGRAM, "console", "--store", place.store, "--lang", "en"]), 80, 24)
        self.addCleanup(tmux.kill)
        tmux.wait("4 Queue|First steps|Sign in")
        tmux.type("V")
        tmux.wait("✗ broken", r"keeps back nothing: \S+")
        tmux.type("e")
        tmux.wait("Silence s1 ended; it kept back 0 findings", "Nothing is silent")
        self.quit(tmux)


if __name__ == "__main__":
    harness.main()
