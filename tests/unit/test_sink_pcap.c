/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcapng output: the packets made around messages, and the blocks around
 * packets. What tshark and dnstop itself read of it is tests/cli/test_write.py's.
 */
#include "core/sink/packet_make.h"
#include "tests/unit/sinks.h"

#define QUERY    "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01x\x00\x00\x01\x00\x01"
#define RESPONSE "\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00\x01x\x00\x00\x01\x00\x01"
#define MSG_LEN  (sizeof(QUERY) - 1)

#define MAX_PACKETS 64

/* A packet found in the output. */
struct found {
	uint32_t interface, caplen, len;
	uint64_t ts_ns;
	const uint8_t *bytes;
	char comment[200];
};

struct file {
	struct capture c;
	int n, interfaces;
	char ifname[8][32];
	struct found packet[MAX_PACKETS];
};

static uint32_t at32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint16_t at16(const char *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static void read_options(const char *p, const char *end, uint16_t code, char *out, size_t size)
{
	out[0] = '\0';
	while (p < end) {
		uint16_t len = at16(p + 2);

		if (at16(p) == code)
			snprintf(out, size, "%.*s", len, p + 4);
		p += 4 + (len + 3) / 4 * 4;
	}
	assert_ptr_equal(p, end);
}

static void read_packet(struct file *f, const char *p, uint32_t size)
{
	struct found *k = &f->packet[f->n++];

	assert_true(f->n < MAX_PACKETS);
	k->interface = at32(p + 8);
	k->ts_ns = (uint64_t)at32(p + 12) << 32 | at32(p + 16);
	k->caplen = at32(p + 20);
	k->len = at32(p + 24);
	k->bytes = (const uint8_t *)p + 28;
	assert_true((int)k->interface < f->interfaces);
	read_options(p + 28 + (k->caplen + 3) / 4 * 4, p + size - 4, 1, k->comment,
		     sizeof(k->comment));
}

/* Closes the sink and takes its output apart. */
static void file_read(struct file *f, bool line_buffered)
{
	const char *p, *end;

	if (line_buffered)
		assert_int_equal(fflush(f->c.file), 0);
	assert_int_equal(f->c.sink->ops->close(f->c.sink), 0);
	fclose(f->c.file);
	p = f->c.text;
	end = p + f->c.len;
	assert_int_equal(at32(p), 0x0a0d0d0a);
	while (p < end) {
		uint32_t size = at32(p + 4);

		assert_int_equal(size % 4, 0);
		assert_int_equal(at32(p + size - 4), size);
		if (at32(p) == 1) {
			assert_int_equal(at16(p + 8), 101);
			read_options(p + 16, p + size - 4, 2, f->ifname[f->interfaces++ % 8], 32);
		}
		if (at32(p) == 6)
			read_packet(f, p, size);
		p += size;
	}
	assert_ptr_equal(p, end);
}

static void file_close(struct file *f, struct rows *r)
{
	free(f->c.text);
	rows_free(r);
}

static uint32_t sum(uint32_t total, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		total += i % 2 ? p[i] : p[i] * 256u;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* Of what came whole the sums of headers and pseudo headers are all ones. */
static void check_sums(const struct found *k)
{
	size_t ip = k->bytes[0] >> 4 == 4 ? 20 : 40;
	uint8_t proto = ip == 20 ? k->bytes[9] : k->bytes[6];
	size_t payload = k->len - ip;
	uint32_t total = sum(proto + (uint32_t)payload, ip == 20 ? k->bytes + 12 : k->bytes + 8,
			     ip == 20 ? 8 : 32);

	assert_int_equal(k->caplen, k->len);
	if (ip == 20) {
		assert_int_equal(sum(0, k->bytes, 20), 0xffff);
		assert_int_equal(k->bytes[2] << 8 | k->bytes[3], k->len);
	} else {
		assert_int_equal(k->bytes[4] << 8 | k->bytes[5], payload);
	}
	assert_int_equal(sum(total, k->bytes + ip, payload), 0xffff);
}

static struct row_spec whole_row(void)
{
	return (struct row_spec){
		.query = QUERY,
		.query_len = MSG_LEN,
		.response = RESPONSE,
		.response_len = MSG_LEN,
		.latency_ns = 20000000,
	};
}

static int put(struct file *f, struct rows *r, const struct row_spec *s)
{
	return f->c.sink->ops->row(f->c.sink, &r->src, rows_add(r, s));
}

/* --- */

static void test_a_query_and_its_answer(void **state)
{
	static const char *const addrs[][2] = { { "10.0.3.22", "10.0.0.2" },
						{ "fd00::1", "fd00::53" } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct rows *r = rows_new();
		struct row_spec s = whole_row();
		struct file f = { 0 };

		s.client = addrs[i][0];
		s.server = addrs[i][1];
		s.ifname = "eth0";
		capture_open(&f.c, "pcapng", NULL, (struct sink_config){ 0 });
		assert_int_equal(put(&f, r, &s), 0);
		assert_int_equal(f.c.sink->rows, 1);
		assert_int_equal(f.c.sink->rows_lacking, 0);
		file_read(&f, false);
		assert_int_equal(f.n, 2);
		assert_true(f.packet[0].ts_ns == ROWS_TS_NS);
		assert_true(f.packet[1].ts_ns == ROWS_TS_NS + 20000000);
		for (int k = 0; k < 2; k++) {
			const struct found *p = &f.packet[k];

			check_sums(p);
			assert_memory_equal(p->bytes + p->len - MSG_LEN, k ? RESPONSE : QUERY,
					    MSG_LEN);
			assert_string_equal(f.ifname[p->interface], "eth0");
			assert_string_equal(p->comment, "headers made again by dnstop");
		}
		file_close(&f, r);
	}
}

static void test_attempts(void **state)
{
	struct rows *r = rows_new();
	struct row_spec s = whole_row();
	struct file f = { 0 };
	struct flow *row;

	(void)state;
	s.attempts = 3;
	row = rows_add(r, &s);
	row->last_attempt_us = 2000;
	capture_open(&f.c, "pcapng", NULL, (struct sink_config){ 0 });
	assert_int_equal(f.c.sink->ops->row(f.c.sink, &r->src, row), 0);
	file_read(&f, false);
	assert_int_equal(f.n, 3);
	assert_true(f.packet[1].ts_ns == ROWS_TS_NS + 2000000);
	assert_non_null(strstr(f.packet[0].comment, "; the first of 3 attempts"));
	assert_non_null(strstr(f.packet[1].comment, "; the last of 3 attempts"));
	/* Packets of their own: another identification. */
	assert_memory_not_equal(f.packet[0].bytes + 4, f.packet[1].bytes + 4, 2);
	file_close(&f, r);
}

/* Two questions in one stream: one handshake, numbers that go on. */
static void test_streams(void **state)
{
	static uint8_t large[4000];
	struct rows *r = rows_new();
	struct row_spec s = whole_row();
	struct file f = { 0 };
	uint32_t next[2] = { 0, 0 };

	(void)state;
	memcpy(large, RESPONSE, MSG_LEN);
	s.transport = TRANSPORT_TCP;
	capture_open(&f.c, "pcapng", NULL, (struct sink_config){ 0 });
	assert_int_equal(put(&f, r, &s), 0);
	s.response = large;
	s.response_len = s.response_bytes = sizeof(large);
	assert_int_equal(put(&f, r, &s), 0);
	file_read(&f, false);
	/* Handshake, query, answer; query, three segments of an answer. */
	assert_int_equal(f.n, 3 + 2 + 1 + 3);
	for (int i = 0; i < f.n; i++) {
		const uint8_t *tcp = f.packet[i].bytes + 20;
		bool server = (tcp[0] << 8 | tcp[1]) == 53;
		uint32_t seq = (uint32_t)tcp[4] << 24 | tcp[5] << 16 | tcp[6] << 8 | tcp[7];
		uint32_t ack = (uint32_t)tcp[8] << 24 | tcp[9] << 16 | tcp[10] << 8 | tcp[11];
		bool syn = tcp[13] & PACKET_SYN;

		check_sums(&f.packet[i]);
		assert_int_equal(syn, i < 2);
		if (!syn)
			assert_int_equal(seq, next[server]);
		if (tcp[13] & PACKET_ACK)
			assert_int_equal(ack, next[!server]);
		next[server] = seq + f.packet[i].len - 40 + syn;
	}
	assert_int_equal(f.packet[3].bytes[41], MSG_LEN);
	file_close(&f, r);
}

static void test_what_was_cut_stays_cut(void **state)
{
	static uint8_t head[1600];
	struct row_spec s = whole_row();

	(void)state;
	memcpy(head, RESPONSE, MSG_LEN);
	s.response = head;
	s.response_len = 100;
	s.response_bytes = 1000;
	s.marks = FLOW_CUT;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct rows *r = rows_new();
		struct file f = { 0 };
		const struct found *p;

		s.transport = tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
		capture_open(&f.c, "pcapng", NULL, (struct sink_config){ 0 });
		assert_int_equal(put(&f, r, &s), 0);
		file_read(&f, false);
		p = &f.packet[f.n - 1];
		assert_int_equal(p->len, tcp ? 20 + 20 + 2 + 1000 : 20 + 8 + 1000);
		assert_int_equal(p->caplen, p->len - 900);
		assert_non_null(strstr(p->comment, "cut by the capture"));
		file_close(&f, r);
	}
}

static void test_rows_without_a_side(void **state)
{
	struct rows *r = rows_new();
	struct row_spec s = whole_row();
	struct file f = { 0 };

	(void)state;
	capture_open(&f.c, "pcapng", NULL, (struct sink_config){ 0 });
	s.state = FLOW_UNSOLICITED;
	assert_int_equal(put(&f, r, &s), 0);
	s.state = FLOW_TIMEOUT;
	assert_int_equal(put(&f, r, &s), 0);
	assert_int_equal(f.c.sink->rows, 2);
	assert_int_equal(f.c.sink->rows_lacking, 0);
	file_read(&f, false);
	assert_int_equal(f.n, 2);
	assert_memory_equal(f.packet[0].bytes + 28, RESPONSE, MSG_LEN);
	assert_memory_equal(f.packet[1].bytes + 28, QUERY, MSG_LEN);
	file_close(&f, r);
}

/* Answered after it was written as unanswered: the query is there already. */
static void test_late_answers(void **state)
{
	struct rows *r = rows_new();
	struct row_spec s = whole_row();
	struct file f = { 0 }, all = { 0 };
	struct flow *row;

	(void)state;
	s.marks = FLOW_SETTLED_ONCE;
	row = rows_add(r, &s);
	capture_open(&f.c, "pcapng", NULL, (struct sink_config){ .as_they_settle = true });
	assert_int_equal(f.c.sink->ops->row(f.c.sink, &r->src, row), 0);
	file_read(&f, false);
	assert_int_equal(f.n, 1);
	assert_memory_equal(f.packet[0].bytes + 28, RESPONSE, MSG_LEN);
	free(f.c.text);
	capture_open(&all.c, "pcapng", NULL, (struct sink_config){ 0 });
	assert_int_equal(all.c.sink->ops->row(all.c.sink, &r->src, row), 0);
	file_read(&all, false);
	assert_int_equal(all.n, 2);
	file_close(&all, r);
}

/* The store keeps a megabyte here: the first messages leave it. */
static void test_what_left_memory_is_counted(void **state)
{
	static uint8_t large[60000];
	struct rows *r = rows_new();
	struct row_spec s = whole_row(), other = { .state = FLOW_UNSOLICITED };
	struct file f = { 0 };
	struct flow *first = rows_add(r, &s);

	(void)state;
	other.response = large;
	other.response_len = sizeof(large);
	for (int i = 0; i < 30; i++)
		rows_add(r, &other);
	capture_open(&f.c, "pcapng", NULL, (struct sink_config){ 0 });
	assert_int_equal(f.c.sink->ops->row(f.c.sink, &r->src, first), 0);
	assert_int_equal(put(&f, r, &s), 0);
	assert_int_equal(f.c.sink->rows, 2);
	assert_int_equal(f.c.sink->rows_lacking, 1);
	file_read(&f, false);
	assert_int_equal(f.n, 2);
	file_close(&f, r);
}

static void test_interfaces(void **state)
{
	struct rows *r = rows_new();
	struct row_spec s = whole_row();
	struct file f = { 0 };

	(void)state;
	s.state = FLOW_TIMEOUT;
	capture_open(&f.c, "pcapng", NULL, (struct sink_config){ 0 });
	for (int i = 0; i < 4; i++) {
		s.ifname = i % 2 ? "eth0" : "lo";
		assert_int_equal(put(&f, r, &s), 0);
	}
	s.ifname = NULL;
	assert_int_equal(put(&f, r, &s), 0);
	file_read(&f, false);
	assert_int_equal(f.interfaces, 3);
	assert_string_equal(f.ifname[f.packet[3].interface], "eth0");
	assert_string_equal(f.ifname[f.packet[2].interface], "lo");
	assert_string_equal(f.ifname[f.packet[4].interface], "");
	file_close(&f, r);
}

static void test_write_errors_are_told(void **state)
{
	(void)state;
	expect_failures("pcapng");
	expect_failure_at_close("pcapng");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_query_and_its_answer),
		cmocka_unit_test(test_attempts),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_what_was_cut_stays_cut),
		cmocka_unit_test(test_rows_without_a_side),
		cmocka_unit_test(test_late_answers),
		cmocka_unit_test(test_what_left_memory_is_counted),
		cmocka_unit_test(test_interfaces),
		cmocka_unit_test(test_write_errors_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
