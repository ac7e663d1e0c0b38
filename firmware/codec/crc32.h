/* crc32.h - CRC-32 as in ISO/IEC 3309 (Ethernet, zip): polynomial 04C11DB7, reflected.
 *
 * Finds accidents, not attackers. crc32(0, "123456789", 9) == 0xCBF43926. */
#ifndef SIMRITE_CRC32_H
#define SIMRITE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The CRC of the bytes that gave `crc` followed by these; start with 0. */
uint32_t crc32(uint32_t crc, const void *data, size_t length);

#endif
