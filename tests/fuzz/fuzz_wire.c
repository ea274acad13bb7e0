/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a DNS message: the parser stays inside them, its text is what
 * it says, and what it saw of a message does not depend on how it was cut.
 */
#include <stdlib.h>
#include <string.h>

#include "core/dns/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
	if (!what)
		abort();
}

static void check(const uint8_t *data, size_t size, enum dns_parse result,
		  const struct dns_parsed *m)
{
	require(strlen(m->qname) == m->qname_len);
	require(m->has_question == (m->qname_len > 0));
	require(!m->has_ttl || m->ancount > 0);
	require((m->rcode & 0xf) == (m->flags & 0xf));
	require(m->edns.present || m->rcode < 16);
	require(result == DNS_BAD || size >= DNS_HEADER_LEN);
	if (!m->edns.has_ede)
		return;
	require(m->edns.present);
	require((size_t)m->edns.ede_text_at + m->edns.ede_text_len <= size);
	require(m->edns.ede_text_at >= 2 && data[m->edns.ede_text_at - 1] == (m->edns.ede & 0xff));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_parsed whole, cut;
	enum dns_parse result = dns_parse(data, size, size, &whole);

	check(data, size, result, &whole);
	enum dns_parse cut_result = dns_parse(data, size, size + 1, &cut);

	check(data, size, cut_result, &cut);
	/* Only what lies beyond the end is forgiven. */
	require(cut_result <= result && (cut_result == DNS_BAD) == (result == DNS_BAD));
	require(strcmp(whole.qname, cut.qname) == 0 && whole.rcode == cut.rcode);

	(void)dns_plausible(data, size);
	return 0;
}
