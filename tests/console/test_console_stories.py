# SPDX-License-Identifier: Apache-2.0
"""What tells a story, in the real program: a case with its timeline, in the
console and on the command line."""
import collections
import contextlib
import json
import os
import re
import shlex
import shutil
import sqlite3
import unittest

import harness


class Stories(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()
        folder = harness.days_until_now(cls.place, 3, "--days", "2", "--users", "60", "--seed", "5")
        assert cls.place.run("import", folder + "/cdrs.jsonl").code == 0
        shutil.rmtree(folder)
        alerts = cls.place.run("alerts", "--json").json()
        cases = [a["case"] for a in alerts]
        cls.case = max(set(cases), key=lambda c: (cases.count(c), -c))
        cls.alerts = [a for a in alerts if a["case"] == cls.case]
        assert len(cls.alerts) > 1

    def console(self, *more):
        words = [harness.PROGRAM, "console", "--store", self.place.store, "--lang", "en", *more]
        tmux = harness.Tmux(self.place, shlex.join(words), 120, 36)
        self.addCleanup(tmux.kill)
        tmux.wait("4 Queue")
        return tmux

    def quit(self, tmux):
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def export(self, *words, **more):
        return self.place.run("export", "case", str(self.case), *words, **more)

    def test_a_case_as_json_is_all_of_it(self):
        told = self.export("--json").json()
        self.assertEqual({a["id"] for a in told["alerts"]}, {a["id"] for a in self.alerts})
        reports = {r for a in self.alerts for r in a["report_ids"]}
        self.assertEqual(told["n_records"], len(reports))
        times = [i["time"] for i in told["timeline"]]
        self.assertEqual(times, sorted(times))
        calls = {i["call"]["id"]: i["call"] for i in told["timeline"] if i["kind"] == "call"}
        self.assertEqual(told["n_calls"], len(calls))
        self.assertEqual(told["talk_s"], sum(c["talk_s"] for c in calls.values()))
        self.assertEqual(told["n_people"], len({c["user_id"] for c in calls.values() if c["user_id"]}))
        self.assertAlmostEqual(told["cost"]["amount"], sum(c["cost"]["amount"] for c in calls.values()), 4)
        # By the number of any of its alerts.
        self.assertEqual(self.place.run("export", "case", "#%d" % self.alerts[-1]["id"], "--json").json(), told)

    def test_masked_is_without_numbers(self):
        whole = self.export("--json").json()
        numbers = {i["call"]["far_number"] for i in whole["timeline"] if i["kind"] == "call" and len(i["call"]["far_number"]) > 8}
        self.assertTrue(numbers)
        for masked in (self.export("--redact"), self.export("--redact", "--json"), self.export("--lang", "es", env={"CENTINELA_CONFIG": self.place.file("mask.yaml", "console:\n  mask_numbers: true\n")})):
            self.assertEqual(masked.code, 0)
            for number in numbers:
                self.assertNotIn(number, masked.out)
        plain = self.export()
        self.assertTrue(any(number in plain.out for number in numbers))

    def test_a_file_is_new_or_nothing_is_written(self):
        path = self.place.file("case.md")
        self.assertEqual(self.export("--output", path).code, 0)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path) as f:
            content = f.read()
        self.assertEqual(content, self.export().out)
        again = self.export("--json", "--output", path)
        harness.is_sentence(self, again, 1)
        self.assertIn("is there already: nothing was written", again.err)
        with open(path) as f:
            self.assertEqual(f.read(), content)
        link = self.place.file("link.md")
        os.symlink("/nonexistent/elsewhere", link)
        harness.is_sentence(self, self.export("--output", link), 1)

    def test_a_file_is_what_its_name_says(self):
        for name, reads in (("paper.json", json.loads), ("paper.md", lambda text: self.assertTrue(text.startswith("# ")))):
            path = self.place.file(name)
            ran = self.export("--output", path)
            self.assertEqual(ran.code, 0, ran)
            with open(path) as f:
                reads(f.read())

    def test_wrong_words_are_refused(self):
        for words in (["export", "case"], ["export", "case", "x"], ["export", "case", "0"], ["export", "case", "1", "2"],
                      ["export", "case", "1", "--format", "csv"], ["export", "calls", "--output", "x"], ["export", "case", "--output"]):
            harness.is_sentence(self, self.place.run(*words), 2)
        harness.is_sentence(self, self.place.run("export", "case", "999999"), 1)

    def test_a_shift_is_told_and_written(self):
        id_ = self.alerts[0]["id"]
        self.assertEqual(self.place.run("alerts", "note", str(id_), "--note", "! call the carrier | at noon").code, 0)
        told = self.place.run("report", "handover", "--since", "10d", "--json").json()
        every = self.place.run("alerts", "--json").json()
        self.assertEqual((told["raised"], told["open"], told["closed"], told["over"]), (len(every), len(every), 0, False))
        self.assertEqual(sum(told["open_by_severity"].values()), len(every))
        self.assertEqual([(n["alert_id"], n["text"]) for n in told["notes"]], [(id_, "call the carrier | at noon")])
        self.assertEqual(told["late"], sum(o["late"] for o in told["owners"]))
        path = self.place.file("shift.md")
        self.assertEqual(self.place.run("report", "handover", "--since", "10d", "--output", path).code, 0)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path) as f:
            self.assertIn("call the carrier \\| at noon\n", f.read())
        harness.is_sentence(self, self.place.run("report", "handover", "--output", path), 1)
        calm = self.place.run("report", "handover", "--since", "1m", "--lang", "es")
        self.assertIn("# Entrega de turno ", calm.out)
        self.assertIn("- llegaron: 0 (—)", calm.out)
        # The shift is as long as the settings say.
        config = self.place.file("shift.yaml", "console:\n  shift: 12h\n")
        long = self.place.run("report", "handover", "--json", "--config", config).json()
        hours = [int(long[k][11:13]) for k in ("from", "until")]
        self.assertEqual((hours[1] - hours[0]) % 24, 12)
        for words in (["report", "handover", "x"], ["report", "x"], ["report", "--output", "x"], ["report", "handover", "--format", "text"],
                      ["report", "handover", "--since", "2099-01-01"]):
            harness.is_sentence(self, self.place.run(*words), 2)

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_a_value_leads_to_whatever_else_has_it(self):
        alert = self.alerts[0]
        tmux = self.console()
        tmux.type("/id == %d" % alert["id"])
        tmux.keys("Enter")
        tmux.wait(r"4 Queue.*/id == %d " % alert["id"], r"│▸.*%s" % re.escape(alert["title"][:12]))
        tmux.keys("=")
        menu = tmux.wait("Which value", r'location == "')
        tmux.keys(re.search(r"(\w)  location == ", menu).group(1))
        tmux.wait("only this", r"calls with it: location == ")
        tmux.keys("c")
        tmux.wait(r'/location == "%s"' % re.escape(alert["location"]))
        tmux.keys("=")
        menu = tmux.wait("Which value", r"direction == ")
        tmux.keys(re.search(r"(\w)  direction == ", menu).group(1), "f")
        tmux.wait(r"First seen: \d{4}-\d\d-\d\d")
        self.quit(tmux)

    def test_places_and_people_are_filtered_too(self):
        alert = next(a for a in self.alerts if a["subject"]["kind"] == "person")
        with contextlib.closing(sqlite3.connect(self.place.store)) as db, db:
            db.execute("DELETE FROM people")
            db.executemany("INSERT INTO people (uuid, name, email, site_uuid, extension, number, team) VALUES (?, ?, ?, '', ?, '', ?)",
                           [(alert["subject"]["id"], 'Ana "x" Muñoz', "ana@example.com", "4021", "Cartera"), ("u2", "Luis", "luis@example.com", "4022", "Ventas")])
        people = lambda text: [p["extension"] for p in self.place.run("people", "--json", "--filter", text).json()]
        self.assertEqual(people(""), ["4021", "4022"])
        self.assertEqual(people("team == cartera"), ["4021"])
        self.assertEqual(people('name ~ "munoz" and not team == ventas'), ["4021"])
        self.assertEqual(people("ventas"), ["4022"])
        self.assertEqual(people("extension in [4022, 4023]"), ["4022"])
        self.assertEqual([p["extension"] for p in self.place.run("people", "--json", "--filter", "email ~ example", "--limit", "1").json()], ["4021"])
        of_team = self.place.run("alerts", "--json", "--all", "--filter", "user.team == cartera").json()
        every = self.place.run("alerts", "--json", "--all").json()
        self.assertEqual({a["id"] for a in of_team}, {a["id"] for a in every if a["subject"]["id"] == alert["subject"]["id"]})
        self.assertEqual(len(self.place.run("alerts", "--json", "--all", "--filter", 'user.team == ""').json()), len(every) - len(of_team))
        sites = self.place.run("locations", "--json").json()
        worried = self.place.run("locations", "--json", "--filter", "critical > 0").json()
        self.assertEqual(worried, [s for s in sites if s["open_alerts"]["critical"] > 0])
        self.assertTrue(0 < len(worried) < len(sites))
        for words in (["people", "--filter", "nosuch = 1"], ["locations", "--filter", "calls >"], ["locations", "--filter", "answered"]):
            ran = self.place.run(*words)
            harness.is_sentence(self, ran, 2) if words[2] != "answered" else self.assertEqual((ran.code, ran.out), (0, ""))

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_the_queue_is_shown_as_it_was(self):
        every = sorted(self.place.run("alerts", "--json", "--all").json(), key=lambda a: a["raised_time"])
        half = every[len(every) // 2]["raised_time"][:16] + "Z"
        of_then = [a for a in every if a["raised_time"] <= half.replace("Z", ":00.000Z")]
        self.assertTrue(0 < len(of_then) < len(every))
        claimed = of_then[-1]["id"]
        self.assertEqual(self.place.run("alerts", "claim", str(claimed)).code, 0)
        calls = self.place.run("calls", "--json", "--limit", "100000").json()
        newest = max(c["start_time"] for c in calls if c["start_time"] <= half.replace("Z", ":00.999Z"))
        tmux = self.console()
        tmux.wait(r"4 Queue.* %d open .* 1 mine" % len(every))
        tmux.type(":moment %s" % half.replace("T", " "))
        tmux.keys("Enter")
        tmux.wait("AS IT WAS %s.* Esc goes back" % half[:13].replace("T", " "), r"4 Queue.* %d open" % len(of_then), "now open:")
        tmux.keys("4", "a")
        tmux.wait("This is the past: nothing can be done there")
        tmux.type("/id == %d" % claimed)
        tmux.keys("Enter", "Enter")
        tmux.wait(r"#%d · new" % claimed)  # nobody had it then
        tmux.keys("q", "L")
        tmux.wait("AS IT WAS", newest[11:16])
        tmux.keys("q", "Escape")
        tmux.wait("AS IT WAS", gone=True)
        tmux.keys("Enter")
        tmux.wait(r"#%d · in progress" % claimed)
        self.quit(tmux)
        self.assertEqual(self.place.run("alerts", "release", str(claimed)).code, 0)

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_a_transfer_is_one_flow(self):
        calls = self.place.run("calls", "--json", "--limit", "100000").json()
        of = collections.defaultdict(list)
        for call in calls:
            of[call["journey_id"]].append(call)
        journey = next(sorted(j, key=lambda c: int(c["id"])) for j in of.values() if len(j) == 2 and any(c["transferred"] for c in j))
        tmux = self.console()
        tmux.keys("L", "/")
        tmux.type("start in %s..%s" % (journey[0]["start_time"][:19], journey[0]["start_time"][:19] + ".999"))
        tmux.keys("Enter")
        tmux.wait("/start in ")
        tmux.keys("Enter")
        tmux.wait(r"%d legs? · 1 more call" % journey[0]["legs"], r":\d\d A ", r":\d\d B ", "transfer", "same journey")
        self.quit(tmux)

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_the_console_tells_of_the_shift(self):
        tmux = self.console()
        tmux.keys("H")
        tmux.wait(r"Hand-over  \d{4}-\d\d-\d\d .* the shift that runs", r"left open +\d+: ")
        tmux.keys("[")
        tmux.wait("1 shift before, as it was")
        tmux.keys("]", "]")
        tmux.wait("This is the shift that runs.")
        path = self.place.file("console-shift.md")
        tmux.type(":export " + path)
        tmux.keys("Enter")
        tmux.wait("Written: ")
        with open(path) as f:
            self.assertTrue(f.read().startswith("# Hand-over "))
        self.quit(tmux)

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_the_console_shows_a_case_and_writes_it(self):
        told = self.export("--json").json()
        tmux = self.console()
        tmux.type("/case == %d" % self.case)
        tmux.keys("Enter")
        tmux.wait(r"4 Queue.*/case == %d" % self.case)
        tmux.keys("i")
        tmux.wait(r"Case #%d " % self.case, r"Timeline, ", r"%d min · %d record" % ((told["talk_s"] + 30) // 60, told["n_records"]))
        tmux.keys("G")
        path = self.place.file("console.json")
        tmux.keys("W")
        tmux.wait(r"file: case-%d\.md" % self.case)
        tmux.keys("C-u")
        tmux.type(path)
        tmux.keys("Enter")
        tmux.wait("Written: ")
        with open(path) as f:
            self.assertEqual(json.load(f), told)
        tmux.type(":export " + path)
        tmux.keys("Enter")
        tmux.wait("is there already: nothing was written", r"file: .*console\.json")
        tmux.type("2") # the name is still there, and so is the caret
        tmux.keys("Enter")
        tmux.wait(r"Written: .*console\.json2")
        self.quit(tmux)


if __name__ == "__main__":
    harness.main()
