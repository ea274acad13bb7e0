/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a fuzzer over files instead of what a fuzzing engine makes up: every
 * file of the folders named on the command line, sorted, so that what once was
 * found stays found with any compiler.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Longer files are no seeds. */
#define INPUT_MAX (1 << 20)

static int replay_file(const char *path)
{
	uint8_t *room = malloc(INPUT_MAX);
	uint8_t *data = NULL;
	FILE *f = fopen(path, "rb");
	size_t size;
	int err = 0;

	if (!room || !f) {
		err = f ? -ENOMEM : -errno;
		goto out;
	}
	size = fread(room, 1, INPUT_MAX, f);
	if (ferror(f) || !feof(f)) {
		err = feof(f) ? -EIO : -EFBIG;
		goto out;
	}
	/* Exactly as long as the input, for the sanitizer to see reads beyond. */
	data = malloc(size ? size : 1);
	if (!data) {
		err = -ENOMEM;
		goto out;
	}
	memcpy(data, room, size);
	LLVMFuzzerTestOneInput(data, size);
out:
	if (err)
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
	if (f)
		fclose(f);
	free(data);
	free(room);
	return err;
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Returns the number of files, or a negative errno. */
static int replay_folder(const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, visible, alphasort);
	int err = 0;

	if (n < 0) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return -errno;
	}
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (!err)
			err = replay_file(path);
		free(names[i]);
	}
	free(names);
	return err ? err : n;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int n = replay_folder(argv[i]);

		if (n < 0)
			return 1;
		total += n;
	}
	printf("%s: %d inputs\n%d passed, 0 failed\n", argv[0], total, total);
	return total > 0 ? 0 : 1;
}
