# SPDX-License-Identifier: Apache-2.0
"""What ends the console, stops it or takes its terminal away: what was promised is
written, and the terminal is as it was."""
import glob
import os
import signal
import sqlite3
import termios
import unittest

import harness

TAKE, GIVE_BACK = b"\x1b[?1049h", b"\x1b[?1049l"


class Signals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        folder = place.file("days")
        assert place.run("sim", "--export", folder, "--days", "1", "--users", "30", "--seed", "5").code == 0
        assert place.run("import", folder + "/cdrs.jsonl").code == 0

    def console(self, env=None):
        terminal = harness.Terminal(self.place, ["console", "--store", self.place.store, "--lang", "en"], 36, 120, env)
        terminal.wait("▸")
        return terminal

    def notes(self, text):
        return self.place.sql("SELECT count(*) FROM audit WHERE act = 'note' AND note = ?", text)[0][0]

    def test_what_was_promised_is_written_though_it_is_told_again_to_end(self):
        for i, numbers in enumerate(((signal.SIGHUP, signal.SIGHUP), (signal.SIGTERM, signal.SIGHUP, signal.SIGINT), (signal.SIGINT, signal.SIGTERM, signal.SIGTERM))):
            terminal = self.console()
            at = len(terminal.bytes)
            terminal.keys("\r")
            terminal.wait("Evidence", at)
            other = sqlite3.connect(self.place.store, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")  # the note has to wait
            at = len(terminal.bytes)
            terminal.keys("n")
            terminal.wait("note:", at)
            terminal.keys("promised %d\r" % i)
            terminal.wait("Waiting for the store", at)  # it was read, and is on its way
            terminal.process.send_signal(numbers[0])
            terminal.wait(GIVE_BACK, at)  # from here on the loop has no handle of the console's
            for number in numbers[1:]:
                terminal.process.send_signal(number)
            self.assertEqual(self.notes("promised %d" % i), 0)
            other.execute("COMMIT")
            other.close()
            self.assertEqual(terminal.wait_end(), 0, terminal.said())
            self.assertEqual(self.notes("promised %d" % i), 1)
            self.assertEqual(terminal.modes_now(), terminal.before)

    def test_a_terminal_that_goes_while_a_key_is_answered(self):
        """The key is read and its picture has nobody to go to any more: of so many times some."""
        for i in range(16):
            terminal = self.console()
            at = len(terminal.bytes)
            terminal.keys("\rn")
            terminal.wait("note:", at)
            terminal.keys("gone\r")
            for _ in range(4 * i):  # earlier and later, on a fast and on a slow machine
                terminal.modes_now()
            os.close(terminal.master)
            terminal.process.send_signal(signal.SIGHUP)
            self.assertEqual(terminal.process.wait(harness.DEADLINE), 0, "%d: %s" % (i, terminal.said()))
            os.close(terminal.slave)

    def test_the_demo_leaves_no_folder_though_it_is_told_twice(self):
        terminal = harness.Terminal(self.place, ["demo", "--users", "20", "--lang", "en"], 36, 120)
        terminal.wait(TAKE)
        folder, = glob.glob(self.place.path + "/centinela-??????/token.json")
        terminal.process.send_signal(signal.SIGHUP)
        terminal.wait(GIVE_BACK)
        for _ in range(5):
            try:
                terminal.process.send_signal(signal.SIGHUP)
            except ProcessLookupError:
                break
            terminal.drink(0.01)
        self.assertEqual(terminal.wait_end(), 0, terminal.said())
        self.assertFalse(os.path.exists(os.path.dirname(folder)))

    def test_after_a_stop_that_asked_nobody_the_terminal_is_taken_again(self):
        terminal = self.console()
        raw = terminal.modes_now()
        for _ in range(2):
            terminal.process.send_signal(signal.SIGSTOP)
            terminal.wait_stop()
            termios.tcsetattr(terminal.slave, termios.TCSANOW, terminal.before)  # as a shell does
            at = len(terminal.bytes)
            terminal.process.send_signal(signal.SIGCONT)
            at = terminal.wait(TAKE, at)
            terminal.wait("CENTINELA", at)
            self.assertEqual(terminal.modes_now(), raw)
            terminal.keys("?")
            terminal.wait(":note text", at)
            at = len(terminal.bytes)
            terminal.keys("q")
            terminal.wait("▸", at)
        terminal.keys("\x03")
        self.assertEqual(terminal.wait_end(), 0, terminal.said())
        self.assertEqual(terminal.modes_now(), terminal.before)

    def test_a_signal_that_ends_it_leaves_the_terminal_as_it_was(self):
        for name in ("QUIT", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "XCPU", "XFSZ", "POLL", "PWR", "STKFLT", "TRAP", "SYS"):
            number = getattr(signal, "SIG" + name, 16)  # Python knows no SIGSTKFLT before 3.11
            with self.subTest(name):
                terminal = self.console()
                terminal.process.send_signal(number)
                self.assertEqual(terminal.wait_end(), -number, terminal.said())
                self.assertIn(GIVE_BACK, terminal.bytes[-400:])
                self.assertIn(b"\x1b[?25h", terminal.bytes[-400:])
                self.assertEqual(terminal.modes_now(), terminal.before)
                # A report is of a fault of the program's, and these are nobody's.
                self.assertEqual(b"fault of the program" in terminal.bytes, name in ("TRAP", "SYS"))

    def test_one_of_real_time_ends_it_so_too(self):
        for number in (signal.SIGRTMIN, signal.SIGRTMIN + 7, signal.SIGRTMAX):
            with self.subTest(number):
                terminal = self.console()
                terminal.process.send_signal(number)
                self.assertEqual(terminal.wait_end(), -number, terminal.said())
                self.assertIn(GIVE_BACK, terminal.bytes[-400:])
                self.assertIn(b"\x1b[?25h", terminal.bytes[-400:])
                self.assertEqual(terminal.modes_now(), terminal.before)
                self.assertNotIn(b"fault of the program", terminal.bytes)

    def test_a_reader_that_leaves_is_not_the_end(self):
        terminal = self.console()
        terminal.process.send_signal(signal.SIGPIPE)
        at = len(terminal.bytes)
        terminal.keys("\x0c")
        terminal.wait("CENTINELA", at)
        terminal.keys("\x03")
        self.assertEqual(terminal.wait_end(), 0, terminal.said())

    def test_an_end_does_not_wait_for_the_editor(self):
        editor = self.place.file("editor", '#!/bin/sh\necho draft >"$1"; echo editing >/dev/tty; while :; do read line </dev/tty; done\n', mode=0o700)
        terminal = self.console(self.place.environment(EDITOR=editor, VISUAL=""))
        terminal.keys("\r")
        terminal.wait("#")
        terminal.keys("W")
        terminal.wait("editing")
        terminal.process.send_signal(signal.SIGTERM)
        self.assertEqual(terminal.wait_end(), 0, terminal.said())
        drafts = glob.glob(self.place.path + "/centinela-note-*/note.txt")
        self.assertEqual(len(drafts), 1)
        self.assertIn("The note that was being written is in " + drafts[0], terminal.said())
        with open(drafts[0]) as f:
            self.assertEqual(f.read(), "draft\n")
        harness.wait_for(lambda: not harness.processes_with(editor), "the end of the editor")
        self.assertEqual(terminal.modes_now(), terminal.before)

    def test_an_arrow_that_comes_in_pieces_is_an_arrow(self):
        config = self.place.file("slow.yaml", "console: {escape: 5s}\nlanguage: en\n")
        terminal = harness.Terminal(self.place, ["console", "--store", self.place.store, "--config", config], 36, 120)
        terminal.wait("▸")
        for parts in (("\x1b", "[B"), ("\x1b[", "B"), ("\x1b", "OB")):
            at = len(terminal.bytes)
            terminal.keys(parts[0])
            while terminal.drink(0.3):  # longer than an Escape takes by default
                pass
            terminal.keys(parts[1])
            terminal.wait("▸", at)  # the row below
        self.assertNotIn(b"Rules", terminal.bytes[at:])
        terminal.keys("\x03")
        self.assertEqual(terminal.wait_end(), 0, terminal.said())


if __name__ == "__main__":
    harness.main()
