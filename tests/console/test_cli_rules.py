# SPDX-License-Identifier: Apache-2.0
"""`centinela rules` and `rehearse`: checked, tried on history, tuned."""
import collections
import json
import os
import re
import sqlite3
import stat
import unittest

import harness


class Rules(unittest.TestCase):
    def test_shipped_rules_are_sound(self):
        place = harness.Place()
        for verb in ("check", "test"):
            ran = place.run("rules", verb, store=False)
            self.assertEqual((ran.code, ran.err), (0, ""), ran)

    def test_broken_rule_is_named(self):
        place = harness.Place()
        os.mkdir(place.file("rules"))
        place.file("rules/broken.yml", "title: x\ndetection: 5\n")
        ran = place.run("rules", "check", place.file("rules"), store=False)
        self.assertEqual(ran.code, 1, ran)
        self.assertIn("broken.yml", ran.err)
        self.assertIn("\n    detection: 5\n               ^\n", ran.err)

    def test_offending_line_is_shown_and_harmless(self):
        place = harness.Place()
        os.mkdir(place.file("rules"))
        place.file("rules/a.yml", "title: x\ndetection:\n  s: {'áé\t\x1b[31m': x, usr: y}\n  condition: s\n")
        place.file("rules/b.yml", "title: x\nid: b\ndetection:\n  s: {" + "user: x, " * 300 + "}\n  condition: s\n")
        ran = place.run("rules", "check", place.file("rules"), store=False)
        self.assertEqual(ran.code, 1, ran)
        self.assertNotIn("\x1b", ran.err)
        self.assertLess(max(len(line) for line in ran.err.split("\n")), 400)
        self.assertRegex(ran.err, r"\n +\^\n")
        os.mkdir(place.file("more"))
        place.file("more/a.yml", "title: x\ndetection:\n  s: { user: 'ñandú', caled_number: 1 }\n  condition: s\n")
        lines = place.run("rules", "check", place.file("more"), store=False).err.split("\n")
        self.assertEqual(lines[2].index("^"), lines[1].index("caled_number"), lines)

    def test_rules_of_other_log_sources(self):
        place = harness.Place()
        good = place.file("good.yml", "title: a\ndetection:\n  s: {Image|endswith: x}\n  condition: s\n")
        bad = place.file("bad.yml", "title: b\ndetection: {condition: s}\n")
        ran = place.run("rules", "check", "--any-field", good, good, store=False)
        self.assertEqual((ran.code, ran.out), (1, "1 ok, 1 refused\n"), ran)  # the same id twice
        ran = place.run("rules", "check", "--any-field", good, store=False)
        self.assertEqual((ran.code, ran.out, ran.err), (0, "1 ok, 0 refused\n", ""), ran)
        ran = place.run("rules", "check", "--any-field", good, bad, store=False)
        self.assertEqual((ran.code, ran.out), (1, "1 ok, 1 refused\n"), ran)
        self.assertIn("bad.yml:2:24: condition: no selection is called", ran.err)
        harness.is_sentence(self, place.run("rules", "check", "--any-field", store=False), 2)
        harness.is_sentence(self, place.run("rules", "test", "--any-field", good, store=False), 2)

    def test_restarts_raise_what_one_run_raises(self):
        place = harness.Place()
        folder = place.file("days")
        os.mkdir(folder)
        self.assertEqual(place.run("sim", "--export", folder, "--days", "12", "--users", "50", "--seed", "4", store=False).code, 0)
        with open(os.path.join(folder, "cdrs.jsonl")) as f:
            lines = f.readlines()
        # Parts as Webex reports them, one after the other: what a part has late it cannot give back to the one before.
        lines.sort(key=lambda line: (json.loads(line)["Report time"], json.loads(line)["Start time"], line))
        whole, parts = place.file("whole.db"), place.file("parts.db")
        self.assertEqual(place.run("import", os.path.join(folder, "cdrs.jsonl"), "--store", whole).code, 0)
        for i in range(4):
            part = place.file("part.jsonl", "".join(lines[len(lines) * i // 4:len(lines) * (i + 1) // 4]))
            self.assertEqual(place.run("import", part, "--store", parts).code, 0)
        one, many = (json.loads(place.run("alerts", "--json", "--store", store).out) for store in (whole, parts))
        self.assertGreater(len(one), 50)
        for alert in one + many:  # how often a row was written is a matter of pages
            self.assertGreater(alert.pop("revision"), 0)
        self.assertEqual(one, many)

    def test_how_alerts_ended_moves_the_score_a_little(self):
        place = harness.Place()
        folder = harness.days_until_now(place, 9, "--days", "8", "--users", "60", "--seed", "4")
        with open(os.path.join(folder, "cdrs.jsonl")) as f:
            lines = sorted(f, key=lambda line: json.loads(line)["Report time"])
        half = place.file("half.jsonl", "".join(lines[:len(lines) // 2]))
        rest = place.file("rest.jsonl", "".join(lines[len(lines) // 2:]))
        plain = place.file("plain.db")
        self.assertEqual(place.run("import", half, rest, "--store", plain).code, 0)
        self.assertEqual(place.run("import", half).code, 0)
        first = json.loads(place.run("alerts", "--json").out)
        rules = sorted({a["rule"] for a in first}, key=lambda rule: -sum(a["rule"] == rule for a in first))
        wrong, right = rules[0], rules[1]
        for rule, resolution, points in ((wrong, "false_positive", -1), (right, "true_positive_impact", 1)):
            ids = [str(a["id"]) for a in first if a["rule"] == rule]
            self.assertGreaterEqual(len(ids), 5)
            self.assertEqual(place.run("alerts", "close", *ids, "--resolution", resolution).code, 0)
        self.assertEqual(place.run("import", rest).code, 0)
        seen = {a["id"] for a in first}
        moved = collections.Counter()
        for alert in json.loads(place.run("alerts", "--json").out):
            said = [r["points"] for r in alert["reasons"] if r["fact"] == "rule.confirmed"]
            if alert["id"] in seen or alert["rule"] not in (wrong, right):
                continue
            self.assertEqual(len(said), 1, alert)
            self.assertTrue(-10 <= said[0] < 0 if alert["rule"] == wrong else 0 < said[0] <= 10 or alert["score"] == 100, alert)
            moved[alert["rule"]] += 1
        self.assertTrue(moved[wrong] and moved[right], moved)
        for alert in json.loads(place.run("alerts", "--json", "--store", plain).out):
            self.assertNotIn("rule.confirmed", [r["fact"] for r in alert["reasons"]])

    def test_replay_raises_what_was_raised(self):
        place = harness.Place()
        folder = harness.days_until_now(place, 8, "--days", "5", "--users", "80", "--seed", "3")
        self.assertEqual(place.run("import", os.path.join(folder, "cdrs.jsonl")).code, 0)
        alerts = json.loads(place.run("alerts", "--json").out)
        self.assertGreater(len(alerts), 20)
        before = json.loads(place.run("rules", "replay", "--since", "20d", "--json").out)
        self.assertGreater(before["records"], 1000)
        self.assertEqual(before["without_record"], 0)
        self.assertEqual(sum(r["raised"] for r in before["rules"]), len(alerts))
        self.assertEqual([(r["new"], r["gone"]) for r in before["rules"] if r["new"] or r["gone"]], [])
        self.assertEqual(sum(r["open"] for r in before["rules"]), len(alerts))
        # From the middle too: what came before is remembered as it was then.
        for days in (7, 6, 5):
            part = json.loads(place.run("rules", "replay", "--since", "%dd" % days, "--json").out)
            self.assertLess(part["records"], before["records"])
            self.assertEqual([(r["title"], r["new"], r["gone"]) for r in part["rules"] if r["new"] or r["gone"]], [])
        # How those of before ended; and rules of another folder raise others.
        first = before["rules"][0]
        mine = [a["id"] for a in alerts if a["rule"] == first["rule"]]
        self.assertEqual(place.run("alerts", "close", str(mine[0]), "--resolution", "false_positive").code, 0)
        again = json.loads(place.run("rules", "replay", "--since", "20d", "--json").out)["rules"]
        row = next(r for r in again if r["rule"] == first["rule"])
        self.assertEqual((row["raised"], row["open"], row["ended"]["false_positive"]), (first["raised"], first["open"] - 1, 1))
        os.mkdir(place.file("mine"))
        place.file("mine/a.yml", "title: All calls out\nid: out\ndetection:\n  s: {call.external_out: true}\n  condition: s\n")
        other = json.loads(place.run("rules", "replay", "--since", "20d", "--rules", place.file("mine"), "--json").out)["rules"]
        self.assertEqual(sum(r["gone"] for r in other), len(alerts))
        row = next(r for r in other if r["rule"] == "out")
        self.assertGreater(row["raised"], 50)
        self.assertEqual(row["new"], row["raised"])
        text = place.run("rules", "replay", "--since", "20d", "--lang", "es")
        self.assertEqual((text.code, text.err), (0, ""), text)
        self.assertIn("registros juzgados", text.out)
        self.assertIn("1 falsas o legítimas", text.out)
        # The rule's card says the same of it.
        self.assertEqual(place.run("alerts", "ack", str(mine[1])).code, 0)
        self.assertEqual(place.run("alerts", "close", str(mine[1]), "--resolution", "true_positive_impact").code, 0)
        cards = json.loads(place.run("rules", "report", "--since", "20d", "--json").out)
        card = next(c for c in cards["rules"] if c["rule"] == first["rule"])
        self.assertEqual((card["raised"], card["open"], card["precision"], card["in_force"]), (first["raised"], first["open"] - 2, 0.5, True))
        self.assertEqual((card["ended"]["false_positive"], card["ended"]["true_positive_impact"]), (1, 1))
        self.assertEqual(card["median_work_min"], 0.0)
        self.assertGreaterEqual(card["median_delay_min"], 0)
        self.assertEqual(sum(c["raised"] for c in cards["rules"]), len(alerts))
        raised, silent = {c["rule"] for c in cards["rules"]}, {c["rule"] for c in cards["never_raised"]}
        self.assertTrue(silent and not raised & silent)
        self.assertEqual(json.loads(place.run("rules", "report", "--since", "1h", "--json").out)["rules"], [])
        text = place.run("rules", "report", "--since", "20d", "--lang", "es")
        self.assertEqual((text.code, text.err), (0, ""), text)
        self.assertIn("50 %", text.out)
        self.assertIn("nunca dieron una alerta", text.out)
        # Of some rules alone, by their ids or titles; and of one that is none.
        some = json.loads(place.run("rules", "report", first["rule"], min(silent), "--since", "20d", "--json").out)
        self.assertEqual(([c["rule"] for c in some["rules"]], [c["rule"] for c in some["never_raised"]]), ([first["rule"]], [min(silent)]))
        some = json.loads(place.run("rules", "report", card["title"], "--since", "20d", "--json").out)
        self.assertEqual((some["rules"], some["never_raised"]), ([card], []))
        for wrong, words in (("nosuch", "no rule nosuch"), (first["rule"][:-1], 'is "%s" meant' % first["rule"]), ("x\x1b[2J" * 40, "no rule x"), ("", "no rule ")):
            ran = place.run("rules", "report", first["rule"], wrong, "--since", "20d")
            harness.is_sentence(self, ran, 1)
            self.assertIn(words, ran.err)
            self.assertEqual(ran.out, "")
            self.assertNotIn("\x1b", ran.err)
        # An attack, played by people of this store.
        plot = place.file("plot.json", json.dumps({"about": "a night", "incidents": [
            {"kind": "irsf_night", "day": 1, "hour": 1.5}, {"kind": "benign_synthetic_monitor", "day": 1, "days": 2}]}))
        stories = {s["kind"]: s for s in json.loads(place.run("rehearse", plot, "--json").out)["incidents"]}
        night = stories["irsf_night"]
        self.assertGreater(night["records"], 50)
        self.assertLess(night["rules"][0]["after_min"], 30)
        self.assertLess(night["rules"][0]["cost_usd"], night["cost_usd"] / 10)
        self.assertEqual(night["rules"], sorted(night["rules"], key=lambda s: s["after_min"]))
        self.assertEqual(stories["benign_synthetic_monitor"]["rules"], [])
        with open(os.path.join(folder, "cdrs.jsonl")) as f:
            people = sorted({r["User UUID"] for r in map(json.loads, f) if r["User type"] == "User"})
        place.file("mine/a.yml", "title: Ours\nid: ours\ndetection:\n  s: {call.external_out: true, user_uuid: %s}\n  condition: s\n---\n"
                   "title: Strangers\nid: strangers\ndetection:\n  s: {user_type: User}\n  o: {user_uuid: %s}\n  condition: s and not o\n"
                   % (json.dumps(people), json.dumps(people)))
        played = json.loads(place.run("rehearse", plot, "--rules", place.file("mine"), "--json").out)["incidents"]
        self.assertEqual({rule["rule"] for s in played for rule in s["rules"]}, {"ours"})
        text = place.run("rehearse", plot, "--lang", "es")
        self.assertEqual((text.code, text.err), (0, ""), text)
        self.assertIn("irsf_night: ", text.out)
        self.assertIn("ninguna regla habla, ni debe", text.out)
        harness.is_sentence(self, place.run("rehearse"), 2)
        harness.is_sentence(self, place.run("rehearse", "no_such_scenario"), 1)
        harness.is_sentence(self, place.run("rehearse", "irsf_weekend", "--store", place.file("absent.db")), 1)
        # It only looks, and says what it cannot see.
        self.assertEqual(len(json.loads(place.run("alerts", "--all", "--json").out)), len(alerts))
        with sqlite3.connect(place.store) as db:
            db.execute("DELETE FROM raw WHERE id = (SELECT min(id) FROM raw)")
        db.close()
        self.assertGreater(json.loads(place.run("rules", "replay", "--since", "20d", "--json").out)["without_record"], 0)
        harness.is_sentence(self, place.run("rules", "replay", "--since", "yesterday"), 2)
        harness.is_sentence(self, place.run("rules", "replay", "--rules", "/nowhere/at/all"), 1)
        harness.is_sentence(self, place.run("rules", "replay", "--store", place.file("absent.db")), 1)

    def test_a_false_alarm_is_tuned_away_and_nothing_else(self):
        place = harness.Place()
        folder = harness.days_until_now(place, 8, "--days", "5", "--users", "60", "--seed", "3")
        records = os.path.join(folder, "cdrs.jsonl")
        self.assertEqual(place.run("import", records).code, 0)
        alerts = place.run("alerts", "--json").json()
        counted = next(a for a in alerts if a["reasons"][0]["fact"].startswith("event_count") and a["subject"]["kind"] == "person")
        number = str(counted["id"])
        self.assertEqual(place.run("alerts", "close", number, "--resolution", "legitimate").code, 0)
        tuned = place.run("rules", "tune", number, "--json").json()
        self.assertEqual((tuned["alert"], tuned["without_record"], tuned["alerts"]), (counted["id"], 0, len(alerts)))
        self.assertEqual({p["kind"] for p in tuned["proposals"]}, {"exception", "threshold"})
        for p in tuned["proposals"]:
            self.assertGreaterEqual(p["gone"], 1, p)  # this alert at least
            self.assertEqual(p["ended"]["legitimate"], 1, p)
            self.assertEqual(p["gone"], p["open"] + p["not_in_store"] + sum(p["ended"].values()), p)
        self.assertEqual(os.path.exists(place.file("config/centinela/rules")), False)  # nothing was written yet
        text = place.run("rules", "tune", number, "--lang", "es")
        self.assertEqual((text.code, text.err), (0, ""), text)
        self.assertIn("Excepción: ", text.out)
        self.assertIn("1 falsas o legítimas", text.out)
        # Accepted: in force from now on, and what the trial said is what comes of it.
        for p in (tuned["proposals"][0], next(p for p in tuned["proposals"] if p["kind"] == "threshold")):
            ran = place.run("rules", "tune", number, "--accept", str(p["number"]))
            self.assertEqual((ran.code, ran.err), (0, ""), ran)
            path = place.file("config/centinela/rules/" + p["file"])
            self.assertIn(path, ran.out)
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertEqual(place.run("rules", "check").code, 0)
            fresh = place.file(p["file"] + ".db")
            self.assertEqual(place.run("import", records, "--store", fresh).code, 0)
            left = place.run("alerts", "--json", "--store", fresh).json()
            self.assertEqual(len(left), len(alerts) - p["gone"] + p["new"])
            self.assertNotIn((counted["rule"], counted["subject"]["id"], counted["first_time"]),
                             [(a["rule"], a["subject"]["id"], a["first_time"]) for a in left])
            os.remove(path)
        # One that ends by itself, and has ended for calls of later days.
        ran = place.run("rules", "tune", number, "--accept", "1", "--for", "30d")
        self.assertEqual((ran.code, ran.err), (0, ""), ran)
        path = place.file("config/centinela/rules/" + tuned["proposals"][0]["file"])
        with open(path) as f:
            text = f.read()
        self.assertRegex(text, r"(?m)^expires: \d{4}-\d\d-\d\d$")
        self.assertEqual(place.run("rules", "check").code, 0)
        with open(path, "w") as f:
            f.write(re.sub(r"expires: .*", "expires: 2020-01-01", text))
        self.assertEqual(place.run("import", records, "--store", place.file("ended.db")).code, 0)
        self.assertEqual(len(place.run("alerts", "--json", "--store", place.file("ended.db")).json()), len(alerts))
        os.remove(path)
        said = [line for line in place.run("audit", "--json").json()["rows"] if line["act"] == "tune"]
        self.assertEqual([line["alert_id"] for line in said], [counted["id"]] * 3, said)
        self.assertIs(place.run("audit", "--json").json()["chain_holds"], True)

    def test_what_cannot_be_tuned_is_a_sentence(self):
        place = harness.Place()
        folder = harness.days_until_now(place, 8, "--days", "2", "--users", "60", "--seed", "3")
        harness.is_sentence(self, place.run("rules", "tune", "1"), 1)  # no store
        self.assertEqual(place.run("import", os.path.join(folder, "cdrs.jsonl")).code, 0)
        alert = str(place.run("alerts", "--json").json()[0]["id"])
        for words, code in ((("tune",), 2), (("tune", "x"), 2), (("tune", "-1"), 2), (("tune", "999999"), 1), (("tune", alert, "again"), 2),
                            (("tune", alert, "--accept", "0"), 2), (("tune", alert, "--accept", "9"), 2), (("tune", alert, "--for", "30d"), 2),
                            (("tune", alert, "--accept", "1", "--for", "1h"), 2), (("tune", alert, "--accept", "1", "--for", "900d"), 2),
                            (("tune", alert, "--since", "yesterday"), 2)):
            harness.is_sentence(self, place.run("rules", *words), code)
        config = place.file("looks.yaml", "console:\n  read_only: true\n")
        harness.is_sentence(self, place.run("rules", "tune", alert, "--accept", "1", "--config", config), 1)
        self.assertEqual(place.run("rules", "tune", alert, "--config", config).code, 0)
        self.assertFalse(os.path.exists(place.file("config/centinela/rules")))
        # A rule that is not in force any more.
        os.mkdir(place.file("mine"))
        place.file("mine/a.yml", "title: All calls out\nid: out\ndetection:\n  s: {call.external_out: true}\n  condition: s\n")
        config = place.file("mine.yaml", "rules: %s\n" % place.file("mine"))
        harness.is_sentence(self, place.run("rules", "tune", alert, "--config", config), 1)
        # A folder that cannot be made.
        config = place.file("blocked.yaml", "own_rules: %s/no/rules\n" % place.store)
        ran = place.run("rules", "tune", alert, "--accept", "1", "--config", config)
        self.assertEqual(ran.code, 1, ran)
        self.assertEqual(ran.err.count("\n"), 1, ran)
        self.assertEqual([line for line in place.run("audit", "--json").json()["rows"] if line["act"] == "tune"], [])


if __name__ == "__main__":
    harness.main()
