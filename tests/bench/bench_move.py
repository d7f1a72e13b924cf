#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A million calls from a file to PostgreSQL and back by `store migrate`, killed twice on each way;
the time, the rows a second, the memory; and whether all three stores say the same in the end.

BENCH_CALLS (1000000), BENCH_KILLS (2) on each way, after BENCH_KILL_S (15) seconds of each run."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "console"))
from test_store_move import SAID, MovePlace, Mover, fill, told

SAID = [question for question in SAID if question != "export legs"]  # whose bytes are in the hashes

CALLS = int(os.environ.get("BENCH_CALLS", "1000000"))
KILLS = int(os.environ.get("BENCH_KILLS", "2"))
KILL_S = float(os.environ.get("BENCH_KILL_S", "15"))
USERS = 4000
CALLS_A_DAY = 26000  # of so many people, in the mean of a week


def say(text):
    print(time.strftime("%H:%M:%S ") + text, flush=True)


def main():
    place = MovePlace()
    try:
        first, server, back = fill(place, max(2, CALLS // CALLS_A_DAY), USERS), place.store, place.file("back.db")
        calls = place.sql_file("SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM legs), (SELECT count(*) FROM alerts)", first)[0]
        say("%d calls, %d legs, %d alerts in %.0f MB, load %.1f" % (*calls, os.path.getsize(first) / 1e6, os.getloadavg()[0]))
        ways = []
        for name, source, target in (("file to server", first, server), ("server to file", server, back)):
            way = Mover(place, source, target, KILLS)
            way.run(KILL_S)
            n = sum(rows for rows, _ in way.tables.values())
            say("%s: %d rows, killed %d times after %s s, then %.0f s to the end: %.0f rows/s over all, %.0f MB at most, load %.1f" % (name, n, way.n_killed,
                ", ".join("%.0f" % s for s in way.seconds[:-1]), way.seconds[-1], n / sum(way.seconds), way.peak_mb, os.getloadavg()[0]))
            ways.append(way)
        say("counts and hashes of %d tables: %s" % (len(ways[0].tables), "the same" if ways[0].tables == ways[1].tables else "DIFFER"))
        for question in SAID:
            digests = [told(place, address, question) for address in (first, server, back)]
            say("%-28s %12d bytes: %s" % (question, digests[0][1], "the same" if digests == [digests[0]] * 3 else "DIFFER"))
    finally:
        place.clean()


main()
