/* SPDX-License-Identifier: Apache-2.0
 *
 * The description of the API (OpenAPI 3.1), made of the table of routes and the shapes
 * of answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/schema.h"
#include "api/serve.h"

static json_t *words_of(const char *choices)
{
	json_t *out = json_array();
	for (const char *p = choices; *p != '\0'; p += *p == '|') {
		size_t n = strcspn(p, "|");
		json_array_append_new(out, json_stringn(p, n));
		p += n;
	}
	return out;
}

static json_t *schema_of(const struct api_field *field)
{
	switch (field->kind) {
	case API_TEXT: return json_pack("{s:s, s:I}", "type", "string", "maxLength", (json_int_t)(field->high > 0 ? field->high : 200));
	case API_INT: return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)field->low, "maximum", (json_int_t)field->high);
	case API_TIME: return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
	case API_FLAG: return json_pack("{s:s}", "type", "boolean");
	case API_TARGETS:
		return json_pack("{s:s, s:i, s:i, s:{s:[{s:s, s:i}, {s:s, s:{s:{s:s, s:i}, s:{s:s, s:i}}, s:[s], s:b}]}}", "type", "array", "minItems", 1, "maxItems",
		    API_TARGETS_MAX, "items", "anyOf", "type", "integer", "minimum", 1, "type", "object", "properties", "id", "type", "integer", "minimum", 1, "revision",
		    "type", "integer", "minimum", 1, "required", "id", "additionalProperties", false);
	case API_CHOICE: break;
	}
	return json_pack("{s:s, s:o}", "type", "string", "enum", words_of(field->choices));
}

/* As JSON would say it. */
static json_t *example_of(const struct api_field *field)
{
	if (field->kind == API_INT)
		return json_integer(strtoll(field->example, NULL, 10));
	if (field->kind == API_FLAG)
		return json_boolean(strcmp(field->example, "true") == 0);
	if (field->kind == API_TARGETS)
		return json_loads(field->example, 0, NULL);
	return json_string(field->example);
}

static void add_parameter(json_t *list, const struct api_field *field)
{
	json_t *one = json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", field->name, "in", "query", "description", field->help, "required", field->required,
	    "schema", schema_of(field));
	if (field->example != NULL)
		json_object_set_new(one, "example", example_of(field));
	json_array_append_new(list, one);
}

static json_t *parameters_of(const struct api_route *route)
{
	json_t *list = json_array();
	if (strstr(route->path, "{id}") != NULL)
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:{s:s, s:i}, s:i}", "name", "id", "in", "path", "required", true, "schema", "type", "integer",
		    "minimum", 1, "example", 1));
	if (strstr(route->path, "{name}") != NULL)
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:{s:s, s:i, s:i}, s:s}", "name", "name", "in", "path", "required", true, "schema", "type", "string",
		    "minLength", 1, "maxLength", 200, "example", "+576015550101"));
	for (const struct api_field *field = route->query; field != NULL && field->name != NULL; field++)
		add_parameter(list, field);
	if (route->flags & ROUTE_NUMBERS)
		add_parameter(list, &api_numbers_field);
	if (route->flags & ROUTE_MATCHES)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", "If-Match", "in", "header", "description",
		    "the ETag it was read with: 412 where it was changed since", "schema", "type", "string"));
	if (route->flags & ROUTE_ONCE)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:{s:s, s:i}}", "name", "Idempotency-Key", "in", "header", "description",
		    "the same key within 24 h: the first answer again, and nothing is done twice", "schema", "type", "string", "maxLength", 200));
	return list;
}

static json_t *body_of(const struct api_route *route)
{
	json_t *properties = json_object(), *required = json_array(), *example = json_object();
	for (const struct api_field *field = route->body; field->name != NULL; field++) {
		json_t *one = schema_of(field);
		json_object_set_new(one, "description", json_string(field->help));
		json_object_set_new(properties, field->name, one);
		if (field->required)
			json_array_append_new(required, json_string(field->name));
		if (field->example != NULL)
			json_object_set_new(example, field->name, example_of(field));
	}
	return json_pack("{s:b, s:{s:{s:{s:s, s:o, s:o, s:b}, s:o}}}", "required", json_array_size(required) > 0, "content", "application/json", "schema", "type",
	    "object", "properties", properties, "required", required, "additionalProperties", false, "example", example);
}

static enum fault_code code_of(int status)
{
	switch (status) {
	case 400: return FAULT_INPUT;
	case 401: return FAULT_AUTH;
	case 403: return FAULT_FORBIDDEN;
	case 404: case 410: return FAULT_NOT_FOUND;
	case 409: case 412: return FAULT_CONFLICT;
	case 422: return FAULT_USAGE;
	case 429: return FAULT_LIMIT;
	}
	return FAULT_CANCELLED;
}

/* wrong: a field that it may be about; NULL. */
static json_t *problem(int status, const char *what, const struct api_field *wrong)
{
	json_t *example = api_problem(status, NULL, code_of(status), what, "6bbce4e55bdaf003", wrong == NULL ? NULL : wrong->name);
	return json_pack("{s:s, s:{s:{s:{s:s}, s:o}}}", "description", what, "content", "application/problem+json", "schema", "$ref", "#/components/schemas/Problem", "example",
	    example);
}

/* The first lines of what is no JSON. */
static json_t *example_text(const struct api_route *route)
{
	struct text out = { 0 };
	if (strcmp(route->answer, "text/event-stream") == 0) {
		json_t *call = api_schema_example("LiveCall");
		char *bytes = json_dumps(call, JSON_COMPACT);
		text_printf(&out, "event: call\ndata: %s\n\nevent: ready\ndata: {}\n\n", bytes);
		free(bytes);
		json_decref(call);
	} else if (route->read == api_metrics) {
		text_puts(&out, "# HELP centinela_alerts_open Alerts that are not closed, by severity.\n# TYPE centinela_alerts_open gauge\n"
				"centinela_alerts_open{severity=\"low\"} 3\n");
	} else {
		text_printf(&out, "%s\n", SIGNED_IN_WORDS);
	}
	json_t *text = json_string(text_string(&out));
	text_clear(&out);
	return text;
}

static json_t *content_of(const struct api_route *route)
{
	char path[80];
	if (strchr(route->answer, '/') != NULL)
		return json_pack("{s:{s:{s:s}, s:o}}", route->answer, "schema", "type", "string", "example", example_text(route));
	snprintf(path, sizeof path, "#/components/schemas/%s", route->answer);
	return json_pack("{s:{s:{s:s}, s:o}}", "application/json", "schema", "$ref", path, "example", api_schema_example(route->answer));
}

static json_t *answers_of(const struct api_route *route)
{
	char status[8];
	json_t *out = json_object(), *good = json_pack("{s:s}", "description", route->help);
	snprintf(status, sizeof status, "%d", route->status);
	if (route->answer != NULL)
		json_object_set_new(good, "content", content_of(route));
	json_object_set_new(out, status, good);
	json_object_set_new(out, "default", problem(503, "why it was not done", NULL));
	if (route->flags & ROUTE_TELLS)
		json_object_set(out, "503", good);
	if (route->entry != ENTRY_OPEN) {
		json_object_set_new(out, "401", problem(401, "no token in force", NULL));
		json_object_set_new(out, "403", problem(403, "the token may not", NULL));
	}
	if (route->query != NULL || route->body != NULL)
		json_object_set_new(out, "400", problem(400, "what was sent is not as it should be", route->body != NULL ? route->body : route->query));
	if (strchr(route->path, '{') != NULL)
		json_object_set_new(out, "404", problem(404, "there is none of that number or name", NULL));
	if (strstr(route->path, "alerts/{id}") != NULL)
		json_object_set_new(out, "410", problem(410, "the alert was taken away", NULL));
	if (route->flags & ROUTE_MATCHES)
		json_object_set_new(out, "412", problem(412, "it was changed since", NULL));
	if (route->flags & ROUTE_ONCE)
		json_object_set_new(out, "422", problem(422, "the Idempotency-Key was used for something else", NULL));
	if (route->write != NULL)
		json_object_set_new(out, "409", problem(409, "it is otherwise by now", NULL));
	if (route->flags & ROUTE_GROWS)
		json_object_set(out, "200", good);
	if (route->entry != ENTRY_OPEN)
		json_object_set_new(out, "429", problem(429, "too many of that token: Retry-After says when there is room", NULL));
	return out;
}

static json_t *operation(const struct api_route *route)
{
	json_t *out = json_pack("{s:s, s:s, s:o, s:o}", "operationId", route->name, "summary", route->help, "parameters", parameters_of(route), "responses",
	    answers_of(route));
	if (route->body != NULL)
		json_object_set_new(out, "requestBody", body_of(route));
	if (route->entry == ENTRY_OPEN)
		json_object_set_new(out, "security", json_array());
	else
		json_object_set_new(out, "x-scope", json_string(api_entry_name(route->entry)));
	return out;
}

static void lower(const char *method, char out[static 8])
{
	size_t n = 0;
	for (; *method != '\0' && n < 7; method++)
		out[n++] = (char)(*method | 0x20);
	out[n] = '\0';
}

void api_describe(struct text *out)
{
	json_t *paths = json_object(), *schemas = json_object();
	for (const struct api_route *route = api_routes; route->method != NULL; route++) {
		char method[8];
		json_t *path = json_object_get(paths, route->path);
		if (path == NULL) {
			path = json_object();
			json_object_set_new(paths, route->path, path);
		}
		lower(route->method, method);
		json_object_set_new(path, method, operation(route));
	}
	for (const struct api_schema *schema = api_schemas; schema->name != NULL; schema++)
		json_object_set_new(schemas, schema->name, api_schema_json(schema->shape));
	json_t *all = json_pack("{s:s, s:{s:s, s:s, s:s, s:{s:s}}, s:[{s:[]}], s:o, s:{s:o, s:{s:{s:s, s:s}}}}", "openapi", "3.1.0", "info", "title", "Centinela", "version",
	    CENTINELA_VERSION, "description", "Security console for Webex Calling. Times are UTC (ISO 8601). Errors are RFC 9457.", "license", "name", "Apache-2.0",
	    "security", "token", "paths", paths, "components", "schemas", schemas, "securitySchemes", "token", "type", "http", "scheme", "bearer");
	char *bytes = json_dumps(all, JSON_COMPACT);
	text_puts(out, bytes);
	free(bytes);
	json_decref(all);
}

/* Anybody may ask for it, as often as they like: it is made once. */
void api_openapi(struct api_call *call)
{
	struct api *api = call->api;
	if (api->description.n == 0) {
		api_describe(&api->description);
		(void)!api_pack(&api->description, &api->description_packed);
	}
	call->lasts = true;
	api_leave(call, &api->description, api_packs(call) ? &api->description_packed : NULL);
}
