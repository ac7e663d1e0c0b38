#include "lib/whole_file.h"

#include <errno.h>
#include <string.h>

int whole_file_open(struct whole_file *file, const char *path, struct fault *fault)
{
	file->out = NULL;
	if (snprintf(file->temporary, sizeof(file->temporary), "%s.new", path) >= PATH_MAX)
		return fault_set(fault, FAULT_SYSTEM, NULL, "the name of the file is too long");
	file->out = fopen(file->temporary, "we");
	return file->out ? 0
			 : fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %.200s: %s", file->temporary,
				     strerror(errno));
}

int whole_file_keep(struct whole_file *file, const char *path, struct fault *fault)
{
	int bad = ferror(file->out) != 0;

	bad |= fclose(file->out) != 0;
	if (!bad && rename(file->temporary, path) == 0)
		return 0;
	(void)remove(file->temporary);
	return fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write %.200s", path);
}

void whole_file_drop(struct whole_file *file)
{
	fclose(file->out);
	(void)remove(file->temporary);
}
