/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The floor of any program on these hooks: it does nothing. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("tp_btf/net_dev_queue")
int empty_queue(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int empty_receive(void *ctx)
{
	(void)ctx;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
