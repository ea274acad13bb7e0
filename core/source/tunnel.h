/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tunnels: from the payload of an outer packet to the IP header of the inner
 * one. Each function moves s and returns true, or returns false where no IP
 * packet is inside (s is then spent).
 */
#ifndef DNSTOP_SOURCE_TUNNEL_H
#define DNSTOP_SOURCE_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/source/span.h"

/* GRE (RFC 2784, 2890), PPTP's (RFC 2637), ERSPAN I to III. */
bool tunnel_strip_gre(struct span *s);

/* Whether UDP between these ports may be a tunnel: VXLAN (RFC 7348; 8472 is
 * Linux's older default), Geneve (RFC 8926), GTP-U (3GPP TS 29.281), Teredo
 * (RFC 4380). */
bool tunnel_on_ports(uint16_t src_port, uint16_t dst_port);
/* s is the UDP payload. */
bool tunnel_strip_udp(struct span *s, uint16_t src_port, uint16_t dst_port);

#endif
