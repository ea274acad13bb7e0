/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The few kernel types that the programs touch, each with only the members
 * that they use. preserve_access_index has the loader put every access right
 * for the running kernel (CO-RE), so that order and size here mean nothing.
 */
#ifndef DNSTOP_BPF_KERNEL_H
#define DNSTOP_BPF_KERNEL_H

#include <stdbool.h>

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;

/* linux/bpf.h, whose own includes a bare BPF compiler does not find. */
enum bpf_map_type {
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
	BPF_ANY = 0,
	BPF_RB_NO_WAKEUP = 1,
	BPF_F_MMAPABLE = 1 << 10,
};

#define BPF_F_CURRENT_CPU 0xffffffffULL

/* Asked for by name, whatever the number. */
enum bpf_func_id {
	BPF_FUNC_snprintf = 165,
	BPF_FUNC_task_pt_regs = 175,
};

enum cgroup_subsys_id {
	cpu_cgrp_id = 1,
	memory_cgrp_id = 2,
	pids_cgrp_id = 3,
};

/* Where struct pt_regs keeps a system call's first argument, and a function's
 * arguments, its value, its stack and its address (with bpf_core_read.h). */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_ARGUMENT   di
#define ARGUMENT_1(regs)   BPF_CORE_READ(regs, di)
#define ARGUMENT_2(regs)   BPF_CORE_READ(regs, si)
#define ARGUMENT_4(regs)   BPF_CORE_READ(regs, cx)
#define RETURNED(regs)     BPF_CORE_READ(regs, ax)
#define STACK(regs)        BPF_CORE_READ(regs, sp)
#define INSTRUCTION(regs)  BPF_CORE_READ(regs, ip)
#define FUNCTION_REGISTERS unsigned long si, cx, ax, sp, ip;
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_ARGUMENT   orig_x0
#define ARGUMENT_1(regs)   BPF_CORE_READ(regs, regs[0])
#define ARGUMENT_2(regs)   BPF_CORE_READ(regs, regs[1])
#define ARGUMENT_4(regs)   BPF_CORE_READ(regs, regs[3])
#define RETURNED(regs)     BPF_CORE_READ(regs, regs[0])
#define STACK(regs)        BPF_CORE_READ(regs, sp)
#define INSTRUCTION(regs)  BPF_CORE_READ(regs, pc)
#define FUNCTION_REGISTERS __u64 regs[31], sp, pc;
#elif defined(__TARGET_ARCH_powerpc)
#define SYSCALL_ARGUMENT   orig_gpr3
#define ARGUMENT_1(regs)   BPF_CORE_READ(regs, gpr[3])
#define ARGUMENT_2(regs)   BPF_CORE_READ(regs, gpr[4])
#define ARGUMENT_4(regs)   BPF_CORE_READ(regs, gpr[6])
#define RETURNED(regs)     BPF_CORE_READ(regs, gpr[3])
#define STACK(regs)        BPF_CORE_READ(regs, gpr[1])
#define INSTRUCTION(regs)  BPF_CORE_READ(regs, nip)
#define FUNCTION_REGISTERS unsigned long gpr[32], nip;
#elif defined(__TARGET_ARCH_riscv)
#define SYSCALL_ARGUMENT   orig_a0
#define ARGUMENT_1(regs)   BPF_CORE_READ(regs, a0)
#define ARGUMENT_2(regs)   BPF_CORE_READ(regs, a1)
#define ARGUMENT_4(regs)   BPF_CORE_READ(regs, a3)
#define RETURNED(regs)     BPF_CORE_READ(regs, a0)
#define STACK(regs)        BPF_CORE_READ(regs, sp)
#define INSTRUCTION(regs)  BPF_CORE_READ(regs, epc)
#define FUNCTION_REGISTERS unsigned long a0, a1, a3, sp, epc;
#elif defined(__TARGET_ARCH_s390)
#define SYSCALL_ARGUMENT  orig_gpr2
#define ARGUMENT_1(regs)  BPF_CORE_READ(regs, gprs[2])
#define ARGUMENT_2(regs)  BPF_CORE_READ(regs, gprs[3])
#define ARGUMENT_4(regs)  BPF_CORE_READ(regs, gprs[5])
#define RETURNED(regs)    BPF_CORE_READ(regs, gprs[2])
#define STACK(regs)       BPF_CORE_READ(regs, gprs[15])
#define INSTRUCTION(regs) BPF_CORE_READ(regs, psw.addr)
#define FUNCTION_REGISTERS          \
	unsigned long gprs[16];     \
	struct {                    \
		unsigned long addr; \
	} psw;
#endif

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

typedef struct {
	__s64 counter;
} atomic64_t;

struct in6_addr {
	__u8 bytes[16];
};

/* The head that full, request and time-wait sockets have in common. */
struct sock_common {
	__be16 skc_dport;
	__u16 skc_num; /* the local port, host order */
	__u16 skc_family;
	volatile __u8 skc_state;
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	possible_net_t skc_net;
	atomic64_t skc_cookie;
};

struct dentry;

struct qstr {
	__u32 len;
	const unsigned char *name;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev; /* NULL: in no list */
};

typedef struct {
	unsigned int sequence; /* odd while it is being changed */
} seqcount_t;

typedef struct {
	seqcount_t seqcount;
} seqcount_spinlock_t;

struct dentry {
	seqcount_spinlock_t d_seq;
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	const void *d_op;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent; /* itself: there is none */
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
};

struct mm_struct {
	struct file *exe_file;
};

struct socket {
	struct file *file;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type;
	struct socket *sk_socket;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

typedef struct {
	unsigned int val;
} kuid_t;

struct cred {
	kuid_t uid;
};

struct kernfs_node {
	__u64 id;
};

struct cgroup_root {
	unsigned int subsys_mask; /* a bit for each of its controllers */
	int hierarchy_id;         /* 0: of version 2 */
};

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[1]; /* by enum cgroup_subsys_id */
	struct cgroup *dfl_cgrp;               /* in the hierarchy of version 2 */
};

struct task_struct {
	int tgid;
	struct css_set *cgroups;
	const struct cred *cred;
	void *stack;
	struct task_struct *group_leader;
	__u64 self_exec_id; /* how often it has begun another program */
	struct mm_struct *mm;
	__u64 start_boottime;
	char comm[16];
	struct files_struct *files;
};

#ifdef SYSCALL_ARGUMENT
struct pt_regs {
	unsigned long SYSCALL_ARGUMENT;
	FUNCTION_REGISTERS
};
#endif

struct net_device {
	char name[16];
	int ifindex;
	possible_net_t nd_net;
};

struct sk_buff {
	struct sk_buff *prev;
	struct net_device *dev;
	struct sock *sk;
	unsigned int len;
	unsigned int data_len;
	__be16 protocol;
	__u16 network_header;
	unsigned char *head;
	unsigned char *data;
	int skb_iif;
	unsigned long _nfct; /* where the kernel has conntrack */
};

struct sk_buff_head {
	struct sk_buff *prev;
};

struct neighbour {
	struct sk_buff_head arp_queue;
};

/* Of the classic tracepoints net_dev_queue and netif_receive_skb. */
struct trace_event_raw_net_dev_template {
	void *skbaddr;
};

#pragma clang attribute pop

#endif
