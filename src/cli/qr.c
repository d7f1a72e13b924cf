/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/qr.h"

#include <qrencode.h>
#include <stdlib.h>

#include "base/mem.h"

/* Light modules around it, without which nothing is recognised. The standard
 * asks for four; readers are content with two, and four would not fit 24 rows. */
#define QUIET 2

struct qr {
	QRcode *code;
};

struct qr *qr_new(const char *text)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	if (code == NULL)
		return NULL;
	struct qr *qr = mem_alloc(sizeof *qr);
	qr->code = code;
	return qr;
}

void qr_free(struct qr *qr)
{
	if (qr == NULL)
		return;
	QRcode_free(qr->code);
	free(qr);
}

int qr_columns(const struct qr *qr)
{
	return qr->code->width + 2 * QUIET;
}

int qr_rows(const struct qr *qr)
{
	return (qr_columns(qr) + 1) / 2;
}

static bool is_dark(const struct qr *qr, int x, int y)
{
	int width = qr->code->width;
	x -= QUIET;
	y -= QUIET;
	return x >= 0 && x < width && y >= 0 && y < width && (qr->code->data[y * width + x] & 1);
}

void qr_add_row(const struct qr *qr, int row, bool fixed_colours, struct text *out)
{
	text_puts(out, fixed_colours ? "\033[38;5;16;48;5;231m" : "\033[30;47m");
	for (int x = 0; x < qr_columns(qr); x++) {
		bool upper = is_dark(qr, x, 2 * row), lower = is_dark(qr, x, 2 * row + 1);
		text_puts(out, upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ");
	}
	text_puts(out, "\033[0m");
}
