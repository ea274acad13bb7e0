/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/addresses.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "core/dns/wire.h"

#define ROUNDS 6

int addresses_key(struct addresses *a, struct err *err)
{
	if (getrandom(a->key, sizeof(a->key), 0) != (ssize_t)sizeof(a->key))
		return err_set(err, -EIO, "no random key for -a: %s", strerror(errno));
	return 0;
}

/* --- a keyed hash: SipHash-2-4 of two words --- */

static inline uint64_t rotate(uint64_t x, int n)
{
	return x << n | x >> (64 - n);
}

static void sip_rounds(uint64_t v[4], int n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[0] = rotate(v[0], 32);
		v[2] += v[3];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

static uint64_t keyed_hash(const uint64_t key[2], uint64_t first, uint64_t second)
{
	const uint64_t words[] = { first, second, (uint64_t)16 << 56 };
	uint64_t v[4] = { key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
			  key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u };

	for (int i = 0; i < 3; i++) {
		v[3] ^= words[i];
		sip_rounds(v, 2);
		v[0] ^= words[i];
	}
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* --- a permutation of numbers of so many bits --- */

static uint64_t low_bits(unsigned n)
{
	return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

/* A Feistel network over an even number of bits, walked until it is back among
 * the numbers of `bits`; tweak: which of many permutations. */
static uint64_t permute(const uint64_t key[2], uint64_t x, unsigned bits, uint64_t tweak)
{
	unsigned half = (bits + 1) / 2;

	if (bits == 0)
		return x;
	do {
		uint64_t left = x >> half, right = x & low_bits(half);

		for (uint64_t round = 0; round < ROUNDS; round++) {
			uint64_t next = left ^ (keyed_hash(key, tweak, right << 8 | round << 4) &
						low_bits(half));

			left = right;
			right = next;
		}
		x = left << half | right;
	} while (x > low_bits(bits));
	return x;
}

/* The first octets of addresses that name no host. */
static bool is_reserved(bool v4, uint64_t first_octet)
{
	return v4 ? first_octet == 0 || first_octet == 127 || first_octet >= 224
		  : first_octet == 0xff;
}

/* The same of the front of an address; it becomes no reserved one where its first
 * octet is in it. */
static uint64_t permute_front(const uint64_t key[2], uint64_t x, unsigned bits, uint64_t tweak,
			      bool v4)
{
	do
		x = permute(key, x, bits, tweak);
	while (bits >= 8 && is_reserved(v4, x >> (bits - 8)));
	return x;
}

/* --- addresses --- */

static uint64_t get_bytes(const uint8_t *b, int n)
{
	uint64_t x = 0;

	for (int i = 0; i < n; i++)
		x = x << 8 | b[i];
	return x;
}

static void put_bytes(uint8_t *b, int n, uint64_t x)
{
	for (int i = n - 1; i >= 0; i--, x >>= 8)
		b[i] = (uint8_t)x;
}

/* Its first n of `bits`, and the rest by a permutation of that network's own. */
static uint64_t hide_parts(const uint64_t key[2], uint64_t x, unsigned bits, unsigned n, bool v4)
{
	unsigned rest = bits - n;
	uint64_t front = rest >= 64 ? 0 : x >> rest, back = x & low_bits(rest);

	back = permute(key, back, rest, keyed_hash(key, front, n));
	front = permute_front(key, front, n, n, v4);
	return front << rest | back;
}

static void hide_v6(const struct addresses *a, uint8_t b[16])
{
	uint64_t high = get_bytes(b, 8), low = get_bytes(b + 8, 8), was = high;
	unsigned n = a->prefix6;

	if (n == 0) {
		/* Nothing of what two addresses have in common shows. */
		low = permute(a->key, low, 64, keyed_hash(a->key, high, 1));
		high = permute_front(a->key, high, 64, keyed_hash(a->key, low, 2), false);
	} else if (n <= 64) {
		low = permute(a->key, low, 64, keyed_hash(a->key, high, 1));
		high = hide_parts(a->key, high, 64, n, false);
	} else {
		unsigned rest = 128 - n;
		uint64_t net = rest >= 64 ? 0 : low >> rest, host = low & low_bits(rest);

		host = permute(a->key, host, rest, keyed_hash(a->key, high, net));
		net = permute(a->key, net, n - 64, keyed_hash(a->key, was, 3));
		high = permute_front(a->key, high, 64, keyed_hash(a->key, net, 4), false);
		low = net << rest | host;
	}
	put_bytes(b, 8, high);
	put_bytes(b + 8, 8, low);
}

static bool is_no_host(const struct ip_addr *addr)
{
	static const uint8_t zero[15];

	if (ip_addr_is_v4(addr))
		return is_reserved(true, addr->b[12]);
	return is_reserved(false, addr->b[0]) ||
	       (memcmp(addr->b, zero, sizeof(zero)) == 0 && addr->b[15] <= 1);
}

void addresses_hide(const struct addresses *a, struct ip_addr *addr)
{
	unsigned n = a->prefix4 ? a->prefix4 : 32;

	if (is_no_host(addr))
		return;
	if (ip_addr_is_v4(addr))
		put_bytes(addr->b + 12, 4,
			  hide_parts(a->key, get_bytes(addr->b + 12, 4), 32, n, true));
	else
		hide_v6(a, addr->b);
}

static bool is_ignored(const struct addresses *a, const struct dns_msg *msg)
{
	bool response = msg->wire_len > 2 && (msg->wire[2] << 8 & DNS_FLAG_QR);
	/* The client's, or the server's. */
	const struct ip_addr *end = response != a->ignored_serve ? &msg->dst : &msg->src;

	for (int i = 0; i < a->n_ignored; i++)
		if (memcmp(end, &a->ignored[i], sizeof(*end)) == 0)
			return true;
	return false;
}

/* Who sent an ICMP error or a reset, in text. */
static const char *hide_text(const struct addresses *a, const char *by,
			     char text[VALUE_ADDR_TEXT_MAX])
{
	struct ip_addr addr;

	if (ip_addr_parse(by, &addr))
		return by;
	addresses_hide(a, &addr);
	value_addr_text(&addr, text);
	return text;
}

bool addresses_take(const struct addresses *a, const struct dns_msg *msg, struct dns_msg *out,
		    char text[VALUE_ADDR_TEXT_MAX])
{
	*out = *msg;
	/* Its hashes are of the real ones, and it would have to stay. */
	out->prepared = NULL;
	/* Of a further sighting they are no facts. */
	if (msg->again)
		return true;
	if (is_ignored(a, msg))
		return false;
	if (!a->anonymous)
		return true;
	addresses_hide(a, &out->src);
	addresses_hide(a, &out->dst);
	if (msg->drop_by)
		out->drop_by = hide_text(a, msg->drop_by, text);
	return true;
}
