/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends UDP datagrams as fast as one socket can for a while and prints how many
 * a second it managed: flood ADDRESS PORT SECONDS. They are DNS
 * queries of changing names and ids, whatever the port makes of them.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* "nNNNNNN.example A", as a query of this number. */
static void write_query(uint8_t *wire, uint32_t n)
{
	static const uint8_t tail[] = "\7example\0\0\1\0\1";
	char label[9];

	memcpy(wire, (uint8_t[12]){ (uint8_t)(n >> 8), (uint8_t)n, 1, 0, 0, 1 }, 12);
	snprintf(label, sizeof(label), "n%06u", n % 1000000);
	wire[12] = 7;
	memcpy(wire + 13, label, 7);
	memcpy(wire + 20, tail, sizeof(tail));
}

int main(int argc, char **argv)
{
	static uint8_t wires[BATCH][33];
	struct mmsghdr messages[BATCH] = { 0 };
	struct iovec parts[BATCH];
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint64_t sent = 0;
	double start, end;
	int fd;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		return 2;
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ wires[i], sizeof(wires[i]) };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	start = now();
	end = start + atof(argv[3]);
	while (now() < end) {
		int n;

		for (int i = 0; i < BATCH; i++)
			write_query(wires[i], (uint32_t)sent + (uint32_t)i);
		n = sendmmsg(fd, messages, BATCH, 0);
		/* A closed port's ICMP error is told at the next send; go on. */
		if (n > 0)
			sent += (uint64_t)n;
	}
	printf("%.0f\n", (double)sent / (now() - start));
	close(fd);
	return 0;
}
