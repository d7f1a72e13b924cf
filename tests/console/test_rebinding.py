# SPDX-License-Identifier: Apache-2.0
"""A person's own keys: every command of the table on another key, in a file."""
import os
import re
import shutil
import string
import unittest

import harness


def table(place):
    """{command: its keys} of every place, as the program tells them."""
    found = {}
    for line in place.run("help", "keys", "--lang", "en", store=False).out.split("\n"):
        entry = re.match(r"^\s+(\S.*?)\s{2,}\S.* \(([a-z0-9-]+)\)$", line)
        if entry:
            found.setdefault(entry.group(2), []).extend(entry.group(1).split())
    return found


def other_keys(taken):
    """Keys that the table has not, and that begin no terminal's sequence."""
    letters = string.ascii_letters
    pool = ["M-" + c for c in letters if c not in "OPX"] + ["C-" + c for c in "adegknopqstuvwx"] + list(letters + "ñáéíóúüçàèìòùâêîôûäëïöåøæαβγδεζηθικλμνξπρστυφχψωćčďěłńňřśšťůźžż")
    return [key for key in pool if key not in taken]


class Keys(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = harness.Place()
        folder = cls.place.file("days")
        assert cls.place.run("sim", "--export", folder, "--days", "1", "--users", "60", "--seed", "5").code == 0
        assert cls.place.run("import", folder + "/cdrs.jsonl").code == 0
        shutil.rmtree(folder)
        cls.table = table(cls.place)
        assert len(cls.table) > 60, cls.table

    def configured(self, name, keys):
        self.place.file(name + "-keys.yaml", keys)
        return self.place.file(name + ".yaml", "console: {keys: %s}\n" % self.place.file(name + "-keys.yaml"))

    def rebound(self):
        """A configuration in which every command has another key; {command: key}."""
        keys = dict(zip(self.table, other_keys({k for ks in self.table.values() for k in ks})))
        self.assertEqual(len(keys), len(self.table), "more commands than other keys")
        return keys, self.configured("all", "commands:\n" + "".join("  %s: %s\n" % item for item in keys.items()))

    def test_the_list_of_keys_follows(self):
        keys, config = self.rebound()
        out = self.place.run("help", "keys", "--config", config, "--lang", "en", store=False).out
        for command, key in keys.items():
            self.assertRegex(out, r"(?m)^\s+%s\s{2,}\S.* \(%s\)$" % (re.escape(key), command))
        self.assertNotRegex(out, r"(?m)^\s+(F\d+|j Down|Space|\?)\s")
        config = self.configured("more", "macros: {lunch: [ack, snooze 1h lunch], next: c 3 j}\n"
            "commands: {play lunch: F8, close duplicate: [d]}\n")
        out = self.place.run("help", "keys", "--config", config, "--lang", "en", store=False).out
        for line in (r"F8\s+Play .* \(play lunch\)", r"d\s+Close .* \(close duplicate\)", r"lunch\s+ack · snooze 1h lunch", r"next\s+c 3 j"):
            self.assertRegex(out, r"(?m)^\s+%s$" % line)

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_every_command_works_by_its_other_key_and_the_help_follows(self):
        keys, config = self.rebound()
        tmux = harness.Tmux(self.place, "env EDITOR=true %s console --store %s --config %s --lang en" % (
            harness.PROGRAM, self.place.store, config), 120, 36)
        tmux.wait("4 Queue", r"\d+ open")
        # The line at the foot.
        foot = r"%s acknowledge  %s close .*  %s filter  %s open\s+%s commands  %s help" % tuple(
            keys[command] for command in ("ack", "close", "filter", "open", "palette", "help"))
        tmux.wait(foot)

        done = {"quit", "import", "demo", "doctor"}  # the last three in the test below

        def do(command, *markers, then=(), gone=()):
            done.add(command)
            tmux.keys(keys[command])
            tmux.wait(*markers)
            for key in then:
                tmux.keys(key)
        # None of the table's keys does anything any more.
        for old in ("j", "a", "Space", "Enter", "F1", "q", "Q"):
            tmux.keys(old)
            tmux.wait("This key does nothing here; %s shows those that do." % keys["help"])
            do("redraw", r"%s acknowledge" % keys["ack"])
        do("mark", "1 marked")
        do("mark-all", r"4 Queue(?!.*marked)")
        do("down")
        do("up")
        do("freeze", "Frozen: nothing here moves.", "FROZEN")
        do("freeze", "Thawed.")
        do("show-closed", "Closed alerts are shown too.")
        do("show-closed", "Only open alerts are shown.")
        do("group", "One row for each", then=["1"])
        tmux.wait("Each alert is a row.")
        do("top")
        do("claim", r"Claimed: #\d+  \(%s undoes\)" % keys["undo"])
        do("undo", r"Undone: claim.*\(%s does it again\)" % keys["redo"])
        do("redo", "Done again: claim")
        do("ack", "Acknowledged: #")
        do("note", "note:", then=["hoy", "Enter"])
        tmux.wait("Noted: ")
        do("repeat", "Again: Noted, hoy: ")
        do("edit-note", "Nothing was written: nothing is noted.")
        do("release", "Released: ")
        do("tag", "tags .*:", then=["vip", "Enter"])
        tmux.wait("Tagged: #")
        do("unlink", "Unlinked: #")
        for command, question in (("link", "into the case of alert:"), ("merge", "duplicate of alert:"), ("moment", "moment:")):
            do(command, question, then=["C-c"])
        do("snooze", "Snooze: #", then=["1", "espera", "Enter"])
        tmux.wait("Snoozed: #")
        do("undo", "Undone: snooze")
        do("unsilence", "are not silenced")
        do("wake", "wake does not apply")
        do("reopen", "reopen does not apply")
        for command, question in (("snooze", "Snooze: "), ("silence", "Silence alerts like it|such are never silenced"), ("close", "Close as"),
                ("escalate", "why it is worse:"), ("assign", "assign to:"), ("filter", "filter:"), ("command", ":")):
            do(command, question, then=["C-c"])
        do("sort")
        do("sort-by", "who ↑", then=["C-c"])
        do("unfold", "There is nothing in it beside this alert.")
        do("bottom")
        do("page-up")
        do("page-down")
        do("top")
        do("open", r"─ #\d+ · ")
        do("next-section", r"(?s)\A(?!.*\n who  )")
        do("prev-section", r"(?m)^ who  ")
        do("raw", r'"Start time"|Record as Webex sent it|Evidence')
        do("queue", "4 Queue")  # home from wherever
        self.filters_and_marks(do, tmux)
        self.stories(do, tmux, keys)
        self.arrangement(do, tmux, keys)
        for command, title in (("calls", "Calls"), ("sync", "Sync"), ("audit", "Audit log"), ("log", "Log"), ("rules", "Rules"), ("settings", "Settings"), ("silences", "Silences")):
            do(command, r"(?m)^─ %s" % title)
            do("back", "4 Queue")
        do("scores", r"%s profile" % keys["profile"])
        do("profile", r"(Person|Number|Service)  ")
        do("back", "4 Queue")
        for command in ("locations", "live"):
            do(command, r"%s sort" % keys["sort"])
        do("next-pane", r"%s profile" % keys["profile"])
        do("prev-pane", r"%s freeze" % keys["freeze"])
        do("queue", r"%s acknowledge" % keys["ack"])
        do("zoom", r"(?s)\A(?!.*1 Locations .*2 Live.*\n.*3 Scores)")
        do("zoom", "3 Scores")
        do("mask", "Numbers are masked.")
        do("mask", "Numbers are shown whole.")
        do("zone", "Times are in ")
        do("theme", "Theme: the cursor", then=["Enter"])
        tmux.wait("Theme: D")
        do("mouse", "Mouse on")
        do("mouse", "Mouse off")
        do("copy", "Copied to the terminal")
        # The palette shows each command with its key.
        do("palette", "Commands")
        for command in ("snooze", "zoom", "theme"):
            tmux.type(command)
            tmux.wait(r"(?m)\s%s │" % re.escape(keys[command]))
            tmux.keys("C-u")
        tmux.keys("Escape")
        tmux.wait("│ Commands|Commands ─", gone=True)  # an Escape and what follows at once are one key
        # And so does the help, searched by what a key does.
        do("help", "Everywhere|On alerts")
        do("filter", "filter:", then=["snooze", "Enter"])
        tmux.wait(r"(?m)^\s+%s\s+Snooze for a while, with a reason" % keys["snooze"])
        do("clear-filter", "On alerts")
        do("back", "4 Queue")
        self.assertEqual(set(keys) - done, set(), "not tried")
        tmux.keys(keys["quit"])
        self.assertEqual(tmux.wait_end(), 0)

    def filters_and_marks(self, do, tmux):
        do("filter", "filter:", then=["score > 1 and count > 0", "Enter"])
        tmux.wait("/score > 1  /count > 0")
        do("filter-part", "count > 0", then=["C-c"])
        do("filter-back", r"/score > 1(?!  /count)")
        do("clear-filter", r"4 Queue(?!.*/score)")
        do("saved-filters", "No filter is saved yet")
        do("mark-matching", r"The next act is for \d+ alerts")
        do("back", "Nothing is taken any more.")
        do("pivot", "Which value\\?", then=["C-c"])
        do("copy-as", "Copy as", then=["C-c"])
        do("new-alert", "1/5 what happened:", then=["C-c"])
        do("contain", "this console does not ask Webex")
        do("tune", r"(?m)^─ .*\w")
        do("back", "4 Queue")

    def stories(self, do, tmux, keys):
        do("related", "Profile of what is named here", then=["C-c"])
        do("case", r"(?m)^─ Case #\d+")
        do("export", r"file: case-\d+\.md", then=["C-c"])
        do("back", "4 Queue")
        do("open", r"─ #\d+ · ")
        do("tick", r"There is no step|step|\[x\]")
        do("queue", "4 Queue")
        do("calls", "(?m)^─ Calls")
        do("number", r"(?m)^─ (Number|Person)")
        do("calls-of", "(?m)^─ Calls")
        do("queue", "4 Queue")
        do("day", "(?m)^─ The last day")
        do("back", "4 Queue")
        do("handover", r"(?m)^─ Hand-over|the shift")
        do("back", "4 Queue")
        for command in ("earlier", "later", "day-earlier", "day-later"):
            do(command, "AS IT WAS .* — Esc goes back")
        do("back", "4 Queue")
        tmux.wait("AS IT WAS", gone=True)
        do("sync-now", "Nobody has signed in")
        for command, title in (("sign-in", "Sign|check this machine"), ("organisations", "Organisations")):
            do(command, title)
            do("back", "4 Queue")
        do("silences", "(?m)^─ Silences")
        do("silence-new", "filter:", then=["C-c"])
        for command in ("silence-extend", "silence-end"):
            do(command, "It is not in force yet")
        do("back", "(?m)^─ Silences")
        do("queue", "4 Queue")
        do("rules", "(?m)^─ Rules")
        do("replay", "replay since:", then=["C-c"])
        do("rehearse", "Rehearse which attack", then=["C-c"])
        do("cancel", "4 Queue")  # nothing runs: it goes back

    def arrangement(self, do, tmux, keys):
        do("layout", "Layout", then=["C-c"])
        for there, back in (("wider", "narrower"), ("taller", "lower")):
            before = self.borders(tmux)
            do(there)
            harness.wait_for(lambda: self.borders(tmux) != before, there)
            do(back)
            harness.wait_for(lambda: self.borders(tmux) == before, back)
        do("columns", "Columns: Enter shows or hides", then=["C-c"])
        do("roomy", "Rows have room between them.")
        do("roomy", "Rows")
        do("record", "Record|letter", then=["b"])
        do("down")
        do("record", "Recorded 1 key")
        do("play", r"\S", then=["b"])
        tmux.wait(r"4 Queue")

    @staticmethod
    def borders(tmux):
        """Where the four panes' titles stand."""
        return [(row, line.find(title)) for row, line in enumerate(tmux.screen().split("\n"))
            for title in ("1 Locations", "2 Live calls", "3 Scores", "4 Queue") if title in line]

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_what_leaves_the_console_has_its_key_too(self):
        keys, config = self.rebound()
        for command, marker in (("demo", "4 Queue|simulat"), ("doctor", "configuration|ok")):
            home = self.place.file("first-" + command)
            os.makedirs(home, exist_ok=True)
            tmux = harness.Tmux(self.place, "%s console --store %s/new.db --config %s --lang en; echo over; read x" % (
                harness.PROGRAM, home, config), 120, 36)
            tmux.wait("check this machine", r"%s  check this machine" % keys["doctor"])
            tmux.keys(keys["import"])
            tmux.wait("(?i)file")
            tmux.keys("C-c")
            tmux.keys(keys[command])
            tmux.wait(marker)
            tmux.kill()

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_a_macro_waits_for_the_store(self):
        """Recorded on one alert, played on three more: each row goes before the next."""
        def counts():
            return self.place.sql("SELECT count(*) FROM alerts WHERE state = 3")[0][0]
        before = counts()
        tmux = harness.Tmux(self.place, "%s console --store %s --lang en" % (harness.PROGRAM, self.place.store), 120, 36)
        tmux.wait(r"\d+ open · \d+ cases")
        tmux.type("x1")  # each alert a row: of more than one is asked
        tmux.wait("Each alert is a row.")
        cases = int(re.search(r"(\d+) open", tmux.screen()).group(1))
        tmux.type(";a")
        tmux.wait("Recording under a: ; ends it.")
        tmux.type("c3")
        tmux.wait("● a  Closed: ")
        tmux.wait("%d open" % (cases - 1))
        tmux.type("\\;")  # alone it would end the order to tmux
        tmux.wait("Recorded 2 keys: , a plays them.")
        tmux.type("03,a")
        tmux.wait("%d open" % (cases - 4))
        tmux.wait(r"▸ a", gone=True)
        self.assertGreaterEqual(counts() - before, 4)
        tmux.type(";bQ")
        self.assertEqual(tmux.wait_end(), 0)

    @unittest.skipUnless(harness.have("tmux"), "no tmux")
    def test_what_was_typed_is_there_in_the_next_run(self):
        command = "%s console --store %s --lang en" % (harness.PROGRAM, self.place.store)
        home = self.place.file("typed")  # its own: others type, too
        kept = home + "/centinela/history"
        for run in range(2):
            tmux = harness.Tmux(self.place, command, 80, 24, self.place.environment(XDG_DATA_HOME=home))
            tmux.wait(r"\d+ open")
            if run == 0:
                tmux.type(":sort wh")
                tmux.wait("sort COLUMN", "who")
                tmux.keys("Tab", "Enter")
                tmux.type("nbridge 7")
                tmux.wait("note:")
                tmux.keys("Enter")
                tmux.wait("Noted: ")
            else:
                tmux.keys(":", "Up")
                tmux.wait("(?m)^ : sort who$")
                tmux.keys("C-c")
                tmux.wait("(?m)^ :", gone=True)
            tmux.keys("Q")
            self.assertEqual(tmux.wait_end(), 0)
            self.assertEqual(os.stat(kept).st_mode & 0o777, 0o600)
            with open(kept) as f:
                self.assertEqual(f.read(), ":sort who\n")

    def test_a_mistake_is_one_sentence_and_the_console_opens_all_the_same(self):
        config = self.configured("wrong", "commands:\n  acknowledge: [a]\n  ack: [Retrun]\n")
        ran = self.place.run("help", "keys", "--config", config, "--lang", "en", store=False)
        self.assertEqual(ran.code, 1, ran)
        self.assertRegex(ran.err, r"^centinela: \S*wrong-keys\.yaml:2:3: no such command: acknowledge[^\n]*\n$")
        if not harness.have("tmux"):
            return
        tmux = harness.Tmux(self.place, "%s console --store %s --config %s --lang en" % (
            harness.PROGRAM, self.place.store, config), 200, 36)
        tmux.wait(r"wrong-keys\.yaml:2:3: no such command: acknowledge")
        tmux.keys("Q")
        self.assertEqual(tmux.wait_end(), 0)


if __name__ == "__main__":
    harness.main()
