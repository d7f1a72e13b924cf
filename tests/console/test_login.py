# SPDX-License-Identifier: Apache-2.0
"""Signing in at a terminal of 80x24; what is said when the sign-in ends."""
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
import unittest

import harness

ROW = re.compile(rb"\x1b\[(38;5;16;48;5;231|30;47)m([^\x1b]+)\x1b\[0m")
CODE = re.compile(rb"\x1b\[1m(\d{6})\x1b\[0m")
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


def modules_of(raw):
    """The rows of a QR code as it was drawn: "1" is dark."""
    out = []
    for _, row in ROW.findall(raw):
        text = row.decode()
        out.append("".join("1" if c in "█▀" else "0" for c in text))
        out.append("".join("1" if c in "█▄" else "0" for c in text))
    return out


def picture(modules, scale=6):
    """A portable grey map, for a reader that knows nothing of us."""
    rows = [bytes(0 if m == "1" else 255 for m in row for _ in range(scale)) for row in modules]
    return b"P5 %d %d 255\n" % (len(rows[0]), scale * len(rows)) + b"".join(row * scale for row in rows)


class Login(unittest.TestCase):
    def begin(self, *flags):
        self.place = harness.Place()
        self.addCleanup(self.place.clean)
        self.sim = harness.Simulator(self.place, "--users", "20", "--seed", "5", *flags)
        self.addCleanup(self.sim.stop)
        self.config = self.sim.config()

    def terminal(self, *words, term="xterm-256color", rows=24, cols=80):
        return harness.Terminal(self.place, ["login", "--config", self.config, *words], rows, cols,
            env=self.place.environment(TERM=term))

    def test_the_code_can_be_scanned_and_typed_at_80x24(self):
        self.begin()
        terminal = self.terminal()
        terminal.wait(CODE)
        self.assertEqual(terminal.wait_end(), 0, terminal.bytes)
        modules = modules_of(terminal.bytes)
        width = len(modules[0])
        self.assertEqual({len(row) for row in modules}, {width})
        for row in modules[:2] + modules[2 + width - 4:]:  # light around it
            self.assertEqual(set(row), {"0"})
        self.assertEqual({row[:2] + row[-2:] for row in modules}, {"0000"})
        for top, left in ((2, 2), (2, width - 9), (width - 9, 2)):
            self.assertEqual([row[left:left + 7] for row in modules[top:top + 7]], FINDER)
        # Rows of the code, and nothing but the waiting below: all of it is seen at once.
        self.assertLessEqual(len(modules) // 2 + 1, 24)
        after = terminal.bytes[[m.end() for m in ROW.finditer(terminal.bytes)][-1]:]
        self.assertLessEqual(after.split(b"Signed in")[0].count(b"\n"), 2)

    @unittest.skipUnless(shutil.which("zbarimg"), "no zbarimg: nobody else reads the code")
    def test_another_program_reads_the_code(self):
        self.begin()
        terminal = self.terminal()
        self.assertEqual(terminal.wait_end(), 0, terminal.bytes)
        modules = modules_of(terminal.bytes)
        address = re.search(rb"  (https://\S+/verify\?userCode=\S+)", terminal.bytes).group(1)
        path = self.place.file("code.pgm")
        with open(path, "wb") as f:
            f.write(picture(modules))
        read = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True).stdout.strip()
        self.assertEqual(read, address)

    def test_colours_are_its_own_on_light_and_dark(self):
        self.begin()
        for term, colours in (("xterm-256color", b"38;5;16;48;5;231"), ("xterm", b"30;47")):
            terminal = self.terminal(term=term)
            self.assertEqual(terminal.wait_end(), 0)
            self.assertEqual({c for c, _ in ROW.findall(terminal.bytes)}, {colours})

    def test_what_administrators_do_is_asked_for_by_who_wants_it(self):
        self.begin()
        terminal = self.terminal()
        self.assertEqual(terminal.wait_end(), 0, terminal.bytes)
        self.assertIn(b"centinela login --audit", terminal.bytes)  # not asked for always, and not hidden
        with open(self.place.file("token.json"), encoding="utf-8") as file:
            self.assertNotIn("audit:events_read", file.read())
        terminal = self.terminal("--audit")
        self.assertEqual(terminal.wait_end(), 0, terminal.bytes)
        self.assertNotIn(b"--audit", terminal.bytes)
        with open(self.place.file("token.json"), encoding="utf-8") as file:
            granted = file.read()
        self.assertIn("audit:events_read", granted)
        self.assertIn("spark-admin:calling_cdr_read", granted)
        # A refusal may have been for it.
        other = self.sim.config("other.yaml", webex={"client_id": "nobody"})
        for words, told in ((["--audit"], True), ([], False)):
            ran = self.place.run("login", "--config", other, *words)
            self.assertEqual((ran.code, "without --audit" in ran.err), (1, told), ran.err)
        # A Service App has what was ticked for it.
        ran = self.place.run("login", "--config", self.config, "--service-app", "ORG", "--audit")
        self.assertEqual((ran.code, "for a person" in ran.err), (2, True), ran.err)

    def test_where_it_does_not_fit_words_do(self):
        self.begin()
        for rows, cols in ((20, 80), (24, 70)):
            terminal = self.terminal(rows=rows, cols=cols)
            self.assertEqual(terminal.wait_end(), 0)
            self.assertFalse(ROW.search(terminal.bytes))
            self.assertRegex(terminal.bytes, rb"type the code \d{6}")

    def test_it_counts_down_and_a_code_that_expired_is_followed_by_another(self):
        """Nobody agrees: --auto-grant is taken back by codes that die before the second poll."""
        self.begin("--code-life", "1")
        terminal = self.terminal()
        status = terminal.wait_end()
        codes = CODE.findall(terminal.bytes)
        self.assertEqual(len(codes), 3)
        self.assertEqual(len(set(codes)), 3)
        self.assertEqual(terminal.bytes.count(b"The code has expired; here is another one."), 2)
        self.assertRegex(terminal.bytes, rb"Waiting for you to agree[^\r]*0:0[01]")
        self.assertEqual(status, 1)
        self.assertIn("expired", terminal.said())
        self.assertFalse(os.path.exists(self.place.file("token.json")))

    def test_a_refusal_after_a_code_that_expired_is_the_end(self):
        """The integration was switched off meanwhile: it is not asked over and over."""
        place = self.place = harness.Place()
        self.addCleanup(place.clean)
        cert, key = harness.certificate(place, "cloud", "IP:127.0.0.1")
        asked = []

        class Refusing(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                asked.append(self.path)
                n = sum(path.endswith("/device/authorize") for path in asked)
                if self.path.endswith("/device/token"):
                    status, said = 428, {}
                elif n == 1:
                    status, said = 200, {"device_code": "6f1d", "expires_in": 1, "user_code": "482913", "interval": 1,
                        "verification_uri": "https://example.com/v", "verification_uri_complete": "https://example.com/v?c=5d"}
                else:
                    status, said = 400, {"message": "Client Id is invalid"}
                said = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        self.config = place.file("centinela.yaml", "store: %s\nwebex: {api: 'https://127.0.0.1:%d/v1', client_id: C1, "
            "client_secret_file: %s, token_file: %s}\nnetwork: {ca_file: %s}\n" % (place.store, server.server_address[1],
            place.file("secret", "s3cret"), place.file("token.json"), cert))
        terminal = self.terminal()
        self.assertEqual(terminal.wait_end(), 1)
        self.assertEqual(sum(path.endswith("/device/authorize") for path in asked), 2)
        self.assertIn("Client Id is invalid", terminal.said())

    def test_in_a_pipe_there_is_no_drawing(self):
        self.begin()
        ran = self.place.run("login", "--config", self.config)
        self.assertEqual(ran.code, 0, ran)
        self.assertNotIn("\x1b", ran.out)
        self.assertRegex(ran.out, r"type the code \d{6}")

    def kept(self):
        with open(self.place.file("token.json")) as f:
            return json.load(f)

    def test_status_warns_14_days_before_the_refresh_token_dies(self):
        self.begin()
        self.assertEqual(self.place.run("login", "--config", self.config).code, 0)
        for days, warned in ((13, True), (15, False)):
            token = self.kept()
            token["refresh_expires"] = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + days * 86400))
            self.place.file("token.json", json.dumps(token))
            self.assertIs(self.place.run("status", "--config", self.config, "--json").json()["needs_person_soon"], warned)
            self.assertEqual("within 14 days" in self.place.run("status", "--config", self.config).out, warned)


if __name__ == "__main__":
    harness.main()
