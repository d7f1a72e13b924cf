#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A simulated day of a team, in which everything goes wrong: tests/console/soak.py says what.
It takes HOURS * 60 / SPEED minutes, and some more for the end; PostgreSQL, or ENGINE=sqlite.

HOURS=24 SPEED=36 USERS=300 KILL_S=10 (seconds between deaths) RESTARTS=3 CUTS=24 CONSOLES=3 COLLECTORS=2 SEED=1"""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "console"))
import harness
import soak


def number(name, default):
    return float(os.environ.get(name, default))


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)


def main():
    sqlite = os.environ.get("ENGINE", "postgresql") == "sqlite"
    harness.DEADLINE = 240
    place = soak.FilePlace() if sqlite else soak.ServerPlace()
    shift = soak.Soak(place, number("HOURS", 24), int(number("SPEED", 36)), users=int(number("USERS", 300)), collectors=int(number("COLLECTORS", 1 if sqlite else 2)),
        consoles=int(number("CONSOLES", 0 if sqlite else 3)), kill_every_s=number("KILL_S", 10), restarts=int(number("RESTARTS", 3)),
        cuts=int(number("CUTS", 24)), seed=int(number("SEED", 1)), faults=os.environ.get("FAULTS", soak.FAULTS), say=say)
    try:
        shift.begin()
        say("begun in %s" % place.path)
        shift.run()
        say("the day is over")
        shift.end()
        say("all that was left has come")
        try:
            shift.check(unittest.TestCase())
            say("all of it holds")
        finally:
            print(shift.figures(), flush=True)
            for analyst in shift.analysts:
                for act in analyst.unknown[:3]:
                    print("console %d, %s of %s without an answer:\n%s" % (analyst.k, act[0], act[1], act[3]))
                print("console %d was told: %s" % (analyst.k, sorted({act[3] for act in analyst.refused})[:30]))
    finally:
        shift.stop()


main()
