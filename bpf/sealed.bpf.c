/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Plaintext of TLS sessions, at the functions of OpenSSL and GnuTLS through
 * which programs send and receive it. Loaded only where it was asked for.
 *
 * A session knows of no socket that could be asked for its addresses. While a
 * thread is in a call on a session, the socket on which it sends or receives is
 * the session's. Programs that do this between the calls (memory BIOs) are
 * understood too, as long as nothing else comes in between: what is sent next
 * by the thread that has just encrypted, and is long enough to be it; what was
 * received last by the thread that then decrypts.
 */
#include "bpf/kernel.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/sealed.h"

enum {
	FAMILY_INET = 2,
	FAMILY_INET6 = 10,
	SOCKET_STREAM = 1,
	PORT_DOT = 853,
	RECORD_MIN = 22, /* what TLS 1.3 adds to a record, the least: RFC 8446, 5.2 */
};

/* How a function says how many bytes it has moved. */
enum answer {
	ANSWER_NOTHING, /* it moves none that are the program's */
	ANSWER_VALUE,   /* its value, if positive */
	ANSWER_POINTED, /* where its last argument points to, if its value is positive */
};

struct place {
	__u8 local[16];
	__u8 remote[16];
	__u32 netns;
	__u16 local_port;
	__u16 remote_port;
};

struct session_key {
	__u64 object; /* the address of the library's object */
	__u64 pid;
};

struct session {
	__u64 id;
	__u64 at[2]; /* bytes sent, received */
	__u64 tried; /* bytes handed over without a verdict */
	struct place place;
	__u32 has_place;
};

/* A thread that uses sessions. */
struct thread {
	/* The call that it is in: */
	__u64 object; /* 0: none */
	__u64 function;
	__u64 stack; /* where the call's return address lies */
	__u64 ts_ns;
	__u64 buffer;
	__u64 moved; /* the address of the count, see ANSWER_POINTED */
	__u16 kind;  /* enum sealed_kind */
	__u16 answer;
	__u16 depth;     /* of calls within it */
	__u16 has_place; /* it has used a socket, which is at `place` */
	struct place place;
	/* Between calls: */
	__u64 encrypted;       /* the session whose bytes have not been seen to leave */
	__u64 encrypted_bytes; /* how many they are */
	__u64 heard_bytes;     /* received last, not yet read from a session */
	struct place heard;    /* there */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} sealed_ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SEALED_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} sealed_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct session_key);
	__type(value, struct session);
} sessions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64); /* bpf_get_current_pid_tgid() */
	__type(value, struct thread);
} threads SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);   /* session.id */
	__type(value, __u32); /* enum sealed_verdict */
} verdicts SEC(".maps");

static __always_inline void count(__u32 what)
{
	__u64 *n = bpf_map_lookup_elem(&sealed_counts, &what);

	if (n)
		(*n)++;
}

/* --- records --- */

static __always_inline void fill(struct sealed_event *e, const struct session *s, __u16 kind,
				 __u64 ts_ns)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	e->ts_ns = ts_ns;
	e->session = s->id;
	e->at = 0;
	e->cgroup = bpf_get_current_cgroup_id();
	e->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	e->execs = BPF_CORE_READ(task, self_exec_id);
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->uid = (__u32)bpf_get_current_uid_gid();
	e->netns = s->place.netns;
	e->len = 0;
	__builtin_memcpy(e->local, s->place.local, 16);
	__builtin_memcpy(e->remote, s->place.remote, 16);
	e->local_port = s->place.local_port;
	e->remote_port = s->place.remote_port;
	e->kind = kind;
	e->flags = s->has_place ? SEALED_HAS_PLACE : 0;
	__builtin_memset(e->comm, 0, sizeof(e->comm));
	BPF_CORE_READ_INTO(&e->comm, task, group_leader, comm);
}

static __always_inline void emit_note(const struct session *s, __u16 kind)
{
	struct sealed_event *e = bpf_ringbuf_reserve(&sealed_ring, sizeof(*e), 0);

	if (!e) {
		count(SEALED_COUNT_RING);
		return;
	}
	fill(e, s, kind, bpf_ktime_get_ns());
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

/* The ring wants sizes known beforehand: room for `size` bytes. */
static __always_inline void emit_sized(const struct session *s, const struct thread *t, __u64 skip,
				       __u64 n, __u64 ts_ns, const __u32 size)
{
	struct sealed_event *e = bpf_ringbuf_reserve(&sealed_ring, sizeof(*e) + size, 0);

	if (!e) {
		count(SEALED_COUNT_RING);
		return;
	}
	fill(e, s, t->kind, ts_ns);
	e->at = s->at[t->kind == SEALED_RECEIVED] + skip;
	barrier_var(n); /* the bound must be seen where it is used */
	if (n > size)
		n = size;
	e->len = n;
	if (bpf_probe_read_user(e + 1, n, (void *)(t->buffer + skip))) {
		bpf_ringbuf_discard(e, BPF_RB_NO_WAKEUP);
		count(SEALED_COUNT_UNREADABLE);
		return;
	}
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

static __noinline int emit_piece(const struct session *s, const struct thread *t, __u64 skip,
				 __u64 n, __u64 ts_ns)
{
	if (!s || !t)
		return 0;
	if (n <= 512)
		emit_sized(s, t, skip, n, ts_ns, 512);
	else if (n <= 4096)
		emit_sized(s, t, skip, n, ts_ns, 4096);
	else
		emit_sized(s, t, skip, n, ts_ns, SEALED_PIECE_MAX);
	return 0;
}

/* DNS over TLS has a port of its own; of other sessions user space says
 * whether it wants them, and has some bytes to judge by. */
static __always_inline bool wanted(struct session *s, __u64 n)
{
	__u32 *verdict = bpf_map_lookup_elem(&verdicts, &s->id);

	if (verdict)
		return *verdict == SEALED_WANTED;
	if (s->place.local_port == PORT_DOT || s->place.remote_port == PORT_DOT)
		return true;
	if (s->tried >= SEALED_TRIAL_BYTES)
		return false;
	s->tried += n;
	return true;
}

static __always_inline void emit_bytes(struct session *s, const struct thread *t, __u64 n)
{
	bool received = t->kind == SEALED_RECEIVED;
	__u64 ts_ns = received ? bpf_ktime_get_ns() : t->ts_ns;
	__u64 skip = 0;

	if (wanted(s, n)) {
		for (int i = 0; i < SEALED_PIECES && skip < n; i++) {
			__u64 piece = n - skip;

			if (piece > SEALED_PIECE_MAX)
				piece = SEALED_PIECE_MAX;
			emit_piece(s, t, skip, piece, ts_ns);
			skip += piece;
		}
	}
	s->at[received] += n;
}

/* --- sessions and their places --- */

static __always_inline bool same_place(const struct place *a, const struct place *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] && x[4] == y[4];
}

/* Of a TCP socket; false for any other. */
static __always_inline bool read_place(struct sock *sk, struct place *p)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	struct net *net;

	if (BPF_CORE_READ(sk, sk_type) != SOCKET_STREAM)
		return false;
	__builtin_memset(p, 0, sizeof(*p));
	if (family == FAMILY_INET) {
		p->local[10] = p->local[11] = p->remote[10] = p->remote[11] = 0xff;
		bpf_core_read(p->local + 12, 4, &sk->__sk_common.skc_rcv_saddr);
		bpf_core_read(p->remote + 12, 4, &sk->__sk_common.skc_daddr);
	} else if (family == FAMILY_INET6) {
		bpf_core_read(p->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(p->remote, 16, &sk->__sk_common.skc_v6_daddr);
	} else {
		return false;
	}
	net = BPF_CORE_READ(sk, __sk_common.skc_net.net);
	p->netns = BPF_CORE_READ(net, ns.inum);
	p->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	p->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	return p->remote_port;
}

static __always_inline struct session_key session_key(__u64 object)
{
	return (struct session_key){ .object = object, .pid = bpf_get_current_pid_tgid() >> 32 };
}

static __always_inline struct session *session_find(__u64 object)
{
	struct session_key key = session_key(object);

	return bpf_map_lookup_elem(&sessions, &key);
}

/* No two begin at the same time on one processor. */
static __always_inline __u64 new_id(void)
{
	return bpf_ktime_get_ns() << 10 | (bpf_get_smp_processor_id() & 1023);
}

static __always_inline struct session *session_of(__u64 object)
{
	struct session_key key = session_key(object);
	struct session *s = bpf_map_lookup_elem(&sessions, &key);
	struct session fresh = {};

	if (s)
		return s;
	fresh.id = new_id();
	bpf_map_update_elem(&sessions, &key, &fresh, BPF_ANY);
	return bpf_map_lookup_elem(&sessions, &key);
}

/* A session that is met at another place is another one: an object was used
 * again, or its process has gone and another one has its number. */
static __always_inline void session_place(struct session *s, const struct place *place)
{
	if (s->has_place && !same_place(&s->place, place)) {
		s->id = new_id();
		s->at[0] = 0;
		s->at[1] = 0;
		s->tried = 0;
	}
	s->place = *place;
	s->has_place = 1;
}

/* --- calls --- */

static __always_inline struct thread *thread_of(bool make)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct thread *t = bpf_map_lookup_elem(&threads, &id);
	struct thread fresh = {};

	if (t || !make)
		return t;
	bpf_map_update_elem(&threads, &id, &fresh, BPF_ANY);
	return bpf_map_lookup_elem(&threads, &id);
}

/* Functions call each other, or jump: the outermost call counts. One of which
 * the return was missed is known by the stack, which it had deeper. */
static __always_inline bool is_within(const struct thread *t, __u64 function, __u64 stack)
{
	if (!t->object || stack > t->stack)
		return false;
	return stack < t->stack || function != t->function;
}

static __always_inline int enter(struct pt_regs *ctx, __u16 kind, __u16 answer, __u64 moved)
{
	struct thread *t = thread_of(true);
	__u64 function = INSTRUCTION(ctx);

	if (!t)
		return 0;
	if (is_within(t, function, STACK(ctx))) {
		t->depth++;
		return 0;
	}
	t->object = ARGUMENT_1(ctx);
	t->function = function;
	t->stack = STACK(ctx);
	t->ts_ns = bpf_ktime_get_ns();
	t->buffer = ARGUMENT_2(ctx);
	t->moved = moved;
	t->kind = kind;
	t->answer = answer;
	t->depth = 0;
	t->has_place = 0;
	return 0;
}

static __always_inline __u64 bytes_moved(const struct thread *t, __s32 value)
{
	__u64 n = 0;

	if (value <= 0 || t->answer == ANSWER_NOTHING)
		return 0;
	if (t->answer == ANSWER_VALUE)
		return value;
	bpf_probe_read_user(&n, sizeof(n), (void *)t->moved);
	return n;
}

/* The session's place, from what the thread did in the call or before. */
static __always_inline void find_place(struct session *s, struct thread *t, __u64 n)
{
	bool was_known = s->has_place;

	if (t->has_place) {
		session_place(s, &t->place);
		t->encrypted = 0;
		t->heard_bytes = 0;
	} else if (t->kind == SEALED_SENT && n) {
		if (t->encrypted != t->object)
			t->encrypted_bytes = 0;
		t->encrypted = t->object;
		t->encrypted_bytes += n;
	} else if (t->kind == SEALED_RECEIVED && n) {
		if (!was_known && t->heard_bytes >= n + RECORD_MIN)
			session_place(s, &t->heard);
		t->heard_bytes = t->heard_bytes > n ? t->heard_bytes - n : 0;
	}
	if (!was_known && s->has_place && !n)
		emit_note(s, SEALED_PLACED);
}

static __always_inline int leave(__s32 value)
{
	struct thread *t = thread_of(false);
	struct session *s;
	__u64 n;

	if (!t || !t->object)
		return 0;
	if (t->depth) {
		t->depth--;
		return 0;
	}
	n = bytes_moved(t, value);
	/* A call that did nothing says nothing of a session. */
	s = n || t->has_place ? session_of(t->object) : NULL;
	if (s) {
		find_place(s, t, n);
		if (n)
			emit_bytes(s, t, n);
	}
	t->object = 0;
	return 0;
}

/* (object, bytes, size) returns the number of bytes: SSL_write, SSL_read,
 * gnutls_record_send, _send2, _recv, _recv_seq. */
SEC("uprobe")
int send_value(struct pt_regs *ctx)
{
	return enter(ctx, SEALED_SENT, ANSWER_VALUE, 0);
}

SEC("uprobe")
int receive_value(struct pt_regs *ctx)
{
	return enter(ctx, SEALED_RECEIVED, ANSWER_VALUE, 0);
}

/* (object, bytes, size, number of bytes) returns whether it went well:
 * SSL_write_ex, SSL_read_ex and those of early data. */
SEC("uprobe")
int send_pointed(struct pt_regs *ctx)
{
	return enter(ctx, SEALED_SENT, ANSWER_POINTED, ARGUMENT_4(ctx));
}

SEC("uprobe")
int receive_pointed(struct pt_regs *ctx)
{
	return enter(ctx, SEALED_RECEIVED, ANSWER_POINTED, ARGUMENT_4(ctx));
}

/* Sends what others were given before: gnutls_record_uncork. */
SEC("uprobe")
int send_nothing(struct pt_regs *ctx)
{
	return enter(ctx, SEALED_SENT, ANSWER_NOTHING, 0);
}

SEC("uretprobe")
int returned(struct pt_regs *ctx)
{
	return leave((__s32)RETURNED(ctx));
}

/* SSL_free, gnutls_deinit. */
SEC("uprobe")
int freed(struct pt_regs *ctx)
{
	struct session_key key = session_key(ARGUMENT_1(ctx));
	struct session *s = bpf_map_lookup_elem(&sessions, &key);

	if (!s)
		return 0;
	if (s->at[0] | s->at[1])
		emit_note(s, SEALED_CLOSED);
	bpf_map_delete_elem(&sessions, &key);
	return 0;
}

/* --- sockets --- */

static __always_inline int used(struct sock *sk, __s64 bytes, bool sending)
{
	struct thread *t = thread_of(false);
	struct place place;
	struct session *s;

	if (!t)
		return 0;
	if (t->object) {
		if (read_place(sk, &place)) {
			t->place = place;
			t->has_place = 1;
		}
		return 0;
	}
	if (bytes <= 0 || (sending && !t->encrypted) || !read_place(sk, &place))
		return 0;
	if (!sending) {
		t->heard = place;
		t->heard_bytes = bytes;
		return 0;
	}
	s = session_find(t->encrypted);
	if (s && !s->has_place && (__u64)bytes >= t->encrypted_bytes + RECORD_MIN) {
		session_place(s, &place);
		emit_note(s, SEALED_PLACED);
	}
	t->encrypted = 0;
	return 0;
}

/* Linux 6.5 and newer tell of each use; before, the functions themselves do. */
SEC("?tp_btf/sock_send_length")
int BPF_PROG(socket_sent, struct sock *sk, int ret, int flags)
{
	return used(sk, ret, true);
}

SEC("?tp_btf/sock_recv_length")
int BPF_PROG(socket_received, struct sock *sk, int ret, int flags)
{
	return used(sk, ret, false);
}

SEC("?fentry/tcp_sendmsg")
int BPF_PROG(tcp_sends, struct sock *sk, void *message, unsigned long size)
{
	return used(sk, size, true);
}

SEC("?fentry/tcp_recvmsg")
int BPF_PROG(tcp_receives, struct sock *sk, void *message, unsigned long size)
{
	return used(sk, size, false);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
