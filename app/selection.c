/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/selection.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "app/place.h"
#include "core/query/filter.h"
#include "core/query/filter_chips.h"

static int add(struct selection *s, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int add(struct selection *s, struct err *err, const char *fmt, ...)
{
	size_t room = s->size - s->len;
	char *at = s->text + s->len;
	int joined = snprintf(at, room, "%s", s->len ? " and " : "");
	va_list args;
	int n;

	if ((size_t)joined >= room)
		return err_set(err, -EINVAL, "the filter is too long");
	va_start(args, fmt);
	n = vsnprintf(at + joined, room - (size_t)joined, fmt, args);
	va_end(args);
	if ((size_t)n >= room - (size_t)joined)
		return err_set(err, -EINVAL, "the filter is too long");
	s->len += (size_t)(joined + n);
	return 0;
}

int selection_where(struct selection *s, const char *filter, uint64_t now_ns, struct err *err)
{
	struct filter *f = NULL;
	int rc = filter_parse(filter, now_ns, &f, err);

	if (rc) {
		place_show(filter, err, stderr);
		return rc;
	}
	struct filter_chips chips;
	bool blank = filter[strspn(filter, " \t\n")] == '\0';

	filter_free(f);
	filter_chips(filter, &chips);
	if (blank)
		return 0;
	/* What "or" joins would fall apart among others. */
	return add(s, err, chips.any || chips.n == 0 ? "(%s)" : "%s", filter);
}

int selection_ipv4(struct selection *s, struct err *err)
{
	return add(s, err, "client=0.0.0.0/0");
}

int selection_ipv6(struct selection *s, struct err *err)
{
	return add(s, err, "not client=0.0.0.0/0");
}

int selection_queries(struct selection *s, struct err *err)
{
	return add(s, err, "not (unsolicited or announced)");
}

int selection_replies(struct selection *s, struct err *err)
{
	return add(s, err, "replied");
}

int selection_not_client(struct selection *s, const char *address, struct err *err)
{
	return add(s, err, "not client=%s", address);
}

int selection_not_server(struct selection *s, const char *address, struct err *err)
{
	return add(s, err, "not server=%s", address);
}

int selection_domain(struct selection *s, const char *name, struct err *err)
{
	if (strpbrk(name, "\"\\"))
		return err_set(err, -EINVAL, "a domain has no quotes or backslashes");
	/* All names lie in the root. */
	if (name[0] == '\0' || strcmp(name, ".") == 0)
		return 0;
	return add(s, err, "(qname=\"%s\" or qname~\"*.%s\")", name, name);
}

static const char *list_named(char *buf, size_t size)
{
	const char *help, *name;
	size_t len = 0;

	for (int i = 0; (name = filter_predicate_name(i, &help)) && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s", i ? ", " : "", name);
	return buf;
}

int selection_named(struct selection *s, const char *name, struct err *err)
{
	const char *meant, *known = filter_predicate_of(name, &meant);
	char all[320];

	if (known)
		return add(s, err, "%s", known);
	/* The classic's own name for what -n does. */
	if (strcasecmp(name, "qname") == 0)
		return err_set(err, -EINVAL, "qname wants a name: -n NAME");
	if (meant)
		return err_set(err, -EINVAL, "no filter is called \"%s\"; did you mean %s?", name,
			       meant);
	return err_set(err, -EINVAL, "no filter is called \"%s\"; there are %s", name,
		       list_named(all, sizeof(all)));
}
