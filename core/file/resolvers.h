/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of servers of DNS over HTTPS, from its file. */
#ifndef DNSTOP_FILE_RESOLVERS_H
#define DNSTOP_FILE_RESOLVERS_H

#include "core/base/err.h"
#include "core/flow/inventory.h"

/* path: NULL for the list that came along with the program, which lies in
 * ../share/dnstop of its folder, or in its source tree; that there is none is
 * no error. Returns 0 or a negative errno with err filled. */
int resolvers_read(struct inventory *v, const char *path, struct err *err);

#endif
