/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/groupby.h"

#include <string.h>

static const struct {
	const char *name;
	const char *field;
	const char *second;
} list[GROUPBY_COUNT] = {
	[GROUPBY_CLIENT] = { "client", "client", NULL },
	[GROUPBY_SERVER] = { "server", "server", NULL },
	[GROUPBY_TYPE] = { "query type", "qtype", NULL },
	[GROUPBY_RCODE] = { "response code", "rcode", NULL },
	[GROUPBY_OPCODE] = { "opcode", "opcode", NULL },
	[GROUPBY_PROCESS] = { "process", "comm", NULL },
	[GROUPBY_CONTAINER] = { "container", "container", NULL },
	[GROUPBY_POD] = { "pod", "pod", NULL },
	[GROUPBY_INTERFACE] = { "interface", "interface", NULL },
	[GROUPBY_BAND] = { "latency", "band", NULL },
	[GROUPBY_LOOKUP] = { "lookup", "lookup", NULL },
	[GROUPBY_DOMAIN] = { "domain", "domain", NULL },
	[GROUPBY_NAME] = { "name", "qname", NULL },
	[GROUPBY_NAME + 1] = { "last label", "domain1", NULL },
	[GROUPBY_NAME + 2] = { "last 2 labels", "domain2", NULL },
	[GROUPBY_NAME + 3] = { "last 3 labels", "domain3", NULL },
	[GROUPBY_NAME + 4] = { "last 4 labels", "domain4", NULL },
	[GROUPBY_NAME + 5] = { "last 5 labels", "domain5", NULL },
	[GROUPBY_NAME + 6] = { "last 6 labels", "domain6", NULL },
	[GROUPBY_NAME + 7] = { "last 7 labels", "domain7", NULL },
	[GROUPBY_NAME + 8] = { "last 8 labels", "domain8", NULL },
	[GROUPBY_NAME + 9] = { "last 9 labels", "domain9", NULL },
	[GROUPBY_CLIENT_NAME] = { "client + name", "client", "qname" },
	[GROUPBY_CLIENT_NAME + 1] = { "client + last label", "client", "domain1" },
	[GROUPBY_CLIENT_NAME + 2] = { "client + last 2 labels", "client", "domain2" },
	[GROUPBY_CLIENT_NAME + 3] = { "client + last 3 labels", "client", "domain3" },
	[GROUPBY_CLIENT_NAME + 4] = { "client + last 4 labels", "client", "domain4" },
	[GROUPBY_CLIENT_NAME + 5] = { "client + last 5 labels", "client", "domain5" },
	[GROUPBY_CLIENT_NAME + 6] = { "client + last 6 labels", "client", "domain6" },
	[GROUPBY_CLIENT_NAME + 7] = { "client + last 7 labels", "client", "domain7" },
	[GROUPBY_CLIENT_NAME + 8] = { "client + last 8 labels", "client", "domain8" },
	[GROUPBY_CLIENT_NAME + 9] = { "client + last 9 labels", "client", "domain9" },
};

static const struct field *named(const char *name)
{
	return name ? field_find(name, strlen(name), NULL) : NULL;
}

struct groupby groupby_of(int key)
{
	return (struct groupby){ list[key].name, named(list[key].field), named(list[key].second) };
}

struct groupby groupby_field(const struct field *field)
{
	for (int key = 0; key < GROUPBY_CLIENT_NAME; key++) {
		if (strcmp(list[key].field, field->name) == 0)
			return groupby_of(key);
	}
	return (struct groupby){ .name = field->name, .field = field };
}

struct groupby groupby_pair(const struct field *field, const struct field *second)
{
	if (!second)
		return groupby_field(field);
	for (int key = GROUPBY_CLIENT_NAME; key < GROUPBY_COUNT; key++) {
		if (strcmp(list[key].field, field->name) == 0 &&
		    strcmp(list[key].second, second->name) == 0)
			return groupby_of(key);
	}
	return (struct groupby){ .name = field->name, .field = field, .second = second };
}
