/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/plaintext.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/source/dot.h"
#include "core/source/http1.h"
#include "core/source/http2.h"

#define PORT_DOT 853
#define SLOTS    (2 * PLAINTEXT_SESSIONS) /* of the hash table, a power of two */
#define NOBODY   UINT32_MAX

enum carries {
	CARRIES_UNKNOWN,
	CARRIES_DOT,
	CARRIES_HTTP1,
	CARRIES_HTTP2,
	CARRIES_OTHER, /* nothing for us: kept so that what is under way is known */
};

/* A piece that waits. */
struct waiting_piece {
	struct waiting_piece *next;
	struct plain_piece piece; /* its bytes follow */
};

struct session {
	uint64_t id;
	uint32_t chain; /* the next of its hash slot */
	uint32_t newer; /* neighbours in the order of use */
	uint32_t older;
	uint8_t carries; /* enum carries */
	bool judged;
	bool has_place;
	bool client_is_local; /* HTTP: the side at which it was seen has asked */
	struct dns_msg place; /* addresses as of what is sent */
	uint64_t next[2];     /* the next byte of each direction: sent, received */
	struct waiting_piece *first, *last;
	uint32_t waiting; /* bytes */
	struct dot dot[2];
	struct http1 *http1;
	struct http2 *http2;
};

struct plaintext {
	source_msg_fn fn;
	plaintext_judge_fn judge;
	void *ctx;
	uint64_t seed;
	uint64_t waiting; /* bytes, of all sessions */
	struct plaintext_stats stats;
	const struct plain_piece *piece; /* on its way */
	struct session *session;         /* and whose it is */
	uint32_t newest, oldest;
	uint32_t n_used;
	uint32_t free; /* chained; NOBODY: none */
	uint32_t slots[SLOTS];
	struct session sessions[PLAINTEXT_SESSIONS];
};

/* --- sessions --- */

struct plaintext *plaintext_new(uint64_t seed, source_msg_fn fn, plaintext_judge_fn judge,
				void *ctx)
{
	struct plaintext *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->fn = fn;
	p->judge = judge;
	p->ctx = ctx;
	p->seed = seed;
	p->newest = p->oldest = p->free = NOBODY;
	memset(p->slots, 0xff, sizeof(p->slots));
	return p;
}

static uint32_t *slot_of(struct plaintext *p, uint64_t id)
{
	return &p->slots[hash_mix(p->seed, id) & (SLOTS - 1)];
}

static void order_remove(struct plaintext *p, struct session *s)
{
	*(s->newer == NOBODY ? &p->newest : &p->sessions[s->newer].older) = s->older;
	*(s->older == NOBODY ? &p->oldest : &p->sessions[s->older].newer) = s->newer;
}

static void order_append(struct plaintext *p, struct session *s)
{
	uint32_t i = (uint32_t)(s - p->sessions);

	s->newer = NOBODY;
	s->older = p->newest;
	*(p->newest == NOBODY ? &p->oldest : &p->sessions[p->newest].newer) = i;
	p->newest = i;
}

static void drop_waiting(struct plaintext *p, struct session *s)
{
	while (s->first) {
		struct waiting_piece *w = s->first;

		s->first = w->next;
		free(w);
	}
	s->last = NULL;
	p->waiting -= s->waiting;
	s->waiting = 0;
}

/* Counts what waits in vain. */
static void give_up_waiting(struct plaintext *p, struct session *s)
{
	for (struct waiting_piece *w = s->first; w; w = w->next)
		p->stats.unplaced++;
	drop_waiting(p, s);
}

static const struct http2_stats *http_stats(const struct session *s)
{
	return s->http2 ? http2_stats(s->http2) : s->http1 ? http1_stats(s->http1) : NULL;
}

static void http_free(struct session *s)
{
	http1_free(s->http1);
	http2_free(s->http2);
	s->http1 = NULL;
	s->http2 = NULL;
}

/* What it has come to, as the session goes. */
static void settle(struct plaintext *p, struct session *s)
{
	if (s->carries == CARRIES_DOT)
		p->stats.gaps += s->dot[0].given + s->dot[1].given;
	if (http_stats(s))
		p->stats.refused += http_stats(s)->refused;
	s->dot[0].given = s->dot[1].given = 0;
}

static void forget(struct plaintext *p, struct session *s)
{
	uint32_t i = (uint32_t)(s - p->sessions);
	uint32_t *at = slot_of(p, s->id);

	while (*at != i)
		at = &p->sessions[*at].chain;
	*at = s->chain;
	order_remove(p, s);
	settle(p, s);
	give_up_waiting(p, s);
	dot_fini(&s->dot[0]);
	dot_fini(&s->dot[1]);
	http_free(s);
	s->chain = p->free;
	p->free = i;
}

void plaintext_free(struct plaintext *p)
{
	if (!p)
		return;
	while (p->oldest != NOBODY)
		forget(p, &p->sessions[p->oldest]);
	free(p);
}

static struct session *session_find(struct plaintext *p, uint64_t id)
{
	uint32_t i = *slot_of(p, id);

	while (i != NOBODY && p->sessions[i].id != id)
		i = p->sessions[i].chain;
	return i == NOBODY ? NULL : &p->sessions[i];
}

static struct session *session_add(struct plaintext *p, uint64_t id)
{
	uint32_t *slot = slot_of(p, id);
	struct session *s;

	if (p->free == NOBODY && p->n_used == PLAINTEXT_SESSIONS) {
		s = &p->sessions[p->oldest];
		p->stats.evicted += s->judged && s->carries != CARRIES_OTHER;
		forget(p, s);
	}
	if (p->free != NOBODY) {
		s = &p->sessions[p->free];
		p->free = s->chain;
	} else {
		s = &p->sessions[p->n_used++];
	}
	*s = (struct session){ .id = id, .chain = *slot };
	*slot = (uint32_t)(s - p->sessions);
	order_append(p, s);
	return s;
}

static struct session *session_of(struct plaintext *p, uint64_t id)
{
	struct session *s = session_find(p, id);

	if (!s)
		return session_add(p, id);
	order_remove(p, s);
	order_append(p, s);
	return s;
}

/* --- verdicts --- */

static void judge(struct plaintext *p, struct session *s, bool dns)
{
	if (s->judged)
		return;
	s->judged = true;
	p->stats.sessions += dns;
	if (p->judge)
		p->judge(p->ctx, s->id, dns);
}

/* Nothing of it will be understood. */
static void refuse(struct plaintext *p, struct session *s, uint64_t *counter)
{
	(*counter)++;
	settle(p, s);
	drop_waiting(p, s);
	http_free(s);
	s->carries = CARRIES_OTHER;
	judge(p, s, false);
}

/* --- messages --- */

static void deliver(struct plaintext *p, const uint8_t *wire, uint32_t len, uint8_t transport,
		    bool gap)
{
	struct dns_msg msg = p->piece->meta;

	msg.transport = transport;
	msg.wire = wire;
	msg.wire_len = len;
	msg.wire_orig = len;
	msg.tcp_gap = gap;
	p->stats.messages++;
	p->fn(p->ctx, &msg);
}

static void on_dot(void *ctx, const uint8_t *wire, uint32_t len, bool gap)
{
	struct plaintext *p = ctx;

	judge(p, p->session, true);
	deliver(p, wire, len, TRANSPORT_TLS, gap);
}

/* The id of DNS over HTTPS is 0: what tells questions apart is the stream. */
static void on_http(void *ctx, bool response, uint32_t stream, const uint8_t *wire, uint32_t len)
{
	struct plaintext *p = ctx;
	struct plain_piece numbered = *p->piece;
	const struct plain_piece *piece = p->piece;

	(void)response;
	numbered.meta.has_ip_id = true;
	numbered.meta.ip_id = (uint16_t)(stream >> 1);
	p->piece = &numbered;
	judge(p, p->session, true);
	deliver(p, wire, len, TRANSPORT_HTTPS, false);
	p->piece = piece;
}

static void feed_dot(struct plaintext *p, struct session *s, const struct plain_piece *piece)
{
	if (dot_feed(&s->dot[piece->received], piece->bytes, piece->len, on_dot, p))
		return; /* counted as given up */
}

static void feed_http(struct plaintext *p, struct session *s, const struct plain_piece *piece)
{
	bool from_client = piece->received != s->client_is_local;
	const struct http2_stats *stats = http_stats(s);
	bool wrong;

	if (s->http2 && !http2_is_whole(s->http2, from_client)) {
		p->stats.gaps += piece->len;
		return;
	}
	if (s->http2)
		wrong = http2_feed(s->http2, from_client, piece->bytes, piece->len) != 0;
	else
		wrong = http1_feed(s->http1, from_client, piece->bytes, piece->len) != 0;
	if (!stats->dns && (wrong || stats->requests >= PLAINTEXT_REQUESTS))
		refuse(p, s, &p->stats.others);
}

/* Bytes are missing before these. */
static void gap(struct plaintext *p, struct session *s, const struct plain_piece *piece)
{
	p->stats.gaps += piece->at - s->next[piece->received];
	if (s->carries == CARRIES_DOT)
		dot_gap(&s->dot[piece->received]);
	else if (s->http2)
		http2_break(s->http2, piece->received != s->client_is_local);
	else if (s->http1)
		http1_break(s->http1, piece->received != s->client_is_local);
}

/* A piece of a session whose kind and place are known. */
static void take(struct plaintext *p, struct session *s, const struct plain_piece *piece)
{
	if (s->carries == CARRIES_OTHER)
		return;
	p->piece = piece;
	p->session = s;
	if (piece->at > s->next[piece->received])
		gap(p, s, piece);
	s->next[piece->received] = piece->at + piece->len;
	if (s->carries == CARRIES_DOT)
		feed_dot(p, s, piece);
	else
		feed_http(p, s, piece);
}

/* --- what a session carries --- */

/* The first bytes of a direction, from what waits and the piece that has come. */
static uint32_t beginning(const struct session *s, bool received, uint8_t head[HTTP2_PREFACE_LEN])
{
	uint32_t n = 0;

	for (const struct waiting_piece *w = s->first; w && n < HTTP2_PREFACE_LEN; w = w->next) {
		uint32_t len = w->piece.len;

		if (w->piece.received != received || w->piece.at != n)
			continue;
		if (len > HTTP2_PREFACE_LEN - n)
			len = HTTP2_PREFACE_LEN - n;
		memcpy(head + n, w->piece.bytes, len);
		n += len;
	}
	return n;
}

static bool could_be_preface(const uint8_t *head, uint32_t n)
{
	return memcmp(head, HTTP2_PREFACE, n < HTTP2_PREFACE_LEN ? n : HTTP2_PREFACE_LEN) == 0;
}

/* A server's first frame, which may come before the client has said a word. */
static bool could_be_settings(const uint8_t *head, uint32_t n)
{
	return n < HTTP2_FRAME_HEAD || (head[3] == 4 && http2_looks_like_frame(head));
}

static bool begin_http(struct plaintext *p, struct session *s, enum carries what,
		       bool client_is_local)
{
	if (what == CARRIES_HTTP1)
		s->http1 = http1_new(on_http, p);
	else
		s->http2 = http2_new(on_http, p);
	s->client_is_local = client_is_local;
	s->carries = http_stats(s) ? (uint8_t)what : CARRIES_UNKNOWN;
	return http_stats(s) != NULL;
}

/* By one direction's first bytes. *open: they do not tell yet. */
static bool classify_direction(struct plaintext *p, struct session *s, bool received, bool *open)
{
	uint8_t head[HTTP2_PREFACE_LEN];
	uint32_t n = beginning(s, received, head);

	if (n == 0) {
		*open = true;
		return false;
	}
	if (could_be_preface(head, n)) {
		if (n == HTTP2_PREFACE_LEN)
			return begin_http(p, s, CARRIES_HTTP2, !received);
		*open = true;
		return false;
	}
	if (http1_looks_like_request(head, n)) {
		if (n >= HTTP1_START)
			return begin_http(p, s, CARRIES_HTTP1, !received);
		*open = true;
		return false;
	}
	if (n >= DOT_HEAD && dot_plausible(head, n)) {
		s->carries = CARRIES_DOT;
		return true;
	}
	if ((n < DOT_HEAD && dot_plausible(head, n)) || could_be_settings(head, n))
		*open = true;
	return false;
}

/* Whether one could be an HTTP/2 connection that has gone on for a while. */
static bool looks_joined(const struct session *s)
{
	for (int received = 0; received < 2; received++) {
		uint8_t head[HTTP2_PREFACE_LEN];

		if (beginning(s, received, head) >= HTTP2_FRAME_HEAD &&
		    http2_looks_like_frame(head))
			return true;
	}
	return false;
}

static void classify(struct plaintext *p, struct session *s)
{
	bool open[2] = { false, false };

	if (s->has_place && (s->place.src_port == PORT_DOT || s->place.dst_port == PORT_DOT)) {
		s->carries = CARRIES_DOT;
		return;
	}
	for (int received = 0; received < 2; received++)
		if (classify_direction(p, s, received, &open[received]))
			return;
	/* One direction that can't begin so settles it for both. */
	if ((open[0] && open[1]) && s->waiting < PLAINTEXT_WAIT_MAX)
		return;
	refuse(p, s, looks_joined(s) ? &p->stats.joined : &p->stats.others);
}

/* --- waiting --- */

static bool keep(struct plaintext *p, struct session *s, const struct plain_piece *piece)
{
	struct waiting_piece *w;

	if (s->waiting + piece->len > PLAINTEXT_WAIT_MAX)
		return false;
	while (p->waiting + piece->len > PLAINTEXT_WAIT_ALL && &p->sessions[p->oldest] != s)
		forget(p, &p->sessions[p->oldest]);
	w = malloc(sizeof(*w) + piece->len);
	if (!w)
		return false;
	w->next = NULL;
	w->piece = *piece;
	w->piece.meta.ifname = NULL;
	w->piece.bytes = (const uint8_t *)(w + 1);
	memcpy(w + 1, piece->bytes, piece->len);
	*(s->last ? &s->last->next : &s->first) = w;
	s->last = w;
	s->waiting += piece->len;
	p->waiting += piece->len;
	return true;
}

/* The place may have come to be known after the piece. */
static void set_place(const struct session *s, struct plain_piece *piece)
{
	struct dns_msg *m = &piece->meta;

	m->netns = s->place.netns;
	m->src = piece->received ? s->place.dst : s->place.src;
	m->dst = piece->received ? s->place.src : s->place.dst;
	m->src_port = piece->received ? s->place.dst_port : s->place.src_port;
	m->dst_port = piece->received ? s->place.src_port : s->place.dst_port;
}

static void replay(struct plaintext *p, struct session *s)
{
	struct waiting_piece *w = s->first;

	s->first = s->last = NULL;
	p->waiting -= s->waiting;
	s->waiting = 0;
	while (w) {
		struct waiting_piece *next = w->next;

		set_place(s, &w->piece);
		take(p, s, &w->piece);
		free(w);
		w = next;
	}
}

static void note_place(struct session *s, const struct plain_piece *piece)
{
	if (!piece->has_place || s->has_place)
		return;
	s->has_place = true;
	s->place = piece->meta;
	if (!piece->received)
		return;
	s->place.src = piece->meta.dst;
	s->place.dst = piece->meta.src;
	s->place.src_port = piece->meta.dst_port;
	s->place.dst_port = piece->meta.src_port;
}

void plaintext_feed(struct plaintext *p, const struct plain_piece *piece)
{
	struct session *s = session_of(p, piece->session);

	p->stats.pieces += piece->len > 0;
	note_place(s, piece);
	if (s->carries == CARRIES_OTHER)
		return;
	if (s->carries != CARRIES_UNKNOWN && s->has_place) {
		if (s->first)
			replay(p, s);
		if (piece->len)
			take(p, s, piece);
		return;
	}
	if (piece->len && !keep(p, s, piece)) {
		if (!s->has_place)
			give_up_waiting(p, s);
		refuse(p, s, s->has_place ? &p->stats.others : &p->stats.unplaced);
		return;
	}
	if (s->carries == CARRIES_UNKNOWN && s->first)
		classify(p, s);
	if (s->carries != CARRIES_UNKNOWN && s->has_place)
		replay(p, s);
}

void plaintext_close(struct plaintext *p, uint64_t session)
{
	struct session *s = session_find(p, session);

	if (s)
		forget(p, s);
}

void plaintext_stats(const struct plaintext *p, struct plaintext_stats *out)
{
	*out = p->stats;
	for (uint32_t i = p->newest; i != NOBODY; i = p->sessions[i].older) {
		const struct session *s = &p->sessions[i];

		if (s->carries == CARRIES_DOT)
			out->gaps += s->dot[0].given + s->dot[1].given;
		if (http_stats(s))
			out->refused += http_stats(s)->refused;
	}
}
