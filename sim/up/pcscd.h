/* pcscd.h - a pcscd of one's own, which the system's pcscd never meets.
 *
 * It is given its listening socket the way systemd does, and a mount
 * namespace (inside a user namespace when we are not root) in which the
 * simulation's run/ folder is /run/pcscd. It sees no USB readers. Where the
 * kernel refuses namespaces, an ordinary user's pcscd can do without, if
 * /run/pcscd exists and pcscd takes sockets; it cannot write there. */
#ifndef SIMRITE_PCSCD_H
#define SIMRITE_PCSCD_H

#include <sys/types.h>

#include "up/simulation.h"

/* Start it; it is killed when this process ends. Returns its pid or -1. */
pid_t pcscd_start(const struct simulation *simulation, struct fault *fault);

#endif
