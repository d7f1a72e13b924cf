/* SPDX-License-Identifier: Apache-2.0
 *
 * Allocation that never returns NULL: no memory is the end of the program. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/base.h"

void *mem_alloc(size_t size) MUST_USE NEVER_NULL;  /* not cleared */
void *mem_zalloc(size_t size) MUST_USE NEVER_NULL; /* cleared */
void *mem_realloc(void *memory, size_t size) MUST_USE NEVER_NULL;
char *mem_strdup(const char *text) MUST_USE; /* NULL gives NULL */
char *mem_strndup(const char *text, size_t n) MUST_USE;
void *mem_dup(const void *bytes, size_t n) MUST_USE;
char *mem_printf(const char *format, ...) PRINTF_LIKE(1, 2) MUST_USE NEVER_NULL;

/* Zero secrets in a way the compiler keeps. mem_free_secret(NULL) is fine. */
void mem_wipe(void *memory, size_t size);
void mem_free_secret(char *text);

/* Room for one more in an array that grows by halves: returns the array. */
void *mem_grow(void *array, size_t n, size_t *capacity, size_t item) MUST_USE NEVER_NULL;

#endif
