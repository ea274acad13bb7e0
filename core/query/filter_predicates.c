/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * THE list of predicates: tests by themselves. The classic dnstop's -f names are among
 * them; what they are is said of the row and of the name apart, as what is said of a
 * name is remembered.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/dns/wire.h"
#include "core/query/filter_internal.h"
#include "core/query/name_labels.h"
#include "core/query/tlds.h"

#define SLOW_NS 100000000ull

enum {
	TYPE_A = 1,
	TYPE_WKS = 11,
	TYPE_PTR = 12,
	TYPE_ANY = 255,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_REFUSED = 5,
};

#define ROW_TEST(name, condition)                                              \
	static bool name(const struct row_source *src __attribute__((unused)), \
			 const struct flow *f)                                 \
	{                                                                      \
		return condition;                                              \
	}

ROW_TEST(is_answered, f->state == FLOW_ANSWERED)
ROW_TEST(is_unanswered, f->state == FLOW_PENDING || f->state == FLOW_TIMEOUT)
ROW_TEST(is_pending, f->state == FLOW_PENDING)
ROW_TEST(is_timeout, f->state == FLOW_TIMEOUT)
ROW_TEST(is_unsolicited, f->state == FLOW_UNSOLICITED && !(f->seen & SEEN_ANNOUNCED))
ROW_TEST(is_announced, f->seen &SEEN_ANNOUNCED)
ROW_TEST(is_replied, f->marks &FLOW_HAS_RESPONSE)
ROW_TEST(is_error, (f->marks & FLOW_HAS_RESPONSE) && f->rcode != 0)
ROW_TEST(is_noerror, (f->marks & FLOW_HAS_RESPONSE) && f->rcode == 0)
ROW_TEST(is_nxdomain, (f->marks & FLOW_HAS_RESPONSE) && f->rcode == RCODE_NXDOMAIN)
ROW_TEST(is_servfail, (f->marks & FLOW_HAS_RESPONSE) && f->rcode == RCODE_SERVFAIL)
ROW_TEST(is_refused, (f->marks & FLOW_HAS_RESPONSE) && f->rcode == RCODE_REFUSED)
ROW_TEST(is_slow, f->state == FLOW_ANSWERED && f->latency_ns > SLOW_NS)
ROW_TEST(is_late, f->marks &FLOW_LATE)
ROW_TEST(is_retried, f->attempts > 1)
ROW_TEST(is_truncated, (f->marks & FLOW_HAS_RESPONSE) && (f->response_flags & DNS_FLAG_TC))
ROW_TEST(is_dnssec_ok, f->marks &FLOW_DNSSEC_OK)
ROW_TEST(asks_any, (f->marks & FLOW_HAS_QUESTION) && f->qtype == TYPE_ANY)
ROW_TEST(asks_wks, (f->marks & FLOW_HAS_QUESTION) && f->qtype == TYPE_WKS)
ROW_TEST(asks_a, (f->marks & FLOW_HAS_QUESTION) && f->qtype == TYPE_A)
ROW_TEST(asks_ptr, (f->marks & FLOW_HAS_QUESTION) && f->qtype == TYPE_PTR)

static bool is_loopback_addr(const struct flow_table *t, uint32_t id)
{
	static const uint8_t v6[16] = { [15] = 1 };
	struct ip_addr a;
	size_t len;
	const char *bytes = intern_text(t->addrs, id, &len);

	if (len != sizeof(a.b))
		return false;
	memcpy(a.b, bytes, sizeof(a.b));
	return ip_addr_is_v4(&a) ? a.b[12] == 127 : memcmp(a.b, v6, sizeof(v6)) == 0;
}

static bool is_loopback(const struct row_source *src, const struct flow *f)
{
	const struct flow_table *t = src->table;

	return strcmp(t->places[f->place].ifname, "lo") == 0 || is_loopback_addr(t, f->server) ||
	       is_loopback_addr(t, f->client);
}

/* --- of names --- */

/* A number up to 255 in at most three digits, and nothing else. */
static bool read_octet(const char *text, size_t len, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		*out = *out * 10 + (unsigned)(text[i] - '0');
	}
	return len > 0 && len <= 3 && *out <= 255;
}

static bool is_ipv4_text(const struct row_source *src, const char *name, size_t len)
{
	size_t end = len, start;
	unsigned octet;
	int n = 0;

	(void)src;
	do {
		start = name_label_start(name, end);
		if (!read_octet(name + start, end - start, &octet))
			return false;
		n++;
		end = start ? start - 1 : 0;
	} while (start > 0);
	return n == 4;
}

static bool has_suffix(const char *name, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len >= n && strncasecmp(name + len - n, suffix, n) == 0;
}

/* The reverse name of a private address, or of a block of them. */
static bool is_private_reverse(const struct row_source *src, const char *name, size_t len)
{
	static const char zone[] = ".in-addr.arpa";
	unsigned octet[2] = { 0 };
	size_t end;

	(void)src;
	if (!has_suffix(name, len, zone))
		return false;
	end = len - (sizeof(zone) - 1);
	for (int i = 0; i < 2 && end > 0; i++) {
		size_t start = name_label_start(name, end);

		if (!read_octet(name + start, end - start, &octet[i]))
			return false;
		end = start ? start - 1 : 0;
	}
	return octet[0] == 10 || (octet[0] == 172 && octet[1] >= 16 && octet[1] < 32) ||
	       (octet[0] == 192 && octet[1] == 168);
}

static bool has_unknown_tld(const struct row_source *src, const char *name, size_t len)
{
	size_t at = name_label_start(name, len);

	/* The root is known. */
	return src->tlds && at < len && !tlds_have(src->tlds, name + at, len - at);
}

static bool has_new_tld(const struct row_source *src, const char *name, size_t len)
{
	size_t at = name_label_start(name, len);

	return src->tlds && tlds_have_new(src->tlds, name + at, len - at);
}

/* Whether two bytes differ in one bit; in letters' case they may differ anyhow. */
static bool is_bit_apart(unsigned char a, unsigned char b)
{
	for (int bit = 0; bit < 8; bit++) {
		if (tolower(a ^ 1 << bit) == tolower(b) && tolower(a) != tolower(b))
			return true;
	}
	return false;
}

/* The label before the last one is such a name with a bit of it turned. */
static bool is_bitsquat(const struct row_source *src, const char *name, size_t len)
{
	static const char *const names[] = { "facebook", "google", "yahoo", "youtube", "blogger" };
	char label[NAME_LABEL_MAX];
	size_t last = name_label_start(name, len), n;

	(void)src;
	if (last == 0 || last == len)
		return false;
	n = name_label_start(name, last - 1);
	n = name_label_bytes(name + n, last - 1 - n, label);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int turned = 0, other = 0;

		if (strlen(names[i]) != n)
			continue;
		for (size_t k = 0; k < n; k++) {
			if (tolower((unsigned char)label[k]) == names[i][k])
				continue;
			if (is_bit_apart((unsigned char)label[k], (unsigned char)names[i][k]))
				turned++;
			else
				other++;
		}
		if (turned == 1 && other == 0)
			return true;
	}
	return false;
}

/* Packed, where clang-format would give each member a line of its own. */
/* clang-format off */
const struct predicate filter_predicates[] = {
	{ "answered", { NULL }, "there is an answer", is_answered, NULL },
	{ "unanswered", { NULL }, "no answer, or none yet", is_unanswered, NULL },
	{ "pending", { NULL }, "no answer yet", is_pending, NULL },
	{ "timeout", { NULL }, "no answer in time", is_timeout, NULL },
	{ "unsolicited", { NULL }, "an answer without a query", is_unsolicited, NULL },
	{ "announced", { NULL }, "told to everyone by mDNS without being asked", is_announced, NULL },
	{ "replied", { NULL }, "an answer was seen, with or without its query", is_replied, NULL },
	{ "error", { "errors" }, "answered with an rcode other than NOERROR", is_error, NULL },
	{ "slow", { NULL }, "answered after more than 100 ms", is_slow, NULL },
	{ "late", { NULL }, "answered after it was called a timeout", is_late, NULL },
	{ "retried", { "dns.retransmission" }, "asked more than once", is_retried, NULL },
	{ "truncated", { "tc", "dns.flags.truncated" }, "the answer has TC set", is_truncated, NULL },
	{ "dnssec_ok", { "do", "dns.resp.z.do" }, "the query has DO set", is_dnssec_ok, NULL },
	{ "loopback", { NULL }, "between programs of one host: lo, 127.0.0.0/8, ::1", is_loopback, NULL },
	{ "noerror", { NULL }, "answered with NOERROR", is_noerror, NULL },
	{ "nxdomain", { NULL }, "answered with NXDOMAIN: there is no such name", is_nxdomain, NULL },
	{ "servfail", { NULL }, "answered with SERVFAIL: the server failed", is_servfail, NULL },
	{ "refused", { NULL }, "answered with REFUSED: the server does not want to", is_refused, NULL },
	{ "unknown-tlds", { NULL }, "names under no top-level domain there is", NULL, has_unknown_tld },
	{ "new-gtlds", { NULL }, "names under the gTLDs of 2013 and later", NULL, has_new_tld },
	{ "A-for-A", { NULL }, "A queries for what is an IPv4 address already", asks_a, is_ipv4_text },
	{ "rfc1918-ptr", { NULL }, "PTR queries for private IPv4 addresses", asks_ptr, is_private_reverse },
	{ "qtype-any", { NULL }, "queries of type ANY", asks_any, NULL },
	{ "qtype-wks", { NULL }, "queries of type WKS", asks_wks, NULL },
	{ "bitsquat", { NULL }, "facebook, google, yahoo, youtube, blogger: 1 bit off", NULL, is_bitsquat },
	{ NULL, { NULL }, NULL, NULL, NULL },
};
/* clang-format on */
