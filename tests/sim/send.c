/* send - transmit byte strings exactly as given, over SCardTransmit with T=0.
 *
 *     send READER HEX...
 *
 * Prints the answer to each as hex, one a line. Fails when a transaction
 * does: whatever is sent, a card answers with a status word. */
#include <stdio.h>
#include <string.h>
#include <winscard.h>

static size_t from_hex(unsigned char *out, size_t size, const char *hex)
{
	size_t n = 0;
	unsigned byte;

	for (; n < size && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		out[n++] = (unsigned char)byte;
	return n;
}

int main(int argc, char **argv)
{
	unsigned char command[1100], answer[1100];
	DWORD protocol, length, i;
	SCARDCONTEXT pcsc;
	SCARDHANDLE card;
	LONG result;
	int n;

	if (argc < 3 || SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &pcsc) != SCARD_S_SUCCESS)
		return 2;
	result = SCardConnect(pcsc, argv[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0, &card, &protocol);
	for (n = 2; n < argc && result == SCARD_S_SUCCESS; n++) {
		length = sizeof(answer);
		result = SCardTransmit(card, SCARD_PCI_T0, command,
				       from_hex(command, sizeof(command), argv[n]), NULL, answer, &length);
		for (i = 0; i < length && result == SCARD_S_SUCCESS; i++)
			printf("%02x", answer[i]);
		printf("\n");
	}
	if (result != SCARD_S_SUCCESS) {
		printf("%s\n", pcsc_stringify_error(result));
		return 1;
	}
	(void)SCardDisconnect(card, SCARD_UNPOWER_CARD);
	(void)SCardReleaseContext(pcsc);
	return 0;
}
