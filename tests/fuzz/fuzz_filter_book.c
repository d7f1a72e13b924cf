/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as the file of saved filters: refused in a sentence, or a book that
 * is written and read again as it was, and whose names end when they are used. */
#include <stdlib.h>
#include <string.h>

#include "filter/book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct filter_book *book)
{
	struct filter_names names = filter_book_names(book);
	struct text out = { 0 };
	for (size_t i = 0; i < book->saved.n; i++) {
		struct filter filter;
		struct fault fault = { 0 };
		const char *source = book->saved.items[i].source;
		if (filter_parse(FILTER_CALLS, source, strlen(source), 0, &names, &filter, NULL, &fault, NULL))
			filter_clear(&filter);
		else if (fault.text[0] == '\0')
			abort();
		(void)!filter_expand(source, &names, &out, &fault);
	}
	text_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter_book book = { 0 }, again = { 0 };
	struct fault fault = { 0 };
	struct text text = { 0 }, second = { 0 };
	if (!filter_book_read(&book, "filters.yaml", (const char *)data, size, &fault)) {
		if (fault.text[0] == '\0' || book.saved.n + book.last.n > 0)
			abort();
		return 0;
	}
	use(&book);
	filter_book_write(&book, &text);
	if (!filter_book_read(&again, "filters.yaml", text.bytes, text.n, &fault))
		abort();
	filter_book_write(&again, &second);
	if (strcmp(text.bytes, second.bytes) != 0)
		abort();
	text_clear(&text);
	text_clear(&second);
	filter_book_clear(&book);
	filter_book_clear(&again);
	return 0;
}
