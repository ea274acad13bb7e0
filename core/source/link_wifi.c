/* SPDX-License-Identifier: BSD-2-Clause */
/* IEEE 802.11-2020, section 9.3.2.1 (data frames), and https://www.radiotap.org. */
#include "core/source/link.h"

enum {
	/* first byte of the frame control field */
	FC_TYPE_MASK = 0x0c,
	FC_TYPE_DATA = 0x08,
	FC_NO_DATA = 0x40,
	FC_QOS = 0x80,
	/* second byte */
	FC_TO_DS = 0x01,
	FC_FROM_DS = 0x02,
	FC_PROTECTED = 0x40,
	FC_ORDER = 0x80,

	QOS_AGGREGATE = 0x80, /* the body is an A-MSDU */

	RADIOTAP_TSFT = 1u << 0,
	RADIOTAP_FLAGS = 1u << 1,
	RADIOTAP_FLAG_PADDED = 0x20, /* header padded to four bytes */
};

static bool strip_data_frame(struct span *s, bool padded)
{
	uint32_t header = 24;
	bool aggregate = false;

	if (s->cap < 24 || (s->at[0] & (FC_TYPE_MASK | FC_NO_DATA)) != FC_TYPE_DATA)
		return false;
	if (s->at[1] & FC_PROTECTED)
		return false;
	if ((s->at[1] & (FC_TO_DS | FC_FROM_DS)) == (FC_TO_DS | FC_FROM_DS))
		header += 6;
	if (s->at[0] & FC_QOS) {
		if (s->cap < header + 2)
			return false;
		aggregate = s->at[header] & QOS_AGGREGATE;
		header += s->at[1] & FC_ORDER ? 2 + 4 : 2;
	}
	if (padded)
		header = (header + 3) & ~3u;
	/* Of an aggregate the first subframe: destination, source, length. */
	if (aggregate)
		header += 14;
	return span_skip(s, header) && link_strip_ethertype(s, 0);
}

bool link_strip_wifi(struct span *s, struct link_facts *facts)
{
	(void)facts;
	return strip_data_frame(s, false);
}

bool link_strip_radiotap(struct span *s, struct link_facts *facts)
{
	uint32_t header, at, present;
	bool padded = false;

	(void)facts;
	if (s->cap < 8 || s->at[0] != 0)
		return false;
	header = le16(s->at + 2);
	if (header < 8 || header > s->cap)
		return false;
	present = le32(s->at + 4);
	if (present & RADIOTAP_FLAGS) {
		/* The top bit of each word says that another follows. */
		for (at = 8; at + 4 <= header && s->at[at - 1] & 0x80; at += 4)
			;
		if (present & RADIOTAP_TSFT)
			at = ((at + 7) & ~7u) + 8;
		padded = at < header && s->at[at] & RADIOTAP_FLAG_PADDED;
	}
	span_skip(s, header);
	return strip_data_frame(s, padded);
}
