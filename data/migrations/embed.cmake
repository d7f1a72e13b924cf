# SPDX-License-Identifier: Apache-2.0
# The SQL files, in order of their names, as one C table.
file(WRITE ${OUT} "/* Made from data/migrations; do not edit. */\n#include \"store/migrate.h\"\n\n/* A statement may be longer than a literal of C17 must be able to be. */\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\nconst struct migration store_migrations[] = {\n")
list(SORT FILES)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} sql)
  string(REPLACE "\\" "\\\\" sql "${sql}")
  string(REPLACE "\"" "\\\"" sql "${sql}")
  string(REPLACE "\n" "\\n\"\n\t  \"" sql "${sql}")
  file(APPEND ${OUT} "\t{ \"${name}\",\n\t  \"${sql}\" },\n")
endforeach()
file(APPEND ${OUT} "\t{ 0, 0 },\n};\n")
