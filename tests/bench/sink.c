/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes the datagrams of a flood: sink PORT... What nobody takes would be
 * thrown away, which has hooks of its own, and answered by ICMP errors. It
 * wakes by time, so that the sender does not pay for waking it.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH     256
#define PORTS_MAX 8
#define PAUSE_NS  2000000
/* A pause's worth of the fastest flood, many times over. */
#define ROOM_BYTES (64 << 20)

static int listen_on(uint16_t port)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), room = ROOM_BYTES;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&here, sizeof(here)))
		return -1;
	return fd;
}

static void drain(int fd)
{
	static char bytes[BATCH];
	static struct mmsghdr messages[BATCH];
	static struct iovec parts[BATCH];

	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ &bytes[i], 1 };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	while (recvmmsg(fd, messages, BATCH, MSG_DONTWAIT | MSG_TRUNC, NULL) == BATCH)
		continue;
}

int main(int argc, char **argv)
{
	int fds[PORTS_MAX], n = argc - 1;

	if (n < 1 || n > PORTS_MAX)
		return 2;
	for (int i = 0; i < n; i++) {
		fds[i] = listen_on((uint16_t)atoi(argv[1 + i]));
		if (fds[i] < 0) {
			perror(argv[1 + i]);
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	for (;;) {
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
		for (int i = 0; i < n; i++)
			drain(fds[i]);
	}
}
