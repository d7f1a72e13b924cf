# SPDX-License-Identifier: Apache-2.0
"""An export, imported and judged by the program, is understood by the judge of
alerts beside the project (../shared/eval), where there is one."""
import json
import os
import subprocess
import sys
import unittest

import harness

JUDGE = os.path.join(harness.SHARED, "eval", "evaluate.py")


@unittest.skipUnless(os.path.exists(JUDGE), "no evaluate.py beside the project")
class Evaluate(unittest.TestCase):
    def test_an_export_is_judged_as_its_manual_says(self):
        place = harness.Place()
        self.addCleanup(place.clean)
        folder = place.file("export")
        ran = place.run("sim", "--export", folder, "--days", "22", "--users", "60", "--seed", "5", "--scenario", "everything")
        self.assertEqual(ran.code, 0, ran)
        with open(os.path.join(folder, "labels.csv")) as f:
            self.assertEqual(f.readline(), "report_id,scenario,kind\n")
            labelled = {line.split(",")[0] for line in f}
        cdrs = os.path.join(folder, "cdrs.jsonl")
        with open(cdrs) as f:
            ids = {json.loads(line)["Report ID"] for line in f}
        self.assertTrue(labelled and labelled <= ids)
        ran = place.run("import", cdrs, timeout=300)
        self.assertEqual(ran.code, 0, ran)
        alerts = place.file("alerts.json", place.run("alerts", "list", "--all", "--json").out)
        judged = subprocess.run([sys.executable, JUDGE, "--alerts", alerts, "--labels",
            os.path.join(folder, "labels.csv"), "--cdrs", cdrs, "--json"], capture_output=True, text=True)
        self.assertEqual(judged.returncode, 0, judged.stderr)
        says = json.loads(judged.stdout)
        self.assertGreater(says["incidents"], 5)
        self.assertGreater(says["recall"], 0.7)
        self.assertGreaterEqual(says["users"], 40)
        self.assertLess(says["oracle_2"]["ttd_median_min"], 60)


if __name__ == "__main__":
    harness.main()
