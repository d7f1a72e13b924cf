#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A console on a machine where nothing is set up: it leads to a sign-in on
another device, against a simulated Webex over TLS, and then shows records."""
import os
import re
import ssl
import stat
import sys
import unittest
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import Place, Simulator, Tmux, wait_for


def decide(sim, code, decision):
    """What the person does on the other device."""
    context = ssl.create_default_context(cafile=sim.ca)
    body = urllib.parse.urlencode({"user_code": code, "decision": decision}).encode()
    with urllib.request.urlopen(sim.url + "/verify", body, context=context, timeout=20) as answer:
        return answer.status


def code_of(screen):
    return re.search(r"Type this code:\s*(?:[█▀▄ ]*\n)?\s*(\S{4,})", screen).group(1)


def is_private(path):
    return stat.S_IMODE(os.stat(path).st_mode) == 0o600


@unittest.skipUnless(harness.have("tmux"), "tmux is not there")
class FirstRun(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.sim = Simulator(self.place, "--users", "40", "--no-rate-limits", granted=False)
        self.config = self.sim.config(webex={"client_id": '""', "client_secret_file": '""'})
        self.secret = self.sim.where["client_secret"]

    def tearDown(self):
        self.sim.stop()
        self.place.clean()

    def type_the_client(self, tmux):
        """Its ID, and its secret up to the last Enter."""
        tmux.keys("Enter")
        tmux.wait("client ID:")
        tmux.type(self.sim.where["client_id"])
        tmux.keys("Enter")
        tmux.wait("client secret:")
        tmux.type(self.secret)

    def test_from_nothing_to_records(self):
        tmux = Tmux(self.place, "%s --config %s --lang en" % (harness.PROGRAM, self.config), cols=120, rows=36)
        tmux.wait("Webex is not set up on this machine", "Redirect URIs, all four")
        self.type_the_client(tmux)
        hidden = tmux.wait("•{%d}" % len(self.secret))
        self.assertNotIn(self.secret, hidden)
        tmux.keys("Enter")
        # Written once, for this user alone; the console comes back by itself.
        screen = tmux.wait("Sign in to Webex", r"Type this code:\s*\n")
        secret_file = os.path.join(os.path.dirname(self.config), "client-secret")
        self.assertTrue(is_private(secret_file) and is_private(self.config))
        with open(self.config) as f:
            self.assertNotIn(self.secret, f.read())
        # Refused on the telephone: a sentence, and another code for the asking.
        first = code_of(screen)
        self.assertEqual(decide(self.sim, first, "decline"), 200)
        tmux.wait("was refused on the other device")
        tmux.keys("Enter")
        second = wait_for(lambda: (lambda s: "Type this code" in s and code_of(s) != first and code_of(s))(tmux.screen()),
            "a second code")
        self.assertEqual(decide(self.sim, second, "accept"), 200)
        tmux.wait("Signed in. Records come now")
        tmux.keys("Enter")
        tmux.wait("1 Locations", "Colombia")
        wait_for(lambda: self.place.sql("SELECT count(*) FROM legs")[0][0] > 0, "records in the store")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        # The next start knows all of it.
        status = self.place.run("status", "--config", self.config, "--json").json()
        self.assertTrue(status["signed_in"])
        tmux.kill()

    def test_the_setting_up_keeps_link_mode_and_place(self):
        """A configuration named from the current folder, which is a link to one that a group may read."""
        folder = os.path.join(self.place.path, 'a "quoted" folder')
        os.makedirs(folder)
        kept = os.path.join(folder, "kept.yaml")
        os.rename(self.config, kept)
        os.chmod(kept, 0o640)
        os.symlink(kept, os.path.join(self.place.path, "c.yaml"))
        tmux = Tmux(self.place, "cd '%s' && %s --config c.yaml --lang en" % (self.place.path, harness.PROGRAM), cols=120, rows=36)
        tmux.wait("Webex is not set up on this machine")
        self.type_the_client(tmux)
        tmux.keys("Enter")
        tmux.wait("Sign in to Webex", r"Type this code:\s*\n")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        tmux.kill()
        self.assertEqual(os.readlink(os.path.join(self.place.path, "c.yaml")), kept)
        self.assertEqual(stat.S_IMODE(os.stat(kept).st_mode), 0o640)
        self.assertTrue(is_private(os.path.join(folder, "client-secret")))
        # From another folder, by the whole path: the secret is found.
        ran = self.place.run("doctor", "--offline", "--config", kept, "--json")
        found = [line for line in ran.json()["checks"] if line["name"] == "client_secret"]
        self.assertEqual([line["status"] for line in found], ["ok"], ran.out)

    def test_records_from_a_file_instead(self):
        self.place.run("sim", "--export", self.place.path, "--days", "1", "--users", "20")
        tmux = Tmux(self.place, "%s --config %s --lang en" % (harness.PROGRAM, self.config), cols=100, rows=30)
        tmux.wait("Webex is not set up on this machine")
        tmux.keys("i")
        tmux.wait("file:")
        tmux.type(os.path.join(self.place.path, "cdrs.jsonl"))
        tmux.keys("Enter")
        tmux.wait("records: ", "Enter goes back to the console")
        tmux.keys("Enter")
        tmux.wait("4 Queue", gone=False)
        self.assertGreater(self.place.sql("SELECT count(*) FROM legs")[0][0], 10)
        screen = tmux.wait("no login")
        self.assertNotIn("Webex is not set up", screen)
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)
        tmux.kill()


harness.main()
