#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTTP API under load (wrk, keep-alive, loopback) on a store of a million alerts: one page that many ask for, pages
by chance, single alerts; idle, while records are imported, and beside 500 slow clients. The limit beside it is what the
same server answers to /health, which reads nothing. BENCH_STORE keeps the store."""
import http.client, os, random, re, shutil, socket, sqlite3, subprocess, sys, tempfile

import bench_console, large_store

program = bench_console.program
ALERTS = int(os.environ.get("BENCH_ALERTS", "1000000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))


def cpu_s(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wrk(folder, name, server, port, token, paths, connections=64):
    """What the service spends on a request says more than the rate, where the machine is shared."""
    script = os.path.join(folder, "ask.lua")
    with open(script, "w") as file:
        file.write("local paths = {%s}\nlocal i = 0\nwrk.headers['Authorization'] = 'Bearer %s'\nrequest = function() i = i + 1; return wrk.format('GET', paths[i %% #paths + 1]) end\n"
            % (",".join('"%s"' % p for p in paths), token))
    before = cpu_s(server.pid)
    ran = subprocess.run(["wrk", "-t2", "-c%d" % connections, "-d%ds" % SECONDS, "--latency", "-s", script, "http://127.0.0.1:%d" % port], capture_output=True, text=True)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", ran.stdout).group(1))
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", ran.stdout)
    ms = float(p99.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[p99.group(2)]
    each = (cpu_s(server.pid) - before) / int(re.search(r"(\d+) requests in", ran.stdout).group(1)) * 1000
    bad = re.search(r"Non-2xx.*: (\d+)", ran.stdout)
    print(f"  {name:44} {rate:9.0f} requests/s   p99 {ms:7.2f} ms   {each:6.3f} ms of CPU each{'   ' + bad.group(0) if bad else ''}", flush=True)
    return rate


def main():
    if not shutil.which("wrk"):
        print("wrk is not installed: apt-get install wrk")
        return 77
    folder = tempfile.mkdtemp(prefix="centinela-api-")
    env = dict(os.environ, XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder, LANG="C.UTF-8")
    store = os.environ.get("BENCH_STORE", os.path.join(folder, "store.db"))
    try:
        if not os.path.exists(store):
            large_store.make(program, store, ALERTS, ALERTS // 20, 100000, env)
            db = sqlite3.connect(store)
            db.execute("INSERT INTO open_alerts (rule, location, severity, assignee, n) SELECT rule, location, severity, assignee, count(*) FROM alerts WHERE rank > 0 GROUP BY 1, 2, 3, 4"
                       " ON CONFLICT (rule, location, severity, assignee) DO UPDATE SET n = excluded.n")
            db.commit()
            db.close()
        name = "bench-%d" % random.getrandbits(30)
        token = subprocess.run([program, "--store", store, "token", "create", name], env=env, capture_output=True, text=True, check=True).stdout.strip()
        config = os.path.join(folder, "serve.yaml")
        with open(os.open(config, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write("api: {listen: \"127.0.0.1:0\", rate: 0}\n")
        server = subprocess.Popen([program, "serve", "--config", config, "--store", store], env=env, stdout=subprocess.PIPE)
        port = int(server.stdout.readline().decode().strip().rstrip("/").rsplit(":", 1)[1])
        r = random.Random(1)
        pages = ["/api/v1/alerts/?page=%d" % r.randrange(1, ALERTS // 50) for _ in range(2000)]
        few = ["/api/v1/alerts/?page=%d" % n for n in range(1, 21)]
        one = ["/api/v1/alerts/%d" % r.randrange(1, ALERTS) for _ in range(2000)]

        def all_of(when):
            print(when + ":")
            limit = wrk(folder, "/health (the limit: nothing is read)", server, port, token, ["/health"])
            rate = wrk(folder, "the first page, 50 alerts", server, port, token, ["/api/v1/alerts/"])
            print(f"    of the limit: {rate / limit:.2f}")
            wrk(folder, "the first twenty pages", server, port, token, few)
            wrk(folder, "pages by chance of %d" % (ALERTS // 50), server, port, token, pages)
            wrk(folder, "an alert by chance", server, port, token, one)
        all_of("idle")
        slow = []
        for i in range(500):
            sock = socket.create_connection(("127.0.0.1", port))
            sock.sendall(b"GET /api/v1/alerts/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * (i % 100))
            slow.append(sock)
        print("beside 500 clients that never end their request:")
        wrk(folder, "the first page, 50 alerts", server, port, token, ["/api/v1/alerts/"])
        for sock in slow:
            sock.close()
        subprocess.run([program, "sim", "--export", folder, "--days", "20", "--users", "3000", "--seed", "9"], check=True, stdout=subprocess.DEVNULL)
        job = subprocess.Popen([program, "--store", store, "import", os.path.join(folder, "cdrs.jsonl")], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        all_of("while records are imported")
        print("  the import " + ("goes on" if job.poll() is None else "has ended"))
        job.terminate()
        job.wait()
        with open("/proc/%d/status" % server.pid) as file:
            print("  resident " + re.search(r"VmRSS:\s+(\d+)", file.read()).group(1) + " kB")
        server.terminate()
        server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
