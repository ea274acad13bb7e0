/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/selection.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/query/filter.h"

/* The classic -f names, as the filters that they are. */
static const struct {
	const char *name;
	const char *filter;
} named[] = {
	{ "refused", "rcode=REFUSED" },
	{ "servfail", "rcode=SERVFAIL" },
	{ "nxdomain", "rcode=NXDOMAIN" },
	{ "qtype-any", "qtype=ANY" },
	{ "qtype-wks", "qtype=WKS" },
	{ "A-for-A", "qtype=A and qname~/^[0-9]{1,3}(\\.[0-9]{1,3}){3}$/" },
	{ "rfc1918-ptr",
	  "qtype=PTR and qname~/(^|\\.)(10|(1[6-9]|2[0-9]|3[01])\\.172|168\\.192)\\.in-addr\\.arpa$/" },
};

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

static void show_place(const char *text, const struct err *err)
{
	int len = err->len > 1 ? err->len : 1;

	fprintf(stderr, "  %s\n", text);
	if (err->pos < 0)
		return;
	fprintf(stderr, "  %*s^", err->pos, "");
	for (int i = 1; i < len; i++)
		fputc('~', stderr);
	fputc('\n', stderr);
}

int selection_where(struct selection *s, const char *filter, uint64_t now_ns, struct err *err)
{
	struct filter *f = NULL;
	int rc = filter_parse(filter, now_ns, &f, err);

	if (rc) {
		show_place(filter, err);
		return rc;
	}
	bool empty = filter_is_empty(f);
	filter_free(f);
	return empty ? 0 : add(s, err, "(%s)", filter);
}

int selection_ipv4(struct selection *s, struct err *err)
{
	return add(s, err, "client=0.0.0.0/0");
}

int selection_ipv6(struct selection *s, struct err *err)
{
	return add(s, err, "not client=0.0.0.0/0");
}

int selection_not_client(struct selection *s, const char *address, struct err *err)
{
	return add(s, err, "not client=%s", address);
}

int selection_domain(struct selection *s, const char *name, struct err *err)
{
	if (strpbrk(name, "\"\\"))
		return err_set(err, -EINVAL, "a domain has no quotes or backslashes");
	return add(s, err, "(qname=\"%s\" or qname~\"*.%s\")", name, name);
}

int selection_named(struct selection *s, const char *name, struct err *err)
{
	size_t n = sizeof(named) / sizeof(named[0]);
	char known[256] = "";

	for (size_t i = 0; i < n; i++) {
		if (strcasecmp(name, named[i].name) == 0)
			return add(s, err, "(%s)", named[i].filter);
		strncat(known, i ? ", " : "", sizeof(known) - strlen(known) - 1);
		strncat(known, named[i].name, sizeof(known) - strlen(known) - 1);
	}
	return err_set(err, -EINVAL, "no filter is called \"%s\"; there are %s", name, known);
}
