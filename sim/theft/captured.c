#include "theft/captured.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "theft/mail.h"
#include "theft/table.h"

int captured_line(char *out, size_t size, const char *captured, const char *name, struct fault *fault)
{
	char path[512];
	FILE *file;
	bool read;

	(void)snprintf(path, sizeof(path), "%s/%s", captured, name);
	if (!(file = fopen(path, "re")) && errno == ENOENT)
		return 0;
	read = file && fgets(out, (int)size, file);
	if (file)
		fclose(file);
	if (!read)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s", path);
	out[strcspn(out, "\r\n")] = 0;
	return 1;
}

int captured_hex(uint8_t *out, size_t size, const char *captured, const char *name, struct fault *fault)
{
	char line[256];
	int got = captured_line(line, sizeof(line), captured, name, fault);
	size_t length = got == 1 ? strlen(line) / 2 : 0;

	if (got < 1)
		return got;
	if (length == 0 || length > size || !table_hex(out, length, line))
		return fault_set(fault, FAULT_INPUT, NULL, "%s is not at most %zu bytes of hex", name, size);
	return (int)length;
}

int captured_space(struct captured_space *space, const char *captured, const char *name, struct fault *fault)
{
	char line[128], kind[16];
	int got = captured_line(line, sizeof(line), captured, name, fault);

	if (got < 1)
		return got;
	space->first = 0;
	if (sscanf(line, "%15s first=%" SCNx64 " bits=%u", kind, &space->first, &space->bits) != 3 &&
	    sscanf(line, "%15s bits=%u", kind, &space->bits) != 2)
		return fault_set(fault, FAULT_INPUT, NULL, "%s tells of no space of keys", name);
	return 1;
}

static int is_mail(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 4 && !strcmp(entry->d_name + n - 4, ".eml");
}

int captured_mails(const char *captured,
		   void (*take)(void *context, const char *name, const struct mail *mail), void *context,
		   struct fault *fault)
{
	struct dirent **entries;
	char folder[512], path[1024];
	struct mail mail = {.count = 0};
	int n, i, e = 0;

	(void)snprintf(folder, sizeof(folder), "%s/mail", captured);
	if ((n = scandir(folder, &entries, is_mail, alphasort)) < 0)
		return errno == ENOENT
			       ? 0
			       : fault_set(fault, FAULT_INPUT, NULL, "cannot read the mail in %s", folder);
	for (i = 0; i < n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (e == 0 && (e = mail_read(&mail, path, fault)) == 0)
			take(context, entries[i]->d_name, &mail);
		mail_free(&mail);
		free(entries[i]);
	}
	free(entries);
	return e < 0 ? -1 : n;
}
