/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/dot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/dns/msg.h"
#include "core/dns/wire.h"
#include "core/source/span.h"

#define PREFIX       2
#define QUESTION_MIN 5
#define RECORD_MIN   11

void dot_fini(struct dot *d)
{
	free(d->bytes);
	*d = (struct dot){ 0 };
}

static bool opcode_known(uint16_t flags)
{
	return DNS_OPCODE(flags) <= 6 && DNS_OPCODE(flags) != 3;
}

bool dot_plausible(const uint8_t *bytes, uint32_t len)
{
	uint32_t size = len >= PREFIX ? be16(bytes) : DNS_MSG_MAX;

	if (size < DNS_HEADER_LEN)
		return false;
	if (len < DOT_HEAD)
		return true;

	const uint8_t *h = bytes + PREFIX;
	uint32_t questions = be16(h + 4);
	uint32_t records = (uint32_t)be16(h + 6) + be16(h + 8) + be16(h + 10);

	if (questions > 1 || (be16(h + 2) & DNS_FLAG_Z) || !opcode_known(be16(h + 2)))
		return false;
	if (DNS_HEADER_LEN + questions * QUESTION_MIN + records * RECORD_MIN > size)
		return false;
	return !questions || len - PREFIX < size || dns_plausible(h, size);
}

static void give_up(struct dot *d, uint32_t len)
{
	d->given += len;
	d->used = 0;
	d->lost = true;
	d->gap = true;
}

static int keep(struct dot *d, const uint8_t *bytes, uint32_t len)
{
	if (!len)
		return 0;
	if (d->used + len > d->room) {
		uint32_t room = d->room ? d->room : 512;
		uint8_t *grown;

		while (room < d->used + len)
			room *= 2;
		grown = realloc(d->bytes, room);
		if (!grown) {
			give_up(d, d->used + len);
			return -ENOMEM;
		}
		d->bytes = grown;
		d->room = room;
	}
	memcpy(d->bytes + d->used, bytes, len);
	d->used += len;
	return 0;
}

/* Takes whole messages off the front; returns the bytes taken. */
static uint32_t take(struct dot *d, const uint8_t *bytes, uint32_t len, dot_fn fn, void *ctx)
{
	uint32_t at = 0;

	while (len - at >= PREFIX) {
		uint32_t size = be16(bytes + at);

		if (size < DNS_HEADER_LEN) { /* what follows is anybody's guess */
			give_up(d, len - at);
			return len;
		}
		if (len - at - PREFIX < size)
			break;
		fn(ctx, bytes + at + PREFIX, size, d->gap);
		d->gap = false;
		at += PREFIX + size;
	}
	return at;
}

/* Whether the lost stream has found a beginning; else what it has is given up,
 * unless it is too little to tell. */
static bool found(struct dot *d)
{
	if (!dot_plausible(d->bytes, d->used)) {
		give_up(d, d->used);
		return false;
	}
	if (d->used < DOT_HEAD)
		return false;
	d->lost = false;
	return true;
}

int dot_feed(struct dot *d, const uint8_t *bytes, uint32_t len, dot_fn fn, void *ctx)
{
	uint32_t taken;

	while (d->used && len) { /* complete the message that waits */
		uint32_t need = d->lost ? DOT_HEAD : PREFIX;
		int rc;

		if (!d->lost && d->used >= PREFIX)
			need = PREFIX + be16(d->bytes);
		need = need > d->used ? need - d->used : 0;
		if (need > len)
			need = len;
		rc = keep(d, bytes, need);
		if (rc)
			return rc;
		bytes += need;
		len -= need;
		if (d->lost) {
			if (found(d))
				continue;
			if (!d->used) /* the rest of the piece is no beginning either */
				give_up(d, len);
			return 0;
		}
		taken = take(d, d->bytes, d->used, fn, ctx);
		if (d->lost)
			return 0;
		if (taken)
			d->used = 0;
	}
	if (!len)
		return 0;
	if (d->lost) {
		if (!dot_plausible(bytes, len)) {
			give_up(d, len);
			return 0;
		}
		if (len < DOT_HEAD)
			return keep(d, bytes, len);
		d->lost = false;
	}
	taken = take(d, bytes, len, fn, ctx);
	return taken < len ? keep(d, bytes + taken, len - taken) : 0;
}

void dot_gap(struct dot *d)
{
	give_up(d, d->used);
}
