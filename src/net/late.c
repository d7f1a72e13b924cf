/* SPDX-License-Identifier: Apache-2.0 */
#include "net/late.h"

#include <dlfcn.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

char *late_load(const char *library, const char *const *names, void *table, size_t n)
{
	/* Never closed: what it registered with the C library stays. */
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; handle != NULL && i < n; i++) {
		void *function = dlsym(handle, names[i]);
		if (function == NULL)
			return mem_printf(_("%s has no %s"), library, names[i]);
		/* ISO C has no cast from an object's pointer to a function's. */
		memcpy((char *)table + i * sizeof function, &function, sizeof function);
	}
	return handle != NULL ? NULL : mem_printf(_("a library cannot be loaded: %s"), dlerror());
}
