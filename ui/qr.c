/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/qr.h"

#include <qrencode.h>

#define MARGIN 2 /* modules; readers manage with half of the standard's four */

static QRcode *encode(const char *text)
{
	return *text == '\0' ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
}

struct box qr_size(const struct canvas *canvas, const char *text)
{
	struct box box = { 0 };
	QRcode *code = canvas->ascii ? NULL : encode(text);
	if (code != NULL) {
		box.cols = code->width + 2 * MARGIN;
		box.rows = (box.cols + 1) / 2;
	}
	QRcode_free(code);
	return box;
}

static bool is_dark(const QRcode *code, int x, int y)
{
	return x >= 0 && x < code->width && y >= 0 && y < code->width &&
	    (code->data[y * code->width + x] & 1);
}

void qr_draw(struct canvas *canvas, int row, int col, const char *text)
{
	static const uint32_t halves[] = { ' ', 0x2580, 0x2584, 0x2588 };
	QRcode *code = encode(text);
	if (code == NULL)
		return;
	for (int y = -MARGIN; y < code->width + MARGIN; y += 2) {
		for (int x = -MARGIN; x < code->width + MARGIN; x++) {
			unsigned half = (unsigned)is_dark(code, x, y) | (unsigned)is_dark(code, x, y + 1) << 1;
			canvas_fill(canvas, (struct box){ row + (y + MARGIN) / 2, col + x + MARGIN, 1, 1 }, ROLE_QR,
			    halves[half]);
		}
	}
	QRcode_free(code);
}
