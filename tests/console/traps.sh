#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Traps of Webex's interfaces carry numbers; each has at least one test named
# after it (A4_the_same_report…) that is in its program's list.
set -eu
cd "$CENTINELA_SOURCE"
written=$(grep -hoE 'TEST\([A-G][0-9]+_[A-Za-z0-9_]+\)' tests/unit/test_*.c | sed 's/TEST(//; s/)//' | sort)
run=$(grep -hoE '\bT\([A-G][0-9]+_[A-Za-z0-9_]+\)' tests/unit/test_*.c | sed 's/T(//; s/)//' | sort)
idle=$(comm -23 <(uniq <<<"$written") <(uniq <<<"$run"))
[ -z "$idle" ] || { echo "in no program's list: $idle"; exit 1; }
missing=""
# Call records, what is in them, tokens, live calls, people and sites. D12 and
# D13 (XSI), D14 (hanging up), G6-G9 (reports) are for what is not built yet.
for number in A{1..20} B{1..15} C{1..14} D{1..11} G{1..5} G10 G11; do
	grep -q "^${number}_" <<<"$written" || missing+=" $number"
done
[ -z "$missing" ] || { echo "no test is named after:$missing"; exit 1; }
echo "each trap has its test"
