# SPDX-License-Identifier: Apache-2.0
"""Places whose store is a file or on a server, asked the same way while the program works: an
answer, or None while there is none to be had."""
import contextlib
import glob
import os
import re
import sqlite3
import subprocess

import harness
import test_team_store


def has_server():
    return bool(glob.glob("/usr/lib/postgresql/*/bin/initdb"))


class Psql:
    """One psql that stays, so that a question costs the database's time alone."""

    def __init__(self, server, port, database="postgres"):
        self.words = ["psql", "-XqAt", "-F", "\x1f", "-h", server, "-p", str(port), "-U", "centinela", "-d", database]
        self.process = None

    def ask(self, statement):
        """Rows of texts; None while there is no server to ask."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.process.stdin.write(statement + ";\n\\echo END\n")
            self.process.stdin.flush()
        except OSError:
            return self.end()
        rows = []
        for line in iter(self.process.stdout.readline, ""):
            if line == "END\n":
                return rows
            rows.append(line.rstrip("\n").split("\x1f"))
        return self.end()

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin, _ = None, self.process.stdout.close()
        self.process = None


def value_of(word):
    """As a row of a file has it, of what psql prints."""
    return int(word) if re.fullmatch(r"-?\d+", word) else bytes.fromhex(word[2:]) if word.startswith("\\x") else word or None


def quoted(statement, parameters):
    """With its parameters in the place of its question marks."""
    parts = statement.split("?")
    assert len(parts) == len(parameters) + 1, statement
    words = [str(p) if isinstance(p, int) else "'%s'" % p.replace("'", "''") for p in parameters] + [""]
    return "".join(part + word for part, word in zip(parts, words))


class FilePlace(harness.Place):
    """A store that is a file."""
    is_server = False

    def change(self, statement, *parameters):
        with contextlib.closing(sqlite3.connect(self.store, timeout=harness.DEADLINE)) as db, db:
            db.execute(statement, parameters)

    def all_bytes(self):
        """Whatever the store keeps, as it keeps it."""
        found = b""
        for name in glob.glob(self.store + "*"):
            with open(name, "rb") as file:
                found += file.read()
        return found

    def ask(self, statement):
        try:
            return [[str(word) for word in row] for row in self.sql(statement)]
        except sqlite3.OperationalError:  # not made yet
            return None


class SharedPlace(harness.Place):
    """A store that is a database of its own on the server that tests share (tests/CMakeLists.txt)."""
    is_server = True
    n = 0

    def __init__(self):
        super().__init__()
        SharedPlace.n += 1
        self.server = re.search(r"host=([^&]+)", os.environ["CENTINELA_TEST_STORE"]).group(1)
        self.name = "place_%d_%d" % (os.getpid(), SharedPlace.n)
        self.on_server("CREATE DATABASE " + self.name)
        self.store = "postgresql:///%s?host=%s&user=centinela" % (self.name, self.server)
        self.psql = Psql(self.server, 5432, self.name)

    def on_server(self, statement):
        subprocess.run(["psql", "-XqAt", "-h", self.server, "-U", "centinela", "-d", "postgres", "-c", statement], check=True, stdout=subprocess.DEVNULL)

    def sql(self, statement, *parameters, store=None):
        rows = self.psql.ask(quoted(statement, parameters))
        assert rows is not None, "no answer to " + statement
        return [tuple(value_of(word) for word in row) for row in rows]

    def change(self, statement, *parameters):
        assert self.psql.ask(quoted(statement, parameters)) == []

    def all_bytes(self):
        return subprocess.run(["pg_dump", "-h", self.server, "-U", "centinela", self.name], check=True, capture_output=True).stdout

    def clean(self):
        self.psql.end()
        super().clean()
        self.on_server("DROP DATABASE IF EXISTS %s WITH (FORCE)" % self.name)


def a_place():
    """A file, or where CENTINELA_TEST_STORE names a server a database there."""
    return SharedPlace() if os.environ.get("CENTINELA_TEST_STORE") else FilePlace()


class ServerPlace(test_team_store.Place):
    """A store on a server, which is reached over TCP as well."""
    is_server = True

    def do(self, act, *more):
        self.port = getattr(self, "port", None) or harness.free_port()
        more = more or ((str(self.port),) if act == "start" else ())
        subprocess.run(["bash", test_team_store.SERVER, act, self.server, *more], check=True)
        self.store = "postgresql:///postgres?host=%s&port=%d&user=centinela" % (self.server, self.port)

    def __init__(self):
        super().__init__()
        self.do("start")
        self.psql = Psql(self.server, self.port)

    def ask(self, statement):
        return self.psql.ask(statement)

    def sql(self, statement, *parameters, store=None):
        rows = self.ask(" ".join(statement.split()))
        assert rows is not None, "no answer to " + statement
        return [tuple(value_of(word) for word in row) for row in rows]

    def clean(self):
        if hasattr(self, "psql"):
            self.psql.end()
        super().clean()
