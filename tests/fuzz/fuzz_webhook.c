/* SPDX-License-Identifier: Apache-2.0
 *
 * A webhook's body, and its signature header: whatever comes, it is refused
 * or becomes a bounded, printable call. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "webex/live_event.h"
#include "webex/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must_be_printable(const char *text)
{
	char again[256];
	text_printable(again, sizeof again, text, strlen(text));
	if (strcmp(again, text) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct live_call call, *calls;
	struct fault fault;
	size_t n_calls;
	char *text = mem_strndup((const char *)bytes, n);
	if (live_event_read((const char *)bytes, n, 1000, &call, &fault)) {
		live_call_understand(&call, NULL, NULL);
		must_be_printable(call.remote_number);
		must_be_printable(call.remote_name);
		must_be_printable(call.call_id);
		struct live_calls *live = live_calls_new();
		live_calls_apply(live, &call);
		live_calls_apply(live, &call);
		if (live_calls_count(live) > 1)
			abort();
		live_calls_free(live);
	}
	if (live_poll_read((const char *)bytes, n, "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e", 1000, &calls, &n_calls, &fault))
		free(calls);
	if (signature_is_right("secret", "body", 4, text, NULL) && strlen(text) != 40)
		abort();
	free(text);
	return 0;
}
