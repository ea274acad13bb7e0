/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The record that the kernel programs hand to user space, and the counters
 * and configuration they share with it. Fixed-width types, explicit padding;
 * both sides assert the sizes.
 */
#ifndef DNSTOP_BPF_EVENT_H
#define DNSTOP_BPF_EVENT_H

#define EVENT_PACKET_MAX 4096 /* bytes of a UDP message delivered at the most */
#define EVENT_PORTS_MAX  16

enum event_flag {
	EVENT_OUT = 1 << 0,    /* net_dev_queue; else netif_receive_skb */
	EVENT_ORIGIN = 1 << 1, /* sent by a local socket from its own namespace */
	EVENT_OWNER = 1 << 2,  /* pid, uid, comm are facts */
};

#endif
