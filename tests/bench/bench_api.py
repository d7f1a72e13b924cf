#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTTP API under load (wrk, keep-alive, loopback) on a store of a million alerts: one page that many ask for, pages
by chance, single alerts; idle, while the service reads records from a simulated Webex as it does (its limits: a page in
6.5 s, a window a minute), beside 500 slow clients, and while another process imports at full speed.

Rows of 64 connections ask as fast as they are answered: what can be had, and how long one waits when all is taken; the
limit beside it is what the same server answers to /health, which reads nothing. Rows "at 3000 a second" and some are asked by 64
that rest 18 ms in between: what somebody waits for who asks for what was promised.
BENCH_STORE keeps the store; BENCH_SECONDS (8) is how long a row takes."""
import json, os, random, re, shutil, socket, sqlite3, subprocess, sys, time, urllib.request

import bench_console, large_store

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "console"))
import harness

program = bench_console.program
ALERTS = int(os.environ.get("BENCH_ALERTS", "1000000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))


def new_seed():
    return str(random.SystemRandom().randrange(1, 1 << 30))


def cpu_s(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Served:
    """The service on the store, signed in at a simulated Webex."""

    def __init__(self, place, store):
        self.place, self.store = place, store
        # Thirty days are there to be read, none of which a kept store has.
        self.sim = harness.Simulator(place, "--users", "3000", "--seed", new_seed(), "--epoch", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 30 * 86400)))
        config = self.sim.config(store=store, api={"listen": '"127.0.0.1:0"', "rate": 0}, sync={"interval": "61s", "page_interval": "6500ms", "backfill": "30d"})
        self.token = self.run("--store", store, "token", "create", "bench-%d" % random.getrandbits(30)).strip()
        self.config, self.process, self.n_bad = config, None, 0

    def run(self, *words):
        ran = self.place.run(*words, store=False)
        assert ran.code == 0, ran
        return ran.out

    def start(self):
        self.process = self.place.start("serve", "--config", self.config, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline().decode().strip().rstrip("/").rsplit(":", 1)[1])
        began = time.perf_counter()
        ask = urllib.request.Request("http://127.0.0.1:%d/api/v1/alerts/?page=%d" % (self.port, ALERTS // 50), headers={"Authorization": "Bearer " + self.token})
        with urllib.request.urlopen(ask, timeout=30) as answer:
            total = json.load(answer)["total"]
        assert total >= ALERTS, "the store has %d alerts" % total
        return (time.perf_counter() - began) * 1000

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def n_records(self):
        return self.place.sql("SELECT count(*) FROM legs", store=self.store)[0][0]

    def wrk(self, name, paths, connections=64, rest_ms=0):
        """What the service spends on a request says more than the rate, where the machine is shared."""
        script = self.place.file("ask.lua", "local paths = {%s}\nlocal i = 0\nwrk.headers['Authorization'] = 'Bearer %s'\n"
            "request = function() i = i + 1; return wrk.format('GET', paths[i %% #paths + 1]) end\n%s" % (",".join('"%s"' % p for p in paths), self.token,
                "delay = function() return %d end\n" % rest_ms if rest_ms else ""))
        before = cpu_s(self.process.pid)
        ran = subprocess.run(["wrk", "-t2", "-c%d" % connections, "-d%ds" % SECONDS, "--latency", "-s", script, "http://127.0.0.1:%d" % self.port],
            capture_output=True, text=True)
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", ran.stdout).group(1))
        figures = []
        for which in (r"50%", r"99%"):
            found = re.search(which + r"\s+([\d.]+)(us|ms|s)", ran.stdout)
            figures.append(float(found.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[found.group(2)])
        each = (cpu_s(self.process.pid) - before) / int(re.search(r"(\d+) requests in", ran.stdout).group(1)) * 1000
        bad = re.search(r"Non-2xx.*: (\d+)", ran.stdout)
        self.n_bad += int(bad.group(1)) if bad else 0
        print(f"  {name:44} {rate:9.0f} requests/s   median {figures[0]:6.2f}   p99 {figures[1]:7.2f} ms   {each:6.3f} ms of CPU each"
              f"{'   ' + bad.group(0) if bad else ''}", flush=True)
        return rate


def slow_clients(port):
    """That never end their request."""
    slow = []
    for i in range(500):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.sendall(b"GET /api/v1/alerts/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * (i % 100))
        slow.append(sock)
    return slow


R = random.Random(1)
FIRST = ["/api/v1/alerts/"]
FEW = ["/api/v1/alerts/?page=%d" % n for n in range(1, 21)]
PAGES = ["/api/v1/alerts/?page=%d" % R.randrange(1, ALERTS // 50) for _ in range(2000)]
ONE = ["/api/v1/alerts/%d" % R.randrange(1, ALERTS) for _ in range(2000)]


def promised(served):
    """What the promise is of."""
    served.wrk("at 3000 a second: the first page", FIRST, rest_ms=18)
    served.wrk("at 3000 a second: the first twenty pages", FEW, rest_ms=18)
    served.wrk("at 3000 a second: pages by chance", PAGES, rest_ms=18)


def all_of(served):
    limit = served.wrk("/health (the limit: nothing is read)", ["/health"])
    rate = served.wrk("the first page, 50 alerts", FIRST)
    print(f"    of the limit: {rate / limit:.2f}")
    served.wrk("the first twenty pages", FEW)
    served.wrk("pages by chance of %d" % (ALERTS // 50), PAGES)
    served.wrk("an alert by chance", ONE)
    promised(served)


def make_store(store, env):
    large_store.make(program, store, ALERTS, ALERTS // 20, 100000, env)
    db = sqlite3.connect(store)
    db.execute("INSERT INTO open_alerts (rule, location, severity, assignee, n) SELECT rule, location, severity, assignee, count(*) FROM alerts WHERE rank > 0 GROUP BY 1, 2, 3, 4"
               " ON CONFLICT (rule, location, severity, assignee) DO UPDATE SET n = excluded.n")
    db.commit()
    db.close()


def main():
    if not shutil.which("wrk"):
        print("wrk is not installed: apt-get install wrk")
        return 77
    place = harness.Place()
    store = os.environ.get("BENCH_STORE", place.file("store.db"))
    try:
        if not large_store.is_made(store, ALERTS):
            make_store(store, place.environment())
        served = Served(place, store)
        cold = served.start()
        print("idle (load %.1f); the last page, asked for first of all, came in %.0f ms:" % (os.getloadavg()[0], cold))
        all_of(served)
        served.stop()
        served.run("login", "--config", served.config)
        before = served.n_records()
        served.start()
        harness.wait_for(lambda: served.n_records() > before, "records to come")
        before = served.n_records()
        print("while the service reads from Webex (load %.1f):" % os.getloadavg()[0])
        all_of(served)
        slow = slow_clients(served.port)
        print("  and beside 500 clients that never end their request:")
        promised(served)
        print("  %d records came meanwhile" % (served.n_records() - before))
        for sock in slow:
            sock.close()
        served.stop()
        served.run("logout", "--config", served.config)
        served.start()
        served.run("sim", "--export", place.file("days"), "--days", "20", "--users", "3000", "--seed", new_seed())
        job = place.start("--store", store, "import", place.file("days") + "/cdrs.jsonl", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print("while another process imports at full speed (load %.1f):" % os.getloadavg()[0])
        before = served.n_records()
        all_of(served)
        print("  %d records came meanwhile; the import %s" % (served.n_records() - before, "goes on" if job.poll() is None else "has ended"))
        job.terminate()
        job.wait()
        with open("/proc/%d/status" % served.process.pid) as file:
            print("  resident " + re.search(r"VmRSS:\s+(\d+)", file.read()).group(1) + " kB")
        served.stop()
        if served.n_bad > 0:
            print("%d answers were refusals: their rows measure nothing" % served.n_bad)
            return 1
        return 0
    finally:
        place.clean()


if __name__ == "__main__":
    sys.exit(main())
