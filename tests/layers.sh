#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Who may include whom: a folder may include itself and what stands to its left.
cd "$(dirname "$0")/.." || exit 1
order=(base calls detect alerts filter net store webex notify watch api sim ui)
declare -A place
for i in "${!order[@]}"; do place[${order[i]}]=$i; done
bad=0
say() { echo "$1"; bad=1; }
while IFS=: read -r file line include; do
	folder=${file#src/} folder=${folder%%/*}
	to=${include#*\"} to=${to%%\"*}
	[[ $to == */* ]] || { [[ $file == src/main.c || $file == src/options*.[ch] || $file == src/daemon.c || $file == src/cli/* ]] || say "$file:$line: includes $to, not from the root"; continue; }
	to=${to%%/*}
	from=${place[$folder]:-99} target=${place[$to]:-99}
	((target <= from)) || say "$file:$line: $folder may not include $to"
	[[ $folder == api && $to == sim || $folder == sim && $to == api ]] && say "$file:$line: $folder and $to do not know each other"
done < <(grep -rnE '^#include "' src ui --include='*.[ch]')

# Libraries have homes too.
home() { # LIBRARY ALLOWED-REGEX
	while IFS= read -r file; do
		[[ $file =~ $2 ]] || say "$file: <$1> belongs elsewhere"
	done < <(grep -rlE "^#include <$1" src ui --include='*.[ch]')
}
home 'curl/' '^src/net/|^src/sim/'
home 'sqlite3\.h' '^src/store/engine_sqlite(_wal)?\.c$'
home 'libpq' '^src/store/engine_postgres(_[a-z]+)?\.[ch]$|^src/net/late_pq\.c$'
home 'libfyaml' '^src/base/yaml\.c$'
home 'microhttpd' '^src/net/'
home '(n?curses|term)\.h' '^ui/(terminal|terminfo|theme)'
home 'uv\.h' '^src/(net|store|webex|notify|watch|api|sim|cli)/|^src/[a-z]+\.[ch]$|^ui/'

# A file is one idea, of 500 lines at most.
while read -r lines file; do
	((lines <= 500)) || [[ $file == total ]] ||
		say "$file has $lines lines: take it apart along its ideas"
done < <(find src ui -name '*.[ch]' -exec wc -l {} +)
exit $bad
