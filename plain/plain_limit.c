/* SPDX-License-Identifier: BSD-2-Clause */
#include "plain/plain_limit.h"

#include <inttypes.h>

#include "core/dns/names.h"

static int entry_of(struct plain_limit *l, enum plain_kind kind, uint16_t rcode)
{
	for (int i = 0; i < l->n; i++)
		if (l->entry[i].kind == kind && l->entry[i].rcode == rcode)
			return i;
	if (l->n == PLAIN_LIMIT_KINDS)
		return PLAIN_LIMIT_KINDS - 1;
	l->entry[l->n].kind = kind;
	l->entry[l->n].rcode = rcode;
	return l->n++;
}

bool plain_limit_pass(struct plain_limit *l, enum plain_kind kind, uint16_t rcode)
{
	int i = entry_of(l, kind, kind == PLAIN_ERROR ? rcode : 0);

	if (l->entry[i].said == PLAIN_LIMIT_EACH || l->said == PLAIN_LIMIT_ALL) {
		l->entry[i].more++;
		return false;
	}
	l->entry[i].said++;
	l->said++;
	return true;
}

bool plain_limit_say(const struct plain_limit *l, int i, struct words *s)
{
	char buf[DNS_MNEMONIC_MAX];

	if (i >= l->n)
		return false;
	if (l->entry[i].more == 0)
		return true;
	if (i == PLAIN_LIMIT_KINDS - 1)
		words_add(s, "other errors");
	else if (l->entry[i].kind == PLAIN_ERROR)
		words_add(s, "%s", dns_mnemonic(DNS_RCODES, l->entry[i].rcode, buf));
	else
		words_add(s, l->entry[i].kind == PLAIN_SLOW ? "slow answers" : "no answer");
	words_add(s, l->entry[i].said ? ": and %" PRIu64 " more like it" : ": %" PRIu64,
		  l->entry[i].more);
	return true;
}

void plain_limit_reset(struct plain_limit *l)
{
	*l = (struct plain_limit){ 0 };
}
