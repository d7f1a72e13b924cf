# SPDX-License-Identifier: Apache-2.0
"""An analyst's day, by keys: what each task takes, from the queue as it opens, with a store of simulated days.

A false alarm closed, a true attack closed with its evidence read and kept, the shift handed over, a rule tuned. The
keys of each are counted: more than is written here is a step back."""
import os
import re
import shutil
import unittest

import harness


@unittest.skipUnless(harness.have("tmux"), "no tmux")
class Tasks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        folder = place.file("days")
        assert place.run("sim", "--export", folder, "--days", "2", "--users", "80", "--seed", "5").code == 0
        assert place.run("import", folder + "/cdrs.jsonl").code == 0
        shutil.rmtree(folder)

    @classmethod
    def tearDownClass(cls):
        cls.place.clean()

    def setUp(self):
        self.n_keys = 0
        self.tmux = harness.Tmux(self.place, "cd '%s' && '%s' console --lang es --store '%s'" % (
            self.place.path, harness.PROGRAM, self.place.store), 120, 36)
        self.tmux.wait("4 Cola", r"\d+ abiertas", r"▸")

    def tearDown(self):
        self.tmux.keys("Q")
        self.tmux.wait_end()

    def press(self, key, *markers):
        self.tmux.keys(key)
        self.n_keys += 1
        return self.tmux.wait(*markers) if markers else None

    def closed(self, resolution):
        return self.place.sql("SELECT count(*) FROM alerts WHERE state = 3 AND resolution = ?", resolution)[0][0]

    def test_a_false_alarm_takes_two_keys_and_a_case_of_them_a_third(self):
        before = self.closed(3)
        self.press("c", "Cerrar como")
        shown = self.press("3", r"Cerrad[ao].*: #\d+|hacerlo: (la|las) \d+ alertas?")
        if "hacerlo" in shown:  # of how many is seen before
            self.assertEqual(self.closed(3), before)
            self.press("Enter", r"Cerrad[ao].*: \d+ alertas")
        self.assertGreater(self.closed(3), before)
        self.assertLessEqual(self.n_keys, 3)

    def test_a_true_attack_is_closed_with_its_evidence_read(self):
        before = self.closed(1)
        shown = self.press("Enter", r"─ #\d+ · ", "Evidencia|Por qué")
        number = re.search(r"#(\d+) · ", shown).group(1)
        self.press("J", r'"Start time"|"Report ID"')  # the newest record, as Webex sent it
        self.press("q", r"─ #%s · " % number)
        self.press("c", "Cerrar como: #%s" % number)
        self.press("1", r"Cerrad[ao].*: #%s" % number)
        self.assertEqual(self.closed(1), before + 1)
        self.assertEqual(self.n_keys, 5)

    def test_a_shift_is_handed_over_as_a_page_in_a_file(self):
        self.press("H", "Entrega de turno", "el turno en curso")
        self.press("W", r"\.md")
        self.press("Enter", r"(?i)escrito|guardad|exportad|\.md")
        harness.wait_for(lambda: [f for f in os.listdir(self.place.path) if f.endswith(".md")], "the page")
        page = next(f for f in os.listdir(self.place.path) if f.endswith(".md"))
        with open(os.path.join(self.place.path, page), encoding="utf-8") as f:
            self.assertTrue(f.read().startswith("# Entrega de turno"))
        self.assertEqual(os.stat(os.path.join(self.place.path, page)).st_mode & 0o777, 0o600)
        self.assertEqual(self.n_keys, 3)

    def test_a_rule_is_tuned_by_what_was_no_attack(self):
        self.press("x", "Una fila por cada")
        self.press("1", "Cada alerta es una fila")
        self.n_keys = 0
        self.press("c", "Cerrar como: #")
        self.press("3", r"f ajusta la regla|f afina la regla|; f ")
        self.press("f", "─ Cambios tras la alerta #", "Enter acepta un cambio")  # each was tried on what is stored
        menu = self.press("Enter", "(?i)acepta.*:|durante|por 30 d")
        self.press("3" if re.search(r"│ *3 +", menu) else "a", "Aceptado, rige en unos segundos: ")
        self.assertEqual(self.n_keys, 5)
        for name in os.listdir(self.place.file("config/centinela/rules")):
            os.remove(self.place.file("config/centinela/rules/" + name))


if __name__ == "__main__":
    harness.main()
