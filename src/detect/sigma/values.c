/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/values.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_FORMS 10000
#define MAX_FORM  8192
#define MAX_FILE_BYTES ((size_t)32 << 20) /* of all forms on the way to a file's patterns */

static const char *const names[] = { "utf16le", "utf16be", "utf16", "base64", "base64offset" };

bool encoding_named(const char *modifier, enum encoding *out)
{
	if (strcmp(modifier, "wide") == 0) {
		*out = ENCODE_UTF16LE;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i], modifier) == 0) {
			*out = (enum encoding)i;
			return true;
		}
	}
	return false;
}

void value_forms_clear(struct value_forms *forms)
{
	for (size_t i = 0; i < forms->n; i++)
		free(forms->items[i].bytes);
	free(forms->items);
	*forms = (struct value_forms){ 0 };
}

/* False when they become too many, or too much. */
static bool add(const struct sigma_parse *s, const struct yaml *at, struct value_forms *forms, const struct text *text)
{
	s->file->form_bytes += text->n;
	if (forms->n == MAX_FORMS || s->file->form_bytes > MAX_FILE_BYTES)
		return sigma_fault(s, at, "this value has too many forms, or those of the file are too large");
	forms->items = mem_grow(forms->items, forms->n, &forms->capacity, sizeof *forms->items);
	forms->items[forms->n++] = (struct value_form){ mem_dup(text_string(text), text->n + 1), text->n };
	return true;
}

/* ---- placeholders ---- */

static const struct sigma_list *list_named(const struct sigma_options *options, const char *name, size_t n)
{
	for (size_t i = 0; i < options->n_lists; i++) {
		if (strlen(options->lists[i].name) == n && memcmp(options->lists[i].name, name, n) == 0)
			return &options->lists[i];
	}
	return NULL;
}

/* Where the next %name% begins, and how long the name is; NULL: there is none.
 * \% is a percent sign of its own. */
static const char *placeholder(const char *text, size_t *n)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (p[0] == '\\' && p[1] == '%') {
			p++;
			continue;
		}
		const char *end = *p == '%' ? strchr(p + 1, '%') : NULL;
		if (end == NULL || end == p + 1)
			continue;
		*n = (size_t)(end - p - 1);
		return p;
	}
	return NULL;
}

static bool no_list(const struct sigma_parse *s, const struct yaml *at, const char *name, size_t n)
{
	char word[64], hint[96];
	const char *known[64];
	size_t k = 0;
	span_copy((struct span){ name, (uint32_t)n }, word, sizeof word);
	for (size_t i = 0; i < s->options->n_lists && k < COUNT_OF(known); i++)
		known[k++] = s->options->lists[i].name;
	return sigma_fault(s, at, "there is no list \"%s\" in the configuration%s", word,
	    sigma_hint(word, known, k, hint, sizeof hint));
}

/* Each form so far, with the text behind it. */
static bool append(const struct sigma_parse *s, const struct yaml *at, const struct value_forms *before,
    const char *bytes, size_t n, struct value_forms *out)
{
	bool ok = true;
	for (size_t i = 0; ok && i < before->n; i++) {
		struct text text = { 0 };
		text_add(&text, before->items[i].bytes, before->items[i].n);
		text_add(&text, bytes, n);
		ok = add(s, at, out, &text);
		text_clear(&text);
	}
	return ok;
}

/* A value of a list is taken as it is: %name% within it is plain text. */
static bool fill(const struct sigma_parse *s, const struct yaml *at, struct value_forms *out)
{
	struct text empty = { 0 };
	bool ok = add(s, at, out, &empty);
	for (const char *p = at->scalar; ok && *p != '\0';) {
		struct value_forms next = { 0 };
		size_t n;
		const char *hole = placeholder(p, &n);
		if (hole == p) {
			const struct sigma_list *list = list_named(s->options, hole + 1, n);
			ok = list != NULL || s->options->any_field || no_list(s, at, hole + 1, n);
			for (size_t i = 0; ok && list != NULL && i < list->values.n; i++)
				ok = append(s, at, out, list->values.items[i], strlen(list->values.items[i]), &next);
			p = hole + n + 2;
		} else {
			struct text plain = { 0 };
			for (const char *end = hole != NULL ? hole : p + strlen(p); p < end; p++) {
				if (p[0] == '\\' && p[1] == '%')
					p++;
				text_putc(&plain, *p);
			}
			ok = append(s, at, out, text_string(&plain), plain.n, &next);
			text_clear(&plain);
		}
		value_forms_clear(out);
		*out = next;
	}
	return ok;
}

/* ---- encodings ---- */

/* Sigma's escapes away; false: a wildcard is there. */
static bool unescape(const struct value_form *form, struct text *out)
{
	for (size_t i = 0; i < form->n; i++) {
		char c = form->bytes[i];
		if (c == '*' || c == '?')
			return false;
		if (c == '\\' && i + 1 < form->n && strchr("*?\\", form->bytes[i + 1]) != NULL)
			c = form->bytes[++i];
		text_putc(out, c);
	}
	return true;
}

static void put_unit(struct text *out, uint32_t unit, bool big)
{
	text_putc(out, (char)(big ? unit >> 8 : unit & 255));
	text_putc(out, (char)(big ? unit & 255 : unit >> 8));
}

static void to_utf16(const struct value_form *form, bool mark, bool big, struct text *out)
{
	if (mark)
		put_unit(out, 0xFEFF, big);
	for (size_t i = 0; i < form->n;) {
		uint32_t point;
		i += utf8_decode(form->bytes + i, form->n - i, &point);
		if (point < 0x10000) {
			put_unit(out, point, big);
		} else {
			put_unit(out, 0xD800 + ((point - 0x10000) >> 10), big);
			put_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF), big);
		}
	}
}

/* As it stands in a Base64 text where `shift` bytes come before it: without the
 * letters at both ends, of which other bytes have a part too. */
static void to_base64(const struct value_form *form, size_t shift, bool whole, struct text *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static const size_t begin[] = { 0, 2, 3 }, cut[] = { 0, 3, 2 };
	size_t n = form->n + shift;
	struct text all = { 0 };
	for (size_t i = 0; i < n; i += 3) {
		uint32_t bits = 0;
		for (size_t k = i; k < i + 3; k++)
			bits = bits << 8 | (k < shift || k >= n ? 0 : (unsigned char)form->bytes[k - shift]);
		for (size_t k = 0; k < 4; k++)
			text_putc(&all, k > n - i ? '=' : letters[bits >> (18 - 6 * k) & 63]);
	}
	size_t from = whole ? 0 : begin[shift], to = all.n - (whole ? 0 : MIN(cut[n % 3], all.n));
	if (to > from)
		text_add(out, text_string(&all) + from, to - from);
	text_clear(&all);
}

static bool encode(const struct sigma_parse *s, const struct yaml *at, enum encoding encoding,
    struct value_forms *forms)
{
	struct value_forms made = { .plain = true };
	bool ok = true;
	for (size_t i = 0; ok && i < forms->n; i++) {
		struct text plain = { 0 };
		if (!forms->plain && !unescape(&forms->items[i], &plain)) {
			ok = sigma_fault(s, at, "a value with wildcards cannot be encoded (%s)", names[encoding]);
			text_clear(&plain);
			break;
		}
		struct value_form form = forms->plain ? forms->items[i] :
			(struct value_form){ (char *)text_string(&plain), plain.n };
		bool offsets = encoding == ENCODE_BASE64OFFSET;
		if (offsets && form.n == 1)
			ok = sigma_fault(s, at, "one byte is too short to be looked for in Base64");
		for (size_t shift = 0; ok && shift < (offsets ? 3 : 1); shift++) {
			struct text out = { 0 };
			if (encoding == ENCODE_BASE64 || offsets)
				to_base64(&form, shift, !offsets, &out);
			else
				to_utf16(&form, encoding == ENCODE_UTF16, encoding == ENCODE_UTF16BE, &out);
			ok = add(s, at, &made, &out);
			text_clear(&out);
		}
		text_clear(&plain);
	}
	value_forms_clear(forms);
	*forms = made;
	return ok;
}

bool value_forms(const struct sigma_parse *s, const struct yaml *at, bool expand,
    const enum encoding *encodings, size_t n, struct value_forms *out)
{
	*out = (struct value_forms){ 0 };
	if (strlen(at->scalar) > MAX_FORM)
		return sigma_fault(s, at, "a value may have %d bytes, this has %zu", MAX_FORM, strlen(at->scalar));
	bool ok = true;
	if (expand) {
		ok = fill(s, at, out);
	} else {
		struct text as_it_is = { 0 };
		text_puts(&as_it_is, at->scalar);
		ok = add(s, at, out, &as_it_is);
		text_clear(&as_it_is);
	}
	for (size_t i = 0; ok && i < n; i++)
		ok = encode(s, at, encodings[i], out);
	if (!ok)
		value_forms_clear(out);
	return ok;
}
