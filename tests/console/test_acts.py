# SPDX-License-Identifier: Apache-2.0
"""Acts on alerts from the command line, on a store of its own."""
import glob
import os
import re
import unittest

import harness


class Acts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        folder = place.file("days")
        assert place.run("sim", "--export", folder, "--days", "2", "--users", "60", "--seed", "5").code == 0
        assert place.run("import", folder + "/cdrs.jsonl").code == 0
        cls.ids = [a["id"] for a in cls.list()]

    @classmethod
    def list(cls, *words):
        return cls.place.run("alerts", "list", "--json", *words).json()

    def act(self, *words):
        return self.place.run("alerts", *words)

    def one(self, id_):
        return self.place.run("alerts", "show", id_, "--json").json()


class Unknown(Acts):
    def test_an_alert_that_is_not_there_has_one_sentence(self):
        for words in (("show",), ("claim",), ("note", "--note", "x"), ("close", "--resolution", "unknown")):
            for language, said in (("en", "there is no alert 999999"), ("es", "no hay alerta 999999")):
                ran = self.act(words[0], "999999", *words[1:], "--lang", language)
                harness.is_sentence(self, ran, 1)
                self.assertEqual((ran.out, ran.err), ("", "centinela: %s\n" % said))
        ran = self.act("claim", self.ids[0], "999999")  # of several it is said how many
        self.assertEqual((ran.code, ran.out), (1, "1 done, 1 refused: 1 not there\n"), ran)
        self.assertEqual(self.act("release", self.ids[0]).code, 0)


class Bulk(Acts):
    def test_an_act_is_for_all_that_pass_a_filter(self):
        first, second = self.ids[:2]
        self.assertEqual(self.act("close", first, "--resolution", "legitimate").code, 0)
        dry = self.act("note", "--filter", "score >= 0", "--all", "--note", "seen", "--dry-run", "--json").json()
        self.assertEqual(dry["alerts"], len(self.ids))
        self.assertEqual(sum(dry["severity"].values()), len(self.ids))
        self.assertEqual(dry["state"]["closed"], 1)
        self.assertEqual(sum(a["notes"] for a in self.list() if "notes" in a), 0)  # nothing was done
        ran = self.act("close", "--filter", "score >= 0", "--all", "--resolution", "false_positive", "--json")
        self.assertEqual(ran.code, 1, ran)
        said = ran.json()
        self.assertEqual((said["done"], said["failed"]), (len(self.ids) - 1, 1))
        self.assertEqual(said["refused"], [{"why": "closed already", "n": 1}])
        self.assertEqual(self.list(), [])
        # What is closed is what reopening is of.
        ran = self.act("reopen", "--filter", "id in [%d, %d]" % (first, second))
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(ran.out, "2 done, 0 refused\n")
        ran = self.act("note", first, "--note", "vista", "--lang", "es")
        self.assertEqual(ran.out, "1 hecha, 0 rechazadas\n")
        self.assertEqual(self.place.run("audit", "--json").json()["chain_holds"], True)

    def test_wrong_words_are_a_sentence(self):
        for words, code in ((("close", "--filter", "nonsense ="), 2), (("close", "1", "--filter", "id = 1"), 2),
                      (("claim",), 2), (("claim", "x"), 2), (("claim", "1", "--dry"), 2)):
            harness.is_sentence(self, self.act(*words), code)


class Tags(Acts):
    def test_words_are_put_on_and_taken_off_and_found(self):
        first, second, third = self.ids[:3]
        ran = self.act("tag", first, second, "+Fraude", "+vip", "-prueba")
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(self.act("tag", first, "-vip", "+fraude").code, 0)
        tags = {a["id"]: a["tags"] for a in self.list()}
        self.assertEqual((tags[first], tags[second], tags[third]), (["fraude"], ["fraude", "vip"], []))
        found = lambda text: sorted(a["id"] for a in self.list("--filter", text))
        self.assertEqual(found("tag = fraude"), sorted([first, second]))
        self.assertEqual(found("tag = FRAU*"), sorted([first, second]))
        self.assertEqual(found("tag = vip and tag = fraude"), [second])
        self.assertEqual(found("tag = fraud"), [])
        self.assertEqual(len(found('tag = ""')), sum(a["tags"] == [] for a in self.list()))
        self.assertEqual(found("tag ~ ip"), [second])
        self.assertEqual(self.one(first)["timeline"][-1]["before"], "fraude vip")
        self.assertEqual(self.one(first)["timeline"][-1]["after"], "fraude")
        self.assertIn("etiquetas: fraude vip", self.act("show", second, "--lang", "es").out)
        ran = self.act("tag", "--filter", "tag = fraude", "+fraude", "+otra", "-otra")
        self.assertEqual(ran.code, 0, ran)
        ran = self.act("tag", first, "+otra")
        self.assertEqual(ran.code, 1, ran)
        harness.is_sentence(self, ran, 1) if ran.out == "" else self.assertIn("1 tagged already", ran.out)

    def test_what_is_no_tag_is_refused(self):
        first = self.ids[3]
        for word in ("+a*b", "+" + "x" * 33, "+a\x1bb", '+a"b', "+a=b", "+", "+-x"):
            ran = self.act("tag", first, word)
            self.assertNotEqual(ran.code, 0, word)
            self.assertEqual(self.one(first)["tags"], [])
        self.assertEqual(self.act("tag", first, *["+t%d" % i for i in range(16)]).code, 0)
        self.assertEqual(self.act("tag", first, "+t16").code, 2)
        self.assertEqual(self.act("tag", first, "+t16", "-t3").code, 0)
        self.assertEqual(len(self.one(first)["tags"]), 16)


class Steps(Acts):
    def test_the_playbook_is_in_the_json_and_a_console_ticks_it(self):
        one = next(a for a in self.list() if self.one(a["id"])["playbook"])
        steps = self.one(one["id"])["playbook"]
        self.assertEqual({(s["done"], s["who"], s["time"]) for s in steps}, {(False, None, None)})
        spanish = self.place.run("alerts", "show", one["id"], "--json", "--lang", "es").json()["playbook"]
        self.assertNotEqual(spanish[0]["step"], steps[0]["step"])
        tmux = harness.Tmux(self.place, "'%s' console --store '%s' --lang es 2>'%s'" % (
            harness.PROGRAM, self.place.store, self.place.file("steps.err")), 120, 40)
        tmux.wait("4 Cola", "▸")
        tmux.keys("/")
        tmux.type("id = %d" % one["id"])
        tmux.keys("Enter")
        tmux.wait("/id = %d" % one["id"])
        tmux.keys("Enter")
        tmux.wait(r"Qué hacer: 0 de %d hechos" % len(steps))
        tmux.keys("x")
        tmux.wait(r"Qué hacer: 1 de %d hechos" % len(steps), r"\[x\]", r"\(u deshace\)")
        tmux.keys("u")
        tmux.wait("Deshecho: marcar un paso de #%d" % one["id"], r"Qué hacer: 0 de %d hechos" % len(steps))
        self.assertEqual([s["done"] for s in self.one(one["id"])["playbook"]], [False] * len(steps))
        tmux.keys("C-y")
        tmux.wait(r"Qué hacer: 1 de %d hechos" % len(steps), r"\[x\]")
        # The log has the step in English; nobody reads it so here.
        said, english = re.escape(spanish[0]["step"][:24]), re.escape(steps[0]["step"][:24])
        tmux.keys("G")
        shown = tmux.wait("paso hecho ", r"\n +" + said)
        self.assertNotRegex(shown, english)
        tmux.keys("D")
        shown = tmux.wait("Auditoría|Bitácora", "paso hecho .*" + said[:16])
        self.assertNotRegex(shown, english[:16])
        tmux.keys("q", "i", "G")
        self.assertNotRegex(tmux.wait("paso hecho #%d .*%s" % (one["id"], said)), english)
        self.assertRegex(self.act("show", one["id"], "--lang", "es").out, "paso hecho .*" + said)
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        steps = self.one(one["id"])["playbook"]
        self.assertEqual([s["done"] for s in steps], [True] + [False] * (len(steps) - 1))
        self.assertIsNotNone(steps[0]["who"])
        last = self.one(one["id"])["timeline"][-1]
        self.assertEqual((last["act"], last["note"]), ("step", steps[0]["step"]))
        # The same from a script, by the step's number, whatever the language.
        ran = self.act("tick", one["id"], 2, "--lang", "es")
        spanish = self.place.run("alerts", "show", one["id"], "--json", "--lang", "es").json()["playbook"]
        self.assertNotEqual(spanish[1]["step"], steps[1]["step"])
        self.assertEqual((ran.code, ran.out), (0, "[x] %s\n" % spanish[1]["step"]), ran)
        ran = self.act("tick", one["id"], 1)
        harness.is_sentence(self, ran, 1)
        self.assertIn("has done that step already", ran.err)
        self.assertEqual(self.act("untick", one["id"], 1, "--json").json(), {"alert": one["id"], "step": steps[0]["step"], "done": False})
        self.assertEqual([s["done"] for s in self.one(one["id"])["playbook"]][:2], [False, True])
        for words, code in (((one["id"],), 2), ((one["id"], 0), 2), ((one["id"], "x"), 2), ((one["id"], 99), 1), ((999999, 1), 1)):
            harness.is_sentence(self, self.act("tick", *words), code)
        self.assertEqual(self.place.run("audit", "--json").json()["chain_holds"], True)


class LongNotes(Acts):
    """A note in one's own editor, in a console in tmux."""

    def console(self, editor, name):
        path = self.place.file(name, "#!/bin/sh\n" + editor + "\n")
        os.chmod(path, 0o700)
        env = self.place.environment()
        env.update(EDITOR=path if editor else "", VISUAL="", TMPDIR=self.place.path, XDG_RUNTIME_DIR="")
        tmux = harness.Tmux(self.place, "'%s' console --store '%s' --lang es 2>'%s'" % (
            harness.PROGRAM, self.place.store, self.place.file(name + ".err")), 120, 70, env)
        tmux.wait("4 Cola", "▸")
        tmux.keys("Enter")
        return tmux, int(re.search(r"#(\d+) · ", tmux.wait(r"#\d+ · ")).group(1))

    def drafts(self):
        return [os.path.join(f, "note.txt") for f in glob.glob(self.place.path + "/centinela-note-*")]

    def test_a_note_of_several_lines(self):
        tmux, id_ = self.console('exec <"$(tty)"; echo editing; read line; printf "%s\\nand a second line\\n" "$line" >"$1"', "write")
        tmux.keys("W")
        tmux.wait("editing")
        tmux.type("typed in the editor")  # the terminal is the editor's
        tmux.keys("Enter")
        tmux.wait("Anotada: #%d" % id_, "typed in the editor", "and a second line")
        tmux.keys("j")  # and the console's again
        self.assertEqual(self.one(id_)["timeline"][-1]["note"], "typed in the editor ↵ and a second line")
        self.assertEqual(self.drafts(), [])
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def test_a_text_is_never_lost(self):
        # Too long for a note; the editor begins with it the next time.
        tmux, id_ = self.console('if [ -s "$1" ]; then tail -n 1 "$1" >"$1.2"; cat "$1.2" >"$1"; rm "$1.2"; '
            'else seq 2000 >"$1"; echo the end >>"$1"; fi', "long")
        tmux.keys("W")
        tmux.wait("4000 bytes.*se conserva")
        self.assertEqual(len(self.drafts()), 1)
        with open(self.drafts()[0]) as f:
            self.assertTrue(f.read().endswith("the end\n"))
        tmux.keys("W")
        tmux.wait("Anotada: #%d" % id_)
        self.assertEqual(self.one(id_)["timeline"][-1]["note"], "the end")
        self.assertEqual(self.drafts(), [])
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def test_without_an_editor_or_with_one_that_fails(self):
        tmux, id_ = self.console("", "none")
        n = len(self.one(id_)["timeline"])
        tmux.keys("W")
        tmux.wait("no hay editor definido")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        tmux, id_ = self.console('echo lost? >"$1"; exit 1', "fails")
        tmux.keys("W")
        tmux.wait("el editor terminó con un error")
        self.assertEqual(len(self.drafts()), 1)
        self.assertEqual(len(self.one(id_)["timeline"]), n)
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)


class Manual(Acts):
    def new(self, *words):
        return self.place.run("alerts", "new", "--json", *words)

    def test_the_hotline_rang(self):
        person = next(a for a in self.list() if a["subject"]["kind"] == "person")
        people = self.place.sql("SELECT uuid, name, extension FROM people")
        ran = self.new("--title", "Llaman pidiendo claves\x1b[2J", "--subject", "+57 (310) 555-0001", "--severity", "high",
            "--site", "Bogotá", "--note", "tres veces hoy")
        self.assertEqual(ran.code, 0, ran)
        one = self.one(ran.json()["id"])
        self.assertEqual((one["rule"], one["state"], one["severity"], one["location"]), ("manual", "in_progress", "high", "Bogotá"))
        self.assertEqual(one["subject"], {"kind": "number", "id": "+573105550001", "name": "+573105550001"})
        self.assertNotIn("\x1b", one["title"])
        self.assertIsNotNone(one["assignee"])
        self.assertEqual([(e["act"], e["note"]) for e in one["timeline"]], [("raise", "tres veces hoy")])
        # The same subject again is the same alert, which keeps its title and its worst.
        again = self.new("--title", "Otra vez", "--subject", "+573105550001", "--severity", "low").json()
        self.assertEqual((again["id"], again["grew"]), (one["id"], True))
        two = self.one(one["id"])
        self.assertEqual((two["title"], two["severity"], two["timeline"][-1]["note"]), (one["title"], "high", "Otra vez"))
        self.assertEqual(self.act("close", one["id"], "--resolution", "legitimate").code, 0)
        self.assertNotEqual(self.new("--title", "x", "--subject", "+573105550001").json()["id"], one["id"])
        for uuid, name, extension in people[:1]:
            three = self.one(self.new("--title", "x", "--subject", extension).json()["id"])
            self.assertEqual((three["subject"]["id"], three["subject"]["name"]), (uuid, name))
        four = self.one(self.new("--title", "Nadie en particular").json()["id"])
        self.assertEqual(four["subject"]["kind"], "org")
        self.assertEqual(self.place.run("audit", "--json").json()["chain_holds"], True)
        self.assertEqual([a["id"] for a in self.list("--filter", "rule = manual and severity = high")], [])
        # What people raise is no rule's record.
        report = self.place.run("rules", "report", "--since", "3650d", "--json")
        self.assertNotIn("manual", report.out, report)

    def test_what_was_raised_in_error_is_taken_back(self):
        tmux = harness.Tmux(self.place, "'%s' console --store '%s' --lang es 2>'%s'" % (
            harness.PROGRAM, self.place.store, self.place.file("manual.err")), 120, 40)
        tmux.wait("4 Cola", "▸")
        tmux.keys("!")
        for question, answer in (("1/5", "Una llamada rara"), ("2/5", "+573105550077")):
            tmux.wait(question)
            tmux.type(answer)
            tmux.keys("Enter")
        tmux.wait("3/5")
        tmux.keys("2")
        for question in ("4/5", "5/5"):
            tmux.wait(question)
            tmux.keys("Enter")
        id_ = int(re.search(r"#(\d+), suya", tmux.wait(r"#\d+, suya.*\(u deshace\)")).group(1))
        tmux.keys("u")
        tmux.wait("Deshecho: levantar #%d" % id_, "cerrada")
        one = self.one(id_)
        self.assertEqual((one["state"], one["resolution"]), ("closed", "false_positive"))
        self.assertEqual([e["act"] for e in one["timeline"]], ["raise", "undo"])
        tmux.keys("C-y")
        tmux.wait("Hecho de nuevo: levantar #%d" % id_, "en curso")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        self.assertEqual((self.one(id_)["state"], self.one(id_)["resolution"]), ("in_progress", None))

    def test_bad_words_are_a_sentence(self):
        for words in ((), ("--title", " "), ("--title", "x", "--severity", "awful"), ("--title", "x", "7")):
            harness.is_sentence(self, self.act("new", *words), 2)


class Cases(Acts):
    def other(self, *ids):
        return next(x for x in self.ids if x not in ids and self.one(x)["case"] == x)

    def test_linked_unlinked_and_merged(self):
        alone = {alert["case"]: alert["id"] for alert in self.list()}
        a, b, c = [id_ for case, id_ in alone.items() if case == id_][:3]
        self.assertEqual(self.act("link", b, c, "--to", "#%d" % a).code, 0)
        self.assertEqual({self.one(x)["case"] for x in (a, b, c)}, {self.one(a)["case"]})
        # What its first alert left keeps its number: as a case's that is meant first.
        self.assertEqual(self.act("link", a, "--to", self.other(a, b, c)).code, 0)
        ran = self.place.run("export", "case", a, "--json")
        left = {x["id"] for x in ran.json()["alerts"]}
        self.assertEqual((ran.json()["case"], a in left, {b, c} <= left), (a, False, True))
        self.assertIn("Alert #%d itself is in case #%d now" % (a, self.one(a)["case"]), ran.err)
        self.assertEqual(self.act("link", a, "--to", b).code, 0)
        self.assertEqual(self.place.run("export", "case", a, "--json").err, "")
        self.assertEqual(self.act("unlink", b).code, 0)
        self.assertEqual(self.one(b)["case"], b)
        self.assertEqual(self.act("merge", b, c, "--to", a).code, 0)
        one, two = self.one(a), self.one(b)
        self.assertEqual((two["state"], two["resolution"], two["duplicate_of"]), ("closed", "duplicate", a))
        self.assertEqual(sorted(one["duplicates"]), sorted([b, c]))
        self.assertEqual(one["count_with_duplicates"], one["count"] + two["count"] + self.one(c)["count"])
        for words, code in ((("merge", a, "--to", a), 1), (("merge", a), 2), (("link", a, "--to", "x"), 2), (("link", a, "--to", "999999"), 1)):
            ran = self.act(*words)
            self.assertEqual(ran.code, code, ran)
        self.assertEqual(self.place.run("audit", "--json").json()["chain_holds"], True)


class TheOther(Acts):
    def test_it_is_chosen_from_a_list_by_what_the_queue_shows(self):
        one, other = list({a["case"]: a for a in self.list() if a["severity"] != "critical"}.values())[:2]
        tmux = harness.Tmux(self.place, "'%s' console --store '%s' --lang es 2>'%s'" % (
            harness.PROGRAM, self.place.store, self.place.file("other.err")), 120, 40)
        tmux.wait("4 Cola", "▸")
        tmux.type(":columns level id")
        tmux.keys("Enter")
        tmux.type(":filter severidad != crítica and id = %d" % one["id"])
        tmux.keys("Enter")
        tmux.wait("#%d" % one["id"], r"/severidad != cr.tica +/id = %d" % one["id"])
        tmux.keys("M-l")
        tmux.wait("¿Cuál alerta\\?", "letras o número")
        tmux.type("#%d" % other["id"])
        tmux.wait("#%d +[▲◆●○]" % other["id"])
        tmux.keys("Enter")
        tmux.wait("Vinculada: #%d" % one["id"])
        self.assertEqual(self.one(one["id"])["case"], self.one(other["id"])["case"])
        tmux.keys("d", "Escape")  # looked at, and left
        tmux.wait("¿Cuál alerta\\?", gone=True)
        self.assertEqual(self.one(one["id"])["state"], "new")
        tmux.type("Q")
        self.assertEqual(tmux.wait_end(), 0)


class InTheCase(Acts):
    def test_acts_on_the_whole_case_and_on_an_alert_of_it(self):
        alone = {alert["case"]: alert["id"] for alert in self.list() if alert["severity"] != "critical"}
        ids = [id_ for case, id_ in alone.items() if case == id_][:4]
        self.assertEqual(self.act("link", *ids[1:], "--to", ids[0]).code, 0)
        self.assertEqual(self.act("assign", ids[2], "--to", "luis").code, 0)
        self.assertEqual(self.act("close", ids[3], "--resolution", "unknown").code, 0)
        states = lambda: [(a["state"], a["assignee"]) for a in map(self.one, ids)]
        before = states()
        tmux = harness.Tmux(self.place, "'%s' console --store '%s' --lang es 2>'%s'" % (
            harness.PROGRAM, self.place.store, self.place.file("case.err")), 120, 60)
        tmux.wait("4 Cola", "▸")
        tmux.keys("/")
        tmux.type("id = %d" % ids[0])
        tmux.keys("Enter")
        tmux.wait("/id = %d" % ids[0])
        # An alert that is not there: the number is put right where it was typed.
        tmux.keys("M-l")
        tmux.type("99999")
        tmux.keys("Enter")
        tmux.wait("al caso de la alerta: 99999", r"\^ .*99999")
        tmux.keys("Escape")
        tmux.wait("al caso de la alerta", gone=True)
        tmux.keys("i")
        tmux.wait("Caso #%d" % ids[0], "4, de ellas 3 abiertas")
        # Of the whole case: seen first, in one transaction, refusals counted.
        tmux.keys("C")
        tmux.wait("tomar: 3 alertas", "de otro.*luis 1")
        self.assertEqual(states(), before)
        tmux.keys("1")
        tmux.wait("Tomadas: 2 alertas; 1 .*luis")
        who = self.one(ids[0])["assignee"]
        self.assertEqual(states(), [("in_progress", who)] * 2 + before[2:])
        tmux.keys("u")
        tmux.wait("Deshecho: tomar × 2")
        self.assertEqual(states(), before)
        # Of the alert that the line names.
        tmux.wait("4, de ellas 3 abiertas")
        tmux.keys("/")
        tmux.type("#%d" % ids[1])
        tmux.keys("Enter")
        tmux.wait("/#%d" % ids[1])
        tmux.keys("G", "c", "3")
        tmux.wait("Cerrada: #%d" % ids[1])
        self.assertEqual([s for s, _ in states()], ["new", "closed", "new", "closed"])
        tmux.wait("#%d .*cerrada" % ids[1])
        tmux.keys("u")
        tmux.wait("Deshecho: cerrar #%d" % ids[1], "#%d .*nueva" % ids[1])
        self.assertEqual(states(), before)
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        self.assertEqual(self.place.run("audit", "--json").json()["chain_holds"], True)


if __name__ == "__main__":
    harness.main()
