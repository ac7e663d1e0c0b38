/* secrets.h - every secret of a world, looked for everywhere it should not be. */
#ifndef SIMRITE_SECRETS_H
#define SIMRITE_SECRETS_H

#include "heist/world.h"

/* 0 and in words what was looked through; FAULT_NO names the secret and the place. */
int secrets_search(const struct world *world, char found[static 160], struct fault *fault);

#endif
