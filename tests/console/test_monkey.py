# SPDX-License-Identifier: Apache-2.0
"""A monkey at the keys: keys, words, broken bytes and window sizes by chance, on a store into which records are
imported meanwhile. Nothing may break, leak, stall or stay behind in the terminal. MONKEY_KEYS (10000; a million by
hand, under AddressSanitizer too) and MONKEY_SEED (1, so that what it finds is in the change; 0 is another each time).

It types in bursts, as a held key or a paste does: the next one when the program has read the last, so that a burst is
a few keys to one frame or one key to its frame, and never more than a buffer ahead. How long the program was away
between two reads is measured all the time: that is no less than the slowest frame."""
import fcntl
import os
import random
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unittest

import harness

KEYS = int(os.environ.get("MONKEY_KEYS", "10000"))
SEED = int(os.environ.get("MONKEY_SEED", "1")) or random.SystemRandom().randrange(1, 1 << 31)
ARROWS = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x1bOP", "\x1bOQ", "\x1b[15~", "\x1b[17~", "\x1b[Z"]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:/\\'-_+*#@?![]{}<> "
WORDS = ["severity >= high and state = new", "note hoy", "close false_positive", "sort cost", "group site", "x" * 300, "filter location ~ bog", "theme mono",
    "ñandú 漢字 🙂", "calls", "rules", "help", "snooze 4h luego", "5j", "zone UTC", "settings", "columns who -site", "layout stack", "copy json", "mask", "silences", "silence-new score > 3", "silence-extend", "\u202e\u2066", "%s%n%x"]
BROKEN = [b"\xff\xfe", b"\x1b[", b"\x1b[999;999;999R", b"\x1b]52;c;AAAA\x07", b"\x1bP+r\x1b\\", b"\x1b[200~paste\nof\nlines\x1b[201~", b"\x00\x01\x02",
    b"\xc3", b"\x1b[M\x20\x21\x21", b"\x1b[<0;5;5M", b"\x1b[?1;2c"]
# What ends the console for something else, or writes a file wherever the name says, is out of the monkey's reach.
KEPT_AWAY = "commands: {quit: M-1, demo: F12, import: C-F12, doctor: M-F12, export: C-M-F12}\n"
# What issue and eye allow a frame. Only without sanitizers, which make a key some ten times dearer.
FRAME_S = 0.1


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


class Thread:
    """How long a thread has been running, and how long it waited for a processor: others have this machine too."""

    def __init__(self, pid):
        self.file = os.open("/proc/%d/task/%d/schedstat" % (pid, pid), os.O_RDONLY)

    def times(self):
        ran, waited, _ = os.pread(self.file, 100, 0).split()
        return int(ran) / 1e9, int(waited) / 1e9

    def close(self):
        os.close(self.file)


class Console(harness.Terminal):
    """A terminal that keeps only the last of what came, and knows how long it was kept waiting."""

    def __init__(self, place, words, env):
        super().__init__(place, words, 36, 120, env)
        self.wait("\x1b[?1049h")
        self.its, self.mine = Thread(self.process.pid), Thread(os.getpid())
        self.begin()

    def begin(self):
        self.since = time.perf_counter(), *self.its.times(), self.mine.times()[1]

    def drink(self, seconds=0.01):
        any_came = super().drink(seconds)
        if len(self.bytes) > 1 << 16:
            self.bytes = self.bytes[-4096:]
        return any_came

    def type(self, keys):
        """All of it, however slowly it is read."""
        until = time.monotonic() + harness.DEADLINE
        while keys and self.process.poll() is None:
            self.drink(0)
            _, room, _ = select.select([], [self.master], [], 0.001)
            if room:
                try:
                    keys = keys[os.write(self.master, keys):]
                except BlockingIOError:
                    pass
            if time.monotonic() > until:
                raise AssertionError("it reads no keys any more; last: %r\n%s" % (self.bytes[-1500:], self.said()))

    def unread(self):
        return struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, b"\0" * 4))[0]

    def turn(self, rest):
        """Until it has read what was typed, and so long after: then an escape was a key. The longest it was away, in
        seconds that it worked, and in all."""
        typed, draws, left, longest = time.monotonic(), False, self.unread(), (0, 0)
        while True:
            draws |= self.drink(0.001)
            if self.process.poll() is not None:
                return longest
            n = self.unread()
            if n < left:  # it has been here
                longest = max(longest, self.measured())
            left = n
            # The kernel hands keys over a moment later than it took them: what draws nothing is given that moment.
            if n == 0 and (draws or time.monotonic() > typed + 0.003):
                break
            if time.monotonic() > typed + harness.DEADLINE:
                raise AssertionError("it stands still; last: %r\n%s" % (self.bytes[-1500:], self.said()))
        while time.monotonic() < typed + rest or self.drink(0):
            self.drink(0.001)
        return max(longest, self.measured(rest > 0))

    def measured(self, rested=False):
        """Since it was measured last: in which it worked, without what it or this test waited for a processor; and all."""
        try:
            before = self.since
            self.begin()
        except OSError:  # it has just ended
            return 0, 0
        whole, ran, waited, my_wait = (now - then for now, then in zip(self.since, before))
        return ran if rested else max(ran, whole - waited - my_wait), whole

    def is_elsewhere(self):
        return self.bytes.rfind(b"\x1b[?1049l") > self.bytes.rfind(b"\x1b[?1049h")

    def memory(self):
        with open("/proc/%d/status" % self.process.pid) as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024

    def close(self):
        for thread in (self.its, self.mine):
            thread.close()
        self.errors.close()
        os.close(self.master)
        os.close(self.slave)


class Monkey(unittest.TestCase):
    def setUp(self):
        self.place = harness.Place()
        folder = self.place.file("days")
        self.n_imports = max(20, KEYS // 10000)
        days = max(3, KEYS // 100000)
        self.assertEqual(self.place.run("sim", "--export", folder, "--days", days, "--users", "120", "--seed", "5").code, 0)
        with open(folder + "/cdrs.jsonl", encoding="utf-8") as lines:
            records = lines.readlines()
        n, half = len(records), len(records) // 2
        first = self.place.file("first.jsonl", "".join(records[:half]))
        self.assertEqual(self.place.run("import", first).code, 0)
        self.pieces = [self.place.file("piece-%d.jsonl" % i, "".join(records[half + (n - half) * i // self.n_imports:half + (n - half) * (i + 1) // self.n_imports]))
            for i in range(self.n_imports)]
        # It may look at the settings, but not give itself other keys.
        self.config = self.place.file("monkey.yaml", "console: {keys: %s}\n" % self.place.file("keys.yaml", KEPT_AWAY), mode=0o400)
        editor = self.place.file("editor", "#!/bin/sh\necho 'una línea más' >>\"$1\"\n", mode=0o700)
        # The program leaves the leak checker in when it was built with it.
        self.environment = self.place.environment(EDITOR=editor, VISUAL=editor, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "detect_leaks=1"))
        self.n_ends = self.n_killed = 0

    def tearDown(self):
        self.place.clean()

    def start(self):
        return Console(self.place, ["console", "--store", self.place.store, "--config", self.config], self.environment)

    def ends_well(self, console):
        """By itself; the terminal is as it was."""
        self.assertEqual(console.wait_end(), 0, console.said())
        self.assertTrue(console.is_elsewhere(), console.bytes[-200:])
        self.assertEqual(console.modes_now(), console.before)
        console.close()

    def has_left(self, console):
        """By chance: it quit, or gave the terminal to an editor that comes back, or to another command that waits for
        Enter. What does not come back is ended, as by the worst of administrators."""
        if console.process.poll() is None and not console.is_elsewhere():
            return False
        until = time.monotonic() + harness.DEADLINE / 3
        while console.process.poll() is None and console.is_elsewhere():
            if not console.drink(0.1):
                console.keys("\r")
            if time.monotonic() > until:
                os.killpg(console.process.pid, signal.SIGKILL)
                console.process.wait()
                console.close()
                self.n_killed += 1
                return True
        if console.process.poll() is None:
            console.begin()
            return False
        self.ends_well(console)
        self.n_ends += 1
        return True

    def test_keys_as_fast_as_a_paste_are_seen_while_they_come(self):
        for opened_by in (b" ", b":", b"/", b"n"):
            console = self.start()
            console.type(opened_by)
            while console.drink(0.1):
                pass
            console.begin()
            console.type(b"x" * 4000)
            harness.wait_for(lambda: console.drink(0.001), "the first of the letters")
            worked, whole = console.measured()
            if not harness.sanitized():
                self.assertLess(worked, FRAME_S, (opened_by, whole))
            console.process.terminate()
            self.ends_well(console)

    def import_some(self, imports, due, beside):
        """Begin those that are due, never more than so many beside each other: of ten at once under a sanitizer one waits its
        ten seconds for the others in vain, and says so."""
        while len(imports) < due and sum(job.poll() is None for job in imports) < beside:
            imports.append(self.place.start("import", self.pieces[len(imports)], "--store", self.place.store,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def test_keys_by_chance_break_nothing(self):
        print("MONKEY_SEED=%d" % SEED, flush=True)
        r = random.Random(SEED)
        imports, turns, alone, n, memory = [], [], [], 0, 0
        began = time.monotonic()
        console = self.start()
        while n < KEYS:
            self.import_some(imports, min(self.n_imports, 1 + n * self.n_imports // KEYS), 3)  # records come all the time
            length = 1 if r.random() < 0.3 else r.randrange(2, 24)
            if r.random() < 0.02 * length:
                console.resize(r.choice([1, 20, 40, 80, 81, 120, 200, 500]), r.choice([1, 3, 8, 24, 25, 36, 60, 200]))
            n += length
            console.type(b"".join(by_chance(r) for _ in range(length)))
            worked, whole = console.turn(0.04 if r.random() < 0.05 else 0)
            turns.append((worked, whole, n))
            if length == 1:
                alone.append(worked)
            if len(turns) % 1000 == 0:
                memory = max(memory, console.memory())
                harness.log("%d keys in %.0f s, the longest turn %.1f ms, %.0f MB" % (n, time.monotonic() - began, max(turns)[0] * 1000, memory))
            if self.has_left(console):
                console = self.start()
        took = time.monotonic() - began
        memory = max(memory, console.memory())
        console.process.terminate()
        self.ends_well(console)
        while len(imports) < self.n_imports:
            imports[-1].wait()
            self.import_some(imports, self.n_imports, 1)
        self.assertEqual([job.wait() for job in imports], [0] * self.n_imports)
        turns.sort()
        alone.sort()
        print("%d keys in %.0f s: %d bursts, %d ends by chance and %d by force, %d imports beside, %d acts, %.0f MB" % (n, took, len(turns), self.n_ends,
            self.n_killed, self.n_imports, self.place.sql("SELECT count(*) FROM audit")[0][0], memory))
        print("a burst: median %.1f ms, 99 of 100 %.1f; one key: median %.1f, 99 of 100 %.1f, the slowest %.1f; the slowest of all: %s" % (
            *(turns[len(turns) * i // 100][0] * 1000 for i in (50, 99)), *(alone[len(alone) * i // 100] * 1000 for i in (50, 99)), alone[-1] * 1000,
            ", ".join("%.1f (of %.1f, until key %d)" % (worked * 1000, whole * 1000, at) for worked, whole, at in turns[:-6:-1])))
        if not harness.sanitized():
            self.assertLess(turns[-1][0], FRAME_S)
        # What was done by chance is in a log that holds.
        self.assertEqual(self.place.run("audit", "--lang", "en").code, 0)


if __name__ == "__main__":
    harness.main()
