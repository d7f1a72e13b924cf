/* SPDX-License-Identifier: Apache-2.0
 *
 * The shapes of answers, in a small notation that JSON Schema is made of:
 *
 *	{a s, b? i}   an object; b may be missing      [i]        an array
 *	s i n b t     string, integer, number, boolean, time   =a|b  one of these words
 *	@Name         another shape                     o          any object
 *	x?            x, or null */
#ifndef API_SCHEMA_H
#define API_SCHEMA_H

#include <jansson.h>

struct api_schema {
	const char *name, *shape; /* NULL name: the end */
};
extern const struct api_schema api_schemas[];

/* As JSON Schema; a new reference. */
json_t *api_schema_json(const char *shape);
/* An answer of the shape of that name; a new reference. */
json_t *api_schema_example(const char *name);

#endif
