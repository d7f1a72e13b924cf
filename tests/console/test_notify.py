# SPDX-License-Identifier: Apache-2.0
"""Who is told: the real program against receivers over TLS, killed between sending
and writing that down, and what the command line says of it."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import ssl
import threading
import unittest

import harness

KEY = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"


class Receiver:
    """A webhook over TLS. `answer(number, request)` says with which status; before that
    it may do what it likes, as a receiver whose client dies."""

    def __init__(self, place):
        self.ca, key = harness.certificate(place, "receiver", "IP:127.0.0.1")
        self.requests, self.lock, self.answer = [], threading.Lock(), lambda number, request: 200
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.lock:
                    request = {"id": self.headers.get("webhook-id"), "headers": dict(self.headers), "body": body, "path": self.path}
                    outer.requests.append(request)
                    status = request["status"] = outer.answer(len(outer.requests), request)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *words: None  # a client that was killed
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "https://127.0.0.1:%d" % self.server.server_address[1]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Notify(unittest.TestCase):
    def setUp(self):
        self.place = harness.Place()
        self.receiver = Receiver(self.place)
        self.addCleanup(self.receiver.stop)
        self.place.file("secret", SECRET)
        self.routes = self.place.file("routes.yaml", """
destinations:
  hook: {kind: webhook, url: "%s/hook", secret: {file: %s}}
  room: {kind: webex_webhook, url: {file: %s}, redact: names, language: es}
routes:
  - {to: [hook], tell: [raised, worse, closed, acts]}
  - {to: [room], severity: critical}
""" % (self.receiver.url, self.place.file("secret"), self.place.file("room.url", self.receiver.url + "/room\n")))
        self.config = self.place.file("centinela.yaml", "store: %s\nnotify: %s\nnetwork:\n  ca_file: %s\n" % (self.place.store, self.routes, self.receiver.ca))

    def run_it(self, *words, code=0):
        ran = self.place.run(*words, "--config", self.config, "--lang", "en")
        self.assertEqual(ran.code, code, ran)
        return ran

    def console(self, name="main"):
        tmux = harness.Tmux(self.place, "'%s' console --config '%s' --lang en 2>'%s'" % (harness.PROGRAM, self.config, self.place.file(name + ".err")), 120, 36)
        tmux.wait(r"CENTINELA")
        harness.wait_for(lambda: self.place.sql("SELECT 1 FROM settings WHERE name = 'notify.until'"), "somebody who tells")
        return tmux

    def test_a_test_is_signed_and_says_that_it_is_one(self):
        said = self.run_it("notify", "test", "hook", "--json").json()
        self.assertEqual((said["destination"], said["taken"]), ("hook", True))
        (request,) = self.receiver.requests
        self.assertEqual(json.loads(request["body"])["type"], "test")
        signed = b"%s.%s.%s" % (request["headers"]["webhook-id"].encode(), request["headers"]["webhook-timestamp"].encode(), request["body"])
        self.assertEqual(request["headers"]["webhook-signature"], "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode())
        self.receiver.answer = lambda number, request: 403
        failed = self.run_it("notify", "test", "room", code=1)
        harness.is_sentence(self, failed, 1)
        self.assertIn("403", failed.err)
        self.assertNotIn("/room", failed.err)  # the address is the secret
        wrong = self.run_it("notify", "test", "nobody", code=2)
        self.assertIn("hook, room", wrong.err)

    def test_bad_words_are_said(self):
        for words in (["notify", "burn"], ["notify", "resend"], ["notify", "resend", "x"], ["notify", "resend", "1", "--all"], ["notify", "test"],
                      ["notify", "list", "--limit", "0"], ["notify", "test", "hook", "--frob"]):
            harness.is_sentence(self, self.run_it(*words, code=2), 2)
        harness.is_sentence(self, self.run_it("notify", "resend", "99", code=1), 1)
        none = self.place.run("notify", "test", "hook")
        harness.is_sentence(self, none, 2)
        self.assertIn("notify", none.err)

    def test_a_console_that_is_killed_while_it_sends_loses_nothing(self):
        killed = []

        def answer(number, request):
            # The receiver has it; who sent it dies before it can know.
            if len(killed) < 2 and number % 5 == 3 and pids:
                killed.append(request["id"])
                os.kill(pids.pop(), signal.SIGKILL)
                return 200
            return 200 if sum(r["id"] == request["id"] for r in self.receiver.requests) % 2 == 0 else 503

        pids = []
        self.receiver.answer = answer
        tmux = self.console()
        pids.append(tmux.pid())
        for n in range(12):
            self.run_it("alerts", "new", "--title", "alert %d" % n, "--subject", "+5716015550%03d" % n, "--severity", "high")
        harness.wait_for(lambda: len(killed) == 1, "the first death")
        second = self.console("second")
        pids.append(second.pid())
        harness.wait_for(lambda: len(killed) == 2, "the second death")
        self.console("third")
        harness.wait_for(lambda: self.place.sql("SELECT count(*) FROM outbox WHERE destination = 'hook' AND state = 1")[0][0] == 12, "all of them told")
        taken = [r["id"] for r in self.receiver.requests if r["status"] == 200 and r["path"] == "/hook"]
        titles = {json.loads(r["body"])["data"]["title"]["en"] for r in self.receiver.requests}
        self.assertEqual(titles, {"alert %d" % n for n in range(12)})
        rows = self.place.sql("SELECT key, attempts FROM outbox WHERE destination = 'hook'")
        self.assertEqual(set(taken), {key for key, _ in rows})  # at least once
        for key, attempts in rows:
            # and none more often than its attempts explain
            self.assertLessEqual(sum(r["id"] == key for r in self.receiver.requests), attempts)
        self.assertEqual(self.run_it("notify", "list", "--json").json(), [])
        self.assertEqual(len(self.run_it("notify", "list", "--all", "--json").json()), 12)

    def test_what_was_refused_is_seen_and_sent_after_all(self):
        self.receiver.answer = lambda number, request: 422
        tmux = self.console()
        self.run_it("alerts", "new", "--title", "tres", "--subject", "Ana Bernal", "--severity", "critical")
        # hook: raised; room: raised
        harness.wait_for(lambda: self.place.sql("SELECT count(*) FROM outbox WHERE state = 2")[0][0] == 2, "both given up")
        listed = self.run_it("notify", "list", "--json").json()
        self.assertEqual({row["state"] for row in listed}, {"given_up"})
        self.assertTrue(all("422" in row["error"] for row in listed))
        tmux.type(":sync\n")
        tmux.wait(r"given up +2 · centinela notify list")
        self.receiver.answer = lambda number, request: 200
        self.assertEqual(self.run_it("notify", "resend", "--all", "--json").json()["waiting"], 2)
        harness.wait_for(lambda: self.place.sql("SELECT count(*) FROM outbox WHERE state = 1")[0][0] == 2, "both sent")
        tmux.wait(r"given up +0")
        room = [r for r in self.receiver.requests if r["path"] == "/room"][-1]
        self.assertNotIn("Ana", json.loads(room["body"])["markdown"])
        self.assertIn("CRÍTICA", json.loads(room["body"])["markdown"])
        self.assertEqual(self.run_it("audit", "--json").json()["rows"][0]["act"], "resend")

    def test_doctor_looks_at_each_destination(self):
        checks = {c["name"]: c for c in self.place.run("doctor", "--offline", "--json", "--config", self.config).json()["checks"]}
        self.assertEqual((checks["notify"]["status"], checks["destination"]["status"]), ("ok", "ok"))
        os.chmod(self.place.file("room.url"), 0o644)
        found = [c for c in self.place.run("doctor", "--offline", "--json", "--config", self.config).json()["checks"] if c["name"] == "destination"]
        self.assertEqual([c["status"] for c in found], ["ok", "failed"])
        self.assertIn("chmod 600", found[1]["text"])
        os.chmod(self.routes, 0o666)
        open_to_all = [c for c in self.place.run("doctor", "--offline", "--json", "--config", self.config).json()["checks"] if c["name"] == "notify"]
        self.assertEqual((open_to_all[0]["status"], open_to_all[0]["advice"]), ("failed", "chmod go-w '%s'" % self.routes))
        self.place.file("routes.yaml", "routes:\n  - {to: [nobody]}\n")
        broken = [c for c in self.place.run("doctor", "--offline", "--json", "--config", self.config).json()["checks"] if c["name"] == "notify"]
        self.assertEqual(broken[0]["status"], "failed")
        self.assertIn(":2:", broken[0]["text"])

    def test_secrets_stay_out_of_what_is_seen(self):
        self.receiver.answer = lambda number, request: 401
        self.place.file("centinela.yaml", open(self.config).read() + "log:\n  file: %s\n" % self.place.file("log"))
        tmux = self.console()
        self.run_it("alerts", "new", "--title", "uno", "--severity", "critical")
        harness.wait_for(lambda: len(self.receiver.requests) >= 2, "two attempts")
        seen = self.run_it("notify", "list", "--all").out + self.run_it("notify", "list", "--json").out
        log = self.place.file("log")
        seen += open(log).read() if os.path.exists(log) else ""
        with open("/proc/%d/cmdline" % tmux.pid(), "rb") as f:
            seen += f.read().decode()
        seen += str(self.place.sql("SELECT body, error FROM outbox"))
        self.assertIsNone(re.search("MfKQ9r8GKY|/room", seen))


if __name__ == "__main__":
    harness.main()
