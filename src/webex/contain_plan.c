/* SPDX-License-Identifier: Apache-2.0
 *
 * A body is made by copying what was read, without what may not be written, and then
 * changing what is wished. Both that copy and the wish are taken apart into the same
 * items (a row of permissions, a kind of forwarding), and compared item by item: so
 * the words before the act, the check after it and the check before it is undone are
 * one comparison. */
#include "webex/contain_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

enum { MOST_CHANGES = 64 };

/* ---- words ------------------------------------------------------------------------------ */

static const struct {
	const char *key, *name;
} names[] = {
	{ "useCustomPermissions", N_("permissions of one's own, not the location's") },
	{ "INTERNAL_CALL", N_("internal calls") },
	{ "LOCAL", N_("local calls") },
	{ "TOLL", N_("toll calls") },
	{ "TOLL_FREE", N_("toll-free calls") },
	{ "NATIONAL", N_("national calls") },
	{ "INTERNATIONAL", N_("international calls") },
	{ "OPERATOR_ASSISTED", N_("operator-assisted calls") },
	{ "CHARGEABLE_DIRECTORY_ASSISTED", N_("chargeable directory calls") },
	{ "SPECIAL_SERVICES_I", N_("special services I") },
	{ "SPECIAL_SERVICES_II", N_("special services II") },
	{ "PREMIUM_SERVICES_I", N_("premium numbers I") },
	{ "PREMIUM_SERVICES_II", N_("premium numbers II") },
	{ "always", N_("forwarding of all calls") },
	{ "busy", N_("forwarding when busy") },
	{ "noAnswer", N_("forwarding when nobody answers") },
	{ "businessContinuity", N_("forwarding when the line is away") },
	{ "enabled", N_("interception") },
	{ "incoming", N_("incoming calls while intercepted") },
	{ "outgoing", N_("outgoing calls while intercepted") },
};

static const char *name_of(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i].key, key) == 0)
			return _(names[i].name);
	return key;
}

static const char *words_of_action(const char *action)
{
	if (strcmp(action, "ALLOW") == 0)
		return _("allowed");
	if (strcmp(action, "BLOCK") == 0)
		return _("blocked");
	if (strcmp(action, "AUTH_CODE") == 0)
		return _("with an access code");
	return _("through another number");
}

/* What an item says in a few words; what else may be in it does not count for people. */
static const char *words_of(const char *key, const json_t *value, struct arena *arena)
{
	const char *action = json_str(value, "action", ""), *type = json_str(value, "type", "");
	if (value == NULL)
		return _("not there");
	if (json_is_boolean(value))
		return json_is_true(value) ? _("yes") : _("no");
	if (*action != '\0')
		return arena_printf(arena, "%s, %s", words_of_action(action), json_bool(value, "transferEnabled", false) ? _("transfer too") : _("no transfer"));
	if (*type != '\0')
		return strcmp(key, "outgoing") == 0 ? arena_printf(arena, "%s, %s", strcmp(type, "INTERCEPT_ALL") == 0 ? _("not let through") : _("local ones alone"),
							  json_bool(value, "transferEnabled", false) ? _("transfer too") : _("no transfer")) :
		    strcmp(type, "ALLOW_ALL") == 0 ? _("allowed") : _("not let through");
	const char *destination = json_str(value, "destination", "");
	bool on = json_bool(value, "enabled", false);
	if (*destination == '\0')
		return on ? _("on") : _("off");
	return arena_printf(arena, on ? _("on, to %s") : _("off (%s)"), arena_printable(arena, destination));
}

/* ---- items -------------------------------------------------------------------------------- */

/* What of a setting may be written, in an object of items by their key; their values are
 * the setting's own (borrowed references are counted). NULL: it is no such setting. */
typedef json_t *items_fn(json_t *setting);

static bool may_be_written(const json_t *row)
{
	static const char *const refused[] = { "UNKNOWN", "CASUAL", "URL_DIALING" };
	const char *type = json_str(row, "callType", "");
	bool may = *type != '\0' && *json_str(row, "action", "") != '\0' && !json_bool(row, "isCallTypeRestrictionEnabled", false);
	for (size_t i = 0; i < COUNT_OF(refused); i++)
		may = may && strcmp(type, refused[i]) != 0;
	return may;
}

static json_t *permission_items(json_t *setting)
{
	json_t *rows = json_object_get(setting, "callingPermissions"), *row, *items;
	size_t i;
	if (!json_is_array(rows))
		return NULL;
	/* Two names of the same; a setting may have either. */
	bool own = json_bool(setting, "useCustomPermissions", json_bool(setting, "useCustomEnabled", false));
	items = json_pack("{s:b}", "useCustomPermissions", own);
	json_array_foreach(rows, i, row)
		if (may_be_written(row))
			json_object_set_new(items, json_str(row, "callType", ""),
			    json_pack("{s:s, s:s, s:b}", "callType", json_str(row, "callType", ""), "action", json_str(row, "action", ""), "transferEnabled",
				json_bool(row, "transferEnabled", false)));
	return items;
}

static json_t *forwarding_items(json_t *setting)
{
	static const char *const kinds[] = { "always", "busy", "noAnswer" };
	json_t *forwarding = json_object_get(setting, "callForwarding"), *continuity = json_object_get(setting, "businessContinuity");
	if (!json_is_object(forwarding))
		return NULL;
	json_t *items = json_object();
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		json_t *kind = json_object_get(forwarding, kinds[i]);
		if (json_is_object(kind))
			json_object_set_new(items, kinds[i], json_deep_copy(kind));
	}
	if (json_is_object(continuity))
		json_object_set_new(items, "businessContinuity", json_deep_copy(continuity));
	json_object_del(json_object_get(items, "noAnswer"), "systemMaxNumberOfRings"); /* is read-only */
	return items;
}

static json_t *line_items(json_t *setting)
{
	json_t *enabled = json_object_get(setting, "enabled"), *in = json_object_get(setting, "incoming"), *out = json_object_get(setting, "outgoing");
	if (!json_is_boolean(enabled) || !json_is_object(in) || !json_is_object(out))
		return NULL;
	return json_pack("{s:O, s:o, s:o}", "enabled", enabled, "incoming", json_deep_copy(in), "outgoing", json_deep_copy(out));
}

/* ---- bodies -------------------------------------------------------------------------------- */

/* The items as Webex wants them; takes them. */
typedef json_t *body_fn(json_t *items);

static json_t *permission_body(json_t *items)
{
	const char *key;
	json_t *value, *rows = json_array();
	bool own = json_bool(items, "useCustomPermissions", false);
	json_object_foreach(items, key, value)
		if (json_is_object(value))
			json_array_append(rows, value);
	json_decref(items);
	return json_pack("{s:b, s:b, s:o}", "useCustomEnabled", own, "useCustomPermissions", own, "callingPermissions", rows);
}

static json_t *forwarding_body(json_t *items)
{
	json_t *continuity = json_incref(json_object_get(items, "businessContinuity"));
	json_object_del(items, "businessContinuity");
	json_t *body = json_pack("{s:o}", "callForwarding", items);
	if (continuity != NULL)
		json_object_set_new(body, "businessContinuity", continuity);
	return body;
}

static json_t *line_body(json_t *items)
{
	return items;
}

/* ---- wishes -------------------------------------------------------------------------------- */

/* The items changed into what is wished. */
typedef void wish_fn(json_t *items, const json_t *setting);

/* Every row that a PUT may hold; a locked one is left to Webex. */
static void wish_no_international(json_t *items, const json_t *setting)
{
	static const char *const blocked[] = { "INTERNATIONAL", "PREMIUM_SERVICES_I", "PREMIUM_SERVICES_II", "OPERATOR_ASSISTED" };
	const json_t *row;
	size_t i;
	json_object_set_new(items, "useCustomPermissions", json_true());
	for (size_t k = 0; k < COUNT_OF(blocked); k++) {
		bool locked = false;
		json_array_foreach(json_object_get(setting, "callingPermissions"), i, row)
			locked |= strcmp(json_str(row, "callType", ""), blocked[k]) == 0 && !may_be_written(row);
		if (!locked)
			json_object_set_new(items, blocked[k], json_pack("{s:s, s:s, s:b}", "callType", blocked[k], "action", "BLOCK", "transferEnabled", 0));
	}
}

/* Where they led to stays as evidence. */
static void wish_no_forwarding(json_t *items, const json_t *setting)
{
	const char *key;
	json_t *value;
	UNUSED(setting);
	json_object_foreach(items, key, value)
		json_object_set_new(value, "enabled", json_false());
}

/* Interception switches both ways at once: what comes in stays as it is, which without it
 * is that it comes in. */
static void wish_no_line(json_t *items, const json_t *setting)
{
	json_t *out = json_object_get(items, "outgoing");
	UNUSED(setting);
	if (!json_is_true(json_object_get(items, "enabled")))
		json_object_set_new(json_object_get(items, "incoming"), "type", json_string("ALLOW_ALL"));
	json_object_set_new(items, "enabled", json_true());
	json_object_set_new(out, "type", json_string("INTERCEPT_ALL"));
	json_object_set_new(out, "transferEnabled", json_false());
}

static const struct {
	const char *feature;
	items_fn *items;
	body_fn *body;
	wish_fn *wish;
	const char *warnings[4];
} kinds[N_CONTAIN_KINDS] = {
	[CONTAIN_INTERNATIONAL] = { "outgoingPermission", permission_items, permission_body, wish_no_international,
	    { N_("calls that are up now go on: hang them up"),
		N_("ways around it are not looked at: access codes, digit patterns that allow, transfer numbers, other lines of the person") } },
	[CONTAIN_FORWARDING] = { "callForwarding", forwarding_items, forwarding_body, wish_no_forwarding,
	    { N_("calls that are forwarded now go on: hang them up"),
		N_("not looked at: single number reach, selective forwarding, and what people set for themselves (simultaneous and sequential ring)") } },
	[CONTAIN_LINE] = { "intercept", line_items, line_body, wish_no_line,
	    { N_("EMERGENCY CALLS may not get out of this line either: tell its people, and give them another one"),
		N_("calls that are up now go on: hang them up") } },
};

const char *contain_feature(enum contain_kind kind)
{
	return kinds[kind].feature;
}

/* ---- comparing ------------------------------------------------------------------------------ */

/* Is all of `wish` so in `is`? What Webex leaves out is empty, off or nothing. */
static bool is_so(const json_t *wish, const json_t *is)
{
	const char *key;
	json_t *value;
	if (is == NULL || json_is_null(is))
		return json_is_null(wish) || json_is_false(wish) || (json_is_string(wish) && *json_string_value(wish) == '\0');
	if (!json_is_object(wish))
		return json_equal(wish, is);
	json_object_foreach((json_t *)(uintptr_t)wish, key, value)
		if (!is_so(value, json_object_get(is, key)))
			return false;
	return json_is_object(is);
}

/* Where the words are the same, what differs is shown as it is. */
static const char *raw(const json_t *value, struct arena *arena)
{
	char *dump = value == NULL ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *out = arena_printable(arena, dump == NULL ? "-" : dump);
	free(dump);
	return out;
}

static void add_change(struct contain_changes *changes, const char *key, const json_t *from, const json_t *to, struct arena *arena)
{
	struct contain_change *c = &changes->items[changes->n];
	if (changes->n == MOST_CHANGES)
		return;
	*c = (struct contain_change){ .key = arena_printable(arena, key), .from = words_of(key, from, arena), .to = words_of(key, to, arena) };
	c->name = name_of(c->key);
	if (strcmp(c->from, c->to) == 0) {
		c->from = raw(from, arena);
		c->to = raw(to, arena);
	}
	changes->n++;
}

static void compare(const json_t *is, json_t *wish, struct arena *arena, struct contain_changes *changes)
{
	const char *key;
	json_t *value;
	*changes = (struct contain_changes){ .items = arena_zalloc(arena, MOST_CHANGES * sizeof *changes->items) };
	json_object_foreach(wish, key, value)
		if (!is_so(value, json_object_get(is, key)))
			add_change(changes, key, json_object_get(is, key), value, arena);
}

/* ---- out and in ------------------------------------------------------------------------------ */

static bool read_setting(enum contain_kind kind, const char *bytes, size_t n, json_t **setting, json_t **items, struct fault *fault)
{
	*items = NULL;
	if (!json_parse_once(bytes, n, setting, fault))
		return fault_context(fault, "%s", _("what Webex told of that setting"));
	if (json_is_object(*setting))
		*items = kinds[kind].items(*setting);
	if (*items == NULL) {
		json_decref(*setting);
		*setting = NULL;
		return fault_set(fault, FAULT_INPUT, _("what Webex told of %s is not of a form that is known here: it is not touched"), kinds[kind].feature);
	}
	return true;
}

/* Takes it. */
static const char *keep(json_t *value, struct arena *arena)
{
	char *dump = json_dumps(value, JSON_COMPACT);
	const char *out = arena_strdup(arena, dump == NULL ? "" : dump);
	free(dump);
	json_decref(value);
	return out;
}

static void add_warnings(enum contain_kind kind, const json_t *setting, struct arena *arena, struct contain_plan *plan)
{
	const char **out = arena_zalloc(arena, 16 * sizeof *out);
	const json_t *row;
	size_t i;
	for (size_t k = 0; k < COUNT_OF(kinds[kind].warnings) && kinds[kind].warnings[k] != NULL; k++)
		out[plan->n_warnings++] = _(kinds[kind].warnings[k]);
	json_array_foreach(json_object_get(setting, "callingPermissions"), i, row)
		if (kind == CONTAIN_INTERNATIONAL && plan->n_warnings < 16 && json_bool(row, "isCallTypeRestrictionEnabled", false) &&
		    strcmp(json_str(row, "action", ""), "BLOCK") != 0)
			out[plan->n_warnings++] = arena_printf(arena, _("Webex has locked %s, which are not blocked"), name_of(arena_printable(arena, json_str(row, "callType", ""))));
	plan->warnings = out;
}

bool contain_plan_make(enum contain_kind kind, const char *read, size_t n, struct arena *arena, struct contain_plan *plan, struct fault *fault)
{
	json_t *setting, *items;
	*plan = (struct contain_plan){ 0 };
	if (!read_setting(kind, read, n, &setting, &items, fault))
		return false;
	json_t *wish = json_deep_copy(items);
	kinds[kind].wish(wish, setting);
	compare(items, wish, arena, &plan->changes);
	add_warnings(kind, setting, arena, plan);
	plan->wished = keep(kinds[kind].body(wish), arena);
	plan->before = keep(setting, arena);
	json_decref(items);
	return true;
}

bool contain_plan_inverse(enum contain_kind kind, const char *before, struct arena *arena, const char **body, struct fault *fault)
{
	json_t *setting, *items;
	if (!read_setting(kind, before, strlen(before), &setting, &items, fault))
		return false;
	*body = keep(kinds[kind].body(items), arena);
	json_decref(setting);
	return true;
}

bool contain_plan_cut(enum contain_kind kind, const char **body, const char *present, struct arena *arena, const char **warning, struct fault *fault)
{
	json_t *setting, *there, *body_setting, *items;
	const json_t *row;
	size_t i;
	*warning = NULL;
	if (!read_setting(kind, present, strlen(present), &setting, &there, fault))
		return false;
	bool ok = read_setting(kind, *body, strlen(*body), &body_setting, &items, fault);
	json_array_foreach(json_object_get(setting, "callingPermissions"), i, row) {
		const char *type = json_str(row, "callType", "");
		if (!ok || may_be_written(row) || json_object_get(items, type) == NULL)
			continue;
		json_object_del(items, type);
		*warning = arena_printf(arena, "%s%s%s", *warning == NULL ? "" : *warning, *warning == NULL ? "" : ", ", name_of(arena_printable(arena, type)));
	}
	if (*warning != NULL) {
		*body = keep(kinds[kind].body(json_incref(items)), arena);
		*warning = arena_printf(arena, _("Webex has locked since, so it stays as it is: %s"), *warning);
	}
	if (ok) {
		json_decref(items);
		json_decref(body_setting);
	}
	json_decref(there);
	json_decref(setting);
	return ok;
}

bool contain_plan_differs(enum contain_kind kind, const char *read, size_t n, const char *body, struct arena *arena, struct contain_changes *changes,
    struct fault *fault)
{
	json_t *setting, *items, *body_setting, *wish;
	if (!read_setting(kind, read, n, &setting, &items, fault))
		return false;
	bool ok = read_setting(kind, body, strlen(body), &body_setting, &wish, fault);
	if (ok) {
		compare(items, wish, arena, changes);
		json_decref(body_setting);
		json_decref(wish);
	}
	json_decref(setting);
	json_decref(items);
	return ok;
}

const char *contain_changes_say(const struct contain_changes *changes, struct arena *arena)
{
	struct text out = { 0 };
	for (size_t i = 0; i < changes->n; i++)
		text_printf(&out, "%s%s: %s \u2192 %s", i > 0 ? "; " : "", changes->items[i].name, changes->items[i].from, changes->items[i].to);
	const char *said = arena_strdup(arena, text_string(&out));
	text_clear(&out);
	return said;
}
