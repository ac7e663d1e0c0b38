/* aes_inverse.h - AES decryption (FIPS 197 5.3) for machines that have little room.
 *
 * aes.h is what the tree uses; on a board its library decrypts with this, which is
 * 2 KB smaller than the library's own. Bytes are looked up at secret places: not for
 * a machine with a cache. */
#ifndef SIMRITE_AES_INVERSE_H
#define SIMRITE_AES_INVERSE_H

#include <stdint.h>

/* Decrypt a block. `keys` are the round keys of encryption, 16 bytes for each of the
 * `rounds` (10, 12 or 14) and 16 before them. `out` may be `in`. */
void aes_inverse(uint8_t out[static 16], const uint8_t *keys, unsigned rounds, const uint8_t in[static 16]);

#endif
