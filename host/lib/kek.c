#include "lib/kek.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "crypto/kcv.h"
#include "lib/hex.h"
#include "lib/secret.h"

void kek_source(char out[static KEK_SOURCE], const char *kek, const char *database)
{
	if (kek)
		(void)snprintf(out, KEK_SOURCE, "%s", kek);
	else
		(void)snprintf(out, KEK_SOURCE, "file:%.480s.kek", database);
}

int kek_make(const char *source, struct fault *fault)
{
	uint8_t kek[WRAP_KEK];
	char text[2 * WRAP_KEK + 2];
	const char *path = source + 5;
	int fd, bad;

	if (strncmp(source, "file:", 5) != 0)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
	bad = getrandom(kek, sizeof(kek), 0) != sizeof(kek);
	hex_write(text, kek, sizeof(kek));
	text[sizeof(text) - 2] = '\n';
	bad = bad || write(fd, text, 2 * WRAP_KEK + 1) != 2 * WRAP_KEK + 1 || fsync(fd) < 0;
	secret_wipe(kek, sizeof(kek));
	secret_wipe(text, sizeof(text));
	close(fd);
	if (!bad)
		return 0;
	fault_set(fault, FAULT_SYSTEM, NULL, "%s: cannot write the key: %s", path, strerror(errno));
	(void)unlink(path);
	return -1;
}

int kek_check_value(uint8_t out[static 3], const uint8_t kek[static WRAP_KEK], struct fault *fault)
{
	if (kcv(out, (struct span){kek, WRAP_KEK}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused the KEK");
	return 0;
}
