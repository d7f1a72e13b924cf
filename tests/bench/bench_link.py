#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A slow link: a pty that gives 5 kB/s, 200 ms late, between the program and a person.

Of each program, in the same run: bytes for a row down and a page down, from key to the end of its frame through the
link, and bytes a minute while nobody presses a key. Centinela is measured with records at rest and with its
simulated organisation at work (demo); beside it tig, htop and mc where installed."""
import os, select, shutil, signal, subprocess, sys, tempfile, threading, time

import bench_console

RATE, DELAY, MINUTE = 5000, 0.2, float(os.environ.get("BENCH_MINUTE", "20"))
program = bench_console.program


class Link:
    """Takes what the program writes no faster than the rate; each byte arrives late."""

    def __init__(self, terminal):
        self.terminal, self.arrived, self.last, self.open = terminal, 0, time.perf_counter(), True
        self.thread = threading.Thread(target=self.pump, daemon=True)
        self.thread.start()

    def pump(self):
        piece = RATE // 50
        while self.open:
            if not select.select([self.terminal.fd], [], [], 0.1)[0]:
                continue
            try:
                n = len(os.read(self.terminal.fd, piece))
            except OSError:
                return
            time.sleep(n / RATE)
            self.arrived += n
            self.last = time.perf_counter() + DELAY

    def press(self, key):
        time.sleep(DELAY / 2)  # the key travels, too; what comes back carries the other half
        before, n = time.perf_counter() - DELAY / 2, self.arrived
        os.write(self.terminal.fd, key)
        quiet = self.arrived
        until = time.perf_counter() + 0.15
        while time.perf_counter() < until:
            time.sleep(0.01)
            if self.arrived != quiet:
                quiet, until = self.arrived, time.perf_counter() + 0.15
        return self.arrived - n, (self.last - DELAY / 2 - before) * 1000

    def keys(self, what, key, n):
        sizes, times = [], []
        for _ in range(n):
            size, took = self.press(key)
            if size:
                sizes.append(size)
                times.append(took)
        if not sizes:
            return f"{what}: not answered"
        sizes.sort(), times.sort()
        return f"{what}: {sizes[len(sizes) // 2]:5d} bytes, {times[len(times) // 2]:5.0f} ms (most {times[-1]:5.0f})"

    def a_minute(self):
        before = self.arrived
        time.sleep(MINUTE)
        return (self.arrived - before) * 60 / MINUTE

    def close(self):
        self.open = False


def measure(name, argv, env, row=b"j", page=b"\x06", first=b"", settle=4.0):
    terminal = bench_console.Terminal(argv, env)
    link = Link(terminal)
    time.sleep(settle)
    begun = link.arrived
    if first:
        link.press(first)
    told = [link.keys("row", row, 12), link.keys("page", page, 4)]
    rest = link.a_minute()
    print(f"{name:22} first {begun:6d} bytes   {'   '.join(told)}   nobody at the keys: {rest:7.0f} bytes/min", flush=True)
    link.close()
    os.kill(terminal.pid, signal.SIGTERM)
    time.sleep(0.3)
    link.thread.join(1)
    os.close(terminal.fd)
    os.waitpid(terminal.pid, 0)


def main():
    bench_console.ROWS, bench_console.COLUMNS = 36, 120
    folder = tempfile.mkdtemp(prefix="centinela-link-")
    env = dict(os.environ, TERM="xterm-256color", COLORTERM="", XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder, LANG="C.UTF-8")
    try:
        subprocess.run([program, "sim", "--export", folder, "--days", "4", "--users", "1500", "--seed", "5"], check=True)
        store = os.path.join(folder, "store.db")
        subprocess.run([program, "--store", store, "import", os.path.join(folder, "cdrs.jsonl")], check=True, env=env, stdout=subprocess.DEVNULL)
        print(f"36x120, {RATE} bytes/s, {DELAY * 1000:.0f} ms")
        measure("centinela, at rest", [program, "--store", store, "console"], env, first=b"4")
        measure("centinela, demo", [program, "demo", "--speed", "20"], env, first=b"4", settle=15.0)
        if shutil.which("tig"):
            measure("tig", ["tig", "--all"], env, page=b" ")
        if shutil.which("htop"):
            measure("htop", ["htop"], env, row=b"\x1b[B", page=b"\x1b[6~")
        if shutil.which("mc"):
            measure("mc", ["mc", "-a", "/usr/share/doc"], env, row=b"\x1b[B", page=b"\x1b[6~")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
