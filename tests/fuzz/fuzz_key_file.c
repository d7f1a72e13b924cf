/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a key file: refused with one sentence, or a table that can be left
 * and whose keys say what they do. */
#include <string.h>

#include "ui/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct keys keys;
	struct fault fault = { 0 };
	keys_init(&keys);
	if (!keys_parse(&keys, "fuzz.yaml", (const char *)bytes, n, &fault) &&
	    (fault.text[0] == '\0' || strchr(fault.text, '\n') != NULL || strchr(fault.text, 0x1b) != NULL))
		__builtin_trap();
	for (int place = 0; place < N_PLACES; place++) {
		char names[64];
		if (keys_of(&keys, (enum place)place, CMD_QUIT) == 0)
			__builtin_trap();
		keys_names(&keys, (enum place)place, CMD_ACK, names, sizeof names);
	}
	for (size_t i = 0; i < keys.n; i++) {
		struct command_line line;
		size_t offset;
		char text[COMMAND_NAME_BYTES + ARGUMENT_BYTES + 2];
		const struct binding *b = &keys.bindings[i];
		if (b->command == CMD_NONE || b->argument[0] == '\0')
			continue;
		memcpy(text, command_name(b->command), strlen(command_name(b->command)) + 1);
		strcat(text, " ");
		strcat(text, b->argument);
		if (!command_line_read(text, &line, &fault, &offset) || line.command != b->command)
			__builtin_trap();
	}
	keys_clear(&keys);
	return 0;
}
