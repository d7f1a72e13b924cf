/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cut.h"

const char *print_cell(char room[CELL_BYTES], const char *text, int columns)
{
	int used;
	size_t n = text_fit(text, columns, &used), most = (size_t)CELL_BYTES - 1 - (size_t)columns;
	if (n > most) { /* a heap of combining marks */
		n = cut_whole(text, most);
		memcpy(room, text, n);
		room[n] = '\0';
		used = text_width(room);
	}
	memcpy(room, text, n);
	memset(room + n, ' ', (size_t)(columns - used));
	room[n + (size_t)(columns - used)] = '\0';
	return room;
}

void print_json(json_t *value)
{
	struct text tame = { 0 };
	char *json = json_dumps(value, isatty(STDOUT_FILENO) ? JSON_INDENT(2) : JSON_COMPACT);
	if (json != NULL)
		json_tame(&tame, json, strlen(json));
	puts(text_string(&tame));
	text_clear(&tame);
	free(json);
	json_decref(value);
}

bool print_headed(bool json)
{
	return !json && isatty(STDOUT_FILENO);
}

double print_minutes(int64_t ms)
{
	int64_t tenths = (ms * 10 + MINUTE_MS / 2) / MINUTE_MS;
	return (double)tenths / 10;
}

char *print_money(int64_t micro, char out[static SHORT_BYTES])
{
	snprintf(out, SHORT_BYTES, "%.2f", (double)micro / 1e6);
	return in_decimals(out);
}
