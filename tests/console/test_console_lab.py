# SPDX-License-Identifier: Apache-2.0
"""The rules view of the real program: a replay to its end, a rehearsal, and
one that is cancelled."""
import json
import os
import re
import shlex
import shutil
import unittest

import harness


@unittest.skipUnless(harness.have("tmux"), "no tmux")
class Lab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()
        folder = harness.days_until_now(cls.place, 9, "--days", "6", "--users", "150", "--seed", "3")
        assert cls.place.run("import", folder + "/cdrs.jsonl").code == 0
        shutil.rmtree(folder)
        cls.alerts = json.loads(cls.place.run("alerts", "--json", "--all").out)

    def console(self, *more, cols=120, rows=36):
        words = [harness.PROGRAM, "console", "--store", self.place.store, *more]
        tmux = harness.Tmux(self.place, shlex.join(words), cols, rows)
        self.addCleanup(tmux.kill)
        return tmux

    def test_a_replay_goes_to_its_end_and_a_rehearsal_says_who_spoke(self):
        self.assertGreater(len(self.alerts), 10)
        tmux = self.console("--lang", "en")
        tmux.wait("Queue")
        tmux.keys("B")
        tmux.wait(r"\d+ rules · \d+ never spoke", r"r replays stored records", r"e rehearses an attack")
        tmux.keys("r")
        tmux.wait("replay since: 30d")
        tmux.keys("Enter")
        tmux.wait(r"Replay since \d{4}-\d\d-\d\d .* \d+ %", "c Esc cancels")
        tmux.wait(r"records judged", r"Alerts now: %d; as before %d, new ones 0; gone 0" % (len(self.alerts), len(self.alerts)))
        # A rehearsal, as the command line tells it.
        told = json.loads(self.place.run("rehearse", "irsf_weekend", "--json").out)
        tmux.keys("e")
        menu = tmux.wait("Rehearse which attack", "irsf_weekend")
        self.assertNotIn("README", menu)
        tmux.keys(re.search(r"(\d)  irsf_weekend", menu).group(1))
        tmux.wait(r"Rehearsal of irsf_weekend .* \d+ %")
        seen = tmux.wait(r"irsf_weekend, from %s on" % told["from"][:10])
        tmux.keys("G")
        seen += tmux.wait(r"%s: \d+ record" % told["incidents"][-1]["kind"])
        for incident in told["incidents"]:
            self.assertIn("%s: %d record" % (incident["kind"], incident["records"]), seen)
        first = next(i for i in told["incidents"] if i["kind"] == "irsf_night")["rules"][0]
        self.assertRegex(seen, r"%.1f min +%d .*%s" % (first["after_min"], first["records"], re.escape(first["title"])))
        # Back in the list, and into a rule.
        tmux.keys("q")
        tmux.wait(r"Rehearsal of irsf_weekend: of \d+ attacks, \d+ noticed")
        tmux.keys("Enter")
        tmux.wait("its tests", "How it has done", "alerts raised")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def test_a_false_alarm_leads_to_a_rule_of_ones_own(self):
        alert = next(a for a in self.alerts if a["state"] == "new" and a["reasons"][0]["fact"].startswith("event_count"))
        told = self.place.run("rules", "tune", str(alert["id"]), "--json").json()
        tmux = self.console("--lang", "en")
        tmux.wait("Queue")
        tmux.keys("4", "/")
        tmux.type("id == %d" % alert["id"])
        tmux.keys("Enter")
        tmux.wait(r"│▸.*%s" % re.escape(alert["title"][:14]), r"4 Queue /id == %d " % alert["id"])
        tmux.keys("c", "3")
        tmux.wait(r"Closed: #%d .*; f tunes the rule" % alert["id"])
        tmux.keys("f")
        seen = tmux.wait(r"Changes after alert #%d" % alert["id"], r"With the rules as they are: %d alerts" % told["alerts"])
        for proposal in told["proposals"]:
            self.assertIn(proposal["text"], seen)
        tmux.keys("J")
        tmux.wait(re.escape(told["proposals"][0]["file"]), r"condition: ")
        tmux.keys("Enter")
        tmux.wait("accept it: from now on, for everybody")
        tmux.keys("a")
        tmux.wait(r"Accepted, in force within some seconds: %s" % re.escape(told["proposals"][0]["file"]))
        path = self.place.file("config/centinela/rules/" + told["proposals"][0]["file"])
        with open(path) as f:
            self.assertIn("Proposed after alert %d" % alert["id"], f.read())
        os.remove(path)
        row = next(r for r in self.place.run("audit", "--json").json()["rows"] if r["act"] == "tune")
        self.assertEqual((row["alert_id"], row["after"], row["note"]), (alert["id"], told["proposals"][0]["file"], told["proposals"][0]["text"]))
        tmux.keys("q", "u")
        tmux.wait("Undone: close #%d" % alert["id"])
        type(self).alerts = self.place.run("alerts", "--json", "--all").json()  # as it was, and a later revision

    def test_what_is_proposed_and_accepted_is_in_the_language_of_who_reads(self):
        alert = next(a for a in self.alerts if a["state"] == "new" and a["severity"] != "critical")
        told = self.place.run("rules", "tune", str(alert["id"]), "--json", "--lang", "es").json()["proposals"][0]
        self.assertRegex(told["text"], "^Excepción: ")
        tmux = self.console("--lang", "es", cols=200)
        tmux.wait("Cola")
        tmux.type(":filter id == %d" % alert["id"])
        tmux.keys("Enter")
        tmux.wait(r"4 Cola /id == %d " % alert["id"])
        tmux.keys("f")
        tmux.wait(re.escape(told["text"]), "Con las reglas tal como están")
        tmux.keys("Enter")
        tmux.wait("aceptarlo por 30 días")
        tmux.keys("3")
        tmux.wait("Aceptad[oa].*" + re.escape(told["file"]))
        tmux.keys("V")
        rule = self.place.run("alerts", "show", str(alert["id"]), "--lang", "es").out.split("\n")[1]
        shown = tmux.wait(r"Excepción de «")
        self.assertIn(re.search(r"Excepción de «(.{8})", shown).group(1), rule)
        self.assertNotIn("Exception from", shown)
        tmux.keys("D")
        newest = next(line for line in tmux.wait("ajustada").split("\n") if "ajustada" in line)
        self.assertNotIn("Exception", newest) # others accept in their own words
        row = next(r for r in self.place.run("audit", "--json").json()["rows"] if r["act"] == "tune")
        self.assertRegex(row["note"], "^%s \\(hasta 20" % re.escape(told["text"]))
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        os.remove(self.place.file("config/centinela/rules/" + told["file"]))

    def test_what_is_cancelled_ends_and_the_console_goes_on(self):
        tmux = self.console("--lang", "es", "--read-only", cols=80, rows=24)
        tmux.wait("SOLO LECTURA|Cola")
        tmux.type(":rules")
        tmux.keys("Enter")
        tmux.wait(r"\d+ reglas · \d+ sin alertas")
        tmux.keys("r")
        tmux.wait("retroprueba desde: 30d")
        tmux.keys("Enter")
        tmux.wait(r"Retroprueba desde .* \d+ %", "c cancelar")
        tmux.keys("c")
        tmux.wait("Se canceló antes del final")
        # The end of the program waits for what runs, not for its end.
        tmux.keys("e")
        tmux.wait("¿Qué ataque se ensaya?")
        tmux.keys("1")
        tmux.wait(r"Ensayo de breakout .* \d+ %")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        self.assertEqual(json.loads(self.place.run("alerts", "--json", "--all").out), self.alerts)


if __name__ == "__main__":
    harness.main()
