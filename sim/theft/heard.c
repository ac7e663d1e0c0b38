#include "theft/heard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/milenage.h"
#include "crypto/wipe.h"
#include "radio/nas.h"

_Static_assert(sizeof(struct heard) == 88 && sizeof(struct heard_challenge) == 40, "records have no gaps");
_Static_assert(sizeof(struct opened) == 36 && sizeof(struct answered) == 12, "records have no gaps");

int heard_map(struct heard_file *file, const char *folder, const char *name, size_t size, struct fault *fault)
{
	struct stat status;
	char path[512];
	void *at;
	int fd;

	*file = (struct heard_file){0};
	(void)snprintf(path, sizeof(path), "%.400s/%.80s", folder, name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return errno == ENOENT ? 0
				       : fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path,
						   strerror(errno));
	if (fstat(fd, &status) < 0 || status.st_size % (off_t)size) {
		close(fd);
		return fault_set(fault, FAULT_INPUT, NULL, "%s does not consist of records of %zu bytes",
				 path, size);
	}
	if (status.st_size == 0) {
		close(fd);
		return 0;
	}
	at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (at == MAP_FAILED)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot map %s: %s", path, strerror(errno));
	*file = (struct heard_file){at, (size_t)status.st_size / size, (size_t)status.st_size};
	return 0;
}

void heard_unmap(struct heard_file *file)
{
	if (file->at)
		(void)munmap((void *)(uintptr_t)file->at, file->length);
	*file = (struct heard_file){0};
}

uint32_t heard_number(const uint8_t bytes[static 4])
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void heard_set_number(uint8_t bytes[static 4], uint32_t number)
{
	bytes[0] = (uint8_t)(number >> 24);
	bytes[1] = (uint8_t)(number >> 16);
	bytes[2] = (uint8_t)(number >> 8);
	bytes[3] = (uint8_t)number;
}

void heard_imsi(uint8_t out[static HEARD_IMSI], const char *digits)
{
	for (size_t i = 0; i < HEARD_IMSI; i++)
		out[i] = (uint8_t)((digits[2 * i] - '0') << 4 |
				   (i == HEARD_IMSI - 1 ? 0xF : digits[2 * i + 1] - '0'));
}

void heard_digits(char digits[static 16], const uint8_t imsi[static HEARD_IMSI])
{
	for (size_t i = 0; i < 15; i++)
		digits[i] = (char)('0' + (imsi[i / 2] >> (i % 2 ? 0 : 4) & 0xF));
	digits[15] = 0;
}

/* SQN is hidden by AK; undo that, then the MAC must match (TS 33.102 6.3.3). */
static bool fits(struct milenage *m, uint8_t res[static 8], const uint8_t autn[static 16])
{
	uint8_t sqn[6], mac[8];

	if (milenage_f2_f5(m, res, sqn) != OK)
		return false;
	for (int i = 0; i < 6; i++)
		sqn[i] ^= autn[i];
	return milenage_f1(m, mac, sqn, autn + 6) == OK && !memcmp(mac, autn + 8, 8);
}

bool heard_fits(uint8_t res[static 8], const uint8_t rand[static 16], const uint8_t autn[static 16],
		const uint8_t k[static 16], const uint8_t opc[static 16])
{
	struct milenage m;
	bool good = milenage_start(&m, k, opc, rand) == OK && fits(&m, res, autn);

	milenage_stop(&m);
	return good;
}

/* With every key below KASME there: does the command's MAC confirm them? */
static bool decipher(uint8_t data[static HEARD_DATA], const struct heard *session,
		     const struct lte_keys *keys)
{
	uint8_t copy[NAS_MAX];

	if (session->command_length > HEARD_COMMAND)
		return false;
	memcpy(copy, session->command, session->command_length);
	if (nas_unprotect(copy, session->command_length, keys, 0, DOWNLINK) <= 0)
		return false;
	memcpy(data, session->data, HEARD_DATA);
	return eea2(data, HEARD_DATA, keys->kup_enc, 0, HEARD_BEARER, UPLINK) == OK;
}

bool heard_open(uint8_t data[static HEARD_DATA], const struct heard *session, const uint8_t k[static 16],
		const uint8_t opc[static 16])
{
	uint8_t res[8], ck[16], ik[16], sn[3];
	struct lte_keys keys;
	struct milenage m;
	bool good;

	/* The serving network is the home network, whose code begins the IMSI
	 * (TS 24.301 9.9.3.32); two digits, as all test networks of the fleet. */
	sn[0] = (uint8_t)(session->imsi[0] << 4 | session->imsi[0] >> 4);
	sn[1] = (uint8_t)(0xF0 | session->imsi[1] >> 4);
	sn[2] = (uint8_t)((session->imsi[2] & 0xF0) | (session->imsi[1] & 0x0F));
	good = milenage_start(&m, k, opc, session->rand) == OK && fits(&m, res, session->autn) &&
	       milenage_f3_f4(&m, ck, ik) == OK &&
	       lte_keys_derive(&keys, ck, ik, sn, session->autn, 0) == OK && decipher(data, session, &keys);
	milenage_stop(&m);
	wipe(&keys, sizeof(keys));
	return good;
}

bool heard_open_kasme(uint8_t data[static HEARD_DATA], const struct heard *session,
		      const uint8_t kasme[static 32])
{
	struct lte_keys keys;
	bool good;

	memcpy(keys.kasme, kasme, sizeof(keys.kasme));
	good = lte_keys_below(&keys, 0) == OK && decipher(data, session, &keys);
	wipe(&keys, sizeof(keys));
	return good;
}
