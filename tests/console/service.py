# SPDX-License-Identifier: Apache-2.0
"""The service in a process of its own, a client for its API, and what its description says
of an answer."""
import http.client
import json
import re
import socket
import subprocess

import harness


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.bytes = response.status, response.headers, body

    def json(self):
        return json.loads(self.bytes)

    def __repr__(self):
        return "%d %s\n%s" % (self.status, dict(self.headers), self.bytes[:1500])


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=harness.DEADLINE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(harness.DEADLINE)
        self.sock.connect(self.path)


class Service:
    def __init__(self, place, *words, config=None, env=None, store=None):
        self.place = place
        self.errors = open(place.file("serve.err"), "w+b")
        config = config or place.file("serve.yaml", "api: {listen: \"127.0.0.1:0\"}\n")
        self.process = place.start("serve", "--config", config, "--store", store or place.store, *words, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=self.errors)
        self.where = self.process.stdout.readline().decode().strip()
        if not self.where:
            raise AssertionError("the service did not start: " + self.said())
        self.url = self.where.rstrip("/") if self.where.startswith("http") else ""
        self.port = int(self.url.rsplit(":", 1)[1]) if self.url else 0
        self.tokens = {}

    def said(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def token(self, scope="admin"):
        if scope not in self.tokens:
            ran = self.place.run("token", "create", scope + "-test", "--scope", scope)
            assert ran.code == 0, ran
            self.tokens[scope] = ran.out.strip()
            # What was made is known within a second of the last look.
            harness.wait_for(lambda: self.ask("GET", "/auth/status", scope=scope).status == 200, "the token to be known")
        return self.tokens[scope]

    def ask(self, method, path, body=None, scope=None, headers=None, connection=None):
        mine = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=harness.DEADLINE)
        send = dict(headers or {})
        if scope:
            send.setdefault("Authorization", "Bearer " + self.token(scope) if scope not in self.tokens else "Bearer " + self.tokens[scope])
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            send.setdefault("Content-Type", "application/json")
        mine.request(method, path, body, send)
        response = mine.getresponse()
        answer = Answer(response, response.read())
        if connection is None:
            mine.close()
        return answer

    def raw(self, data, read=True):
        """Bytes as they are; what came back until the end."""
        with socket.create_connection(("127.0.0.1", self.port), harness.DEADLINE) as s:
            s.sendall(data)
            s.settimeout(harness.DEADLINE)
            got = b""
            while read:
                piece = s.recv(65536)
                if not piece:
                    break
                got += piece
            return got

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(harness.DEADLINE)
        self.process.stdout.close()
        harness.refuse_crash(self.said(), code)
        return code


TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")


def wrong_with(schema, value, schemas, at="answer"):
    """What of a value is not as the schema says; None where all is."""
    if "$ref" in schema:
        return wrong_with(schemas[schema["$ref"].rsplit("/", 1)[1]], value, schemas, at)
    if "anyOf" in schema:
        found = [wrong_with(one, value, schemas, at) for one in schema["anyOf"]]
        return None if None in found else found[0]
    kind = schema.get("type")
    right = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}[kind]
    if not isinstance(value, right) or (kind in ("integer", "number") and isinstance(value, bool)):
        return "%s is no %s: %r" % (at, kind, value)
    if "enum" in schema and value not in schema["enum"]:
        return "%s is none of %s: %r" % (at, schema["enum"], value)
    if schema.get("format") == "date-time" and not TIME.match(value):
        return "%s is no time: %r" % (at, value)
    for name in schema.get("required", []):
        if name not in value:
            return "%s has no %s" % (at, name)
    for name, one in schema.get("properties", {}).items():
        if name in value:
            found = wrong_with(one, value[name], schemas, at + "." + name)
            if found:
                return found
    if kind == "object" and "properties" in schema:
        more = set(value) - set(schema["properties"])
        if more:
            return "%s has %s, of which nothing is said" % (at, sorted(more))
    for i, item in enumerate(value if kind == "array" else []):
        found = wrong_with(schema["items"], item, schemas, "%s[%d]" % (at, i))
        if found:
            return found
    return None
