/* service.h - what the applications may do: the services of EF.UST (3GPP TS 31.102
 * 4.2.8) and EF.IST (TS 31.103 4.2.7).
 *
 * A terminal reads them there and the card obeys them, from the same bytes. */
#ifndef SIMRITE_SERVICE_H
#define SIMRITE_SERVICE_H

#include "status.h"

struct card;

enum service {
	SERVICE_GSM_ACCESS = 27,           /* Kc with every 3G authentication */
	SERVICE_GSM_SECURITY_CONTEXT = 38, /* AUTHENTICATE in GSM context */
	SERVICE_GBA = 68,                  /* AUTHENTICATE in GBA context */
	SERVICE_IDENTIFIER_PRIVACY = 124,  /* there are SUCIs, ... */
	SERVICE_SUCI_BY_USIM = 125,        /* ... and GET IDENTITY makes them */
	SERVICE_ISIM = 0x100,              /* those of EF.IST are counted from here: */
	SERVICE_ISIM_GBA = SERVICE_ISIM + 2,
};

/* 1 when the service is available, 0, or ERROR_MEMORY. */
MUST_CHECK int service_available(const struct card *card, enum service service);

#endif
