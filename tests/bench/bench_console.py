#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The console's answers through a pty: first full frame, a row down, bytes, idle wake-ups, memory.

Beside it, in the same run: less and top on the same pty (and htop, tig where installed). A frame ends when
nothing came for 20 ms. BENCH_RECORDS (100000) records are simulated and imported first."""
import fcntl, os, pty, select, shutil, signal, statistics, struct, subprocess, sys, tempfile, termios, time

ROWS, COLUMNS, KEYS = 60, 200, 300
program = os.path.join(os.path.abspath(os.environ.get("CENTINELA_BUILD", "build")), "centinela")


class Terminal:
    def __init__(self, argv, env):
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def frame(self, quiet=0.02, first=2.0):
        """Bytes of one frame and the moment of its last byte."""
        n, last, wait = 0, None, first
        while select.select([self.fd], [], [], wait)[0]:
            try:
                n += len(os.read(self.fd, 65536))
            except OSError:
                break
            last, wait = time.perf_counter(), quiet
        return n, last

    def first(self, quiet):
        n, last = self.frame(quiet, 5.0)
        return (last or self.start) - self.start, n

    def keys(self, key):
        delays, sizes = [], []
        for i in range(KEYS):
            self.frame(0.002, 0.002)
            before = time.perf_counter()
            os.write(self.fd, key if (i // 25) % 2 == 0 else key.swapcase() if key == b"?" else UP[key])
            n, last = self.frame(0.02, 0.25)
            if last:
                delays.append((last - before) * 1000)
                sizes.append(n)
        return delays, sizes

    def switches(self):
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/status") as f:
                total += sum(int(l.split()[1]) for l in f if l.startswith("voluntary_ctxt"))
        return total

    def rss(self):
        with open(f"/proc/{self.pid}/status") as f:
            return next(int(l.split()[1]) for l in f if l.startswith("VmRSS")) / 1024

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        os.close(self.fd)
        os.waitpid(self.pid, 0)


UP = {b"j": b"k"}


def measure(name, argv, env, quiet):
    t = Terminal(argv, env)
    start, _ = t.first(quiet)
    delays, sizes = t.keys(b"j")
    t.frame(0.5, 0.5)
    before, idle_from = t.switches(), time.perf_counter()
    idle_bytes = 0
    while time.perf_counter() - idle_from < 5:
        if select.select([t.fd], [], [], 0.5)[0]:
            idle_bytes += len(os.read(t.fd, 65536))
    wakes = (t.switches() - before) / 5
    rss = t.rss()
    t.end()
    delays.sort()
    if not delays:
        print(f"{name:10} first frame {start * 1000:7.1f} ms   (keys were not answered)")
        return
    print(f"{name:10} first frame {start * 1000:7.1f} ms   row: median {statistics.median(delays):6.2f} ms  p99 "
          f"{delays[int(len(delays) * 0.99) - 1]:6.2f} ms  {statistics.median(sizes):6.0f} bytes   idle {wakes:4.1f} wake-ups/s "
          f"{idle_bytes / 5:6.1f} bytes/s   {rss:5.1f} MB")


def main():
    records = int(os.environ.get("BENCH_RECORDS", "100000"))
    folder = tempfile.mkdtemp(prefix="centinela-bench-")
    try:
        days = max(1, records // 28000)
        subprocess.run([program, "sim", "--export", folder, "--days", str(days), "--users", "2000", "--seed", "5"], check=True)
        env = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder, LANG="C.UTF-8")
        store = os.path.join(folder, "store.db")
        subprocess.run([program, "--store", store, "import", os.path.join(folder, "cdrs.jsonl")], check=True, env=env, stdout=subprocess.DEVNULL)
        print(f"{ROWS}x{COLUMNS} characters, a store of about {records} legs, {KEYS} keys")
        measure("centinela", [program, "--store", store, "console"], env, 0.15)
        measure("less", ["less", os.path.join(folder, "labels.csv")], env, 0.05)
        for peer in ("htop", "tig", "vim"):
            if shutil.which(peer):
                measure(peer, [peer] + ([os.path.join(folder, "labels.csv")] if peer == "vim" else []), env, 0.15)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
