/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/http2_headers.h"

#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Of the table that both sides agree upon: as large as is usual. We may allow
 * more than they do, since it is the sender who says how much it uses. */
#define TABLE_MAX 65536

struct headers {
	nghttp2_hd_inflater *inflater;
};

struct headers *headers_new(void)
{
	struct headers *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	if (nghttp2_hd_inflate_new(&h->inflater) ||
	    nghttp2_hd_inflate_change_table_size(h->inflater, TABLE_MAX)) {
		headers_free(h);
		return NULL;
	}
	return h;
}

void headers_free(struct headers *h)
{
	if (!h)
		return;
	nghttp2_hd_inflate_del(h->inflater);
	free(h);
}

static bool name_is(const nghttp2_nv *nv, const char *name)
{
	return nv->namelen == strlen(name) && memcmp(nv->name, name, nv->namelen) == 0;
}

static bool value_is(const nghttp2_nv *nv, const char *value)
{
	return nv->valuelen == strlen(value) && memcmp(nv->value, value, nv->valuelen) == 0;
}

static void note(struct header_facts *facts, const nghttp2_nv *nv)
{
	if (name_is(nv, ":method")) {
		facts->has_method = true;
		facts->is_get = value_is(nv, "GET");
		facts->is_post = value_is(nv, "POST");
	} else if (name_is(nv, ":status") && nv->valuelen == 3) {
		facts->status = 0;
		for (int i = 0; i < 3; i++)
			facts->status = (uint16_t)(facts->status * 10 + nv->value[i] % 16 % 10);
	} else if (name_is(nv, ":path") && nv->valuelen <= sizeof(facts->path)) {
		memcpy(facts->path, nv->value, nv->valuelen);
		facts->path_len = (uint32_t)nv->valuelen;
	} else if (name_is(nv, "content-type")) {
		facts->is_dns = doh_type((const char *)nv->value, nv->valuelen);
	} else if (name_is(nv, "content-encoding")) {
		facts->is_encoded = !value_is(nv, "identity");
	}
}

int headers_inflate(struct headers *h, const uint8_t *block, size_t len, struct header_facts *facts)
{
	memset(facts, 0, offsetof(struct header_facts, path));
	if (!len)
		block = (const uint8_t *)"";
	for (;;) {
		nghttp2_nv nv;
		int flags = 0;
		ssize_t n = nghttp2_hd_inflate_hd2(h->inflater, &nv, &flags, block, len, 1);

		if (n < 0 || (size_t)n > len)
			return -EPROTO;
		block += n;
		len -= (size_t)n;
		if (flags & NGHTTP2_HD_INFLATE_EMIT)
			note(facts, &nv);
		if (flags & NGHTTP2_HD_INFLATE_FINAL)
			break;
		if (!(flags & NGHTTP2_HD_INFLATE_EMIT) && !len)
			return -EPROTO;
	}
	return nghttp2_hd_inflate_end_headers(h->inflater) ? -EPROTO : 0;
}
