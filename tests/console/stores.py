# SPDX-License-Identifier: Apache-2.0
"""Places whose store is a file or on a server, asked the same way while the program works: an
answer, or None while there is none to be had."""
import glob
import re
import sqlite3
import subprocess

import harness
import test_team_store


def has_server():
    return bool(glob.glob("/usr/lib/postgresql/*/bin/initdb"))


class Psql:
    """One psql that stays, so that a question costs the database's time alone."""

    def __init__(self, server, port):
        self.words = ["psql", "-XqAt", "-F", "\x1f", "-h", server, "-p", str(port), "-U", "centinela", "-d", "postgres"]
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


class FilePlace(harness.Place):
    """A store that is a file."""
    is_server = False

    def ask(self, statement):
        try:
            return [[str(word) for word in row] for row in self.sql(statement)]
        except sqlite3.OperationalError:  # not made yet
            return None


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
        def value(word):
            return int(word) if re.fullmatch(r"-?\d+", word) else bytes.fromhex(word[2:]) if word.startswith("\\x") else word or None
        rows = self.ask(" ".join(statement.split()))
        assert rows is not None, "no answer to " + statement
        return [tuple(value(word) for word in row) for row in rows]

    def clean(self):
        if hasattr(self, "psql"):
            self.psql.end()
        super().clean()
