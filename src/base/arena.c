/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(16) char bytes[];
};

#define BLOCK_BYTES ((size_t)64 * 1024)

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

static void free_blocks(struct arena_block *block)
{
	while (block != NULL) {
		struct arena_block *next = block->next;
		free(block);
		block = next;
	}
}

void arena_clear(struct arena *arena)
{
	free_blocks(arena->first);
	free_blocks(arena->spare);
	arena_init(arena);
}

void arena_reset(struct arena *arena)
{
	free_blocks(arena->spare);
	struct arena_block *kept = arena->first;
	arena_init(arena);
	arena->spare = kept;
}

/* A block that was kept, when one is large enough, or a new one. */
static struct arena_block *block_of(struct arena *arena, size_t size)
{
	for (struct arena_block **at = &arena->spare; *at != NULL; at = &(*at)->next) {
		struct arena_block *block = *at;
		if (block->size >= size && block->size <= 2 * size) {
			*at = block->next;
			return block;
		}
	}
	struct arena_block *block = mem_alloc(sizeof *block + size);
	block->size = size;
	return block;
}

void *arena_alloc(struct arena *arena, size_t n)
{
	n = (n + 7) & ~(size_t)7;
	if (arena->first == NULL || arena->first->size - arena->used < n) {
		size_t size = n > BLOCK_BYTES / 4 ? n : BLOCK_BYTES;
		struct arena_block *block = block_of(arena, size);
		arena->total += block->size;
		if (size == n && arena->first != NULL) {
			/* A big piece goes behind, the block in use stays. */
			block->next = arena->first->next;
			arena->first->next = block;
			return block->bytes;
		}
		block->next = arena->first;
		arena->first = block;
		arena->used = 0;
	}
	void *piece = arena->first->bytes + arena->used;
	arena->used += n;
	return piece;
}

void *arena_zalloc(struct arena *arena, size_t n)
{
	return memset(arena_alloc(arena, n), 0, n);
}

char *arena_strndup(struct arena *arena, const char *text, size_t n)
{
	char *copy = arena_alloc(arena, n + 1);
	memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printable(struct arena *arena, const char *text)
{
	size_t n = strlen(text), capacity = 3 * n + 1; /* a broken byte becomes three */
	if (text_is_printable(text))
		return arena_strndup(arena, text, n);
	char *out = arena_alloc(arena, capacity);
	text_printable(out, capacity, text, n);
	return out;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = arena_alloc(arena, (size_t)MAX(n, 0) + 1);
	text[0] = '\0';
	if (n > 0)
		vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}
