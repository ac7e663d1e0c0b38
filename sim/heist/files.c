#include "heist/files.h"

#include <fts.h>
#include <stdint.h>
#include <string.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

json_t *files_below(const char *folder)
{
	char *const roots[] = {(char *)(uintptr_t)folder, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	json_t *names = json_array();
	const size_t above = strlen(folder) + 1;
	FTSENT *entry;

	if (!walk)
		return names;
	while ((entry = fts_read(walk)))
		if (entry->fts_info == FTS_F && entry->fts_pathlen >= above)
			json_array_append_new(names, json_string(entry->fts_path + above));
	fts_close(walk);
	return names;
}
