/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sink/pcap_blocks.h"

#include <stdio.h>
#include <string.h>

#include "core/base/escape.h"

#define LINKTYPE_RAW 101 /* an IP header of either version first */

enum block {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
};

enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_RESOLUTION = 9,
};

static const char about[] =
	"dnstop keeps DNS messages, not packets: the IP, UDP and TCP headers here (TTL, "
	"identification, handshakes, sequence numbers) are made again; addresses, ports, times and "
	"messages are what was seen.";

/* Numbers are in this machine's order, which the section's magic tells. */
static void put16(struct out *o, uint16_t n)
{
	out_bytes(o, (const char *)&n, sizeof(n));
}

static void put32(struct out *o, uint32_t n)
{
	out_bytes(o, (const char *)&n, sizeof(n));
}

static size_t padding(size_t len)
{
	return -len & 3;
}

static void put_padding(struct out *o, size_t len)
{
	out_bytes(o, "\0\0\0", padding(len));
}

static size_t option_size(size_t len)
{
	return 4 + len + padding(len);
}

static void put_option(struct out *o, uint16_t code, const void *bytes, size_t len)
{
	put16(o, code);
	put16(o, (uint16_t)len);
	out_bytes(o, bytes, len);
	put_padding(o, len);
}

static void put_section(struct out *o)
{
	static const char application[] = "dnstop " DNSTOP_VERSION;
	size_t app = strlen(application), text = strlen(about);
	uint32_t size = (uint32_t)(28 + option_size(app) + option_size(text) + option_size(0));

	put32(o, BLOCK_SECTION);
	put32(o, size);
	put32(o, 0x1a2b3c4d);
	put16(o, 1); /* version 1.0 */
	put16(o, 0);
	put32(o, UINT32_MAX); /* the section's length: not said */
	put32(o, UINT32_MAX);
	put_option(o, OPTION_COMMENT, about, text);
	put_option(o, SECTION_APPLICATION, application, app);
	put_option(o, OPTION_END, "", 0);
	put32(o, size);
}

static void put_interface(struct out *o, const char *escaped)
{
	static const char nanoseconds = 9;
	char ifname[PCAP_IFNAME_MAX];
	size_t len = escape_undo(ifname, sizeof(ifname), escaped);
	uint32_t size =
		(uint32_t)(20 + (len ? option_size(len) : 0) + option_size(1) + option_size(0));

	put32(o, BLOCK_INTERFACE);
	put32(o, size);
	put16(o, LINKTYPE_RAW);
	put16(o, 0);
	put32(o, 0); /* no limit of length */
	if (len)
		put_option(o, INTERFACE_NAME, ifname, len);
	put_option(o, INTERFACE_RESOLUTION, &nanoseconds, 1);
	put_option(o, OPTION_END, "", 0);
	put32(o, size);
}

void pcap_blocks_begin(struct pcap_blocks *b, struct out *out)
{
	b->out = out;
	b->n_interfaces = 1;
	b->ifname[0][0] = '\0';
	put_section(out);
	put_interface(out, "");
}

static uint16_t find_interface(struct pcap_blocks *b, const char *ifname)
{
	for (uint32_t i = b->n_interfaces; i-- > 0;) {
		if (strcmp(b->ifname[i], ifname) == 0)
			return (uint16_t)i;
	}
	if (b->n_interfaces == PCAP_INTERFACES_MAX)
		return 0;
	snprintf(b->ifname[b->n_interfaces], PCAP_IFNAME_MAX, "%s", ifname);
	put_interface(b->out, b->ifname[b->n_interfaces]);
	return (uint16_t)b->n_interfaces++;
}

uint32_t pcap_blocks_interface(struct pcap_blocks *b, const struct flow_table *t, uint16_t place)
{
	const char *ifname = t->places[place].ifname;
	uint16_t *known = &b->of_place[place];

	/* Places are given away again, when no row names them any more. */
	if (strcmp(b->ifname[*known], ifname) != 0)
		*known = find_interface(b, ifname);
	return *known;
}

void pcap_blocks_packet(struct pcap_blocks *b, const struct pcap_packet *p)
{
	struct out *o = b->out;
	size_t len = p->head_len + p->body_len;
	size_t comment = p->comment ? strlen(p->comment) : 0;
	size_t options = comment ? option_size(comment) + option_size(0) : 0;
	uint32_t size = (uint32_t)(32 + len + padding(len) + options);

	put32(o, BLOCK_PACKET);
	put32(o, size);
	put32(o, p->interface);
	put32(o, (uint32_t)(p->ts_ns >> 32));
	put32(o, (uint32_t)p->ts_ns);
	put32(o, (uint32_t)len);
	put32(o, (uint32_t)(p->head_len + p->body_orig));
	out_bytes(o, (const char *)p->head, p->head_len);
	if (p->body_len)
		out_bytes(o, (const char *)p->body, p->body_len);
	put_padding(o, len);
	if (comment) {
		put_option(o, OPTION_COMMENT, p->comment, comment);
		put_option(o, OPTION_END, "", 0);
	}
	put32(o, size);
}
