/* SPDX-License-Identifier: Apache-2.0
 *
 * How an answer leaves: the headers every answer has, errors in their shapes,
 * and the faults that spoil what was good. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "sim/cloud_parts.h"

void cloud_header(struct cloud_request *request, const char *format, ...)
{
	char line[8192];
	va_list list;
	va_start(list, format);
	vsnprintf(line, sizeof line, format, list);
	va_end(list);
	text_puts(&request->headers, line);
	text_putc(&request->headers, '\n');
}

static void request_free(struct cloud_request *request)
{
	text_clear(&request->headers);
	free(request);
}

/* Everything leaves through here. Takes request and bytes. */
static void leave(struct cloud_request *request, int status, const char *type, char *bytes,
    size_t n, enum sim_fault fault)
{
	struct cloud *cloud = request->cloud;
	const char *headers[24];
	size_t n_headers = 0;
	char date[ISO_TIME_BYTES], line[3][200];
	http_date_format(cloud_now_ms(cloud), date);
	snprintf(line[0], sizeof line[0], "Date: %s", date);
	snprintf(line[1], sizeof line[1], "TrackingID: %s", request->tracking_id);
	snprintf(line[2], sizeof line[2], "Content-Type: %s", type == NULL ? "" : type);
	headers[n_headers++] = line[0];
	headers[n_headers++] = line[1];
	if (type != NULL)
		headers[n_headers++] = line[2];
	headers[n_headers++] = "Cache-Control: no-store";
	char *rest = request->headers.bytes;
	for (char *more; rest != NULL && (more = strsep(&rest, "\n")) != NULL;)
		if (*more != '\0' && n_headers < COUNT_OF(headers))
			headers[n_headers++] = more;
	struct http_answer answer = { .status = status, .headers = headers,
		.n_headers = n_headers, .take = bytes, .n_body = n };
	if (bytes == NULL)
		answer.body = "";
	if (fault == SIM_FAULT_CUT && n > 1) {
		answer.cut_after = 1 + sim_faults_pick(&cloud->faults, n - 1);
	} else if (fault == SIM_FAULT_SLOW_BODY && n > 0) {
		answer.pace_bytes = n / 16 + 1;
		answer.pace_ms = cloud->options.slow_pause_ms;
	}
	cloud->n_answers++;
	http_visit_answer(request->visit, &answer);
	request_free(request);
}

/* The faults that spoil a good answer: only of what may be asked again. */
#define ANSWER_FAULTS                                                        \
	(SIM_FAULT_BIT(SIM_FAULT_SLOW_BODY) | SIM_FAULT_BIT(SIM_FAULT_CUT) |  \
	    SIM_FAULT_BIT(SIM_FAULT_MALFORMED) | SIM_FAULT_BIT(SIM_FAULT_HOSTILE))

enum sim_fault cloud_strike(struct cloud_request *request, unsigned allowed)
{
	if (request->route == NULL || (request->route->flags & ROUTE_QUIET))
		return SIM_N_FAULTS;
	struct text target = { 0 };
	text_printf(&target, "%s %s?%s", http_visit_method(request->visit),
	    http_visit_path(request->visit), request->query);
	enum sim_fault fault = sim_faults_strike(&request->cloud->faults, allowed,
	    request->route->pattern, text_string(&target));
	text_clear(&target);
	return fault;
}

void cloud_reply_json(struct cloud_request *request, int status, struct text *body)
{
	enum sim_fault fault = SIM_N_FAULTS;
	if (status == 200 && (request->route->flags & ROUTE_FORM) == 0)
		fault = cloud_strike(request, ANSWER_FAULTS);
	size_t n = body->n;
	char *bytes = body->bytes;
	*body = (struct text){ 0 };
	if (fault == SIM_FAULT_MALFORMED || fault == SIM_FAULT_HOSTILE) {
		char *spoilt = sim_faults_spoil(&request->cloud->faults, fault, bytes, n, &n);
		free(bytes);
		bytes = spoilt;
	}
	leave(request, status, "application/json;charset=UTF-8", bytes, n, fault);
}

void cloud_reply_html(struct cloud_request *request, int status, struct text *body)
{
	size_t n = body->n;
	char *bytes = body->bytes;
	*body = (struct text){ 0 };
	cloud_header(request, "Content-Security-Policy: default-src 'none'; style-src "
			      "'unsafe-inline'; frame-ancestors 'none'");
	cloud_header(request, "X-Content-Type-Options: nosniff");
	leave(request, status, "text/html;charset=UTF-8", bytes, n, SIM_N_FAULTS);
}

void cloud_reply_nothing(struct cloud_request *request, int status)
{
	leave(request, status, NULL, NULL, 0, SIM_N_FAULTS);
}

void cloud_reply_error(struct cloud_request *request, int status, const char *sentence)
{
	struct text body = { 0 };
	text_puts(&body, "{\"message\":");
	json_quote(&body, sentence);
	if (request->route != NULL && (request->route->flags & ROUTE_RECORDS)) {
		text_printf(&body, ",\"errorCode\":%d", status);
	} else {
		text_puts(&body, ",\"errors\":[{\"description\":");
		json_quote(&body, sentence);
		text_puts(&body, "}]");
	}
	text_puts(&body, ",\"trackingId\":");
	json_quote(&body, request->tracking_id);
	text_putc(&body, '}');
	size_t n = body.n;
	leave(request, status, "application/json;charset=UTF-8", body.bytes, n, SIM_N_FAULTS);
}

void cloud_reply_oauth_error(struct cloud_request *request, int status, const char *error,
    const char *sentence)
{
	struct cloud *cloud = request->cloud;
	enum cloud_oauth_errors shape = cloud->options.oauth_errors;
	if (shape == CLOUD_OAUTH_BOTH)
		shape = cloud->n_errors++ % 2 ? CLOUD_OAUTH_RFC : CLOUD_OAUTH_WEBEX;
	if (shape == CLOUD_OAUTH_WEBEX) {
		cloud_reply_error(request, status, sentence);
		return;
	}
	struct text body = { 0 };
	text_puts(&body, "{\"error\":");
	json_quote(&body, error);
	text_puts(&body, ",\"error_description\":");
	json_quote(&body, sentence);
	text_putc(&body, '}');
	size_t n = body.n;
	leave(request, status, "application/json;charset=UTF-8", body.bytes, n, SIM_N_FAULTS);
}

void cloud_add_string(struct text *out, const char *name, const char *value)
{
	json_quote(out, name);
	text_putc(out, ':');
	json_quote(out, value);
	text_putc(out, ',');
}

void cloud_html_escape(struct text *out, const char *string)
{
	for (; *string != '\0'; string++) {
		switch (*string) {
		case '<': text_puts(out, "&lt;"); break;
		case '>': text_puts(out, "&gt;"); break;
		case '&': text_puts(out, "&amp;"); break;
		case '"': text_puts(out, "&quot;"); break;
		case '\'': text_puts(out, "&#39;"); break;
		default: text_putc(out, *string);
		}
	}
}
