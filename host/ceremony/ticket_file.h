/* ticket_file.h - FOLDER/batches/ID/tickets.jsonl: the tickets of a batch, for the bureau.
 *
 * Its lines are those of lib/tickets.h (docs/ceremony/protocol.md, "The
 * files"). It is written under the name tickets.jsonl.part and gets its own
 * when it is whole and on the disk. What an earlier run left of it is gone on
 * with, as far as its lines are the ones that would be written now; of a
 * batch with another agree key, or another ceremony, none is. */
#ifndef SIMRITE_TICKET_FILE_H
#define SIMRITE_TICKET_FILE_H

#include "ceremony/ticketing.h"
#include "lib/transcript.h"

/* Sign all tickets of the batch; `root` is their Merkle root. `folder` is the
 * open folder of the ceremony. ticketing->latest is when they are issued.
 * FAULT_STOPPED after Ctrl-C: what was signed is on the disk. */
int ticket_file_make(uint8_t root[static 32], int folder, const struct ticketing *ticketing,
		     const struct transcript_signer *signer, struct fault *fault);

/* The leaves' hashes of the tickets in the file that was made, in order; to be
 * freed. FAULT_INPUT when it is not the file whose root this is. */
int ticket_file_hashes(uint8_t (**hashes)[32], int folder, const struct ticketing *ticketing,
		       const uint8_t root[static 32], struct fault *fault);

#endif
