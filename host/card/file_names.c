#include "card/file_names.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/digits.h"
#include "lib/hex.h"

static void decode_iccid(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	char digits[21] = "";

	if (length >= 10 && digits_from_iccid(digits, bytes))
		(void)snprintf(out, size, "ICCID %s, check digit %s", digits,
			       digits_luhn(digits) ? "right" : "wrong");
	else
		(void)snprintf(out, size, "no ICCID");
}

static void decode_imsi(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	char digits[16] = "";

	if (length >= 9 && digits_from_imsi(digits, bytes))
		(void)snprintf(out, size, "IMSI %s", digits);
	else
		(void)snprintf(out, size, "no IMSI");
}

/* TS 31.102 4.2.18 */
static void decode_ad(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	if (length >= 4)
		(void)snprintf(out, size, "operation mode %02X, MNC of %u digits", bytes[0], bytes[3] & 0xFU);
	else
		(void)snprintf(out, size, "operation mode %02X", length ? bytes[0] : 0U);
}

static void decode_spn(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	size_t i, n = 0;

	for (i = 1; i < length && n + 1 < size && bytes[i] >= ' ' && bytes[i] <= 'z'; i++)
		out[n++] = (char)bytes[i];
	out[n] = 0;
}

/* TS 102 221 13.3: pairs of letters, preferred first */
static void decode_pl(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	size_t i, n = 0;

	out[0] = 0;
	for (i = 0; i + 1 < length && n + 4 < size; i += 2)
		if (bytes[i] >= 'a' && bytes[i] <= 'z')
			n += (size_t)snprintf(out + n, size - n, "%s%c%c", n ? " " : "", bytes[i],
					      bytes[i + 1]);
	if (n == 0)
		(void)snprintf(out, size, "none");
}

/* TS 102 221 13.1: 61 L { 4F L AID, 50 L label } */
static void decode_dir(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	char aid[33];

	if (length < 5 || bytes[0] != 0x61 || bytes[2] != 0x4F || bytes[3] > 16 || 4U + bytes[3] > length) {
		(void)snprintf(out, size, "empty");
		return;
	}
	hex_write(aid, bytes + 4, bytes[3]);
	(void)snprintf(out, size, "application %s", aid);
}

/* TS 31.102 4.2.15: bit i of the file is access class i */
static void decode_acc(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	size_t n = 0;
	int class;

	(void)snprintf(out, size, "no access class");
	for (class = 0; class < 16 && length >= 2 && n < size; class ++)
		if ((bytes[0] << 8 | bytes[1]) >> class & 1)
			n += (size_t)snprintf(out + n, size - n, "%s%d", n ? " " : "access class ", class);
}

static const struct file_name rows[] = {
	{"EF.ICCID", "2FE2", decode_iccid},
	{"EF.DIR", "2F00", decode_dir},
	{"EF.PL", "2F05", decode_pl},
	{"EF.ARR", "2F06", NULL},
	{"EF.IMSI", "7FFF/6F07", decode_imsi},
	{"EF.AD", "7FFF/6FAD", decode_ad},
	{"EF.SPN", "7FFF/6F46", decode_spn},
	{"EF.LI", "7FFF/6F05", decode_pl},
	{"EF.UST", "7FFF/6F38", NULL},
	{"EF.EST", "7FFF/6F56", NULL},
	{"EF.ACC", "7FFF/6F78", decode_acc},
	{"EF.FPLMN", "7FFF/6F7B", NULL},
	{"EF.LOCI", "7FFF/6F7E", NULL},
	{"EF.PSLOCI", "7FFF/6F73", NULL},
	{"EF.EPSLOCI", "7FFF/6FE3", NULL},
	{"EF.EPSNSC", "7FFF/6FE4", NULL},
	{"EF.KEYS", "7FFF/6F08", NULL},
	{"EF.KEYSPS", "7FFF/6F09", NULL},
	{"EF.HPPLMN", "7FFF/6F31", NULL},
	{"EF.ECC", "7FFF/6FB7", NULL},
	{"EF.START-HFN", "7FFF/6F5B", NULL},
	{"EF.THRESHOLD", "7FFF/6F5C", NULL},
	{"EF.NETPAR", "7FFF/6FC4", NULL},
	{"EF.MSISDN", "7FFF/6F40", NULL},
	{"EF.SMSP", "7FFF/6F42", NULL},
	{"EF.SMS", "7FFF/6F3C", NULL},
	{"EF.PLMNWACT", "7FFF/6F60", NULL},
	{"EF.OPLMNWACT", "7FFF/6F61", NULL},
	{"EF.HPLMNWACT", "7FFF/6F62", NULL},
	{"EF.USIM.ARR", "7FFF/6F06", NULL},
	{"MF", "3F00", NULL},
	{"ADF.USIM", "7FFF", NULL},
};

const struct file_name *file_name_find(const char *name_or_path)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcasecmp(rows[i].name, name_or_path) == 0 ||
		    strcasecmp(rows[i].path, name_or_path) == 0 ||
		    (strncmp(rows[i].name, "EF.", 3) == 0 && strcasecmp(rows[i].name + 3, name_or_path) == 0))
			return &rows[i];
	return NULL;
}

const struct file_name *file_name_row(size_t i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}
