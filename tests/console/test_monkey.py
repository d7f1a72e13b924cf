# SPDX-License-Identifier: Apache-2.0
"""A monkey at the keys: keys, words, broken bytes and window sizes by chance, on a store into which records are
imported meanwhile. Nothing may break, leak or stay behind in the terminal. MONKEY_KEYS (2000; a million by hand) and
MONKEY_SEED (1, so that what it finds is in the change; 0 is another each time); the slowest answers are printed."""
import os
import random
import signal
import subprocess
import time
import unittest

import harness

KEYS = int(os.environ.get("MONKEY_KEYS", "2000"))
SEED = int(os.environ.get("MONKEY_SEED", "1")) or random.SystemRandom().randrange(1, 1 << 31)
ARROWS = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x1bOP", "\x1bOQ", "\x1b[15~", "\x1b[17~", "\x1b[Z"]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:/\\'-_+*#@?![]{}<> "
WORDS = ["severity >= high and state = new", "note hoy", "close false_positive", "sort cost", "group site", "x" * 300, "filter location ~ bog", "theme mono",
    "ñandú 漢字 🙂", "calls", "rules", "help", "snooze 4h luego", "5j", "zone UTC", "settings", "columns who -site", "layout stack", "copy json", "mask", "silences", "silence-new score > 3", "silence-extend", "\u202e\u2066", "%s%n%x"]
BROKEN = [b"\xff\xfe", b"\x1b[", b"\x1b[999;999;999R", b"\x1b]52;c;AAAA\x07", b"\x1bP+r\x1b\\", b"\x1b[200~paste\nof\nlines\x1b[201~", b"\x00\x01\x02",
    b"\xc3", b"\x1b[M\x20\x21\x21", b"\x1b[<0;5;5M", b"\x1b[?1;2c"]
# What ends the console for something else, or writes a file wherever the name says, is out of the monkey's reach.
KEPT_AWAY = "commands: {quit: M-1, demo: M-2, import: M-3, doctor: M-4, export: M-5}\n"


def by_chance(r):
    """A key, or what else may come from a terminal: bytes, and whether the window changes too."""
    kind = r.random()
    if kind < 0.55:
        return r.choice(LETTERS).encode()
    if kind < 0.75:
        return r.choice(ARROWS).encode()
    if kind < 0.84:
        return r.choice([b"\r", b"\t", b"\x1b", b"\x7f", b"\x06", b"\x02", b"\x0c", b"\x12", b"\x13", b"\x15", b"\x17"])
    if kind < 0.92:
        return b"".join([r.choice([b":", b"/", b" ", b""]), r.choice(WORDS).encode(), r.choice([b"\r", b"\x1b\x1b", b"\t\r"])])
    if kind < 0.96:
        return r.choice(BROKEN)
    return bytes(r.choice(LETTERS).encode()[0] for _ in range(r.randrange(2, 40)))


class Monkey(unittest.TestCase):
    def setUp(self):
        self.place = harness.Place()
        folder = self.place.file("days")
        self.assertEqual(self.place.run("sim", "--export", folder, "--days", "3", "--users", "120", "--seed", "5").code, 0)
        with open(folder + "/cdrs.jsonl", encoding="utf-8") as lines:
            records = lines.readlines()
        n = len(records)
        self.pieces = [self.place.file("piece-%d.jsonl" % i, "".join(records[n * i // 40:n * (i + 1) // 40])) for i in range(40)]
        for piece in self.pieces[:20]:
            self.assertEqual(self.place.run("import", piece).code, 0)

    def tearDown(self):
        self.place.clean()

    def start(self):
        return harness.Terminal(self.place, ["console", "--store", self.place.store, "--config", self.config], 36, 120)

    def has_left(self, terminal):
        """By chance: it quit, or ended for another command (the doctor) that has the terminal now."""
        if terminal.process.poll() is not None:
            self.assertEqual(terminal.wait_end(), 0, terminal.said())
            return True
        if terminal.bytes.rfind(b"\x1b[?1049l") <= terminal.bytes.rfind(b"\x1b[?1049h"):
            return False
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
        return True

    def test_keys_by_chance_break_nothing(self):
        print("MONKEY_SEED=%d" % SEED, flush=True)
        r = random.Random(SEED)
        # It may look at the settings, but not give itself other keys.
        self.config = self.place.file("monkey.yaml", "console: {keys: %s}\n" % self.place.file("keys.yaml", KEPT_AWAY), mode=0o400)
        imports = []
        slow, n_ends = [], 0
        terminal = self.start()
        terminal.wait("\x1b[?1049h")
        for i in range(KEYS):
            if i * 20 // KEYS == len(imports):  # records come all the time
                imports.append(self.place.start("import", self.pieces[20 + len(imports)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            if r.random() < 0.02:
                terminal.resize(r.choice([1, 20, 40, 80, 81, 120, 200, 500]), r.choice([1, 3, 8, 24, 25, 36, 60, 200]))
            before = time.perf_counter()
            terminal.keys(by_chance(r))
            measured = i % 20 == 0
            if terminal.drink(0.1 if measured else 0.001) and measured:
                slow.append(time.perf_counter() - before)
            while terminal.drink(0):
                pass
            if len(terminal.bytes) > 1 << 20:
                terminal.bytes = terminal.bytes[-4096:]
            if (i % 50 == 0 or i == KEYS - 1) and self.has_left(terminal):
                n_ends += 1
                terminal = self.start()
                terminal.wait("\x1b[?1049h")
        mark = len(terminal.bytes)
        terminal.process.terminate()
        self.assertEqual(terminal.wait_end(), 0, terminal.said())
        self.assertIn(b"\x1b[?1049l", terminal.bytes[mark - min(mark, 64):])
        self.assertEqual(terminal.modes_now(), terminal.before)
        self.assertEqual([job.wait() for job in imports], [0] * 20)
        slow.sort()
        print("%d keys, %d ends by chance, %d imports beside; answers: median %.1f ms, 99 of 100 %.1f, the slowest %.1f" % (KEYS, n_ends, len(imports),
            slow[len(slow) // 2] * 1000, slow[len(slow) * 99 // 100] * 1000, slow[-1] * 1000))
        # What was done by chance is in a log that holds.
        self.assertEqual(self.place.run("audit", "--lang", "en").code, 0)


if __name__ == "__main__":
    harness.main()
