/* mbedtls_config.h - mbedTLS for microcontrollers: 2.28 and 3.6.
 *
 * Boards compile the library's sources with
 * -DMBEDTLS_CONFIG_FILE='"crypto/mbedtls_config.h"'. The card itself calls
 * the AES block cipher and nothing else: aes.c and platform_util.c (3.6: also
 * constant_time.c) are all the library sources it links. GCM is switched on
 * so that firmware/crypto/gcm.c, which only the host calls, still compiles for
 * a board; the linker drops it.
 *
 * The host uses the distribution's library with the distribution's
 * configuration instead. */
#ifndef SIMRITE_MBEDTLS_CONFIG_H
#define SIMRITE_MBEDTLS_CONFIG_H

/* The card's own. ROM tables: no RAM for them. Fewer tables: 3 KB of flash for
 * a little time. Decryption: 2 KB of flash for time that shows less. */
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_AES_DECRYPT_ALT /* is in crypto/aes_inverse.c, as the next */
#define MBEDTLS_AES_SETKEY_DEC_ALT

/* Declared for the module that is dropped. */
#define MBEDTLS_CIPHER_C
#define MBEDTLS_GCM_C

#endif
