/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/servers.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"

/* The slot of an address, or the empty one where it belongs. */
static uint32_t slot_of(const struct servers *s, const struct ip_addr *a)
{
	uint32_t mask = 2 * SERVERS_MAX - 1;
	uint32_t i = (uint32_t)hash_bytes(a, sizeof(*a), s->seed) & mask;

	while (s->slots[i] && memcmp(&s->addrs[s->slots[i] - 1], a, sizeof(*a)) != 0)
		i = (i + 1) & mask;
	return i;
}

int servers_add(struct servers *s, const struct ip_addr *a, const char *name)
{
	uint32_t slot = slot_of(s, a);

	if (s->slots[slot])
		return -EEXIST;
	if (s->n == SERVERS_MAX)
		return -ENOSPC;
	s->addrs[s->n] = *a;
	snprintf(s->names[s->n], sizeof(s->names[0]), "%s", name);
	s->slots[slot] = (uint16_t)++s->n;
	return 0;
}

const char *servers_name(const struct servers *s, const struct ip_addr *a)
{
	uint16_t at = s->slots[slot_of(s, a)];

	return at ? s->names[at - 1] : NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A word off the front of [*at, end); its length. */
static size_t take_word(const char **at, const char *end, char *word, size_t size)
{
	size_t n = 0;

	while (*at < end && is_blank(**at))
		(*at)++;
	for (; *at < end && !is_blank(**at) && **at != '#'; (*at)++)
		if (n + 1 < size && (unsigned char)**at > ' ' && (unsigned char)**at < 0x7f)
			word[n++] = **at;
	word[n] = '\0';
	return n;
}

int servers_read(struct servers *s, const char *text, unsigned *line)
{
	*line = 0;
	while (*text) {
		const char *end = text + strcspn(text, "\n");
		char address[64], name[SERVERS_NAME_MAX];
		struct ip_addr a;

		(*line)++;
		if (take_word(&text, end, address, sizeof(address))) {
			int rc;

			take_word(&text, end, name, sizeof(name));
			rc = ip_addr_parse(address, &a);
			if (rc == 0)
				rc = servers_add(s, &a, name);
			if (rc && rc != -EEXIST)
				return rc;
		}
		text = *end ? end + 1 : end;
	}
	return 0;
}
