/* target.h - the EF a command means, and whether it may be done to it.
 *
 * What the commands on EFs share: order of checks is the file, its kind, the
 * access rule, the life cycle. Status words: 6986 no EF is selected, 6A82 no
 * such short identifier, 6981 another kind, 6982 the rule, 6984 deactivated,
 * 6985 terminated, or not shareable and another channel's, 6581. */
#ifndef SIMRITE_TARGET_H
#define SIMRITE_TARGET_H

#include "fs/access.h"
#include "fs/file.h"

enum {
	TARGET_SFI_IN_P1 = 0x80, /* P1 holds a short identifier */
	TARGET_SFI_BITS = 0x1F,
};

struct target {
	uint16_t file;
	uint8_t record, pointer; /* the record meant, and the record pointer afterwards */
	struct file row;
};

/* The selected EF, or with `sfi` one of the current directory. `kinds` is a
 * set of bits 1 << enum file_kind. Selects nothing. */
MUST_CHECK sw_t target_find(const struct card *card, struct target *target, uint8_t sfi, unsigned kinds,
			    enum access_mode mode);

/* The command got through: the EF is the selected one now, `record` the current record. */
void target_settle(struct card *card, uint16_t file, uint8_t record);

#endif
