# SPDX-License-Identifier: Apache-2.0
"""`centinela silences`: begun, listed, what they hid, extended and ended."""
import os
import re
import unittest

import harness


class Silences(unittest.TestCase):
    """The same days twice: as they are, and with a silence that was there before."""

    @classmethod
    def setUpClass(cls):
        cls.place, cls.silent = harness.Place(), harness.Place()
        folder = harness.days_until_now(cls.place, 3, "--days", "2", "--users", "60", "--seed", "5")
        cls.records = folder + "/cdrs.jsonl"
        assert cls.place.run("import", cls.records, "--json").code == 0
        cls.alerts = cls.place.run("alerts", "list", "--all", "--json").json()
        # The rule that says most of what is not critical.
        mild = [a["rule"] for a in cls.alerts if a["severity"] != "critical"]
        cls.rule = max(sorted(set(mild)), key=mild.count)
        cls.scope = "rule == '%s'" % cls.rule

    def silences(self, *words, code=0, place=None):
        ran = (place or self.silent).run("silences", *words)
        self.assertEqual(ran.code, code, ran)
        return ran

    def test_a_silence_from_its_preview_to_its_end(self):
        hidden = [a for a in self.alerts if a["rule"] == self.rule and a["severity"] != "critical"]
        critical = [a for a in self.alerts if a["rule"] == self.rule and a["severity"] == "critical"]
        tried = self.silences("try", "--filter", self.scope, "--json", place=self.place).json()
        self.assertEqual((tried["kept_back"], tried["alerts"], tried["critical_not_silenced"]), (len(hidden), len(self.alerts), len(critical)))
        self.assertEqual(tried["days"], 30)
        order = ["low", "medium", "high", "critical"]
        self.assertEqual(tried["highest"], max((a["severity"] for a in hidden), key=order.index))
        self.assertRegex(self.silences("try", "--filter", self.scope, "--lang", "es", place=self.place).out, "habría retenido %d de %d alertas" % (len(hidden), len(self.alerts)))

        begun = self.silences("add", "--filter", self.scope, "--reason", "cambio de planta en Cali", "--for", "8h", "--json").json()
        self.assertEqual((begun["id"], begun["preview"]["kept_back"]), ("s1", 0))
        done = self.silent.run("import", self.records, "--json").json()
        self.assertEqual(done["kept_back"], self.silences("show", "s1", "--json").json()["kept_back"])
        told = self.silent.run("report", "--json").json()["silences"]
        self.assertEqual((told["in_force"], told["kept_back_24h"], told["list"][0]["reason"]), (1, done["kept_back"], "cambio de planta en Cali"))
        for form in ("text", "md"):
            self.assertRegex(self.silent.run("report", "--format", form, "--lang", "es").out, r"(?s)Qué está en silencio.*silencios vigentes: 1.*cambio de planta en Cali")
        raised = self.silent.run("alerts", "list", "--all", "--json").json()
        self.assertEqual(done["alerts_raised"], len(raised))
        self.assertEqual([a for a in raised if a["rule"] == self.rule and a["severity"] != "critical" and not critical], [])
        self.assertGreater(len(raised), 0)
        (row,) = self.silences("list", "--json").json()
        self.assertEqual((row["kind"], row["filter"], row["reason"], row["broken"]), ("filter", self.scope, "cambio de planta en Cali", None))
        self.assertGreaterEqual(row["kept_back"], len(hidden))
        self.assertEqual(row["kept_back_24h"], row["kept_back"])
        self.assertTrue(row["owner"])
        shown = self.silences("show", "s1", "--json").json()
        self.assertEqual({h["rule"] for h in shown["hidden"]}, {self.rule})
        self.assertEqual({h["subject"]["id"] for h in shown["hidden"]}, {a["subject"]["id"] for a in hidden})
        self.assertLessEqual(max(h["findings"] for h in shown["hidden"]), row["kept_back"])
        self.assertRegex(self.silences("list").out, r"(?m)^s1 +filter .* cambio de planta")

        until = self.silences("extend", "s1", "--for", "7d", "--json").json()["until"]
        self.assertGreater(until, row["until"])
        ended = self.silences("end", "s1", "--lang", "es").out
        self.assertRegex(ended, "retuvo %d hallazgo" % row["kept_back"])
        self.assertEqual(self.silences("list", "--json").json(), [])
        self.assertEqual([r["id"] for r in self.silences("list", "--all", "--json").json()], ["s1"])
        audit = self.silent.run("audit", "--json").json()
        self.assertIs(audit["chain_holds"], True)
        self.assertEqual([line["act"] for line in audit["rows"] if line["act"].startswith("silence_")], ["silence_end", "silence_extend", "silence_begin"])
        self.silences("end", "s1", code=1)

    def test_snoozes_and_silences_of_alerts_are_there_too(self):
        one, two = [str(a["id"]) for a in self.alerts if a["severity"] != "critical"][:2]
        for words in (["silence", one, "--for", "7d", "--note", "conmutador propio"], ["snooze", two, "--for", "1h", "--note", "después"]):
            self.assertEqual(self.place.run("alerts", *words).code, 0)
        self.silences("add", "--filter", "location == \"Nowhere\"", "--reason", "troncal nueva", "--for", "2h", "--from", "+1d", place=self.place)
        rows = self.silences("list", "--json", place=self.place).json()
        self.assertEqual([(r["id"], r["kind"], r["reason"]) for r in rows], [("z" + two, "snooze", "después"), ("m1", "maintenance", "troncal nueva"),
                                                                          ("a" + one, "alike", "conmutador propio")])
        self.assertLess(rows[1]["begins"], rows[1]["until"])
        for row in rows:
            self.silences("end", row["id"], place=self.place)
        self.assertRegex(self.silences("list", place=self.place).out, "Nothing is silent")

    def test_what_is_no_silence_is_refused_and_nothing_is_written(self):
        place = harness.Place()
        good = ["--filter", "location == Cali", "--reason", "x", "--for", "1h"]
        for words in (["add"], ["add", *good[2:]], ["add", *good[:2], *good[4:]], ["add", *good[:4]], ["add", *good[:4], "--for", "31d"], ["add", *good[:4], "--for", "0h"],
                      ["add", *good[:4], "--for", "always"], ["add", *good, "--from", "tomorrow"], ["add", *good, "--from", "+40d"],
                      ["add", *good, "--from", "2020-01-01T00:00:00Z"], ["add", "--filter", "", *good[2:]], ["add", "--filter", "state == new", *good[2:]],
                      ["add", "--filter", "location ==", *good[2:]], ["add", "--filter", "(" * 5000, *good[2:]], ["add", "--filter", "@nosuch", *good[2:]],
                      ["try"], ["try", "--filter", "assignee == ana"], ["end"], ["end", "7"], ["end", "s0"], ["extend", "s1"], ["extend", "s1", "--for", "99d"],
                      ["show"], ["show", "x1"], ["frobnicate"], ["list", "now"]):
            with self.subTest(words=words):
                harness.is_sentence(self, place.run("silences", *words), 2)
        for words in (["end", "s1"], ["end", "a1"], ["end", "z1"], ["extend", "s1", "--for", "1h"], ["extend", "a1", "--for", "1h"], ["show", "s1"]):
            with self.subTest(words=words):
                harness.is_sentence(self, place.run("silences", *words), 1)
        self.assertEqual(place.run("silences", "list", "--all", "--json").json(), [])
        config = place.file("look.yaml", "console: {read_only: true}\n")
        ran = place.run("silences", "add", *good, "--config", config)
        self.assertNotEqual(ran.code, 0, ran)
        self.assertEqual(place.run("silences", "list", "--json").json(), [])

    def test_exceptions_are_there_with_what_they_left_out(self):
        place = harness.Place()
        os.mkdir(place.file("own"))
        person = next(a["subject"] for a in self.alerts if a["subject"]["kind"] == "person")
        text = ("# Accepted 2026-10-05 by ana.\ntitle: Nothing of them\nfilter:\n    rules: any\n"
                "    selection: {user.uuid: '%s'}\n    condition: selection\n" % person["id"])
        path = place.file("own/exception-1.yml", text)
        config = ["--config", place.file("own.yaml", "own_rules: %s\n" % place.file("own"))]
        self.assertEqual(place.run("import", self.records, *config).code, 0)
        (row,) = place.run("silences", "--json", *config).json()
        self.assertEqual((row["kind"], row["file"], row["owner"], row["until"]), ("exception", "exception-1.yml", "ana", None))
        self.assertGreater(row["kept_back"], 0)
        self.assertEqual(row["kept_back_24h"], row["kept_back"])
        self.assertEqual(place.run("silences", "show", row["id"], "--json", *config).json()["hidden"], [])
        # The same once more: what is here already is not judged again.
        self.assertEqual(place.run("import", self.records, *config).code, 0)
        self.assertEqual(place.run("silences", "--json", *config).json()[0]["kept_back"], row["kept_back"])
        until = place.run("silences", "extend", row["id"], "--for", "2d", "--json", *config).json()["until"]
        self.assertEqual(place.run("silences", "--json", *config).json()[0]["until"], until)
        self.assertRegex(place.run("silences", "end", row["id"], *config).out, "kept back %d finding" % row["kept_back"])
        self.assertEqual(place.run("silences", "--json", *config).json(), [])
        with open(path) as f:
            self.assertRegex(f.read(), r"by ana\.\nexpires: \S+\ntitle: Nothing of them\n")
        self.assertEqual(place.run("rules", "check", place.file("own"), store=False).code, 0)
        harness.is_sentence(self, place.run("silences", "end", row["id"], *config), 1)
        self.assertEqual([r["act"] for r in place.run("audit", "--json").json()["rows"]][:2], ["silence_end", "silence_extend"])

    def test_hostile_reasons_are_harmless(self):
        place = harness.Place()
        self.silences("add", "--filter", "location == Cali", "--reason", "\x1b]0;owned\x07 ñ\u202e" + "x" * 3000, "--for", "1h", place=place)
        for words in (["silences"], ["audit"]):
            self.assertIsNone(re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", place.run(*words).out))


if __name__ == "__main__":
    harness.main()
