/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes that ask one question each and are gone:
 *
 *   ask HOW COUNT SERVER [STAYS-MS]
 *   ask each COUNT SERVER PROGRAM ...
 *   ask one ... SERVER
 *
 * The first forks COUNT of them at once. Each is called "q" and its own pid, asks for that
 * name under example. and exits. HOW: sendto, sendmsg, sendmmsg, send, write
 * (connected sockets, these two), tcp, or all: one after the other; or uring, by
 * io_uring in the asker's own system call, and worker, in one of its kernel threads.
 * Ends with 77 where there is no io_uring. Prints each one's pid and HOW. Linked statically: nothing of libc's resolver or loader takes part.
 *
 * each: every process asks by itself first, as "f" and its own pid, and is then one
 * of the PROGRAMs in turn, called with "one" and SERVER; prints pid and PROGRAM.
 * one: asks as above, without a fork; what comes between is what #! adds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const ways[] = { "sendto", "sendmsg", "sendmmsg", "send", "write", "tcp" };

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	_exit(1);
}

/* A query for LABEL.example A, after two bytes with its length (TCP's). */
static size_t make_query(unsigned char *q, const char *label)
{
	static const unsigned char tail[] = "\7example\0\0\1\0\1";
	size_t n = strlen(label), len = 12 + 1 + n + sizeof(tail) - 1;

	memset(q, 0, 14);
	q[1] = (unsigned char)len;
	q[2] = (unsigned char)(getpid() >> 8);
	q[3] = (unsigned char)getpid();
	q[4] = 1; /* RD */
	q[7] = 1; /* QDCOUNT */
	q[14] = (unsigned char)n;
	memcpy(q + 15, label, n);
	memcpy(q + 15 + n, tail, sizeof(tail) - 1);
	return len;
}

/* One message by a ring of its own, and the result. */
static ssize_t send_uring(int fd, const struct msghdr *m, unsigned char flags)
{
	struct io_uring_params p = { 0 };
	int ring = (int)syscall(__NR_io_uring_setup, 1, &p);
	size_t sq_size = p.sq_off.array + p.sq_entries * sizeof(unsigned);
	size_t cq_size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	const struct io_uring_cqe *done;
	struct io_uring_sqe *sqe;
	char *sq, *cq;

	if (ring < 0)
		_exit(77);
	sq = mmap(NULL, sq_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, cq_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || (void *)sqe == MAP_FAILED)
		die("mmap");
	sqe->opcode = IORING_OP_SENDMSG;
	sqe->flags = flags;
	sqe->fd = fd;
	sqe->addr = (unsigned long)m;
	sqe->len = 1;
	*(unsigned *)(sq + p.sq_off.array) = 0;
	__atomic_store_n((unsigned *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		die("io_uring_enter");
	done = (const struct io_uring_cqe *)(cq + p.cq_off.cqes);
	errno = done->res < 0 ? -done->res : 0;
	return done->res;
}

static ssize_t ask(const char *how, const struct sockaddr_in *server, unsigned char *q, size_t len)
{
	int fd = socket(AF_INET, strcmp(how, "tcp") == 0 ? SOCK_STREAM : SOCK_DGRAM, 0);
	struct iovec part = { q + 2, len };
	struct msghdr m = {
		.msg_name = (void *)server,
		.msg_namelen = sizeof(*server),
		.msg_iov = &part,
		.msg_iovlen = 1,
	};

	if (fd < 0)
		die("socket");
	if (strcmp(how, "sendto") == 0)
		return sendto(fd, q + 2, len, 0, (const struct sockaddr *)server, sizeof(*server));
	if (strcmp(how, "sendmsg") == 0)
		return sendmsg(fd, &m, 0);
	if (strcmp(how, "uring") == 0)
		return send_uring(fd, &m, 0);
	if (strcmp(how, "worker") == 0)
		return send_uring(fd, &m, IOSQE_ASYNC);
	if (strcmp(how, "sendmmsg") == 0) {
		struct mmsghdr one = { .msg_hdr = m };

		return sendmmsg(fd, &one, 1, 0) == 1 ? (ssize_t)one.msg_len : -1;
	}
	if (connect(fd, (const struct sockaddr *)server, sizeof(*server)))
		die("connect");
	if (strcmp(how, "send") == 0)
		return send(fd, q + 2, len, 0);
	if (strcmp(how, "write") == 0)
		return write(fd, q + 2, len);
	return send(fd, q, len + 2, 0) - 2;
}

static void ask_as(char letter, const char *how, const struct sockaddr_in *server)
{
	unsigned char q[128];
	char name[16];
	size_t len;

	snprintf(name, sizeof(name), "%c%d", letter, (int)getpid());
	prctl(PR_SET_NAME, name);
	len = make_query(q, name);
	if (ask(how, server, q, len) != (ssize_t)len)
		die(how);
}

static _Noreturn void be_one(const char *how, const struct sockaddr_in *server, unsigned stays_ms)
{
	ask_as('q', how, server);
	usleep(stays_ms * 1000);
	_exit(0);
}

static _Noreturn void become(char *program, char *address, const struct sockaddr_in *server)
{
	char one[] = "one", *argv[] = { program, one, address, NULL };

	ask_as('f', "sendto", server);
	execv(program, argv);
	die(program);
}

int main(int argc, char **argv)
{
	struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(53) };
	unsigned stays_ms = argc > 4 ? (unsigned)atoi(argv[4]) : 0;
	int failed = 0, status;
	bool cannot = false;

	if (argc > 2 && strcmp(argv[1], "one") == 0 &&
	    inet_pton(AF_INET, argv[argc - 1], &server.sin_addr) == 1)
		be_one("sendto", &server, 0);
	if (argc < 4 || inet_pton(AF_INET, argv[3], &server.sin_addr) != 1)
		return 2;
	for (int i = 0; i < atoi(argv[2]); i++) {
		const char *how = strcmp(argv[1], "all") == 0 ? ways[i % WAYS] : argv[1];
		char *program = NULL;
		pid_t pid;

		if (strcmp(how, "each") == 0 && argc > 4)
			how = program = argv[4 + i % (argc - 4)];
		pid = fork();
		if (pid == 0 && program)
			become(program, argv[3], &server);
		if (pid == 0)
			be_one(how, &server, stays_ms);
		if (pid < 0)
			die("fork");
		printf("%d %s\n", (int)pid, how);
	}
	while (wait(&status) > 0) {
		failed += status != 0;
		cannot |= WIFEXITED(status) && WEXITSTATUS(status) == 77;
	}
	return cannot ? 77 : failed != 0;
}
