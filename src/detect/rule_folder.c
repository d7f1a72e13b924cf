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
#include "base/i18n.h"
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
		return fault_set(fault, FAULT_SYSTEM, _("%s: is no plain file"), path);
	}
	*bytes = mem_alloc(MAX_BYTES + 1);
	*n = fread(*bytes, 1, MAX_BYTES + 1, file);
	bool ok = !ferror(file);
	fclose(file);
	if (!ok) {
		free(*bytes);
		*bytes = NULL;
	}
	return ok || fault_set(fault, FAULT_SYSTEM, _("%s: cannot be read"), path);
}

static struct sigma_file **earlier(struct rule_files *before, const char *path)
{
	for (size_t i = 0; before != NULL && i < before->n; i++) {
		if (before->items[i] != NULL && strcmp(before->items[i]->path, path) == 0)
			return &before->items[i];
	}
	return NULL;
}

static void read_one(struct rule_files *files, const char *path, bool own, const struct sigma_lists *lists,
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
	file->own = own;
	files->items = mem_grow(files->items, files->n, &files->capacity, sizeof(void *));
	files->items[files->n++] = file;
}

static bool read_folder(struct rule_files *files, const char *folder, bool own, const struct sigma_lists *lists,
    struct rule_files *before, struct fault *fault)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, chosen, by_name);
	if (n < 0)
		return fault_set(fault, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM,
		    _("rules folder %s: %s"), folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (files->n < MAX_FILES) {
			char *path = mem_printf("%s/%s", folder, entries[i]->d_name);
			read_one(files, path, own, lists, before);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return true;
}

static bool is_there(const char *folder)
{
	return folder != NULL && *folder != '\0';
}

bool rule_folders_read(struct rule_files *files, const char *folder, const char *own, const struct sigma_lists *lists,
    struct rule_files *before, struct fault *fault)
{
	struct fault of_own = { 0 };
	if (!read_folder(files, folder, false, lists, before, fault))
		return false;
	if (is_there(own) && !read_folder(files, own, true, lists, before, &of_own) && of_own.code != FAULT_NOT_FOUND)
		rule_files_complain(files, &of_own);
	return true;
}

bool rule_files_add(struct rule_files *files, const char *path, const char *bytes, size_t n,
    const struct sigma_lists *lists, struct fault *fault)
{
	const struct sigma_options options = { .lists = lists->items, .n_lists = lists->n };
	struct sigma_file *file, **old = earlier(files, path);
	if (!sigma_parse(path, bytes, n, &options, &file, fault))
		return false;
	file->own = true;
	if (old != NULL) {
		sigma_file_free(*old);
		*old = file;
		return true;
	}
	files->items = mem_grow(files->items, files->n, &files->capacity, sizeof(void *));
	files->items[files->n++] = file;
	return true;
}

static uint64_t look_at(uint64_t seen, int folder, const char *name)
{
	struct stat st;
	if (fstatat(folder, name, &st, 0) != 0)
		return hash_mix(seen);
	seen = hash_mix(seen ^ hash_text(name) ^ (uint64_t)st.st_size);
	seen = hash_mix(seen ^ (uint64_t)st.st_mtim.tv_sec ^ (uint64_t)st.st_mtim.tv_nsec << 32);
	return hash_mix(seen ^ (uint64_t)st.st_ino);
}

uint64_t rule_folders_look(const char *folder, const char *own, const char *lists_file)
{
	const char *folders[] = { folder, own };
	uint64_t seen = 0;
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		int n_seen = 0;
		DIR *dir = is_there(folders[i]) ? opendir(folders[i]) : NULL;
		uint64_t sum = 0; /* in whatever order they stand there */
		for (const struct dirent *entry; dir != NULL && n_seen < MAX_FILES && (entry = readdir(dir)) != NULL;) {
			if (is_rule_file(entry->d_name)) {
				sum += look_at(i + 1, dirfd(dir), entry->d_name);
				n_seen++;
			}
		}
		if (dir != NULL)
			closedir(dir);
		seen = hash_mix(seen ^ sum);
	}
	return is_there(lists_file) ? look_at(seen, AT_FDCWD, lists_file) : seen;
}
