#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every text that people read has Spanish words, and no format differs.
set -eu
cd "$CENTINELA_SOURCE"
command -v xgettext >/dev/null && command -v msgcmp >/dev/null || { echo "no gettext tools: skipped"; exit 77; }
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
find src ui -name '*.[ch]' | sort > "$folder/files"
xgettext -f "$folder/files" --from-code=UTF-8 -k_ -kN_ -kngettext:1,2 -o "$folder/all.pot"
msgfmt --check-format -o /dev/null data/po/es.po
msgcmp data/po/es.po "$folder/all.pot" 2> "$folder/said" || { grep -v "is not used" "$folder/said"; echo "data/po/es.po lacks the above"; exit 1; }
! msgattrib --untranslated --no-obsolete data/po/es.po | grep -q '^msgid "[^"]' || { echo "untranslated:"; msgattrib --untranslated data/po/es.po; exit 1; }
! msgattrib --only-fuzzy data/po/es.po | grep -q '^msgid "[^"]' || { echo "fuzzy:"; msgattrib --only-fuzzy data/po/es.po; exit 1; }
echo "es: complete"
