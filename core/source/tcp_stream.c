/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/tcp_stream.h"

#include <stdio.h>
#include <string.h>

#include "core/dns/wire.h"

#define PREFIX_LEN 2
/* A question is at least a root name, a type and a class; a record has a TTL
 * and a length besides. */
#define QUESTION_MIN 5
#define RECORD_MIN   11
/* With the prefix and the header a guess can be checked. */
#define HEAD_LEN (PREFIX_LEN + DNS_HEADER_LEN)

static uint32_t prefix_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* dns_plausible for the header alone, as most of the message may still be on
 * its way: could these records fit a message of that length? Later messages
 * of a zone transfer have no question (RFC 5936, section 2.2.1). */
static bool header_fits(const uint8_t *header, uint32_t msg_len)
{
	struct wire w;

	wire_init(&w, header, DNS_HEADER_LEN);
	wire_skip(&w, 2);

	uint16_t flags = wire_u16(&w);
	uint16_t questions = wire_u16(&w);
	uint16_t answers = wire_u16(&w);
	uint32_t records = answers + wire_u16(&w);

	records += wire_u16(&w);
	if (questions > 1 || (flags & DNS_FLAG_Z))
		return false;
	if (questions == 0 && !((flags & DNS_FLAG_QR) && answers))
		return false;
	if (DNS_HEADER_LEN + questions * QUESTION_MIN + records * RECORD_MIN > msg_len)
		return false;
	return DNS_OPCODE(flags) == 0 || DNS_OPCODE(flags) == 4 || DNS_OPCODE(flags) == 5;
}

/* Whether a message, prefix first, could begin here, of which len bytes are at
 * hand. Of less than a header it can't be told: then it could. */
static bool message_plausible(const uint8_t *p, uint32_t len)
{
	if (len < PREFIX_LEN)
		return true;

	uint32_t msg_len = prefix_at(p);

	if (msg_len < DNS_HEADER_LEN)
		return false;
	if (len < HEAD_LEN)
		return true;
	if (!header_fits(p + PREFIX_LEN, msg_len))
		return false;
	if (len - PREFIX_LEN < msg_len || prefix_at(p + PREFIX_LEN + 4) == 0)
		return true;
	return dns_plausible(p + PREFIX_LEN, msg_len);
}

/* The same for bytes that nothing yet says are a beginning: what follows the
 * message must be one too. */
static bool beginning_plausible(const uint8_t *p, uint32_t len)
{
	if (!message_plausible(p, len))
		return false;
	if (len < PREFIX_LEN || len - PREFIX_LEN < prefix_at(p))
		return true;

	uint32_t size = PREFIX_LEN + prefix_at(p);

	return message_plausible(p + size, len - size);
}

/* Bytes that are messages, one behind the other, and nothing else. */
static bool only_messages(const uint8_t *p, uint32_t len)
{
	while (len >= HEAD_LEN) {
		uint32_t size = PREFIX_LEN + prefix_at(p);

		if (size > len || !message_plausible(p, len))
			return false;
		p += size;
		len -= size;
	}
	return len == 0;
}

enum framing {
	FRAMING_PARTIAL, /* a message, of which more must come */
	FRAMING_WHOLE,
	FRAMING_WRONG, /* no message begins here */
};

static enum framing framing_at(const struct tcp_stream *s, const uint8_t *p, uint32_t len)
{
	bool wrong = false;

	switch (s->sync) {
	case TCP_LOST:
		wrong = !beginning_plausible(p, len);
		break;
	case TCP_GUESSED:
		wrong = !message_plausible(p, len);
		break;
	case TCP_SURE:
		wrong = len >= PREFIX_LEN && prefix_at(p) < DNS_HEADER_LEN;
		break;
	}
	if (wrong)
		return FRAMING_WRONG;
	if (len < PREFIX_LEN || len - PREFIX_LEN < prefix_at(p))
		return FRAMING_PARTIAL;
	return FRAMING_WHOLE;
}

/* Delivers the message behind the prefix at p, of which `len` bytes of the
 * two together are there. */
static void deliver(struct tcp_stream *s, const struct dns_msg *meta, const char *ifname,
		    const uint8_t *p, uint32_t len, struct tcp_out *out)
{
	struct dns_msg msg = *meta;

	msg.transport = TRANSPORT_TCP;
	msg.ifname = ifname;
	msg.wire = p + PREFIX_LEN;
	msg.wire_orig = prefix_at(p);
	msg.wire_len = min_u32(len - PREFIX_LEN, msg.wire_orig);
	msg.tcp_gap = s->gap;
	s->gap = false;
	out->fn(out->ctx, &msg);
}

/* deliver, for bytes of the window. */
static void deliver_held(struct tcp_stream *s, uint32_t range, const uint8_t *p, uint32_t len,
			 struct tcp_out *out)
{
	deliver(s, tcp_window_newest(&s->window, range, len), s->ifname[0] ? s->ifname : NULL, p,
		len, out);
}

/* Skips n bytes after which nothing is known. */
static void lose(struct tcp_stream *s, uint32_t n)
{
	tcp_window_advance(&s->window, n);
	s->sync = TCP_LOST;
	s->gap = true;
}

/* Reads an in-order segment where it lies, nothing being held. Returns how
 * many bytes are done with. */
static uint32_t take_direct(struct tcp_stream *s, const struct tcp_segment *seg,
			    const uint8_t *bytes, uint32_t len, struct tcp_out *out)
{
	uint32_t pos = 0;

	while (pos < len) {
		uint32_t left = len - pos;
		enum framing framing = framing_at(s, bytes + pos, left);

		if (framing == FRAMING_WRONG) {
			out->gaps += left;
			lose(s, left);
			return len;
		}
		if (s->sync == TCP_LOST)
			s->sync = TCP_GUESSED;
		if (framing == FRAMING_PARTIAL)
			break;

		uint32_t size = PREFIX_LEN + prefix_at(bytes + pos);

		deliver(s, &seg->meta, seg->meta.ifname, bytes + pos, size, out);
		tcp_window_advance(&s->window, size);
		pos += size;
	}
	return pos;
}

/* Whether the length at the front, of which `have` bytes are there, can be
 * relied upon. */
static bool prefix_known(const struct tcp_stream *s, uint32_t have)
{
	return (s->sync == TCP_SURE && have >= PREFIX_LEN) ||
	       (s->sync == TCP_GUESSED && have >= HEAD_LEN);
}

/* Behind the `have` bytes at the front `lost` ones will never come. If a
 * message is cut by that, it is delivered as it is; where its length tells
 * the place of the next one, the stream goes on there. */
static void cut_front(struct tcp_stream *s, uint32_t have, uint32_t lost, struct tcp_out *out)
{
	bool known = prefix_known(s, have);
	const uint8_t *p = known ? tcp_window_front(&s->window) : NULL;
	uint32_t size = known ? PREFIX_LEN + prefix_at(p) : 0;

	out->gaps += lost;
	if (known && have >= HEAD_LEN)
		deliver_held(s, s->window.first, p, have, out);
	else
		out->gaps += have;
	if (known && size >= have + lost)
		tcp_window_advance(&s->window, size);
	else
		lose(s, have + lost);
}

/* Takes the message at the front, of which `have` bytes are there, or drops
 * the segment there. Returns false when more bytes are needed. */
static bool take_held(struct tcp_stream *s, uint32_t have, struct tcp_out *out)
{
	struct tcp_window *w = &s->window;
	const uint8_t *p = tcp_window_front(w);
	enum framing framing = framing_at(s, p, have);

	if (framing == FRAMING_WRONG) {
		uint32_t len = tcp_window_first(w)->len;

		out->gaps += len;
		lose(s, len);
		return true;
	}
	if (s->sync == TCP_LOST)
		s->sync = TCP_GUESSED;
	if (framing == FRAMING_PARTIAL)
		return false;

	uint32_t size = PREFIX_LEN + prefix_at(p);

	deliver_held(s, w->first, p, size, out);
	tcp_window_advance(w, size);
	return true;
}

/* Takes everything that can be taken from the front of the window. */
static void drain(struct tcp_stream *s, struct tcp_out *out)
{
	struct tcp_window *w = &s->window;
	uint32_t have = 0;

	for (;;) {
		const struct tcp_range *r = tcp_window_first(w);

		have = 0;
		if (!r || r->seq != w->next)
			break;
		if (r->taken) {
			tcp_window_advance(w, r->len);
			if (s->sync == TCP_LOST)
				s->sync = TCP_GUESSED;
			continue;
		}
		have = tcp_window_run(w);
		if (have && take_held(s, have, out))
			continue;

		const struct tcp_range *behind = tcp_window_behind(w);

		if (!behind || !behind->absent || behind->seq != w->next + have)
			break;
		cut_front(s, have, behind->len, out);
	}
	tcp_window_tidy(w, s->sync == TCP_SURE || have >= HEAD_LEN);
}

/* The ranges [from, to) around the bytes at seq that follow each other and
 * have not been delivered; false when they are the front itself. */
static bool island_at(const struct tcp_window *w, uint32_t seq, uint32_t *from, uint32_t *to)
{
	uint32_t i = 0;

	while (i < w->n && seq - w->next >= w->ranges[i].seq - w->next + w->ranges[i].len)
		i++;
	if (i == w->n || w->ranges[i].taken || w->ranges[i].absent)
		return false;
	*from = i;
	while (*from > 0) {
		const struct tcp_range *before = &w->ranges[*from - 1];

		if (before->taken || before->absent ||
		    before->seq + before->len != w->ranges[*from].seq)
			break;
		(*from)--;
	}
	*to = i + 1;
	while (*to < w->n && !w->ranges[*to].taken && !w->ranges[*to].absent &&
	       w->ranges[*to - 1].seq + w->ranges[*to - 1].len == w->ranges[*to].seq)
		(*to)++;
	return w->ranges[*from].seq != w->next;
}

/* Delivers what waits behind a hole around seq, if it is whole messages. The
 * bytes stay until the hole is filled or given up: should a message reach into
 * them after all, it will be read as well. */
static void take_ahead(struct tcp_stream *s, uint32_t seq, struct tcp_out *out)
{
	struct tcp_window *w = &s->window;
	uint32_t have = tcp_window_run(w);
	uint32_t from;
	uint32_t to;
	uint32_t at = 0;
	uint32_t len = 0;

	if (!island_at(w, seq, &from, &to))
		return;
	if (prefix_known(s, have) &&
	    w->ranges[from].seq - w->next < PREFIX_LEN + prefix_at(tcp_window_front(w)))
		return;
	for (uint32_t i = 0; i < from; i++)
		at += w->ranges[i].absent ? 0 : w->ranges[i].len;
	for (uint32_t i = from; i < to; i++)
		len += w->ranges[i].len;
	if (!only_messages(w->bytes + at, len))
		return;

	uint32_t range = from;
	uint32_t in_range = 0; /* bytes of that range already delivered */

	s->gap = true;
	for (uint32_t pos = 0; pos < len;) {
		const uint8_t *p = w->bytes + at + pos;
		uint32_t size = PREFIX_LEN + prefix_at(p);

		deliver_held(s, range, p, in_range + size, out);
		pos += size;
		in_range += size;
		while (range < to && in_range >= w->ranges[range].len)
			in_range -= w->ranges[range++].len;
	}
	for (uint32_t i = from; i < to; i++)
		w->ranges[i].taken = true;
}

/* Keeps what could not be read yet; bytes without memory become a hole. */
static void hold(struct tcp_stream *s, const struct tcp_segment *seg, uint32_t seq,
		 const uint8_t *bytes, uint32_t len, uint32_t absent)
{
	if (tcp_window_empty(&s->window))
		snprintf(s->ifname, sizeof(s->ifname), "%s",
			 seg->meta.ifname ? seg->meta.ifname : "");
	if (len && tcp_window_put(&s->window, &seg->meta, seq, bytes, len))
		return;
	if (absent)
		(void)tcp_window_put(&s->window, &seg->meta, seq + len, NULL, absent);
}

void tcp_stream_data(struct tcp_stream *s, const struct tcp_segment *seg, uint32_t seq,
		     struct tcp_out *out)
{
	struct tcp_window *w = &s->window;
	const uint8_t *bytes = seg->payload;
	uint32_t len = min_u32(seg->len, TCP_STREAM_FAR);
	uint32_t orig = min_u32(seg->orig_len, TCP_STREAM_FAR);
	uint32_t absent = orig > len ? orig - len : 0;
	uint32_t behind = w->next - seq;

	if ((int32_t)behind > 0) {
		uint32_t old = min_u32(behind, len);

		if (behind - old >= absent && old == len)
			return;
		bytes += old;
		len -= old;
		absent -= behind - old;
		seq = w->next;
	}
	if (seq == w->next && tcp_window_empty(w)) {
		uint32_t used = take_direct(s, seg, bytes, len, out);

		bytes += used;
		len -= used;
		seq += used;
	}
	if (!len && !absent)
		return;
	hold(s, seg, seq, bytes, len, absent);
	drain(s, out);
	if ((int32_t)(seq - w->next) > 0)
		take_ahead(s, seq, out);
	while (w->len > TCP_STREAM_MAX || w->n > TCP_STREAM_RANGES) {
		if (!tcp_stream_give_up(s, out))
			break;
	}
}

void tcp_stream_start(struct tcp_stream *s, uint32_t seq, enum tcp_sync sync, struct tcp_out *out)
{
	tcp_stream_drop(s, out);
	s->window.next = seq;
	s->sync = sync;
	s->gap = sync != TCP_SURE;
	s->has_fin = false;
}

void tcp_stream_fin(struct tcp_stream *s, uint32_t seq, uint64_t ts_ns)
{
	s->has_fin = true;
	s->fin = seq;
	s->fin_ns = ts_ns;
}

uint32_t tcp_stream_end(const struct tcp_stream *s)
{
	return s->window.next + tcp_window_run(&s->window);
}

bool tcp_stream_done(const struct tcp_stream *s)
{
	return s->has_fin && (int32_t)(tcp_stream_end(s) - s->fin) >= 0;
}

bool tcp_stream_waiting(const struct tcp_stream *s, uint64_t *since_ns)
{
	const struct tcp_range *behind = tcp_window_behind(&s->window);

	*since_ns = behind ? behind->meta.ts_ns : s->fin_ns;
	return behind || (s->has_fin && !tcp_stream_done(s));
}

bool tcp_stream_give_up(struct tcp_stream *s, struct tcp_out *out)
{
	const struct tcp_range *behind = tcp_window_behind(&s->window);
	uint32_t end = tcp_stream_end(s);

	if (!behind && (!s->has_fin || tcp_stream_done(s)))
		return false;
	s->gap = true;
	cut_front(s, end - s->window.next, (behind ? behind->seq : s->fin) - end, out);
	drain(s, out);
	return true;
}

void tcp_stream_drop(struct tcp_stream *s, struct tcp_out *out)
{
	struct tcp_window *w = &s->window;
	uint32_t end = w->next;

	for (uint32_t i = w->first; i < w->n; i++) {
		if (!w->ranges[i].absent && !w->ranges[i].taken)
			out->gaps += w->ranges[i].len;
		end = w->ranges[i].seq + w->ranges[i].len;
	}
	if (end == w->next)
		return;
	lose(s, end - w->next);
	tcp_window_clear(w);
}
