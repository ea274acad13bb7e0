/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The programs on BTF-typed tracepoints, which both objects have. Each is loaded
 * where the kernel has its tracepoint.
 */
#ifndef DNSTOP_BPF_HOOKS_H
#define DNSTOP_BPF_HOOKS_H

#include "bpf/capture.h"

SEC("?tp_btf/net_dev_queue")
int BPF_PROG(queue, struct sk_buff *skb)
{
	return capture(ACCESS_TYPED, skb, EVENT_OUT);
}

SEC("?tp_btf/netif_receive_skb")
int BPF_PROG(receive, struct sk_buff *skb)
{
	return capture(ACCESS_TYPED, skb, 0);
}

SEC("?tp_btf/neigh_event_send_done")
int BPF_PROG(waits, struct neighbour *n, int rc)
{
	return packet_waits(ACCESS_TYPED, n);
}

SEC("?tp_btf/inet_sock_set_state")
int BPF_PROG(connects, struct sock *sk, int from, int to)
{
	return connection_changes(ACCESS_TYPED, sk, from, to);
}

SEC("?tp_btf/kfree_skb")
int BPF_PROG(dropped, struct sk_buff *skb, void *location, __u32 reason)
{
	return capture_drop(ACCESS_TYPED, skb, (__u64)location, reason);
}

SEC("?tp_btf/sched_process_exec")
int BPF_PROG(begins, struct task_struct *task)
{
	return program_begins(task);
}

SEC("?tp_btf/sched_process_fork")
int BPF_PROG(forks, struct task_struct *parent, struct task_struct *child)
{
	return process_forked(parent, child);
}

SEC("?tp_btf/cgroup_mkdir")
int BPF_PROG(groups, struct cgroup *group, const char *path)
{
	return cgroup_made(group, path);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#endif
