#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make countries.csv and prefixes.csv from facts of libphonenumber's metadata.

    python3 make.py TERRITORIES.csv

TERRITORIES.csv has one line a territory: its codes, and one pattern a number
class. Every pattern becomes an automaton; the automata of all territories that
share a country code are walked side by side, digit by digit, until what
remains only depends on the length; the resulting prefix tree is then written
with as few prefixes as longest-prefix matching allows (ORTC: Draves, King,
Venkatachary, Zill, "Constructing Optimal IP Routing Tables", INFOCOM 1999).
tiers.csv, rates.csv and services.csv are kept by hand.
"""
import collections
import csv
import json
import os
import sys

try:
    import re._parser as sre  # Python 3.11+
except ImportError:
    import sre_parse as sre

SOURCE = ("# Facts of libphonenumber's metadata of 2026-07-17 (Apache-2.0), "
          "derived by make.py on 2026-11-23")
HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST = 17
# In the order libphonenumber tries them (PhoneNumberUtil.getNumberTypeHelper).
CLASSES = [("premiumRate", "premium"), ("tollFree", "toll_free"),
           ("sharedCost", "shared_cost"), ("voip", "voip"),
           ("personalNumber", "personal"), ("pager", "pager"), ("uan", "uan"),
           ("fixedLine", "fixed"), ("mobile", "mobile"), ("voicemail", "mobile")]
# What the metadata calls mobile or voip out there in the global codes.
GLOBAL_CLASS = {"870": "satellite", "881": "satellite", "878": "personal",
                "882": "global", "883": "global", "888": "uan",
                "800": "toll_free", "808": "shared_cost", "979": "premium"}
# ITU-T Operational Bulletin, list of assigned +882 codes: EMSAT, Thuraya, ACeS.
SATELLITE_882 = ["88213", "88216", "88220"]
NAMES = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo",
         "BO": "Bolivia", "BQ": "Caribbean Netherlands", "CD": "DR Congo",
         "CG": "Congo", "FK": "Falkland Islands", "FM": "Micronesia",
         "GB": "United Kingdom", "IR": "Iran", "KP": "North Korea",
         "KR": "South Korea", "LA": "Laos", "MD": "Moldova", "MF": "Saint Martin",
         "PS": "Palestine", "RU": "Russia", "SH": "Saint Helena",
         "SX": "Sint Maarten", "SY": "Syria", "TW": "Taiwan", "TZ": "Tanzania",
         "US": "United States", "VA": "Vatican City", "VE": "Venezuela",
         "VG": "British Virgin Islands", "VI": "US Virgin Islands",
         "VN": "Vietnam", "TR": "Turkey", "CZ": "Czechia", "MK": "North Macedonia",
         "SZ": "Eswatini", "CC": "Cocos Islands", "CV": "Cape Verde",
         "CI": "Ivory Coast", "BN": "Brunei", "IO": "British Indian Ocean Territory",
         "SJ": "Svalbard", "VC": "Saint Vincent and the Grenadines"}


# -- automata: a state is a frozenset of positions in a list of instructions --

class Pattern:
    """A digits-only regular expression, stepped one digit at a time."""

    def __init__(self, text, lengths=None):
        self.code = []
        self.emit(sre.parse(text, sre.SRE_FLAG_ASCII))
        self.code.append(("match",))
        self.lengths = lengths
        self.steps, self.spans = {}, {}
        self.start = self.close([0])

    def emit(self, parsed):
        for op, arg in parsed:
            name = str(op)
            if name == "LITERAL":
                self.code.append(("digit", frozenset([int(chr(arg))])))
            elif name == "IN":
                self.code.append(("digit", self.members(arg)))
            elif name == "SUBPATTERN":
                self.emit(arg[-1])
            elif name == "BRANCH":
                self.branch(arg[1])
            elif name in ("MAX_REPEAT", "MIN_REPEAT"):
                low, high, body = arg
                for _ in range(low):
                    self.emit(body)
                for _ in range(high - low):
                    split = len(self.code)
                    self.code.append(None)
                    self.emit(body)
                    self.code[split] = ("split", split + 1, len(self.code))
            else:
                raise ValueError("unexpected in a pattern: " + name)

    def branch(self, choices):
        ends = []
        for i, choice in enumerate(choices):
            if i + 1 < len(choices):
                split = len(self.code)
                self.code.append(None)
            self.emit(choice)
            if i + 1 < len(choices):
                ends.append(len(self.code))
                self.code.append(None)
                self.code[split] = ("split", split + 1, len(self.code))
        for end in ends:
            self.code[end] = ("jump", len(self.code))

    @staticmethod
    def members(items):
        digits = set()
        for op, arg in items:
            name = str(op)
            if name == "LITERAL":
                digits.add(int(chr(arg)))
            elif name == "RANGE":
                digits.update(range(int(chr(arg[0])), int(chr(arg[1])) + 1))
            elif name == "CATEGORY":
                digits.update(range(10))
            else:
                raise ValueError("unexpected in a class: " + name)
        return frozenset(digits)

    def close(self, places):
        seen, todo = set(), list(places)
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            op = self.code[place]
            if op[0] == "split":
                todo += [op[1], op[2]]
            elif op[0] == "jump":
                todo.append(op[1])
        return frozenset(p for p in seen if self.code[p][0] in ("digit", "match"))

    def step(self, state, digit):
        key = (state, digit)
        if key not in self.steps:
            self.steps[key] = self.close(
                [p + 1 for p in state
                 if self.code[p][0] == "digit" and digit in self.code[p][1]])
        return self.steps[key]

    def accepts(self, state):
        return any(self.code[p][0] == "match" for p in state)

    def span(self, state):
        """The lengths that still match whatever the digits are, or None when
        the digits matter."""
        if state not in self.spans:
            spans = {self.span(self.step(state, d)) if self.step(state, d)
                     else frozenset() for d in range(10)}
            if len(spans) > 1 or None in spans:
                self.spans[state] = None
            else:
                lengths = {n + 1 for n in spans.pop()}
                if self.accepts(state):
                    lengths.add(0)
                self.spans[state] = frozenset(lengths)
        return self.spans[state]

    def all_lengths(self):
        memo = {}

        def walk(state):
            if state not in memo:
                lengths = {0} if self.accepts(state) else set()
                for d in range(10):
                    after = self.step(state, d)
                    if after:
                        lengths |= {n + 1 for n in walk(after)}
                memo[state] = lengths
            return memo[state]

        return walk(self.start)

    def counts(self):
        """How many numbers there are of each length."""
        memo = {}

        def walk(state):
            if state not in memo:
                memo[state] = collections.Counter({0: 1} if self.accepts(state) else {})
                for d in range(10):
                    after = self.step(state, d)
                    if after:
                        for n, count in walk(after).items():
                            memo[state][n + 1] += count
            return memo[state]

        return walk(self.start)

    def words(self, limit):
        """Every string that matches, or None when there are more than `limit`."""
        out, todo = [], [("", self.start)]
        while todo:
            text, state = todo.pop()
            if self.accepts(state):
                out.append(text)
            for d in range(10):
                after = self.step(state, d)
                if after:
                    todo.append((text + str(d), after))
            if len(out) + len(todo) > limit * 20:
                return None
        return sorted(out) if len(out) <= limit else None


# -- one country code: territories side by side ------------------------------

class Code:
    def __init__(self, code, rows):
        # Those that say how their numbers begin first, then the main one, then
        # the rest: a pattern alone may claim a neighbour's numbers.
        main = next((r for r in rows if r["main_country_for_code"]), rows[0])
        order = [main] + [r for r in rows if r is not main]
        self.code, self.main = code, main["region"]
        self.parts = []  # (region, class or None for "begins so", Pattern)
        for row in order:
            leading = row["leading_digits"]
            if leading and row is not main:
                self.parts.append((row["region"], None,
                                   Pattern("(?:%s)[0-9]{0,%d}" % (leading, LONGEST - 1))))
            for column, name in CLASSES:
                if row[column]:
                    self.parts.append((row["region"], name, Pattern(row[column])))
        self.order = [r["region"] for r in order]
        self.memo = {}

    def verdict(self, accepted):
        """(region, class) of a number, from the parts that accept it."""
        classes = collections.defaultdict(list)
        begins = set()
        for (region, name, _), yes in zip(self.parts, accepted):
            if yes and name is None:
                begins.add(region)
            elif yes:
                classes[region].append(name)
        says = {region for region, name, _ in self.parts if name is None}
        for region in self.order:
            if region in says and region not in begins:
                continue
            names = classes[region]
            if not names:
                continue
            if "fixed" in names and "mobile" in names and names[0] in ("fixed", "mobile"):
                return region, "fixed_or_mobile"
            return region, names[0]
        for region in self.order:
            if region in begins:
                return region, "unknown"
        return None

    def label(self, states):
        """What a prefix means when only the length is left open, else None."""
        spans = [part[2].span(state) if state else frozenset()
                 for part, state in zip(self.parts, states)]
        if None in spans:
            return None
        found = collections.defaultdict(set)
        for n in range(LONGEST + 1):
            verdict = self.verdict([n in span for span in spans])
            if verdict:
                found[verdict].add(n)
        real = {k: v for k, v in found.items() if k[1] != "unknown"} or {
            (r, c): () for r, c in found}
        if not real:
            return ((self.main, "unknown", ()),)
        return tuple(sorted((r, c, tuple(sorted(v))) for (r, c), v in real.items()))

    def tree(self, states, depth):
        """A label, or a list of ten trees. Lengths in labels count from here, so
        they are made to count from the country code's end."""
        key = (states, depth)
        if key in self.memo:
            return self.memo[key]
        label = self.label(states)
        if label is not None:
            out = tuple((r, c, tuple(n + depth for n in lengths)) for r, c, lengths in label)
        else:
            out = [self.tree(tuple(part[2].step(s, d) if s else frozenset()
                                   for part, s in zip(self.parts, states)), depth + 1)
                   for d in range(10)]
            if all(isinstance(t, tuple) and t == out[0] for t in out):
                out = out[0]
        self.memo[key] = out
        return out

    def prefixes(self):
        tree = self.tree(tuple(part[2].start for part in self.parts), 0)
        sets = {}

        def up(node):
            if isinstance(node, tuple):
                return {node}
            if id(node) not in sets:
                count = collections.Counter(l for child in node for l in up(child))
                most = max(count.values())
                sets[id(node)] = {l for l, n in count.items() if n == most}
            return sets[id(node)]

        out = []

        def down(node, prefix, inherited):
            choices = up(node)
            if inherited not in choices:
                inherited = min(choices)
                out.append((prefix, inherited))
            if not isinstance(node, tuple):
                for d, child in enumerate(node):
                    down(child, prefix + str(d), inherited)

        down(tree, self.code, None)
        return out


def bracketed(prefixes):
    """Prefixes that differ in the last digit only, written 60[1-35]."""
    groups = collections.defaultdict(list)
    for p in prefixes:
        groups[p[:-1]].append(int(p[-1]))
    out = []
    for stem in sorted(groups):
        digits = sorted(groups[stem])
        if len(digits) == 1:
            out.append(stem + str(digits[0]))
            continue
        text, i = "", 0
        while i < len(digits):
            j = i
            while j + 1 < len(digits) and digits[j + 1] == digits[j] + 1:
                j += 1
            text += str(digits[i]) if i == j else "%d%s%d" % (
                digits[i], "-" if j > i + 1 else "", digits[j])
            i = j + 1
        out.append("%s[%s]" % (stem, text))
    return out


def names():
    with open("/usr/share/iso-codes/json/iso_3166-1.json") as file:
        out = {c["alpha_2"]: c.get("common_name", c["name"])
               for c in json.load(file)["3166-1"]}
    out.update(NAMES)
    return out


def dial_prefixes(row):
    """International and trunk prefixes, those with a carrier's code spelled out
    where there are few enough; CO and BR dial 0 + carrier at home as well."""
    text = row["international_prefix"]
    if not text:
        return "", ""
    words = Pattern(text).words(40) or ["00"]
    trunk = [row["national_prefix"]] if row["national_prefix"] else []
    if row["region"] in ("CO", "BR"):
        trunk += sorted({w[1:] for w in words})
    return " ".join(words), " ".join(trunk)


def main():
    with open(sys.argv[1], newline="") as file:
        rows = list(csv.DictReader(file))
    codes = collections.defaultdict(list)
    for row in rows:
        codes[row["country_code"]].append(row)
    name = names()

    with open(os.path.join(HERE, "countries.csv"), "w", newline="") as file:
        file.write(SOURCE + "; names from Debian's iso-codes\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["iso", "name", "code", "main", "international", "trunk",
                      "shortest", "longest", "usual"])
        for row in sorted(rows, key=lambda r: (r["region"], r["country_code"])):
            shared = codes[row["country_code"]]
            is_main = len(shared) == 1 or row["main_country_for_code"] == "true"
            lengths = Pattern(row["generalDesc"]).all_lengths()
            counts = collections.Counter()  # of ordinary telephones
            for column in ("fixedLine", "mobile"):
                if row[column]:
                    counts += Pattern(row[column]).counts()
            # Usual is a length that many have, or that is dense. Colombia's 8
            # digits are neither: there they are a neighbour's number.
            density = {n: count / 10 ** n for n, count in counts.items()}
            usual = {n for n in counts if density[n] * 2 >= max(density.values())
                     or counts[n] * 100 >= sum(counts.values())}
            for column, _ in CLASSES:
                if row[column] and column not in ("uan", "voicemail"):
                    lengths |= Pattern(row[column]).all_lengths()
            if row["country_code"] == "1":
                lengths = {10}  # 310xxxx of the metadata is not dialled from elsewhere
            international, trunk = dial_prefixes(row)
            region = "" if row["region"] == "001" else row["region"]
            out.writerow([region, name.get(region, "Global service" if not region else region),
                          row["country_code"], int(is_main), international, trunk,
                          min(lengths), max(lengths), " ".join(map(str, sorted(usual)))])

    groups = collections.defaultdict(list)
    for code, shared in codes.items():
        if shared[0]["region"] == "001":
            groups[(code, "", GLOBAL_CLASS[code], "")].append(code)
            continue
        for prefix, label in Code(code, shared).prefixes():
            for i, (region, kind, lengths) in enumerate(label):
                groups[(code, region, kind, " ".join(map(str, lengths)))].append(prefix)
    groups[("882", "", "satellite", "")] += SATELLITE_882

    with open(os.path.join(HERE, "prefixes.csv"), "w", newline="") as file:
        file.write(SOURCE + "\n")
        out = csv.writer(file, lineterminator="\n")
        # lengths: of the national number, after the country code
        out.writerow(["iso", "class", "lengths", "prefixes"])
        n = 0
        for key in sorted(groups):
            _, region, kind, lengths = key
            words = bracketed(groups[key])
            n += len(groups[key])
            for i in range(0, len(words), 400):
                out.writerow([region, kind, lengths, " ".join(words[i:i + 400])])
    print("%d prefixes" % n)


if __name__ == "__main__":
    main()
