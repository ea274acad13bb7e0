/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks 127.0.0.1 for static.example over TLS, through an OpenSSL that it brings
 * itself: says "up", waits for a line, asks once, and says how many bytes came.
 */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>

int main(void)
{
	static const unsigned char query[] =
		"\0\40\0\7\1\0\0\1\0\0\0\0\0\0\6static\7example\0\0\1\0\1";
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(853),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *session = context ? SSL_new(context) : NULL;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	unsigned char answer[600];

	puts("up");
	fflush(stdout);
	getchar();
	if (!session || connect(fd, (struct sockaddr *)&to, sizeof(to)) || !SSL_set_fd(session, fd))
		return 1;
	if (SSL_connect(session) != 1 || SSL_write(session, query, sizeof(query) - 1) <= 0)
		return 2;
	printf("%d\n", SSL_read(session, answer, sizeof(answer)));
	SSL_free(session);
	SSL_CTX_free(context);
	return 0;
}
