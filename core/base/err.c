/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/err.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 5, 0))) static int err_fill(struct err *err, int code, int pos,
							  int len, const char *fmt, va_list args)
{
	if (err) {
		err->code = code;
		err->pos = pos;
		err->len = len;
		vsnprintf(err->text, sizeof(err->text), fmt, args);
	}
	return code;
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	err_fill(err, code, -1, 0, fmt, args);
	va_end(args);
	return code;
}

int err_set_at(struct err *err, int code, int pos, int len, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	err_fill(err, code, pos, len, fmt, args);
	va_end(args);
	return code;
}
