/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in the user's text a mistake is, as two lines of a terminal:
 *
 *   rcode=NXDOMAIN and latencyy>1ms
 *                      ^~~~~~~~
 */
#ifndef DNSTOP_APP_PLACE_H
#define DNSTOP_APP_PLACE_H

#include <stdio.h>

#include "core/base/err.h"

/* Of a text that is wider than a terminal, what is around the place. Bytes that are
 * no characters of the locale, and control characters, are a question mark each. */
void place_show(const char *text, const struct err *err, FILE *out);

#endif
