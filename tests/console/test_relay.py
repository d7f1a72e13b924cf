# SPDX-License-Identifier: Apache-2.0
"""The public relay of data/relay: nginx with TLS in front of the door for webhooks. The
signature over the raw bytes holds behind it, and the API behind a proxy keeps to its hosts."""
import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import unittest

import harness
import service

SECRET = "a secret of thirty bytes and more"
# Where `./run test` unpacks it, or installed.
NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", os.path.join(harness.SOURCE, "build/nginx/usr/sbin")]))
CALL = "Y2lzY29zcGFyazovL3VzL0NBTEwvY2FsbGhhbGYtNDg4MTUxNjI6MA"
PERSON = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81YjFmMGM2YS0yZjc3LTRhMzktOGQwZS02YjhmMWEyYzNkNGU"


def event(state="connected"):
    """As Webex might write it: with blanks, an escape and letters that are none of ASCII."""
    return ('{ "id":"W",  "resource":"telephony_calls", "event":"updated","actorId":"%s",\r\n "data":{"callId":"%s","eventType":"answered","state":"%s",'
        '"personality":"originator","remoteParty":{"name":"Jos\\u00e9 \u00d1","number":"+37125550123","callType":"external"}} }\n' % (PERSON, CALL, state)).encode()


def signature(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


@unittest.skipUnless(NGINX, "there is no nginx: ./run test unpacks it")
class Relay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place = harness.Place()
        cls.port = harness.free_port()
        place.file("webhook-secret", SECRET)
        cls.sim = harness.Simulator(place, "--users", "20")
        cls.s = service.Service(place, config=cls.sim.config(api={"listen": '"127.0.0.1:0"'},
            live={"listen": '"127.0.0.1:%d"' % cls.port, "secret_file": place.file("webhook-secret")}))
        cls.certificate, key = harness.certificate(place, "relay", "DNS:relay.example", "DNS:evil.example")
        cls.sockets = {name: place.file(name + ".sock") for name in ("relay", "api")}
        with open(os.path.join(harness.SOURCE, "data/relay/nginx.conf"), encoding="utf-8") as file:
            shipped = file.read()
        shipped = shipped.replace("listen 443 ssl", "listen unix:%s ssl" % cls.sockets["relay"]).replace("127.0.0.1:18080", "127.0.0.1:%d" % cls.port)
        shipped = re.sub(r"/etc/letsencrypt/\S+/fullchain.pem", cls.certificate, re.sub(r"/etc/letsencrypt/\S+/privkey.pem", key, shipped))
        # Beside it the API, as somebody might put it behind a proxy: the Host must go through.
        api = ("server { listen unix:%s ssl; server_name _; ssl_certificate %s; ssl_certificate_key %s; location / { proxy_pass http://127.0.0.1:%d; proxy_set_header Host $host; } }\n"
            % (cls.sockets["api"], cls.certificate, key, cls.s.port))
        temporary = "".join("%s_temp_path %s;\n" % (name, place.file("nginx-" + name)) for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        os.chmod(place.path, 0o755)
        config = place.file("nginx.conf", "daemon off; master_process off; worker_processes 1; pid %s; error_log stderr;\nevents {}\nhttp { access_log off;\n%s%s%s}\n"
            % (place.file("nginx.pid"), temporary, shipped, api))
        cls.nginx = subprocess.Popen([NGINX, "-p", place.path, "-c", config], stderr=subprocess.PIPE)
        place.processes.append(cls.nginx)
        harness.wait_for(lambda: all(os.path.exists(path) for path in cls.sockets.values()) or cls.nginx.poll() is not None, "nginx to listen")
        assert cls.nginx.poll() is None, cls.nginx.stderr.read()

    @classmethod
    def tearDownClass(cls):
        cls.nginx.terminate()
        cls.nginx.wait(harness.DEADLINE)
        cls.nginx.stderr.close()
        assert cls.s.stop() == 0, cls.s.said()
        assert cls.sim.stop() == 0
        cls.place.clean()

    def through(self, path, body=None, headers=(), host="relay.example", door="relay", more=()):
        words = ["curl", "-s", "-o", self.place.file("answer"), "-w", "%{http_code}", "--noproxy", "*", "--cacert", self.certificate, "--unix-socket", self.sockets[door]]
        if body is not None:
            self.place.file("body", "")
            with open(self.place.file("body"), "wb") as file:
                file.write(body)
            words += ["--data-binary", "@" + self.place.file("body"), "-H", "Content-Type: application/json"]
        for header in headers:
            words += ["-H", header]
        ran = subprocess.run(words + list(more) + ["https://%s%s" % (host, path)], capture_output=True, text=True)
        return int(ran.stdout or 0)

    def live(self):
        return self.s.ask("GET", "/api/v1/calls/live", scope="viewer").json()["items"]

    def test_the_signature_holds_behind_it(self):
        path, body = "/webex/5f2d7c1e", event()
        self.assertEqual(self.live(), [])
        for headers in ([], ["X-Spark-Signature: "], ["X-Spark-Signature: " + signature(body, "another secret")], ["X-Spark-Signature: " + signature(body + b" ")],
                ["X-Spark-Signature: " + signature(json.dumps(json.loads(body)).encode())], ["X-Spark-Signature: " + signature(body), "X-Webex-Signature: sha256=00"]):
            self.assertEqual(self.through(path, body, headers), 403, headers)
        self.assertEqual(self.live(), [])
        self.assertEqual(self.through(path, body, ["X-Spark-Signature: " + signature(body)]), 204)
        self.assertEqual([(one["call_id"], one["far_number"], one["far_name"]) for one in self.live()], [(CALL, "+37125550123", "Jos\u00e9 \u00d1")])
        # The second signature too; in chunks; by HTTP/1.0; again, which changes nothing.
        both = ["X-Spark-Signature: " + signature(body).upper(), "X-Webex-Signature: sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()]
        self.assertEqual(self.through(path, body, both), 204)
        self.assertEqual(self.through(path, body, both + ["Transfer-Encoding: chunked"]), 204)
        self.assertEqual(self.through(path, body, both, more=["--http1.0"]), 204)
        self.assertEqual(len(self.live()), 1)

    def test_nothing_else_comes_through(self):
        body = event()
        right = ["X-Spark-Signature: " + signature(body)]
        for path in ("/", "/webex", "/webex/", "/webex/5f2d7c1e/", "/webex/5f2d7c1f", "/api/v1/alerts/", "/health"):
            self.assertEqual(self.through(path, body, right), 404, path)
        self.assertEqual(self.through("/webex/5f2d7c1e"), 405)
        large = body + b" " * (65 * 1024)
        self.assertEqual(self.through("/webex/5f2d7c1e", large, ["X-Spark-Signature: " + signature(large)]), 413)

    def test_a_proxied_api_keeps_to_its_hosts(self):
        for host in ("relay.example", "evil.example"):
            self.assertEqual(self.through("/health", host=host, door="api"), 421)
        self.assertEqual(self.through("/health", host="relay.example", door="api", headers=["Host: localhost"]), 200)
        with open(self.place.file("answer"), "rb") as file:
            self.assertEqual(json.load(file)["status"], "ok")


class Shipped(unittest.TestCase):
    def test_the_unit_of_the_tunnel_is_one(self):
        path = os.path.join(harness.SOURCE, "data/relay/centinela-relay.service")
        with open(path, encoding="utf-8") as file:
            unit = file.read()
        for words in ("ExitOnForwardFailure=yes", "StrictHostKeyChecking=yes", "BatchMode=yes", "-R 127.0.0.1:18080:127.0.0.1:8080", "Restart=always", "DynamicUser=yes"):
            self.assertIn(words, unit)
        if shutil.which("systemd-analyze") is None:
            self.skipTest("systemd-analyze is not installed")
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True)
        self.assertEqual([line for line in done.stderr.splitlines() if "centinela-relay" in line and "not executable" not in line], [])


if __name__ == "__main__":
    harness.main()
