/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/link_header.h"

#include <string.h>

#include "base/text.h"

enum { MAX_PAGES = 10000 };

static const char *skip_blanks(const char *c)
{
	while (*c == ' ' || *c == '\t')
		c++;
	return c;
}

/* One parameter after ';': returns its end; *is_next when it is rel=next. */
static const char *read_parameter(const char *c, bool *is_next)
{
	c = skip_blanks(c);
	const char *name = c;
	c += strcspn(c, "=;,> \t");
	size_t n_name = (size_t)(c - name);
	c = skip_blanks(c);
	if (*c != '=')
		return c;
	c = skip_blanks(c + 1);
	const char *value = c;
	size_t n;
	if (*c == '"') {
		value = ++c;
		c += strcspn(c, "\"");
		n = (size_t)(c - value);
		if (*c == '"')
			c++;
	} else {
		c += strcspn(c, ";,>\"");
		n = (size_t)(c - value);
	}
	if (n_name != 3 || strncasecmp(name, "rel", 3) != 0)
		return c;
	/* A relation is one word of several: rel="next last". */
	for (size_t i = 0; i < n;) {
		size_t word = i;
		while (i < n && value[i] != ' ' && value[i] != '\t')
			i++;
		if (i - word == 4 && strncasecmp(value + word, "next", 4) == 0)
			*is_next = true;
		while (i < n && (value[i] == ' ' || value[i] == '\t'))
			i++;
	}
	return c;
}

static bool copy_target(const char *target, size_t n, char *out)
{
	while (n > 0 && (target[0] == ' ' || target[0] == '\t'))
		target++, n--;
	while (n > 0 && (target[n - 1] == ' ' || target[n - 1] == '\t'))
		n--;
	if (n == 0 || n >= LINK_BYTES)
		return false;
	for (size_t i = 0; i < n; i++)
		if (target[i] <= 0x20 || target[i] >= 0x7F)
			return false;
	memcpy(out, target, n);
	out[n] = '\0';
	return true;
}

bool link_next(const char *value, char out[static LINK_BYTES])
{
	const char *c = value;
	while ((c = strchr(c, '<')) != NULL) {
		while (*c == '<' || *c == ' ' || *c == '\t')
			c++;
		const char *target = c;
		c += strcspn(c, "<>");
		size_t n = (size_t)(c - target);
		bool is_next = false;
		/* The stray '>' of `<<url>;rel="next">` may stand anywhere here. */
		while (*c != '\0' && *c != ',' && *c != '<') {
			if (*c == ';')
				c = read_parameter(c + 1, &is_next);
			else
				c++;
		}
		if (is_next)
			return copy_target(target, n, out);
	}
	return false;
}

bool paging_add(struct paging *paging, const char *url, struct fault *fault)
{
	bool is_new;
	size_t most = paging->max_pages > 0 ? paging->max_pages : MAX_PAGES;
	if (paging->n_pages >= most)
		return fault_set(fault, FAULT_INPUT,
		    "more than %zu pages for one question: stopped", most);
	map_put(&paging->seen, url, &is_new)->number = 1;
	if (!is_new)
		return fault_set(fault, FAULT_INPUT,
		    "the next page is one that was read already (page %zu): stopped",
		    paging->n_pages);
	paging->n_pages++;
	return true;
}

void paging_clear(struct paging *paging)
{
	map_clear(&paging->seen);
	*paging = (struct paging){ .max_pages = paging->max_pages };
}
