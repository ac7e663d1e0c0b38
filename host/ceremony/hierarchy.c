#include "ceremony/hierarchy.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/secret.h"

static const char check_message[] = "simrite check v1"; /* 16 characters */

static int bug(struct fault *fault)
{
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

/* A text made of parts, hashed as it grows so that no copy of a contribution stays. */
static void part(struct sha256 *h, const char *text)
{
	sha256_add(h, "\n", 1);
	sha256_add(h, text, strlen(text));
}

static void first_part(struct sha256 *h, const char *text)
{
	sha256_start(h);
	sha256_add(h, text, strlen(text));
}

static void number_part(struct sha256 *h, unsigned number)
{
	char text[12];

	(void)snprintf(text, sizeof(text), "%u", number);
	part(h, text);
}

static void hex_part(struct sha256 *h, const uint8_t bytes[static 32])
{
	char hex[65];

	hex_write(hex, bytes, 32);
	part(h, hex);
	secret_wipe(hex, sizeof(hex));
}

static int finish(struct sha256 *h, uint8_t *digest, struct fault *fault)
{
	return sha256_finish(h, digest) == OK ? 0 : bug(fault);
}

int hierarchy_batch(uint8_t data[static 32], const char *ceremony, const char *batch, struct fault *fault)
{
	struct sha256 h;

	first_part(&h, "simrite batch v1");
	part(&h, ceremony);
	part(&h, batch);
	return finish(&h, data, fault);
}

int hierarchy_check(uint8_t data[static 32], const char *ceremony, struct fault *fault)
{
	struct sha256 h;

	first_part(&h, "simrite check v1");
	part(&h, ceremony);
	return finish(&h, data, fault);
}

int hierarchy_master(uint8_t data[static 32], const char *ceremony, const char *set,
		     const uint8_t (*contributions)[32], unsigned count, struct fault *fault)
{
	struct sha256 h;

	first_part(&h, "simrite master v1");
	part(&h, ceremony);
	part(&h, set);
	for (unsigned i = 0; i < count; i++)
		hex_part(&h, contributions[i]);
	return finish(&h, data, fault);
}

int hierarchy_commitment(uint8_t commitment[static 32], const char *ceremony, const char *set, unsigned index,
			 const uint8_t contribution[static 32], struct fault *fault)
{
	return hierarchy_statement(commitment, "simrite contribution v1", ceremony, set, index, contribution,
				   fault);
}

int hierarchy_text(uint8_t digest[static 32], struct fault *fault, const char *label, ...)
{
	struct sha256 h;
	const char *text;
	va_list parts;

	first_part(&h, label);
	va_start(parts, label);
	while ((text = va_arg(parts, const char *)))
		part(&h, text);
	va_end(parts);
	return finish(&h, digest, fault);
}

int hierarchy_statement(uint8_t digest[static 32], const char *label, const char *ceremony, const char *set,
			unsigned index, const uint8_t commitment[static 32], struct fault *fault)
{
	struct sha256 h;

	first_part(&h, label);
	part(&h, ceremony);
	part(&h, set);
	number_part(&h, index);
	hex_part(&h, commitment);
	return finish(&h, digest, fault);
}

int hierarchy_share(uint8_t commitment[static 32], const char *ceremony, const char *set, unsigned index,
		    unsigned threshold, unsigned total, const uint8_t salt[static 32],
		    const uint8_t value[static 32], struct fault *fault)
{
	struct sha256 h;

	first_part(&h, "simrite share v1");
	part(&h, ceremony);
	part(&h, set);
	number_part(&h, index);
	number_part(&h, threshold);
	number_part(&h, total);
	hex_part(&h, salt);
	hex_part(&h, value);
	return finish(&h, commitment, fault);
}

int hierarchy_scope(uint8_t scope[static 32], const uint8_t first_line[static 32], const char *batch,
		    struct fault *fault)
{
	char hex[65];

	hex_write(hex, first_line, 32);
	return hierarchy_text(scope, fault, "simrite batch scope v1", hex, batch, (const char *)NULL);
}

int hierarchy_object_id(uint8_t id[static 16], const char *mode, const char *ceremony, struct fault *fault)
{
	struct sha256 h;
	uint8_t digest[32];

	first_part(&h, "simrite objects v1");
	part(&h, mode);
	part(&h, ceremony);
	if (finish(&h, digest, fault) < 0)
		return -1;
	memcpy(id, digest, 16);
	return 0;
}

void hierarchy_label_token(char label[static HIERARCHY_LABEL], const char *mode)
{
	(void)snprintf(label, HIERARCHY_LABEL, "simrite %s", mode);
}

void hierarchy_label_pair(char label[static HIERARCHY_LABEL], const char *ceremony)
{
	(void)snprintf(label, HIERARCHY_LABEL, "simrite ceremony %s", ceremony);
}

void hierarchy_label_master(char label[static HIERARCHY_LABEL], const char *ceremony)
{
	(void)snprintf(label, HIERARCHY_LABEL, "simrite master %s", ceremony);
}

void hierarchy_label_agree(char label[static HIERARCHY_LABEL], const char *batch)
{
	(void)snprintf(label, HIERARCHY_LABEL, "simrite agree %s", batch);
}

void hierarchy_label_batch(char label[static HIERARCHY_LABEL], const char *batch)
{
	(void)snprintf(label, HIERARCHY_LABEL, "simrite batch %s", batch);
}

int hierarchy_derive(uint8_t key[static 32], const uint8_t above[static 32], const uint8_t data[static 32],
		     struct fault *fault)
{
	static const uint8_t zero[AES_BLOCK];

	return aes_cbc_encrypt(key, (struct span){above, 32}, zero, data, 32) == OK ? 0 : bug(fault);
}

int hierarchy_master_check(uint8_t check[static 16], const uint8_t master[static 32], const char *ceremony,
			   const uint8_t nonce[static 16], struct fault *fault)
{
	uint8_t data[32], key[32];
	int result = -1;

	if (hierarchy_check(data, ceremony, fault) == 0 && hierarchy_derive(key, master, data, fault) == 0)
		result = cmac(check, (struct span){key, 32}, (struct span){nonce, 16}) == OK ? 0 : bug(fault);
	secret_wipe(key, sizeof(key));
	return result;
}

int hierarchy_batch_check(uint8_t check[static 16], const uint8_t batch_key[static 32], struct fault *fault)
{
	struct span message = {(const uint8_t *)check_message, 16};

	return cmac(check, (struct span){batch_key, 32}, message) == OK ? 0 : bug(fault);
}

static int not_zero(const uint8_t check[static 16], struct fault *fault)
{
	static const uint8_t zero[16];

	if (memcmp(check, zero, 16) == 0)
		return fault_set(fault, FAULT_HSM, "do not use this token",
				 "the token's check value is zero");
	return 0;
}

int hierarchy_hsm_check(struct hsm *hsm, uint8_t check[static 16], hsm_key key, const char *ceremony,
			const uint8_t nonce[static 16], struct fault *fault)
{
	static const struct hsm_name name = {.label = "simrite check"};
	uint8_t data[32];
	hsm_key check_key;
	int result;

	if (hierarchy_check(data, ceremony, fault) < 0 ||
	    hsm_derive(hsm, &check_key, &name, HSM_CMAC, key, data, fault) < 0)
		return -1;
	result = hsm_cmac(hsm, check, check_key, nonce, 16, fault);
	if (hsm_destroy(hsm, check_key, result < 0 ? NULL : fault) < 0)
		result = -1;
	return result < 0 ? -1 : not_zero(check, fault);
}

int hierarchy_hsm_batch_check(struct hsm *hsm, uint8_t check[static 16], hsm_key batch, struct fault *fault)
{
	if (hsm_cmac(hsm, check, batch, (const uint8_t *)check_message, 16, fault) < 0)
		return -1;
	return not_zero(check, fault);
}
