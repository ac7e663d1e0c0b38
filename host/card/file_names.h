/* file_names.h - the files of a USIM by name, and what their bytes mean. */
#ifndef SIMRITE_CARD_FILE_NAMES_H
#define SIMRITE_CARD_FILE_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct file_name {
	const char *name; /* "EF.IMSI" */
	const char *path; /* "7FFF/6F07" */
	/* The content of the file or of one record in words, at most `size`
	 * characters; NULL when the name has no decoder. */
	void (*decode)(char *out, size_t size, const uint8_t *bytes, size_t length);
};

/* The row for a name ("EF.IMSI", "imsi") or a path, or NULL. */
const struct file_name *file_name_find(const char *name_or_path);
/* Row `i`, or NULL after the last: for --help. */
const struct file_name *file_name_row(size_t i);

#endif
