/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is told: is the file understood, and is each destination's secret there and
 * safe? Nothing is sent: that is what `notify test` is for. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/doctor.h"
#include "notify/kind.h"
#include "webex/secret.h"

static bool secret_is_good(const struct secret_at *at, struct fault *fault)
{
	struct secret_source source = { .file = at->file, .command = at->command };
	char *secret;
	if (!secret_source_is_set(&source))
		return true;
	if (!secret_read(&source, &secret, fault))
		return false;
	mem_free_secret(secret);
	return true;
}

static bool path_is_good(const struct destination *to, struct fault *fault)
{
	const char *const files[] = { to->path, to->ca_file };
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		bool is_there = files[i] != NULL && access(files[i], F_OK) == 0;
		if (files[i] != NULL && (i == 1 || is_there) && access(files[i], i == 0 ? W_OK : R_OK) != 0)
			return fault_set(fault, FAULT_SYSTEM, "%s: %s", files[i], strerror(errno));
	}
	return true;
}

void doctor_notify(struct doctor *d)
{
	const char *path = d->options->notify_file, *title = _("who is told");
	struct notify_routes *routes;
	struct fault fault;
	if (*path == '\0')
		return;
	if (!notify_routes_read(path, &routes, &fault)) {
		doctor_check(d, CHECK_FAILED, "notify", title, "%s", fault.text);
		doctor_advise(d, _("correct that line; the README shows the file"));
		return;
	}
	bool idle = routes->n_routes == 0;
	struct stat status;
	if (stat(path, &status) == 0 && (status.st_mode & 022) != 0) {
		doctor_check(d, CHECK_FAILED, "notify", title, _("others may write %s, and it can name commands that run as you"), path);
		doctor_advise(d, "chmod go-w '%s'", path);
	} else {
		doctor_check(d, idle ? CHECK_WARNING : CHECK_OK, "notify", title, idle ? _("%s has no routes: nobody is told anything (destinations: %zu)") : _("%s is understood: %zu destinations; centinela notify test NAME tries one"), path,
		    routes->n_destinations);
	}
	for (size_t i = 0; i < routes->n_destinations; i++) {
		const struct destination *to = &routes->destinations[i];
		bool ok = secret_is_good(&to->url, &fault) && secret_is_good(&to->secret, &fault) && path_is_good(to, &fault);
		doctor_check(d, ok ? CHECK_OK : CHECK_FAILED, "destination", _("destination"), "%s (%s)%s%s", to->name, to->kind->name, ok ? "" : ": ", ok ? "" : fault.text);
		if (!ok)
			doctor_advise(d, _("it is tried again by itself once that is mended; notify resend sends what was given up"));
	}
	notify_routes_free(routes);
}
