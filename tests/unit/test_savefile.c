/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "core/source/pcap_savefile.h"
#include "tests/unit/captures.h"

#define DATA "0123456789"
#define NS   1000000000ull

static char path[] = "/tmp/dnstop-savefile-XXXXXX";

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

static struct pcap_savefile *open_file(void)
{
	struct pcap_savefile *f = NULL;
	struct err err = { 0 };

	assert_int_equal(pcap_savefile_open(&f, path, &err), 0);
	assert_non_null(f);
	return f;
}

/* What is to be read, in order; a length of 0 ends the list. */
struct record {
	uint64_t ts_ns;
	int link;
	uint32_t len, orig;
	const char *ifname;
	uint8_t direction;
};

static void expect_records(const struct record *want)
{
	struct pcap_savefile *f = open_file();
	struct packet p = { .meta.pid = 9 };
	struct err err = { 0 };
	unsigned n = 0;

	for (; want->len; want++, n++) {
		assert_int_equal(pcap_savefile_next(f, &p, &err), 0);
		assert_true(p.ts_ns == want->ts_ns);
		assert_int_equal(p.link, want->link);
		assert_int_equal(p.len, want->len);
		assert_int_equal(p.orig_len, want->orig);
		assert_memory_equal(p.bytes, DATA, want->len);
		assert_int_equal(p.meta.direction, want->direction);
		assert_int_equal(p.meta.pid, 9);
		if (want->ifname)
			assert_string_equal(p.meta.ifname, want->ifname);
		else
			assert_null(p.meta.ifname);
	}
	assert_int_equal(pcap_savefile_next(f, &p, &err), -ENODATA);
	assert_int_equal(err.code, 0);
	pcap_savefile_close(f);
}

static void make_pcap(struct capture *c, uint32_t magic, bool big)
{
	*c = (struct capture){ .big = big };
	pcap_header(c, magic, 1);
	pcap_record(c, 1, 2, DATA, 10, 10);
	pcap_record(c, 0xffffffff, 999, DATA, 4, 60);
	pcap_record(c, 3, 4, DATA, 1, 1);
}

static void test_pcap(void **state)
{
	static const struct {
		uint32_t magic;
		uint32_t tick_ns;
	} formats[] = { { 0xa1b2c3d4, 1000 }, { 0xa1b23c4d, 1 } };
	static struct capture c;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		uint32_t tick = formats[i / 2].tick_ns;
		const struct record want[] = {
			{ NS + 2 * tick, 1, 10, 10, NULL, 0 },
			{ 0xffffffff * NS + 999 * tick, 1, 4, 60, NULL, 0 },
			{ 3 * NS + 4 * tick, 1, 1, 1, NULL, 0 },
			{ 0 },
		};

		make_pcap(&c, formats[i / 2].magic, i % 2);
		capture_write(path, c.bytes, c.len);
		expect_records(want);
	}
}

/* The link type's upper bits are not part of it. */
static void test_frame_check_bits(void **state)
{
	const struct record want[] = { { NS, 1, 10, 10, NULL, 0 }, { 0 } };
	static struct capture c;

	(void)state;
	c.len = 0;
	pcap_header(&c, 0xa1b2c3d4, 0x44000001);
	pcap_record(&c, 1, 0, DATA, 10, 10);
	capture_write(path, c.bytes, c.len);
	expect_records(want);
}

/* Kuznetzov's records have eight bytes more. */
static void test_modified_pcap(void **state)
{
	const struct record want[] = { { NS + 5000, 1, 10, 10, NULL, 0 }, { 0 } };
	static struct capture c;

	(void)state;
	c.len = 0;
	pcap_header(&c, 0xa1b2cd34, 1);
	for (unsigned i = 0; i < 4; i++)
		capture_u32(&c, (const uint32_t[]){ 1, 5, 10, 10 }[i]);
	capture_put(&c, "\3\0\0\0\10\0\0\0", 8);
	capture_put(&c, DATA, 10);
	capture_write(path, c.bytes, c.len);
	expect_records(want);
}

/* Interfaces that differ in everything, two sections, every kind of packet block. */
static void make_ng(struct capture *c, bool big)
{
	size_t at;

	*c = (struct capture){ .big = big };
	ng_section(c);
	ng_interface(c, 1, 65535, "eth0", -1, 0);
	ng_interface(c, 101, 0, NULL, 9, 0);
	ng_interface(c, 276, 8, "a name that is much longer than any", 0x80 | 10, 100);
	ng_end(c, ng_begin(c, 0x80000bad)); /* a block of another's */
	ng_packet(c, 0, 1000000, DATA, 10, 10, 0);
	ng_packet(c, 1, 2 * NS + 7, DATA, 9, 90, 1);
	ng_packet(c, 2, 3 * 1024 + 512, DATA, 8, 8, 2);
	ng_packet(c, 0, 4000000, DATA, 7, 7, 4);
	at = ng_begin(c, 2);
	capture_u16(c, 1);
	capture_u16(c, 0);
	capture_u32(c, 0);
	capture_u32(c, 5000);
	capture_u32(c, 6);
	capture_u32(c, 6);
	capture_put(c, DATA, 6);
	ng_end(c, at);
	ng_statistics(c, 0, 10, 5);
	ng_statistics(c, 0, 11, 5);
	ng_statistics(c, 1, 0, 4);
	ng_statistics(c, 7, 1000, 0); /* no such interface */
	c->big = !big;
	ng_section(c);
	ng_interface(c, 12, 5, NULL, 3, -1);
	ng_packet(c, 0, 6000, DATA, 3, 3, 0);
	ng_simple(c, DATA, 5, 9);
	ng_simple(c, DATA, 2, 2);
}

static void test_ng(void **state)
{
	static const struct record want[] = {
		{ 1 * NS, 1, 10, 10, "eth0", DIRECTION_UNKNOWN },
		{ 2 * NS + 7, 101, 9, 90, NULL, DIRECTION_IN },
		{ 103 * NS + NS / 2, 276, 8, 8, "longer than any", DIRECTION_OUT },
		{ 4 * NS, 1, 7, 7, "eth0", DIRECTION_UNKNOWN },
		{ 5000, 101, 6, 6, NULL, DIRECTION_UNKNOWN },
		{ 5 * NS, 12, 3, 3, NULL, DIRECTION_UNKNOWN },
		{ 5 * NS, 12, 5, 9, NULL, DIRECTION_UNKNOWN },
		{ 5 * NS, 12, 2, 2, NULL, DIRECTION_UNKNOWN },
		{ 0 },
	};
	static struct capture c;

	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		struct pcap_savefile *f;
		struct packet p = { 0 };

		make_ng(&c, big);
		capture_write(path, c.bytes, c.len);
		expect_records(want);
		f = open_file();
		while (pcap_savefile_next(f, &p, NULL) == 0)
			;
		assert_int_equal(pcap_savefile_dropped(f), 20);
		pcap_savefile_close(f);
	}
}

/* Clocks of every kind, at the ends of what they can say. */
static void test_ng_clocks(void **state)
{
	static const struct {
		int resolution;
		int64_t offset_s;
		uint64_t ticks, ns;
	} rows[] = {
		{ 0, 0, 7, 7 * NS },
		{ 6, 0, 1, 1000 },
		{ 9, 0, UINT64_MAX, UINT64_MAX },
		{ 12, 0, 1999, 1 },
		{ 19, 0, UINT64_MAX, 1844674407 },
		{ 0, 0, UINT64_MAX, UINT64_MAX },
		{ 0x80, 0, 3, 3 * NS },
		{ 0x80 | 63, 0, 1ull << 62, NS / 2 },
		{ 0x80 | 20, 0, 5ull << 20, 5 * NS },
		{ 0, INT64_MAX, 1, UINT64_MAX },
		{ 0, INT64_MIN, 1, 0 },
		{ 0, -5, 7, 2 * NS },
	};
	static struct capture c;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct record want[] = { { rows[i].ns, 1, 10, 10, NULL, 0 }, { 0 } };

		c.len = 0;
		ng_section(&c);
		ng_interface(&c, 1, 0, NULL, rows[i].resolution, rows[i].offset_s);
		ng_packet(&c, 0, rows[i].ticks, DATA, 10, 10, 0);
		capture_write(path, c.bytes, c.len);
		expect_records(want);
	}
}

static void write_gzip(const struct capture *c, size_t at, size_t len, const char *mode)
{
	gzFile z = gzopen(path, mode);

	assert_non_null(z);
	assert_int_equal(gzwrite(z, c->bytes + at, (unsigned)len), len);
	assert_int_equal(gzclose(z), Z_OK);
}

static size_t pack_zstd(const struct capture *c, size_t at, size_t len, uint8_t *to, size_t room)
{
	size_t n = ZSTD_compress(to, room, c->bytes + at, len, 1);

	assert_false(ZSTD_isError(n));
	return n;
}

static void test_compressed(void **state)
{
	static const struct record want[] = {
		{ NS + 2000, 1, 10, 10, NULL, 0 },
		{ 0xffffffff * NS + 999000, 1, 4, 60, NULL, 0 },
		{ 3 * NS + 4000, 1, 1, 1, NULL, 0 },
		{ 0 },
	};
	static uint8_t packed[4096];
	static struct capture c;
	size_t n;

	(void)state;
	make_pcap(&c, 0xa1b2c3d4, false);
	write_gzip(&c, 0, c.len, "wb");
	expect_records(want);
	/* in two members, the seam within a record */
	write_gzip(&c, 0, 50, "wb");
	write_gzip(&c, 50, c.len - 50, "ab");
	expect_records(want);
	n = pack_zstd(&c, 0, c.len, packed, sizeof(packed));
	capture_write(path, packed, n);
	expect_records(want);
	n = pack_zstd(&c, 0, 50, packed, sizeof(packed));
	n += pack_zstd(&c, 50, c.len - 50, packed + n, sizeof(packed) - n);
	capture_write(path, packed, n);
	expect_records(want);
}

/* Reads to the end; returns how many records came, and how it ended. */
static unsigned count_records(struct err *err, int *rc)
{
	struct pcap_savefile *f = open_file();
	struct packet p = { 0 };
	unsigned n = 0;

	*err = (struct err){ 0 };
	while ((*rc = pcap_savefile_next(f, &p, err)) == 0)
		n++;
	/* and says so again */
	assert_int_equal(pcap_savefile_next(f, &p, NULL), *rc);
	pcap_savefile_close(f);
	return n;
}

/* Cut at every byte: the records before the cut come, and only a cut between two
 * records is no mistake. */
static void cut_everywhere(const struct capture *c, size_t header, unsigned records)
{
	unsigned clean = 0;
	unsigned last = 0;
	struct err err;
	unsigned n;
	int rc;

	for (size_t len = 0; len <= c->len; len++) {
		capture_write(path, c->bytes, len);
		n = count_records(&err, &rc);
		if (len < header) {
			assert_int_equal(n, 0);
			assert_int_equal(rc, -EINVAL);
			assert_int_equal(err.code, -EINVAL);
			continue;
		}
		assert_int_equal(rc, -ENODATA);
		assert_true(n == last || n == last + 1);
		last = n;
		if (err.code == 0)
			clean++;
		else {
			assert_int_equal(err.code, -EIO);
			assert_non_null(strstr(err.text, "packet"));
		}
	}
	assert_int_equal(last, records);
	assert_true(clean >= records + 1);
	assert_true(clean < 30);
}

static void test_cut(void **state)
{
	static struct capture c;

	(void)state;
	make_pcap(&c, 0xa1b2c3d4, true);
	cut_everywhere(&c, 24, 3);
	make_ng(&c, false);
	cut_everywhere(&c, 4, 8);
}

static void test_cut_compressed(void **state)
{
	static uint8_t packed[4096];
	static struct capture c;
	struct stat st;
	struct err err;
	size_t n;
	int rc;

	(void)state;
	make_pcap(&c, 0xa1b2c3d4, false);
	n = pack_zstd(&c, 0, c.len, packed, sizeof(packed));
	capture_write(path, packed, n - 1);
	count_records(&err, &rc);
	assert_int_not_equal(err.code, 0);
	write_gzip(&c, 0, c.len, "wb");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - 9), 0);
	count_records(&err, &rc);
	assert_int_not_equal(err.code, 0);
}

/* Files that are wrong, by how; `records` come before. */
static void test_damaged(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint32_t value;
		unsigned records;
	} rows[] = {
		/* behind a section of 28 bytes, an interface of 24, packets of 44 */
		{ "pcapng: length of 8", 52 + 4, 8, 0 },
		{ "pcapng: length not in fours", 52 + 4, 45, 0 },
		{ "pcapng: absurd length", 52 + 4, 0xfffffff0, 0 },
		{ "pcapng: lengths that differ", 52 + 40, 48, 0 },
		{ "pcapng: second packet of no interface", 96 + 8, 1, 1 },
		{ "pcapng: second packet longer than its block", 96 + 20, 13, 1 },
		{ "pcapng: byte order", 8, 0, 0 },
	};
	static struct capture c, whole;
	struct err err;
	int rc;

	(void)state;
	ng_section(&whole);
	ng_interface(&whole, 1, 0, NULL, -1, 0);
	assert_int_equal(whole.len, 52);
	ng_packet(&whole, 0, 1, DATA, 10, 10, 0);
	ng_packet(&whole, 0, 1, DATA, 10, 10, 0);
	assert_int_equal(whole.len, 52 + 2 * 44);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c = whole;
		memcpy(c.bytes + rows[i].at, &rows[i].value, 4);
		capture_write(path, c.bytes, c.len);
		if (count_records(&err, &rc) != rows[i].records || err.code != -EIO)
			print_error("%s\n", rows[i].name);
		assert_int_equal(count_records(&err, &rc), rows[i].records);
		assert_int_equal(rc, -ENODATA);
		assert_int_equal(err.code, -EIO);
	}
	/* an absurd record of a pcap */
	make_pcap(&c, 0xa1b2c3d4, false);
	memcpy(c.bytes + 24 + 26 + 8, "\0\0\0\1", 4);
	capture_write(path, c.bytes, c.len);
	assert_int_equal(count_records(&err, &rc), 1);
	assert_int_equal(err.code, -EIO);
}

static void test_not_a_capture(void **state)
{
	struct pcap_savefile *f;
	struct err err;
	int rc, terminal;

	(void)state;
	capture_write(path, "", 0);
	count_records(&err, &rc);
	assert_int_equal(rc, -EINVAL);
	assert_non_null(strstr(err.text, "empty"));
	capture_write(path, "hello, world, this is no capture", 32);
	count_records(&err, &rc);
	assert_int_equal(rc, -EINVAL);
	assert_int_equal(pcap_savefile_open(&f, "/nonexistent/x.pcap", &err), -ENOENT);
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(pcap_savefile_open(&f, "/tmp", &err), -EISDIR);
	terminal = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	assert_int_equal(grantpt(terminal) | unlockpt(terminal), 0);
	assert_int_equal(pcap_savefile_open(&f, ptsname(terminal), &err), -EINVAL);
	assert_non_null(strstr(err.text, "terminal"));
	close(terminal);
}

/* A pipe that brings the file byte by byte never makes the reader wait. */
static void test_pipe(void **state)
{
	static struct capture c;
	struct pcap_savefile *f;
	struct packet p = { 0 };
	struct err err = { 0 };
	char name[32];
	unsigned n = 0;
	int fd[2];

	(void)state;
	make_pcap(&c, 0xa1b2c3d4, false);
	assert_int_equal(pipe(fd), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd[0]);
	assert_int_equal(pcap_savefile_open(&f, name, &err), 0);
	assert_true(pcap_savefile_fd(f) >= 0);
	for (size_t i = 0; i < c.len; i++) {
		int rc = pcap_savefile_next(f, &p, &err);

		assert_true(rc == 0 || rc == -EAGAIN);
		n += rc == 0;
		assert_int_equal(write(fd[1], c.bytes + i, 1), 1);
	}
	assert_int_equal(n, 2);
	assert_int_equal(pcap_savefile_next(f, &p, &err), 0);
	assert_int_equal(pcap_savefile_next(f, &p, &err), -EAGAIN);
	close(fd[1]);
	assert_int_equal(pcap_savefile_next(f, &p, &err), -ENODATA);
	assert_int_equal(err.code, 0);
	pcap_savefile_close(f);
	close(fd[0]);
}

/* Record by record what libpcap reads from the same file. */
static void test_against_libpcap(void **state)
{
	static struct capture c;
	char errbuf[PCAP_ERRBUF_SIZE];
	const struct timeval times[] = { { 0, 0 }, { 1700000000, 123456789 }, { 2147483647, 1 } };
	pcap_t *dead = pcap_open_dead_with_tstamp_precision(DLT_RAW, 262144,
							    PCAP_TSTAMP_PRECISION_NANO);
	pcap_dumper_t *dumper = pcap_dump_open(dead, path);
	struct pcap_savefile *f;
	struct pcap_pkthdr *header;
	struct packet p = { 0 };
	const u_char *bytes;
	pcap_t *theirs;

	(void)state;
	assert_non_null(dumper);
	for (unsigned i = 0; i < 3000; i++) {
		struct pcap_pkthdr h = { .ts = times[i % 3], .caplen = i * 7 % 1500, .len = 1500 };

		pcap_dump((u_char *)dumper, &h, c.bytes + i);
	}
	pcap_dump_close(dumper);
	pcap_close(dead);

	theirs = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, errbuf);
	assert_non_null(theirs);
	f = open_file();
	while (pcap_next_ex(theirs, &header, &bytes) == 1) {
		assert_int_equal(pcap_savefile_next(f, &p, NULL), 0);
		assert_true(p.ts_ns ==
			    (uint64_t)header->ts.tv_sec * NS + (uint64_t)header->ts.tv_usec);
		assert_int_equal(p.link, 101);
		assert_int_equal(p.len, header->caplen);
		assert_int_equal(p.orig_len, header->len);
		assert_memory_equal(p.bytes, bytes, p.len);
	}
	assert_int_equal(pcap_savefile_next(f, &p, NULL), -ENODATA);
	pcap_savefile_close(f);
	pcap_close(theirs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap),          cmocka_unit_test(test_frame_check_bits),
		cmocka_unit_test(test_modified_pcap), cmocka_unit_test(test_ng),
		cmocka_unit_test(test_ng_clocks),     cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_cut),           cmocka_unit_test(test_cut_compressed),
		cmocka_unit_test(test_damaged),       cmocka_unit_test(test_not_a_capture),
		cmocka_unit_test(test_pipe),          cmocka_unit_test(test_against_libpcap),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
