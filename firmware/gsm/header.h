/* header.h - what SELECT and STATUS of class A0 tell of a file.
 *
 * The same files and PINs as class 00 has, in the fixed form of 3GPP TS 51.011
 * clause 9.2.1: 22 bytes for the MF or a DF, 15 for an EF. Access conditions
 * come from the file's rule in EF.ARR: ALW, CHV1 or CHV2 where nothing or that
 * PIN alone is enough, 4 where ADM1 is, NEV otherwise. An application's
 * directory is told as a DF 7FFF. */
#ifndef SIMRITE_HEADER_H
#define SIMRITE_HEADER_H

#include "apdu/command.h"

enum {
	HEADER_DIRECTORY = 22,
	HEADER_EF = 15
};

/* Append it to `reply`. ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int header_fill(const struct card *card, uint16_t file, struct reply *reply);

#endif
