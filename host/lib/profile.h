/* profile.h - everything that makes one card different from the next.
 *
 * Read from JSON (simrite-profile(5)); fields not given stay absent and are
 * never written. Numbers are digit strings, keys hex. A file that holds any
 * secret (key, PIN) and that others may read is refused (FAULT_POLICY). A
 * fault names the field, never its value. */
#ifndef SIMRITE_PROFILE_H
#define SIMRITE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "keys/subscriber_key.h"
#include "lib/fault.h"

struct profile {
	char iccid[21];     /* 18..20 digits; empty when absent */
	char imsi[16];      /* 6..15 digits; empty when absent */
	uint8_t mnc_length; /* 2 or 3; 0 when absent */
	bool has_key;       /* key holds values */
	struct subscriber_key key;
	uint8_t method;                 /* enum slot_method; 0 without a key */
	char pin1[9], puk1[9], adm1[9]; /* digits; empty when absent; pin1 and puk1 come together */
	bool pin1_enabled;
	char spn[17]; /* service provider name; empty when absent */
};

int profile_load(struct profile *profile, const char *path, struct fault *fault);
/* One of the profiles built in: "test" (public values, TS 35.208 test set 1). */
int profile_named(struct profile *profile, const char *name, struct fault *fault);
void profile_wipe(struct profile *profile);

/* Digit-string rules, also used by the bureau: 0, or -1 and why. */
int profile_check_iccid(const char *iccid, struct fault *fault); /* length, digits, Luhn */
int profile_check_imsi(const char *imsi, struct fault *fault);

#endif
