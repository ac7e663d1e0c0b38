/* A driver for pcscd (IFD handler 3.0, PC/SC part 3): each entry of reader.conf
 * is a slot, and each slot has its own backend, found by pcscd's Lun.
 *
 * pcscd makes Luns distinct only for a driver that says it can manage several
 * readers; without TAG_IFD_SIMULTANEOUS_ACCESS two entries silently share one
 * card. pcscd polls for cards every 400 ms unless the driver hands it a
 * function that waits; with one, a card shows at once.
 *
 * A card that is swapped quickly must still be seen to leave: whoever notices
 * that a card went, an event thread or a client's call, the slot stays empty
 * until the event thread has come round twice, so that it looked at least once. */
#include <errno.h>
#include <ifdhandler.h>
#include <pthread.h>
#include <reader.h>
#include <stdio.h>
#include <string.h>

#include "bounds.h"
#include "reader/answers.h"
#include "reader/backends.h"

enum {
	SLOTS = 64,
	ROUNDS_EMPTY = 2
};

struct ifd_slot {
	pthread_mutex_t lock; /* all but wait and wake */
	const struct backend *backend;
	void *card;
	DWORD lun;
	int used;
	int was_present;
	int rounds_empty; /* event thread rounds for which the slot shows empty */
	uint8_t atr[ATR_MAX];
	size_t atr_length;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct ifd_slot table[SLOTS];

static struct ifd_slot *find(DWORD lun)
{
	struct ifd_slot *slot = NULL;
	size_t i;

	pthread_mutex_lock(&table_lock);
	for (i = 0; i < SLOTS && !slot; i++) {
		if (table[i].used && table[i].lun == lun)
			slot = &table[i];
	}
	pthread_mutex_unlock(&table_lock);
	return slot;
}

/* The backend for a DEVICENAME, and what follows its scheme. */
static const struct backend *choose(const char *device, const char **argument)
{
	const char *colon;
	size_t i;

	if (*device == '/' && (colon = strchr(device, ':')) != NULL)
		device = colon + 1;
	for (i = 0; backends[i]; i++) {
		size_t length = strlen(backends[i]->scheme);

		if (strncmp(device, backends[i]->scheme, length) == 0 && device[length] == ':') {
			*argument = device + length + 1;
			return backends[i];
		}
	}
	return NULL;
}

RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
	RESPONSECODE result = IFD_COMMUNICATION_ERROR;
	const struct backend *backend;
	const char *argument = NULL;
	size_t i;

	backend = choose(DeviceName, &argument);
	if (!backend) {
		(void)fprintf(stderr, "simrite reader: no such kind of slot: %s\n", DeviceName);
		return IFD_NO_SUCH_DEVICE;
	}
	pthread_mutex_lock(&table_lock);
	for (i = 0; i < SLOTS && table[i].used; i++)
		;
	if (i < SLOTS) {
		struct ifd_slot *slot = &table[i];

		*slot = (struct ifd_slot){.backend = backend, .lun = Lun};
		if (backend->open(&slot->card, argument) == 0) {
			pthread_mutex_init(&slot->lock, NULL);
			slot->used = 1;
			result = IFD_SUCCESS;
		} else {
			(void)fprintf(stderr, "simrite reader: cannot open %s: %s\n", DeviceName,
				      strerror(errno));
		}
	}
	pthread_mutex_unlock(&table_lock);
	return result;
}

/* A slot without a DEVICENAME has no card to talk to. */
RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	(void)Lun;
	(void)Channel;
	return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
	struct ifd_slot *slot = find(Lun);

	if (!slot)
		return IFD_NO_SUCH_DEVICE;
	slot->backend->close(slot->card);
	pthread_mutex_destroy(&slot->lock);
	pthread_mutex_lock(&table_lock);
	slot->used = 0;
	pthread_mutex_unlock(&table_lock);
	return IFD_SUCCESS;
}

/* pcscd's event thread waits here instead of polling. */
static RESPONSECODE wait_for_change(DWORD lun, int timeout_ms)
{
	struct ifd_slot *slot = find(lun);
	int hurry;

	if (!slot)
		return IFD_NO_SUCH_DEVICE;
	pthread_mutex_lock(&slot->lock);
	hurry = slot->rounds_empty > 0;
	if (hurry)
		slot->rounds_empty--;
	pthread_mutex_unlock(&slot->lock);
	if (!hurry)
		slot->backend->wait(slot->card, timeout_ms);
	return IFD_SUCCESS;
}

static RESPONSECODE stop_waiting(DWORD lun)
{
	struct ifd_slot *slot = find(lun);

	if (!slot)
		return IFD_NO_SUCH_DEVICE;
	slot->backend->wake(slot->card);
	return IFD_SUCCESS;
}

static RESPONSECODE give(PDWORD length, PUCHAR value, const void *from, size_t size)
{
	if (*length < size)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(value, from, size);
	*length = size;
	return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	static const UCHAR yes = 1, one = 1, slots = SLOTS;
	static const char vendor[] = "simrite";
	RESPONSECODE (*const wait_function)(DWORD, int) = wait_for_change;
	RESPONSECODE (*const stop_function)(DWORD) = stop_waiting;
	struct ifd_slot *slot = find(Lun);

	switch (Tag) {
	case TAG_IFD_ATR:
	case SCARD_ATTR_ATR_STRING:
		if (!slot)
			return IFD_NO_SUCH_DEVICE;
		return give(Length, Value, slot->atr, slot->atr_length);
	case TAG_IFD_SIMULTANEOUS_ACCESS:
		return give(Length, Value, &slots, sizeof(slots));
	case TAG_IFD_THREAD_SAFE:
		return give(Length, Value, &yes, sizeof(yes));
	case TAG_IFD_SLOTS_NUMBER:
		return give(Length, Value, &one, sizeof(one));
	case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
		return give(Length, Value, &wait_function, sizeof(wait_function));
	case TAG_IFD_STOP_POLLING_THREAD:
		return give(Length, Value, &stop_function, sizeof(stop_function));
	case SCARD_ATTR_VENDOR_NAME:
		return give(Length, Value, vendor, sizeof(vendor));
	default:
		return IFD_ERROR_TAG;
	}
}

RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	(void)Lun;
	(void)Tag;
	(void)Length;
	(void)Value;
	return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2,
				       UCHAR PTS3)
{
	(void)Flags;
	(void)PTS1;
	(void)PTS2;
	(void)PTS3;
	if (!find(Lun))
		return IFD_NO_SUCH_DEVICE;
	return Protocol == SCARD_PROTOCOL_T0 ? IFD_SUCCESS : IFD_PROTOCOL_NOT_SUPPORTED;
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	struct ifd_slot *slot = find(Lun);
	RESPONSECODE result = IFD_SUCCESS;
	int n;

	if (!slot)
		return IFD_NO_SUCH_DEVICE;
	pthread_mutex_lock(&slot->lock);
	slot->atr_length = 0;
	switch (Action) {
	case IFD_POWER_DOWN:
		slot->backend->power_off(slot->card);
		break;
	case IFD_POWER_UP:
	case IFD_RESET:
		n = slot->backend->reset(slot->card, slot->atr);
		if (n > 0)
			slot->atr_length = (size_t)n;
		else
			result = IFD_ERROR_POWER_ACTION;
		break;
	default:
		result = IFD_NOT_SUPPORTED;
	}
	if (Atr && AtrLength) {
		memcpy(Atr, slot->atr, slot->atr_length);
		*AtrLength = slot->atr_length;
	}
	pthread_mutex_unlock(&slot->lock);
	return result;
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
			       PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
	struct ifd_slot *slot = find(Lun);
	uint8_t response[RESPONSE_MAX];
	int n;

	if (!slot)
		return IFD_NO_SUCH_DEVICE;
	pthread_mutex_lock(&slot->lock);
	n = slot->backend->transmit(slot->card, response, TxBuffer, TxLength);
	pthread_mutex_unlock(&slot->lock);
	if (RecvPci)
		*RecvPci = SendPci;
	if (n < 2 || n > RESPONSE_MAX) {
		*RxLength = 0;
		return IFD_COMMUNICATION_ERROR;
	}
	answers_note(response, (size_t)n);
	return give(RxLength, RxBuffer, response, (size_t)n);
}

RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
			 DWORD RxLength, LPDWORD pdwBytesReturned)
{
	(void)Lun;
	(void)dwControlCode;
	(void)TxBuffer;
	(void)TxLength;
	(void)RxBuffer;
	(void)RxLength;
	if (pdwBytesReturned)
		*pdwBytesReturned = 0;
	return IFD_ERROR_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
	struct ifd_slot *slot = find(Lun);
	int present = 0;

	if (!slot)
		return IFD_NO_SUCH_DEVICE;
	pthread_mutex_lock(&slot->lock);
	if (slot->rounds_empty == 0) {
		present = slot->backend->present(slot->card);
		if (slot->was_present != present) {
			slot->was_present = present;
			slot->rounds_empty = present ? 0 : ROUNDS_EMPTY;
			slot->backend->wake(slot->card);
		}
	}
	pthread_mutex_unlock(&slot->lock);
	return present ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
