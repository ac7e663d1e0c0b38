/* eap_options.h - words on the command line that several commands of simrite-radio take. */
#ifndef SIMRITE_EAP_OPTIONS_H
#define SIMRITE_EAP_OPTIONS_H

#include <argp.h>

#include "eap/eap_run.h"

/* "allow", "require", and "off" where that is possible; else misuse: it ends the program. */
enum eap_policy eap_options_policy(struct argp_state *state, const char *text, bool off);
/* "x25519" or "p256". */
struct eap_groups eap_options_groups(struct argp_state *state, const char *text);
/* Both, x25519 first. */
struct eap_groups eap_options_both(void);
/* "x25519", "p256", "none". */
const char *eap_options_group(enum ecdhe_group group);

#endif
