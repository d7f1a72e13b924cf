#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records a second of `centinela import` into PostgreSQL with everything on,
beside a bare COPY of the same legs and calls into tables of the same shape and
indexes by the same server, which understands nothing and asks nothing.

What the two do not have in common: the import reads JSON, judges, keeps the
record as it came and all that is counted, page by page in transactions, into
tables by the month; the COPY is one a table, from a file that the server reads
itself. The first record goes in before, and is told apart: it makes the store.
The server's processor time has that of autovacuum in it, in both.

BENCH_RECORDS  how many (default 200000)
"""
import os
import subprocess
import time

source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
build = os.environ.get("CENTINELA_BUILD", "build")
wanted = int(os.environ.get("BENCH_RECORDS", "200000"))
server = "/tmp/centinela-pg-bench-%d" % os.getpid()
folder = server + "-data"


def script(act):
    subprocess.run(["bash", os.path.join(source, "tests", "postgres.sh"), act, server], check=True, env=dict(os.environ, ON_DISK="1"))


def psql(*statements):
    words = [word for statement in statements for word in ("-c", statement)]
    return subprocess.run(["psql", "-XqAt", "-h", server, "-U", "centinela", "-d", "postgres", *words],
        check=True, capture_output=True, text=True).stdout.strip()


def records():
    users = max(50, min(4000, wanted // 50))
    days = 2 + int(wanted / (users * 2.6)) * 2
    subprocess.run([f"{build}/centinela", "sim", "--export", folder, "--days", str(days), "--users", str(users), "--seed", "7",
        "--epoch", "2020-01-06T00:00:00Z"], check=True, stdout=subprocess.DEVNULL)
    first, path = os.path.join(folder, "first.jsonl"), os.path.join(folder, "wanted.jsonl")
    with open(os.path.join(folder, "cdrs.jsonl"), "rb") as lines, open(path, "wb") as out, open(first, "wb") as one:
        for i, line in zip(range(wanted), lines):
            out.write(line)
            if i == 0:
                one.write(line)
    return first, path


def server_cpu():
    """Seconds of processor of the server's processes that have ended: those that served us."""
    with open(f"{server}/data/postmaster.pid") as pid:
        with open(f"/proc/{pid.readline().strip()}/stat") as stat:
            words = stat.read().rsplit(")", 1)[1].split()
    return (int(words[13]) + int(words[14])) / os.sysconf("SC_CLK_TCK")


def timed(work):
    """Seconds, and seconds of processor of the server."""
    cpu, began = server_cpu(), time.monotonic()
    work()
    took = time.monotonic() - began
    time.sleep(0.2)  # until the server has seen its process end
    return took, server_cpu() - cpu


def ran(path):
    subprocess.run([f"{build}/centinela", "--store", f"postgresql:///postgres?host={server}&user=centinela", "import", path],
        check=True, stdout=subprocess.DEVNULL)


def bare():
    """The rows that the import made, once more."""
    for table in ("legs", "calls"):
        psql(f"COPY (SELECT * FROM {table}) TO '{server}/{table}.rows' (FORMAT binary)", f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
    def again():
        for table in ("legs", "calls"):
            psql(f"COPY bare_{table} FROM '{server}/{table}.rows' (FORMAT binary)")
    return timed(again)


def main():
    try:
        script("start")
        first, path = records()
        begin, _ = timed(lambda: ran(first))
        ours = os.times()
        seconds, cpu = timed(lambda: ran(path))
        mine = os.times().children_user + os.times().children_system - ours.children_user - ours.children_system
        again, _ = timed(lambda: ran(path))
        n_legs, n_calls = (int(psql(f"SELECT count(*) FROM {table}")) for table in ("legs", "calls"))
        peer, peer_cpu = bare()
        print(f"import of {n_legs} legs, {n_calls} calls into PostgreSQL, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        print(f"{'a new store, and its first record':34}{begin:10.2f} s")
        print(f"{'centinela, everything on':34}{n_legs / seconds:10.0f} legs/s {mine / n_legs * 1e6:6.1f} us CPU a leg here,"
              f" {cpu / n_legs * 1e6:.1f} at the server")
        both = mine + cpu
        print(f"{'no more than, by the processors':34}{n_legs / both * os.cpu_count():10.0f} legs/s if here and the server never waited for each other")
        print(f"{'the same file once more':34}{n_legs / again:10.0f} legs/s, all of them known")
        print(f"{'bare COPY, same tables, no judging':34}{n_legs / peer:10.0f} legs/s {peer_cpu / n_legs * 1e6:31.1f} at the server")
        print(f"ratio, time: {seconds / peer:.2f}   ratio, CPU of the server: {cpu / peer_cpu:.2f}")
    finally:
        script("stop")
        subprocess.run(["rm", "-rf", folder], check=False)


main()
