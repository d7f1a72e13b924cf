/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory)
{
	if (memory == NULL) {
		fputs("centinela: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *mem_alloc(size_t size)
{
	return or_end(malloc(size ? size : 1));
}

void *mem_zalloc(size_t size)
{
	return or_end(calloc(1, size ? size : 1));
}

void *mem_realloc(void *memory, size_t size)
{
	return or_end(realloc(memory, size ? size : 1));
}

char *mem_strdup(const char *text)
{
	return text == NULL ? NULL : or_end(strdup(text));
}

char *mem_strndup(const char *text, size_t n)
{
	return or_end(strndup(text, n));
}

void *mem_dup(const void *bytes, size_t n)
{
	void *copy = mem_alloc(n);
	if (n > 0)
		memcpy(copy, bytes, n);
	return copy;
}

char *mem_printf(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	int n = vasprintf(&text, format, arguments);
	va_end(arguments);
	return or_end(n < 0 ? NULL : text);
}

void mem_wipe(void *memory, size_t size)
{
	if (memory != NULL)
		explicit_bzero(memory, size);
}

void mem_free_secret(char *text)
{
	if (text != NULL)
		mem_wipe(text, strlen(text));
	free(text);
}

void *mem_grow(void *array, size_t n, size_t *capacity, size_t item)
{
	if (n < *capacity)
		return array;
	size_t wanted = *capacity < 8 ? 8 : *capacity + *capacity / 2;
	array = mem_realloc(array, wanted * item);
	*capacity = wanted;
	return array;
}
