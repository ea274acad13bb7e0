/* SPDX-License-Identifier: BSD-2-Clause */
/* Which source is opened, with sources that only say that they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "core/source/source_list.h"

static struct {
	int bpf_rc, pcap_rc; /* what opening gives */
	char opened[32];     /* the names of those that were asked, in order */
	const char *input;   /* as the last of them was told */
	unsigned closed;
} fake;

static void fake_close(struct source *s)
{
	(void)s;
	fake.closed++;
}

static int fake_open(struct source **out, const char *name, int rc, const struct source_ops *ops,
		     struct err *err)
{
	static struct source source;

	strcat(fake.opened, name);
	if (rc)
		return err_set(err, rc, "%s cannot: so and so", name);
	source = (struct source){ .ops = ops };
	*out = &source;
	return 0;
}

static int bpf_open(struct source **out, const struct source_config *cfg, struct err *err)
{
	fake.input = cfg->input;
	return fake_open(out, "bpf", fake.bpf_rc, &source_bpf, err);
}

static int pcap_open(struct source **out, const struct source_config *cfg, struct err *err)
{
	fake.input = cfg->input;
	return fake_open(out, "pcap", fake.pcap_rc, &source_pcap, err);
}

const struct source_ops source_bpf = { .name = "bpf", .open = bpf_open, .close = fake_close };
const struct source_ops source_pcap = { .name = "pcap", .open = pcap_open, .close = fake_close };

/* A file that is certainly there, and a name that is none. */
#define FILE_THERE "/proc/self/exe"

static const struct {
	const char *kind, *input, *filter;
	int bpf_rc, pcap_rc;
	const char *opened;
	int rc;
	const char *notice; /* a part of it, or of the error's text; NULL: there is none */
} rows[] = {
	{ NULL, NULL, NULL, 0, 0, "bpf", 0, NULL },
	{ "auto", "eth0", NULL, 0, 0, "bpf", 0, NULL },
	{ "auto", FILE_THERE, NULL, 0, 0, "pcap", 0, NULL },
	{ NULL, "-", NULL, 0, 0, "pcap", 0, NULL },
	{ NULL, "./missing.pcap", NULL, 0, -ENOENT, "pcap", -ENOENT, "pcap cannot" },
	/* BPF cannot be had */
	{ NULL, NULL, NULL, -EPERM, 0, "bpfpcap", 0, "bpf cannot: so and so" },
	{ NULL, "eth0", NULL, -ENOENT, 0, "bpfpcap", 0, "bpf cannot" },
	{ NULL, NULL, NULL, -EPERM, -EPERM, "bpfpcap", -EPERM, "bpf cannot" },
	{ NULL, NULL, NULL, -EPERM, -EPERM, "bpfpcap", -EPERM, "pcap cannot" },
	{ NULL, NULL, NULL, -ENOENT, -EACCES, "bpfpcap", -EPERM, "pcap cannot" },
	{ NULL, "eth0", NULL, -EPERM, -ENETDOWN, "bpfpcap", -ENETDOWN, "pcap cannot" },
	/* a device that libpcap alone has, one that nobody has, a mistake */
	{ NULL, "nflog", NULL, -ENODEV, 0, "bpfpcap", 0, "bpf cannot" },
	{ NULL, "nosuch", NULL, -ENODEV, -ENODEV, "bpfpcap", -ENODEV, "pcap cannot" },
	{ NULL, "eth0", NULL, -EINVAL, 0, "bpf", -EINVAL, "bpf cannot" },
	/* a capture filter is libpcap's */
	{ NULL, NULL, "udp", 0, 0, "pcap", 0, NULL },
	{ "bpf", NULL, "udp", 0, 0, "", -EINVAL, "-b" },
	/* forced */
	{ "bpf", NULL, NULL, -EPERM, 0, "bpf", -EPERM, "bpf cannot" },
	{ "pcap", NULL, NULL, 0, 0, "pcap", 0, NULL },
	{ "pcap", NULL, "udp", 0, 0, "pcap", 0, NULL },
	{ "dnscap", NULL, NULL, 0, 0, "", -EINVAL, "auto, bpf, pcap" },
};

static void test_choice(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct source_config cfg = {
			.kind = rows[i].kind,
			.input = rows[i].input,
			.bpf_filter = rows[i].filter,
		};
		struct source *s = NULL;
		struct err err = { 0 };
		const char *text;
		int rc;

		memset(&fake, 0, sizeof(fake));
		fake.bpf_rc = rows[i].bpf_rc;
		fake.pcap_rc = rows[i].pcap_rc;
		rc = source_open(&s, &cfg, &err);
		if (rc != rows[i].rc || strcmp(fake.opened, rows[i].opened) != 0)
			print_error("row %zu\n", i);
		assert_int_equal(rc, rows[i].rc);
		assert_string_equal(fake.opened, rows[i].opened);
		assert_int_equal(err.code, rc);
		text = rc ? err.text : s->notice;
		if (rows[i].notice)
			assert_non_null(strstr(text, rows[i].notice));
		else
			assert_string_equal(text, "");
		assert_int_equal(s != NULL, rc == 0);
		source_close(s);
		assert_int_equal(fake.closed, rc == 0);
	}
}

/* "any" is every interface, to either source. */
static void test_any(void **state)
{
	static const char *const kinds[] = { NULL, "bpf", "pcap" };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct source_config cfg = { .kind = kinds[i], .input = "any" };
		struct source *s;
		struct err err;

		memset(&fake, 0, sizeof(fake));
		assert_int_equal(source_open(&s, &cfg, &err), 0);
		assert_null(fake.input);
		cfg.input = "eth0";
		assert_int_equal(source_open(&s, &cfg, &err), 0);
		assert_string_equal(fake.input, "eth0");
	}
}

static void test_names_file(void **state)
{
	(void)state;
	assert_true(source_names_file("-"));
	assert_true(source_names_file(FILE_THERE));
	assert_true(source_names_file("dir/not-there"));
	assert_false(source_names_file(NULL));
	assert_false(source_names_file("eth0"));
	assert_false(source_names_file(".")); /* a directory */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_any),
		cmocka_unit_test(test_names_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
