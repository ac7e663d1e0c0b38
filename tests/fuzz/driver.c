/* driver - give a fuzz target the inputs in files and folders, one after the
 * other: libFuzzer's place where there is none. The name of each is printed
 * first, so that the last one printed is the one that ended it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"

enum {
	INPUT_MAX = 1 << 20
};

static unsigned done;

static int run(const char *path)
{
	static uint8_t buffer[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	uint8_t *input;
	size_t n;

	if (!f) {
		perror(path);
		return -1;
	}
	n = fread(buffer, 1, sizeof(buffer), f);
	fclose(f);
	printf("%s\n", path);
	fflush(stdout);
	if (!(input = malloc(n ? n : 1))) /* its own memory, so that a byte too far is seen */
		abort();
	memcpy(input, buffer, n);
	(void)LLVMFuzzerTestOneInput(input, n);
	free(input);
	done++;
	return 0;
}

static int run_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort), i, e = 0;
	char path[1024];

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && run(path) < 0)
			e = -1;
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return count < 0 ? -1 : e;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int i, e = 0;

	for (i = 1; i < argc; i++)
		if (run_folder(argv[i]) < 0)
			e = run(argv[i]) < 0 ? -1 : e;
	printf("# %s: %u passed, %d failed\n", name ? name + 1 : argv[0], done, e < 0 || done == 0);
	return e < 0 || done == 0;
}
