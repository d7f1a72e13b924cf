/* SPDX-License-Identifier: Apache-2.0
 *
 * Words of a command line, taken one after the other; what nobody took is an
 * error at the end. "--name VALUE" and "--name=VALUE" are the same. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "base/fault.h"

struct args {
	char **words;
	bool *taken;
	int n;
};

void args_init(struct args *, int n, char **words); /* words are borrowed */
void args_clear(struct args *);

bool args_flag(struct args *, const char *name); /* was --name given? */
/* The value of --name, or NULL. A missing value is found by args_finish. */
const char *args_value(struct args *, const char *name);
const char *args_next(struct args *); /* the next word that is no option, or NULL */
/* As args_next, but passes over the values of these options, which are taken later. */
const char *args_first(struct args *, const char *const *valued, size_t n_valued);
/* Everything was understood? */
bool args_finish(struct args *, struct fault *) MUST_USE;

#endif
