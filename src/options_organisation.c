/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of one organisation of several: what is its own, and what it must not
 * have in common with another. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/same_file.h"
#include "options_parts.h"
#include "store/organisation.h"

/* "a/token.json" → "a/organisations/KEY/token.json" */
static char *own_path(const char *path, const char *key)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	return mem_printf("%.*sorganisations/%s/%s", (int)(name - path), path, key, name);
}

static const size_t owns[] = { OPTION_token_file, OPTION_responder_token_file, OPTION_log_file, OPTION_history_file, OPTION_reports_folder, OPTION_own_rules_folder };
/* Who is told, and who comes in: of each organisation its own, or nobody. */
static const size_t apart[] = { OPTION_notify_file, OPTION_live_listen, OPTION_live_url, OPTION_live_secret_file, OPTION_live_watch, OPTION_api_listen,
	OPTION_api_socket, OPTION_api_url_outside };

/* Of each organisation its own: who watches, who may change lines, and what webhooks are signed with. */
static const size_t own_files[] = { OPTION_token_file, OPTION_responder_token_file, OPTION_live_secret_file };
enum { N_SIGN_INS = 2, SECRET = N_SIGN_INS, N_OWN_FILES };

/* What an organisation, chosen or not, says of those files, or where they are when it says nothing; malloc'd.
 * `all`: what they were before one was chosen. */
static void files_of(struct options *options, char *const *all, const char *config_path, const char *key, char *files[static N_OWN_FILES])
{
	struct options_overlay *overlay = options_overlay_of(options, key);
	char *own = own_path(config_path, key);
	struct options scratch = { 0 };
	struct fault ignored; /* who opens that organisation hears of it */
	bool has_own = access(own, F_OK) == 0 && options_read_file(&scratch, own, true, &ignored);
	for (size_t f = 0; f < N_OWN_FILES; f++) {
		const char *own_said = *(char **)options_member(&scratch, own_files[f]), *said = NULL;
		for (size_t i = 0; overlay != NULL && i < overlay->n; i++)
			said = overlay->said[i].option == own_files[f] ? overlay->said[i].value : said;
		said = has_own && own_said != NULL ? own_said : said;
		files[f] = said != NULL ? mem_strdup(said) : f < N_SIGN_INS ? own_path(all[f], key) : mem_strdup("");
	}
	options_clear(&scratch);
	free(own);
}

static bool is_a_sign_in(const struct options *options, const char *file)
{
	return same_file(options->token_file, file) || same_file(options->responder_token_file, file);
}

/* A sign-in is of one organisation, and Webex counts requests by it; whose the secret of webhooks
 * is, is told what was signed with it. */
static bool is_apart_of_all(const struct options *options, char *const *all, const char *key, struct fault *fault)
{
	for (size_t i = 0; i < N_SIGN_INS; i++)
		if (is_a_sign_in(options, all[i]))
			return fault_set(fault, FAULT_USAGE, _("the organisation %s has the token file that is for all (%s): each has a sign-in of its own"), key, all[i]);
	const char *secret = options->live_secret_file;
	if (same_file(secret, all[SECRET]))
		return fault_set(fault, FAULT_USAGE, _("the organisation %s has the webhooks' secret that is for all (%s): an event of one would be believed by the other"), key, secret);
	return true;
}

static bool is_apart_of(const struct options *options, char *const *theirs, const char *other, const char *key, struct fault *fault)
{
	for (size_t i = 0; i < N_SIGN_INS; i++)
		if (is_a_sign_in(options, theirs[i]))
			return fault_set(fault, FAULT_USAGE, _("the organisations %s and %s name the same token file, %s: each has a sign-in of its own"), key, other, theirs[i]);
	const char *secret = options->live_secret_file;
	if (same_file(secret, theirs[SECRET]))
		return fault_set(fault, FAULT_USAGE, _("the organisations %s and %s have the same webhooks' secret, %s: an event of one would be believed by the other"), key, other, secret);
	return true;
}

static bool is_apart(struct options *options, char *const *all, const char *config_path, const char *key, struct fault *fault)
{
	char *theirs[N_OWN_FILES];
	bool ok = is_apart_of_all(options, all, key, fault);
	for (size_t i = 0; ok && i < options->n_overlays; i++) {
		const char *other = options->overlays[i].key;
		if (strcmp(other, key) == 0)
			continue;
		files_of(options, all, config_path, other, theirs);
		ok = is_apart_of(options, theirs, other, key, fault);
		for (size_t f = 0; f < N_OWN_FILES; f++)
			free(theirs[f]);
	}
	return ok;
}

bool options_choose(struct options *options, const char *key, struct fault *fault)
{
	if (*key == '\0' || strcmp(key, ORGANISATION_ALL) == 0)
		return true;
	if (!organisation_key_check(key, fault))
		return false;
	char *all[N_OWN_FILES], *main_path = options->config_path;
	for (size_t f = 0; f < N_OWN_FILES; f++)
		all[f] = mem_strdup(*(char **)options_member(options, own_files[f]));
	for (size_t i = 0; i < COUNT_OF(owns); i++) {
		char **path = options_member(options, owns[i]), *own = **path != '\0' ? own_path(*path, key) : mem_strdup("");
		free(*path);
		*path = own;
	}
	for (size_t i = 0; i < COUNT_OF(apart); i++)
		**(char **)options_member(options, apart[i]) = '\0';
	const struct options_overlay *overlay = options_overlay_of(options, key);
	bool ok = true;
	for (size_t i = 0; ok && overlay != NULL && i < overlay->n; i++) {
		options->sources[overlay->said[i].option] = SETTING_BY_FILE;
		ok = options_put(options, overlay->said[i].option, overlay->said[i].value, fault);
	}
	options->main_path = main_path;
	options->config_path = own_path(main_path, key);
	ok = ok && (access(options->config_path, F_OK) != 0 || options_read_file(options, options->config_path, true, fault)) &&
	    is_apart(options, all, main_path, key, fault);
	free(options->organisation);
	options->organisation = mem_strdup(key);
	for (size_t f = 0; f < N_OWN_FILES; f++)
		free(all[f]);
	return ok;
}

const char *options_organisation_name(const struct options *options, const char *key)
{
	for (size_t i = 0; i < options->n_overlays; i++)
		if (strcmp(options->overlays[i].key, key) == 0)
			return options->overlays[i].name;
	return NULL;
}
