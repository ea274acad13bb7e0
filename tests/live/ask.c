/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes that ask one question each and are gone:
 *
 *   ask HOW COUNT SERVER [STAYS-MS]
 *
 * forks COUNT of them at once. Each is called "q" and its own pid, asks for that
 * name under example. and exits. HOW: sendto, sendmsg, send, write (connected
 * sockets, these two), tcp, or all: one after the other. Prints each one's pid
 * and HOW. Linked statically: nothing of libc's resolver or loader takes part.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const ways[] = { "sendto", "sendmsg", "send", "write", "tcp" };

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
	if (connect(fd, (const struct sockaddr *)server, sizeof(*server)))
		die("connect");
	if (strcmp(how, "send") == 0)
		return send(fd, q + 2, len, 0);
	if (strcmp(how, "write") == 0)
		return write(fd, q + 2, len);
	return send(fd, q, len + 2, 0) - 2;
}

static _Noreturn void be_one(const char *how, const struct sockaddr_in *server, unsigned stays_ms)
{
	unsigned char q[128];
	char name[16];
	size_t len;

	snprintf(name, sizeof(name), "q%d", (int)getpid());
	prctl(PR_SET_NAME, name);
	len = make_query(q, name);
	if (ask(how, server, q, len) != (ssize_t)len)
		die(how);
	usleep(stays_ms * 1000);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(53) };
	unsigned stays_ms = argc > 4 ? (unsigned)atoi(argv[4]) : 0;
	int failed = 0, status;

	if (argc < 4 || inet_pton(AF_INET, argv[3], &server.sin_addr) != 1)
		return 2;
	for (int i = 0; i < atoi(argv[2]); i++) {
		const char *how = strcmp(argv[1], "all") == 0 ? ways[i % WAYS] : argv[1];
		pid_t pid = fork();

		if (pid == 0)
			be_one(how, &server, stays_ms);
		if (pid < 0)
			die("fork");
		printf("%d %s\n", (int)pid, how);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	return failed != 0;
}
