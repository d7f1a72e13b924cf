/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages on their way to one destination, whatever its way is. Reads its secrets
 * from their file or command, off the loop, and keeps them for some minutes. Loop
 * thread only. */
#ifndef NOTIFY_POST_H
#define NOTIFY_POST_H

#include <uv.h>

#include "notify/kind.h"
#include "store/outbox_rows.h"

struct post_options {
	const char *ca_file, *proxy, *connect_to; /* as of http_client.h */
	bool http_to_loopback;			  /* tests only */
};

struct post_outcome {
	enum outbox_result result;
	int64_t wait_ms;     /* AGAIN: it asked for so long; 0: it did not say */
	bool forget;	     /* what was to be changed there is not there any more */
	bool all_wait;	     /* AGAIN: nothing else will go there either, for now */
	char remote_id[200]; /* TAKEN: what it is called there; "" unknown */
	struct fault fault;  /* why not */
};

struct post;
bool post_open(uv_loop_t *, const struct post_options *, struct post **out, struct fault *) MUST_USE;

/* n parcels to one place; the parcels and the destination are borrowed until
 * `done`, which comes later, once, with an outcome for each. */
void post_send(struct post *, const struct destination *, const struct parcel *, size_t n,
    void (*done)(const struct post_outcome *, size_t n, void *arg), void *arg);

/* Destinations were read anew: nothing is on its way, and none of the old ones is
 * used again. */
void post_forget(struct post *);

/* What is on its way ends as AGAIN; then on_closed (may be NULL), from the loop. */
void post_close(struct post *, void (*on_closed)(void *arg), void *arg);

#endif
