/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The programs for every kernel with BTF: by BTF-typed tracepoints where they
 * can be had, else by classic ones. dnstop_direct.bpf.c has those for newer kernels.
 */
#include "bpf/hooks.h"

SEC("?tracepoint/net/net_dev_queue")
int queue_classic(struct trace_event_raw_net_dev_template *ctx)
{
	return capture(ACCESS_CLASSIC, ctx->skbaddr, EVENT_OUT);
}

SEC("?tracepoint/net/netif_receive_skb")
int receive_classic(struct trace_event_raw_net_dev_template *ctx)
{
	return capture(ACCESS_CLASSIC, ctx->skbaddr, 0);
}
