/* reader.h over libpcsclite.
 *
 * Shared connection and a transaction, not an exclusive connection: an
 * exclusive one is refused while anybody else so much as looks at the reader
 * (a desktop's card monitor does), a transaction only waits its turn. */
#include "lib/reader.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

enum {
	READERS_MAX = 64,
	ANSWER_MAX = 256 + 2,
	GET_RESPONSE = 0xC0,
	ROUNDS_MAX = 16, /* GET RESPONSE and repeats for one command */
};

struct reader {
	char name[128];
	SCARDCONTEXT context;
	SCARDHANDLE card;
	DWORD protocol;
	int in_transaction;
	uint8_t atr[33];
	size_t atr_length;
	void (*seen)(void *context, const uint8_t *command, size_t command_length, const uint8_t *response,
		     size_t response_length);
	void *seen_context;
};

/* libpcsclite copies the service's table of readers into memory that all
 * contexts share, and locks each context by itself: whoever lists readers or
 * asks for a card's status in one thread disturbs the others. */
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;

static const char no_service_hint[] = "start pcscd, or use simulated readers: simrite sim run -- COMMAND";

/* What PC/SC's result means for the person at the reader. */
static int pcsc_fault(struct fault *fault, LONG result, const char *doing, const char *name)
{
	switch ((unsigned long)result & 0xFFFFFFFFUL) {
	case SCARD_E_NO_SERVICE & 0xFFFFFFFFUL:
	case SCARD_E_SERVICE_STOPPED & 0xFFFFFFFFUL:
		return fault_set(fault, FAULT_CARD, no_service_hint, "no PC/SC service answers");
	case SCARD_W_REMOVED_CARD & 0xFFFFFFFFUL:
	case SCARD_E_NO_SMARTCARD & 0xFFFFFFFFUL:
		return fault_set(fault, FAULT_CARD, "insert the card and run the command again",
				 "no card in reader \"%s\" (%s)", name, doing);
	case SCARD_W_UNRESPONSIVE_CARD & 0xFFFFFFFFUL:
	case SCARD_W_UNPOWERED_CARD & 0xFFFFFFFFUL:
		return fault_set(fault, FAULT_CARD, "turn the card over, clean its contacts",
				 "the card in reader \"%s\" does not answer to reset", name);
	case SCARD_E_SHARING_VIOLATION & 0xFFFFFFFFUL:
		return fault_set(fault, FAULT_CARD, "end the other program",
				 "another program holds reader \"%s\"", name);
	case SCARD_E_READER_UNAVAILABLE & 0xFFFFFFFFUL:
	case SCARD_E_UNKNOWN_READER & 0xFFFFFFFFUL:
		return fault_set(fault, FAULT_CARD, "plug it in again", "reader \"%s\" is gone (%s)", name,
				 doing);
	default:
		return fault_set(fault, FAULT_CARD, NULL, "reader \"%s\" failed (%s): %s", name, doing,
				 pcsc_stringify_error(result));
	}
}

/* ---- listing ---- */

static size_t fill_entries(struct reader_entry *entries, size_t size, SCARD_READERSTATE *states, char *names)
{
	size_t n = 0;

	for (; *names && n < size; names += strlen(names) + 1, n++) {
		memset(&entries[n], 0, sizeof(entries[n]));
		(void)snprintf(entries[n].name, sizeof(entries[n].name), "%s", names);
		memset(&states[n], 0, sizeof(states[n]));
		states[n].szReader = names;
		states[n].dwCurrentState = SCARD_STATE_UNAWARE;
	}
	return n;
}

static int list_in(SCARDCONTEXT context, struct reader_entry *entries, size_t size, struct fault *fault)
{
	SCARD_READERSTATE states[READERS_MAX];
	DWORD length = SCARD_AUTOALLOCATE;
	LPSTR names = NULL;
	size_t i, n;
	LONG result = SCardListReaders(context, NULL, (LPSTR)&names, &length);

	if (result == (LONG)SCARD_E_NO_READERS_AVAILABLE)
		return 0;
	if (result != SCARD_S_SUCCESS)
		return pcsc_fault(fault, result, "listing readers", "?");
	n = fill_entries(entries, size < READERS_MAX ? size : READERS_MAX, states, names);
	result = n ? SCardGetStatusChange(context, 0, states, (DWORD)n) : SCARD_S_SUCCESS;
	for (i = 0; i < n && result == SCARD_S_SUCCESS; i++) {
		entries[i].card_present = (states[i].dwEventState & SCARD_STATE_PRESENT) != 0;
		entries[i].atr_length = states[i].cbAtr > 33 ? 33 : states[i].cbAtr;
		memcpy(entries[i].atr, states[i].rgbAtr, entries[i].atr_length);
	}
	(void)SCardFreeMemory(context, names);
	if (result != SCARD_S_SUCCESS)
		return pcsc_fault(fault, result, "asking for cards", "?");
	return (int)n;
}

static int list_locked(SCARDCONTEXT context, struct reader_entry *entries, size_t size, struct fault *fault)
{
	int n;

	pthread_mutex_lock(&table_lock);
	n = list_in(context, entries, size, fault);
	pthread_mutex_unlock(&table_lock);
	return n;
}

int reader_list(struct reader_entry *entries, size_t size, struct fault *fault)
{
	SCARDCONTEXT context;
	LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
	int n;

	if (result != SCARD_S_SUCCESS)
		return pcsc_fault(fault, result, "starting", "?");
	n = list_locked(context, entries, size, fault);
	(void)SCardReleaseContext(context);
	return n;
}

/* ---- choosing ---- */

/* "what: A; B", the readers that could have been meant. */
static int choice_fault(struct fault *fault, const struct reader_entry *entries, int count, const char *what,
			const char *hint)
{
	char list[240] = "";
	size_t used = 0;
	int i;

	for (i = 0; i < count && used < sizeof(list) - 1; i++) {
		int n = snprintf(list + used, sizeof(list) - used, "%s\"%s\"%s", i ? ", " : "",
				 entries[i].name, entries[i].card_present ? "" : " (empty)");

		used += n > 0 ? (size_t)n : 0;
	}
	return fault_set(fault, FAULT_CARD, hint, "%s; there is: %s", what,
			 count ? list : "no reader at all");
}

/* The entry meant by `name` (exact, else the only one that starts so), or by
 * NULL (the only one with a card); -1 and the fault. */
static int choose(const struct reader_entry *entries, int count, const char *name, struct fault *fault)
{
	char what[200];
	int i, found = -1, matches = 0;

	for (i = 0; i < count; i++) {
		if (name && strcmp(entries[i].name, name) == 0) {
			found = i;
			matches = 1;
			break;
		}
		if (name ? strncmp(entries[i].name, name, strlen(name)) == 0 : entries[i].card_present) {
			found = found < 0 ? i : found;
			matches++;
		}
	}
	if (matches == 1 && entries[found].card_present)
		return found;
	if (matches == 1)
		return fault_set(fault, FAULT_CARD, "insert the card and run the command again",
				 "no card in reader \"%s\"", entries[found].name);
	if (name)
		(void)snprintf(what, sizeof(what), "%s reader whose name is or starts with \"%.100s\"",
			       matches ? "more than one" : "no", name);
	else
		(void)snprintf(what, sizeof(what), "%s",
			       matches ? "more than one reader has a card" : "no reader has a card");
	return choice_fault(fault, entries, count, what,
			    name || matches ? "name one with --reader" : "insert a card");
}

/* ---- connecting ---- */

static LONG begin(struct reader *reader)
{
	LONG result = SCardBeginTransaction(reader->card);

	/* somebody reset the card between our connect and our turn */
	if (result == (LONG)SCARD_W_RESET_CARD) {
		(void)SCardReconnect(reader->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
				     SCARD_LEAVE_CARD, &reader->protocol);
		result = SCardBeginTransaction(reader->card);
	}
	reader->in_transaction = result == SCARD_S_SUCCESS;
	return result;
}

static LONG read_atr(struct reader *reader)
{
	DWORD length = sizeof(reader->atr), name_length = 0;
	LONG result;

	pthread_mutex_lock(&table_lock);
	result = SCardStatus(reader->card, NULL, &name_length, NULL, NULL, reader->atr, &length);
	pthread_mutex_unlock(&table_lock);
	reader->atr_length = result == SCARD_S_SUCCESS ? length : 0;
	return result;
}

static int connect_to(struct reader *reader, struct fault *fault)
{
	LONG result = SCardConnect(reader->context, reader->name, SCARD_SHARE_SHARED,
				   SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &reader->card, &reader->protocol);

	if (result != SCARD_S_SUCCESS) {
		reader->card = 0;
		return pcsc_fault(fault, result, "connecting", reader->name);
	}
	result = begin(reader);
	if (result == SCARD_S_SUCCESS)
		result = read_atr(reader);
	return result == SCARD_S_SUCCESS ? 0 : pcsc_fault(fault, result, "connecting", reader->name);
}

int reader_open(struct reader **out, const char *name, struct fault *fault)
{
	struct reader_entry entries[READERS_MAX];
	struct reader *reader;
	LONG result;
	int count, chosen;

	*out = NULL;
	memset(entries, 0, sizeof(entries));
	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &reader->context);
	if (result != SCARD_S_SUCCESS) {
		free(reader);
		return pcsc_fault(fault, result, "starting", "?");
	}
	count = list_locked(reader->context, entries, READERS_MAX, fault);
	chosen = count < 0 ? -1 : choose(entries, count, name, fault);
	if (chosen >= 0)
		(void)snprintf(reader->name, sizeof(reader->name), "%s", entries[chosen].name);
	if (chosen < 0 || connect_to(reader, fault) != 0) {
		reader_close(reader);
		return -1;
	}
	*out = reader;
	return 0;
}

void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	if (reader->in_transaction)
		(void)SCardEndTransaction(reader->card, SCARD_LEAVE_CARD);
	if (reader->card)
		(void)SCardDisconnect(reader->card, SCARD_RESET_CARD);
	(void)SCardReleaseContext(reader->context);
	explicit_bzero(reader, sizeof(*reader));
	free(reader);
}

const char *reader_name(const struct reader *reader)
{
	return reader->name;
}

size_t reader_atr(const struct reader *reader, uint8_t atr[static 33])
{
	memcpy(atr, reader->atr, reader->atr_length);
	return reader->atr_length;
}

static int reconnect(struct reader *reader, DWORD how, struct fault *fault)
{
	LONG result = SCardReconnect(reader->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
				     how, &reader->protocol);

	if (result == SCARD_S_SUCCESS)
		result = read_atr(reader);
	return result == SCARD_S_SUCCESS ? 0 : pcsc_fault(fault, result, "resetting", reader->name);
}

int reader_reset(struct reader *reader, struct fault *fault)
{
	return reconnect(reader, SCARD_RESET_CARD, fault);
}

int reader_power_cycle(struct reader *reader, struct fault *fault)
{
	return reconnect(reader, SCARD_UNPOWER_CARD, fault);
}

void reader_watch(struct reader *reader,
		  void (*seen)(void *context, const uint8_t *command, size_t command_length,
			       const uint8_t *response, size_t response_length),
		  void *context)
{
	reader->seen = seen;
	reader->seen_context = context;
}

/* ---- exchanging ---- */

/* One exchange on the wire: `answer` holds data and status word afterwards.
 * Returns its length (>= 2) or -1. */
static int exchange(struct reader *reader, uint8_t answer[static ANSWER_MAX], const uint8_t *command,
		    size_t length, struct fault *fault)
{
	const SCARD_IO_REQUEST *pci = reader->protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
	DWORD got = ANSWER_MAX;
	LONG result = SCardTransmit(reader->card, pci, command, (DWORD)length, NULL, answer, &got);

	if (result != SCARD_S_SUCCESS)
		return pcsc_fault(fault, result, "sending a command", reader->name);
	if (reader->seen)
		reader->seen(reader->seen_context, command, length, answer, got);
	if (got < 2)
		return fault_set(fault, FAULT_CARD, NULL,
				 "reader \"%s\" gave an answer without a status word", reader->name);
	return (int)got;
}

/* The command as T=0 carries it: five bytes at least, no Le after data.
 * Returns its length, or 0 when it is no short APDU. */
static size_t as_tpdu(uint8_t tpdu[static 260], int *case_4, const uint8_t *command, size_t length)
{
	size_t data = length > 5 ? command[4] : 0;

	*case_4 = 0;
	if (length < 4 || (length > 5 && (data == 0 || (length != 5 + data && length != 6 + data))))
		return 0;
	*case_4 = length > 5 && length == 6 + data;
	memset(tpdu, 0, 5);
	memcpy(tpdu, command, *case_4 ? length - 1 : length);
	return length == 4 ? 5 : *case_4 ? length - 1 : length;
}

/* Append an answer's data; -1 when the caller's buffer is too small. */
static int keep(uint8_t *response, size_t *length, size_t size, const uint8_t *answer, size_t data,
		struct fault *fault)
{
	if (*length + data > size)
		return fault_set(fault, FAULT_BUG, NULL, "the card's answer is longer than was asked for");
	if (data)
		memcpy(response + *length, answer, data);
	*length += data;
	return 0;
}

/* What to send next, if anything, after status word sw: 1 and `next`, or 0. */
static int follow_up(uint8_t next[static 260], size_t *next_length, unsigned sw, int case_4, int first)
{
	unsigned sw1 = sw >> 8;

	if (sw1 == 0x6C) {
		next[4] = (uint8_t)sw; /* the same command with the right length */
		return *next_length == 5;
	}
	/* ISO/IEC 7816-3 12.2.1, TS 102 221 7.3.1.1: data waits */
	if (sw1 == 0x61 || sw1 == 0x9F || (case_4 && first && (sw1 == 0x62 || sw1 == 0x63))) {
		next[1] = GET_RESPONSE;
		next[2] = next[3] = 0;
		next[4] = sw1 == 0x61 || sw1 == 0x9F ? (uint8_t)sw : 0;
		*next_length = 5;
		return 1;
	}
	return 0;
}

int reader_apdu(struct reader *reader, uint8_t *response, size_t *length, size_t size, const uint8_t *command,
		size_t command_length, struct fault *fault)
{
	uint8_t out[260], in[ANSWER_MAX];
	int case_4, n, round, result = -1;
	unsigned sw, warning = 0;
	size_t out_length = as_tpdu(out, &case_4, command, command_length);

	*length = 0;
	if (out_length == 0)
		return fault_set(fault, FAULT_BUG, NULL, "a command of %zu bytes is no short APDU",
				 command_length);
	for (round = 0; round < ROUNDS_MAX; round++) {
		int whole = round == 0 && reader->protocol == SCARD_PROTOCOL_T1;

		n = exchange(reader, in, whole ? command : out, whole ? command_length : out_length, fault);
		if (n < 0 || keep(response, length, size, in, (size_t)n - 2, fault) != 0)
			goto out;
		sw = (unsigned)in[n - 2] << 8 | in[n - 1];
		if (!follow_up(out, &out_length, sw, case_4 && *length == 0, round == 0))
			break;
		if (round == 0 && (sw >> 8 == 0x62 || sw >> 8 == 0x63))
			warning = sw; /* the data that follows does not undo it */
	}
	result = (int)(warning ? warning : sw);
	if (round == ROUNDS_MAX)
		result = fault_set(fault, FAULT_CARD, NULL,
				   "the card in reader \"%s\" never finishes an answer", reader->name);
out:
	explicit_bzero(out, sizeof(out));
	explicit_bzero(in, sizeof(in));
	return result;
}
