# SPDX-License-Identifier: Apache-2.0
"""What a store must hold after whatever happened to it: the records of the simulator's export,
each once and as it was, and all that is made of them."""
import collections
import json
import re
import time

import harness

HOUR = 3600 * 1000
DAY = 24 * HOUR


def ms(text):
    """The wire's times, as ms since 1970."""
    date, fraction = text.rstrip("Z").split(".") if "." in text else (text.rstrip("Z"), "0")
    return (int(time.mktime(time.strptime(date, "%Y-%m-%dT%H:%M:%S"))) - time.timezone) * 1000 + int(
        fraction.ljust(3, "0")[:3])


class Truth:
    """An export's records. Those between from_ms and until_ms are due; a store may hold more of them."""

    def __init__(self, folder, epoch_ms, from_ms, until_ms):
        self.records, self.due, self.epoch_ms = {}, set(), epoch_ms
        with open(folder + "/cdrs.jsonl", "rb") as f:
            for line in f:
                line = line.rstrip(b"\n")
                report = re.search(rb'"Report ID": ?"([^"]+)"', line).group(1).decode()
                assert report not in self.records
                self.records[report] = line
                start, release = (re.search(rb'"%s": ?"([^"]*)"' % name, line).group(1).decode()
                                  for name in (b"Start time", b"Release time"))
                # The first hours of the first day may be of calls that began the day before.
                if release and ms(start) >= from_ms + 3 * HOUR and ms(release) < until_ms:
                    self.due.add(report)

    def agrees(self, test, place):
        """The whole store, read once; how many records it holds."""
        stored = harness.stored_records(place)
        by_report = {report: raw for _, report, raw in stored}
        test.assertEqual(len(stored), len(by_report), "a record is there twice")
        test.assertEqual(sorted(self.due - set(by_report)), [], "records are missing")
        unknown = [r for _, r, raw in stored if r not in self.records and ms(json.loads(
            raw.decode("utf-8", "replace"))["Start time"]) >= self.epoch_ms + 3 * HOUR]
        test.assertEqual(unknown, [], "records that Webex never had")
        for report in by_report.keys() & self.records.keys():
            test.assertEqual(by_report[report], self.records[report], "a record was changed")
        columns_agree(test, place, stored)
        sums_agree(test, place)
        calls_agree(test, place, stored)
        alerts_agree(test, place)
        return len(stored)


def columns_agree(test, place, stored):
    columns = {row[0]: row[1:] for row in place.sql(
        "SELECT id, duration_s, report_ms, answer_ms, release_ms FROM legs")}
    for leg, _, raw in stored:
        record = json.loads(raw.decode("utf-8", "replace"))
        duration, report, answer, release = columns[leg]
        test.assertEqual(leg >> 20, ms(record["Start time"]))
        test.assertEqual(duration, record["Duration"])
        test.assertEqual(report, ms(record["Report time"]))
        test.assertEqual(answer, ms(record["Answer time"]) if record["Answer time"] not in ("", "NA") else None)
        test.assertEqual(release, ms(record["Release time"]) if record["Release time"] not in ("", "NA") else None)


def sums_agree(test, place):
    """The hourly sums are those of the calls, whatever was killed between."""
    want = place.sql("""SELECT start_ms / 3600000, coalesce(location_id, 0), direction, count(*),
        sum(flags & 1), sum(talk_s), sum(cost_micro) FROM calls GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""")
    have = place.sql("""SELECT hour, location_id, direction, n_calls, n_answered, talk_s, cost_micro
        FROM hours WHERE n_calls != 0 ORDER BY 1, 2, 3""")
    test.assertEqual(have, want)
    test.assertEqual(place.sql("SELECT count(*) FROM hours WHERE n_calls = 0 AND (talk_s != 0 OR cost_micro != 0)"), [(0,)])


def calls_agree(test, place, stored):
    legs_of = collections.Counter()
    for _, _, raw in stored:
        legs_of[json.loads(raw.decode("utf-8", "replace"))["Correlation ID"]] += 1
    have = {}
    for correlation, n in place.sql("SELECT correlation, n_legs FROM calls"):
        h = correlation.hex()
        name = "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
        test.assertNotIn(name, have, "a call is there twice")
        have[name] = n
    test.assertEqual(have, dict(legs_of))
    test.assertEqual(place.sql("SELECT count(*) FROM legs WHERE call_id NOT IN (SELECT id FROM calls)"), [(0,)])


def alerts_agree(test, place):
    test.assertGreater(place.sql("SELECT count(*) FROM alerts")[0][0], 0)
    test.assertEqual(place.sql("""SELECT a.id FROM alerts a WHERE a.n_legs !=
        (SELECT count(*) FROM evidence e WHERE e.alert_id = a.id)"""), [])
    test.assertEqual(place.sql("SELECT count(*) FROM evidence WHERE leg_id NOT IN (SELECT id FROM legs)"), [(0,)])
    test.assertEqual(place.sql("SELECT fingerprint FROM alerts WHERE rank > 0 GROUP BY fingerprint HAVING count(*) > 1"), [])
    audit = place.run("audit", "--json", "--limit", "10000")
    test.assertIs(audit.json()["chain_holds"], True)
