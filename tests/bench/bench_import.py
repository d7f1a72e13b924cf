#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records a second of `centinela import` with everything on, and its peak
memory, beside sqlite3's own .import of as many rows of 35 columns into one
table with one UNIQUE column, which decodes no JSON and understands nothing.

BENCH_RECORDS  how many (default 300000)
BENCH_STEPS    then as many again, each later in time, so often in all: does the rate
               hold as the store grows? (default 1; 10 of 1000000 take 3 GB of disk)
BENCH_FOLDER   where the data is made and kept (default: a temporary folder)
"""
import csv
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

COLUMNS = 35
PER_USER_DAY = 2.6  # records of the simulator on a mean day, about

build = os.environ.get("CENTINELA_BUILD", "build")
wanted = int(os.environ.get("BENCH_RECORDS", "300000"))
steps = int(os.environ.get("BENCH_STEPS", "1"))
FIRST_DAY = datetime.date(2020, 1, 6)


def run(command, **options):
    """Seconds, seconds of CPU and peak kB of a command."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"bench_import: {' '.join(command)[:200]} failed ({status})")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def make(folder, step=0):
    """Days of an organisation that fits, cut to the wanted number of records; its path and the day after."""
    path = os.path.join(folder, f"{wanted}-{step}.jsonl")
    users = max(50, min(4000, wanted // 50))
    days = max(1, int(wanted / (users * PER_USER_DAY)))
    have = 0 if not os.path.exists(path) else wanted
    while have < wanted:
        first = FIRST_DAY + datetime.timedelta(days=step * days * 2)
        subprocess.run([f"{build}/centinela", "sim", "--export", folder, "--days", str(days), "--users", str(users),
                        "--seed", str(7 + step), "--epoch", f"{first}T00:00:00Z"], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "cdrs.jsonl"), "rb") as lines, open(path, "wb") as out:
            have = 0
            for line in lines:
                if have == wanted:
                    break
                out.write(line)
                have += 1
        os.unlink(os.path.join(folder, "cdrs.jsonl"))
        days = days * 2 if have < wanted else days
    return path


def peer(folder, path):
    """The same number of rows through sqlite3's shell."""
    table = os.path.join(folder, "rows.csv")
    store = os.path.join(folder, "peer.db")
    with open(path, "rb") as lines, open(table, "w", newline="") as out:
        writer = csv.writer(out)
        names = None
        for line in lines:
            record = json.loads(line)
            if names is None:
                others = [name for name in record if name != "Report ID"]
                names = ["Report ID"] + others[:COLUMNS - 1]
            writer.writerow([record.get(name, "") for name in names])
    made = ", ".join(f"c{i} TEXT" for i in range(1, COLUMNS))
    result = run(["sqlite3", store, "-cmd", "PRAGMA journal_mode=WAL", "-cmd", "PRAGMA synchronous=NORMAL",
                  "-cmd", f"CREATE TABLE rows (report_id TEXT UNIQUE, {made})", f".import --csv {table} rows"])
    os.unlink(table)
    os.unlink(store)
    return result


def grow(folder, store, first):
    """The same number again and again, into the same store."""
    for step in range(1, steps):
        path = make(folder, step)
        with open(path, "rb") as data:
            while data.read(1 << 24):
                pass
        seconds, cpu, rss = run([f"{build}/centinela", "--store", store, "import", path])
        os.unlink(path)
        print(f"{f'… to {wanted * (step + 1)}':34}{wanted / seconds:10.0f} records/s {cpu / wanted * 1e6:7.1f} us CPU a record"
              f" {rss / 1024:6.0f} MB peak {os.path.getsize(store) / 1e6:6.0f} MB   {wanted / seconds / first:.2f} of the first")


def main():
    folder = os.environ.get("BENCH_FOLDER") or tempfile.mkdtemp(prefix="centinela-bench-")
    os.makedirs(folder, exist_ok=True)
    try:
        path = make(folder)
        store = os.path.join(folder, "bench.db")
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(store + suffix):
                os.unlink(store + suffix)
        with open(path, "rb") as data:  # from memory, as a file just downloaded
            while data.read(1 << 24):
                pass
        seconds, cpu, rss = run([f"{build}/centinela", "--store", store, "import", path])
        rate = wanted / seconds
        print(f"import of {wanted} records ({os.path.getsize(path) / 1e6:.0f} MB)")
        print(f"{'centinela, everything on':34}{rate:10.0f} records/s {cpu / wanted * 1e6:7.1f} us CPU a record"
              f" {rss / 1024:6.0f} MB peak {os.path.getsize(store) / wanted:6.0f} bytes a record")
        grow(folder, store, rate)
        again, _, _ = run([f"{build}/centinela", "--store", store, "import", path])
        print(f"{'the same file once more':34}{wanted / again:10.0f} records/s, all of them known")
        os.unlink(store)
        if shutil.which("sqlite3"):
            p_seconds, p_cpu, p_rss = peer(folder, path)
            print(f"{'sqlite3 .import, CSV, one UNIQUE':34}{wanted / p_seconds:10.0f} records/s"
                  f" {p_cpu / wanted * 1e6:7.1f} us CPU a record {p_rss / 1024:6.0f} MB peak")
            print(f"ratio, time: {seconds / p_seconds:.2f}   ratio, CPU: {cpu / p_cpu:.2f}")
        else:
            print("sqlite3's shell is not installed: no peer (apt-get install sqlite3)")
    finally:
        if "BENCH_FOLDER" not in os.environ:
            shutil.rmtree(folder)


main()
