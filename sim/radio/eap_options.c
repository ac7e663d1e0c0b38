#include "radio/eap_options.h"

#include <string.h>

enum eap_policy eap_options_policy(struct argp_state *state, const char *text, bool off)
{
	if (!strcmp(text, "allow"))
		return EAP_FS_ALLOW;
	if (!strcmp(text, "require"))
		return EAP_FS_REQUIRE;
	if (!off || strcmp(text, "off") != 0)
		argp_error(state, "a policy is \"allow\" or \"require\"%s, not \"%s\"",
			   off ? ", or \"off\"" : "", text);
	return EAP_FS_OFF;
}

struct eap_groups eap_options_groups(struct argp_state *state, const char *text)
{
	if (!strcmp(text, "p256"))
		return (struct eap_groups){{ECDHE_P256}, 1};
	if (strcmp(text, "x25519") != 0)
		argp_error(state, "a group is \"x25519\" or \"p256\", not \"%s\"", text);
	return (struct eap_groups){{ECDHE_X25519}, 1};
}

struct eap_groups eap_options_both(void)
{
	return (struct eap_groups){{ECDHE_X25519, ECDHE_P256}, 2};
}

const char *eap_options_group(enum ecdhe_group group)
{
	return group == ECDHE_X25519 ? "x25519" : group == ECDHE_P256 ? "p256" : "none";
}
