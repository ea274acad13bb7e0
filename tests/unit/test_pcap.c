/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/source/pcap_filter.h"
#include "core/source/source_list.h"
#include "tests/unit/captures.h"
#include "tests/unit/packets.h"

#define V4 "ip4=17 udp=5555-53 dns"
#define V6 "ip6=17 udp=5555-53 dns"

static char path[] = "/tmp/dnstop-pcap-XXXXXX";
static struct delivered got;

static int make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	return fd < 0;
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

static int open_source(struct source **s, const char *input, const char *filter, struct err *err)
{
	const struct source_config cfg = { .input = input, .bpf_filter = filter };

	memset(&got, 0, sizeof(got));
	*err = (struct err){ 0 };
	return source_pcap.open(s, &cfg, err);
}

static void put_packet(struct capture *c, const char *words)
{
	struct bytes b;

	bytes_build(&b, words);
	pcap_record(c, 1700000000, 5, bytes_at(&b), b.len, b.len);
}

static void write_three(size_t cut)
{
	static struct capture c;

	c.len = 0;
	pcap_header(&c, 0xa1b2c3d4, 1);
	put_packet(&c, "eth=0800 " V4);
	put_packet(&c, "eth=0800 ip4=17 udp=1-2 dns");
	put_packet(&c, "eth=86dd " V6);
	capture_write(path, c.bytes, c.len - cut);
}

static void test_file(void **state)
{
	struct source_stats st;
	struct source *s;
	struct err err;

	(void)state;
	write_three(0);
	assert_int_equal(open_source(&s, path, NULL, &err), 0);
	assert_false(s->live);
	assert_string_equal(s->title, path + 5);
	assert_string_equal(s->notice, "");
	assert_int_equal(s->ops->fd(s), -1);
	assert_int_equal(s->ops->interval_ms(s), 0);
	/* no more than asked for, then the rest, then the end */
	assert_int_equal(s->ops->poll(s, 1, deliver_test, &got, &err), 1);
	assert_int_equal(got.n, 1);
	assert_true(got.last.ts_ns == 1700000000000005000);
	assert_int_equal(got.last.sighting, SIGHTING_UNKNOWN);
	assert_int_equal(s->ops->poll(s, 2, deliver_test, &got, &err), 2);
	assert_int_equal(got.n, 2);
	assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), -ENODATA);
	assert_int_equal(err.code, 0);
	assert_string_equal(err.text, "");
	s->ops->stats(s, &st);
	assert_int_equal(st.packets, 2);
	assert_int_equal(st.messages, 2);
	s->ops->close(s);
}

/* A file that ends in its middle gives its rows, and then a warning. */
static void test_cut_file(void **state)
{
	struct source *s;
	struct err err;

	(void)state;
	write_three(5);
	assert_int_equal(open_source(&s, path, NULL, &err), 0);
	assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), -ENODATA);
	assert_int_equal(got.n, 1);
	assert_int_equal(err.code, -EIO);
	assert_non_null(strstr(err.text, "after packet 2"));
	s->ops->close(s);
}

static void test_open_errors(void **state)
{
	static const struct {
		const char *bytes, *input, *filter;
		int rc;
		const char *says;
	} rows[] = {
		{ "", path, NULL, -EINVAL, "empty" },
		{ "no capture at all, this is text", path, NULL, -EINVAL, "not a capture" },
		{ "", "/nonexistent/y", NULL, -ENOENT, "/nonexistent/y" },
		{ NULL, path, "port port", -EINVAL, "port port" },
	};
	struct source *s;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].bytes)
			capture_write(path, rows[i].bytes, strlen(rows[i].bytes));
		else
			write_three(0);
		assert_int_equal(open_source(&s, rows[i].input, rows[i].filter, &err), rows[i].rc);
		assert_int_equal(err.code, rows[i].rc);
		assert_non_null(strstr(err.text, rows[i].says));
	}
}

/* A filter is compiled for each link type of the file. */
static void test_file_filter(void **state)
{
	static const struct {
		const char *filter;
		unsigned messages;
	} rows[] = {
		{ "ip", 2 }, { "ip6", 1 }, { "udp", 3 }, { "tcp", 0 }, { "dst host 192.0.2.53", 2 },
	};
	static const struct {
		unsigned link;
		const char *words;
	} packets[] = { { 1, "eth=0800 " V4 }, { 101, V4 }, { 1, "eth=86dd " V6 } };
	static struct capture c;
	struct source *s;
	struct err err;

	(void)state;
	ng_section(&c);
	for (unsigned i = 0; i < 3; i++) {
		struct bytes b;

		bytes_build(&b, packets[i].words);
		ng_interface(&c, packets[i].link, 0, NULL, -1, 0);
		ng_packet(&c, i, 1, bytes_at(&b), b.len, b.len, 0);
	}
	capture_write(path, c.bytes, c.len);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(open_source(&s, path, rows[i].filter, &err), 0);
		assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), -ENODATA);
		assert_int_equal(got.n, rows[i].messages);
		s->ops->close(s);
	}
	/* what only Ethernet has, met on raw IP */
	assert_int_equal(open_source(&s, path, "ether src 00:00:00:00:00:00", &err), 0);
	assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), -EINVAL);
	assert_int_equal(err.code, -EINVAL);
	assert_int_equal(got.n, 1);
	s->ops->close(s);
}

static void test_foreign_link(void **state)
{
	static struct capture c;
	struct source *s;
	struct err err;

	(void)state;
	pcap_header(&c, 0xa1b2c3d4, 195);
	put_packet(&c, V4);
	put_packet(&c, V4);
	capture_write(path, c.bytes, c.len);
	assert_int_equal(open_source(&s, path, NULL, &err), 0);
	assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), -ENODATA);
	assert_int_equal(err.code, -EPROTONOSUPPORT);
	assert_non_null(strstr(err.text, "195"));
	s->ops->close(s);
}

/* A pipe is waited for by its descriptor. */
static void test_pipe(void **state)
{
	static struct capture c;
	struct pollfd pfd = { .events = POLLIN };
	struct source *s;
	struct err err;
	char name[32];
	int fd[2];

	(void)state;
	pcap_header(&c, 0xa1b2c3d4, 1);
	put_packet(&c, "eth=0800 " V4);
	assert_int_equal(pipe(fd), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd[0]);
	assert_int_equal(open_source(&s, name, NULL, &err), 0);
	pfd.fd = s->ops->fd(s);
	assert_true(pfd.fd >= 0);
	assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), 0);
	assert_int_equal(poll(&pfd, 1, 0), 0);
	assert_int_equal(write(fd[1], c.bytes, c.len), c.len);
	assert_int_equal(poll(&pfd, 1, 0), 1);
	assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), 1);
	assert_int_equal(got.n, 1);
	close(fd[1]);
	assert_int_equal(poll(&pfd, 1, 0), 1);
	assert_int_equal(s->ops->poll(s, 100, deliver_test, &got, &err), -ENODATA);
	assert_int_equal(err.code, 0);
	s->ops->close(s);
	close(fd[0]);
}

/* What the default filter lets through on each kind of link. */
static void test_default_filter(void **state)
{
	static const uint16_t ports[] = { 53, 5353 };
	static const struct {
		int link;
		bool passes;
		const char *words;
	} rows[] = {
		{ 1, true, "eth=0800 " V4 },
		{ 1, true, "eth=86dd " V6 },
		{ 1, true, "eth=0800 ip4=17 udp=53-9 dns" },
		{ 1, true, "eth=0800 ip4=17 udp=9-5353 dns" },
		{ 1, true, "eth=0800 ip4=6 tcp=9-53-02" },
		{ 1, true, "eth=86dd ip6=6 tcp=53-9-12" },
		{ 1, false, "eth=0800 ip4=17 udp=54-9 dns" },
		{ 1, false, "eth=0800 ip4=6 tcp=9-80-02" },
		{ 1, false, "eth=86dd ip6=17 udp=9-54 dns" },
		{ 1, false, "eth=0806 zero=46" },
		/* fragments: the first by its ports, the others whatever they are */
		{ 1, true, "eth=0800 45000038 00012000 4011 0000 c0000201 c0000235 udp=9-53 dns" },
		{ 1, true, "eth=0800 45000038 00010002 4011 0000 c0000201 c0000235 zero=36" },
		{ 1, false, "eth=0800 45000038 00012000 4011 0000 c0000201 c0000235 udp=9-54 dns" },
		/* extension headers */
		{ 1, true, "eth=86dd ip6=44 1100000100000007 zero=24" },
		{ 1, true, "eth=86dd ip6=0 1100000000000000 udp=9-53 dns" },
		{ 1, true, "eth=86dd ip6=60 1100000000000000 udp=9-53 dns" },
		{ 1, false, "eth=86dd ip6=58 zero=24" },
		/* tags */
		{ 1, true, "eth=8100 00010800 " V4 },
		{ 1, true, "eth=8100 000186dd " V6 },
		{ 1, true, "eth=88a8 00018100 00020800 " V4 },
		{ 1, false, "eth=8100 00010800 ip4=17 udp=9-54 dns" },
		{ 1, false, "eth=88a8 00018100 00020800 ip4=17 udp=9-54 dns" },
		{ 1, true, "eth=8100 000186dd ip6=44 1100000100000007 zero=24" },
		/* cooked and raw */
		{ 113, true, "0000000100060011223344550000 0800 " V4 },
		{ 113, true, "0000000100060011223344550000 8100 00010800 " V4 },
		{ 113, false, "0000000100060011223344550000 0800 ip4=17 udp=9-54 dns" },
		{ 276, true, "0800000000000007000100060011223344550000 " V4 },
		{ 276, true, "86dd000000000007000100060011223344550000 " V6 },
		{ 276, false, "0800000000000007000100060011223344550000 ip4=17 udp=9-54 dns" },
		{ 276, true, "8100000000000007000100060011223344550000 00010800 " V4 },
		{ 12, true, V4 },
		{ 12, true, V6 },
		{ 12, false, "ip4=17 udp=9-54 dns" },
		{ 101, true, V6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[PCAP_FILTER_TEXT_MAX];
		struct pcap_filter *f = pcap_filter_new(text);
		struct packet p = { .link = rows[i].link };
		struct err err = { 0 };
		struct bytes b;
		int rc;

		assert_non_null(f);
		pcap_filter_default(text, rows[i].link, ports, 2);
		bytes_build(&b, rows[i].words);
		p.bytes = bytes_at(&b);
		p.len = p.orig_len = b.len;
		rc = pcap_filter_match(f, &p, &err);
		if (rc != rows[i].passes)
			print_error("%d %s: %s\n", rows[i].link, rows[i].words, err.text);
		assert_int_equal(rc, rows[i].passes);
		pcap_filter_free(f);
	}
}

/* All the ports that can be given make a filter that compiles and fits. */
static void test_default_filter_ports(void **state)
{
	uint16_t ports[SOURCE_MAX_PORTS];
	char text[PCAP_FILTER_TEXT_MAX];
	pcap_t *dead = pcap_open_dead(DLT_EN10MB, 262144);
	struct bpf_program program;

	(void)state;
	for (unsigned i = 0; i < SOURCE_MAX_PORTS; i++)
		ports[i] = (uint16_t)(65535 - i);
	pcap_filter_default(text, 1, ports, SOURCE_MAX_PORTS);
	assert_true(strlen(text) < PCAP_FILTER_TEXT_MAX - 1);
	assert_int_equal(pcap_compile(dead, &program, text, 1, PCAP_NETMASK_UNKNOWN), 0);
	/* The kernel takes 4096 instructions. */
	assert_true(program.bf_len < 4096);
	pcap_freecode(&program);
	pcap_close(dead);
}

static void test_no_device(void **state)
{
	struct source *s;
	struct err err;
	int rc;

	(void)state;
	/* also told to whom the capability is missing */
	assert_int_equal(open_source(&s, "nosuchdevice0", NULL, &err), -ENODEV);
	assert_non_null(strstr(err.text, "nosuchdevice0"));
	assert_non_null(strstr(err.text, "lo"));
	rc = open_source(&s, "a-name-longer-than-the-kernel-has", NULL, &err);
	assert_int_equal(rc, -ENODEV);
}

/* Sends a query to ourselves over loopback and waits until it was seen. */
static void live(const char *device, const char *expect_ifname)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct source_stats st;
	struct source *s;
	struct err err;
	int rc, sock;

	rc = open_source(&s, device, NULL, &err);
	if (rc == -EPERM || rc == -EIO)
		skip(); /* no privilege, or a sandbox without packet sockets */
	assert_int_equal(rc, 0);
	assert_true(s->live);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	assert_true(sock >= 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
		sendto(sock, test_query, sizeof(test_query), 0, (struct sockaddr *)&to, sizeof(to)),
		sizeof(test_query));
	for (unsigned i = 0; i < 200 && !got.n; i++) {
		struct pollfd pfd = { .fd = s->ops->fd(s), .events = POLLIN };

		poll(&pfd, 1, 10);
		assert_true(s->ops->poll(s, 100, deliver_test, &got, &err) >= 0);
	}
	assert_true(got.n >= 1);
	assert_int_equal(got.last.dst_port, 53);
	assert_int_equal(got.last.wire_len, sizeof(test_query));
	assert_memory_equal(got.last.wire, test_query, sizeof(test_query));
	assert_string_equal(got.last.ifname, expect_ifname);
	assert_true(got.last.ifindex > 0);
	s->ops->stats(s, &st);
	assert_true(st.messages >= 1);
	assert_int_equal(st.lost_capture, 0);
	close(sock);
	s->ops->close(s);
}

static void test_live_device(void **state)
{
	(void)state;
	live("lo", "lo");
}

static void test_live_all(void **state)
{
	(void)state;
	live(NULL, "lo");
}

static void test_live_filter(void **state)
{
	struct source *s;
	struct err err;
	int rc;

	(void)state;
	rc = open_source(&s, "lo", "port port", &err);
	if (rc == -EPERM || rc == -EIO)
		skip();
	assert_int_equal(rc, -EINVAL);
	assert_non_null(strstr(err.text, "port port"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),           cmocka_unit_test(test_cut_file),
		cmocka_unit_test(test_open_errors),    cmocka_unit_test(test_file_filter),
		cmocka_unit_test(test_foreign_link),   cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_default_filter), cmocka_unit_test(test_default_filter_ports),
		cmocka_unit_test(test_no_device),      cmocka_unit_test(test_live_device),
		cmocka_unit_test(test_live_all),       cmocka_unit_test(test_live_filter),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
