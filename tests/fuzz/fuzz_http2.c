/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as both directions of an HTTP/2 connection. The input is a list of
 * pieces: length, one byte, of which the top bit says that the server sends;
 * then as many bytes. A length of 0 breaks that direction. The client's preface
 * is put before, else little would be reached.
 */
#include <stdlib.h>
#include <string.h>

#include "core/dns/msg.h"
#include "core/source/http2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
	if (!what)
		abort();
}

static void take(void *ctx, bool response, uint32_t stream, const uint8_t *wire, uint32_t len)
{
	unsigned *touched = ctx;

	require(stream != 0 && stream <= 0x7fffffff && len <= DNS_MSG_MAX);
	for (uint32_t i = 0; i < len; i++)
		*touched += wire[i] + response;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned touched = 0;
	struct http2 *h = http2_new(take, &touched);

	require(h != NULL);
	require(http2_feed(h, true, (const uint8_t *)HTTP2_PREFACE, HTTP2_PREFACE_LEN) == 0);
	while (size) {
		bool from_client = !(*data & 0x80);
		uint32_t len = *data & 0x7f;
		uint8_t *piece;

		data++;
		size--;
		if (len > size)
			len = (uint32_t)size;
		if (!len) {
			http2_break(h, from_client);
			continue;
		}
		piece = malloc(len);
		require(piece != NULL);
		memcpy(piece, data, len);
		if (http2_feed(h, from_client, piece, len))
			require(!http2_is_whole(h, from_client));
		free(piece);
		data += len;
		size -= len;
	}
	require(http2_stats(h)->dns <= http2_stats(h)->requests);
	http2_free(h);
	return 0;
}
