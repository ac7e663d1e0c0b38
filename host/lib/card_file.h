/* card_file.h - files of a card in a reader, by path.
 *
 * A path is FIDs in hex with slashes, from below the MF: "2FE2",
 * "7FFF/6F07". 7FFF is ADF.USIM, selected by the first seven bytes of its
 * AID. Clauses: ETSI TS 102 221 11.1. */
#ifndef SIMRITE_CARD_FILE_H
#define SIMRITE_CARD_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"
#include "lib/reader.h"

enum card_file_kind {
	CARD_FILE_FOLDER,
	CARD_FILE_TRANSPARENT,
	CARD_FILE_LINEAR,
	CARD_FILE_CYCLIC,
	CARD_FILE_OBJECTS, /* BER-TLV structure */
	CARD_FILE_OTHER,
};

struct card_file {
	enum card_file_kind kind;
	size_t size; /* bytes */
	size_t record_length, records;
	int pin1_enabled; /* from the PS_DO of a folder: 1, 0, or -1 when it says nothing */
};

/* What a status word means, in words. */
const char *card_status_text(int sw);
/* A fault "what: SW 6982 (security status not satisfied)"; returns -1. A
 * negative `sw` means the fault is filled in already, and only gets the prefix. */
int card_status_fault(struct fault *fault, int sw, const char *what);

/* Select ADF.USIM (partial AID A0000000871002). */
int card_select_usim(struct reader *reader, struct fault *fault);

/* Select a file. `file` may be NULL: no FCP is asked for then. Returns the
 * status word of the last SELECT (0x9000), or -1. */
int card_file_select(struct reader *reader, struct card_file *file, const char *path, struct fault *fault);

/* Of the selected file. Return the status word, or -1 when reader or card
 * failed or fewer bytes came than were asked for. */
int card_file_read(struct reader *reader, uint8_t *out, size_t offset, size_t length, struct fault *fault);
int card_file_read_record(struct reader *reader, uint8_t *out, unsigned record, size_t length,
			  struct fault *fault);
int card_file_update(struct reader *reader, size_t offset, const uint8_t *in, size_t length,
		     struct fault *fault);

/* Select and read `length` bytes from the start: 0, or -1 with a fault that
 * names the file as `name`. */
int card_file_get(struct reader *reader, uint8_t *out, size_t length, const char *path, const char *name,
		  struct fault *fault);

/* VERIFY with no data: the tries left (0..15), or -1; 16 when the PIN is
 * verified or disabled, so that the card answers 9000. Costs no try. */
int card_pin_tries(struct reader *reader, unsigned reference, struct fault *fault);
/* VERIFY. Returns the status word or -1. `pin` is 4..8 digits. */
int card_pin_verify(struct reader *reader, unsigned reference, const char *pin, struct fault *fault);

#endif
