/* SPDX-License-Identifier: Apache-2.0
 *
 * A page's memory: many small pieces, freed at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

struct arena_block;
struct arena {
	struct arena_block *first; /* the one in use */
	struct arena_block *spare; /* kept by arena_reset */
	size_t used, total;
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena);		 /* gives everything back */
void arena_reset(struct arena *arena);		 /* empty, but keeps its blocks for what comes */
void *arena_alloc(struct arena *arena, size_t n) MUST_USE NEVER_NULL; /* 8-aligned, not cleared */
void *arena_zalloc(struct arena *arena, size_t n) MUST_USE NEVER_NULL;
char *arena_strndup(struct arena *arena, const char *text, size_t n) MUST_USE;
char *arena_strdup(struct arena *arena, const char *text) MUST_USE;
char *arena_printable(struct arena *arena, const char *text) MUST_USE; /* text_printable of all of it */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3) MUST_USE;

#endif
