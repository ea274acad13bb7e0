/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/msg.h"

#include <arpa/inet.h>
#include <errno.h>

int ip_addr_parse(const char *text, struct ip_addr *out)
{
	uint8_t raw[16];

	if (inet_pton(AF_INET, text, raw) == 1)
		*out = ip_addr_from_v4(raw);
	else if (inet_pton(AF_INET6, text, raw) == 1)
		*out = ip_addr_from_v6(raw);
	else
		return -EINVAL;
	return 0;
}
