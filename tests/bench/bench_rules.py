#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judgement by the rules that come along, and by a thousand: the same ones with other names and other numbers, so
that no two compare the same. Then how long a collection of the size of SigmaHQ's takes to compile."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

build = os.environ.get("CENTINELA_BUILD", "build")
source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "rules")
WORDS = "svchost rundll32 regsvr32 mshta certutil bitsadmin wmic powershell cscript msiexec".split()


def vary(text, k):
    """The rules of a file under other names, every bound a little higher."""
    for name in set(re.findall(r"^(?:id|name): (\S+)", text, re.M)):
        text = re.sub(r"\b%s\b" % re.escape(name), "%s-%d" % (name, k), text)
    text = re.sub(r"((?:gte|gt|lte|lt): )(\d+)", lambda m: m.group(1) + str(int(m.group(2)) + k), text)
    return re.sub(r"(duration\|\w+: )(\d+)", lambda m: m.group(1) + str(int(m.group(2)) + k), text)


def foreign(i):
    """A rule as they are written for another log source, some 1600 bytes."""
    images = "".join("            - '\\%s%d.exe'\n" % (WORDS[(i + k) % len(WORDS)], i) for k in range(4 + i % 16))
    lines = "".join("            - ' -opt%d%d '\n" % (i, k) for k in range(1 + i % 7))
    return ("title: Suspicious Use Number %d\nid: 00000000-0000-4000-8000-%012d\nstatus: test\ndescription: |\n    %s\n"
            "references:\n    - https://example.com/%d\nauthor: Somebody\ndate: 2024-03-02\ntags:\n    - attack.execution\n"
            "    - attack.t1059.001\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n"
            "    selection_img:\n        Image|endswith:\n%s    selection_cli:\n        CommandLine|contains%s:\n%s"
            "    filter_main_parent:\n        ParentImage|re: '.*\\\\(?:svc|host)[0-9]{1,3}\\.exe$'\n"
            "    condition: all of selection_* and not 1 of filter_main_*\nfalsepositives:\n    - Administrators\nlevel: high\n"
            % (i, i, "What somebody does with a tool that every system has. " * 4, i, images, "|windash" if i % 3 == 0 else "", lines))


def main():
    folder = tempfile.mkdtemp(prefix="centinela-bench-")
    try:
        many = os.path.join(folder, "many")
        os.mkdir(many)
        for k in range(14):
            for path in glob.glob(os.path.join(source, "*.yml")):
                with open(path) as file:
                    text = vary(file.read().split("\n---\ntests:")[0], k)
                with open(os.path.join(many, "%s-%d.yml" % (os.path.basename(path)[:-4], k)), "w") as out:
                    out.write(text)
        for rules in (source, many):
            print(subprocess.run([build + "/tests/bench_judge"], env=dict(os.environ, BENCH_RULES=rules), check=True,
                                 capture_output=True, text=True).stdout.strip())
        others = os.path.join(folder, "others")
        os.mkdir(others)
        for i in range(3900):
            with open(os.path.join(others, "r%04d.yml" % i), "w") as out:
                out.write(foreign(i))
        before = time.monotonic()
        said = subprocess.run([build + "/centinela", "rules", "check", "--any-field", others], capture_output=True, text=True)
        print("%s rules of another log source: %s in %.2f s (limit 2)" % (3900, said.stdout.strip(), time.monotonic() - before))
        sys.exit(said.returncode)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
