# SPDX-License-Identifier: Apache-2.0
"""What the tests of the whole program share: places to run it in, a simulator,
a terminal, and waiting for what must come.

Nothing here sleeps for a while and hopes: every wait is for a marker, with a
deadline after which the test fails and says what it saw."""
import atexit
import codecs
import ctypes
import datetime
import fcntl
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback
import unittest
import urllib.request

SOURCE = os.environ.get("CENTINELA_SOURCE") or os.path.abspath(
    os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("CENTINELA_BUILD") or os.path.join(SOURCE, "build")
PROGRAM = os.path.join(BUILD, "centinela")
SHARED = os.path.join(os.path.dirname(SOURCE), "shared")
SKIPPED = 77

# Sanitizers make everything slower; a deadline is for what never comes.
DEADLINE = float(os.environ.get("CENTINELA_DEADLINE", "60"))


def log(text):
    print(text, file=sys.stderr, flush=True)


def breathe(seconds=0.01):
    """Between two looks at a marker, never instead of one."""
    select.select([], [], [], seconds)


def wait_for(look, what, deadline=None, also=None):
    """look() until it gives something true; its answer. `also` may add to the
    sentence of a failure."""
    until = time.monotonic() + (deadline or DEADLINE)
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError("waited in vain for %s%s" % (what, "\n" + also() if also else ""))
        breathe()


def certificate(place, name, *names):
    """A certificate of its own for these names ("IP:127.0.0.1"), in files of the place; and its key: their paths."""
    cert, key = place.file(name + ".pem"), place.file(name + "-key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout", key, "-out", cert,
        "-subj", "/CN=" + names[0].partition(":")[2], "-addext", "subjectAltName=" + ",".join(names)], check=True, capture_output=True)
    return cert, key


def free_port():
    """Below those that the system gives to whoever connects: it stays free until it is taken."""
    for port in random.sample(range(20000, 32000), 200):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


# ---- a place of one's own --------------------------------------------------------

class Place:
    """A temporary folder with everything a run of the program may touch."""

    def __init__(self):
        self.path = os.path.realpath(tempfile.mkdtemp(prefix="centinela-test-"))
        self.store = self.file("test.db")
        self.processes = []
        self.terminals = []  # of tmux, whose servers lie in the folder
        atexit.register(self.clean)

    def file(self, name, content=None, mode=0o600):
        path = os.path.join(self.path, name)
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as f:
                f.write(data)
            os.chmod(path, mode)
        return path

    def environment(self, **more):
        env = {
            "HOME": self.path, "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TZ": "UTC",
            "LANG": "C.UTF-8", "TMPDIR": self.path, "TERM": "xterm-256color",
            "XDG_DATA_HOME": self.path + "/data", "XDG_CONFIG_HOME": self.path + "/config",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        # The program shuts out other tracers of its memory; the leak checker
        # is one. Unit tests look for leaks.
        env["ASAN_OPTIONS"] = ":".join(filter(None, [env.get("ASAN_OPTIONS"), "detect_leaks=0"]))
        env.update({k: v for k, v in more.items() if v is not None})
        return env

    def run(self, *words, stdin=b"", timeout=None, env=None, store=True):
        """The program until it ends; .code, .out, .err (texts), .bytes."""
        argv = [PROGRAM, *map(str, words)]
        if store and "--store" not in argv and words and words[0] not in ("sim", "demo"):
            argv += ["--store", self.store]
        return Ran(argv, subprocess.run(argv, input=stdin, capture_output=True, cwd=self.path,
            env=env or self.environment(), timeout=timeout or 2 * DEADLINE))

    def start(self, *words, env=None, **more):
        """The program, running; ended with the test at the latest."""
        process = subprocess.Popen([PROGRAM, *map(str, words)], cwd=self.path,
            env=env or self.environment(), **more)
        self.processes.append(process)
        return process

    def sql(self, statement, *parameters, store=None):
        """Read straight from the store, as it is now."""
        db = sqlite3.connect("file:%s?mode=ro" % (store or self.store), uri=True, timeout=30)
        try:
            return db.execute(statement, parameters).fetchall()
        finally:
            db.close()

    def clean(self):
        for terminal in self.terminals:  # before their sockets go
            terminal.kill()
        self.terminals = []
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.processes = []
        if os.environ.get("KEEP") is None:
            shutil.rmtree(self.path, ignore_errors=True)


class Ran:
    def __init__(self, argv, done):
        self.argv, self.code, self.bytes = argv, done.returncode, done.stdout
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")
        refuse_crash(self.err, self.code)

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError:
            raise AssertionError("%s: no JSON: %r; %s" % (self.argv[1:], self.out[:300], self.err))

    def __repr__(self):
        return "%s gave %d\n%s%s" % (" ".join(self.argv[1:]), self.code, self.out[-2000:], self.err[-2000:])


def refuse_crash(stderr, code):
    """A sanitizer's word, or a death by signal, is never what a test meant."""
    if re.search(r"(Address|Thread|Leak|UndefinedBehavior)Sanitizer|runtime error:|Assertion", stderr):
        raise AssertionError("the program broke:\n" + stderr[-6000:])
    if code in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGILL, -signal.SIGFPE):
        raise AssertionError("the program died of signal %d:\n%s" % (-code, stderr[-3000:]))


def sanitized(kind=b"__asan_init|__tsan_init"):
    with open(PROGRAM, "rb") as f:
        return re.search(kind, f.read()) is not None


# ---- a simulated Webex --------------------------------------------------------------

def days_until_now(place, ago, *flags):
    """A folder with simulated days, the first of them so many days ago."""
    folder = place.file("days")
    os.mkdir(folder)
    day = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=ago)).strftime("%Y-%m-%dT00:00:00Z")
    ran = place.run("sim", "--export", folder, "--epoch", day, *flags, store=False)
    assert ran.code == 0, ran
    return folder


def is_sentence(test, ran, code):
    """One line on stderr that starts with the program's name; nothing else."""
    test.assertEqual(ran.code, code, ran)
    lines = ran.err.strip().split("\n")
    test.assertEqual(len(lines), 1, ran)
    test.assertRegex(lines[0], r"^centinela(?: sim)?: \S.{10,}$", ran)


class Simulator:
    """centinela sim in a process of its own, and where it is."""

    def __init__(self, place, *flags, granted=True):
        self.place = place
        where, ca = place.file("sim.json"), place.file("ca.pem")
        if os.path.exists(where):
            os.unlink(where)
        self.errors = open(place.file("sim.err"), "w+b")
        self.process = place.start("sim", "--port-file", where, "--ca-file", ca,
            *(["--auto-grant"] if granted else []), *flags, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors)

        def ready():
            if self.process.poll() is not None:
                raise AssertionError("the simulator ended: " + self.said())
            return os.path.exists(where)
        wait_for(ready, "the simulator's address")
        with open(where) as f:
            self.where = json.load(f)
        self.url, self.ca = self.where["url"], ca
        self.cdr_url = self.where.get("cdr_url", self.url)

    def said(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def status(self):
        """How it has been: requests by route, refusals, faults that struck."""
        with urllib.request.urlopen(self.url + "/sim/status", timeout=DEADLINE,
                context=ssl.create_default_context(cafile=self.ca)) as answer:
            return json.load(answer)

    def asked(self, *routes):
        """How often these were asked for, as in "GET /v1/cdr_feed"."""
        asked = self.status()["asked"]
        return sum(asked[route] for route in routes)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(DEADLINE)
        refuse_crash(self.said(), self.process.returncode)
        return self.process.returncode

    def config(self, name="centinela.yaml", **more):
        """A configuration that signs in and reads here; its path."""
        place = self.place
        secret = place.file("secret", self.where["client_secret"])
        settings = {
            "store": place.store,
            "webex": {"api": self.url + "/v1", "cdr_host": self.cdr_url[len("https://"):],
                      "client_id": self.where["client_id"], "client_secret_file": secret,
                      "token_file": place.file("token.json")},
            "network": {"ca_file": self.ca},
            "sync": {"interval": "100ms", "page_interval": "10ms"},
        }
        for key, value in more.items():
            if isinstance(value, dict):
                settings.setdefault(key, {}).update(value)
            else:
                settings[key] = value
        lines = []
        for key, value in settings.items():
            if isinstance(value, dict):
                lines.append("%s:" % key)
                lines += ["  %s: %s" % item for item in value.items()]
            else:
                lines.append("%s: %s" % (key, value))
        return place.file(name, "\n".join(lines) + "\n")


# ---- the store, seen from outside -------------------------------------------------------

def zstd_unpack(packed, size):
    """The zstd library that the program itself needs: nothing more to install."""
    if not hasattr(zstd_unpack, "library"):
        library = ctypes.CDLL("libzstd.so.1")
        library.ZSTD_decompress.restype = ctypes.c_size_t
        library.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
        zstd_unpack.library = library
    room = ctypes.create_string_buffer(max(size, 1))
    if zstd_unpack.library.ZSTD_decompress(room, size, packed, len(packed)) != size:
        raise AssertionError("a piece of raw evidence does not unpack")
    return room.raw[:size]


def stored_records(place, store=None):
    """[(leg id, report id or None, raw bytes)] of every leg, in the store's order."""
    pieces = {row[0]: zstd_unpack(row[2], row[1])
              for row in place.sql("SELECT id, n_bytes, zstd FROM raw", store=store)}
    found = []
    for leg, report, raw, at, n in place.sql(
            "SELECT id, report_id, raw_id, raw_at, raw_n FROM legs ORDER BY id", store=store):
        uuid = None
        if len(report) == 16:
            h = report.hex()
            uuid = "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
        found.append((leg, uuid, pieces[raw][at:at + n]))
    return found


# ---- terminals ----------------------------------------------------------------------------

class Terminal:
    """The program on a raw pty: every byte it writes is kept."""

    def __init__(self, place, words, rows=24, cols=80, env=None, name="terminal"):
        self.place, self.bytes = place, b""
        self.master, slave = pty.openpty()
        self.resize(cols, rows)
        self.before = termios.tcgetattr(slave)

        def lead():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        self.errors = open(place.file(name + ".err"), "w+b")
        self.process = place.start(*words, env=env or place.environment(), stdin=slave, stdout=slave,
            stderr=self.errors, preexec_fn=lead, close_fds=True)
        self.slave = slave  # kept open: the modes can be asked for after the end
        os.set_blocking(self.master, False)

    def resize(self, cols, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def drink(self, seconds=0.01):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            got = os.read(self.master, 65536)
        except (BlockingIOError, OSError):
            return False
        self.bytes += got
        return bool(got)

    def wait(self, marker, since=0, deadline=None):
        """Until these bytes (or this pattern) were written; where they end."""
        pattern = marker if hasattr(marker, "search") else re.compile(re.escape(
            marker.encode() if isinstance(marker, str) else marker))

        def look():
            while self.drink(0):
                pass
            found = pattern.search(self.bytes, since)
            if not found and self.process.poll() is not None:
                raise AssertionError("the program ended (%s) before %r:\n%s" %
                    (self.process.returncode, marker, self.said()))
            return found
        return wait_for(look, repr(marker), deadline, lambda: "last: %r" % self.bytes[-1500:]).end()

    def keys(self, text):
        os.write(self.master, text.encode() if isinstance(text, str) else text)

    def said(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def wait_end(self, deadline=None):
        """The exit status; everything written until then is in .bytes."""
        def ended():
            self.drink(0)
            return self.process.poll() is not None
        wait_for(ended, "the end of the program", deadline, self.said)
        while self.drink(0.05):
            pass
        refuse_crash(self.said(), self.process.returncode)
        return self.process.returncode

    def modes_now(self):
        return termios.tcgetattr(self.slave)

    def wait_stop(self):
        """Until it is stopped, as a shell that waits for it is told."""
        def state():
            with open("/proc/%d/stat" % self.process.pid) as f:
                return f.read().rsplit(")", 1)[1].split()[0]
        wait_for(lambda: state() == "T", "the stop")


class Tmux:
    """The program as a person has it: in tmux, seen through its screen."""

    def __init__(self, place, command, cols=80, rows=24, env=None):
        self.place = place
        Tmux.n = getattr(Tmux, "n", 0) + 1
        self.socket = place.file("tmux-%d" % Tmux.n)
        env = dict(env or place.environment())
        env["TERM"] = "xterm-256color"
        self.env = env
        # Ends the server also when nobody is left to: its input ends with this process.
        self.watcher = subprocess.Popen(["sh", "-c", 'cat >/dev/null; exec tmux -S "$1" kill-server', "sh", self.socket], env=env,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        place.terminals.append(self)
        self.call("-f", "/dev/null", "new-session", "-d", "-x", str(cols), "-y", str(rows), "-s", "main", "cat")
        for words in (["-g", "default-terminal", "tmux-256color"], ["-g", "remain-on-exit", "on"],
                      ["-g", "status", "off"], ["-g", "window-size", "manual"], ["-s", "escape-time", "0"]):
            self.call("set", *words)
        self.resize(cols, rows)
        # Its shell tells the exit status: tmux itself now and then forgets to
        # ask for it.
        self.status_file = self.socket + ".status"
        self.call("respawn-pane", "-k", "-t", "main", "%s; echo $? >'%s'" % (command, self.status_file))

    def call(self, *words):
        done = subprocess.run(["tmux", "-S", self.socket, *words], env=self.env, capture_output=True,
            timeout=DEADLINE)
        if done.returncode != 0:
            raise AssertionError("tmux %s: %s" % (words, done.stderr.decode()))
        return done.stdout.decode("utf-8", "replace")

    def screen(self):
        return self.call("capture-pane", "-p", "-t", "main")

    def ask(self, what):
        return self.call("display-message", "-p", "-t", "main", what).strip()

    def pid(self):
        """Of the program: the only child of its shell."""
        shell = self.ask("#{pane_pid}")

        def child():
            with open("/proc/%s/task/%s/children" % (shell, shell)) as f:
                return f.read().split()
        return int(wait_for(child, "the program in its terminal")[0])

    def wait_end(self, deadline=None):
        """The exit status, as a shell gives it."""
        def ended():
            if not os.path.exists(self.status_file):
                return None
            with open(self.status_file) as f:
                return f.read().strip()
        return int(wait_for(ended, "the end of the program", deadline, lambda: "the screen is:\n" + self.screen()))

    def keys(self, *names):
        self.call("send-keys", "-t", "main", *names)

    def type(self, text):
        self.call("send-keys", "-t", "main", "-l", text)

    def resize(self, cols, rows):
        self.call("resize-window", "-t", "main", "-x", str(cols), "-y", str(rows))

    def wait(self, *markers, deadline=None, gone=False):
        """Until the screen shows all of them (patterns); the screen."""
        seen = [""]

        def look():
            seen[0] = self.screen()
            found = all(re.search(m, seen[0]) for m in markers)
            if not gone and not found and os.path.exists(self.status_file):
                with open(self.status_file) as f:
                    status = f.read().strip()
                raise AssertionError("the program ended (%s) before %r; the screen is:\n%s" % (status, markers, seen[0]))
            return found != gone and seen[0]
        return wait_for(look, "%s %r" % ("the end of" if gone else "the sight of", markers), deadline,
            lambda: "the screen is:\n" + seen[0])

    def kill(self):
        if self.socket is None:
            return
        self.watcher.stdin.close()
        self.watcher.wait(DEADLINE)
        self.socket = None


def have(program):
    return shutil.which(program) is not None


def processes_with(word):
    """Ids of processes whose command line or environment's TMPDIR has the word."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                if word.encode() in f.read():
                    found.append(int(pid))
        except OSError:
            pass
    return found


# ---- the end --------------------------------------------------------------------------------

def main(module="__main__"):
    """Run the module's tests; one line that counts; exit 0, 1, or 77."""
    if not os.access(PROGRAM, os.X_OK):
        print("no program at %s: build it first" % PROGRAM)
        sys.exit(1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    if len(sys.argv) > 1:
        suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:], sys.modules[module])
    runner = unittest.TextTestRunner(stream=sys.stderr, verbosity=2 if os.environ.get("VERBOSE") else 1,
        failfast=bool(os.environ.get("FAILFAST")))
    result = runner.run(suite)
    n_bad = len(result.failures) + len(result.errors)
    bad = {str(test) for test, _ in result.failures + result.errors}
    n_good = max(0, result.testsRun - len(bad) - len(result.skipped))
    for test, why in result.skipped:
        print("skipped %s: %s" % (test, why))
    print("%d passed, %d failed" % (n_good, n_bad))
    sys.exit(1 if n_bad else SKIPPED if n_good == 0 else 0)
