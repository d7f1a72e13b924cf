/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/qr.h"

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
	QRcode *code = *text == '\0' ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
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

int qr_cols(const struct qr *qr)
{
	return qr->code->width + 2 * QUIET;
}

int qr_rows(const struct qr *qr)
{
	return (qr_cols(qr) + 1) / 2;
}

static bool is_dark(const struct qr *qr, int x, int y)
{
	int width = qr->code->width;
	x -= QUIET;
	y -= QUIET;
	return x >= 0 && x < width && y >= 0 && y < width && (qr->code->data[y * width + x] & 1);
}

uint32_t qr_cell(const struct qr *qr, int row, int col)
{
	static const uint32_t halves[] = { ' ', 0x2580, 0x2584, 0x2588 };
	return halves[(unsigned)is_dark(qr, col, 2 * row) | (unsigned)is_dark(qr, col, 2 * row + 1) << 1];
}

void qr_draw(const struct qr *qr, struct canvas *canvas, int row, int col)
{
	for (int y = 0; y < qr_rows(qr); y++)
		for (int x = 0; x < qr_cols(qr); x++)
			canvas_fill(canvas, (struct box){ row + y, col + x, 1, 1 }, ROLE_QR, qr_cell(qr, y, x));
}
