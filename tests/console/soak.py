# SPDX-License-Identifier: Apache-2.0
"""A long shift, played in fast: collectors that ask a simulated Webex, analysts at consoles, a
receiver of notifications that fails half of the time; and meanwhile the collectors are killed,
the database restarted and the wires cut. What must be true at the end is asked of the store,
of the receiver and of what the analysts saw confirmed.

test_soak_team.py plays some minutes of it, tests/bench/soak_team.py a whole day."""
import collections
import os
import random
import re
import signal
import subprocess
import time

import harness
import test_notify
import truth
from analyst import Analyst
from stores import FilePlace, ServerPlace, has_server  # who plays it asks for these
from wires import Wire

BASE = "2026-10-12T18:00:00Z"
BASE_MS = truth.ms(BASE)
SECRET = test_notify.SECRET
# What needs a person each time, or makes Webex's own record of a call ambiguous, is test_sync_faults.py's.
FAULTS = "storm429,server5xx,slow_body,cut,malformed,duplicates,html502"
MOST_MB = 200  # of any process, whatever happens around it


def iso(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ms // 1000))


class Soak:
    def __init__(self, place, hours, speed, users=200, collectors=2, consoles=3, kill_every_s=12.0, restarts=3, cuts=12, seed=1, faults=FAULTS, say=lambda text: None):
        self.place, self.speed, self.users, self.seed, self.faults, self.say = place, speed, users, seed, faults, say
        self.hours, self.wall_s = hours, hours * 3600 / speed
        self.rng = random.Random(seed)
        self.kill_every_s, self.restarts, self.cuts = kill_every_s, restarts, cuts
        self.n_collectors, self.n_consoles = collectors, consoles
        self.takeovers, self.takeovers_after_cuts = [], []
        self.counts, self.memory = collections.Counter(), collections.defaultdict(list)
        self.collectors, self.analysts, self.later, self.killed_at = {}, [], [], None
        self.failures, self.read_until, self.n_broken, self.disturbed_at, self.started_at = [], collections.Counter(), 0, None, {}

    # ---- a world ---------------------------------------------------------------

    def begin(self):
        place, until_ms = self.place, BASE_MS + int(self.hours * truth.HOUR)
        self.same = ["--seed", str(self.seed), "--users", str(self.users), "--epoch", iso(BASE_MS - 2 * truth.DAY)[:10] + "T00:00:00Z"]
        self.export = place.file("truth")
        days = int(self.hours / 24) + 6
        ran = place.run("sim", "--export", self.export, "--days", str(days), "--faults", self.faults, *self.same, "--base", BASE, store=False)
        assert ran.code == 0, ran
        self.until_ms = until_ms
        self.say("there is a truth")
        self.sim = harness.Simulator(place, "--faults", self.faults, "--speed", str(self.speed), "--no-rate-limits", "--base", BASE, *self.same)
        self.receiver = test_notify.Receiver(place)
        luck = random.Random(self.seed + 1)
        bad = collections.Counter()

        def answer(number, request):
            """Half of all is refused, the same message five times at most: patience doubles. 503 and
            429 keep all of a destination waiting: now and then."""
            if luck.random() < 0.5 or bad[request["id"]] == 5:
                return 200
            bad[request["id"]] += 1
            return luck.choice([500] * 20 + [502] * 10 + [408, 429, 503])
        self.receiver.answer = answer
        with open(self.sim.ca) as first, open(self.receiver.ca) as second:
            self.ca = place.file("both.pem", first.read() + second.read())
        self.routes = place.file("routes.yaml", """
max_age: 300d
destinations:
  hook: {kind: webhook, url: "%s/hook", secret: {file: %s}}
routes:
  - {to: [hook], tell: [raised, worse, closed, acts]}
""" % (self.receiver.url, place.file("webhook.secret", SECRET)))
        n_wires = self.n_collectors + self.n_consoles
        self.store_wires = [Wire(("127.0.0.1", place.port)) for _ in range(n_wires)] if place.is_server else []
        sim_port = int(self.sim.url.rsplit(":", 1)[1])
        self.sim_wires = [Wire(("127.0.0.1", sim_port)) for _ in range(self.n_collectors)]
        self.direct = self.config("direct.yaml", None, None, self.speed)
        self.sign_in()
        self.say("signed in")
        for i in range(self.n_collectors):
            self.start(i)
        harness.wait_for(lambda: self.place.ask("SELECT 1 FROM settings WHERE name = 'notify.until'"), "somebody who tells")
        for i in range(12 if self.n_consoles else 0):  # so that there is work from the beginning
            ran = place.run("alerts", "new", "--title", "alert %d" % i, "--subject", "+5716015550%03d" % i, "--severity", "high")
            assert ran.code == 0, ran
        for i in range(self.n_consoles):
            self.analysts.append(Analyst(self, i, self.config("console-%d.yaml" % i, self.n_collectors + i, None, None)))

    def config(self, name, store_wire, sim_wire, speed, hurry=False):
        """Of a collector, or (speed None) of a console, which asks no Webex."""
        place, sim = self.place, self.sim
        wired = place.is_server and store_wire is not None
        store = "postgresql://centinela@127.0.0.1:%d/postgres" % self.store_wires[store_wire].port if wired else place.store
        if speed is None:
            return place.file(name, "store: %s\n" % store)
        url = sim.url if sim_wire is None else "https://127.0.0.1:%d" % self.sim_wires[sim_wire].port
        pace = {"interval": "60s", "page_interval": "6s"} if not hurry else {"interval": "100ms", "page_interval": "10ms"}
        return sim.config(name, store=store, webex={"api": url + "/v1", "cdr_host": url[len("https://"):]}, network={"ca_file": self.ca},
            notify=self.routes, api={"listen": '"127.0.0.1:0"'}, sync={**pace, "backfill": "2d" if hurry else "1d",
            "clock_speed": speed, "clock_from": sim.where["real_base_ms"] // 1000})

    def sign_in(self):
        for _ in range(20):
            ran = self.place.run("login", "--config", self.direct, store=False)
            if ran.code == 0:
                return
        raise AssertionError(ran)

    def start(self, i):
        name = "collector-%d" % i
        config = self.config(name + ".yaml", i, i, self.speed)
        with open(self.place.file(name + ".err"), "ab") as errors:
            self.collectors[i] = self.place.start("serve", "--config", config, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        self.started_at[i] = time.monotonic()
        self.counts["started"] += 1

    # ---- what happens to it --------------------------------------------------------

    def plan(self):
        """(seconds from now, what) of everything that goes wrong."""
        found, at = [], 0.0
        while True:
            at += self.kill_every_s * self.rng.uniform(0.6, 1.4)
            if at >= self.wall_s:
                break
            found.append((at, self.kill))
        for i in range(self.restarts if self.place.is_server else 0):
            found.append((self.wall_s * (i + 0.5) / self.restarts, lambda mode=("immediate", "fast")[i % 2]: self.restart(mode)))
        kinds = [self.cut_active, self.cut_sim, self.hole_sim, self.cut_all, self.hole_active, self.hole_console, self.hole_all]
        kinds = kinds if self.place.is_server else [self.cut_sim, self.hole_sim]
        for i in range(self.cuts):
            found.append((self.wall_s * (i + self.rng.uniform(0.2, 0.8)) / self.cuts, kinds[i % len(kinds)]))
        return sorted(found, key=lambda each: each[0])

    def holder(self):
        rows = self.place.ask("SELECT holder FROM lease")
        return rows[0][0] if rows else None

    def active(self):
        """The collector that holds the lease, by its number; None nobody of ours."""
        holder = self.holder() or ""
        for i, process in self.collectors.items():
            if holder.endswith(":%d" % process.pid) and process.poll() is None:
                return i
        return None

    def kill(self):
        i = self.active()
        if i is None or self.killed_at is not None:
            i = self.rng.randrange(self.n_collectors) if i is None else i
            self.counts["killed otherwise"] += 1
        else:
            self.killed_at, self.killed_holder = time.monotonic(), self.holder()
            # Nobody takes over who is not there: it has to have been up for a while.
            there = any(k != i and p.poll() is None and self.killed_at - self.started_at[k] > 5 for k, p in self.collectors.items())
            self.disturbed_at = None if there else float("inf")
            self.counts["killed active"] += 1
        process = self.collectors[i]
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        # It comes back as a host does that was restarted: while or after the other took over.
        self.at(self.rng.uniform(0.5, 0.6 * self.kill_every_s) if self.n_collectors > 1 else 0.0, lambda: self.start(i))

    def restart(self, mode):
        self.say("the database is restarted (%s)" % mode)
        self.disturb()
        self.counts["restarts " + mode] += 1
        self.place.do("restart", mode)

    def disturb(self):
        """Who is cut off cannot take over: the time for it begins anew when it could."""
        self.disturbed_at = max(self.disturbed_at or 0, time.monotonic())

    def at(self, seconds, what):
        self.later.append((time.monotonic() + seconds, what))

    def break_(self, name, wires, how, seconds):
        self.say("%s for %.0f s" % (name, seconds))
        self.disturb()
        self.counts[name] += 1
        for wire in wires:
            getattr(wire, how)()
        self.n_broken += 1

        def mend():
            self.n_broken -= 1
            for wire in wires:
                wire.mend()
            self.disturb()
        self.at(seconds, mend)

    def cut_active(self):
        self.break_("collector cut off", [self.store_wires[self.active() or 0]], "cut", self.rng.uniform(2, 15))

    def hole_active(self):
        self.break_("collector's packets vanish", [self.store_wires[self.active() or 0]], "hole", self.rng.uniform(5, 45))

    def hole_console(self):
        self.break_("a console's packets vanish", [self.store_wires[self.n_collectors + self.rng.randrange(max(1, self.n_consoles))]], "hole", self.rng.uniform(5, 40))

    def cut_all(self):
        self.break_("everybody cut off", self.store_wires, "cut", self.rng.uniform(2, 10))

    def hole_all(self):
        self.break_("everybody's packets vanish", self.store_wires, "hole", self.rng.uniform(5, 30))

    def cut_sim(self):
        self.break_("Webex cut off", self.sim_wires, "cut", self.rng.uniform(2, 10))

    def hole_sim(self):
        self.break_("packets to Webex vanish", self.sim_wires, "hole", self.rng.uniform(5, 20))

    # ---- the shift --------------------------------------------------------------------

    def run(self):
        began = time.monotonic()
        plan = [(began + at, what) for at, what in self.plan()]
        look_ns, next_slow = 0, 0.0
        while time.monotonic() < began + self.wall_s:
            now = time.monotonic()
            self.later += [each for each in plan if each[0] <= now]
            plan = [each for each in plan if each[0] > now]
            due = [each for each in self.later if each[0] <= now]
            self.later = [each for each in self.later if each[0] > now]
            for _, what in due:
                what()
            self.see_takeover()
            for analyst in self.analysts:
                analyst.turn()
            if now >= next_slow:
                next_slow = now + 3
                self.see_health()
            harness.breathe(0.03)
        for _, what in self.later:  # mended, and whoever was killed is back
            what()
        self.later = []

    def see_takeover(self):
        if self.killed_at is None:
            return
        now, holder = time.monotonic(), self.holder()
        took = now - self.killed_at
        if holder and holder != self.killed_holder and any(holder.endswith(":%d" % p.pid) for p in self.collectors.values()):
            since = max(self.killed_at, self.disturbed_at or 0)
            if self.n_broken or since > now:
                self.counts["take-overs otherwise"] += 1
            else:
                (self.takeovers if since == self.killed_at else self.takeovers_after_cuts).append(now - since)
                if now - since > 5:
                    self.say("took over after %.1f s%s" % (now - since, "" if since == self.killed_at else ", from the time on when it could"))
            self.killed_at = None
        elif took > 60:
            self.failures.append("nobody took over in a minute")
            self.killed_at = None

    def see_health(self):
        for i, process in self.collectors.items():
            with open(self.place.file("collector-%d.err" % i), "rb") as f:
                f.seek(self.read_until[i])
                said = f.read()
                self.read_until[i] = f.tell()
            if b"centinela login" in said:
                self.counts["signed in again"] += 1
                self.sign_in()
            if process.poll() is not None and process.returncode != -signal.SIGKILL:
                # There was no store when it began: its supervisor begins it anew.
                if b"\ncentinela: the " in b"\n" + said and process.returncode == 1:
                    self.counts["found no store at its start"] += 1
                else:
                    self.failures.append("collector %d ended by itself with %d" % (i, process.returncode))
                self.start(i)
            self.weigh("collector", process)
        for analyst in self.analysts:
            self.weigh("console %d" % analyst.k, analyst.screen.process)
        rows = self.place.ask("SELECT id FROM alerts WHERE rank > 0 ORDER BY id")
        for analyst in self.analysts:
            analyst.ids = [int(row[0]) for row in rows or [] if row[0].isdigit()]

    def weigh(self, name, process):
        try:
            with open("/proc/%d/status" % process.pid) as f:
                found = re.search(r"VmRSS:\s+(\d+)", f.read())
        except OSError:
            return
        if found:
            self.memory[name].append(int(found.group(1)) / 1024)

    # ---- the end ------------------------------------------------------------------------

    def end(self):
        """Consoles end as they should; what was still to come from Webex comes, and is told."""
        for analyst in self.analysts:
            analyst.finish()
        for process in self.collectors.values():
            process.terminate()
        for i, process in self.collectors.items():
            code = process.wait(harness.DEADLINE)
            if code != 0:
                self.failures.append("collector %d ended with %d" % (i, code))
        assert self.sim.stop() == 0, self.sim.said()
        # Seven hours on: a late record arrives six hours after its call.
        self.sim = harness.Simulator(self.place, "--no-rate-limits", "--faults", "duplicates", "--speed", str(self.speed), "--base", iso(self.until_ms + 8 * truth.HOUR), *self.same)
        with open(self.sim.ca) as first, open(self.receiver.ca) as second:
            self.place.file("both.pem", first.read() + second.read())
        self.direct = self.config("direct.yaml", None, None, self.speed, hurry=True)
        self.sign_in()
        ran = self.place.run("sync", "--once", "--config", self.direct, store=False, timeout=600)
        assert ran.code == 0, ran
        self.say("all records have come")
        with open(self.place.file("last.err"), "w+b") as errors:
            last = self.place.start("serve", "--config", self.direct, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
            last.stdout.readline()  # it is ready
            harness.wait_for(lambda: self.place.ask("SELECT count(*) FROM outbox WHERE state = 0") == [["0"]] and
                self.place.ask("SELECT count(*) FROM notices WHERE routed = 0") == [["0"]], "an empty outbox", 900,
                lambda: repr(self.place.ask("SELECT state, sending, count(*), min(due_ms), max(attempts) FROM outbox GROUP BY 1, 2")))
            last.terminate()
            code = last.wait(harness.DEADLINE)
            errors.seek(0)
            harness.refuse_crash(errors.read().decode("utf-8", "replace"), code)
        assert code == 0, code
        assert self.sim.stop() == 0, self.sim.said()

    def check(self, test):
        """All of it, each by itself: what does not hold is said of all."""
        wrong = []
        for what in (self.check_ends, self.check_records, self.check_told, self.check_acts):
            try:
                what(test)
            except AssertionError as why:
                wrong.append("%s: %s" % (what.__name__, str(why)[:3000]))
        test.assertEqual(wrong, [], "\n".join(wrong))

    def check_ends(self, test):
        for name in sorted(os.listdir(self.place.path)):
            if name.endswith(".err"):
                with open(self.place.file(name), "rb") as f:
                    harness.refuse_crash(f.read().decode("utf-8", "replace"), 0)
        test.assertEqual(self.failures, [])
        if not harness.sanitized():
            test.assertLess(max(max(sizes) for sizes in self.memory.values()), MOST_MB)
            if self.place.is_server and len(self.takeovers) >= 20:  # a long run
                test.assertLess(max(self.takeovers + self.takeovers_after_cuts), 10)

    def check_records(self, test):
        wanted = truth.Truth(self.export, BASE_MS - 3 * truth.DAY, BASE_MS - truth.DAY, self.until_ms)
        test.assertGreater(len(wanted.due), 100)
        lost = wanted.due - {report for _, report, _ in harness.stored_records(self.place)}
        for report in sorted(lost)[:3]:
            self.say("lost: " + wanted.records[report].decode("utf-8", "replace")[:1500])
        if lost:
            for row in self.place.sql("SELECT endpoint, from_ms, until_ms, done_ms, why, n_records FROM windows ORDER BY done_ms"):
                self.say("%s %s .. %s read %s %s %s" % (row[0], *(iso(at) for at in row[1:4]), *row[4:]))
        self.counts["records"] = wanted.agrees(test, self.place)

    def check_told(self, test):
        """Every notice is in a message, every message was taken, and none was sent more often than
        its attempts; one was taken twice only where an attempt came to an end that nobody saw."""
        sql = self.place.sql
        test.assertEqual(sql("SELECT count(*) FROM outbox WHERE state <> 1"), [(0,)])
        test.assertEqual(sql("SELECT count(*) FROM notices WHERE id NOT IN (SELECT notice_id FROM outbox_notices)"), [(0,)])
        rows = dict(sql("SELECT key, attempts FROM outbox"))
        test.assertEqual(sql("SELECT count(DISTINCT key) FROM outbox"), [(len(rows),)])
        sent, taken = collections.Counter(), collections.Counter()
        for request in self.receiver.requests:
            sent[request["id"]] += 1
            taken[request["id"]] += request["status"] == 200
        test.assertEqual(set(sent), set(rows))
        test.assertEqual([key for key in rows if not taken[key]], [], "never taken")
        test.assertEqual([key for key in rows if sent[key] > rows[key]], [], "sent more often than attempts explain")
        raised = "SELECT count(*) FROM alerts a WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.alert_id = a.id AND n.kind = 0)"
        test.assertEqual(sql(raised), [(0,)])
        self.counts["messages"], self.counts["requests"] = len(rows), len(self.receiver.requests)
        self.counts["messages taken twice"] = sum(n > 1 for n in taken.values())
        self.counts["notices"] = sql("SELECT count(*) FROM notices")[0][0]

    def check_acts(self, test):
        """What was confirmed on a screen is in the audit log, as often as it was confirmed."""
        confirmed, audit, notes = collections.Counter(), collections.Counter(), collections.Counter()
        for alert, act in self.place.sql("SELECT alert_id, act FROM audit"):
            audit[alert, act] += 1
        for alert, note in self.place.sql("SELECT alert_id, note FROM audit WHERE act = 'note'"):
            notes[alert, note] += 1
        for analyst in self.analysts:
            for act, ids, text in analyst.confirmed:
                for id_ in ids:
                    confirmed[id_, act] += 1
                    if text:
                        test.assertEqual(notes[id_, text], 1, "a note of console %d is there %d times" % (analyst.k, notes[id_, text]))
        test.assertEqual({each: (n, audit[each]) for each, n in confirmed.items() if audit[each] < n}, {}, "confirmed, and not in the audit log")
        self.counts["acts confirmed"] = sum(len(analyst.confirmed) for analyst in self.analysts)
        self.counts["acts refused"] = sum(len(analyst.refused) for analyst in self.analysts)
        self.counts["acts without an answer"] = sum(len(analyst.unknown) for analyst in self.analysts)

    def figures(self):
        lines = ["%.1f simulated hours in %.0f s, %d users, load %.1f" % (self.hours, self.wall_s, self.users, os.getloadavg()[0])]
        lines += ["%-28s %d" % each for each in sorted(self.counts.items())]
        for what, took in (("a death", sorted(self.takeovers)), ("the end of a cut", sorted(self.takeovers_after_cuts))):
            if took:
                lines.append("take-over after %s: n %d, median %.1f s, p99 %.1f s, max %.1f s" % (
                    what, len(took), *(took[min(len(took) - 1, int(len(took) * q))] for q in (0.5, 0.99, 1))))
        for name, sizes in sorted(self.memory.items()):
            lines.append("%-12s RSS: first %.0f MB, median %.0f, max %.0f" % (name, sizes[0], sorted(sizes)[len(sizes) // 2], max(sizes)))
        return "\n".join(lines)

    def stop(self):
        for analyst in self.analysts:
            analyst.close()
        for wire in [*getattr(self, "store_wires", []), *getattr(self, "sim_wires", [])]:
            wire.close()
        if hasattr(self, "receiver"):
            self.receiver.stop()
        self.place.clean()
