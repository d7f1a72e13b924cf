/* SPDX-License-Identifier: Apache-2.0
 *
 * cdr_feed and cdr_stream: which windows are allowed, how often one may ask,
 * which records a window holds and how they are cut into pages.
 *
 * The feed selects by Start time, the stream by the time a record was put into
 * the store. A page's cursor is a time, so the record at the border comes
 * twice. The search runs on the lane, which owns the days. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_parts.h"
#include "sim/export.h"
#include "sim/legs.h"

#define MAX_LOCATIONS 10

struct page_job {
	struct job job;
	struct cloud_request *request;
	bool is_stream, is_page, duplicates;
	int64_t start_ms, end_ms, cursor_ms, now_ms, max;
	struct text locations[MAX_LOCATIONS]; /* names */
	size_t n_locations;
	/* found */
	struct text body;
	size_t n_total, n_found;
	int64_t next_ms; /* 0: this is the last page */
};

/* ------------------------------------------------------- on the lane: search */

static int64_t key_of(const struct page_job *job, const struct sim_leg *leg)
{
	return job->is_stream ? leg->insert_ms : leg->start_ms;
}

static bool is_at_location(const struct page_job *job, const struct sim_leg *leg)
{
	if (job->n_locations == 0)
		return true;
	for (size_t i = 0; i < job->n_locations; i++)
		if (strcmp(leg->site->name, text_string(&job->locations[i])) == 0)
			return true;
	return false;
}

struct found {
	const struct sim_leg *leg;
	int64_t key_ms;
};

static int by_key(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->key_ms != y->key_ms)
		return x->key_ms < y->key_ms ? -1 : 1;
	char one[SIM_UUID_BYTES], other[SIM_UUID_BYTES];
	return strcmp(sim_uuid(x->leg->report, one), sim_uuid(y->leg->report, other));
}

static struct found *find(struct page_job *job, size_t *n_out)
{
	struct cloud *cloud = job->request->cloud;
	struct found *found = NULL;
	size_t n = 0, capacity = 0;
	int64_t first = job->start_ms / DAY_MS, last = (job->end_ms - 1) / DAY_MS;
	if (job->is_stream)
		first -= SIM_HORIZON_DAYS - 1;
	for (int64_t day = first; day <= last; day++) {
		bool late_only = job->is_stream && (day + 1) * DAY_MS <= job->start_ms;
		const struct sim_legs *made =
		    day_cache_get(cloud->days, cloud->traffic, day, late_only, first, last);
		for (size_t i = 0; i < made->n; i++) {
			const struct sim_leg *leg = made->order[i];
			int64_t key = key_of(job, leg);
			if (key < job->start_ms || key >= job->end_ms ||
			    leg->insert_ms > job->now_ms || !is_at_location(job, leg))
				continue;
			found = mem_grow(found, n, &capacity, sizeof *found);
			found[n++] = (struct found){ leg, key };
		}
	}
	if (n > 0)
		qsort(found, n, sizeof *found, by_key);
	*n_out = n;
	return found;
}

static uint64_t chance_of(const struct sim_leg *leg)
{
	char id[SIM_UUID_BYTES];
	return hash_text(sim_uuid(leg->report, id));
}

/* Order is not promised: neighbours change places, the same way each time. */
static void disorder(const struct sim_leg **page, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t h = chance_of(page[i]);
		size_t other = i + h % 5;
		if (h % 3 != 0 || other >= n)
			continue;
		const struct sim_leg *leg = page[i];
		page[i] = page[other];
		page[other] = leg;
	}
}

static void search_work(struct job *base)
{
	struct page_job *job = (struct page_job *)base;
	size_t n, first = 0, n_page = 0;
	struct found *found = find(job, &n);
	job->n_total = n;
	while (first < n && found[first].key_ms < job->cursor_ms)
		first++;
	/* With duplicates on, some of the page's places are for those. */
	size_t spare = job->duplicates ? (size_t)job->max / 25 : 0;
	size_t end = MIN(n, first + (size_t)job->max - spare);
	while (end > first && end < n && found[end].key_ms == found[end - 1].key_ms)
		end++;
	if (end < n) {
		job->next_ms = found[end - 1].key_ms;
		if (job->next_ms <= job->cursor_ms)
			job->next_ms = found[end].key_ms;
	}
	const struct sim_leg **page = mem_alloc((end - first + spare + 1) * sizeof *page);
	for (size_t i = first - MIN(first, spare / 2); i < end; i++) {
		page[n_page++] = found[i].leg; /* those before `first`: once more */
	}
	size_t n_fresh = n_page;
	for (size_t i = 0; i < n_fresh && n_page < n_fresh + spare / 2; i++)
		if (chance_of(page[i]) % 50 == 0)
			page[n_page++] = page[i];
	disorder(page, n_page);
	job->n_found = n_page;
	if (n_page > 0)
		sim_page_json(&job->body, page, n_page, job->request->cloud->org);
	free(page);
	free(found);
}

/* --------------------------------------------------------- on the loop again */

static void add_link(struct page_job *job)
{
	struct cloud_request *request = job->request;
	const struct cloud *cloud = request->cloud;
	char start[ISO_TIME_BYTES], end[ISO_TIME_BYTES], next[ISO_TIME_BYTES];
	char names[CLOUD_WORD_BYTES], own[CLOUD_URL_BYTES];
	struct text url = { 0 };
	text_printf(&url, "%s%s?endTime=%s&startTime=%s&startTimeForNextFetch=%s&totalCount=%zu"
			  "&max=%lld&orgId=%s",
	    cloud_own_url(request, own),
	    http_visit_path(request->visit), iso_time_format(job->end_ms, end),
	    iso_time_format(job->start_ms, start), iso_time_format(job->next_ms, next),
	    job->n_total, (long long)job->max, cloud->org->uuid);
	if (cloud_query(request, "locations", names)[0] != '\0')
		url_add_pair(&url, "locations", names);
	enum cloud_link form = cloud->options.link;
	if (form == CLOUD_LINK_BOTH)
		form = hash_mix((uint64_t)job->next_ms) & 1 ? CLOUD_LINK_PLAIN : CLOUD_LINK_DOUBLE;
	cloud_header(request, form == CLOUD_LINK_DOUBLE ? "Link: <<%s>;rel=\"next\">"
							: "Link: <%s>; rel=\"next\"",
	    text_string(&url));
	text_clear(&url);
}

static void search_done(struct job *base, bool cancelled)
{
	struct page_job *job = (struct page_job *)base;
	if (cancelled) {
		cloud_reply_error(job->request, 503, "The server is shutting down");
	} else if (job->n_found == 0) {
		cloud_reply_error(job->request, 404, "No CDRs for requested time range and filters");
	} else {
		if (job->next_ms != 0)
			add_link(job);
		cloud_reply_json(job->request, 200, &job->body);
	}
	for (size_t i = 0; i < job->n_locations; i++)
		text_clear(&job->locations[i]);
	text_clear(&job->body);
	free(job);
}

/* ---------------------------------------------------------------- the request */

/* One initial call a minute and ten of further pages, for a user. */
static bool is_within_rate(struct cloud_request *request, bool is_page)
{
	struct cloud *cloud = request->cloud;
	const struct cloud_options *o = &cloud->options;
	struct rate *rate = &cloud->rates[request->token.owner];
	int64_t now = cloud_now_ms(cloud), last, wait;
	size_t limit = (size_t)MIN(MAX(o->n_pages, 1), (int)COUNT_OF(rate->page_ms));
	if (o->rate_ms <= 0)
		return true;
	if (is_page)
		last = rate->n_pages < limit ? 0 : rate->page_ms[rate->n_pages % limit];
	else
		last = rate->initial_ms;
	wait = last == 0 ? 0 : last + o->rate_ms - now;
	if (wait > 0) {
		cloud->n_limited++;
		cloud_header(request, "Retry-After: %lld", (long long)cloud_real_seconds(cloud, wait));
		cloud_reply_error(request, 429, "Request rate exceeds threshold");
		return false;
	}
	if (is_page)
		rate->page_ms[rate->n_pages++ % limit] = now;
	else
		rate->initial_ms = now;
	return true;
}

/* Exactly YYYY-MM-DDTHH:MM:SS.mmmZ. */
static bool read_time(struct cloud_request *request, const char *name, int64_t *ms)
{
	char word[CLOUD_WORD_BYTES], sentence[160];
	cloud_query(request, name, word);
	size_t n = strlen(word);
	if (n == 24 && word[10] == 'T' && word[19] == '.' && word[23] == 'Z' &&
	    iso_time_parse(word, n, ms))
		return true;
	snprintf(sentence, sizeof sentence, n == 0
		? "Required request parameter '%s' is not present"
		: "%s must be of the format YYYY-MM-DDTHH:MM:SS.mmmZ", name);
	cloud_reply_error(request, 400, sentence);
	return false;
}

/* Limits are exact to the second. The sentence of the limit broken, or NULL. */
static const char *window_fault(const struct cloud *cloud, const struct page_job *job)
{
	const struct cloud_options *o = &cloud->options;
	int64_t longest = job->is_stream ? o->stream_window_ms : o->feed_window_ms;
	int64_t kept = job->is_stream ? o->stream_retention_ms : o->feed_retention_ms;
	int64_t delay = job->is_stream ? o->stream_delay_ms : o->feed_delay_ms;
	int64_t now_s = job->now_ms / SECOND_MS;
	if (job->start_ms >= job->end_ms)
		return "startTime must be before endTime";
	if (job->end_ms - job->start_ms > longest)
		return job->is_stream ? "The time range must not be longer than 2 hours"
				      : "The time range must not be longer than 12 hours";
	if (job->end_ms / SECOND_MS > now_s - delay / SECOND_MS)
		return job->is_stream ? "endTime must be at least 1 minute before the current time"
				      : "endTime must be at least 5 minutes before the current time";
	/* A further page of a window that was allowed stays allowed. */
	if (!job->is_page && job->start_ms / SECOND_MS < now_s - kept / SECOND_MS)
		return job->is_stream ? "startTime must be within the last 12 hours"
				      : "startTime must be within the last 30 days";
	return NULL;
}

/* Names as in Control Hub, separated by commas. */
static bool read_locations(struct cloud_request *request, struct page_job *job)
{
	char list[CLOUD_WORD_BYTES], *rest = list, *name;
	if (cloud_query(request, "locations", list)[0] == '\0')
		return true;
	while ((name = strsep(&rest, ",")) != NULL) {
		if (job->n_locations == MAX_LOCATIONS)
			return false;
		struct text *out = &job->locations[job->n_locations++];
		text_puts(out, name);
	}
	return true;
}

static void drop(struct page_job *job)
{
	for (size_t i = 0; i < job->n_locations; i++)
		text_clear(&job->locations[i]);
	free(job);
}

static void serve_records(struct cloud_request *request, bool is_stream)
{
	struct cloud *cloud = request->cloud;
	char word[CLOUD_WORD_BYTES];
	bool is_page = cloud_query(request, "startTimeForNextFetch", word)[0] != '\0';
	if (!is_within_rate(request, is_page))
		return;
	if (request->other_region != cloud->options.records_are_there) {
		char sentence[300];
		const char *right = cloud->options.records_are_there ? cloud_other_url(cloud)
								     : cloud_url(cloud);
		snprintf(sentence, sizeof sentence,
		    "This server cannot serve the data for this organization. Please use %s",
		    right + strlen("https://"));
		cloud_reply_error(request, 451, sentence);
		return;
	}
	struct page_job *job = mem_zalloc(sizeof *job);
	job->job.work = search_work;
	job->job.done = search_done;
	job->request = request;
	job->is_stream = is_stream;
	job->is_page = is_page;
	job->duplicates = (cloud->faults.mask & SIM_FAULT_BIT(SIM_FAULT_DUPLICATES)) != 0;
	job->now_ms = cloud_now_ms(cloud);
	if (!read_time(request, "startTime", &job->start_ms) ||
	    !read_time(request, "endTime", &job->end_ms) ||
	    (is_page && !read_time(request, "startTimeForNextFetch", &job->cursor_ms))) {
		drop(job);
		return;
	}
	if (!is_page)
		job->cursor_ms = job->start_ms;
	const char *why = window_fault(cloud, job);
	if (why == NULL && (job->cursor_ms < job->start_ms || job->cursor_ms >= job->end_ms))
		why = "startTimeForNextFetch must be within the time range";
	if (why == NULL && !read_locations(request, job))
		why = "locations must hold at most 10 names";
	job->max = cloud->options.max_page;
	if (why == NULL && cloud_query(request, "max", word)[0] != '\0' &&
	    !text_to_int(word, INT32_MIN, INT32_MAX, &job->max))
		why = "max must be a number";
	if (why != NULL) {
		cloud_reply_error(request, 400, why);
		drop(job);
		return;
	}
	job->max = MIN(MAX(job->max, cloud->options.min_page), cloud->options.max_page);
	lane_submit(cloud->lane, &job->job);
}

void serve_cdr_feed(struct cloud_request *request)
{
	serve_records(request, false);
}

void serve_cdr_stream(struct cloud_request *request)
{
	serve_records(request, true);
}
