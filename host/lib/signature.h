/* signature.h - P-256 keys and signatures as other programs write them.
 *
 * Raw forms (04 || X || Y and r || s) to and from DER in base64 (RFC 5480,
 * RFC 3279 2.2.3, RFC 4648 4), so that "base64 -d" and openssl can read
 * them. Reading is strict: one value has one text. */
#ifndef SIMRITE_SIGNATURE_H
#define SIMRITE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

enum {
	SIGNATURE_TEXT = 100, /* longest text of either, and its final 0 */
	PUBLIC_TEXT = 125,
	SPKI_LENGTH = 91
};

void signature_write(char text[static SIGNATURE_TEXT], const uint8_t signature[static 64]);
int signature_read(uint8_t signature[static 64], const char *text); /* -1: not such a text */

void public_write(char text[static PUBLIC_TEXT], const uint8_t point[static 65]);
int public_read(uint8_t point[static 65], const char *text);
/* SubjectPublicKeyInfo, DER. */
void public_der(uint8_t der[static SPKI_LENGTH], const uint8_t point[static 65]);

/* Is s in the lower half of the group order? Of the two forms of each
 * signature only that one is accepted. */
int signature_is_low(const uint8_t signature[static 64]);
/* Choose that form: s, or the order minus s. */
void signature_make_low(uint8_t signature[static 64]);

#endif
