# SPDX-License-Identifier: Apache-2.0
"""A line is contained from its alert by keys, and given back by keys; nothing of it holds
the screen up, and what has no right to it says how to have it."""
import json
import re
import threading
import unittest

import harness
from test_contain import Between, World, ask


def tearDownModule():
    World.end()


class Keys(unittest.TestCase):
    def setUp(self):
        self.world = World.of(())
        self.place, self.sim = self.world.place, self.world.sim

    def alert(self, person):
        """Raised by hand, about that person."""
        ran = self.place.run("alerts", "new", "--title", "the hotline rang", "--subject", person["email"], "--severity", "critical", "--json",
            "--config", self.world.config)
        self.assertEqual(ran.code, 0, ran)
        return ran.json()["id"]

    def console(self, alert, config=None, *flags, lang="en", cols=120):
        tmux = harness.Tmux(self.place, "'%s' console --config '%s' --lang %s --alert %d %s 2>'%s'" % (harness.PROGRAM, config or self.world.config,
            lang, alert, " ".join(flags), self.place.file("console.err")), cols, 40)
        self.addCleanup(tmux.kill)
        tmux.wait(r"#%d" % alert)
        return tmux

    def international(self, person):
        status, said, _ = ask("%s/v1/people/%s/features/outgoingPermission" % (self.sim.url, person["uuid"]), self.sim.ca, self.sim.where["personal_token"])
        self.assertEqual(status, 200)
        return next(row["action"] for row in json.loads(said)["callingPermissions"] if row["callType"] == "INTERNATIONAL")

    def rows(self):
        return self.place.run("contain", "list", "--all", "--json", "--config", self.world.config).json()

    def someone(self):
        person = next(p for p in self.world.people if p["uuid"] not in self.world.taken and self.international(p) == "ALLOW")
        self.world.taken.add(person["uuid"])
        return person

    def test_in_three_keys_and_back(self):
        person = self.someone()
        alert = self.alert(person)
        tmux = self.console(alert)
        tmux.keys("b")
        tmux.wait("Contain the line of " + re.escape(person["name"]), "1 +no calls abroad", "2 +no call forwarding", "3 +no outgoing calls")
        tmux.keys("1")
        screen = tmux.wait("write it to Webex", "leave it as it is", r"international calls: allowed, transfer too \u2192 blocked, no transfer")
        self.assertIn("! calls that are up now go on", screen)
        self.assertIn("! ways around it are not looked at", screen)
        self.assertEqual(self.international(person), "ALLOW")
        tmux.keys("w")
        tmux.wait(r"In force, read again at Webex \(u gives it back\): ")
        self.assertEqual(self.international(person), "BLOCK")
        row = self.rows()[0]
        self.assertEqual((row["state"], row["alert"], row["person"]), ("verified", alert, person["uuid"]))
        # What was done stands in the alert's own timeline.
        tmux.keys("G")
        tmux.wait(r"contained\s+\u2192 international")
        # One key takes it back, and says what; nothing does it again but what did it.
        tmux.keys("u")
        tmux.wait("Undone: no calls abroad or to premium numbers")
        self.assertEqual((self.international(person), self.rows()[0]["state"]), ("ALLOW", "undone"))
        tmux.keys("C-y")
        tmux.wait("nothing to redo")
        tmux.keys("b")
        tmux.wait("Contain the line of")
        tmux.keys("1")
        tmux.wait("write it to Webex")
        tmux.keys("w")
        tmux.wait(r"In force, read again at Webex \(u gives it back\): ")
        # And so does the menu, which shows first what that changes.
        tmux.keys("b")
        tmux.wait("u +give back: no calls abroad or to premium numbers")
        tmux.keys("u")
        tmux.wait("as it was before: ", "blocked, no transfer \u2192 allowed, transfer too")
        tmux.keys("w")
        tmux.wait("As it was before, and read again at Webex")
        self.assertEqual((self.international(person), self.rows()[0]["state"]), ("ALLOW", "undone"))
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)

    def test_who_thinks_better_of_it_wrote_nothing(self):
        person = self.someone()
        tmux = self.console(self.alert(person), lang="es", cols=80)
        n = len(self.rows())
        for keys in (["Escape"], ["1", "Escape"], ["1", "l"], ["1", "1", "Escape"], ["1", "Enter"]):  # Enter is on leaving it
            tmux.keys("b")
            tmux.wait("Contener la l\u00ednea de")
            for i, key in enumerate(keys):
                if i > 0:
                    tmux.wait("dejarla como est\u00e1")
                tmux.keys(key)
            tmux.wait("Contener la l\u00ednea de|dejarla como est\u00e1", gone=True)
        self.assertEqual((self.international(person), len(self.rows())), ("ALLOW", n))

    def test_a_key_for_something_else_writes_nothing(self):
        person = self.someone()
        alert = self.alert(person)
        between = Between(self.place, self.sim)
        self.addCleanup(between.stop)
        asked, goes_on = threading.Event(), threading.Event()
        self.addCleanup(goes_on.set)

        def hold():
            asked.set()
            goes_on.wait(harness.DEADLINE)
        between.before_get = hold
        config = self.sim.config("between.yaml", webex={"api": between.url + "/v1", "responder_token_file": self.world.responder}, network={"ca_file": between.ca})
        tmux = self.console(alert, config)
        n = len(self.rows())
        tmux.keys("b")
        tmux.wait("Contain the line of")
        tmux.keys("1")
        self.assertTrue(asked.wait(harness.DEADLINE))
        tmux.keys("?")  # somebody goes on, and is back when Webex tells
        tmux.wait("Contain its line at Webex")
        tmux.keys("q")
        tmux.wait("Contain its line at Webex", gone=True)
        goes_on.set()
        screen = tmux.wait("Webex has told how the line of " + re.escape(person["name"]))
        self.assertNotIn("write it to Webex", screen)
        between.before_get = None
        tmux.keys("b")  # once more, and now it is shown
        tmux.wait("Contain the line of")
        tmux.keys("1")
        tmux.wait("w +write it to Webex", "l +leave it as it is")
        tmux.keys("1", "5", "Escape")  # a count is no yes
        tmux.wait("write it to Webex", gone=True)
        self.assertEqual((self.international(person), len(self.rows()), between.puts), ("ALLOW", n, []))

    def test_where_numbers_are_masked_no_refusal_shows_one(self):
        def forwarding(person, body=None):
            return ask("%s/v1/people/%s/features/callForwarding" % (self.sim.url, person["uuid"]), self.sim.ca, self.sim.where["personal_token"],
                "GET" if body is None else "PUT", None if body is None else json.dumps(body).encode())
        person = next(p for p in self.world.people if json.loads(forwarding(p)[1])["callForwarding"]["always"]["enabled"])
        self.world.taken.add(person["uuid"])
        config = self.sim.config("masked.yaml", webex={"responder_token_file": self.world.responder}, console={"mask_numbers": "true"})
        tmux = self.console(self.alert(person), config, cols=200)
        tmux.keys("b")
        tmux.wait("Contain the line of")
        tmux.keys("2")
        tmux.wait("write it to Webex")
        tmux.keys("w")
        tmux.wait(r"In force, read again at Webex \(u gives it back\): ")
        body = json.loads(forwarding(person)[1])
        body["callForwarding"]["always"].update(enabled=True, destination="+4915112345678")
        body["callForwarding"].get("noAnswer", {}).pop("systemMaxNumberOfRings", None)
        self.assertEqual(forwarding(person, body)[0], 204)
        tmux.keys("u")
        screen = tmux.wait("somebody changed it since, so it stays as it is: .*678")
        self.assertNotIn("4915112345678", screen)
        self.assertNotIn("--force", screen)

    def test_the_line_warns_of_emergency_calls(self):
        tmux = self.console(self.alert(self.someone()))
        tmux.keys("b")
        tmux.wait("Contain the line of")
        tmux.keys("3")
        tmux.wait("! EMERGENCY CALLS", "interception: no \u2192 yes")

    def test_at_80_columns_no_word_of_it_is_cut(self):
        tmux = self.console(self.alert(self.someone()), lang="es", cols=80)
        for kind, words in (("1", "otras l\u00edneas de la persona"), ("3", "TAMPOCO SALGAN LLAMADAS DE EMERGENCIA")):
            tmux.keys("b")
            tmux.wait("Contener la l\u00ednea de")
            tmux.keys(kind)
            screen = tmux.wait("dejarla como est\u00e1")
            read = screen[screen.index("dejarla como est\u00e1"):]
            self.assertNotIn("\u2026", read)
            self.assertIn(words, re.sub(r"[\s\u2502]+", " ", read))
            tmux.keys("l")
            tmux.wait("dejarla como est\u00e1", gone=True)

    def test_what_webex_refuses_is_a_sentence_and_nothing_waits(self):
        person = self.someone()
        alert = self.alert(person)
        between = Between(self.place, self.sim)
        self.addCleanup(between.stop)
        config = self.sim.config("between.yaml", webex={"api": between.url + "/v1", "responder_token_file": self.world.responder}, network={"ca_file": between.ca})
        tmux = self.console(alert, config)
        between.put = "mute"
        tmux.keys("b")
        tmux.wait("Contain the line of")
        tmux.keys("1")
        tmux.wait("write it to Webex")
        tmux.keys("w")
        self.assertTrue(between.passed.wait(harness.DEADLINE))
        tmux.keys("?")  # Webex does not answer, and the screen does
        tmux.wait("Contain its line at Webex")
        tmux.keys("q")
        tmux.keys("b")
        tmux.wait("Webex is being asked already")
        tmux.keys("Q")
        tmux.wait("A line is being changed: Q again leaves it to centinela contain finish")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        self.assertEqual((self.rows()[0]["state"], self.rows()[0]["person"]), ("planned", person["uuid"]))  # it says so
        between.put = 403
        other = self.someone()
        tmux = self.console(self.alert(other), config)
        tmux.keys("b")
        tmux.wait("Contain the line of")
        tmux.keys("1")
        tmux.wait("write it to Webex")
        tmux.keys("w")
        tmux.wait("login --profile responder")
        self.assertEqual(self.rows()[0]["state"], "failed")

    def test_without_the_right_to_it_nothing_is_offered_or_it_says_how(self):
        person = self.someone()
        alert = self.alert(person)
        tmux = self.console(alert, None, "--read-only")
        tmux.keys("b")
        tmux.wait("read-only")
        tmux.kill()
        nobody = self.sim.config("nobody.yaml", webex={"responder_token_file": self.place.file("nobody.json")})
        tmux = self.console(alert, nobody)
        tmux.keys("b")
        tmux.wait("Contain the line of")
        tmux.keys("1")
        tmux.wait("centinela login --profile responder")
        self.assertEqual(self.international(person), "ALLOW")


if __name__ == "__main__":
    harness.main()
