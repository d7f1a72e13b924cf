#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From a key on one console to another console's screen: claims and releases of one alert, over a
file and over PostgreSQL, and once more beside an import into the same store.

BENCH_ACTS (300) of each; 10 days of 400 people are in the store, BENCH_IMPORT (10) days of 4000 people are imported
(0: only what nobody disturbs)."""
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "console"))
import harness
from screens import Screen
from soak import FilePlace, ServerPlace

ACTS = int(os.environ.get("BENCH_ACTS", "300"))
IMPORT = int(os.environ.get("BENCH_IMPORT", "10"))


def acts(actor, watcher, n, goes_on=lambda: True, pause=1.4):
    """Claimed and released by turns, at moments that follow no clock; seconds from the key to the
    watcher's screen, and to what the actor is told."""
    luck, there, here = random.Random(7), [], []
    for i in range(n):
        if i % 2 == 0 and not goes_on():
            break
        until = time.monotonic() + luck.uniform(pause / 7, pause)
        while time.monotonic() < until:
            actor.look()
            watcher.look()
            harness.breathe(0.02)
        word, key, marker = ("Claimed", "C", r"4 Queue.* open · 1 mine") if i % 2 == 0 else ("Released", "R", r"4 Queue.* open ┤")
        began, done = time.monotonic(), {}
        actor.keys(key)
        while len(done) < 2:
            for name, screen, shown in (("there", watcher, marker), ("here", actor, word + ": #")):
                if name not in done and screen.shows(shown):
                    done[name] = time.monotonic() - began
            assert time.monotonic() - began < harness.DEADLINE, actor.text() + watcher.text()
            harness.breathe(0.001)
        there.append(done["there"])
        here.append(done["here"])
    return there, here


def said(name, both):
    for what, took in zip(("on the other's screen", "its own answer"), both):
        took = sorted(took)
        print("%-26s %-22s n %d  median %4.0f ms  p90 %4.0f  p99 %4.0f  max %4.0f   load %.1f" % (name, what, len(took), *(1000 * took[min(
            len(took) - 1, int(len(took) * q))] for q in (0.5, 0.9, 0.99, 1)), os.getloadavg()[0]), flush=True)


def measure(name, place):
    folder, more = place.file("days"), place.file("more")
    try:
        for where, users, days, seed in ((folder, 400, 10, 5), (more, 4000, max(IMPORT, 1), 6)):
            assert place.run("sim", "--export", where, "--days", str(days), "--users", str(users), "--seed", str(seed), "--epoch", "2026-09-07T00:00:00Z",
                store=False).code == 0
        assert place.run("import", folder + "/cdrs.jsonl").code == 0
        alert = place.run("alerts", "list", "--json").json()[0]["id"]
        screens = []
        for who in ("actor", "watcher"):
            screen = Screen(place, ["console", "--store", place.store, "--lang", "en"], name=who)
            screen.wait_for(r"4 Queue.*open")
            screen.keys("4/\x15id = %d\r" % alert)
            screen.wait_for("/id = %d" % alert, "▸")
            screens.append(screen)
        said(name, acts(*screens, ACTS))
        if IMPORT > 0:
            imports = subprocess.Popen([harness.PROGRAM, "--store", place.store, "import", more + "/cdrs.jsonl"], stdout=subprocess.DEVNULL, env=place.environment())
            said(name + ", importing", acts(*screens, ACTS, lambda: imports.poll() is None, 0.35))
            imports.kill()
            imports.wait()
        for screen in screens:
            screen.close()
    finally:
        place.clean()


measure("SQLite", FilePlace())
measure("PostgreSQL", ServerPlace())
