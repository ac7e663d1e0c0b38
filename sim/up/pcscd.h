/* pcscd.h - a pcscd of one's own, which the system's pcscd never meets.
 *
 * It is given its listening socket the way systemd does, and a mount
 * namespace (inside a user namespace when we are not root) in which the
 * simulation's run/ folder is /run/pcscd. It sees no USB readers. Where
 * namespaces are refused (a container, a chroot) and pcscd takes sockets, it
 * does without: an ordinary user's if /run/pcscd exists, root's if no other
 * pcscd lives there.
 */
#ifndef SIMRITE_PCSCD_H
#define SIMRITE_PCSCD_H

#include <sys/types.h>

#include "up/simulation.h"

/* Start it; it is killed when this process ends. Returns its pid or -1. */
pid_t pcscd_start(const struct simulation *simulation, struct fault *fault);

#endif
