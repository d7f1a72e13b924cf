/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/rule_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"

#define MAX_FILES 2000
#define MAX_BYTES ((size_t)1 << 20)

void rule_files_complain(struct rule_files *files, const struct fault *fault)
{
	if (files->first.code == FAULT_NONE)
		files->first = *fault;
	text_printf(&files->complaints, "%s\n", fault->text);
}

void rule_files_clear(struct rule_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		sigma_file_free(files->items[i]);
	free(files->items);
	text_clear(&files->complaints);
	*files = (struct rule_files){ 0 };
}

bool is_rule_file(const char *name)
{
	return name[0] != '.' && (text_ends_with(name, ".yml") || text_ends_with(name, ".yaml"));
}

static int chosen(const struct dirent *entry)
{
	return is_rule_file(entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool rule_file_bytes(const char *path, char **bytes, size_t *n, struct fault *fault)
{
	/* A pipe or a device by the name of a rule would be waited for. */
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, "%s: %s", path, strerror(errno));
	bool is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	FILE *file = is_file ? fdopen(fd, "r") : NULL;
	if (file == NULL) {
		close(fd);
		return fault_set(fault, FAULT_SYSTEM, "%s: is no plain file", path);
	}
	*bytes = mem_alloc(MAX_BYTES + 1);
	*n = fread(*bytes, 1, MAX_BYTES + 1, file);
	bool ok = !ferror(file);
	fclose(file);
	if (!ok) {
		free(*bytes);
		*bytes = NULL;
	}
	return ok || fault_set(fault, FAULT_SYSTEM, "%s: cannot be read", path);
}

static struct sigma_file **earlier(struct rule_files *before, const char *path)
{
	for (size_t i = 0; before != NULL && i < before->n; i++) {
		if (before->items[i] != NULL && strcmp(before->items[i]->path, path) == 0)
			return &before->items[i];
	}
	return NULL;
}

static void read_one(struct rule_files *files, const char *path, const struct sigma_lists *lists,
    struct rule_files *before)
{
	const struct sigma_options options = { .lists = lists->items, .n_lists = lists->n };
	struct fault fault = { 0 };
	struct sigma_file *file = NULL, **old = earlier(before, path);
	char *bytes = NULL;
	size_t n = 0;
	bool ok = rule_file_bytes(path, &bytes, &n, &fault);
	uint64_t hash = ok ? hash_mix(hash_bytes(bytes, n) ^ lists->hash) : 0;
	if (ok && (old == NULL || (*old)->source_hash != hash))
		ok = sigma_parse(path, bytes, n, &options, &file, &fault);
	if (file != NULL)
		file->source_hash = hash;
	free(bytes);
	if (!ok)
		rule_files_complain(files, &fault);
	if (file == NULL && old != NULL) {
		file = *old;
		*old = NULL;
	}
	if (file == NULL)
		return;
	files->items = mem_grow(files->items, files->n, &files->capacity, sizeof(void *));
	files->items[files->n++] = file;
}

bool rule_files_read(struct rule_files *files, const char *folder, const struct sigma_lists *lists,
    struct rule_files *before, struct fault *fault)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, chosen, by_name);
	if (n < 0)
		return fault_set(fault, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM,
		    "rules folder %s: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (files->n < MAX_FILES) {
			char *path = mem_printf("%s/%s", folder, entries[i]->d_name);
			read_one(files, path, lists, before);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return true;
}
