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

/* What an organisation, chosen or not, says of such a file; malloc'd. `path`: where it says nothing. Takes it. */
static char *file_of(struct options *options, size_t option, char *path, const char *config_path, const char *key)
{
	struct options_overlay *overlay = options_overlay_of(options, key);
	char *own = own_path(config_path, key);
	const char *said = path;
	for (size_t i = 0; overlay != NULL && i < overlay->n; i++)
		said = overlay->said[i].option == option ? overlay->said[i].value : said;
	struct options scratch = { 0 };
	char **own_said = options_member(&scratch, option);
	struct fault ignored; /* who opens that organisation hears of it */
	if (access(own, F_OK) == 0 && options_read_file(&scratch, own, true, &ignored) && *own_said != NULL)
		said = *own_said;
	char *answer = mem_strdup(said);
	options_clear(&scratch);
	free(own);
	free(path);
	return answer;
}

/* Of each organisation its own: who watches, and who may change lines. */
static const size_t sign_ins[] = { OPTION_token_file, OPTION_responder_token_file };

/* A sign-in is of one organisation, and Webex counts requests by it; whose the secret of webhooks
 * is, is told what was signed with it. `all`: what it was before the organisation was chosen. */
static bool is_apart_of_all(const struct options *options, char *const *all, const char *secret_file, const char *key, struct fault *fault)
{
	for (size_t i = 0; i < COUNT_OF(sign_ins); i++)
		if (same_file(options->token_file, all[i]) || same_file(options->responder_token_file, all[i]))
			return fault_set(fault, FAULT_USAGE, _("the organisation %s has the token file that is for all (%s): each has a sign-in of its own"), key, all[i]);
	const char *secret = options->live_secret_file;
	if (same_file(secret, secret_file))
		return fault_set(fault, FAULT_USAGE, _("the organisation %s has the webhooks' secret that is for all (%s): an event of one would be believed by the other"), key, secret);
	return true;
}

static bool has_other_sign_ins(struct options *options, char *const *all, const char *other, const char *config_path, const char *key, struct fault *fault)
{
	bool ok = true;
	for (size_t i = 0; ok && i < COUNT_OF(sign_ins); i++) {
		char *theirs = file_of(options, sign_ins[i], own_path(all[i], other), config_path, other);
		if (same_file(options->token_file, theirs) || same_file(options->responder_token_file, theirs))
			ok = fault_set(fault, FAULT_USAGE, _("the organisations %s and %s name the same token file, %s: each has a sign-in of its own"), key, other, theirs);
		free(theirs);
	}
	return ok;
}

static bool is_apart(struct options *options, char *const *all, const char *secret_file, const char *config_path, const char *key, struct fault *fault)
{
	const char *secret = options->live_secret_file;
	bool ok = is_apart_of_all(options, all, secret_file, key, fault);
	for (size_t i = 0; ok && i < options->n_overlays; i++) {
		const char *other = options->overlays[i].key;
		if (strcmp(other, key) == 0)
			continue;
		char *their_secret = file_of(options, OPTION_live_secret_file, mem_strdup(""), config_path, other);
		ok = has_other_sign_ins(options, all, other, config_path, key, fault);
		if (ok && same_file(secret, their_secret))
			ok = fault_set(fault, FAULT_USAGE, _("the organisations %s and %s have the same webhooks' secret, %s: an event of one would be believed by the other"), key, other, secret);
		free(their_secret);
	}
	return ok;
}

bool options_choose(struct options *options, const char *key, struct fault *fault)
{
	if (*key == '\0' || strcmp(key, ORGANISATION_ALL) == 0)
		return true;
	if (!organisation_key_check(key, fault))
		return false;
	char *all[] = { mem_strdup(options->token_file), mem_strdup(options->responder_token_file) }, *secret_file = mem_strdup(options->live_secret_file), *main_path = options->config_path;
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
	    is_apart(options, all, secret_file, main_path, key, fault);
	free(options->organisation);
	options->organisation = mem_strdup(key);
	for (size_t i = 0; i < COUNT_OF(all); i++)
		free(all[i]);
	free(secret_file);
	return ok;
}

const char *options_organisation_name(const struct options *options, const char *key)
{
	for (size_t i = 0; i < options->n_overlays; i++)
		if (strcmp(options->overlays[i].key, key) == 0)
			return options->overlays[i].name;
	return NULL;
}
