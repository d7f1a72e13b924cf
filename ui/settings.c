/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "base/yaml_edit.h"
#include "net/file.h"
#include "ui/format.h"
#include "ui/theme.h"

#define FILE_MOST ((size_t)1 << 20)

void settings_clear(struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++)
		free(settings->items[i].value);
	free(settings->items);
	free(settings->path);
	*settings = (struct settings){ 0 };
}

const struct setting *settings_get(const struct settings *settings, const char *key)
{
	for (size_t i = 0; settings != NULL && i < settings->n; i++)
		if (strcmp(settings->items[i].key, key) == 0)
			return &settings->items[i];
	return NULL;
}

/* ---- what is shown ------------------------------------------------------------------- */

/* "http://me:word@proxy": from behind "//" to before "@"; false: nobody is in it. */
static bool user_in(const char *value, size_t *from, size_t *until)
{
	const char *begin = strstr(value, "//"), *host = begin == NULL ? NULL : begin + 2 + strcspn(begin + 2, "/?#");
	const char *at = NULL;
	for (const char *p = begin; p != NULL && p < host; p++)
		at = *p == '@' ? p : at;
	if (at == NULL)
		return false;
	*from = (size_t)(begin + 2 - value);
	*until = (size_t)(at - value);
	return true;
}

bool setting_is_secret(const struct setting *setting, const char *value)
{
	size_t from, until;
	/* A command may have the secret in it; an address a password. */
	if (strcmp(setting->key, "webex.client_secret_command") == 0)
		return *value != '\0';
	return setting->kind == SETTING_TEXT && (user_in(value, &from, &until) || strstr(value, "password=") != NULL);
}

char *setting_shown(const struct setting *setting, const char *value, char *out, size_t capacity)
{
	size_t from, until;
	char *shown = NULL;
	if (setting_is_secret(setting, value))
		shown = strstr(value, "password=") == NULL && user_in(value, &from, &until) ?
		    mem_printf("%.*s\u2022\u2022\u2022%s", (int)from, value, value + until) : mem_strdup("\u2022\u2022\u2022");
	text_printable(out, capacity, shown != NULL ? shown : value, strlen(shown != NULL ? shown : value));
	free(shown);
	return out;
}

bool setting_check(const struct settings *settings, const char *key, const char *value, struct fault *fault)
{
	if (!settings->check(key, value, fault))
		return false;
	/* Where a console finds none of that name it begins with another and says so: here it
	 * is not written in the first place. */
	const struct setting *themes = settings_get(settings, "themes");
	if (strcmp(key, "console.theme") == 0 && themes != NULL && *value != '\0')
		return theme_is_there(themes->value, value, fault);
	return true;
}

bool setting_is_live(const struct setting *setting)
{
	static const char *const live[] = { "console.theme", "console.keys", "console.attention", "console.sticky_filters", "console.mask_numbers",
		"console.mouse", "language" };
	for (size_t i = 0; i < COUNT_OF(live); i++)
		if (strcmp(setting->key, live[i]) == 0)
			return true;
	return false;
}

/* ---- the file ---------------------------------------------------------------------------- */

static const struct yaml *value_in(const struct yaml *doc, const char *key)
{
	char section[64];
	const char *dot = strchr(key, '.');
	if (doc->kind != YAML_MAP)
		return NULL;
	if (dot == NULL)
		return yaml_get(doc, key);
	snprintf(section, sizeof section, "%.*s", (int)(dot - key), key);
	const struct yaml *map = yaml_get(doc, section);
	return map != NULL && map->kind == YAML_MAP ? yaml_get(map, dot + 1) : NULL;
}

void settings_file_clear(struct settings_file *file)
{
	for (size_t i = 0; i < file->n_said; i++)
		free(file->said[i].value);
	free(file->said);
	free(file->bytes);
	*file = (struct settings_file){ 0 };
}

bool settings_file_read(const struct settings *settings, struct settings_file *out, struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	struct fault why = { 0 };
	*out = (struct settings_file){ .n_said = settings->n };
	out->said = mem_zalloc(settings->n * sizeof *out->said);
	if (!file_read(settings->path, FILE_MOST, &out->bytes, &out->n, &why)) {
		if (why.code == FAULT_NOT_FOUND)
			return true;
		*fault = why;
		settings_file_clear(out);
		return false;
	}
	if (!yaml_parse(settings->path, out->bytes, out->n, &docs, &n_docs, fault)) {
		settings_file_clear(out);
		return false;
	}
	for (size_t i = 0; i < n_docs; i++) {
		for (size_t k = 0; k < settings->n; k++) {
			const struct yaml *value = value_in(docs[i], settings->items[k].key);
			if (value == NULL || value->kind != YAML_SCALAR)
				continue;
			free(out->said[k].value);
			out->said[k].value = mem_strdup(value->scalar);
			out->said[k].line = value->line;
		}
	}
	yaml_free(docs, n_docs);
	return true;
}

/* The settings of the same section that come before this one, NULL-ended. */
static void keys_before(const struct settings *settings, const char *key, const char **out)
{
	size_t n = 0, section = strchr(key, '.') == NULL ? 0 : (size_t)(strchr(key, '.') + 1 - key);
	for (size_t i = 0; i < settings->n && strcmp(settings->items[i].key, key) != 0; i++) {
		const char *other = settings->items[i].key;
		if (strncmp(other, key, section) == 0 && strchr(other + section, '.') == NULL)
			out[n++] = other + section;
	}
	out[n] = NULL;
}

static bool may_write(const char *path, const struct stat *st, struct fault *fault)
{
	if (!S_ISREG(st->st_mode))
		return fault_set(fault, FAULT_SYSTEM, _("%s is no plain file: nothing was written"), path);
	/* A new file takes its place: it would be ours then. */
	if (st->st_uid != geteuid())
		return fault_set(fault, FAULT_SYSTEM, _("%s belongs to another user: nothing was written"), path);
	if ((st->st_mode & 0200) == 0 || access(path, W_OK) != 0)
		return fault_set(fault, FAULT_SYSTEM, _("%s is write-protected: nothing was written"), path);
	return true;
}

static bool is_as_it_was(const char *path, const struct settings_file *was, struct fault *fault)
{
	char *bytes = NULL;
	size_t n = 0;
	struct fault why = { 0 };
	bool there = file_read(path, FILE_MOST, &bytes, &n, &why), same;
	if (!there && why.code != FAULT_NOT_FOUND) {
		*fault = why;
		return false;
	}
	same = there ? was->bytes != NULL && n == was->n && memcmp(bytes, was->bytes, n) == 0 : was->bytes == NULL;
	free(bytes);
	return same || fault_set(fault, FAULT_CONFLICT, _("%s was changed by somebody else meanwhile: nothing was written; it is read anew, look and try again"), path);
}

bool settings_file_put(const struct settings *settings, const struct settings_file *was, const char *key, const char *value,
    struct fault *fault)
{
	struct text out = { 0 };
	struct stat st = { 0 };
	const char **before = mem_zalloc((settings->n + 1) * sizeof *before);
	/* Through links: what is replaced is the file and not the link to it. */
	char *real = realpath(settings->path, NULL), *path = real != NULL ? real : mem_strdup(settings->path);
	bool is_there = stat(path, &st) == 0;
	keys_before(settings, key, before);
	bool ok = (!is_there || may_write(path, &st, fault)) &&
	    yaml_edit(path, or_empty(was->bytes), was->n, key, value, before, &out, fault) && is_as_it_was(path, was, fault) &&
	    file_make_folders(path, fault) && file_write(path, out.bytes, out.n, is_there ? st.st_mode & 0777 : 0600, fault) &&
	    (!is_there || chown(path, (uid_t)-1, st.st_gid) == 0 || fault_set(fault, FAULT_SYSTEM, "%s: %s", path, strerror(errno)));
	text_clear(&out);
	free(before);
	free(path);
	return ok;
}
