/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who sent a packet. The task that happens to run at net_dev_queue is a fact
 * only while it is in a system call that names the very socket: a packet that
 * waited for its neighbour, or for TCP's window, leaves in the context of
 * whoever caused that, be it an interrupt or another process's system call.
 *
 * Of these, one that waits for its neighbour is remembered when it begins to
 * (neigh_event_send_done, net/core/neighbour.c: in the sender's system call),
 * and a TCP segment has its connection's last known sender, from connect() on
 * (inet_sock_set_state). Both hooks are rare, unlike one at every send. What
 * neither knows stays unknown.
 */
#ifndef DNSTOP_BPF_OWNER_H
#define DNSTOP_BPF_OWNER_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/access.h"
#include "bpf/cgroups.h"
#include "bpf/event.h"
#include "bpf/headers.h"
#include "bpf/kernel.h"
#include "bpf/maps.h"

enum {
	FAMILY_INET = 2,
	FAMILY_INET6 = 10,

	TCP_STATE_ESTABLISHED = 1,
	TCP_STATE_SYN_SENT = 2,
	TCP_STATE_SYN_RECV = 3,
	TCP_STATE_TIME_WAIT = 6,
	TCP_STATE_NEW_SYN_RECV = 12,

	KERNEL_STACK_BYTES = 16 << 10, /* of most kernels before 5.15 */

	QUEUED_SINCE = 8, /* packets that other processors queue meanwhile */
};

/* The kernel checks loads from what is known to be a task. */
static __always_inline struct task_struct *current_task(enum access how)
{
	if (how == ACCESS_DIRECT)
		return distrust(bpf_get_current_task_btf(), struct task_struct);
	return (struct task_struct *)bpf_get_current_task();
}

#define TASK_FIELD(how, ptr, field) \
	FIELD((how) == ACCESS_DIRECT ? ACCESS_DIRECT : ACCESS_CLASSIC, ptr, field)

/* What the current task's system call was given as its first argument; where
 * it is in none, what happened to be in that register. */
static __always_inline __u64 syscall_argument(enum access how, struct task_struct *task)
{
#ifdef SYSCALL_ARGUMENT
	struct pt_regs *regs;

	if (how == ACCESS_DIRECT)
		return ((struct pt_regs *)typed(
				(void *)bpf_task_pt_regs(bpf_get_current_task_btf()),
				struct pt_regs))
			->SYSCALL_ARGUMENT;
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	else /* where the stack has another size, nothing there is a descriptor */
		regs = BPF_CORE_READ(task, stack) + KERNEL_STACK_BYTES -
		       bpf_core_type_size(struct pt_regs);
	return BPF_CORE_READ(regs, SYSCALL_ARGUMENT);
#else
	return (__u64)-1; /* not known of this architecture: no descriptor */
#endif
}

/* Address of a socket's file, 0 for none. */
static __always_inline __u64 file_of(enum access how, struct sock *sk)
{
	struct socket *socket = FIELD(how, sk, sk_socket);

	return socket ? (__u64)FIELD(how, socket, file) : 0;
}

/* Address of the file that the current task's system call is on, 0 for none. */
static __always_inline __u64 current_file(enum access how, struct task_struct *task)
{
	struct files_struct *files = TASK_FIELD(how, task, files);
	struct fdtable *table;
	__u64 fd;

	if (!files)
		return 0;
	table = TASK_FIELD(how, files, fdt);
	if (!table)
		return 0;
	fd = syscall_argument(how, task);
	if (fd >= TASK_FIELD(how, table, max_fds))
		return 0;
	return word_at((__u64)(TASK_FIELD(how, table, fd) + fd));
}

/* Whether the current task is in a system call on this very socket. That an
 * interrupt has come in between does not matter: the socket is in its hands. */
static __always_inline bool current_has(enum access how, struct task_struct *task, struct sock *sk)
{
	__u64 file = file_of(how, sk);

	return file && file == current_file(how, task);
}

static __always_inline void fill_current(enum access how, struct task_struct *task, struct owner *o)
{
	struct task_struct *leader = TASK_FIELD(how, task, group_leader);
	const struct cred *cred = TASK_FIELD(how, task, cred);

	o->pid = TASK_FIELD(how, task, tgid);
	o->uid = cred ? TASK_FIELD(how, cred, uid.val) : 0;
	fill_cgroup(how == ACCESS_DIRECT ? how : ACCESS_CLASSIC, TASK_FIELD(how, task, cgroups),
		    &o->cgroup);
	o->start_ns = TASK_FIELD(how, leader, start_boottime);
	o->execs = TASK_FIELD(how, task, self_exec_id);
	copy_name(how == ACCESS_DIRECT ? how : ACCESS_CLASSIC, o->comm, leader, comm);
	barrier(); /* no load may serve a map's value too */
}

/* Sets *o to who sent this packet of the socket's, which leaves now or is thrown
 * away; false: nobody knows. */
static __always_inline bool find_sender(enum access how, struct sk_buff *skb, struct sock *sk,
					__u64 cookie, struct owner *o)
{
	struct task_struct *task = current_task(how);
	__u8 state = FIELD(how, sk, __sk_common.skc_state);
	__u64 key = (__u64)skb;
	struct waiting *waiting;
	struct owner *last;

	/* These are no full sockets, and answer nothing. */
	if (state == TCP_STATE_TIME_WAIT || state == TCP_STATE_NEW_SYN_RECV)
		return false;
	if (current_has(how, task, sk)) {
		fill_current(how, task, o);
		return true;
	}
	waiting = bpf_map_lookup_elem(&waiting_packets, &key);
	if (waiting && waiting->sk == (__u64)sk) {
		*o = waiting->owner;
		return true;
	}
	last = cookie ? bpf_map_lookup_elem(&connections, &cookie) : NULL;
	if (!last)
		return false;
	*o = *last;
	return true;
}

/* Of a connection: the segments that follow may leave in any context. */
static __always_inline void remember_sender(__u64 cookie, const struct owner *o)
{
	struct owner *last = bpf_map_lookup_elem(&connections, &cookie);

	if (!last || last->pid != o->pid)
		bpf_map_update_elem(&connections, &cookie, o, BPF_ANY);
}

static __always_inline bool speaks_inet(struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;

	return family == FAMILY_INET || family == FAMILY_INET6;
}

/* A packet has just been queued behind those that wait for a neighbour. Since then
 * other processors may have queued more behind it, or have sent them all. */
static __always_inline int packet_waits(enum access how, struct neighbour *n)
{
	struct task_struct *task = current_task(how);
	__u64 file = current_file(how, task);
	struct sk_buff *skb = n->arp_queue.prev;
	struct waiting now = {};
	struct sock *sk;
	__u64 key;

	if (!file)
		return 0;
#pragma unroll
	for (int i = 0; i < QUEUED_SINCE; i++) {
		key = (__u64)skb;
		if (key == (__u64)&n->arp_queue)
			return 0;
		sk = skb->sk;
		if (sk && speaks_inet(sk) && file_of(how, sk) == file)
			break;
		sk = NULL;
		skb = skb->prev;
	}
	if (!sk)
		return 0;
	now.sk = (__u64)sk;
	fill_current(how, task, &now.owner);
	bpf_map_update_elem(&waiting_packets, &key, &now, BPF_ANY);
	return 0;
}

/* A connection begins, in connect() or by its third segment: it gets a cookie,
 * which nobody else may have asked for yet. */
static __always_inline int connection_changes(enum access how, struct sock *sk, int from, int to)
{
	struct task_struct *task = current_task(how);
	__u32 remote = sk->__sk_common.skc_dport;
	struct owner now;
	__u64 cookie;

	if (to != TCP_STATE_SYN_SENT &&
	    !(to == TCP_STATE_ESTABLISHED && from == TCP_STATE_SYN_RECV))
		return 0;
	if (!speaks_inet(sk) || !port_is_dns(remote << 16 | bpf_htons(sk->__sk_common.skc_num)))
		return 0;
	cookie = bpf_get_socket_cookie(sk);
	if (to != TCP_STATE_SYN_SENT || !current_has(how, task, sk))
		return 0;
	fill_current(how, task, &now);
	remember_sender(cookie, &now);
	return 0;
}

#endif
