/* SPDX-License-Identifier: Apache-2.0
 *
 * /adminAudit/events: the newest first, by Link or by offset, of a stretch of at most
 * a year. An administrator's own acts come from the office, those with a stolen session
 * from elsewhere. The days are made on the lane. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "sim/acts.h"
#include "sim/cloud_parts.h"
#include "webex/ids.h"

enum { MOST = 200, USUAL = 100 };
#define LONGEST	 (366 * DAY_MS)
#define KEPT	 (395 * DAY_MS)
#define DELAY_MS (30 * SECOND_MS) /* until the audit has it */

#define OFFICE "198.51.100.23"
#define AWAY   "203.0.113.77"
#define BROWSER "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
#define SCRIPT	"python-requests/2.32.3"

struct audit_job {
	struct job job;
	struct cloud_request *request;
	int64_t from_ms, to_ms, now_ms, max, offset;
	struct text body;
	size_t n_total;
};

/* base64 of the bare UUID, as audit events have it (and nothing else does). */
static void add_bare_id(struct text *out, const char *name, const char *uuid)
{
	char id[60];
	base64_encode(uuid, strlen(uuid), false, false, id);
	cloud_add_string(out, name, id);
}

static void add_event(const struct cloud *cloud, const struct sim_act *act, struct text *out)
{
	const struct sim_person *admin = &cloud->org->people[cloud->admin];
	const struct sim_person *target = act->target < 0 ? admin : &cloud->org->people[act->target];
	char uuid[37], id[60], time[ISO_TIME_BYTES];
	struct text words = { 0 };
	cloud_uuid(cloud, "audit event", act->key, uuid);
	base64_encode(uuid, 36, false, false, id);
	text_putc(out, '{');
	cloud_add_string(out, "id", id);
	cloud_add_string(out, "created", iso_time_format(act->at_ms, time));
	add_bare_id(out, "actorId", admin->uuid);
	text_puts(out, "\"actorOrgId\":");
	cloud_id("ORGANIZATION", cloud->org->uuid, out);
	text_puts(out, ",\"data\":{");
	cloud_add_string(out, "eventCategory", act->category);
	cloud_add_string(out, "eventDescription", act->description);
	text_printf(&words, "%s: %s (%s)", admin->display_name, act->description, target->display_name);
	cloud_add_string(out, "actionText", text_string(&words));
	text_clear(&words);
	cloud_add_string(out, "actorName", admin->display_name);
	cloud_add_string(out, "actorEmail", admin->email);
	cloud_add_string(out, "actorIp", act->is_thief ? AWAY : OFFICE);
	cloud_add_string(out, "actorUserAgent", act->is_thief ? SCRIPT : BROWSER);
	cloud_add_string(out, "actorOrgName", cloud->org->name);
	text_puts(out, "\"adminRoles\":[\"Full_Admin\"],");
	cloud_add_string(out, "targetType", "USER");
	cloud_add_string(out, "targetName", target->display_name);
	add_bare_id(out, "targetId", target->uuid);
	text_puts(out, "\"targetOrgId\":");
	cloud_id("ORGANIZATION", cloud->org->uuid, out);
	text_putc(out, ',');
	const char *const values[][2] = { { "settingName", act->setting }, { "settingValue", act->became }, { "previousValue", act->was } };
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		if (values[i][1] != NULL && *values[i][1] != '\0')
			cloud_add_string(out, values[i][0], values[i][1]);
		else
			text_printf(out, "\"%s\":null,", values[i][0]);
	}
	cloud_add_string(out, "operationType", act->operation);
	text_printf(out, "\"entityType\":null,\"eventStatus\":\"SUCCESS\",\"failedReason\":\" \",\"trackingId\":\"ATLAS_%s\",\"errorCode\":null,\"errorMessage\":null}}", uuid);
}

static void search_work(struct job *base)
{
	struct audit_job *job = (struct audit_job *)base;
	const struct cloud *cloud = job->request->cloud;
	int64_t last = MIN(job->to_ms, job->now_ms - DELAY_MS), first = MAX(job->from_ms, job->now_ms - KEPT), n = 0;
	text_puts(&job->body, "{\"items\":[");
	for (int64_t day = last / DAY_MS; day >= first / DAY_MS; day--) {
		struct sim_acts acts;
		traffic_acts(cloud->traffic, day, &acts);
		for (size_t i = acts.n; i-- > 0;) {
			const struct sim_act *act = &acts.items[i];
			if (act->at_ms < first || act->at_ms > last)
				continue;
			if ((int64_t)job->n_total++ < job->offset || n >= job->max)
				continue;
			if (n++ > 0)
				text_putc(&job->body, ',');
			add_event(cloud, act, &job->body);
		}
		sim_acts_free(&acts);
	}
	text_puts(&job->body, "]}");
}

static void search_done(struct job *base, bool cancelled)
{
	struct audit_job *job = (struct audit_job *)base;
	struct cloud_request *request = job->request;
	if (cancelled) {
		cloud_reply_error(request, 503, "The server is shutting down");
	} else {
		if (job->offset + job->max < (int64_t)job->n_total) {
			char from[ISO_TIME_BYTES], to[ISO_TIME_BYTES], own[CLOUD_URL_BYTES], org[WEBEX_ID_BYTES];
			webex_id_make("ORGANIZATION", request->cloud->org->uuid, org);
			cloud_header(request, "Link: <%s%s?orgId=%s&from=%s&to=%s&max=%lld&offset=%lld>; rel=\"next\"", cloud_own_url(request, own),
			    http_visit_path(request->visit), org, iso_time_format(job->from_ms, from), iso_time_format(job->to_ms, to),
			    (long long)job->max, (long long)job->offset + (long long)job->max);
		}
		cloud_reply_json(request, 200, &job->body);
	}
	text_clear(&job->body);
	free(job);
}

static bool read_time(struct cloud_request *request, const char *name, int64_t *ms)
{
	char word[CLOUD_WORD_BYTES], sentence[120];
	cloud_query(request, name, word);
	if (*word != '\0' && iso_time_parse(word, strlen(word), ms))
		return true;
	snprintf(sentence, sizeof sentence, "Required request parameter '%s' for method parameter type String is not present", name);
	cloud_reply_error(request, 400, sentence);
	return false;
}

static bool read_number(const struct cloud_request *request, const char *name, int64_t least, int64_t *value)
{
	char word[CLOUD_WORD_BYTES];
	return cloud_query(request, name, word)[0] == '\0' || text_to_int(word, least, INT32_MAX, value);
}

void serve_admin_audit(struct cloud_request *request)
{
	const struct cloud *cloud = request->cloud;
	struct audit_job wish = { .job = { .work = search_work, .done = search_done }, .request = request, .now_ms = cloud_now_ms(cloud), .max = USUAL };
	char word[CLOUD_WORD_BYTES], uuid[UUID_BYTES];
	if (cloud_query(request, "orgId", word)[0] == '\0') {
		cloud_reply_error(request, 400, "Required request parameter 'orgId' for method parameter type String is not present");
		return;
	}
	if (!webex_id_uuid(word, uuid) || strcmp(uuid, cloud->org->uuid) != 0) {
		cloud_reply_error(request, 403, "The caller has no access to this organization");
		return;
	}
	if (!read_time(request, "from", &wish.from_ms) || !read_time(request, "to", &wish.to_ms))
		return;
	if (!read_number(request, "max", 1, &wish.max) || !read_number(request, "offset", 0, &wish.offset) || wish.max > MOST) {
		cloud_reply_error(request, 400, "max must be from 1 to 200, and offset a number");
		return;
	}
	if (wish.to_ms <= wish.from_ms || wish.to_ms - wish.from_ms > LONGEST) {
		cloud_reply_error(request, 400, "The time range must not be longer than one year");
		return;
	}
	struct audit_job *job = mem_alloc(sizeof *job);
	*job = wish;
	lane_submit(request->cloud->lane, &job->job);
}
