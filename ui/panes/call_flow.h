/* SPDX-License-Identifier: Apache-2.0
 *
 * A call, and the calls that transfers made of it, as one flow: who took part, in
 * the order in which they came in, and each leg as an arrow between two of them:
 *
 *	            outside     AA          queue       person      outside
 *	            +576015…    Menú        Ventas      Luis        +37125…
 *	14:01:12 A  ├──────────▶│           │           │           │
 *	14:01:20 A  │           ├ attendant ▶           │           │
 *	14:01:31 A  │           │           ├── queue ──▶           │
 *	14:03:02 B  │           │           │           ├─ transfer ▶
 *
 * A hop within has two records, of its two ends: one is the arrow, and the other a sign
 * at its end. Where there are more of them than columns, each leg is a line of words. */
#ifndef UI_PANES_CALL_FLOW_H
#define UI_PANES_CALL_FLOW_H

#include "ui/canvas.h"
#include "ui/format.h"
#include "watch/board.h"

#define FLOW_PARTIES 16

enum party_kind { PARTY_PERSON, PARTY_DEVICE, PARTY_ATTENDANT, PARTY_QUEUE, PARTY_VOICEMAIL, PARTY_TRUNK, PARTY_OUTSIDE, PARTY_OTHERS };

struct flow_party {
	enum party_kind kind;
	const char *key, *name;
	bool is_number; /* the name is one, and may be masked */
};

struct flow_row {
	const struct leg_row *leg;
	size_t from, to; /* parties */
	const char *how; /* translated: "forwarded", "transferred" …; "" nothing special */
	size_t call;	 /* 0: the call itself; 1, 2 … the others of its journey */
	bool again;	 /* the record of the other end of an arrow that is there */
};

struct flow {
	struct flow_party parties[FLOW_PARTIES]; /* the last one may be all the others */
	size_t n_parties;
	struct flow_row *rows; /* by time */
	size_t n;
};

/* Borrows from the detail; what is made lies in the arena. */
void flow_make(const struct call_detail *, struct arena *, struct flow *out);

/* Where things stand on so many columns. */
struct flow_place {
	bool columns; /* else words */
	int left, right; /* columns before and after the flow */
	int x[FLOW_PARTIES];
};
void flow_layout(const struct flow *, int cols, struct flow_place *out);
/* Two rows: what they are, who they are. */
void flow_titles(const struct flow *, const struct flow_place *, struct canvas *, int row, bool masked);
void flow_draw(const struct flow *, const struct flow_place *, struct canvas *, int row, size_t i, const struct zone *, bool masked);

#endif
