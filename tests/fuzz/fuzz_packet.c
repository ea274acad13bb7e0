/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any frames of any link type: the decoder stays inside them, and what it
 * delivers is no longer than what was on the wire.
 *
 * The first byte chooses the link type; then come packets, each two bytes of
 * length (little-endian), one byte that says how much longer it was on the
 * wire and whether time passed before it, and its bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/source/link.h"
#include "core/source/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A new one goes to the end: seeds name them by number. */
static const int links[] = {
	PACKET_LINK_IP, LINK_ETHERNET,     LINK_LINUX_SLL, LINK_LINUX_SLL2, LINK_RAW,
	LINK_NULL,      LINK_LOOP,         LINK_IPV4,      LINK_IPV6,       LINK_PPP,
	LINK_PPP_HDLC,  LINK_PPP_ETHER,    LINK_C_HDLC,    LINK_FDDI,       LINK_ARCNET_LINUX,
	LINK_MPLS,      LINK_IEEE802_11,   LINK_RADIOTAP,  LINK_PPI,        LINK_PKTAP,
	LINK_NFLOG,     147 /* unknown */,
};

struct sum {
	uint64_t messages;
	unsigned touched;
};

static void require(bool what)
{
	if (!what)
		abort();
}

static void take(void *ctx, const struct dns_msg *msg)
{
	struct sum *s = ctx;

	require(msg->wire_len <= msg->wire_orig);
	require(msg->transport == TRANSPORT_UDP || msg->transport == TRANSPORT_TCP);
	for (uint32_t i = 0; i < msg->wire_len; i++)
		s->touched += msg->wire[i];
	/* What became of a message is none. */
	if (msg->quoted) {
		require(msg->drop_reason && msg->drop_by);
		return;
	}
	require(msg->wire_orig <= DNS_MSG_MAX);
	s->messages++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t ports[] = { 53, 5353 };
	struct sum sum = { .messages = 0 };
	struct source_stats stats = { .packets = 0 };
	struct packet_decoder *d = packet_decoder_new(ports, 2, take, &sum);
	uint64_t now = 1700000000000000000ull;
	int link;

	struct inventory *inventory = inventory_new(1);
	const struct ip_addr server = ip_addr_from_v4("\300\0\2\65");

	require(d != NULL && inventory != NULL);
	require(inventory_add_server(inventory, &server, "x") == 0);
	packet_decoder_inventory(d, inventory);
	if (size == 0)
		goto out;
	link = links[data[0] % (sizeof(links) / sizeof(links[0]))];
	data++;
	size--;
	while (size >= 3) {
		uint32_t len = data[0] | (uint32_t)data[1] << 8;
		uint8_t extra = data[2];
		uint8_t *bytes;

		data += 3;
		size -= 3;
		if (len > size)
			len = (uint32_t)size;
		if (extra & 0x80)
			now += 2000000000ull;
		bytes = malloc(len ? len : 1);
		require(bytes != NULL);
		memcpy(bytes, data, len);
		packet_decode(d, &(struct packet){ .ts_ns = now,
						   .link = link,
						   .bytes = bytes,
						   .len = len,
						   .orig_len = len + (extra & 0x7f) });
		free(bytes);
		data += len;
		size -= len;
	}
	packet_decoder_finish(d);
	packet_decoder_stats(d, &stats);
	require(stats.messages == sum.messages);
out:
	packet_decoder_free(d);
	inventory_free(inventory);
	return 0;
}
