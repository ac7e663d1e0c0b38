/* fill.h - the cards of a new simulation get a profile. */
#ifndef SIMRITE_FILL_H
#define SIMRITE_FILL_H

#include "up/simulation.h"

/* Personalise every card that had no memory before, over PC/SC and SCP03 like
 * any card: card 0 with the profile called `name` as it is, card N with N
 * added to IMSI and ICCID (its check digit set right). simulation_enter()
 * comes first. */
int fill_cards(const struct simulation *simulation, const char *name, struct fault *fault);

#endif
