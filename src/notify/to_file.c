/* SPDX-License-Identifier: Apache-2.0
 *
 * A file that a collector reads, a line a notice. */
#include "base/i18n.h"
#include "notify/format.h"

static void write_line(const struct destination *to, const struct telling *telling, struct text *body)
{
	format_write(to, telling, body);
	text_putc(body, '\n');
}

const struct notify_kind notify_file = {
	.name = "file", .help = N_("a file (0600) that a collector reads: a line of JSON, CEF, OCSF or ECS each"),
	.needs = { "path" }, .takes = { "format" }, .way = WAY_FILE, .at_once = 200,
	.formats = 1u << FORMAT_ALERT | 1u << FORMAT_CEF | 1u << FORMAT_OCSF | 1u << FORMAT_ECS, .write = write_line,
};
