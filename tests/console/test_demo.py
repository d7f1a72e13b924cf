# SPDX-License-Identifier: Apache-2.0
"""The demo as a person has it: in tmux, three sizes, two languages. The four
panes are alive, and an attack that was injected is opened down to its record,
claimed, noted, closed and undone by keys alone."""
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import time
import unittest

import harness

# The same words in both languages, as they stand on the screen.
WORDS = {
    "en": {"panes": ("1 Locations", "2 Live calls", "3 Scores", "4 Queue"), "critical": r"▲ CRIT",
           "evidence": r"Evidence: \d+ record", "raw": "Record as Webex sent it", "claimed": "Claimed: #%s",
           "note": "note:", "noted": "Noted: #%s", "close": "Close as: #%s", "closed": "Closed: #%s",
           "undone": "Undone: ", "in_progress": "in progress"},
    "es": {"panes": ("1 Ubicaciones", "2 En vivo", "3 Puntajes", "4 Cola"), "critical": r"▲ CRÍT",
           "evidence": r"Evidencia: \d+ registro", "raw": "Registro tal como lo envió Webex", "claimed": "Tomada: #%s",
           "note": "nota:", "noted": "Anotada: #%s", "close": "Cerrar como: #%s", "closed": "Cerrada: #%s",
           "undone": "Deshecho: ", "in_progress": "en curso"},
}


class Demo(harness.Tmux):
    def __init__(self, lang, cols, rows, more=""):
        self.place = harness.Place()
        self.words, self.cols, self.rows = WORDS[lang], cols, rows
        super().__init__(self.place, "'%s' demo --seed 7 --users 60 --lang %s %s 2>'%s'" % (
            harness.PROGRAM, lang, more, self.place.file("err")), cols, rows)

    def wait(self, *markers, deadline=None, gone=False):
        """Six of these start within seconds of each other: be patient."""
        return super().wait(*markers, deadline=deadline or 2 * harness.DEADLINE, gone=gone)

    def folder(self):
        found = glob.glob(self.place.path + "/centinela-*/demo.db")
        return os.path.dirname(found[0])

    def ask_program(self, *words):
        return self.place.run(*words, "--json", "--store", self.folder() + "/demo.db").json()

    def selected(self):
        """Row and text under the cursor: the row with a ground of its own."""
        rows = self.call("capture-pane", "-p", "-e", "-t", "main").split("\n")[2:-2]
        for i, row in enumerate(rows):
            if "\x1b[48;5;236m" in row:
                return i, re.sub(r"\x1b\[[0-9;]*m", "", row)
        return None, ""

    def go_to(self, pattern):
        """The cursor to the first row like this, as a person would: it is seen,
        and so many rows away; or it is further down."""
        for _ in range(20):
            at, text = self.selected()
            if re.search(pattern, text):
                return
            rows = self.screen().split("\n")[2:]
            seen = [i for i, row in enumerate(rows) if re.search(pattern, row)]
            if seen and at is not None and seen[0] != at:
                self.keys(*(["j" if seen[0] > at else "k"] * abs(seen[0] - at)))

                def there():
                    # An attack goes on: rows may join above while the keys are on their way.
                    now, words = self.selected()
                    return re.search(pattern, words) or now == seen[0]
                harness.wait_for(there, "the cursor on " + pattern, also=self.screen)
                continue
            self.keys("PgDn")
            harness.wait_for(lambda: self.selected() != (at, text), "the cursor to move", also=self.screen)
        raise AssertionError("no row with %s\n%s" % (pattern, self.screen()))

    def end(self, key="Q"):
        self.keys(key)
        status = self.wait_end()
        with open(self.place.file("err")) as f:
            said = f.read()
        harness.refuse_crash(said, 0)
        self.kill()
        return status, said


def attacked(demo):
    """Report IDs of what the scenario did, as the simulator itself says: two
    days of it, for a demo that began before midnight."""
    with open(demo.folder() + "/sim.json") as f:
        real_ms = json.load(f)["real_base_ms"]
    epoch = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(real_ms // 1000 - 1800)) + ".%03dZ" % (real_ms % 1000)
    folder = demo.place.file("labels")
    ran = demo.place.run("sim", "--export", folder, "--seed", "7", "--users", "60", "--days", "2", "--epoch", epoch)
    assert ran.code == 0, ran
    with open(folder + "/labels.csv") as f:
        return {line.split(",")[0] for line in f.read().splitlines()[1:]}


def four_panes_are_alive(demo):
    """What must stand in each: a site, a call, a score, an alert."""
    alive = (r"Bogot|Colombia|Costa Rica|Medell", r"[→←] ?\+?\d{3,}", r"(?m)\b\d{2} +(ext |\+?\d|[A-ZÁÉÍÓÚ])", demo.words["critical"])
    if demo.cols < 100:
        for key, name, sight in zip("1234", demo.words["panes"], alive):
            demo.keys(key)
            demo.wait(*demo.words["panes"][:2], sight)
    else:
        demo.wait(*demo.words["panes"], *alive)
    demo.keys("4")


def one_alert_to_its_end(test, demo):
    words = demo.words
    demo.wait(words["critical"])
    demo.keys("g", "Enter")
    id_ = re.search(r"#(\d+) · ", demo.wait(r"#\d+ · ")).group(1)
    # Down to the record that Webex sent.
    demo.keys("g")
    demo.go_to(words["evidence"])
    demo.keys("j", "Enter")
    demo.wait(words["evidence"], gone=True)
    demo.keys("Enter")
    raw = demo.wait(words["raw"], r'"Answer(ed| time|.*)": ')
    test.assertRegex(raw, r'(?m)^ +"[A-Z][A-Za-z ]+": +\S')
    demo.keys("q", "q")
    demo.wait(r"#%s · " % id_)
    # Claimed, noted, closed, and the closing undone.
    demo.keys("C")
    demo.wait(words["claimed"] % id_)
    demo.keys("n")
    demo.wait(words["note"])
    demo.type("llamé al sitio, señora Peña")
    demo.keys("Enter")
    demo.wait(words["noted"] % id_)
    demo.keys("c")
    demo.wait(words["close"] % id_)
    demo.keys("3")
    demo.wait(words["closed"] % id_)
    test.assertEqual(demo.ask_program("alerts", "show", id_)["resolution"], "false_positive")
    demo.keys("u")
    demo.wait(words["undone"])
    alert = demo.ask_program("alerts", "show", id_)
    test.assertEqual((alert["state"], alert["resolution"]), ("in_progress", None))
    test.assertEqual([e["act"] for e in alert["timeline"]][-4:], ["claim", "note", "close", "undo"])
    test.assertIn("llamé al sitio, señora Peña", [e["note"] for e in alert["timeline"]])
    user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
    test.assertEqual({e["who"] for e in alert["timeline"][-4:]}, {user})
    test.assertIs(demo.ask_program("audit")["chain_holds"], True)
    test.assertTrue(set(alert["report_ids"]) & attacked(demo), "no attack is behind it")
    demo.keys("q")


class Matrix(unittest.TestCase):
    def whole(self, lang, cols, rows):
        demo = Demo(lang, cols, rows)
        demo.wait(demo.words["critical"])
        four_panes_are_alive(demo)
        one_alert_to_its_end(self, demo)
        folder = demo.folder()
        status, said = demo.end()
        self.assertEqual((status, said), (0, ""))
        self.assertFalse(os.path.exists(folder), "the throw-away folder is left")
        self.assertEqual(harness.processes_with(folder), [], "the simulator goes on")

    def test_three_sizes_two_languages(self):
        sizes = ((80, 24), (120, 36), (200, 60))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:  # two at a time
            running = {pool.submit(self.whole, lang, *size): (lang, size) for size in sizes for lang in ("es", "en")}
            for done in concurrent.futures.as_completed(running):
                with self.subTest(running[done]):
                    done.result()


class AnySize(unittest.TestCase):
    def test_resized_at_any_moment(self):
        demo = Demo("en", 120, 36)
        demo.wait(demo.words["critical"])
        for cols, rows in ((20, 5), (300, 100), (1, 1), (80, 24), (40, 8), (2, 60), (300, 2), (200, 60), (3, 3)):
            demo.resize(cols, rows)
            demo.keys("Tab", "j", "Enter")  # also while nothing can be seen
            demo.keys("Escape", "k")
        demo.resize(300, 100)
        demo.keys("Escape", "Escape")
        demo.wait(*demo.words["panes"], r"(?m)^└─{80,}┘└─{150,}┘$")
        demo.resize(120, 36)
        four_panes_are_alive(demo)
        self.assertEqual(demo.end("F10"), (0, ""))


if __name__ == "__main__":
    harness.main()
