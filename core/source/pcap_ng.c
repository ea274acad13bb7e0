/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/pcap_ng.h"

#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/span.h"

#define INTERFACES_MAX   (1u << 20) /* of one section */
#define NAME_MAX_SHOWN   15u        /* bytes, as of Linux's interfaces */
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define NS_PER_S         1000000000ull

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
};

enum option {
	OPTION_END = 0,
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_TSRESOL = 9,
	IF_TSOFFSET = 14,
	EPB_FLAGS = 2,
	ISB_IFDROP = 5,
	ISB_OSDROP = 7,
};

struct interface {
	int link;
	uint32_t snaplen;   /* 0: no limit */
	uint8_t resolution; /* if_tsresol: 10^-n s, or 2^-n with the top bit set */
	int64_t offset_s;
	uint64_t dropped;
	bool long_name; /* `name` is the end of it */
	char name[NAME_MAX_SHOWN + 1];
};

struct pcap_ng {
	struct interface *interfaces; /* of the current section */
	uint32_t n_interfaces, room;
	uint64_t dropped;
	uint64_t last_ns;
	bool swapped;
};

/* The body of a block, or the value of an option. */
struct body {
	const struct pcap_ng *ng;
	const uint8_t *at;
	uint32_t len;
};

struct pcap_ng *pcap_ng_new(void)
{
	return calloc(1, sizeof(struct pcap_ng));
}

void pcap_ng_free(struct pcap_ng *ng)
{
	if (!ng)
		return;
	free(ng->interfaces);
	free(ng);
}

static uint16_t load16(const struct pcap_ng *ng, const uint8_t *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return ng->swapped ? bswap_16(v) : v;
}

static uint32_t load32(const struct pcap_ng *ng, const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return ng->swapped ? bswap_32(v) : v;
}

static uint64_t load64(const struct pcap_ng *ng, const uint8_t *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	return ng->swapped ? bswap_64(v) : v;
}

static uint32_t padded(uint32_t len)
{
	return (len + 3) & ~3u;
}

static void body_skip(struct body *b, uint32_t n)
{
	b->at += n;
	b->len -= n;
}

/* Takes the next option off; false at the end, and where the list is broken. */
static bool next_option(struct body *b, uint16_t *code, struct body *value)
{
	uint32_t len;

	if (b->len < 4)
		return false;
	*code = load16(b->ng, b->at);
	len = load16(b->ng, b->at + 2);
	body_skip(b, 4);
	if (*code == OPTION_END || padded(len) > b->len)
		return false;
	*value = (struct body){ .ng = b->ng, .at = b->at, .len = len };
	body_skip(b, padded(len));
	return true;
}

static uint64_t power_of_ten(unsigned n)
{
	uint64_t p = 1;

	while (n--)
		p *= 10;
	return p;
}

/* Times that 64 bits of nanoseconds cannot hold become the last that they can. */
static uint64_t to_ns(const struct interface *i, uint64_t ticks)
{
	unsigned n = i->resolution & 0x7f;
	unsigned __int128 ns;

	if (i->resolution & 0x80)
		ns = (unsigned __int128)ticks * NS_PER_S >> n;
	else if (n <= 9)
		ns = (unsigned __int128)ticks * power_of_ten(9 - n);
	else
		ns = ticks / power_of_ten(n - 9);
	if (i->offset_s >= 0)
		ns += (unsigned __int128)(uint64_t)i->offset_s * NS_PER_S;
	else {
		unsigned __int128 back = (unsigned __int128)-(uint64_t)i->offset_s * NS_PER_S;

		ns = ns > back ? ns - back : 0;
	}
	return ns > UINT64_MAX ? UINT64_MAX : (uint64_t)ns;
}

/* For one interface more; twice as much each time that it is full. */
static bool make_room(struct pcap_ng *ng)
{
	uint32_t n = ng->n_interfaces;
	struct interface *grown;

	if (n == INTERFACES_MAX)
		return false;
	if (n < ng->room)
		return true;
	grown = realloc(ng->interfaces, (n ? 2 * (size_t)n : 4) * sizeof(*grown));
	if (!grown)
		return false;
	ng->interfaces = grown;
	ng->room = n ? 2 * n : 4;
	return true;
}

/* What is too long for a column is told apart by its end: "\Device\NPF_{...}". A
 * description may say it better. */
static void take_name(struct interface *i, struct body value)
{
	uint32_t len = (uint32_t)strnlen((const char *)value.at, value.len);

	i->long_name = len > NAME_MAX_SHOWN;
	if (i->long_name)
		body_skip(&value, len - NAME_MAX_SHOWN);
	else
		value.len = len;
	memset(i->name, 0, sizeof(i->name));
	memcpy(i->name, value.at, i->long_name ? NAME_MAX_SHOWN : len);
}

/* A description takes the place of a name that is too long. */
static bool names_interface(const struct interface *i, uint16_t code, const struct body *value)
{
	if (code == IF_DESCRIPTION)
		return value->len && i->long_name && value->len <= NAME_MAX_SHOWN;
	return code == IF_NAME;
}

static const char *take_interface(struct pcap_ng *ng, struct body b)
{
	struct interface *i;
	struct body value;
	uint16_t code;

	if (b.len < 8)
		return "has a wrong interface description";
	if (!make_room(ng))
		return "has more interfaces than there is memory for";
	i = &ng->interfaces[ng->n_interfaces++];
	*i = (struct interface){
		.link = load16(ng, b.at),
		.snaplen = load32(ng, b.at + 4),
		.resolution = 6,
	};
	body_skip(&b, 8);
	while (next_option(&b, &code, &value)) {
		if (names_interface(i, code, &value))
			take_name(i, value);
		else if (code == IF_TSRESOL && value.len == 1)
			i->resolution = value.at[0];
		else if (code == IF_TSOFFSET && value.len == 8)
			i->offset_s = (int64_t)load64(ng, value.at);
	}
	if ((i->resolution & 0x7f) > (i->resolution & 0x80 ? 63 : 19))
		return "has a clock finer than 64 bits hold";
	return NULL;
}

static void take_statistics(struct pcap_ng *ng, struct body b)
{
	uint64_t dropped = 0;
	struct interface *i;
	struct body value;
	uint16_t code;

	if (b.len < 12 || load32(ng, b.at) >= ng->n_interfaces)
		return;
	i = &ng->interfaces[load32(ng, b.at)];
	body_skip(&b, 12);
	while (next_option(&b, &code, &value))
		if ((code == ISB_IFDROP || code == ISB_OSDROP) && value.len == 8)
			dropped += load64(ng, value.at);
	/* Each block gives the total so far. */
	if (dropped > i->dropped) {
		ng->dropped += dropped - i->dropped;
		i->dropped = dropped;
	}
}

static void take_packet_options(struct body b, struct packet *p)
{
	struct body value;
	uint16_t code;

	while (next_option(&b, &code, &value)) {
		if (code != EPB_FLAGS || value.len != 4)
			continue;
		switch (load32(b.ng, value.at) & 3) {
		case 1:
			p->meta.direction = DIRECTION_IN;
			break;
		case 2:
			p->meta.direction = DIRECTION_OUT;
			break;
		}
	}
}

/* The enhanced block and its obsolete ancestor differ in their first word. */
static const char *take_packet(struct pcap_ng *ng, struct body b, uint32_t type, struct packet *p)
{
	const struct interface *i;
	uint32_t number;
	uint64_t ticks;

	if (b.len < 20)
		return "has a wrong packet block";
	number = type == BLOCK_PACKET ? load32(ng, b.at) : load16(ng, b.at);
	if (number >= ng->n_interfaces)
		return "names an interface that it does not describe";
	i = &ng->interfaces[number];
	ticks = (uint64_t)load32(ng, b.at + 4) << 32 | load32(ng, b.at + 8);
	p->len = load32(ng, b.at + 12);
	p->orig_len = load32(ng, b.at + 16);
	body_skip(&b, 20);
	if (p->len > b.len)
		return "has a wrong packet block";
	p->bytes = b.at;
	p->link = i->link;
	p->ts_ns = ng->last_ns = to_ns(i, ticks);
	p->meta.ifname = i->name[0] ? i->name : NULL;
	p->meta.direction = DIRECTION_UNKNOWN;
	body_skip(&b, padded(p->len) < b.len ? padded(p->len) : b.len);
	take_packet_options(b, p);
	return NULL;
}

/* Of the section's first interface, and without a time: the one before it must do. */
static const char *take_simple_packet(struct pcap_ng *ng, struct body b, struct packet *p)
{
	const struct interface *i = ng->interfaces;

	if (b.len < 4)
		return "has a wrong packet block";
	if (!ng->n_interfaces)
		return "names an interface that it does not describe";
	p->orig_len = load32(ng, b.at);
	body_skip(&b, 4);
	p->len = p->orig_len < b.len ? p->orig_len : b.len;
	if (i->snaplen && p->len > i->snaplen)
		p->len = i->snaplen;
	p->bytes = b.at;
	p->link = i->link;
	p->ts_ns = ng->last_ns;
	p->meta.ifname = i->name[0] ? i->name : NULL;
	p->meta.direction = DIRECTION_UNKNOWN;
	return NULL;
}

/* A section header also says in which byte order its own length is. */
static int begin_section(struct pcap_ng *ng, struct pcap_stream *s, const char **what,
			 struct err *err)
{
	int rc = pcap_stream_need(s, 12, err);
	uint32_t magic;

	if (rc < 0)
		return rc;
	memcpy(&magic, s->at + 8, sizeof(magic));
	ng->swapped = magic == bswap_32(BYTE_ORDER_MAGIC);
	if (!ng->swapped && magic != BYTE_ORDER_MAGIC) {
		*what = "has a section of no known byte order";
		return -EINVAL;
	}
	ng->n_interfaces = 0;
	return 0;
}

/* Makes the whole next block available; sets its type and length. */
static int next_block(struct pcap_ng *ng, struct pcap_stream *s, uint32_t *type, uint32_t *len,
		      const char **what, struct err *err)
{
	int rc = pcap_stream_need(s, 8, err);

	if (rc < 0)
		return rc;
	memcpy(type, s->at, sizeof(*type));
	if (*type == PCAP_NG_SECTION)
		rc = begin_section(ng, s, what, err);
	if (rc < 0)
		return rc;
	*type = load32(ng, s->at);
	*len = load32(ng, s->at + 4);
	if (*len < 12 || *len % 4 || *len > PCAP_STREAM_RUN_MAX) {
		*what = "is damaged";
		return -EINVAL;
	}
	rc = pcap_stream_need(s, *len, err);
	if (rc < 0)
		return rc;
	if (load32(ng, s->at + *len - 4) != *len) {
		*what = "is damaged";
		return -EINVAL;
	}
	return 0;
}

int pcap_ng_next(struct pcap_ng *ng, struct pcap_stream *s, struct packet *p, const char **what,
		 struct err *err)
{
	uint32_t type, len;
	struct body b;
	int rc = next_block(ng, s, &type, &len, what, err);

	if (rc < 0)
		return rc;
	b = (struct body){ .ng = ng, .at = s->at + 8, .len = len - 12 };
	rc = 1;
	switch (type) {
	case BLOCK_INTERFACE:
		*what = take_interface(ng, b);
		break;
	case BLOCK_STATISTICS:
		take_statistics(ng, b);
		break;
	case BLOCK_PACKET:
	case BLOCK_PACKET_OLD:
		*what = take_packet(ng, b, type, p);
		rc = 0;
		break;
	case BLOCK_PACKET_SIMPLE:
		*what = take_simple_packet(ng, b, p);
		rc = 0;
		break;
	}
	if (*what)
		return -EINVAL;
	pcap_stream_skip(s, len);
	return rc;
}

uint64_t pcap_ng_dropped(const struct pcap_ng *ng)
{
	return ng->dropped;
}
