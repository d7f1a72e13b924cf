#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From key to frame on a store of a million open alerts and ten million calls, idle and while records are imported
at full speed; beside it tig and htop on the same pty where installed. BENCH_STORE keeps the store for the next run,
BENCH_ALONE leaves the others out.
A frame ends when nothing came for 3 ms (idle) or at its first byte (import: others follow without a key)."""
import os, random, select, shutil, subprocess, sys, tempfile, time

import bench_console, large_store

program = bench_console.program
ALERTS, CALLS = int(os.environ.get("BENCH_ALERTS", "1000000")), int(os.environ.get("BENCH_CALLS", "10000000"))


class Keys:
    def __init__(self, terminal):
        self.terminal = terminal

    def drain(self, quiet):
        while select.select([self.terminal.fd], [], [], quiet)[0]:
            try:
                if not os.read(self.terminal.fd, 1 << 16):
                    return
            except OSError:
                return

    def press(self, key, settle):
        """Milliseconds from the key to the first byte of what it changed, and to the last of its frame."""
        self.drain(0.0)
        before = time.perf_counter()
        os.write(self.terminal.fd, key)
        first = last = None
        while select.select([self.terminal.fd], [], [], settle if last else 0.25)[0]:
            os.read(self.terminal.fd, 1 << 16)
            last = time.perf_counter()
            first = first or last
        return ((first - before) * 1000, (last - before) * 1000) if first else None

    def rows(self, key):
        """Milliseconds from a key to the rows that the store gives for it: the frame of a prompt, or of a view that is still empty, is never 1500 bytes."""
        self.drain(0.0)
        before, n = time.perf_counter(), 0
        os.write(self.terminal.fd, key)
        while n < 1500 and select.select([self.terminal.fd], [], [], 2)[0]:
            n += len(os.read(self.terminal.fd, 1 << 16))
        return (time.perf_counter() - before) * 1000

    def series(self, name, keys, n, settle=0.003, after=b"", pause=0.02):
        first, whole = [], []
        for i in range(n):
            took = self.press(keys[i % len(keys)], settle)
            if took:
                first.append(took[0])
                whole.append(took[1])
            if after:
                time.sleep(pause)
                os.write(self.terminal.fd, after)
            self.drain(pause)
        if not first:
            print(f"  {name:34} not answered")
            return
        first.sort(), whole.sort()
        p99 = max(int(len(first) * 0.99) - 1, 0)
        print(f"  {name:34} first byte: median {first[len(first) // 2]:6.2f}  p99 {first[p99]:6.2f}  most {first[-1]:6.2f} ms"
              f"   frame: median {whole[len(whole) // 2]:6.2f}  p99 {whole[p99]:6.2f} ms   ({len(first)} keys)", flush=True)


def report(name, took):
    took.sort()
    print(f"  {name:34} median {took[len(took) // 2]:6.2f}  p99 {took[max(int(len(took) * 0.99) - 1, 0)]:6.2f}  most {took[-1]:6.2f} ms   ({len(took)} times)", flush=True)


def walk(keys, n):
    keys.series("a row", [b"j", b"j", b"j", b"k"], n)
    keys.series("a page", [b"\x06", b"\x06", b"\x02"], n)
    keys.series("to the end and back", [b"G", b"g"], n)
    os.write(keys.terminal.fd, b"x1")
    keys.drain(0.5)
    keys.series("to the end and back, each alert", [b"G", b"g"], n)
    keys.series("sort", [b"s"], n)
    os.write(keys.terminal.fd, b":sort severity\r")  # whatever the last one was
    keys.drain(0.5)
    os.write(keys.terminal.fd, b"g/")
    keys.drain(0.3)
    keys.series("a letter of a filter", [bytes([c]) for c in b"severity >= high and score > 90 and location ~ bogota"], 53)
    took = [keys.rows(b"\r")]
    for low in range(91, 96):
        keys.drain(0.5)
        os.write(keys.terminal.fd, b"/\x15severity >= high and score > %d and location ~ bogota" % low)
        keys.drain(0.2)
        took.append(keys.rows(b"\r"))
    report("a new filter's first rows", took)
    keys.drain(1.0)
    os.write(keys.terminal.fd, b"\\")
    keys.drain(1.0)
    took = []
    for i in range(n // 4):
        took.append(keys.rows(b"\r"))
        keys.drain(0.05)
        os.write(keys.terminal.fd, b"qj")
        keys.drain(0.05)
    report("an alert, with its records", took)
    keys.series("the calls explorer", [b"L"], n // 10, after=b"q", pause=0.1)
    numbers(keys, n)


def numbers(keys, n):
    """Five digits of a number, in the explorer: from Enter to the newest calls of those that have them."""
    took = []
    os.write(keys.terminal.fd, b"L")
    keys.drain(0.5)
    for i in range(n // 4):
        os.write(keys.terminal.fd, b"/\x15number ~ %05d" % (12345 + i * 7919 % 87000))
        keys.drain(0.1)
        took.append(keys.rows(b"\r"))
        keys.drain(0.2)
    os.write(keys.terminal.fd, b"\\q")
    keys.drain(0.5)
    report("digits of a number, newest calls", took)


def importing(store, records, env):
    """Until told to end."""
    return subprocess.Popen([program, "--store", store, "import", records], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    folder = tempfile.mkdtemp(prefix="centinela-large-")
    env = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder, LANG="C.UTF-8")
    store = os.environ.get("BENCH_STORE", os.path.join(folder, "store.db"))
    n = int(os.environ.get("BENCH_KEYS", "200"))
    try:
        if not large_store.is_made(store, ALERTS):
            began = time.time()
            large_store.make(program, store, ALERTS, ALERTS, CALLS, env)
            print(f"made in {time.time() - began:.0f} s, {os.path.getsize(store) / 1e9:.1f} GB")
        terminal = bench_console.Terminal([program, "--store", store, "console"], env)
        began, _ = terminal.first(0.3)
        keys = Keys(terminal)
        print(f"{ALERTS} alerts, {CALLS} calls, {bench_console.ROWS}x{bench_console.COLUMNS}: first frame {began * 1000:.0f} ms; idle:")
        os.write(terminal.fd, b"4")
        keys.drain(0.5)
        walk(keys, n)
        print(f"  resident {terminal.rss():.0f} MB")
        subprocess.run([program, "sim", "--export", folder, "--days", "20", "--users", "3000", "--seed", str(random.randrange(1, 1 << 30))], check=True)  # none that a kept store has
        job = importing(store, os.path.join(folder, "cdrs.jsonl"), env)
        print("while records are imported:")
        os.write(terminal.fd, b"x2g")
        keys.drain(0.5)
        walk(keys, n // 2)
        print(f"  resident {terminal.rss():.0f} MB; the import {'goes on' if job.poll() is None else 'has ended'}")
        job.terminate()
        job.wait()
        terminal.end()
        for peer, name in () if os.environ.get("BENCH_ALONE") else ((["tig", "--all"], "tig"), (["htop"], "htop")):
            if shutil.which(peer[0]):
                other = bench_console.Terminal(peer, env)
                other.first(0.3)
                print(f"{name}:")
                Keys(other).series("a row", [b"j", b"j", b"k"] if name == "tig" else [b"\x1b[B", b"\x1b[A"], n)
                other.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
