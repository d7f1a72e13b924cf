/* SPDX-License-Identifier: Apache-2.0
 *
 * One window of call records, page by page, within the budget, whatever comes
 * in between: 404 that means "none", 429, 451, 504, a next link in any form.
 * Which window, is windows.h; what becomes of a page, is the caller's.
 * Loop thread only. */
#ifndef WEBEX_CDR_FETCH_H
#define WEBEX_CDR_FETCH_H

#include "net/budget.h"
#include "webex/client.h"
#include "webex/windows.h"

struct cdr_fetch; /* opaque; one window at a time */

struct cdr_fetch_options {
	const struct window_limits *limits; /* to clamp a refused window; NULL: defaults */
	const struct budget_options *budget; /* NULL: defaults */
	struct budget_state spent;	     /* from the last run; zeros: none */
	/* The budget changed: keep it for the next run. May be NULL. */
	void (*on_budget)(const struct budget_state *, void *arg);
	void *arg;
	int max_records;      /* a page; 0: 5000 */
	int least_records;    /* 0: 500 */
	int64_t timeout_ms;   /* a request; 0: 180 s */
	size_t max_bytes;     /* a page; 0: 64 MB */
};

struct cdr_page {
	char *body; /* {"items":[…]} with a NUL; NULL: no records. Set it to NULL to
		       take it, then free() */
	size_t body_n;
	int number;	 /* 1 … of this window; 1 again: it was begun anew */
	bool is_last;
	struct cdr_window window; /* what is being read: may be shorter than asked for */
	int64_t asked_ms;	   /* the server's clock when its first page was asked */
};

struct cdr_outcome {
	struct fault fault;	  /* FAULT_NONE: the last page was handed over */
	struct cdr_window window; /* what was read: give it to windows_done() */
	int64_t asked_ms;	  /* … with this */
	int n_pages;
	bool empty;		  /* a 404 said that there are none */
};

struct cdr_fetch_events {
	/* False: do not ask for the next page before cdr_fetch_resume(). */
	bool (*on_page)(struct cdr_page *, void *arg);
	/* Once a window, last. The fetch is free for another one. */
	void (*on_end)(const struct cdr_outcome *, void *arg);
	void *arg;
};

/* webex and clock are borrowed. A clock that runs faster waits shorter. */
struct cdr_fetch *cdr_fetch_new(uv_loop_t *, struct webex *, const struct clock *,
    const struct cdr_fetch_options *);

/* What another process spent of the same budget; the later moment of each
 * counts. */
void cdr_fetch_spent(struct cdr_fetch *, const struct budget_state *);
/* Begin; waits for the budget by itself. Not while another is on its way. */
void cdr_fetch_start(struct cdr_fetch *, const struct cdr_window *, const struct cdr_fetch_events *);
void cdr_fetch_resume(struct cdr_fetch *);
void cdr_fetch_stop(struct cdr_fetch *); /* on_end follows, FAULT_CANCELLED */
bool cdr_fetch_is_busy(const struct cdr_fetch *);

/* Until the next first page may be asked; 0: now. */
int64_t cdr_fetch_wait_ms(const struct cdr_fetch *);
/* The wall clock's time of the next request; 0: none is waiting. */
int64_t cdr_fetch_next_ms(const struct cdr_fetch *);

/* Stops (on_end is called) and frees. Close it before its webex. */
void cdr_fetch_close(struct cdr_fetch *, void (*on_closed)(void *arg), void *arg);

#endif
