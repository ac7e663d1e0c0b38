#include "fs/service.h"

#include "card.h"
#include "fs/file.h"
#include "fs/profile.h"

enum {
	FID_UST = 0x6F38,
	FID_IST = 0x6F07
};

/* SPEC: TS 31.102 4.2.8: service 1 is the lowest bit of the first byte. */
int service_available(const struct card *card, enum service service)
{
	const struct store *store = &card->store;
	uint16_t file = service < SERVICE_ISIM ? file_child(store, profile_usim, FID_UST)
					       : file_child(store, profile_isim, FID_IST);
	unsigned bit = (unsigned)service % SERVICE_ISIM - 1;
	uint8_t byte;
	int e = file_read(store, file, 0, (uint8_t)(bit / 8), &byte, 1);

	if (e == ERROR_RANGE)
		return 0; /* the file was deleted, or made too short */
	return e < 0 ? e : byte >> bit % 8 & 1;
}
