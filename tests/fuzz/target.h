/* target.h - what the fuzz targets have in common.
 *
 * A target is one file with LLVMFuzzerTestOneInput(): libFuzzer calls it with
 * inputs it makes up (make fuzz T=name), driver.c with those in files (make
 * test). It ends the process when something is wrong; the sanitizers do too. */
#ifndef TARGET_H
#define TARGET_H

#include "fuzz/oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

/* The bytes of an input, taken off one by one; 0 when there are no more. */
struct input {
	const uint8_t *at;
	size_t left;
};
uint8_t input_byte(struct input *input);
/* At most `most` of them; how many. */
size_t input_take(struct input *input, uint8_t *out, size_t most);

/* The card of the targets: personalised with the same secrets every time, as
 * it was. `rig` and `oracle` are the same at every call; with `judged` the
 * oracle looks at every command, and ends the process when it is not content. */
struct rig *target_card(int judged);
/* The memory of that card at the beginning, and its seed. */
const uint8_t *target_memory(void);

/* End the process, saying why. */
void target_fail(const char *why);

/* Command records, the format of apdu and scp03 (seeds.c writes it): a byte of
 * what, then for a command a length and as many bytes. */
enum record {
	RECORD_KIND = 0xC0,
	RECORD_COMMAND = 0x00, /* with bit 0: the length is 256 more */
	RECORD_SECURE = 0x40,  /* the same through the channel */
	RECORD_OPEN = 0x80,    /* the low bits: see target_open() */
	RECORD_EVENT = 0xC0,   /* 0: reset, 1: power, 2 and more: the power fails during the next command */
	RECORD_MOST = 96       /* records looked at of an input */
};

/* Open a channel: which key version and level the low six bits mean. */
void target_open(struct rig *rig, uint8_t choice);
uint8_t target_choice(uint8_t version, uint8_t level);

#endif
