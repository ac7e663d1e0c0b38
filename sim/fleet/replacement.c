#include "fleet/replacement.h"

bool replacement_run(struct replacement *result, const struct replacement_terms *terms)
{
	uint64_t left = terms->cards, stock = terms->stock, swapped;

	*result = (struct replacement){.cents = terms->cards * terms->cents_per_card};
	if (left && (!terms->swapped_per_day || (!terms->made_per_day && stock < left)))
		return false;
	while (left) {
		if (result->days >= terms->made_from_day)
			stock += terms->made_per_day;
		swapped = left < terms->swapped_per_day ? left : terms->swapped_per_day;
		if (swapped > stock) {
			swapped = stock;
			result->days_waiting++;
		}
		result->exposed += left;
		left -= swapped;
		stock -= swapped;
		result->days++;
	}
	return true;
}
