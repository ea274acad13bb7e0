/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sink/truth.h"

#include <inttypes.h>

#include "core/flow/table.h"

#define AT(member) offsetof(struct truth, member)

static const struct truth_counter counters[] = {
	{ "packets", "seen", "DNS packets taken up", AT(source.packets), false },
	{ "messages", "messages", "DNS messages in them", AT(tracker.messages), false },
	{ "queries", "queries", "of them queries", AT(tracker.queries), false },
	{ "responses", "responses", "of them responses", AT(tracker.responses), false },
	{ "paired", "paired", "transactions answered", AT(tracker.paired), false },
	{ "unanswered", "unanswered", "queries without an answer in time", AT(tracker.timeouts),
	  false },
	{ "late", "late", "of them, answered afterwards", AT(tracker.late), false },
	{ "unsolicited", "unpaired", "responses without a query", AT(tracker.unsolicited), false },
	{ "announced", "announced", "multicast answers that nobody asked for",
	  AT(tracker.announced), false },
	{ "quiet", "quiet", "multicast questions that nobody answered", AT(tracker.quiet), false },
	{ "responses_more", "more answers", "of further hosts to multicast questions",
	  AT(tracker.responses_more), false },
	{ "duplicates", "duplicates", "second answers", AT(tracker.duplicates), false },
	{ "retries", "retries", "queries sent again", AT(tracker.retries), false },
	{ "hops", "hops", "further sightings of a message", AT(tracker.hops), false },
	{ "query_hops", "query hops", "of them, of queries", AT(tracker.query_hops), false },
	{ "icmp_errors", "ICMP", "ICMP errors about DNS packets", AT(tracker.icmp_errors), false },
	{ "unpaired_opcodes", "one-way", "messages that expect no response: no row",
	  AT(tracker.unpaired_opcodes), false },
	{ "continued", "continued", "further messages of zone transfers", AT(tracker.continued),
	  false },
	{ "malformed", "malformed", "header or question wrong: no row", AT(tracker.malformed),
	  false },
	{ "bad_records", "bad records", "row made, a later record wrong", AT(tracker.bad_records),
	  false },
	{ "not_dns", "not DNS", "packets of a DNS port without a message", AT(source.not_dns),
	  false },
	{ "cut", "cut", "messages shorter than on the wire", AT(tracker.cut), true },
	{ "shed", "shed", "of the packets, left out by whole transactions", AT(source.shed), true },
	{ "halves", "halves", "messages whose other half was left out", AT(tracker.halves), false },
	{ "sampling", "1 in", "so many transactions one is taken now; 0: all", AT(source.sampling),
	  true },
	{ "following", "paths 1 in",
	  "of so many transactions one's further sightings are told; 0: of all",
	  AT(source.following), true },
	{ "lost_ring", "lost", "no room in the kernel's ring", AT(source.lost_ring), true },
	{ "lost_capture", "dropped", "dropped by the capture", AT(source.lost_capture), true },
	{ "unreadable", "unreadable", "bytes that the kernel could not read", AT(source.unreadable),
	  true },
	{ "fragments", "fragments", "IP fragments not put together", AT(source.fragments), true },
	{ "tcp_gaps", "TCP gaps", "bytes missing in TCP streams", AT(source.tcp_gaps), true },
	{ "tls_sessions", "TLS", "decrypted sessions with DNS", AT(source.tls_sessions), false },
	{ "tls_others", "TLS, no DNS", "sessions without", AT(source.tls_others), false },
	{ "tls_refused", "DoH errors", "DNS over HTTPS answered by an error",
	  AT(source.tls_refused), false },
	{ "tls_joined", "TLS joined", "sessions met in their middle, not understood",
	  AT(source.tls_joined), true },
	{ "tls_unplaced", "TLS unplaced", "pieces of sessions without addresses",
	  AT(source.tls_unplaced), true },
	{ "tls_gaps", "TLS gaps", "bytes missing in decrypted sessions", AT(source.tls_gaps),
	  true },
	{ "tls_evicted", "TLS evicted", "sessions that made room for newer ones",
	  AT(source.tls_evicted), true },
	{ "evicted", "evicted", "rows that left memory for newer ones", AT(evicted), true },
	{ "names_lost", "names lost", "strings that found no room", AT(names_lost), true },
	{ "multicast_lost", "mDNS lost", "open multicast questions without room",
	  AT(tracker.multicast_lost), true },
	{ "causes_lost", "causes lost", "names of resolvers' open questions without room",
	  AT(tracker.causes_lost), true },
	{ "rows", "rows", "transactions in memory", AT(rows), false },
};

const struct truth_counter *truth_counters(size_t *n)
{
	*n = sizeof(counters) / sizeof(counters[0]);
	return counters;
}

struct truth truth_of(const struct source_stats *source, const struct tracker_stats *tracker,
		      const struct flow_table *table)
{
	struct truth t = {
		.source = *source,
		.tracker = *tracker,
		.rows = table->count,
		.evicted = table->evicted,
		.names_lost = table->places_lost + intern_lost(table->names) +
			      intern_lost(table->addrs) + intern_lost(table->owners),
	};

	/* What the source counted alone is to the user as what the tracker was told. */
	t.tracker.messages += source->hops;
	t.tracker.hops += source->hops;
	t.tracker.query_hops += source->query_hops;
	t.tracker.queries += source->query_hops;
	t.tracker.responses += source->hops - source->query_hops;
	return t;
}

void truth_read(struct truth *out, struct source *source, const struct tracker *tracker,
		const struct flow_table *table)
{
	struct source_stats stats = { 0 };

	if (source)
		source->ops->stats(source, &stats);
	*out = truth_of(&stats, tracker_stats(tracker), table);
}

void truth_print(const struct truth *t, FILE *out)
{
	size_t n;
	const struct truth_counter *c = truth_counters(&n);

	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s\"%s\":%" PRIu64, i ? "," : "{", c[i].name, truth_value(t, &c[i]));
	fputs("}\n", out);
}
