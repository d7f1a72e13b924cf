/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"

enum { MAX_BYTES = 32 << 20, BROKEN_TRIES = 3 };

struct webex_list {
	struct webex *webex;
	struct webex_list_request request;
	struct webex_list_events events;
	char *path, *key, *next, *by;
	size_t n_items;
	int page, start, n_broken;
	uint64_t page_hash; /* of the last body: start may be ignored */
	struct paging paging;
	struct webex_call *call;
};

static void ask(struct webex_list *list);

static void end(struct webex_list *list, const struct fault *fault, int status)
{
	static const struct fault none;
	list->events.on_end(fault != NULL ? fault : &none, status, list->events.arg);
	paging_clear(&list->paging);
	free(list->path);
	free(list->key);
	free(list->next);
	free(list->by);
	free(list);
}

static bool has_parameter(const char *address, const char *name, size_t n)
{
	for (const char *p = strchr(address, '?'); p != NULL; p = strchr(p + 1, '&')) {
		if (strncmp(p + 1, name, n) == 0 && p[1 + n] == '=')
			return true;
	}
	return false;
}

/* Webex's next links are followed as they are, but for two faults that were
 * met: "max=null", and parameters of the question that it forgot (without
 * callingData people come without number and site). */
static char *mended(const struct webex_list *list, const char *next)
{
	struct text out = { 0 };
	const char *null = strstr(next, "max=null");
	bool whole = null != NULL && null > next && strchr("?&", null[-1]) != NULL && strchr("&", null[8]) != NULL;
	if (whole && list->page > 0)
		text_printf(&out, "%.*smax=%d%s", (int)(null - next), next, list->page, null + 8);
	else
		text_puts(&out, next);
	const char *query = strchr(list->path, '?');
	for (const char *p = query == NULL ? "" : query + 1; *p != '\0';) {
		size_t n = strcspn(p, "&"), name = strcspn(p, "=&");
		if (name < n && !has_parameter(text_string(&out), p, name))
			text_printf(&out, "%c%.*s", strchr(text_string(&out), '?') == NULL ? '?' : '&', (int)n, p);
		p += n + (p[n] == '&');
	}
	char *address = mem_strdup(text_string(&out));
	text_clear(&out);
	return address;
}

/* The whole address or path of the next page, or NULL. */
static bool find_next(struct webex_list *list, const struct webex_answer *answer, size_t n_items,
    struct fault *fault)
{
	free(list->next);
	list->next = NULL;
	if (answer->next[0] != '\0') {
		if (!webex_may_ask(list->webex, answer->next, fault) ||
		    !paging_add(&list->paging, answer->next, fault))
			return fault_context(fault, "the next page of %s",
			    webex_api_row(list->request.api)->name);
		list->next = mended(list, answer->next);
	} else if (list->by != NULL && list->page > 0 && n_items >= (size_t)list->page &&
	    hash_bytes(answer->body, answer->body_n) != list->page_hash) {
		list->page_hash = hash_bytes(answer->body, answer->body_n);
		list->start += list->page;
		char mark[32];
		snprintf(mark, sizeof mark, "%d", list->start);
		return paging_add(&list->paging, mark, fault);
	} else {
		list->start = -1; /* that was the last */
	}
	return true;
}

static void on_answer(struct webex_answer *answer, void *arg)
{
	struct webex_list *list = arg;
	struct fault fault;
	list->call = NULL;
	if (answer->fault.code != FAULT_NONE) {
		bool too_slow = answer->fault.code == FAULT_NETWORK &&
		    (answer->status >= 500 || answer->status == 0);
		if (too_slow && list->request.smaller_page > 0 && list->page > list->request.smaller_page) {
			log_info("%s: pages of %d fail, asking for %d", webex_api_row(list->request.api)->name,
			    list->page, list->request.smaller_page);
			list->page = list->request.smaller_page;
			list->start = 0;
			list->n_items = 0;
			free(list->next);
			list->next = NULL;
			paging_clear(&list->paging);
			if (list->events.on_again != NULL)
				list->events.on_again(list->events.arg);
			ask(list);
			return;
		}
		end(list, &answer->fault, answer->status);
		return;
	}
	json_auto_t *body = NULL;
	const json_t *items = NULL;
	if (answer->body == NULL || !json_parse(answer->body, answer->body_n, &body, &fault))
		fault_set(&fault, FAULT_INPUT, _("Webex's list of %s is not JSON"),
		    webex_api_row(list->request.api)->name);
	else if (items = json_object_get(body, list->key), !json_is_array(items))
		fault_set(&fault, FAULT_INPUT, _("Webex's list of %s has no \"%s\""),
		    webex_api_row(list->request.api)->name, list->key);
	if (!json_is_array(items)) {
		/* A gateway's bad moment, perhaps: the same page once more, twice. */
		if (++list->n_broken < BROKEN_TRIES)
			ask(list);
		else
			end(list, &fault, answer->status);
		return;
	}
	list->n_broken = 0;
	list->n_items += json_array_size(items);
	if (list->request.most > 0 && list->n_items > list->request.most) {
		fault_set(&fault, FAULT_LIMIT, _("Webex has more than %zu %s"), list->request.most, webex_api_row(list->request.api)->name);
		end(list, &fault, answer->status);
		return;
	}
	size_t i;
	const json_t *item;
	json_array_foreach(items, i, item)
		list->events.on_item(item, list->events.arg);
	if (!find_next(list, answer, json_array_size(items), &fault))
		end(list, &fault, answer->status);
	else if (list->next == NULL && list->start < 0)
		end(list, NULL, answer->status);
	else
		ask(list);
}

static void ask(struct webex_list *list)
{
	struct text path = { 0 };
	if (list->next != NULL) {
		text_puts(&path, list->next);
	} else {
		text_puts(&path, list->path);
		char glue = strchr(list->path, '?') != NULL ? '&' : '?';
		if (list->page > 0) {
			text_printf(&path, "%cmax=%d", glue, list->page);
			glue = '&';
		}
		if (list->by != NULL)
			text_printf(&path, "%c%s=%d", glue, list->by, list->start);
	}
	list->call = webex_send(list->webex, &(struct webex_request){
	    .api = list->request.api, .path = text_string(&path), .max_bytes = MAX_BYTES,
	    /* Waiting long for a page that will never come helps nobody. */
	    .max_tries = list->request.smaller_page > 0 && list->page > list->request.smaller_page ? 2 : 0,
	}, on_answer, list);
	text_clear(&path);
}

struct webex_list *webex_list(struct webex *webex, const struct webex_list_request *request,
    const struct webex_list_events *events)
{
	struct webex_list *list = mem_zalloc(sizeof *list);
	list->webex = webex;
	list->request = *request;
	list->events = *events;
	list->path = mem_strdup(request->path);
	list->key = mem_strdup(request->key);
	list->by = mem_strdup(request->by); /* NULL stays NULL */
	list->page = request->page;
	ask(list);
	return list;
}

void webex_list_cancel(struct webex_list *list)
{
	if (list->call != NULL)
		webex_call_cancel(list->call);
}
