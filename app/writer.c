/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/query/filter.h"
#include "core/sink/sink.h"

struct writer {
	const struct options *opt;
	const struct row_source *rows;
	struct filter *filter;
	FILE *file;
	struct sink *sink;
	int error; /* negative errno: nothing more is written */
	char problem[200];
};

static bool is_stdout(const struct options *opt)
{
	return strcmp(opt->write, "-") == 0;
}

/* Whether the file to write is the capture that is read: opening it would empty it. */
static bool is_input(const struct options *opt)
{
	struct stat in, out;

	return opt->source.input && stat(opt->source.input, &in) == 0 && S_ISREG(in.st_mode) &&
	       stat(opt->write, &out) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

/* Whether rows go there already, by another name: "--json --write x > x". */
static bool is_output(const struct options *opt)
{
	struct stat other, out;

	return opt->output != OUTPUT_SCREEN && opt->output != OUTPUT_NONE &&
	       fstat(STDOUT_FILENO, &other) == 0 && !S_ISCHR(other.st_mode) &&
	       stat(opt->write, &out) == 0 && other.st_dev == out.st_dev &&
	       other.st_ino == out.st_ino;
}

static int open_file(struct writer *w, struct err *err)
{
	const char *name = w->opt->write;

	if (is_stdout(w->opt)) {
		w->file = stdout;
		return 0;
	}
	if (is_input(w->opt))
		return err_set(err, -EINVAL, "--write %s: that is the file being read", name);
	if (is_output(w->opt))
		return err_set(err, -EINVAL, "--write %s: the other output goes there", name);
	w->file = fopen(name, "we");
	if (!w->file)
		return err_set(err, -errno, "--write %s: %s", name, strerror(errno));
	return 0;
}

static bool is_watched(FILE *file)
{
	struct stat st;

	return fstat(fileno(file), &st) == 0 && !S_ISREG(st.st_mode);
}

static void writer_free(struct writer *w)
{
	filter_free(w->filter);
	free(w);
}

int writer_open(struct writer **out, const struct options *opt, const struct row_source *rows,
		struct err *err)
{
	struct writer *w = calloc(1, sizeof(*w));
	struct sink_config cfg = { .as_they_settle = true };
	int rc;

	*out = NULL;
	if (!w)
		return err_set(err, -ENOMEM, "not enough memory");
	w->opt = opt;
	w->rows = rows;
	rc = filter_parse(opt->filter, opt->now_ns, &w->filter, err);
	if (rc == 0)
		rc = open_file(w, err);
	if (rc)
		goto out;
	cfg.out = w->file;
	cfg.line_buffered = is_watched(w->file);
	rc = sink_find("pcapng")->open(&w->sink, &cfg, err);
	if (rc && w->file != stdout)
		fclose(w->file);
out:
	if (rc) {
		writer_free(w);
		return rc;
	}
	*out = w;
	return 0;
}

static void fail(struct writer *w, int error)
{
	if (w->error || error == 0)
		return;
	w->error = error;
	snprintf(w->problem, sizeof(w->problem), "--write %.120s: %s; what was written stays",
		 w->opt->write, strerror(-error));
}

void writer_row(struct writer *w, const struct flow *f)
{
	if (!w || writer_done(w) || !filter_match(w->filter, w->rows, f))
		return;
	fail(w, w->sink->ops->row(w->sink, w->rows, f));
}

const char *writer_problem(const struct writer *w)
{
	return w ? w->problem : "";
}

bool writer_done(const struct writer *w)
{
	return w->error || (w->opt->count && w->sink->rows >= w->opt->count);
}

int writer_close(struct writer *w)
{
	uint64_t rows, lacking;
	int rc;

	if (!w)
		return 0;
	rows = w->sink->rows;
	lacking = w->sink->rows_lacking;
	fail(w, w->sink->ops->close(w->sink));
	if (w->file != stdout && fclose(w->file) != 0)
		fail(w, -errno);
	rc = w->error == -EPIPE ? 0 : w->error;
	if (rc)
		fprintf(stderr, "dnstop: %s\n", w->problem);
	if (lacking)
		fprintf(stderr,
			"dnstop: --write %s: messages of %" PRIu64 " of %" PRIu64
			" rows were no longer in memory\n",
			w->opt->write, lacking, rows);
	writer_free(w);
	return rc;
}
