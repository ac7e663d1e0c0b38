#include "vet/leaks.h"

#include <stdio.h>
#include <string.h>

#include "crypto/aes.h"
#include "crypto/sha1.h"
#include "crypto/sha256.h"
#include "lib/hex.h"
#include "lib/secret.h"

enum {
	SECRET_MAX = 32
};

/* Neighbours' differences are the same whatever byte was added to all. */
static const char added[] = "with one byte added to all";

static uint64_t window_at(const uint8_t *bytes)
{
	uint64_t window;

	memcpy(&window, bytes, sizeof(window));
	return window;
}

static size_t place(uint64_t window)
{
	return (size_t)(window * 0x9E3779B97F4A7C15u >> 40) & (LEAKS_TABLE - 1);
}

static void add_window(struct leaks *leaks, uint64_t window, const char *secret, const char *form)
{
	size_t at = place(window);

	if (leaks->used >= LEAKS_TABLE / 4)
		return;
	while (leaks->table[at].form)
		at = (at + 1) & (LEAKS_TABLE - 1);
	leaks->table[at].window = window;
	leaks->table[at].secret = secret;
	leaks->table[at].form = form;
	leaks->used++;
}

static void add_form(struct leaks *leaks, const char *secret, const char *form, const uint8_t *bytes,
		     size_t length)
{
	for (size_t i = 0; i + LEAKS_WINDOW <= length; i++)
		add_window(leaks, window_at(bytes + i), secret, form);
}

static size_t differences(uint8_t *out, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++)
		out[i] = bytes[i] ^ bytes[i + 1];
	return length - 1;
}

static void add_digests(struct leaks *leaks, const char *name, const uint8_t *secret, size_t length)
{
	static const uint8_t zero[AES_BLOCK];
	uint8_t digest[SHA256_LENGTH];

	if (sha256(digest, (struct span){secret, length}) == 0)
		add_form(leaks, name, "hashed with SHA-256", digest, SHA256_LENGTH);
	sha1(digest, (struct span){secret, length});
	add_form(leaks, name, "hashed with SHA-1", digest, SHA1_LENGTH);
	if (length == 16 && aes_block(digest, (struct span){secret, length}, zero) == 0)
		add_form(leaks, name, "as AES of zeros under it", digest, AES_BLOCK);
	secret_wipe(digest, sizeof(digest));
}

void leaks_add(struct leaks *leaks, const char *name, const uint8_t *secret, size_t length,
	       const uint8_t *number, size_t number_length)
{
	uint8_t form[SECRET_MAX] = {0};
	char text[2 * SECRET_MAX + 1];

	if (length > SECRET_MAX)
		length = SECRET_MAX;
	add_form(leaks, name, "as it is", secret, length);
	for (size_t i = 0; i < length; i++)
		form[i] = secret[length - 1 - i];
	add_form(leaks, name, "backwards", form, length);
	for (size_t i = 0; i < length; i++)
		form[i] = (uint8_t)(secret[i] << 4 | secret[i] >> 4);
	add_form(leaks, name, "with nibbles exchanged", form, length);
	for (size_t i = 0; number_length && i < length; i++)
		form[i] = secret[i] ^ number[i % number_length];
	if (number_length)
		add_form(leaks, name, "with the ICCID added", form, length);
	hex_write(text, secret, length);
	add_form(leaks, name, "as hex digits", (const uint8_t *)text, 2 * length);
	if (length > LEAKS_WINDOW)
		add_form(leaks, name, added, form, differences(form, secret, length));
	add_digests(leaks, name, secret, length);
	secret_wipe(form, sizeof(form));
	secret_wipe(text, sizeof(text));
}

static void note(struct leaks *leaks, size_t at, const uint8_t *command, size_t command_length, size_t where)
{
	char hex[13];

	if (leaks->found++ > 0)
		return;
	hex_write(hex, command, command_length < 5 ? command_length : 5);
	(void)snprintf(leaks->first, sizeof(leaks->first), "%s, %s, in the answer to %s, from byte %zu",
		       leaks->table[at].secret, leaks->table[at].form, hex, where);
}

static void look(struct leaks *leaks, const uint8_t *command, size_t command_length, const uint8_t *bytes,
		 size_t length, int differ)
{
	for (size_t i = 0; i + LEAKS_WINDOW <= length; i++) {
		uint64_t window = window_at(bytes + i);
		size_t at = place(window);

		for (; leaks->table[at].form; at = (at + 1) & (LEAKS_TABLE - 1)) {
			if (leaks->table[at].window == window && (leaks->table[at].form == added) == differ) {
				note(leaks, at, command, command_length, i);
				return;
			}
		}
	}
}

void leaks_look(struct leaks *leaks, const uint8_t *command, size_t command_length, const uint8_t *answer,
		size_t length)
{
	uint8_t form[512];

	if (length > sizeof(form) || length < LEAKS_WINDOW)
		return;
	look(leaks, command, command_length, answer, length, 0);
	look(leaks, command, command_length, form, differences(form, answer, length), 1);
}
