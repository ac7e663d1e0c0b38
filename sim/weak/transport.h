/* transport.h - a key encrypted by itself under a shared transport key, as files of 2010 had it.
 *
 * The support mails of that year say "Ki encrypted by transport key using DES CBC"; others used ECB, and
 * AES later. Sixteen bytes in, sixteen out; nothing says whose they are, so they work beside any IMSI. */
#ifndef SIMRITE_TRANSPORT_H
#define SIMRITE_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

enum transport_cipher {
	TRANSPORT_DES_CBC, /* with a zero IV: the first half is that of ECB */
	TRANSPORT_DES_ECB,
	TRANSPORT_AES_ECB,
	TRANSPORT_CIPHERS
};

enum {
	TRANSPORT_KEY_MAX = 16
};

const char *transport_name(enum transport_cipher cipher);             /* "DES-CBC", "DES-ECB", "AES-ECB" */
int transport_named(enum transport_cipher *cipher, const char *name); /* any case; -1: none such */
size_t transport_key_length(enum transport_cipher cipher);

/* 0, or -1 when the cipher library refused. `out` may be `in`. */
int transport_encrypt(uint8_t out[static 16], enum transport_cipher cipher, const uint8_t *key,
		      const uint8_t in[static 16]);
int transport_decrypt(uint8_t out[static 16], enum transport_cipher cipher, const uint8_t *key,
		      const uint8_t in[static 16]);

#endif
