#include "fs/service.h"

#include "card.h"
#include "fs/file.h"
#include "fs/profile.h"

enum {
	FID_UST = 0x6F38
};

/* SPEC: TS 31.102 4.2.8: service 1 is the lowest bit of the first byte. */
int service_available(const struct card *card, enum service service)
{
	unsigned bit = (unsigned)service - 1;
	uint8_t byte;
	int e = file_read(&card->store, file_child(&card->store, profile_usim, FID_UST), 0,
			  (uint8_t)(bit / 8), &byte, 1);

	return e < 0 ? e : byte >> bit % 8 & 1;
}
